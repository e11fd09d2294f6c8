//! Where things stand in a text: lines, columns, indentation, and which comments belong to an entry.

use crate::{
    Span,
    tree::{Document, Entry, Kind, NodeId, Style},
};

use super::{
    change::{EditError, Path, Step},
    write::Writer,
    written::written_paths,
};

/// A text with its tree and the style new parts are written in.
pub(super) struct Page<'a> {
    pub(super) source: &'a str,
    pub(super) document: &'a Document,
    pub(super) writer: Writer,
}

/// What a path leads to.
#[derive(Clone, Copy)]
pub(super) enum Target {
    /// A node, and the entry it is the value of unless it is an item or the root.
    Node(NodeId, Option<Entry>),
    /// The steps up to `depth` lead to `parent`, the next is not there.
    Missing { depth: usize, parent: NodeId, owner: Option<Entry> },
    /// The file holds nothing.
    NoRoot,
}

impl<'a> Page<'a> {
    pub(super) fn new(source: &'a str, document: &'a Document) -> Self {
        Self { source, document, writer: Writer::of(source, document) }
    }

    /// Follows a path; never through an alias or a merge key, nor to an alias.
    pub(super) fn find(&self, path: &Path) -> Result<Target, EditError> {
        let target = self.find_own(path)?;
        if let Target::Node(node, _) = &target
            && let Kind::Alias(alias) = &self.document.node(*node).kind
        {
            return Err(self.borrowed(path, path.0.len(), &alias.name, *node));
        }
        if let Target::Missing { depth, parent, .. } = &target
            && let Step::Key(key) = &path.0[*depth]
            && let Some((anchor, source)) = self.merged_from(*parent, key)
        {
            return Err(self.borrowed(path, *depth, &anchor, source));
        }
        Ok(target)
    }

    /// Follows a path; the last step may lead to an alias, or past a merge key.
    pub(super) fn find_own(&self, path: &Path) -> Result<Target, EditError> {
        let Some(mut node) = self.document.root() else { return Ok(Target::NoRoot) };
        let mut owner = None;
        for (depth, step) in path.0.iter().enumerate() {
            if let Kind::Alias(alias) = &self.document.node(node).kind {
                return Err(self.borrowed(path, depth, &alias.name, node));
            }
            match (step, &self.document.node(node).kind) {
                (Step::Key(key), _) if self.document.entry(node, key).is_some() => {
                    owner = self.document.entry(node, key);
                    node = owner.map_or(node, |entry| entry.value);
                }
                (Step::Index(index), Kind::Sequence(items)) if *index < items.len() => {
                    (node, owner) = (items[*index], None);
                }
                (Step::Key(key), _) if depth + 1 < path.0.len() => {
                    if let Some((anchor, source)) = self.merged_from(node, key) {
                        return Err(self.borrowed(path, depth, &anchor, source));
                    }
                    return Ok(Target::Missing { depth, parent: node, owner });
                }
                _ => return Ok(Target::Missing { depth, parent: node, owner }),
            }
        }
        Ok(Target::Node(node, owner))
    }

    /// The steps from `depth` on lead into `source`: an alias, or a mapping that is merged in.
    fn borrowed(&self, path: &Path, depth: usize, anchor: &str, source: NodeId) -> EditError {
        let merged = !matches!(self.document.node(source).kind, Kind::Alias(_));
        let mut origin = self.written(self.document.resolve(source)).unwrap_or_default();
        origin.0.extend_from_slice(&path.0[depth..]);
        let at = Path(path.0[..depth + usize::from(merged)].to_vec());
        EditError::Borrowed { path: path.clone(), anchor: anchor.to_owned(), at, origin }
    }

    fn written(&self, node: NodeId) -> Option<Path> {
        written_paths(self.document).remove(&node)
    }

    /// The node at a path that must exist.
    pub(super) fn node(&self, path: &Path) -> Result<(NodeId, Option<Entry>), EditError> {
        match self.find(path)? {
            Target::Node(node, owner) => Ok((node, owner)),
            _ => Err(EditError::Missing(path.clone())),
        }
    }

    /// As [`Page::node`], and the node may be an alias: for what happens to the entry as a whole.
    pub(super) fn node_or_alias(&self, path: &Path) -> Result<(NodeId, Option<Entry>), EditError> {
        match self.find_own(path)? {
            Target::Node(node, owner) => Ok((node, owner)),
            _ => self.node(path),
        }
    }

    /// The anchor behind `<<` in a mapping that provides this key, and the mapping that has it.
    fn merged_from(&self, mapping: NodeId, key: &str) -> Option<(String, NodeId)> {
        let merge = self.document.entry(mapping, "<<")?.value;
        let sources = match &self.document.node(merge).kind {
            Kind::Sequence(items) => items.to_vec(),
            _ => vec![merge],
        };
        sources.into_iter().find_map(|source| match &self.document.node(source).kind {
            Kind::Alias(alias) => {
                let target = self.document.resolve(source);
                match self.document.entry(target, key) {
                    Some(_) => Some((alias.name.clone(), target)),
                    None => self.merged_from(target, key),
                }
            }
            _ => None,
        })
    }

    pub(super) fn span(&self, node: NodeId) -> Span {
        self.document.node(node).span()
    }

    pub(super) fn is_flow(&self, node: NodeId) -> bool {
        self.document.node(node).style == Style::Flow
    }

    /// Null in any spelling, or `{}` or `[]`.
    pub(super) fn is_void(&self, node: NodeId) -> bool {
        match &self.document.node(node).kind {
            Kind::Scalar(text) => {
                self.document.node(node).style == Style::Plain && matches!(text.as_str(), "" | "~" | "null")
            }
            Kind::Sequence(items) => items.is_empty(),
            Kind::Mapping(entries) => entries.is_empty(),
            Kind::Alias(_) => false,
        }
    }

    /// From the tag or anchor before a node, if any, to its end.
    pub(super) fn whole(&self, node: NodeId) -> Span {
        let node = self.document.node(node);
        let tag = node.tag().map(|tag| tag.span);
        let anchor = node.anchor().map(|(_, span)| *span);
        tag.into_iter().chain(anchor).fold(node.span(), Span::to)
    }

    /// The byte after the `:` of an entry.
    pub(super) fn after_colon(&self, entry: Entry) -> usize {
        let end = self.span(entry.key).end;
        self.source[end..].find(':').map_or(end, |at| end + at + 1)
    }

    /// The byte after the `:` of an entry, or after the tag and anchor that stand behind it.
    pub(super) fn after_head(&self, entry: Entry) -> usize {
        let node = self.document.node(entry.value);
        let tag = node.tag().map_or(0, |tag| tag.span.end);
        let anchor = node.anchor().map_or(0, |(_, span)| span.end);
        self.after_colon(entry).max(tag).max(anchor)
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.source[..at].rfind('\n').map_or_else(|| self.body(), |at| at + 1)
    }

    /// The end of the line without its break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let end = self.source[at..].find('\n').map_or(self.source.len(), |found| at + found);
        if end > at && self.source[..end].ends_with('\r') { end - 1 } else { end }
    }

    /// The start of the next line.
    pub(super) fn next_line(&self, at: usize) -> usize {
        self.source[at..].find('\n').map_or(self.source.len(), |found| at + found + 1)
    }

    /// The first byte after a byte order mark.
    fn body(&self) -> usize {
        if self.source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }

    /// Columns from the start of the line, from 0.
    pub(super) fn column(&self, at: usize) -> usize {
        self.source[self.line_start(at)..at].chars().count()
    }

    /// The blanks at the start of a line.
    fn indent(&self, line: usize) -> usize {
        self.source[line..].chars().take_while(|c| *c == ' ').count()
    }

    /// True when only blanks stand before it on its line.
    pub(super) fn starts_line(&self, at: usize) -> bool {
        self.source[self.line_start(at)..at].trim().is_empty()
    }

    pub(super) fn has_comment(&self, span: Span) -> bool {
        self.document
            .comments
            .iter()
            .any(|comment| span.start <= comment.span.start && comment.span.end <= span.end)
    }

    /// Where a new sibling at `column` goes after content that ends at `end`: behind that line and behind comments
    /// that are indented deeper, which belong to what stands above them.
    pub(super) fn end_of_block(&self, end: usize, column: usize) -> usize {
        let mut at = self.line_end(end);
        let mut line = self.next_line(at);
        while line < self.source.len() {
            let text = &self.source[line..self.line_end(line)];
            if text.trim_start().starts_with('#') && self.indent(line) > column {
                at = self.line_end(line);
            } else if !text.trim().is_empty() {
                break;
            }
            line = self.next_line(line);
        }
        at
    }

    /// The start of the first comment line of those that stand directly above a line and as deep as it; the line's
    /// own start when there are none. A comment that begins the file is about the file.
    pub(super) fn with_comments_above(&self, line: usize) -> usize {
        let wanted = self.indent(line);
        let mut first = line;
        while first > self.body() {
            let above = self.line_start(first - 1);
            let text = self.source[above..first].trim();
            if !text.starts_with('#') || self.indent(above) != wanted {
                break;
            }
            first = above;
        }
        if first == self.body() { line } else { first }
    }

    /// The start of the next line that is not blank.
    pub(super) fn without_blank_lines(&self, mut line: usize) -> usize {
        while line < self.source.len() && self.source[line..self.line_end(line)].trim().is_empty() {
            line = self.next_line(line);
        }
        line
    }

    /// The end of the last line above that is not blank, as the start of a line.
    pub(super) fn without_blank_lines_above(&self, mut line: usize) -> usize {
        while line > self.body() && self.line_start(line) == line {
            let above = self.line_start(line - 1);
            if !self.source[above..line].trim().is_empty() {
                break;
            }
            line = above;
        }
        line
    }

    /// The whole lines of an entry or item on the line of `start`: with its comments, and with the blank lines above
    /// when there would be too many left.
    pub(super) fn lines(&self, start: usize, end: usize) -> Span {
        let line = self.line_start(start);
        let mut first = self.with_comments_above(line);
        let next = self.next_line(self.end_of_block(end, self.indent(line)));
        let blank_below =
            next >= self.source.len() || self.source[next..self.line_end(next)].trim().is_empty();
        while blank_below && first > self.body() {
            let above = self.line_start(first - 1);
            if !self.source[above..first].trim().is_empty() {
                break;
            }
            first = above;
        }
        let missing_break = next >= self.source.len() && !self.source.ends_with('\n');
        if missing_break && first > self.body() {
            // The file goes on to end without a line break.
            let break_start = self.line_end(self.line_start(first - 1));
            return Span::new(break_start, self.source.len());
        }
        Span::new(first, next)
    }
}

//! One file with the edits made to it so far.

use std::sync::Arc;

use crate::{LineIndex, Node, Span, Style, parse, tree::Document};

use super::{
    TextEdit, apply,
    change::{Change, EditError},
    place::Page,
    tree::Tree,
};

/// Whether a change may be seen through aliases elsewhere in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing but the path itself may change.
    OnlyHere,
    /// Whatever repeats the value changes with it.
    Everywhere,
}

/// A text to which changes are made one after the other; each is checked before it counts.
#[derive(Clone, Debug)]
pub struct Draft {
    text: String,
    document: Arc<Document>,
    /// Against the text at the start, sorted, apart from each other.
    edits: Vec<TextEdit>,
}

impl Draft {
    /// Starts with a text as it is.
    ///
    /// # Errors
    /// [`EditError::Syntax`] and [`EditError::SeveralDocuments`].
    pub fn new(text: impl Into<String>) -> Result<Self, EditError> {
        let text = text.into();
        let document = read(&text)?;
        Ok(Self::parsed(text, document))
    }

    /// Starts with a text that was parsed already, without errors, to a single document.
    pub fn parsed(text: impl Into<String>, document: Document) -> Self {
        Self { text: text.into(), document: Arc::new(document), edits: Vec::new() }
    }

    /// The text after all changes so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tree of [`Draft::text`].
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// What turns the text at the start into [`Draft::text`]: sorted, apart from each other.
    pub fn edits(&self) -> &[TextEdit] {
        &self.edits
    }

    /// Makes a change with the smallest edits, or leaves everything as it was.
    ///
    /// # Errors
    /// See [`EditError`]: the change does not apply, or the edited text would not mean exactly what was asked for.
    pub fn change(&mut self, change: &Change) -> Result<(), EditError> {
        self.change_all(std::slice::from_ref(change), Reach::OnlyHere)
    }

    /// Makes several changes that touch different bytes, all or none. Each path is that of the text as it is now; a
    /// change must not move what a later one leads to.
    ///
    /// # Errors
    /// As [`Draft::change`].
    pub fn change_all(&mut self, changes: &[Change], reach: Reach) -> Result<(), EditError> {
        let page = Page::new(&self.text, &self.document);
        let changes: Vec<Change> = changes.iter().map(|change| page.keep_type(change)).collect();
        let mut edits = Vec::new();
        for change in &changes {
            edits.extend(match change {
                Change::Put { path, value } => page.put(path, value),
                Change::Override { path, value } => page.put_over(path, value),
                Change::Move { path, from, to } => page.reorder(path, *from, *to),
                Change::Push { path, value } => page.push(path, value),
                Change::Remove { path, keep } => page.remove(path, *keep),
                Change::Rename { path, key } => page.rename(path, key),
                Change::Splice { path, old, at, new } => page.splice(path, old, at, new),
                Change::Retype { path, entries } => page.retype(path, entries),
            }?);
        }
        let fail =
            || EditError::Unsafe(changes.first().map(|change| change.path().clone()).unwrap_or_default());
        edits.retain(|edit| edit.span.of(&self.text) != edit.text);
        if edits.iter().any(|edit| edit.span == Span::at(self.text.len())) {
            edits.extend(self.keep_last_block());
        }
        let text = apply(&self.text, &edits).ok_or_else(fail)?;
        let document = read(&text).map_err(|_| fail())?;
        self.compare(&changes, &document, reach)?;
        for edit in backwards(edits) {
            self.record(&edit);
        }
        (self.text, self.document) = (text, Arc::new(document));
        Ok(())
    }

    /// A block that ends with the file, without a line break, says so once more follows.
    fn keep_last_block(&self) -> Option<TextEdit> {
        let is_block = |node: &Node| matches!(node.style, Style::Literal | Style::Folded);
        let (_, last) = self.document.nodes().filter(|(_, node)| is_block(node)).last()?;
        if self.text[last.span().end..].contains(['\n', '\r']) || !last.span().of(&self.text).contains('\n') {
            return None;
        }
        let header = last.span().of(&self.text).lines().next()?;
        let header = header.split([' ', '\t']).next()?;
        let end = last.span().start + header.len();
        match header.find(['-', '+']).map(|at| last.span().start + at) {
            None => Some(TextEdit::insert(end, "-")),
            Some(sign) => Some(TextEdit { span: Span::new(sign, sign + 1), text: "-".to_owned() }),
        }
    }

    /// The tree before with the changes made must be the tree after, as written and with aliases expanded.
    fn compare(&self, changes: &[Change], after: &Document, reach: Reach) -> Result<(), EditError> {
        let make = |mut tree: Tree| changes.iter().try_for_each(|change| tree.change(change)).map(|()| tree);
        let fail =
            || EditError::Unsafe(changes.first().map(|change| change.path().clone()).unwrap_or_default());
        if make(Tree::written(&self.document))? != Tree::written(after) {
            return Err(fail());
        }
        if reach == Reach::Everywhere || self.document.nodes().all(|(_, node)| node.anchor().is_none()) {
            return Ok(());
        }
        let resolved = make(Tree::resolved(&self.document).ok_or_else(fail)?)?;
        if Tree::resolved(after).as_ref() == Some(&resolved) {
            return Ok(());
        }
        let shared = changes.iter().find_map(|change| {
            let anchor = self.anchor_around(change)?;
            Some(EditError::Shared { path: change.path().clone(), anchor })
        });
        Err(shared.unwrap_or_else(fail))
    }

    /// The innermost anchor that a change touches.
    fn anchor_around(&self, change: &Change) -> Option<String> {
        let page = Page::new(&self.text, &self.document);
        let depths = (0..=change.path().0.len()).rev();
        let nodes = depths.filter_map(|depth| {
            page.node(&super::Path(change.path().0[..depth].to_vec())).ok().map(|(node, _)| node)
        });
        let around = nodes.filter_map(|node| self.document.node(node).anchor()).map(|(name, _)| name.clone());
        let whole = page.node(change.path()).map(|(node, _)| page.span(node)).unwrap_or_default();
        let within = self.document.nodes().filter_map(|(_, node)| node.anchor());
        let within = within.filter(|(_, span)| whole.start <= span.start && span.end <= whole.end);
        around.chain(within.map(|(name, _)| name.clone())).next()
    }

    /// Adds an edit of the current text to [`Draft::edits`], joined with those that it touches.
    fn record(&mut self, edit: &TextEdit) {
        let mut shift = 0_isize;
        let mut kept = Vec::new();
        let mut later = Vec::new();
        let mut joined = edit.clone();
        let mut origin: Option<Span> = None;
        let mut before = 0_isize;
        for old in std::mem::take(&mut self.edits) {
            let start = old.span.start.wrapping_add_signed(shift);
            let now = Span::new(start, start + old.text.len());
            shift += old.text.len() as isize - (old.span.end - old.span.start) as isize;
            if now.end < edit.span.start {
                before = shift;
                kept.push(old);
            } else if edit.span.end < now.start {
                later.push(old);
            } else {
                let head = edit.span.start.saturating_sub(now.start).min(old.text.len());
                let tail = now.end.saturating_sub(edit.span.end).min(old.text.len());
                joined.text =
                    format!("{}{}{}", &old.text[..head], joined.text, &old.text[old.text.len() - tail..]);
                // The first one touched knows where the joined edit starts, the last one where it ends.
                let left = origin.map_or_else(
                    || old.span.start - now.start.saturating_sub(edit.span.start),
                    |found: Span| found.start,
                );
                origin = Some(Span::new(left, old.span.end + edit.span.end.saturating_sub(now.end)));
            }
        }
        joined.span = origin.unwrap_or_else(|| {
            Span::new(
                edit.span.start.wrapping_add_signed(-before),
                edit.span.end.wrapping_add_signed(-before),
            )
        });
        kept.push(joined);
        kept.extend(later);
        self.edits = kept;
    }
}

/// Last first, so that each still fits while those behind it are made.
fn backwards(mut edits: Vec<TextEdit>) -> Vec<TextEdit> {
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    edits
}

fn read(text: &str) -> Result<Document, EditError> {
    let (mut documents, error) = parse(text);
    if let Some(error) = error {
        let line = LineIndex::new(text).position(error.span.start).line;
        return Err(EditError::Syntax { line, message: error.message });
    }
    if documents.len() > 1 {
        return Err(EditError::SeveralDocuments);
    }
    Ok(documents.pop().unwrap_or_default())
}

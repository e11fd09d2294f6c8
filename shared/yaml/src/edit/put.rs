//! Setting a value, and adding an entry where there was none.

use crate::{
    Span,
    tree::{Entry, Kind, NodeId, Style},
};

use super::{
    TextEdit,
    change::{Change, EditError, Path, Step},
    place::{Page, Target},
    value::{Value, is_boolean, is_whole_number},
};

impl Page<'_> {
    /// A whole number over a plain whole number, and a boolean over a boolean, stay plain.
    pub(super) fn keep_type(&self, change: &Change) -> Change {
        let Change::Put { path, value: Value::Text(new) } = change else { return change.clone() };
        let Ok((node, _)) = self.node(path) else { return change.clone() };
        let old = self.document.node(node);
        let plain = self.document.text(node).filter(|_| old.style == Style::Plain).unwrap_or_default();
        let numbers = is_whole_number(plain) && is_whole_number(new);
        let booleans = is_boolean(plain) && is_boolean(new);
        if numbers || booleans {
            Change::Put { path: path.clone(), value: Value::Typed(new.clone()) }
        } else {
            change.clone()
        }
    }

    pub(super) fn put(&self, path: &Path, value: &Value) -> Result<Vec<TextEdit>, EditError> {
        self.put_at(path, self.find(path)?, value)
    }

    /// The same, and an alias or a merged key at the path gives way.
    pub(super) fn put_over(&self, path: &Path, value: &Value) -> Result<Vec<TextEdit>, EditError> {
        self.put_at(path, self.find_own(path)?, value)
    }

    fn put_at(&self, path: &Path, target: Target, value: &Value) -> Result<Vec<TextEdit>, EditError> {
        match target {
            Target::Node(node, owner) => self.replace(path, node, owner, value),
            Target::NoRoot => {
                let (first, value) = nest(&path.0, value)?;
                Ok(vec![self.append_to_empty(&self.writer.entry(&first, &value, 0))])
            }
            Target::Missing { depth, parent, owner } => {
                let (key, value) = nest(&path.0[depth..], value)?;
                let parent_path = Path(path.0[..depth].to_vec());
                if self.is_void(parent) {
                    return self.fill(&parent_path, parent, owner, (&key, &value));
                }
                match &self.document.node(parent).kind {
                    Kind::Mapping(entries) if self.is_flow(parent) => {
                        let entry = self.writer.flow_entry(&key, &value);
                        Ok(self.add_to_flow(parent, entries.last().map(|entry| entry.value), &entry))
                    }
                    Kind::Mapping(entries) => Ok(vec![self.add_to_block(parent, entries, &key, &value)]),
                    _ => Err(EditError::Unfit { path: parent_path, wanted: "mapping" }),
                }
            }
        }
    }

    /// The first entry of a file without any.
    fn append_to_empty(&self, entry: &str) -> TextEdit {
        let newline = self.writer.newline;
        let text = self.source.trim_start_matches('\u{feff}');
        let before = if text.is_empty() || text.ends_with('\n') { "" } else { newline };
        TextEdit::insert(self.source.len(), format!("{before}{entry}{newline}"))
    }

    /// The first entry of a mapping that is null, absent or `{}`.
    fn fill(
        &self,
        path: &Path,
        node: NodeId,
        owner: Option<Entry>,
        (key, value): (&str, &Value),
    ) -> Result<Vec<TextEdit>, EditError> {
        let written = self.span(node);
        if matches!(self.document.node(node).kind, Kind::Sequence(_)) {
            return Err(EditError::Unfit { path: path.clone(), wanted: "mapping" });
        }
        if self.has_comment(written) {
            return Err(EditError::HoldsComments(path.clone()));
        }
        let in_flow = self.in_flow(path);
        let flow = || format!("{{ {} }}", self.writer.flow_entry(key, value));
        let Some(owner) = owner else {
            let space = if self.source[..written.start].ends_with('-') { " " } else { "" };
            let column = self.column(written.start) + space.len();
            let text = if in_flow { flow() } else { self.writer.entry(key, value, column) };
            return Ok(vec![TextEdit::replace(written, format!("{space}{text}"))]);
        };
        if in_flow {
            return Ok(vec![self.set_text(owner, node, &flow())]);
        }
        let column = self.column(self.span(owner.key).start) + self.writer.step;
        let entry = self.writer.on_line(column, &self.writer.entry(key, value, column));
        let mut edits = vec![TextEdit::insert(self.line_end(written.end), entry)];
        if written.start < written.end {
            let from = self.source[..written.start].trim_end_matches(' ').len();
            edits.push(TextEdit::delete(from, written.end));
        }
        Ok(edits)
    }

    fn add_to_block(&self, mapping: NodeId, entries: &[Entry], key: &str, value: &Value) -> TextEdit {
        let start = self.span(mapping).start;
        let column = self.column(start);
        let last_in_flow = entries.last().is_some_and(|entry| self.is_flow(entry.value));
        let entry = match value {
            Value::Map(parts) if last_in_flow && !parts.is_empty() => self.writer.flow_entry(key, value),
            value => self.writer.entry(key, value, column),
        };
        let entry = self.writer.on_line(column, &entry);
        let at = self.end_of_block(self.span(mapping).end, column);
        let gap = if self.spaced(mapping, entries) { self.writer.newline } else { "" };
        TextEdit::insert(at, format!("{gap}{entry}"))
    }

    /// True when a blank line stands between the last two entries, or there is one section so far.
    fn spaced(&self, mapping: NodeId, entries: &[Entry]) -> bool {
        let [.., before, last] = entries else { return Some(mapping) == self.document.root() };
        let between = Span::new(self.whole(before.value).end, self.span(last.key).start);
        between.of(self.source).replace('\r', "").contains("\n\n")
    }

    /// One more part at the end of a flow collection whose last part ends with `last`.
    pub(super) fn add_to_flow(&self, collection: NodeId, last: Option<NodeId>, part: &str) -> Vec<TextEdit> {
        let span = self.span(collection);
        if !self.source[span.start..].starts_with(['[', '{']) {
            // A single pair in a list, without braces: it has no room for another, so nothing is tried.
            return Vec::new();
        }
        let Some(last) = last else {
            let inner = Span::new(span.start + 1, span.end - 1);
            let padding =
                if part.contains(": ") && self.source[span.start..].starts_with('{') { " " } else { "" };
            return vec![TextEdit::replace(inner, format!("{padding}{part}{padding}"))];
        };
        let end = self.whole(last).end;
        let tail = &self.source[end..span.end - 1];
        let comma = tail.split('#').next().and_then(|code| code.find(',')).map(|at| end + at + 1);
        let own_line = self.starts_line(self.line_of_part(last)) && tail.contains('\n');
        let mut edits = Vec::new();
        if comma.is_none() {
            edits.push(TextEdit::insert(end, ","));
        }
        if own_line {
            let column = self.column(self.line_of_part(last));
            let trailing = if comma.is_some() { "," } else { "" };
            let text = self.writer.on_line(column, &format!("{part}{trailing}"));
            edits.push(TextEdit::insert(self.line_end(comma.unwrap_or(end)), text));
        } else {
            edits.push(TextEdit::insert(comma.unwrap_or(end), format!(" {part}")));
        }
        merge_inserts(edits)
    }

    /// The first byte on the line of a part that is not blank.
    fn line_of_part(&self, part: NodeId) -> usize {
        let line = self.line_start(self.whole(part).start);
        line + self.source[line..].len() - self.source[line..].trim_start_matches(' ').len()
    }

    fn replace(
        &self,
        path: &Path,
        node: NodeId,
        owner: Option<Entry>,
        value: &Value,
    ) -> Result<Vec<TextEdit>, EditError> {
        let old = self.document.node(node);
        let is_scalar = matches!(old.kind, Kind::Scalar(_));
        if !is_scalar && self.has_comment(old.span()) {
            return Err(EditError::HoldsComments(path.clone()));
        }
        let in_flow = self.in_flow(path);
        if let Some(owner) = owner.filter(|_| !in_flow)
            && self
                .has_comment(Span::new(self.after_head(owner), old.span().start.max(self.after_head(owner))))
        {
            return self.replace_below_comment(path, node, owner, value);
        }
        let like = is_scalar.then_some(old.style);
        if let Some(text) = self.writer.scalar(value, like, in_flow) {
            return Ok(vec![match owner {
                Some(owner) => self.set_text(owner, node, &text),
                None => TextEdit::replace(old.span(), text),
            }]);
        }
        let block = !in_flow && old.style != Style::Flow;
        Ok(vec![match owner.filter(|_| block) {
            Some(owner) => {
                let column = self.column(self.span(owner.key).start);
                let span = Span::new(self.after_head(owner), old.span().end);
                TextEdit::replace(span, self.writer.after_key(value, column))
            }
            None => TextEdit::replace(old.span(), self.item_text(node, value, block)),
        }])
    }

    /// Replaces a value on the lines below `key: # comment`; the comment stays.
    fn replace_below_comment(
        &self,
        path: &Path,
        node: NodeId,
        owner: Entry,
        value: &Value,
    ) -> Result<Vec<TextEdit>, EditError> {
        let (head, end) = (self.after_head(owner), self.span(node).end);
        let below = self.line_end(head);
        if self.has_comment(Span::new(below, end)) {
            return Err(EditError::HoldsComments(path.clone()));
        }
        let like = self.document.text(node).map(|_| self.document.node(node).style);
        let text = match self.writer.scalar(value, like, false) {
            Some(text) if text.is_empty() => text,
            Some(text) => format!(" {text}"),
            None => self.writer.after_key(value, self.column(self.span(owner.key).start)),
        };
        if text.starts_with(self.writer.newline) {
            return Ok(vec![TextEdit::replace(Span::new(below, end), text)]);
        }
        if self.has_comment(Span::new(end, self.line_end(end))) {
            // Two comments would come to stand on one line.
            return Err(EditError::HoldsComments(path.clone()));
        }
        Ok(vec![TextEdit::insert(head, text), TextEdit::delete(below, end)])
    }

    /// A collection in the place of an item: a mapping goes on over lines below the dash where that is possible.
    fn item_text(&self, node: NodeId, value: &Value, block: bool) -> String {
        let start = self.span(node).start;
        let dashed = self.source[self.line_start(start)..start].trim() == "-";
        match value {
            Value::Map(_) if block && dashed => {
                let column = self.column(start);
                self.writer.item(value, column - 2, None).split_off(2)
            }
            value => self.writer.flow(value, None),
        }
    }

    /// Replaces the value of an entry by a scalar or flow collection; empty text leaves `key:`.
    fn set_text(&self, owner: Entry, node: NodeId, text: &str) -> TextEdit {
        let span = self.span(node);
        let colon = self.after_colon(owner);
        let on_next_line = self.source[colon..span.start.max(colon)].contains('\n');
        let from = if text.is_empty() || on_next_line {
            self.source[..span.start].trim_end_matches(' ').len().min(span.start)
        } else {
            span.start
        };
        let from = if on_next_line { colon } else { from };
        let tight = text.is_empty() || self.source[..from].ends_with(' ');
        TextEdit::replace(Span::new(from, span.end), format!("{}{text}", if tight { "" } else { " " }))
    }

    /// True when a collection on the way to a path is written in flow style.
    pub(super) fn in_flow(&self, path: &Path) -> bool {
        (0..path.0.len()).any(|depth| {
            let above = Path(path.0[..depth].to_vec());
            matches!(self.find(&above), Ok(Target::Node(node, _)) if self.is_flow(node))
        })
    }
}

/// The first key of `steps` and the value with the other keys around it.
fn nest(steps: &[Step], value: &Value) -> Result<(String, Value), EditError> {
    let missing = || EditError::Missing(Path(steps.to_vec()));
    let (first, rest) = steps.split_first().ok_or_else(missing)?;
    let Step::Key(first) = first else { return Err(missing()) };
    let mut nested = value.clone();
    for step in rest.iter().rev() {
        let Step::Key(key) = step else { return Err(missing()) };
        nested = Value::Map(vec![(key.clone(), nested)]);
    }
    Ok((first.clone(), nested))
}

/// Two insertions at one place become one, in order.
fn merge_inserts(edits: Vec<TextEdit>) -> Vec<TextEdit> {
    let mut merged: Vec<TextEdit> = Vec::new();
    for edit in edits {
        match merged.last_mut() {
            Some(last) if last.span == edit.span => last.text.push_str(&edit.text),
            _ => merged.push(edit),
        }
    }
    merged
}

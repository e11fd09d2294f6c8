//! Removing an entry or item, and renaming a key.

use crate::{
    Span,
    tree::{Kind, NodeId},
};

use super::{
    TextEdit,
    change::{EditError, Path, Step},
    place::Page,
};

/// A part of a collection: where it starts (its key, or its value when it is an item) and ends.
#[derive(Clone, Copy)]
struct Part {
    start: usize,
    end: usize,
}

impl Page<'_> {
    pub(super) fn remove(&self, path: &Path, keep: usize) -> Result<Vec<TextEdit>, EditError> {
        self.node_or_alias(path)?;
        let mut steps = path.0.as_slice();
        loop {
            let Some((last, above)) = steps.split_last() else {
                return Err(EditError::Missing(path.clone()));
            };
            let (parent, owner) = self.node(&Path(above.to_vec()))?;
            let parts = self.parts(parent);
            if parts.len() > 1 {
                return self.remove_part(path, parent, &parts, self.position(parent, last));
            }
            if above.len() > keep {
                steps = above;
                continue;
            }
            let hollow = if matches!(last, Step::Index(_)) { "[]" } else { "{}" };
            let Some(owner) = owner.filter(|_| !self.is_flow(parent)) else {
                return Ok(vec![TextEdit::replace(self.span(parent), hollow)]);
            };
            return Ok(self.hollow_out(self.after_colon(owner), self.span(parent), hollow));
        }
    }

    /// `key: {}` for a block collection that loses its last part, with the comments below the key.
    fn hollow_out(&self, colon: usize, content: Span, hollow: &str) -> Vec<TextEdit> {
        let gone = self.lines(content.start, content.end);
        let start = gone.start.max(self.line_end(colon));
        let gone = if gone.end > self.line_end(content.end) && start == self.line_end(colon) {
            Span::new(start, self.line_end(content.end))
        } else {
            Span::new(start, gone.end.max(start))
        };
        vec![TextEdit::insert(colon, format!(" {hollow}")), TextEdit::delete(gone.start, gone.end)]
    }

    fn parts(&self, collection: NodeId) -> Vec<Part> {
        match &self.document.node(collection).kind {
            Kind::Mapping(entries) => entries
                .iter()
                .map(|entry| Part { start: self.whole(entry.key).start, end: self.whole(entry.value).end })
                .collect(),
            Kind::Sequence(items) => items
                .iter()
                .map(|item| self.whole(*item))
                .map(|span| Part { start: span.start, end: span.end })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn position(&self, collection: NodeId, step: &Step) -> usize {
        match (&self.document.node(collection).kind, step) {
            (Kind::Mapping(entries), Step::Key(key)) => {
                entries.iter().rposition(|entry| self.document.text(entry.key) == Some(key)).unwrap_or(0)
            }
            (_, Step::Index(index)) => *index,
            _ => 0,
        }
    }

    fn remove_part(
        &self,
        path: &Path,
        collection: NodeId,
        parts: &[Part],
        at: usize,
    ) -> Result<Vec<TextEdit>, EditError> {
        let Some(part) = parts.get(at).copied() else { return Err(EditError::Missing(path.clone())) };
        if !self.is_flow(collection) {
            let dash = self.source[self.line_start(part.start)..part.start].trim() == "-";
            let is_item = matches!(self.document.node(collection).kind, Kind::Sequence(_));
            if self.starts_line(part.start) || (is_item && dash) {
                let mut gone = self.lines(part.start, part.end);
                if at == 0 {
                    gone.end = self.without_blank_lines(gone.end);
                } else if at + 1 == parts.len() {
                    gone.start = self.without_blank_lines_above(gone.start);
                }
                return Ok(vec![TextEdit::delete(gone.start, gone.end)]);
            }
        }
        // The part shares its line with others, or with the dash of the mapping it belongs to.
        let gone = match (parts.get(at + 1), at.checked_sub(1)) {
            (Some(next), _) => Span::new(part.start, next.start),
            (None, Some(before)) => Span::new(parts[before].end, part.end),
            (None, None) => Span::new(part.start, part.end),
        };
        if self.has_comment(gone) {
            return Err(EditError::HoldsComments(path.clone()));
        }
        Ok(vec![TextEdit::delete(gone.start, gone.end)])
    }

    pub(super) fn rename(&self, path: &Path, key: &str) -> Result<Vec<TextEdit>, EditError> {
        let (_, owner) = self.node_or_alias(path)?;
        let owner = owner.ok_or_else(|| EditError::Unfit { path: path.clone(), wanted: "mapping" })?;
        let beside = path.0.split_last().map(|(_, above)| Path(above.to_vec()).key(key));
        if beside.is_some_and(|beside| self.node(&beside).is_ok()) {
            return Err(EditError::Taken { path: path.clone(), key: key.to_owned() });
        }
        let old = self.document.node(owner.key);
        let text = super::scalar::scalar(key, old.style, self.in_flow(path));
        Ok(vec![TextEdit::replace(old.span(), text)])
    }
}

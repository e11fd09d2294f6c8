//! Turning a list of names into a mapping, in place.

use crate::{
    Span,
    tree::{Kind, NodeId},
};

use super::{
    TextEdit,
    change::{EditError, Path},
    place::Page,
    value::Value,
    write::Writer,
};

impl Page<'_> {
    pub(super) fn retype(
        &self,
        path: &Path,
        entries: &[(String, Value)],
    ) -> Result<Vec<TextEdit>, EditError> {
        let unfit = || EditError::Unfit { path: path.clone(), wanted: "list" };
        let (list, owner) = self.node(path)?;
        let Kind::Sequence(items) = &self.document.node(list).kind else { return Err(unfit()) };
        if items.len() != entries.len() {
            return Err(unfit());
        }
        if self.is_flow(list) {
            return Ok(self.retype_flow(list, items, entries));
        }
        let owner = owner.ok_or_else(unfit)?;
        let key_column = self.column(self.span(owner.key).start);
        let dash_column = self.column(self.span(list).start);
        let column = if dash_column > key_column { dash_column } else { key_column + self.writer.step };
        let mut edits = Vec::new();
        for (item, (key, value)) in items.iter().zip(entries) {
            let span = self.whole(*item);
            let line = self.line_start(span.start);
            if self.source[line..span.start].trim() != "-" {
                return Err(EditError::Unsafe(path.clone()));
            }
            if !matches!(value, Value::Map(_)) && *value != Value::null() {
                return Err(unfit());
            }
            edits.push(TextEdit::replace(
                Span::new(line, span.end),
                format!("{:column$}{}:", "", Writer::key(key, false)),
            ));
            edits.push(TextEdit::insert(self.line_end(span.end), self.writer.after_key(value, column)));
        }
        Ok(edits)
    }

    /// Only brackets and items change; what stands between them stays.
    fn retype_flow(&self, list: NodeId, items: &[NodeId], entries: &[(String, Value)]) -> Vec<TextEdit> {
        let span = self.span(list);
        let padding = if self.source[span.start + 1..].starts_with([' ', '\r', '\n']) { "" } else { " " };
        let mut edits = vec![
            TextEdit::replace(Span::new(span.start, span.start + 1), format!("{{{padding}")),
            TextEdit::replace(Span::new(span.end - 1, span.end), format!("{padding}}}")),
        ];
        for (item, (key, value)) in items.iter().zip(entries) {
            edits.push(TextEdit::replace(self.whole(*item), self.writer.flow_entry(key, value)));
        }
        edits
    }
}

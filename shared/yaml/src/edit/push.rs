//! Appending to a list.

use crate::tree::{Kind, NodeId, Style};

use super::{
    TextEdit,
    change::{EditError, Path},
    place::{Page, Target},
    value::Value,
};

impl Page<'_> {
    pub(super) fn push(&self, path: &Path, value: &Value) -> Result<Vec<TextEdit>, EditError> {
        let list = Value::List(vec![value.clone()]);
        let Target::Node(node, _) = self.find(path)? else { return self.put(path, &list) };
        match &self.document.node(node).kind {
            Kind::Sequence(items) if self.is_flow(node) => {
                let part = self.writer.flow(value, self.quotes_of(items));
                Ok(self.add_to_flow(node, items.last().copied(), &part))
            }
            Kind::Sequence(items) => {
                let span = self.span(node);
                let column = self.column(span.start);
                let item = self.writer.item(value, column, self.quotes_of(items));
                let at = self.end_of_block(span.end, column);
                Ok(vec![TextEdit::insert(at, self.writer.on_line(column, &item))])
            }
            _ if self.is_void(node) && !self.is_flow(node) => self.put(path, &list),
            _ => Err(EditError::Unfit { path: path.clone(), wanted: "list" }),
        }
    }

    /// The quotes of the last item.
    fn quotes_of(&self, items: &[NodeId]) -> Option<Style> {
        items.last().map(|item| self.document.node(*item).style)
    }
}

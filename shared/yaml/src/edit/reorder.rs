//! Moving an item within its list.

use crate::{
    Span,
    tree::{Kind, NodeId},
};

use super::{
    TextEdit,
    change::{EditError, Path},
    place::Page,
};

impl Page<'_> {
    pub(super) fn reorder(&self, path: &Path, from: usize, to: usize) -> Result<Vec<TextEdit>, EditError> {
        let (list, _) = self.node(path)?;
        let Kind::Sequence(items) = &self.document.node(list).kind else {
            return Err(EditError::Unfit { path: path.clone(), wanted: "list" });
        };
        let missing = |index: usize| EditError::Missing(path.item(index));
        for index in [from, to] {
            items.get(index).ok_or_else(|| missing(index))?;
        }
        let mut slots = Vec::new();
        for item in items {
            slots.push(if self.is_flow(list) { self.whole(*item) } else { self.slot(path, *item)? });
        }
        let mut order: Vec<usize> = (0..items.len()).collect();
        let moved = order.remove(from);
        order.insert(to, moved);
        let moves = slots.iter().zip(order).filter(|(slot, source)| **slot != slots[*source]);
        let edits = moves.map(|(slot, source)| TextEdit::replace(*slot, slots[source].of(self.source)));
        Ok(edits.collect())
    }

    /// The lines of an item of a block list, from the comments above it to those below that belong to it, without the
    /// last line break.
    fn slot(&self, path: &Path, item: NodeId) -> Result<Span, EditError> {
        let span = self.whole(item);
        let line = self.line_start(span.start);
        let dashed = self.source[line..span.start].trim_end();
        if dashed.trim_start() != "-" {
            return Err(EditError::Unsafe(path.clone()));
        }
        let column = dashed.len() - 1;
        Ok(Span::new(self.with_comments_above(line), self.end_of_block(span.end, column)))
    }
}

//! Pinned nodes keep their place; the others make room.

use std::collections::BTreeMap;

use super::{NodeKey, Point, Rect, rows::ROW_GAP};

/// Puts pinned nodes where they are pinned and moves others down until nothing overlaps. Pinned nodes that lie on
/// each other stay so: the user put them there.
pub(super) fn pin(
    nodes: BTreeMap<NodeKey, Rect>,
    pinned: &BTreeMap<NodeKey, Point>,
) -> BTreeMap<NodeKey, Rect> {
    let (held, mut loose): (Vec<_>, Vec<_>) =
        nodes.into_iter().partition(|(key, _)| pinned.contains_key(key));
    let mut placed: Vec<(NodeKey, Rect)> = held
        .into_iter()
        .map(|(key, rect)| {
            let at = pinned.get(&key).copied().unwrap_or(rect.at);
            (key, Rect { at, ..rect })
        })
        .collect();
    if placed.is_empty() {
        return loose.into_iter().collect();
    }
    loose.sort_by(|(_, a), (_, b)| a.at.y.total_cmp(&b.at.y).then(a.at.x.total_cmp(&b.at.x)));
    for (key, mut rect) in loose {
        let blocker = |rect: &Rect| {
            let below = placed.iter().filter(|(_, other)| rect.overlaps(other));
            below.map(|(_, other)| other.bottom() + ROW_GAP).max_by(f64::total_cmp)
        };
        while let Some(y) = blocker(&rect) {
            rect.at.y = y;
        }
        placed.push((key, rect));
    }
    placed.into_iter().collect()
}

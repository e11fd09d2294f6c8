//! Which node the arrow keys go to, and where a line that is drawn ends.

use std::collections::BTreeMap;

use composeyard_compose::graph::{NodeKey, Point, Rect};

/// An arrow key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Left,
    Right,
    Up,
    Down,
}

impl Direction {
    /// From the name of a key.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        match key {
            "ArrowLeft" => Some(Self::Left),
            "ArrowRight" => Some(Self::Right),
            "ArrowUp" => Some(Self::Up),
            "ArrowDown" => Some(Self::Down),
            _ => None,
        }
    }

    /// One unit this way.
    pub(crate) const fn unit(self) -> Point {
        match self {
            Self::Left => Point { x: -1.0, y: 0.0 },
            Self::Right => Point { x: 1.0, y: 0.0 },
            Self::Up => Point { x: 0.0, y: -1.0 },
            Self::Down => Point { x: 0.0, y: 1.0 },
        }
    }
}

/// The nearest node this way; what lies aside counts twice as far. None at the border.
pub(crate) fn neighbour(
    nodes: &BTreeMap<NodeKey, Rect>,
    from: &NodeKey,
    direction: Direction,
) -> Option<NodeKey> {
    let here = nodes.get(from)?.center();
    let unit = direction.unit();
    nodes
        .iter()
        .filter(|(key, _)| *key != from)
        .filter_map(|(key, rect)| {
            let there = rect.center();
            let (dx, dy) = (there.x - here.x, there.y - here.y);
            let ahead = dx * unit.x + dy * unit.y;
            let aside = (dx * unit.y).abs() + (dy * unit.x).abs();
            (ahead > 1.0).then_some((key, ahead + 2.0 * aside))
        })
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(key, _)| key.clone())
}

/// The node at a point of the canvas.
pub(crate) fn node_at(nodes: &BTreeMap<NodeKey, Rect>, at: Point) -> Option<&NodeKey> {
    nodes
        .iter()
        .find(|(_, rect)| {
            (rect.at.x..=rect.right()).contains(&at.x) && (rect.at.y..=rect.bottom()).contains(&at.y)
        })
        .map(|(key, _)| key)
}

#[cfg(test)]
mod tests {
    use composeyard_compose::graph::Size;

    use super::*;

    fn volume(name: &str) -> NodeKey {
        NodeKey::Volume(name.to_owned())
    }

    /// `a` left, `b` right of it, `c` far below `b`.
    fn nodes() -> BTreeMap<NodeKey, Rect> {
        let size = Size { width: 100.0, height: 50.0 };
        [("a", 0.0, 0.0), ("b", 200.0, 20.0), ("c", 200.0, 300.0)]
            .map(|(name, x, y)| (volume(name), Rect { at: Point { x, y }, size }))
            .into()
    }

    #[test]
    fn an_arrow_key_goes_to_the_nearest_node_that_way() {
        assert_eq!(neighbour(&nodes(), &volume("a"), Direction::Right), Some(volume("b")));
        assert_eq!(neighbour(&nodes(), &volume("b"), Direction::Down), Some(volume("c")));
        assert_eq!(neighbour(&nodes(), &volume("c"), Direction::Left), Some(volume("a")));
    }

    #[test]
    fn at_the_border_there_is_no_neighbour() {
        assert_eq!(neighbour(&nodes(), &volume("a"), Direction::Left), None);
    }

    #[test]
    fn a_point_finds_the_node_it_lies_on() {
        assert_eq!(node_at(&nodes(), Point { x: 210.0, y: 30.0 }), Some(&volume("b")));
        assert_eq!(node_at(&nodes(), Point { x: 150.0, y: 30.0 }), None);
    }
}

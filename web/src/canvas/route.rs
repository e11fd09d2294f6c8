//! Where a line between two nodes runs: leaves and enters at the sides that face each other, in one smooth curve.

use composeyard_compose::graph::{Point, Rect};

/// A cubic curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Route {
    start: Point,
    first: Point,
    second: Point,
    end: Point,
}

/// Space that must lie between two nodes for a line to run straight from side to side.
const GAP: f64 = 24.0;

impl Route {
    /// From the edge of one node to the edge of another.
    pub(crate) fn between(from: Rect, to: Rect) -> Self {
        let (a, b) = (from.center(), to.center());
        let right_of = |left: Rect, right: Rect| right.at.x - left.right();
        let below = |upper: Rect, lower: Rect| lower.at.y - upper.bottom();
        if right_of(from, to) >= GAP {
            return Self::sideways(Point { x: from.right(), y: a.y }, Point { x: to.at.x, y: b.y }, 1.0);
        }
        if below(from, to) >= 0.0 {
            return Self::upright(Point { x: a.x, y: from.bottom() }, Point { x: b.x, y: to.at.y }, 1.0);
        }
        if below(to, from) >= 0.0 {
            return Self::upright(Point { x: a.x, y: from.at.y }, Point { x: b.x, y: to.bottom() }, -1.0);
        }
        Self::sideways(Point { x: from.at.x, y: a.y }, Point { x: to.right(), y: b.y }, -1.0)
    }

    /// From the right edge of a node to a point, while a line is drawn.
    pub(crate) fn to_point(from: Rect, to: Point) -> Self {
        Self::sideways(Point { x: from.right(), y: from.center().y }, to, 1.0)
    }

    fn sideways(start: Point, end: Point, direction: f64) -> Self {
        let reach = ((end.x - start.x).abs() / 2.0).max(GAP) * direction;
        Self {
            start,
            first: Point { x: start.x + reach, y: start.y },
            second: Point { x: end.x - reach, y: end.y },
            end,
        }
    }

    fn upright(start: Point, end: Point, direction: f64) -> Self {
        let reach = ((end.y - start.y).abs() / 2.0).max(GAP / 2.0) * direction;
        Self {
            start,
            first: Point { x: start.x, y: start.y + reach },
            second: Point { x: end.x, y: end.y - reach },
            end,
        }
    }

    /// The `d` of an SVG path.
    pub(crate) fn path(&self) -> String {
        let Self { start, first, second, end } = self;
        format!(
            "M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
            start.x, start.y, first.x, first.y, second.x, second.y, end.x, end.y
        )
    }

    /// The middle of the curve, where its label sits.
    pub(crate) fn middle(&self) -> Point {
        let at = |a: f64, b: f64, c: f64, d: f64| (a + 3.0 * b + 3.0 * c + d) / 8.0;
        Point {
            x: at(self.start.x, self.first.x, self.second.x, self.end.x),
            y: at(self.start.y, self.first.y, self.second.y, self.end.y),
        }
    }
}

#[cfg(test)]
mod tests {
    use composeyard_compose::graph::Size;

    use super::*;

    fn node(x: f64, y: f64) -> Rect {
        Rect { at: Point { x, y }, size: Size { width: 200.0, height: 100.0 } }
    }

    #[test]
    fn a_line_to_the_right_leaves_right_and_enters_left() {
        let route = Route::between(node(0.0, 0.0), node(300.0, 200.0));
        assert_eq!((route.start, route.end), (Point { x: 200.0, y: 50.0 }, Point { x: 300.0, y: 250.0 }));
        assert_eq!(route.middle(), Point { x: 250.0, y: 150.0 });
    }

    #[test]
    fn a_line_within_a_column_runs_from_bottom_to_top() {
        let route = Route::between(node(0.0, 0.0), node(20.0, 200.0));
        assert_eq!((route.start, route.end), (Point { x: 100.0, y: 100.0 }, Point { x: 120.0, y: 200.0 }));
        let back = Route::between(node(20.0, 200.0), node(0.0, 0.0));
        assert_eq!((back.start, back.end), (route.end, route.start));
    }

    #[test]
    fn a_line_to_the_left_leaves_left_and_enters_right() {
        let route = Route::between(node(400.0, 20.0), node(0.0, 0.0));
        assert_eq!((route.start.x, route.end.x), (400.0, 200.0));
    }
}

//! The window on the canvas: one shift and one scale for everything on it.

use composeyard_compose::graph::{Point, Rect, Size};

/// The smallest and largest scale. A thousand services fit into a small board at the smallest.
const ZOOM: (f64, f64) = (0.02, 2.5);
/// Below this scale the small print of a card is noise: its name takes its place.
const FAR: f64 = 0.5;
/// Distance of the dots at full size, in CSS pixels.
const DOTS: f64 = 22.0;
/// Free space around everything after a fit, in CSS pixels.
const MARGIN: f64 = 48.0;
/// Further space at the bottom, where the tools float.
const TOOLS: f64 = 36.0;

/// A canvas point `p` shows at `p * zoom + offset`, in CSS pixels from the board's upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Viewport {
    pub(crate) offset: Point,
    pub(crate) zoom: f64,
}

impl Default for Viewport {
    fn default() -> Self {
        Self { offset: Point { x: MARGIN, y: MARGIN }, zoom: 1.0 }
    }
}

impl Viewport {
    /// Shows all of `bounds` in a board of this size, in its middle, never larger than life.
    pub(crate) fn fit(bounds: Rect, board: Size) -> Self {
        let width = bounds.size.width.max(1.0);
        let height = bounds.size.height.max(1.0);
        let margin = MARGIN.min(board.width / 12.0);
        let board = Size { height: board.height - TOOLS, ..board };
        let zoom = ((board.width - 2.0 * margin) / width)
            .min((board.height - 2.0 * margin) / height)
            .clamp(ZOOM.0, 1.0);
        let offset = Point {
            x: (board.width - width * zoom) / 2.0 - bounds.at.x * zoom,
            y: (board.height - height * zoom) / 2.0 - bounds.at.y * zoom,
        };
        Self { offset, zoom }
    }

    /// Moves the picture by CSS pixels.
    pub(crate) fn panned(self, dx: f64, dy: f64) -> Self {
        Self { offset: Point { x: self.offset.x + dx, y: self.offset.y + dy }, ..self }
    }

    /// Scales by a factor; what shows at `at` (CSS pixels) stays there.
    pub(crate) fn zoomed(self, at: Point, factor: f64) -> Self {
        let zoom = (self.zoom * factor).clamp(ZOOM.0, ZOOM.1);
        let kept = zoom / self.zoom;
        let offset =
            Point { x: at.x - (at.x - self.offset.x) * kept, y: at.y - (at.y - self.offset.y) * kept };
        Self { offset, zoom }
    }

    /// The canvas point that shows at a place of the board.
    pub(crate) fn to_canvas(self, at: Point) -> Point {
        Point { x: (at.x - self.offset.x) / self.zoom, y: (at.y - self.offset.y) / self.zoom }
    }

    /// Moves the picture just so far that a rectangle of the canvas is in a board of this size.
    pub(crate) fn showing(self, rect: Rect, board: Size) -> Self {
        let nudge = |start: f64, length: f64, room: f64| {
            if start < 12.0 {
                12.0 - start
            } else if start + length > room - 12.0 {
                (room - 12.0 - length - start).max(12.0 - start)
            } else {
                0.0
            }
        };
        let x = rect.at.x * self.zoom + self.offset.x;
        let y = rect.at.y * self.zoom + self.offset.y;
        self.panned(
            nudge(x, rect.size.width * self.zoom, board.width),
            nudge(y, rect.size.height * self.zoom, board.height),
        )
    }

    /// True when only names are large enough to be read.
    pub(crate) fn is_far(self) -> bool {
        self.zoom < FAR
    }

    /// The distance of the dots behind the picture, in CSS pixels: it grows with the scale, and doubles before the dots
    /// would run together.
    pub(crate) fn dots(self) -> f64 {
        let step = DOTS * self.zoom;
        step * (DOTS / 2.0 / step).log2().ceil().max(0.0).exp2()
    }

    /// As a CSS transform.
    pub(crate) fn transform(self) -> String {
        format!("translate({:.2}px, {:.2}px) scale({:.4})", self.offset.x, self.offset.y, self.zoom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
        Rect { at: Point { x, y }, size: Size { width, height } }
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let at = Point { x: 300.0, y: 120.0 };
        let before = Viewport::default().panned(17.0, -40.0);
        let after = before.zoomed(at, 1.7);
        let (a, b) = (before.to_canvas(at), after.to_canvas(at));
        assert!((a.x - b.x).abs() < 1e-9 && (a.y - b.y).abs() < 1e-9);
    }

    #[test]
    fn zoom_stays_within_its_limits() {
        let at = Point::default();
        assert_eq!(Viewport::default().zoomed(at, 100.0).zoom, ZOOM.1);
        assert_eq!(Viewport::default().zoomed(at, 0.001).zoom, ZOOM.0);
    }

    #[test]
    fn fit_centres_a_small_picture_without_enlarging_it() {
        let view = Viewport::fit(rect(100.0, 100.0, 200.0, 100.0), Size { width: 1000.0, height: 500.0 });
        assert_eq!(view.zoom, 1.0);
        assert_eq!(view.to_canvas(Point { x: 500.0, y: 232.0 }), Point { x: 200.0, y: 150.0 });
    }

    #[test]
    fn fit_shrinks_a_large_picture_into_the_board() {
        let bounds = rect(0.0, 0.0, 4000.0, 1000.0);
        let board = Size { width: 1000.0, height: 500.0 };
        let view = Viewport::fit(bounds, board);
        assert!(view.zoom < 0.25);
        assert!(view.to_canvas(Point::default()).x < 0.0);
        assert!(view.to_canvas(Point { x: board.width, y: 0.0 }).x > 4000.0);
    }

    #[test]
    fn fit_shows_all_of_a_very_large_picture() {
        let board = Size { width: 340.0, height: 400.0 };
        let view = Viewport::fit(rect(0.0, 0.0, 5000.0, 14000.0), board);
        assert!(view.to_canvas(Point::default()).y < 0.0);
        assert!(view.to_canvas(Point { x: 0.0, y: board.height }).y > 14000.0);
        assert!(view.is_far());
    }

    #[test]
    fn the_dots_never_run_together() {
        for zoom in [0.02, 0.06, 0.3, 0.5, 1.0, 2.5] {
            let step = Viewport { zoom, ..Viewport::default() }.dots();
            assert!(step >= DOTS / 2.0, "{step} at {zoom}");
        }
        assert_eq!(Viewport::default().dots(), DOTS);
    }

    #[test]
    fn showing_moves_nothing_that_is_already_in_view() {
        let board = Size { width: 1000.0, height: 500.0 };
        let view = Viewport::default();
        assert_eq!(view.showing(rect(10.0, 10.0, 100.0, 100.0), board), view);
        assert!(view.showing(rect(2000.0, 10.0, 100.0, 100.0), board).offset.x < -1000.0);
    }
}

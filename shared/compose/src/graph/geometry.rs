//! Points, sizes and rectangles of the canvas.

use serde::{Deserialize, Serialize};

/// A point in canvas units (CSS pixels at 100 %).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// Width and height in canvas units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// To the right.
    pub width: f64,
    /// Down.
    pub height: f64,
}

/// A rectangle in canvas units, `at` its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// Upper left.
    pub at: Point,
    /// Extent.
    pub size: Size,
}

impl Rect {
    /// A rectangle from its edges.
    pub const fn from_edges(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self { at: Point { x: left, y: top }, size: Size { width: right - left, height: bottom - top } }
    }

    /// The right edge.
    pub const fn right(&self) -> f64 {
        self.at.x + self.size.width
    }

    /// The lower edge.
    pub const fn bottom(&self) -> f64 {
        self.at.y + self.size.height
    }

    /// The middle.
    pub const fn center(&self) -> Point {
        Point { x: self.at.x + self.size.width / 2.0, y: self.at.y + self.size.height / 2.0 }
    }

    /// True when both share more than an edge.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.at.x < other.right()
            && other.at.x < self.right()
            && self.at.y < other.bottom()
            && other.at.y < self.bottom()
    }

    /// True when no part of `inner` lies outside.
    pub fn contains(&self, inner: &Self) -> bool {
        self.at.x <= inner.at.x
            && self.at.y <= inner.at.y
            && inner.right() <= self.right()
            && inner.bottom() <= self.bottom()
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::from_edges(
            self.at.x.min(other.at.x),
            self.at.y.min(other.at.y),
            self.right().max(other.right()),
            self.bottom().max(other.bottom()),
        )
    }

    /// The smallest rectangle around all; none of nothing.
    pub fn around<'a>(rects: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        rects.into_iter().copied().reduce(|all, rect| all.union(&rect))
    }
}

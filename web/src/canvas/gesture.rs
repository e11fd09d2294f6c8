//! What pointers mean: one on the background pans, two pinch, one on a node drags it, one on its handle draws a line.
//! Pure: events in, acts out.

use std::collections::BTreeMap;

use composeyard_compose::{
    ServiceName,
    graph::{NodeKey, Point},
};

use super::viewport::Viewport;

/// A pointer that moves less than this many CSS pixels is a tap.
const SLOP: f64 = 4.0;

/// What a pointer went down on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    Background,
    /// A node, with its upper left corner on the canvas.
    Node(NodeKey, Point),
    /// The handle from which a connection is drawn.
    Handle(ServiceName),
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Act {
    Nothing,
    View(Viewport),
    /// A node is on its way: its upper left corner on the canvas.
    Drag(NodeKey, Point),
    /// It was let go.
    Drop(NodeKey, Point),
    /// A line is drawn to a point of the canvas.
    Wire(ServiceName, Point),
    /// It was let go there.
    Connect(ServiceName, Point),
    TapNode(NodeKey),
    TapBackground,
    /// The gesture ended without an effect; what it showed goes away.
    Cancel,
}

#[derive(Clone, Debug, Default, PartialEq)]
enum Gesture {
    #[default]
    Idle,
    /// Down, not moved yet.
    Press {
        pointer: i32,
        from: Point,
        target: Target,
        view: Viewport,
    },
    Pan {
        pointer: i32,
        from: Point,
        view: Viewport,
    },
    Move {
        pointer: i32,
        from: Point,
        key: NodeKey,
        corner: Point,
    },
    Wire {
        pointer: i32,
        service: ServiceName,
    },
    Pinch {
        a: i32,
        b: i32,
        middle: Point,
        distance: f64,
        view: Viewport,
    },
}

/// All pointers that are down and the gesture they make.
#[derive(Debug, Default)]
pub(crate) struct Gestures {
    pointers: BTreeMap<i32, Point>,
    gesture: Gesture,
}

impl Gestures {
    /// A pointer went down. A second one turns a press or pan into a pinch and is ignored otherwise.
    pub(crate) fn down(&mut self, pointer: i32, at: Point, target: Target, view: Viewport) {
        self.pointers.insert(pointer, at);
        match &self.gesture {
            Gesture::Idle => self.gesture = Gesture::Press { pointer, from: at, target, view },
            Gesture::Press { pointer: first, .. } | Gesture::Pan { pointer: first, .. } => {
                let (a, b) = (*first, pointer);
                let (middle, distance) = self.pair(a, b);
                self.gesture = Gesture::Pinch { a, b, middle, distance, view };
            }
            _ => {}
        }
    }

    /// A pointer moved while `view` shows.
    pub(crate) fn moved(&mut self, pointer: i32, at: Point, view: Viewport) -> Act {
        let Some(place) = self.pointers.get_mut(&pointer) else { return Act::Nothing };
        *place = at;
        self.begin(pointer, at);
        match &self.gesture {
            Gesture::Pan { pointer: held, from, view } if *held == pointer => {
                Act::View(view.panned(at.x - from.x, at.y - from.y))
            }
            Gesture::Move { pointer: held, key, .. } if *held == pointer => {
                Act::Drag(key.clone(), self.corner(at, view))
            }
            Gesture::Wire { pointer: held, service } if *held == pointer => {
                Act::Wire(service.clone(), view.to_canvas(at))
            }
            Gesture::Pinch { a, b, middle, distance, view } if *a == pointer || *b == pointer => {
                let (now, apart) = self.pair(*a, *b);
                let scaled = view.zoomed(*middle, apart / distance);
                Act::View(scaled.panned(now.x - middle.x, now.y - middle.y))
            }
            _ => Act::Nothing,
        }
    }

    /// A pointer went up.
    pub(crate) fn up(&mut self, pointer: i32, at: Point, view: Viewport) -> Act {
        self.pointers.remove(&pointer);
        if !self.holds(pointer) {
            return Act::Nothing;
        }
        let corner = self.corner(at, view);
        match std::mem::take(&mut self.gesture) {
            Gesture::Press { target: Target::Background, .. } => Act::TapBackground,
            Gesture::Press { target: Target::Node(key, _), .. } => Act::TapNode(key),
            Gesture::Press { target: Target::Handle(service), .. } => Act::TapNode(NodeKey::Service(service)),
            Gesture::Move { key, .. } => Act::Drop(key, corner),
            Gesture::Wire { service, .. } => Act::Connect(service, view.to_canvas(at)),
            _ => Act::Nothing,
        }
    }

    /// The system took a pointer away.
    pub(crate) fn cancel(&mut self, pointer: i32) -> Act {
        self.pointers.remove(&pointer);
        if self.holds(pointer) {
            self.gesture = Gesture::Idle;
            return Act::Cancel;
        }
        Act::Nothing
    }

    /// Turns a press into what it is once the pointer has moved far enough.
    fn begin(&mut self, pointer: i32, at: Point) {
        let Gesture::Press { pointer: held, from, target, view } = &self.gesture else { return };
        if *held != pointer || (at.x - from.x).hypot(at.y - from.y) < SLOP {
            return;
        }
        let (from, view) = (*from, *view);
        self.gesture = match target.clone() {
            Target::Background => Gesture::Pan { pointer, from, view },
            Target::Node(key, corner) => {
                let grabbed = view.to_canvas(from);
                let corner = Point { x: corner.x - grabbed.x, y: corner.y - grabbed.y };
                Gesture::Move { pointer, from, key, corner }
            }
            Target::Handle(service) => Gesture::Wire { pointer, service },
        };
    }

    /// Where the corner of the node under way is, from how it was grabbed.
    fn corner(&self, at: Point, view: Viewport) -> Point {
        let Gesture::Move { corner, .. } = &self.gesture else { return Point::default() };
        let at = view.to_canvas(at);
        Point { x: at.x + corner.x, y: at.y + corner.y }
    }

    fn holds(&self, pointer: i32) -> bool {
        match self.gesture {
            Gesture::Idle => false,
            Gesture::Press { pointer: held, .. }
            | Gesture::Pan { pointer: held, .. }
            | Gesture::Move { pointer: held, .. }
            | Gesture::Wire { pointer: held, .. } => held == pointer,
            Gesture::Pinch { a, b, .. } => a == pointer || b == pointer,
        }
    }

    /// The middle of two pointers and how far apart they are.
    fn pair(&self, a: i32, b: i32) -> (Point, f64) {
        let place = |pointer| self.pointers.get(&pointer).copied().unwrap_or_default();
        let (a, b) = (place(a), place(b));
        let middle = Point { x: (a.x + b.x) / 2.0, y: (a.y + b.y) / 2.0 };
        (middle, (a.x - b.x).hypot(a.y - b.y).max(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    fn view() -> Viewport {
        Viewport { offset: at(0.0, 0.0), zoom: 2.0 }
    }

    fn node() -> NodeKey {
        NodeKey::Volume("data".into())
    }

    fn app() -> ServiceName {
        ServiceName::new("app").unwrap()
    }

    #[test]
    fn a_press_that_does_not_move_is_a_tap() {
        let mut gestures = Gestures::default();
        gestures.down(1, at(10.0, 10.0), Target::Node(node(), at(0.0, 0.0)), view());
        assert_eq!(gestures.moved(1, at(12.0, 10.0), view()), Act::Nothing);
        assert_eq!(gestures.up(1, at(12.0, 10.0), view()), Act::TapNode(node()));
    }

    #[test]
    fn a_node_follows_the_pointer_at_any_zoom_and_stays_where_it_is_dropped() {
        let mut gestures = Gestures::default();
        gestures.down(1, at(20.0, 20.0), Target::Node(node(), at(5.0, 5.0)), view());
        assert_eq!(gestures.moved(1, at(40.0, 20.0), view()), Act::Drag(node(), at(15.0, 5.0)));
        assert_eq!(gestures.up(1, at(60.0, 20.0), view()), Act::Drop(node(), at(25.0, 5.0)));
    }

    #[test]
    fn a_second_finger_turns_a_pan_into_a_pinch() {
        let mut gestures = Gestures::default();
        gestures.down(1, at(0.0, 0.0), Target::Background, view());
        assert!(matches!(gestures.moved(1, at(10.0, 0.0), view()), Act::View(_)));
        gestures.down(2, at(110.0, 0.0), Target::Background, view());
        let Act::View(pinched) = gestures.moved(2, at(60.0, 0.0), view()) else { panic!("no pinch") };
        assert_eq!(pinched.zoom, 1.0);
    }

    #[test]
    fn a_second_finger_does_not_disturb_a_drag() {
        let mut gestures = Gestures::default();
        gestures.down(1, at(0.0, 0.0), Target::Node(node(), at(0.0, 0.0)), view());
        gestures.moved(1, at(10.0, 0.0), view());
        gestures.down(2, at(200.0, 200.0), Target::Background, view());
        assert_eq!(gestures.moved(2, at(300.0, 200.0), view()), Act::Nothing);
        assert_eq!(gestures.up(2, at(300.0, 200.0), view()), Act::Nothing);
        assert_eq!(gestures.up(1, at(10.0, 0.0), view()), Act::Drop(node(), at(5.0, 0.0)));
    }

    #[test]
    fn a_line_drawn_from_a_handle_ends_where_it_is_let_go() {
        let mut gestures = Gestures::default();
        gestures.down(1, at(0.0, 0.0), Target::Handle(app()), view());
        assert_eq!(gestures.moved(1, at(40.0, 20.0), view()), Act::Wire(app(), at(20.0, 10.0)));
        assert_eq!(gestures.up(1, at(80.0, 20.0), view()), Act::Connect(app(), at(40.0, 10.0)));
    }

    #[test]
    fn a_cancelled_pointer_leaves_everything_as_it_was() {
        let mut gestures = Gestures::default();
        gestures.down(1, at(0.0, 0.0), Target::Node(node(), at(0.0, 0.0)), view());
        gestures.moved(1, at(40.0, 0.0), view());
        assert_eq!(gestures.cancel(1), Act::Cancel);
        assert_eq!(gestures.up(1, at(40.0, 0.0), view()), Act::Nothing);
    }
}

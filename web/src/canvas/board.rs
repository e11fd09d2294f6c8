//! What the parts of the canvas share: the picture, the window on it, and what is under way.

use std::{collections::BTreeMap, sync::Arc};

use composeyard_compose::{
    ServiceName,
    edit::{Intent, Refusal, Subject},
    graph::{self, Layout, NodeKey, Point, Rect, Size},
    model::Condition,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{card::Card, viewport::Viewport};
use crate::{
    app::{Notices, Tone},
    document::Document,
};

/// A connection that is being drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wire {
    /// The service that will wait.
    pub(crate) from: ServiceName,
    /// Where the line ends now; none while the keyboard draws it, then it ends at the focused node.
    pub(crate) to: Option<Point>,
}

/// Which way dependencies point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    Right,
    Down,
}

impl Flow {
    /// The one in which everything shows larger.
    fn roomier(graph: &graph::Graph, sizes: &BTreeMap<NodeKey, Size>, board: Size) -> Self {
        let zoom = |flow: Self| Viewport::fit(flow.layout(graph, sizes, &BTreeMap::new()).bounds, board).zoom;
        if zoom(Self::Down) > zoom(Self::Right) { Self::Down } else { Self::Right }
    }

    fn layout(
        self,
        graph: &graph::Graph,
        sizes: &BTreeMap<NodeKey, Size>,
        pinned: &BTreeMap<NodeKey, Point>,
    ) -> Layout {
        let size = |key: &NodeKey| sizes.get(key).copied().unwrap_or_default();
        match self {
            Self::Right => graph::layout(graph, &size, pinned),
            Self::Down => graph::layout_down(graph, &size, pinned),
        }
    }
}

/// Handle on the canvas; found in the context of its parts.
#[derive(Clone, Copy)]
pub(crate) struct Board {
    pub(crate) document: Document,
    pub(crate) view: RwSignal<Viewport>,
    /// Extent of the board on screen, in CSS pixels.
    pub(crate) size: RwSignal<Size>,
    /// The view follows the picture until the user moves it.
    pub(crate) fitted: RwSignal<bool>,
    /// The next change of the view is shown as a short motion.
    pub(crate) eased: RwSignal<bool>,
    pub(crate) cards: Memo<Arc<BTreeMap<NodeKey, Card>>>,
    pub(crate) graph: Memo<Arc<graph::Graph>>,
    pub(crate) layout: Memo<Arc<Layout>>,
    /// The node under way and its upper left corner.
    pub(crate) drag: RwSignal<Option<(NodeKey, Point)>>,
    pub(crate) wire: RwSignal<Option<Wire>>,
    /// The node that Tab reaches.
    pub(crate) focus: RwSignal<Option<NodeKey>>,
    notices: Notices,
    /// The dialog for a new service is open.
    pub(crate) adding: RwSignal<bool>,
}

impl Board {
    pub(crate) fn new(document: Document, notices: Notices) -> Self {
        let checked = document.checked();
        let cards = Memo::new(move |_| {
            let checked = checked.get();
            let card = |key: &NodeKey| Some((key.clone(), Card::of(checked.project.as_deref()?, key)?));
            Arc::new(checked.graph.nodes.iter().filter_map(card).collect::<BTreeMap<_, _>>())
        });
        let graph = Memo::new(move |_| checked.get().graph.clone());
        // Apart from the cards, so that a change of words on a card does not lay out anew.
        let sizes = Memo::new(move |_| {
            cards.read().iter().map(|(key, card)| (key.clone(), card.size)).collect::<BTreeMap<_, _>>()
        });
        let board = RwSignal::new(Size::default());
        let flow = Memo::new(move |before: Option<&Flow>| {
            let (graph, sizes, board) = (graph.get(), sizes.read(), board.get());
            // What was dragged was dragged in this flow.
            before
                .copied()
                .filter(|_| !document.positions.read().is_empty())
                .unwrap_or_else(|| Flow::roomier(&graph, &sizes, board))
        });
        let layout = Memo::new(move |_| {
            Arc::new(flow.get().layout(&graph.get(), &sizes.read(), &document.positions.read()))
        });
        Self {
            document,
            view: RwSignal::default(),
            size: board,
            fitted: RwSignal::new(true),
            eased: RwSignal::new(false),
            cards,
            graph,
            layout,
            drag: RwSignal::new(None),
            wire: RwSignal::new(None),
            focus: RwSignal::new(None),
            notices,
            adding: RwSignal::new(false),
        }
    }

    /// Where a node is, also while it is dragged.
    pub(crate) fn rect(&self, key: NodeKey) -> Memo<Option<Rect>> {
        let Self { layout, drag, .. } = *self;
        Memo::new(move |_| {
            let mut rect = layout.read().nodes.get(&key).copied()?;
            if let Some((moving, corner)) = &*drag.read()
                && *moving == key
            {
                rect.at = *corner;
            }
            Some(rect)
        })
    }

    /// Shows everything.
    pub(crate) fn fit(&self) {
        self.eased.set(true);
        self.fitted.set(true);
    }

    /// Scales around the middle.
    pub(crate) fn zoom_by(&self, factor: f64) {
        let size = self.size.get_untracked();
        let middle = Point { x: size.width / 2.0, y: size.height / 2.0 };
        self.eased.set(true);
        self.look(self.view.get_untracked().zoomed(middle, factor));
    }

    /// Shows another part of the picture because the user asked for it.
    pub(crate) fn look(&self, view: Viewport) {
        self.fitted.set(false);
        self.view.set(view);
    }

    /// Forgets where nodes were dragged to, with the way back as long as none is dragged again.
    pub(crate) fn tidy(&self) {
        let positions = self.document.positions;
        let (before, epoch) = (positions.get_untracked(), self.document.epoch());
        let opened = epoch.get_untracked();
        positions.set(BTreeMap::new());
        self.fit();
        let back = move || {
            if epoch.get_untracked() == opened && positions.read_untracked().is_empty() {
                positions.set(before.clone());
            }
        };
        self.notices.offer(Tone::Plain, "Laid out anew.", "Undo", back);
    }

    /// Moves a node to a place.
    pub(crate) fn pin(&self, key: NodeKey, corner: Point) {
        let corner = Point { x: corner.x.round(), y: corner.y.round() };
        self.document.positions.update(|positions| {
            positions.insert(key, corner);
        });
    }

    /// Puts the keyboard on a node and brings it into view.
    pub(crate) fn focus_node(&self, key: &NodeKey) {
        self.focus.set(Some(key.clone()));
        if let Some(rect) = self.layout.read_untracked().nodes.get(key) {
            let view = self.view.get_untracked();
            let shown = view.showing(*rect, self.size.get_untracked());
            if shown != view {
                self.eased.set(true);
                self.look(shown);
            }
        }
        let element = document().get_element_by_id(&element_id(key));
        if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Focus fails only on a detached element, which has no focus to lose.
            let _ = element.focus();
        }
    }

    /// Says something that needs no answer.
    pub(crate) fn say(&self, text: impl Into<String>) {
        self.notices.say(Tone::Plain, text);
    }

    /// Says what was done to the files, with the way back.
    pub(crate) fn done(&self, text: impl Into<String>) {
        offer_undo(self.document, self.notices, text);
    }

    /// Does an intent and says so, or why not.
    pub(crate) fn act(&self, intent: &Intent, done: String) -> bool {
        match self.document.apply(intent) {
            Ok(()) => {
                self.done(done);
                true
            }
            Err(Refusal { reason, .. }) => {
                self.notices.say(Tone::Caution, reason);
                false
            }
        }
    }

    /// Makes a service wait for another: until it is healthy when it has a health check, else until it runs.
    pub(crate) fn connect(&self, service: ServiceName, dependency: ServiceName) {
        if service == dependency {
            return;
        }
        let project = self.document.checked().get_untracked().project.clone();
        let healthy =
            project.and_then(|project| project.services.get(&dependency).map(|it| it.has_healthcheck()));
        let (condition, until) = match healthy {
            Some(true) => (Condition::ServiceHealthy, "is healthy"),
            _ => (Condition::ServiceStarted, "has started"),
        };
        let done = format!("{service} now waits until {dependency} {until}.");
        self.act(&Intent::Connect { service, dependency, condition }, done);
    }

    /// Deletes what a node stands for.
    pub(crate) fn delete(&self, key: &NodeKey) {
        let subject = Subject::from(key);
        let done = format!("Deleted {}.", subject.name());
        if self.act(&Intent::removing(subject), done) {
            self.document.selected.set(None);
            self.focus.set(None);
        }
    }
}

/// Says what was done to the files, with the way back for as long as nothing else was done to them.
pub(crate) fn offer_undo(document: Document, notices: Notices, text: impl Into<String>) {
    let after = document.files().get_untracked();
    let undo = move || {
        if document.files().get_untracked() == after {
            document.undo();
        } else {
            notices.say(Tone::Plain, "The files have changed since. Undo goes back step by step.");
        }
    };
    notices.offer(Tone::Plain, text, "Undo", undo);
}

/// The DOM id of a node.
pub(crate) fn element_id(key: &NodeKey) -> String {
    format!("node.{}", super::card::path_of(key))
}

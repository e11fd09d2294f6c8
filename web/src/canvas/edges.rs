//! The lines: what waits for what, what mounts what, what the world reaches, and the line that is being drawn.

use composeyard_compose::{
    graph::{Edge, NodeKey, Rect},
    model::Condition,
};
use leptos::prelude::*;

use super::{
    board::{Board, Wire},
    route::Route,
};

/// Length of the line that comes from outside to a published port: shorter than the space between two nodes.
const STUB: f64 = 26.0;

/// What tells a line from all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Line {
    from: NodeKey,
    to: NodeKey,
    kind: LineKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum LineKind {
    Waits { condition: Condition, required: bool },
    Mounts { read_only: bool },
}

impl Line {
    fn of(edge: &Edge) -> Self {
        match edge {
            Edge::DependsOn { from, to, condition, required } => Self {
                from: NodeKey::Service(from.clone()),
                to: NodeKey::Service(to.clone()),
                kind: LineKind::Waits { condition: *condition, required: *required },
            },
            Edge::Mounts { service, resource, read_only, .. } => Self {
                from: NodeKey::Service(service.clone()),
                to: resource.clone(),
                kind: LineKind::Mounts { read_only: *read_only },
            },
        }
    }

    fn class(&self) -> String {
        let kind = match (&self.kind, &self.to) {
            (LineKind::Waits { .. }, _) => "waits",
            (LineKind::Mounts { .. }, NodeKey::Volume(_)) => "mounts volume",
            (LineKind::Mounts { .. }, _) => "mounts secret",
        };
        let dashed = matches!(
            self.kind,
            LineKind::Waits { required: false, .. } | LineKind::Mounts { read_only: true }
        );
        format!("line {kind}{}", if dashed { " dashed" } else { "" })
    }
}

/// The word on a line and the class of its colour.
pub(crate) const fn condition_word(condition: Condition) -> (&'static str, &'static str) {
    match condition {
        Condition::ServiceStarted => ("started", ""),
        Condition::ServiceHealthy => ("healthy", "ok"),
        Condition::ServiceCompletedSuccessfully => ("completed", "svc"),
    }
}

/// All lines, with their labels above them.
#[component]
pub(super) fn Edges() -> impl IntoView {
    let board = expect_context::<Board>();
    let lines = move || {
        let mut lines: Vec<Line> = board.graph.read().edges.iter().map(Line::of).collect();
        // A service may mount a volume twice; one line says it.
        lines.dedup();
        lines
    };
    let waits = move || {
        let waits = |line: &Line| matches!(line.kind, LineKind::Waits { .. });
        lines().into_iter().filter(waits).collect::<Vec<_>>()
    };
    let published = move || {
        let cards = board.cards.read();
        cards.iter().filter(|(_, card)| card.published).map(|(key, _)| key.clone()).collect::<Vec<_>>()
    };
    view! {
        <svg class="lines" aria-hidden="true">
            <defs>
                <marker id="arrow" class="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"
                    markerHeight="7" orient="auto-start-reverse" markerUnits="userSpaceOnUse">
                    <path d="M0 0 8 4 0 8z"></path>
                </marker>
                <marker id="arrow-near" class="arrow near" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"
                    markerHeight="7" orient="auto-start-reverse" markerUnits="userSpaceOnUse">
                    <path d="M0 0 8 4 0 8z"></path>
                </marker>
                <marker id="outside" class="outside" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7"
                    markerHeight="7" markerUnits="userSpaceOnUse">
                    <circle cx="4" cy="4" r="3"></circle>
                </marker>
            </defs>
            <For each=lines key=Clone::clone let:line>
                <Curve line />
            </For>
            <For each=published key=Clone::clone let:key>
                <Stub key />
            </For>
            <DrawnWire />
        </svg>
        <For each=waits key=Clone::clone let:line>
            <Label line />
        </For>
    }
}

fn route(board: Board, line: &Line) -> Memo<Option<Route>> {
    let (from, to) = (board.rect(line.from.clone()), board.rect(line.to.clone()));
    Memo::new(move |_| Some(Route::between(from.get()?, to.get()?)))
}

/// True when the selected node is at one end.
fn near(board: Board, line: &Line) -> Memo<bool> {
    let (from, to) = (line.from.clone(), line.to.clone());
    Memo::new(move |_| board.document.selected.read().as_ref().is_some_and(|it| *it == from || *it == to))
}

#[component]
fn Curve(line: Line) -> impl IntoView {
    let board = expect_context::<Board>();
    let (route, near) = (route(board, &line), near(board, &line));
    let arrow = matches!(line.kind, LineKind::Waits { .. });
    let marker = move || arrow.then(|| if near.get() { "url(#arrow-near)" } else { "url(#arrow)" });
    view! {
        <path
            class=line.class()
            class:near=near
            d=move || route.get().map(|route| route.path())
            marker-end=marker
        ></path>
    }
}

#[component]
fn Label(line: Line) -> impl IntoView {
    let board = expect_context::<Board>();
    let (route, near) = (route(board, &line), near(board, &line));
    let LineKind::Waits { condition, required } = line.kind else { return ().into_any() };
    let (word, tone) = condition_word(condition);
    let word = if required { word.to_owned() } else { format!("{word}, optional") };
    let place = move || {
        let at = route.get().map(|route| route.middle()).unwrap_or_default();
        format!("translate({:.1}px, {:.1}px) translate(-50%, -50%)", at.x, at.y)
    };
    view! { <span class=format!("line-label {tone}") class:near=near style:transform=place>{word}</span> }
        .into_any()
}

/// The dashed line from outside to a service that publishes a port.
#[component]
fn Stub(key: NodeKey) -> impl IntoView {
    let board = expect_context::<Board>();
    let rect = board.rect(key);
    let path = move || {
        let Rect { at, size } = rect.get()?;
        let y = at.y + size.height.min(62.0) / 2.0;
        Some(format!("M{:.1} {y:.1}H{:.1}", at.x - STUB, at.x))
    };
    view! { <path class="line outside" d=path marker-start="url(#outside)"></path> }
}

/// The connection that is being drawn.
#[component]
fn DrawnWire() -> impl IntoView {
    let board = expect_context::<Board>();
    let path = move || {
        let Wire { from, to } = board.wire.get()?;
        let layout = board.layout.read();
        let start = layout.nodes.get(&NodeKey::Service(from))?;
        if let Some(point) = to {
            return Some(Route::to_point(*start, point).path());
        }
        let end = layout.nodes.get(board.focus.read().as_ref()?)?;
        (end != start).then(|| Route::between(*start, *end).path())
    };
    view! { <path class="line drawn" d=path marker-end="url(#arrow-near)"></path> }
}

#[cfg(test)]
mod tests {
    use composeyard_compose::ServiceName;

    use super::*;

    fn waits(required: bool) -> Line {
        let name = |name: &str| ServiceName::new(name).unwrap();
        Line::of(&Edge::DependsOn {
            from: name("web"),
            to: name("app"),
            condition: Condition::ServiceHealthy,
            required,
        })
    }

    #[test]
    fn an_optional_dependency_is_dashed() {
        assert_eq!(waits(true).class(), "line waits");
        assert_eq!(waits(false).class(), "line waits dashed");
    }

    #[test]
    fn every_condition_has_its_word() {
        assert_eq!(condition_word(Condition::ServiceHealthy).0, "healthy");
        assert_eq!(condition_word(Condition::ServiceStarted).0, "started");
        assert_eq!(condition_word(Condition::ServiceCompletedSuccessfully).0, "completed");
    }
}

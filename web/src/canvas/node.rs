//! A node's card.

use composeyard_compose::{Severity, graph::NodeKey};
use leptos::{ev, prelude::*};

use super::{
    board::{Board, element_id},
    card::{Card, Chip, ChipKind, Findings, tally},
    gesture::Target,
    stage::Hands,
};
use crate::{
    icons::{Glyph, Icon},
    run::{Run, ServiceView, Tone},
};

/// One node, at its place.
#[component]
pub(super) fn NodeCard(key: NodeKey) -> impl IntoView {
    let board = expect_context::<Board>();
    let hands = expect_context::<Hands>();
    let checked = board.document.checked();
    let rect = board.rect(key.clone());
    let (kind, name) = kind_and_name(&key);
    let (id, test_id) = (element_id(&key), format!("node-{name}"));
    let stored = StoredValue::new(key);

    let card = Memo::new(move |_| stored.with_value(|key| board.cards.read().get(key).cloned()));
    let findings = Memo::new(move |_| stored.with_value(|key| tally(&checked.get().loaded.diagnostics, key)));
    let selected =
        Memo::new(move |_| stored.with_value(|key| board.document.selected.read().as_ref() == Some(key)));
    let moving = Memo::new(move |_| {
        stored.with_value(|key| board.drag.read().as_ref().is_some_and(|(it, _)| it == key))
    });
    // Tab reaches one node only: the one with the focus, else the first.
    let reached = Memo::new(move |_| {
        stored.with_value(|key| match &*board.focus.read() {
            Some(focus) => focus == key,
            None => board.graph.read().nodes.first() == Some(key),
        })
    });
    let live = live(stored);
    let drift = drift(stored);
    let target = Memo::new(move |_| {
        let wire = board.wire.get()?;
        let from = NodeKey::Service(wire.from);
        Some(stored.with_value(|key| *key != from && matches!(key, NodeKey::Service(_))))
    });

    let down = move |event: ev::PointerEvent| {
        let corner = rect.get_untracked().unwrap_or_default().at;
        hands.down(board, &event, Target::Node(stored.get_value(), corner));
    };
    view! {
        <div
            id=id
            class=format!("node {kind}")
            class:selected=selected
            class:moving=moving
            class:target=move || target.get() == Some(true)
            class:disabled=move || card.read().as_ref().is_some_and(|card| card.disabled)
            data-testid=test_id
            role="option"
            aria-selected=move || selected.get().to_string()
            aria-label=move || card.read().as_ref().map(|card| label(kind, card, live.get(), drift.get(), findings.get()))
            tabindex=move || if reached.get() { "0" } else { "-1" }
            style:transform=move || {
                let at = rect.get().unwrap_or_default().at;
                format!("translate({:.1}px, {:.1}px)", at.x, at.y)
            }
            style:width=move || format!("{}px", rect.get().unwrap_or_default().size.width)
            style:height=move || format!("{}px", rect.get().unwrap_or_default().size.height)
            on:pointerdown=down
            on:focus=move |_| board.focus.set(Some(stored.get_value()))
        >
            {match kind {
                "service" => view! { <ServiceFace card findings live drift key=stored /> }.into_any(),
                _ => view! { <ResourceFace card findings glyph=glyph_of(kind) /> }.into_any(),
            }}
        </div>
    }
}

/// What runs of a service; none before anything does.
fn live(key: StoredValue<NodeKey>) -> Memo<Option<ServiceView>> {
    let run = expect_context::<Run>();
    Memo::new(move |_| {
        let name = key.with_value(|key| match key {
            NodeKey::Service(name) => Some(name.clone()),
            _ => None,
        })?;
        Some(run.service_view(name.as_str())).filter(|live| live.total > 0)
    })
}

/// Why what runs of a service is not what the files say.
fn drift(key: StoredValue<NodeKey>) -> Memo<Option<String>> {
    let run = expect_context::<Run>();
    Memo::new(move |_| {
        key.with_value(|key| match key {
            NodeKey::Service(name) => run.drift_of(name.as_str()).map(|drift| drift.reason),
            _ => None,
        })
    })
}

/// What a service's card shows.
#[component]
fn ServiceFace(
    card: Memo<Option<Card>>,
    findings: Memo<Option<Findings>>,
    live: Memo<Option<ServiceView>>,
    drift: Memo<Option<String>>,
    key: StoredValue<NodeKey>,
) -> impl IntoView {
    let board = expect_context::<Board>();
    let hands = expect_context::<Hands>();
    let draw = move |event: ev::PointerEvent| {
        if let NodeKey::Service(service) = key.get_value() {
            hands.down(board, &event, Target::Handle(service));
        }
    };
    let text = move |part: fn(&Card) -> String| move || card.read().as_ref().map(part);
    let rows = move || card.get().map(|card| card.chips).unwrap_or_default();
    let tone = move || live.read().as_ref().map_or(Tone::Idle, |live| live.tone);
    let note = move || live.get().map(|live| live.word).or_else(text(replicas_note));
    let test_id = key.with_value(|key| format!("service-state-{}", kind_and_name(key).1));
    let has_line = move || card.read().as_ref().is_some_and(|card| !card.line.is_empty());
    view! {
        <header class="node-head">
            <i class=move || format!("dot {}", tone().class()) aria-hidden="true"></i>
            <span class="node-name" title=text(|card| card.name.clone())>{text(|card| card.name.clone())}</span>
            <FindingMark findings />
            <span class="node-note" data-testid=test_id>{note}</span>
            {move || drift.get().map(|reason| view! {
                <span class="node-drift" data-testid="node-drift" title=format!("Differs from the files: {reason}")>
                    <Icon glyph=Glyph::Differs />
                </span>
            })}
        </header>
        <p class="node-image" class:missing=move || !has_line() title=text(|card| card.line.clone())>
            {move || if has_line() { text(|card| card.line.clone())() } else { Some("no image".to_owned()) }}
        </p>
        {move || rows().into_iter().map(|row| view! {
            <p class="chips">{row.into_iter().map(chip).collect_view()}</p>
        }).collect_view()}
        <span class="node-handle" aria-hidden="true" title="Drag to the service it waits for" on:pointerdown=draw></span>
    }
}

/// What the card of a volume, secret or config shows.
#[component]
fn ResourceFace(card: Memo<Option<Card>>, findings: Memo<Option<Findings>>, glyph: Glyph) -> impl IntoView {
    let text = move |part: fn(&Card) -> String| move || card.read().as_ref().map(part);
    view! {
        <header class="node-head">
            <Icon glyph />
            <span class="node-name" title=text(|card| card.name.clone())>{text(|card| card.name.clone())}</span>
            <FindingMark findings />
        </header>
        <p class="node-image" title=text(|card| card.line.clone())>{text(|card| card.line.clone())}</p>
    }
}

/// How many findings, with the shape of the worst.
#[component]
fn FindingMark(findings: Memo<Option<Findings>>) -> impl IntoView {
    move || {
        findings.get().map(|Findings { worst, count }| {
            let (class, glyph) = severity(worst);
            view! {
                <span class=format!("node-findings {class}") title=problems(count)>
                    <Icon glyph />
                    {(count > 1).then_some(count)}
                </span>
            }
        })
    }
}

/// The class and the shape of a severity.
pub(crate) const fn severity(severity: Severity) -> (&'static str, Glyph) {
    match severity {
        Severity::Error => ("bad", Glyph::Error),
        Severity::Warning => ("warn", Glyph::Warning),
        Severity::Hint => ("idle", Glyph::Hint),
    }
}

fn chip(chip: Chip) -> impl IntoView {
    let class = match chip.kind {
        ChipKind::Port => "chip port",
        ChipKind::Volume => "chip vol",
        ChipKind::Plain => "chip",
    };
    view! { <span class=class title=chip.title>{chip.text}</span> }
}

fn replicas_note(card: &Card) -> String {
    match (card.disabled, card.replicas) {
        (true, _) => "off in this profile".to_owned(),
        (false, 1) => String::new(),
        (false, count) => format!("×{count}"),
    }
}

fn problems(count: usize) -> String {
    if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") }
}

/// What a screen reader says of a node.
fn label(
    kind: &str,
    card: &Card,
    live: Option<ServiceView>,
    drift: Option<String>,
    findings: Option<Findings>,
) -> String {
    let mut parts = vec![card.name.clone(), kind.to_owned()];
    parts.extend(live.map(|live| live.word));
    parts.extend(drift.map(|_| "differs from the files".to_owned()));
    if !card.line.is_empty() {
        parts.push(card.line.clone());
    }
    if card.replicas != 1 {
        parts.push(format!("{} replicas", card.replicas));
    }
    parts.extend(card.chips.iter().flatten().map(|chip| chip.text.clone()));
    parts.extend(findings.map(|findings| problems(findings.count)));
    parts.join(", ")
}

fn kind_and_name(key: &NodeKey) -> (&'static str, String) {
    match key {
        NodeKey::Service(name) => ("service", name.to_string()),
        NodeKey::Volume(name) => ("volume", name.clone()),
        NodeKey::Secret(name) => ("secret", name.clone()),
        NodeKey::Config(name) => ("config", name.clone()),
        NodeKey::Network(name) => ("network", name.clone()),
    }
}

fn glyph_of(kind: &str) -> Glyph {
    match kind {
        "volume" => Glyph::Volume,
        "secret" => Glyph::Secret,
        _ => Glyph::Config,
    }
}

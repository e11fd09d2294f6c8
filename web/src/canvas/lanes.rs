//! Networks: a lane around the services on each.

use std::sync::Arc;

use composeyard_compose::graph::{self, Lane, NodeKey, Rect};
use leptos::{ev, prelude::*};

use super::board::Board;

/// All lanes, behind everything else.
#[component]
pub(super) fn Lanes() -> impl IntoView {
    let board = expect_context::<Board>();
    // Lanes follow a node that is dragged out of them.
    let rects = Memo::new(move |_| {
        let layout = board.layout.get();
        match board.drag.get() {
            None => layout.lanes.clone(),
            Some((key, corner)) => {
                let mut nodes = layout.nodes.clone();
                if let Some(rect) = nodes.get_mut(&key) {
                    rect.at = corner;
                }
                graph::lanes(&board.graph.read(), &nodes).0
            }
        }
    });
    let lanes = move || {
        board
            .graph
            .get()
            .lanes
            .iter()
            .cloned()
            .enumerate()
            .map(|(at, lane)| (at, Arc::new(lane)))
            .collect::<Vec<_>>()
    };
    view! {
        <For each=lanes key=|(at, lane)| (*at, lane.network.clone(), title(lane)) let((at, lane))>
            <NetworkLane lane rect=Memo::new(move |_| rects.read().get(at).copied().unwrap_or_default()) />
        </For>
    }
}

fn title(lane: &Lane) -> String {
    let mut words = vec![lane.network.clone()];
    words.push(if lane.driver.is_empty() { "bridge".to_owned() } else { lane.driver.clone() });
    words.extend(lane.internal.then(|| "internal".to_owned()));
    words.extend(lane.external.then(|| "external".to_owned()));
    words.join(" · ")
}

#[component]
fn NetworkLane(lane: Arc<Lane>, rect: Memo<Rect>) -> impl IntoView {
    let board = expect_context::<Board>();
    let key = NodeKey::Network(lane.network.clone());
    let selected = {
        let key = key.clone();
        Memo::new(move |_| board.document.selected.read().as_ref() == Some(&key))
    };
    let select = move |_| board.document.selected.set(Some(key.clone()));
    let place = move || {
        let at = rect.get().at;
        format!("translate({:.1}px, {:.1}px)", at.x, at.y)
    };
    view! {
        <div
            class="lane"
            class:selected=selected
            class:empty=lane.members.is_empty()
            data-testid=format!("lane-{}", lane.network)
            style:transform=place
            style:width=move || format!("{:.1}px", rect.get().size.width)
            style:height=move || format!("{:.1}px", rect.get().size.height)
        >
            <button
                class="lane-name"
                aria-pressed=move || selected.get().to_string()
                title=format!("Network {}", lane.network)
                on:pointerdown=|event: ev::PointerEvent| event.stop_propagation()
                on:click=select
            >
                {title(&lane)}
            </button>
        </div>
    }
}

//! The board itself: turns events into gestures and keys into actions, and shows the picture under one transform.

use composeyard_compose::graph::{NodeKey, Point, Size};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};

use super::{
    board::{Board, Wire},
    edges::Edges,
    gesture::{Act, Gestures, Target},
    lanes::Lanes,
    node::NodeCard,
    step::{self, Direction},
    viewport::Viewport,
};

/// How far Alt with an arrow key moves a node, in canvas units.
const NUDGE: f64 = 16.0;
/// A step of a wheel that counts in lines, in CSS pixels.
const LINE: f64 = 16.0;

/// Pointers and keys that are down.
#[derive(Clone, Copy)]
pub(super) struct Hands {
    gestures: StoredValue<Gestures, LocalStorage>,
    space: RwSignal<bool>,
    root: NodeRef<html::Section>,
}

impl Hands {
    /// Where an event happened, in CSS pixels from the board's upper left corner.
    fn place(&self, event: &ev::MouseEvent) -> Point {
        let corner = self.root.get_untracked().map(|root| root.get_bounding_client_rect());
        let (left, top) = corner.map_or((0.0, 0.0), |corner| (corner.left(), corner.top()));
        Point { x: f64::from(event.client_x()) - left, y: f64::from(event.client_y()) - top }
    }

    /// Begins a gesture. The space bar and the middle button pan wherever they go down.
    pub(super) fn down(&self, board: Board, event: &ev::PointerEvent, target: Target) {
        if !matches!(event.button(), 0 | 1) {
            return;
        }
        event.stop_propagation();
        let pan = event.button() == 1 || self.space.get_untracked();
        let target = if pan { Target::Background } else { target };
        if let Some(root) = self.root.get_untracked() {
            // Without the capture a fast pointer can leave the board unseen; everything else still works.
            let _ = root.set_pointer_capture(event.pointer_id());
        }
        board.eased.set(false);
        let at = self.place(event);
        self.gestures.update_value(|gestures| {
            gestures.down(event.pointer_id(), at, target, board.view.get_untracked());
        });
    }

    fn moved(&self, board: Board, event: &ev::PointerEvent) {
        let (at, view) = (self.place(event), board.view.get_untracked());
        let act = self.gestures.try_update_value(|gestures| gestures.moved(event.pointer_id(), at, view));
        act.into_iter().for_each(|act| perform(board, act));
    }

    fn up(&self, board: Board, event: &ev::PointerEvent) {
        let (at, view) = (self.place(event), board.view.get_untracked());
        let act = self.gestures.try_update_value(|gestures| gestures.up(event.pointer_id(), at, view));
        act.into_iter().for_each(|act| perform(board, act));
    }

    fn cancel(&self, board: Board, event: &ev::PointerEvent) {
        let act = self.gestures.try_update_value(|gestures| gestures.cancel(event.pointer_id()));
        act.into_iter().for_each(|act| perform(board, act));
    }
}

fn perform(board: Board, act: Act) {
    match act {
        Act::Nothing => {}
        Act::View(view) => board.look(view),
        Act::Drag(key, corner) => board.drag.set(Some((key, corner))),
        Act::Drop(key, corner) => {
            // The view stays where it is: a fit now would move the node away from the pointer.
            board.fitted.set(false);
            board.document.selected.set(Some(key.clone()));
            board.pin(key, corner);
            board.drag.set(None);
        }
        Act::Wire(from, at) => board.wire.set(Some(Wire { from, to: Some(at) })),
        Act::Connect(from, at) => {
            board.wire.set(None);
            let target = step::node_at(&board.layout.read_untracked().nodes, at).cloned();
            if let Some(NodeKey::Service(to)) = target {
                board.connect(from, to);
            }
        }
        Act::TapNode(key) => {
            board.document.selected.set(Some(key.clone()));
            board.focus_node(&key);
        }
        Act::TapBackground => board.document.selected.set(None),
        Act::Cancel => {
            board.drag.set(None);
            board.wire.set(None);
        }
    }
}

fn wheel(board: Board, hands: Hands, event: &ev::WheelEvent) {
    event.prevent_default();
    board.eased.set(false);
    let scale = if event.delta_mode() == web_sys::WheelEvent::DOM_DELTA_LINE { LINE } else { 1.0 };
    let (dx, dy) = (event.delta_x() * scale, event.delta_y() * scale);
    let view = board.view.get_untracked();
    if event.ctrl_key() || event.meta_key() {
        board.look(view.zoomed(hands.place(event), (-dy.clamp(-80.0, 80.0) * 0.006).exp()));
    } else if event.shift_key() && dx == 0.0 {
        board.look(view.panned(-dy, 0.0));
    } else {
        board.look(view.panned(-dx, -dy));
    }
}

/// True when the key was meant for the canvas.
fn key(board: Board, event: &ev::KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() {
        return false;
    }
    let focus = board.focus.get_untracked();
    if let Some(direction) = Direction::of_key(&event.key()) {
        arrow(board, focus, direction, event.alt_key());
        return true;
    }
    match (event.key().as_str(), focus) {
        ("Enter", Some(node)) => enter(board, node),
        ("Delete" | "Backspace", Some(node)) => board.delete(&node),
        ("c", Some(NodeKey::Service(from))) => {
            board.say(format!("Connect {from}: go to another service and press Enter. Escape cancels."));
            board.wire.set(Some(Wire { from, to: None }));
        }
        ("Escape", _) if board.wire.get_untracked().is_some() => board.wire.set(None),
        ("Escape", _) => board.document.selected.set(None),
        ("a", _) => board.adding.set(true),
        ("+" | "=", _) => board.zoom_by(1.2),
        ("-", _) => board.zoom_by(1.0 / 1.2),
        ("0", _) => board.fit(),
        _ => return false,
    }
    true
}

fn arrow(board: Board, focus: Option<NodeKey>, direction: Direction, nudge: bool) {
    let layout = board.layout.get_untracked();
    let here = focus.filter(|key| layout.nodes.contains_key(key));
    let Some(here) = here else {
        if let Some(first) = board.graph.get_untracked().nodes.first() {
            board.focus_node(first);
        }
        return;
    };
    if nudge {
        let (corner, unit) = (layout.nodes[&here].at, direction.unit());
        board.pin(here, Point { x: corner.x + unit.x * NUDGE, y: corner.y + unit.y * NUDGE });
    } else if let Some(next) = step::neighbour(&layout.nodes, &here, direction) {
        board.focus_node(&next);
    }
}

fn enter(board: Board, node: NodeKey) {
    match (board.wire.get_untracked(), node) {
        (Some(Wire { from, .. }), NodeKey::Service(to)) => {
            board.wire.set(None);
            board.connect(from, to);
        }
        (_, node) => board.document.selected.set(Some(node)),
    }
}

/// Follows the size of the board, and fits the picture as long as the user has not moved it.
fn follow_size(board: Board, root: NodeRef<html::Section>) {
    Effect::new(move |_| {
        let Some(root) = root.get() else { return };
        let watched = root.clone();
        let measure = move || {
            let size =
                Size { width: f64::from(watched.client_width()), height: f64::from(watched.client_height()) };
            if size.width > 0.0 && board.size.try_get_untracked().is_some_and(|known| known != size) {
                board.size.set(size);
            }
        };
        measure();
        let callback = Closure::<dyn FnMut()>::new(measure);
        let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) else { return };
        observer.observe(&root);
        let kept = StoredValue::new_local((observer, callback));
        on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
    });
    Effect::new(move |_| {
        let (bounds, size) = (board.layout.read().bounds, board.size.get());
        if board.fitted.get() && size.width > 0.0 && bounds.size.width > 0.0 {
            board.view.set(Viewport::fit(bounds, size));
        }
    });
    Effect::new(move |seen: Option<u64>| {
        let epoch = board.document.epoch().get();
        if seen.is_some_and(|seen| seen != epoch) {
            board.focus.set(None);
            board.wire.set(None);
            board.eased.set(false);
            board.fitted.set(true);
        }
        epoch
    });
}

/// The board.
#[component]
pub(super) fn Stage() -> impl IntoView {
    let board = expect_context::<Board>();
    let root = NodeRef::<html::Section>::new();
    let hands =
        Hands { gestures: StoredValue::new_local(Gestures::default()), space: RwSignal::new(false), root };
    provide_context(hands);
    follow_size(board, root);

    let space = move |event: &ev::KeyboardEvent, down: bool| {
        if event.key() == " " {
            event.prevent_default();
            hands.space.set(down);
        }
    };
    let dots = move || {
        let view = board.view.get();
        let step = view.dots();
        (format!("{:.2}px {:.2}px", view.offset.x, view.offset.y), format!("{step:.2}px {step:.2}px"))
    };
    let far = Memo::new(move |_| board.view.get().is_far());
    let nodes = move || board.graph.get().nodes.clone();
    let checked = board.document.checked();
    let stale = Memo::new(move |_| checked.get().stale);

    view! {
        <section
            node_ref=root
            class="board"
            class:stale=stale
            class:grab=hands.space
            class:wiring=move || board.wire.read().is_some()
            aria-label="Canvas"
            aria-describedby="board-keys"
            style:background-position=move || dots().0
            style:background-size=move || dots().1
            on:pointerdown=move |event| hands.down(board, &event, Target::Background)
            on:pointermove=move |event| hands.moved(board, &event)
            on:pointerup=move |event| hands.up(board, &event)
            on:pointercancel=move |event| hands.cancel(board, &event)
            on:wheel=move |event| wheel(board, hands, &event)
            on:keydown=move |event| {
                space(&event, true);
                if key(board, &event) {
                    event.prevent_default();
                }
            }
            on:keyup=move |event| space(&event, false)
        >
            <p id="board-keys" class="visually-hidden">
                "Arrow keys go from node to node, Alt with an arrow key moves a node, Enter selects, c connects, \
                 Delete deletes, a adds a service, plus and minus zoom, 0 shows everything."
            </p>
            <div class="world" class:eased=board.eased class:far=far style:transform=move || board.view.get().transform()>
                <Lanes />
                <Edges />
                <div role="listbox" aria-label="Services, volumes, secrets and configs">
                    <For each=nodes key=Clone::clone let:key>
                        <NodeCard key />
                    </For>
                </div>
            </div>
            <Show when=move || stale.get()>
                <p class="stale-badge">"Out of date: the text has an error"</p>
            </Show>
            <Show when=move || board.graph.read().nodes.is_empty() && !stale.get()>
                <div class="board-empty">
                    <Show
                        when=move || checked.read().project.is_some()
                        fallback=|| view! { <p>"Nothing to draw yet: the text has an error."</p> }
                    >
                        <p>"No services yet."</p>
                        <button class="btn primary" on:click=move |_| board.adding.set(true)>
                            "Add a service"
                        </button>
                    </Show>
                </div>
            </Show>
        </section>
    }
}

//! The pane: toolbar over the virtual list.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::ResizeObserver;

use super::{
    feed::Flow,
    list::{List, ROW},
    row::LogRow,
    toolbar::Toolbar,
};
use crate::run::{Run, count};

/// The containers' output.
#[component]
pub fn LogsPane() -> impl IntoView {
    let logs = expect_context::<Run>().logs;
    let list = List::new(logs);
    let times = RwSignal::new(true);
    // JavaScript counts minutes behind UTC.
    let minutes_behind = js_sys::Date::new_0().get_timezone_offset() as i64;

    Effect::new(move |_| {
        logs.revision.track();
        list.layout();
    });
    Effect::new(move |_| {
        logs.hidden.track();
        list.refilter();
    });
    let observer = watch_size(list);
    on_cleanup(move || {
        observer.with_value(|(observer, _)| observer.iter().for_each(ResizeObserver::disconnect));
    });

    let empty = move || list.total.get() == 0;
    let name_width = move || {
        logs.revision.track();
        let widest = logs.with(|intake| intake.sources().iter().map(|source| source.name.len()).max());
        format!("{}ch", widest.unwrap_or(8).min(24) + 2)
    };
    view! {
        <div class="logs" class:no-times=move || !times.get() data-testid="logs">
            <Toolbar list times/>
            <div class="logs-body">
                <div
                    class="logs-scroll"
                    node_ref=list.scroller
                    tabindex="0"
                    role="log"
                    aria-live="off"
                    aria-label="Log lines"
                    on:scroll=move |_| list.scrolled()
                >
                    <div class="logs-space" node_ref=list.spacer>
                        <div
                            class="logs-rows"
                            style:transform=move || format!("translateY({}px)", list.shown.read().0 as f64 * ROW)
                            style=("--log-name", name_width)
                        >
                            <For each=move || list.shown.get().1 key=|seq| *seq let:seq>
                                <LogRow seq list minutes_behind/>
                            </For>
                        </div>
                    </div>
                </div>
                <Show when=empty>
                    <div class="empty logs-empty">{move || empty_words(logs.flow.get())}</div>
                </Show>
                <Show when=move || !list.follow.get()>
                    <button class="btn small logs-more" data-testid="logs-follow" on:click=move |_| list.follow_end()>
                        {move || match list.unseen.get() {
                            0 => "Follow".to_owned(),
                            lines => count(lines, "new line", "new lines"),
                        }}
                    </button>
                </Show>
            </div>
        </div>
    }
}

fn empty_words(flow: Flow) -> &'static str {
    match flow {
        Flow::Idle => "Lines appear here when the stack runs.",
        Flow::Live => "No lines yet.",
        Flow::Waiting => "The connection is lost. Lines go on where they stopped.",
    }
}

type Watched = StoredValue<(Option<ResizeObserver>, Closure<dyn FnMut()>), LocalStorage>;

/// Draws anew when the pane's size changes or it comes into sight.
fn watch_size(list: List) -> Watched {
    let changed = Closure::<dyn FnMut()>::new(move || list.layout());
    let observer = ResizeObserver::new(changed.as_ref().unchecked_ref()).ok();
    let watched = StoredValue::new_local((observer, changed));
    Effect::new(move |_| {
        if let Some(scroller) = list.scroller.get() {
            watched
                .with_value(|(observer, _)| observer.iter().for_each(|observer| observer.observe(&scroller)));
        }
    });
    watched
}

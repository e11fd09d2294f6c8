//! Search in what is loaded: matches are counted a slice at a time, so that typing never waits for a million lines.

use composeyard_logs::{search::Needle, view::Matches};
use leptos::{ev, prelude::*};

use super::list::List;
use crate::{
    icons::{Glyph, Icon},
    run::thousands,
};

/// Lines looked at between two frames.
const SLICE: usize = 20_000;

/// The search box.
#[component]
pub fn Find(
    /// The list that is searched.
    list: List,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let found = RwSignal::new((0_usize, true));
    let round = StoredValue::new(0_u64);
    let searching = move || Needle::new(&query.read()).is_some();

    Effect::new(move |_| {
        let needle = Needle::new(&query.read());
        list.logs.hidden.track();
        list.matches.set_value(needle.map(Matches::new));
        list.current.set(None);
        list.searched.update(|searched| *searched += 1);
        begin(list, found, round);
    });
    Effect::new(move |_| {
        list.logs.revision.track();
        begin(list, found, round);
    });

    let words = move || {
        let (count, done) = found.get();
        let place = list
            .current
            .get()
            .and_then(|seq| list.matches.with_value(|matches| matches.as_ref()?.place(seq)));
        let more = if done { "" } else { "…" };
        match (count, place) {
            (0, _) if done => "none".to_owned(),
            (count, Some(place)) => format!("{} of {}{more}", thousands(place), thousands(count)),
            (count, None) => format!("{}{more}", thousands(count)),
        }
    };
    let key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "Enter" => list.go_to_match(event.shift_key()),
        "Escape" => query.set(String::new()),
        _ => {}
    };
    view! {
        <span class="logs-find" role="search">
            <input
                class="input"
                type="search"
                data-testid="search-logs"
                aria-label="Search the lines"
                placeholder="Search all lines"
                prop:value=move || query.get()
                on:input=move |event| query.set(event_target_value(&event))
                on:keydown=key
            />
            <Show when=searching>
                <span class="logs-found" role="status" data-testid="logs-found">{words}</span>
                <button class="icon-btn small up" aria-label="Previous match" on:click=move |_| list.go_to_match(false)>
                    <Icon glyph=Glyph::Down/>
                </button>
                <button class="icon-btn small" aria-label="Next match" on:click=move |_| list.go_to_match(true)>
                    <Icon glyph=Glyph::Down/>
                </button>
            </Show>
        </span>
    }
}

/// Looks through what is new, a slice a frame, until a later round takes over.
fn begin(list: List, found: RwSignal<(usize, bool)>, round: StoredValue<u64>) {
    round.update_value(|round| *round += 1);
    slice(list, found, round, round.get_value());
}

fn slice(list: List, found: RwSignal<(usize, bool)>, round: StoredValue<u64>, mine: u64) {
    if round.try_get_value() != Some(mine) {
        return;
    }
    let done = list.search_some(SLICE);
    let count = list.matches.with_value(|matches| matches.as_ref().map_or(0, Matches::count));
    if found.get_untracked() != (count, done) {
        found.set((count, done));
    }
    if !done {
        request_animation_frame(move || slice(list, found, round, mine));
    }
}

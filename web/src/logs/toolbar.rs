//! What can be done with the lines: choose services, search, pause, times, clear, download.

use leptos::prelude::*;

use super::{feed::Flow, find::Find, list::List, text};
use crate::{
    document::Document,
    download::download_text,
    icons::{Glyph, Icon},
    run::{count, thousands},
};

/// The bar above the lines.
#[component]
pub fn Toolbar(
    /// The list below.
    list: List,
    /// Whether times are shown.
    times: RwSignal<bool>,
) -> impl IntoView {
    let logs = list.logs;
    let project = expect_context::<Document>().name();
    let download = move |_| {
        let behind = js_sys::Date::new_0().get_timezone_offset() as i64;
        let text = logs.with(|intake| text::whole_log(intake, behind));
        download_text(&format!("{}.log", project.get_untracked()), &text);
    };
    let pause = move |_| if list.follow.get_untracked() { list.stop_following() } else { list.follow_end() };
    let empty = move || list.total.get() == 0;
    view! {
        <div class="logs-bar">
            <FlowPill list/>
            <ServiceChips list/>
            <span class="grow"></span>
            <Find list/>
            <button class="btn small" data-testid="logs-pause" on:click=pause>
                {move || if list.follow.get() { "Pause" } else { "Follow" }}
            </button>
            <button
                class="btn small"
                aria-pressed=move || times.get().to_string()
                on:click=move |_| times.update(|times| *times = !*times)
            >
                "Times"
            </button>
            <button class="icon-btn small" data-testid="logs-clear" aria-label="Clear the lines shown" title="Clear" disabled=empty on:click=move |_| logs.clear()>
                <Icon glyph=Glyph::Trash/>
            </button>
            <button class="icon-btn small" data-testid="logs-download" aria-label="Download the lines" title="Download" disabled=empty on:click=download>
                <Icon glyph=Glyph::Download/>
            </button>
        </div>
    }
}

#[component]
fn FlowPill(list: List) -> impl IntoView {
    let logs = list.logs;
    let dot = move || match (logs.flow.get(), list.follow.get()) {
        (Flow::Live, true) => "dot ok",
        (Flow::Live, false) | (Flow::Waiting, _) => "dot warn",
        (Flow::Idle, _) => "dot idle",
    };
    let words = move || {
        let state = match (logs.flow.get(), list.follow.get()) {
            (Flow::Live, true) => "live",
            (Flow::Live, false) => "paused",
            (Flow::Waiting, _) => "reconnecting",
            (Flow::Idle, _) => "not running",
        };
        format!("{state} · {}", count(list.total.get(), "line", "lines"))
    };
    let dropped = move || {
        logs.revision.track();
        let (dropped, max) = logs.with(|intake| (intake.ring.dropped(), super::intake::MAX_LINES));
        match usize::try_from(dropped) {
            Ok(0) | Err(_) => String::new(),
            Ok(dropped) => {
                format!("{} older lines are no longer kept; up to {} are", thousands(dropped), thousands(max))
            }
        }
    };
    view! {
        <span class="pill logs-flow" data-testid="logs-state" title=dropped>
            <i class=dot></i>
            {words}
        </span>
    }
}

#[component]
fn ServiceChips(list: List) -> impl IntoView {
    let logs = list.logs;
    let services = Memo::new(move |_| logs.services());
    let chip = move |service: String| {
        let place = logs.with(|intake| intake.service_place(&service));
        let class = format!("log-chip {}", text::color_class(place));
        let (shown, toggled) = (service.clone(), service.clone());
        let pressed = move || (!logs.hidden.read().contains(&shown)).to_string();
        view! {
            <button class=class data-testid=format!("logs-service-{service}") aria-pressed=pressed title="Show or hide its lines" on:click=move |_| logs.toggle(&toggled)>
                {service.clone()}
            </button>
        }
    };
    view! {
        <span class="log-chips" role="group" aria-label="Services">
            <For each=move || services.get() key=|service| service.clone() children=chip/>
        </span>
    }
}

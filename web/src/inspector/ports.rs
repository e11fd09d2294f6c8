//! Published ports: a row for each, in the short form.

use composeyard_compose::{
    ServiceName,
    edit::{Intent, Refusal},
};
use leptos::prelude::*;

use super::{
    check,
    field::{Commit, Provenance, Refused, Section, TextField, apply, wrong},
    sheet::Sheet,
};
use crate::{
    document::Document,
    icons::{Glyph, Icon},
};

/// The rows.
#[component]
pub(super) fn Ports(service: StoredValue<ServiceName>, sheet: Memo<Sheet>) -> impl IntoView {
    let document = expect_context::<Document>();
    let count = Memo::new(move |_| sheet.read().ports.len());
    let add = Commit::new(move |port: String| {
        let port = port.trim().to_owned();
        if port.is_empty() {
            return None;
        }
        wrong(check::port(&port))
            .or_else(|| apply(document, &Intent::AddPort { service: service.get_value(), port }))
    });
    view! {
        <Section title="Ports">
            <ul class="rows">
                <For each=move || 0..count.get() key=|index| *index let:index>
                    <PortRow service sheet index />
                </For>
            </ul>
            <TextField
                label="Add a port"
                class="adds"
                test_id="inspector-add-port"
                placeholder="Add, such as 8080:80"
                value=Signal::stored(String::new())
                commit=add
                adds=true
            />
        </Section>
    }
}

#[component]
fn PortRow(service: StoredValue<ServiceName>, sheet: Memo<Sheet>, index: usize) -> impl IntoView {
    let document = expect_context::<Document>();
    let port = Memo::new(move |_| sheet.read().ports.get(index).cloned().unwrap_or_default());
    let remove = move || Intent::RemovePort { service: service.get_value(), index };
    let commit = Commit::new(move |port: String| {
        let port = port.trim().to_owned();
        if port.is_empty() {
            return apply(document, &remove());
        }
        let set = |port| Intent::SetPort { service: service.get_value(), index, port };
        wrong(check::port(&port)).or_else(|| apply(document, &set(port)))
    });
    let refused = RwSignal::new(None::<Refusal>);
    view! {
        <li class="row">
            <TextField
                label=format!("Port {}", index + 1)
                value=Signal::derive(move || port.get().text)
                commit
            />
            {move || port.get().place.map(|place| view! { <Provenance place short=true /> })}
            <button
                class="icon-btn small"
                aria-label=move || format!("Remove port {}", port.read().text)
                title="Remove"
                on:click=move |_| refused.set(apply(document, &remove()))
            >
                <Icon glyph=Glyph::Close />
            </button>
            <Refused refused />
        </li>
    }
}

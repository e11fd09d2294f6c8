//! What opens above the text: the outline, the uses of a name, a field for another name. Arrow keys move, Escape
//! closes and leads back to the text.

use composeyard_compose::{
    assist::{self, Kind, Location, Use},
    edit::Manner,
};
use composeyard_yaml::Span;
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::help::{Help, Sheet};
use crate::{
    app::{Notices, Tone},
    document::Origin,
    icons::{Glyph, Icon},
};

/// Where sheets open.
#[component]
pub(super) fn SheetHost() -> impl IntoView {
    let help = expect_context::<Help>();
    let root = NodeRef::<html::Div>::new();
    let close = move || {
        help.sheet.set(None);
        help.back_to_text();
    };
    let key = move |event: ev::KeyboardEvent| {
        match event.key().as_str() {
            "Escape" => close(),
            "ArrowDown" => step(root, 1),
            "ArrowUp" => step(root, -1),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    Effect::new(move |_| {
        if help.sheet.read().is_some() {
            request_animation_frame(move || step(root, 0));
        }
    });
    let title = move |sheet: &Sheet| match sheet {
        Sheet::Outline => "Outline".to_owned(),
        Sheet::Uses { title, uses } => format!("{title}: {}", count(uses)),
        Sheet::Rename { kind, name, .. } => format!("Rename {} {name}", kind.word()),
    };
    let sheet = move |sheet: Sheet| {
        let label = title(&sheet);
        let heading = label.clone();
        let content = match sheet {
            Sheet::Outline => view! { <Outline/> }.into_any(),
            Sheet::Uses { uses, .. } => view! { <Uses uses/> }.into_any(),
            Sheet::Rename { kind, name, at } => view! { <Rename kind name at/> }.into_any(),
        };
        view! {
            <div class="sheet" node_ref=root role="dialog" aria-label=label data-testid="sheet" on:keydown=key>
                <header>
                    <h2>{heading}</h2>
                    <button type="button" class="icon-btn small" aria-label="Close" title="Close (Escape)" on:click=move |_| close()>
                        <Icon glyph=Glyph::Close/>
                    </button>
                </header>
                {content}
            </div>
        }
    };
    move || help.sheet.get().map(sheet)
}

fn count(uses: &[Use]) -> String {
    let places = uses.len();
    format!("{places} {}", if places == 1 { "place" } else { "places" })
}

/// Moves the focus among rows and fields; 0 stays on the first.
fn step(root: NodeRef<html::Div>, by: i32) {
    let Some(root) = root.get_untracked() else { return };
    let Ok(found) = root.query_selector_all("[data-row]") else { return };
    let rows: Vec<HtmlElement> =
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect();
    let active = document().active_element();
    let is_active = |row: &HtmlElement| Some(row.unchecked_ref::<web_sys::Element>()) == active.as_ref();
    let next = match rows.iter().position(is_active) {
        Some(at) => (at as i32 + by).rem_euclid(rows.len() as i32) as usize,
        None => 0,
    };
    if let Some(row) = rows.get(next) {
        // Fails only for elements that cannot take the focus.
        let _ = row.focus();
    }
}

#[component]
fn Outline() -> impl IntoView {
    let help = expect_context::<Help>();
    let (file, entries) = help.ask(|_, file, text| (file.to_owned(), assist::outline(text)));
    if entries.is_empty() {
        return view! { <p class="empty">"Nothing has a name here yet."</p> }.into_any();
    }
    let row = |entry: assist::Entry| {
        let place = Location { file: file.clone(), span: entry.key };
        let go = move |_| {
            help.sheet.set(None);
            help.show(&place);
        };
        let kind = entry.kind.map_or("", Kind::word);
        view! {
            <li class:nested=entry.depth == 1>
                <button type="button" data-row on:click=go>
                    <span class="name">{entry.name}</span>
                    <small>{kind}</small>
                </button>
            </li>
        }
    };
    view! { <ul>{entries.into_iter().map(row).collect_view()}</ul> }.into_any()
}

#[component]
fn Uses(uses: Vec<Use>) -> impl IntoView {
    let help = expect_context::<Help>();
    let row = move |place: Use| {
        let location = place.location.clone();
        let go = move |_| {
            help.sheet.set(None);
            help.show(&location);
        };
        let declares = place.declares();
        view! {
            <li>
                <button type="button" data-row on:click=go>
                    <code class:declares=declares>{place.text}</code>
                    <small>{(place.manner == Manner::Maybe).then_some("perhaps ")}{format!("{}:{}", place.location.file, place.line)}</small>
                </button>
            </li>
        }
    };
    view! { <ul>{uses.into_iter().map(row).collect_view()}</ul> }
}

#[component]
fn Rename(kind: Kind, name: String, at: (String, usize)) -> impl IntoView {
    let help = expect_context::<Help>();
    let notices = expect_context::<Notices>();
    let refused = RwSignal::new(None::<String>);
    let field = NodeRef::<html::Input>::new();
    let from = name.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(to) = field.get_untracked().map(|field| field.value().trim().to_owned()) else { return };
        let (file, offset) = &at;
        let done = help
            .ask(|assistant, _, _| assistant.rename(file, *offset, &to))
            .and_then(|edits| help.document.apply_edits(&edits, Origin::Intent).map(|()| edits.len()));
        match done {
            Ok(places) => {
                help.sheet.set(None);
                let plural = if places == 1 { "place" } else { "places" };
                let said = format!("{} {from} is now {to}, in {places} {plural}.", kind.word());
                notices.say(Tone::Primary, capital(&said));
                help.document.reveal.set(Some((file.clone(), Span::at(*offset))));
            }
            Err(refusal) => refused.set(Some(refusal.reason)),
        }
    };
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            field.select();
        }
    });
    view! {
        <form on:submit=submit>
            <input
                node_ref=field
                data-row
                data-testid="rename-field"
                aria-label="New name"
                aria-invalid=move || refused.read().is_some().to_string()
                spellcheck="false"
                autocapitalize="off"
                autocomplete="off"
                value=name
                on:input=move |_| refused.set(None)
            />
            <button type="submit" class="btn primary small">"Rename"</button>
            {move || refused.get().map(|reason| view! { <p role="alert">{reason}</p> })}
        </form>
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}

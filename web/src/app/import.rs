//! Files from the user's disk: dropped anywhere on the page, or chosen.

use std::collections::BTreeMap;

use leptos::{ev, html, prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileList};

use super::{Notices, Projects, Tone};

/// Larger files are not part of a Compose project's text.
const LIMIT: f64 = 1024.0 * 1024.0;

/// Reads files and hands their texts over; what cannot be read is named in a notice.
fn take_in(files: FileList) {
    let (projects, notices) = (Projects::from_context(), expect_context::<Notices>());
    let files: Vec<File> = (0..files.length()).filter_map(|at| files.get(at)).collect();
    spawn_local(async move {
        let mut added = BTreeMap::new();
        for file in files {
            match read(&file).await {
                Ok(text) => drop(added.insert(file.name(), text)),
                Err(reason) => notices.say(Tone::Caution, format!("{} was left out: {reason}.", file.name())),
            }
        }
        projects.import(added);
    });
}

async fn read(file: &File) -> Result<String, &'static str> {
    if file.size() > LIMIT {
        return Err("it is larger than 1 MB");
    }
    let text = JsFuture::from(file.text()).await.map_err(|_| "it cannot be read")?;
    let text = text.as_string().unwrap_or_default();
    if text.contains(['\0', '\u{fffd}']) { Err("it is not text") } else { Ok(text) }
}

/// Takes files that are dragged onto the page.
#[component]
pub fn DropZone() -> impl IntoView {
    // Enter and leave arrive for each element on the way; the drag is over the page while enters outnumber leaves.
    let (depth, set_depth) = signal(0_i32);
    let has_files = |event: &ev::DragEvent| {
        event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
    };
    let owner = Owner::current();
    let listeners = [
        window_event_listener(ev::dragenter, move |event| {
            if has_files(&event) {
                set_depth.update(|depth| *depth += 1);
            }
        }),
        window_event_listener(ev::dragleave, move |event| {
            if has_files(&event) {
                set_depth.update(|depth| *depth -= 1);
            }
        }),
        window_event_listener(ev::dragover, move |event| {
            if has_files(&event) {
                event.prevent_default();
            }
        }),
        window_event_listener(ev::drop, move |event| {
            set_depth.set(0);
            let Some(files) = event.data_transfer().and_then(|data| data.files()) else { return };
            if files.length() > 0 {
                event.prevent_default();
                if let Some(owner) = &owner {
                    owner.with(|| take_in(files));
                }
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    view! {
        <Show when=move || { depth.get() > 0 }>
            <div class="drop-hint"><p>"Drop compose files and what belongs to them"</p></div>
        </Show>
    }
}

/// A button that asks for files.
#[component]
pub fn OpenFilesButton() -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let owner = Owner::current();
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let (Some(files), Some(owner)) = (input.files(), &owner) {
            owner.with(|| take_in(files));
        }
        input.set_value("");
    };
    let ask = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    view! {
        <button class="btn" data-testid="open-files" on:click=ask>"Open files…"</button>
        <input
            class="visually-hidden"
            type="file"
            multiple
            tabindex="-1"
            aria-hidden="true"
            node_ref=input
            on:change=chosen
        />
    }
}

//! The project's files: open, add, rename, delete.

use composeyard_compose::ProjectFiles;
use leptos::{ev, html, prelude::*};

use super::{Notices, Tone, import::OpenFilesButton};
use crate::{
    document::{Document, Origin},
    icons::{Glyph, Icon},
};

/// What the form in the list is for.
#[derive(Clone, PartialEq, Eq)]
enum Naming {
    /// A new file.
    New,
    /// Another name for this one.
    Rename(String),
}

/// The list.
#[component]
pub fn FilesPane() -> impl IntoView {
    let document = expect_context::<Document>();
    let naming = RwSignal::new(None::<Naming>);
    let paths = Memo::new(move |_| document.files().read().0.keys().cloned().collect::<Vec<_>>());
    let row = move |path: String| {
        let renamed = path.clone();
        let being_renamed = move || naming.get() == Some(Naming::Rename(renamed.clone()));
        view! {
            <li>
                {move || {
                    if being_renamed() {
                        view! { <NameForm naming from=path.clone()/> }.into_any()
                    } else {
                        view! { <FileRow naming path=path.clone()/> }.into_any()
                    }
                }}
            </li>
        }
    };
    view! {
        <div class="pane-head">
            <h2>"Files"</h2>
            <button class="icon-btn small" data-testid="new-file" aria-label="New file" title="New file" on:click=move |_| naming.set(Some(Naming::New))>
                <Icon glyph=Glyph::Plus/>
            </button>
        </div>
        <ul class="file-list">
            <Show when=move || naming.get() == Some(Naming::New)>
                <li><NameForm naming from=String::new()/></li>
            </Show>
            <For each=move || paths.get() key=Clone::clone children=row/>
        </ul>
        <div class="pane-foot"><OpenFilesButton/></div>
    }
}

#[component]
fn FileRow(naming: RwSignal<Option<Naming>>, path: String) -> impl IntoView {
    let document = expect_context::<Document>();
    let notices = expect_context::<Notices>();
    let path = StoredValue::new(path);
    let active = move || path.with_value(|path| *document.active_file.read() == *path);
    let in_use = move || path.with_value(|path| document.selection.read().files.contains(path));
    let (folder, name) = path.with_value(|path| match path.rsplit_once('/') {
        Some((folder, name)) => (format!("{folder}/"), name.to_owned()),
        None => (String::new(), path.clone()),
    });
    let remove = move |_| {
        let path = path.get_value();
        document.remove_file(&path);
        notices.offer(Tone::Plain, format!("{path} is deleted."), "Undo", move || document.undo());
    };
    let label = |verb: &str| path.with_value(|path| format!("{verb} {path}"));
    view! {
        <div class="file" class:active=active>
            <button
                class="file-open"
                data-testid=path.with_value(|path| format!("file-{path}"))
                aria-current=move || active().then_some("true")
                title=move || if in_use() { "Part of the variant in use" } else { "" }
                on:click=move |_| document.active_file.set(path.get_value())
            >
                <span class:in-use=in_use><Icon glyph=Glyph::File/></span>
                <span><span class="folder">{folder}</span>{name}</span>
            </button>
            <span class="file-actions">
                <button
                    class="icon-btn small"
                    aria-label=label("Rename")
                    title="Rename"
                    on:click=move |_| naming.set(Some(Naming::Rename(path.get_value())))
                >
                    <Icon glyph=Glyph::Pencil/>
                </button>
                <button class="icon-btn small" aria-label=label("Delete") title="Delete" on:click=remove>
                    <Icon glyph=Glyph::Trash/>
                </button>
            </span>
        </div>
    }
}

/// Asks for a name: of a new file when `from` is empty.
#[component]
fn NameForm(naming: RwSignal<Option<Naming>>, from: String) -> impl IntoView {
    let document = expect_context::<Document>();
    let (error, set_error) = signal(None::<String>);
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // Fails only for elements that cannot take the focus.
            let _ = input.focus();
            input.select();
        }
    });
    let from = StoredValue::new(from);
    let finish = move || {
        let Some(input) = input.get_untracked() else { return };
        let from = from.get_value();
        let to = new_path(&document.files().get_untracked(), &from, &input.value());
        match to {
            Err(reason) => return set_error.set(Some(reason)),
            Ok(to) if to == from => {}
            Ok(to) if from.is_empty() => {
                document.set_text(&to, String::new(), Origin::Load);
                document.active_file.set(to);
            }
            Ok(to) => document.rename_file(&from, &to),
        }
        naming.set(None);
    };
    let key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "Enter" => finish(),
        "Escape" => naming.set(None),
        _ => {}
    };
    view! {
        <div class="file-form">
            <input
                class="input mono"
                aria-label="File name"
                data-testid="file-name"
                spellcheck="false"
                autocomplete="off"
                placeholder="compose.prod.yaml"
                prop:value=from.get_value()
                node_ref=input
                aria-invalid=move || error.get().is_some().to_string()
                on:keydown=key
                on:blur=move |_| naming.set(None)
            />
            {move || error.get().map(|error| view! { <span class="field-error" role="alert">{error}</span> })}
        </div>
    }
}

/// The path that `typed` stands for, or why it cannot be a file's name. `from` is the file's name so far.
fn new_path(files: &ProjectFiles, from: &str, typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    if typed.ends_with('/') {
        return Err("A file name follows the folder.".to_owned());
    }
    match ProjectFiles::normalize(typed) {
        None => Err("Stay inside the project: no leading slash, no ‘..’ out of it.".to_owned()),
        Some(path) if path.is_empty() => Err("A file needs a name.".to_owned()),
        Some(path) if path != from && files.get(&path).is_some() => Err(format!("{path} exists already.")),
        Some(path) => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_name_stays_inside_the_project_and_replaces_nothing() {
        let files = ProjectFiles([("a".to_owned(), String::new())].into());
        assert_eq!(new_path(&files, "", " ./app//x.py "), Ok("app/x.py".to_owned()));
        assert_eq!(new_path(&files, "a", "a"), Ok("a".to_owned()));
        for refused in ["", "a", "../x", "/etc/passwd", "app/"] {
            assert!(new_path(&files, "", refused).is_err(), "{refused}");
        }
    }
}

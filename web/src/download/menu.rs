//! The download menu.

use leptos::prelude::*;

use super::{download_project, download_text};
use crate::{
    app::{Menu, MenuItem},
    document::Document,
    icons::Glyph,
};

/// Offers the compose file and the project.
#[component]
pub fn DownloadMenu() -> impl IntoView {
    let document = expect_context::<Document>();
    // The file in the editor when it is in use, else the one the variant starts from.
    let compose_file = Signal::derive(move || {
        let active = document.active_file.get();
        let selection = document.selection.read();
        if selection.files.contains(&active) { Some(active) } else { selection.files.first().cloned() }
    });
    let file_hint =
        Signal::derive(move || compose_file.get().unwrap_or_else(|| "There is none yet".to_owned()));
    let project_hint = Signal::derive(move || {
        let count = document.files().read().0.len();
        format!("{}.zip, {count} {}", document.name().get(), if count == 1 { "file" } else { "files" })
    });
    let file = Callback::new(move |()| {
        if let Some(path) = compose_file.get_untracked()
            && let Some(text) = document.files().read_untracked().get(&path)
        {
            download_text(path.rsplit('/').next().unwrap_or(&path), text);
        }
    });
    view! {
        <Menu label="Download" glyph=Glyph::Download compact=true testid="download">
            <MenuItem
                label="Compose file"
                hint=file_hint
                glyph=Glyph::File
                testid="download-yaml"
                disabled=Signal::derive(move || compose_file.get().is_none())
                act=file
            />
            <MenuItem
                label="Whole project"
                hint=project_hint
                glyph=Glyph::Folder
                testid="download-zip"
                act=Callback::new(move |()| download_project(&document))
            />
        </Menu>
    }
}

//! Volumes and back-ups in the dock.

use composeyard_protocol::{Backup, VolumeInUse};
use leptos::prelude::*;

use super::{
    volumes::{Listing, Volumes, Work, in_use},
    words,
};
use crate::{
    app::{Dialogs, DockTab, Layout, Pane},
    clock,
    icons::{Glyph, Icon},
};

/// The volumes of the project.
#[component]
pub fn VolumesPane() -> impl IntoView {
    let volumes = expect_context::<Volumes>();
    let layout = expect_context::<Layout>();
    let run = volumes.run;
    // What changes the list; the agent reads sizes through containers of its own, which do not count.
    let stands = Memo::new(move |_| {
        let state = run.state.read();
        let observed = state.as_ref()?.observed.as_ref()?;
        let users = observed.containers.iter().filter(|it| !it.oneoff);
        let users: Vec<_> = users.map(|it| (it.name.clone(), it.state, it.volumes.clone())).collect();
        let names: Vec<String> = observed.volumes.iter().map(|volume| volume.name.clone()).collect();
        Some((state.as_ref()?.project.clone(), names, users))
    });
    let shown = Memo::new(move |_| layout.tab() == DockTab::Volumes && layout.shows(Pane::Dock));
    Effect::new(move |_| {
        stands.track();
        run.document.name().track();
        if shown.get() && run.is_ready() {
            volumes.look();
        }
    });
    let rows = move || volumes.listing.read().as_ref().map(list);
    view! {
        <div class="volumes" data-testid="volumes">
            <Note/>
            {rows}
            <Show when=move || volumes.listing.read().as_ref().is_none_or(|it| *it == Listing::default())>
                <div class="empty">
                    <strong>"No volumes yet"</strong>
                    <p>"Up makes those that the files name. Here they are sized, backed up and restored."</p>
                </div>
            </Show>
        </div>
    }
}

/// What is done just now, and how it ended.
#[component]
fn Note() -> impl IntoView {
    let work = expect_context::<Volumes>().work;
    let note = move || {
        let (class, text) = match work.get()? {
            Work::Under(doing, 0) => ("note", doing),
            Work::Under(doing, bytes) => ("note", format!("{doing}: {}", words::bytes(bytes))),
            Work::Done(done) => ("note ok", done),
            Work::Failed(why) => ("note bad", why),
        };
        Some(view! { <p class=class data-testid="volumes-note">{text}</p> })
    };
    view! { <div role="status">{note}</div> }
}

fn list(listing: &Listing) -> impl IntoView + use<> {
    let volumes = listing.volumes.iter().cloned().map(|volume| view! { <VolumeRow volume/> }).collect_view();
    let backups = listing.backups.iter().cloned().map(|backup| view! { <BackupRow backup/> }).collect_view();
    let some = |rows: bool, table| rows.then_some(table);
    view! {
        {some(!listing.volumes.is_empty(), view! {
            <table class="table">
                <caption>"Volumes"</caption>
                <thead><tr><th scope="col">"Name"</th><th scope="col">"Size"</th><th scope="col">"Used by"</th><th></th></tr></thead>
                <tbody>{volumes}</tbody>
            </table>
        }.into_any())}
        {some(!listing.backups.is_empty(), view! {
            <table class="table">
                <caption>"Back-ups"</caption>
                <thead><tr><th scope="col">"File"</th><th scope="col">"Size"</th><th scope="col">"Made"</th><th></th></tr></thead>
                <tbody>{backups}</tbody>
            </table>
        }.into_any())}
    }
}

#[component]
fn VolumeRow(volume: VolumeInUse) -> impl IntoView {
    let volumes = expect_context::<Volumes>();
    let dialogs = expect_context::<Dialogs>();
    let busy = move || volumes.is_busy();
    let used = in_use(&volume);
    let cannot_remove = used.is_some();
    let VolumeInUse { key, name, size, users, .. } = volume.clone();
    let size = size.map_or_else(|| "reading".to_owned(), words::bytes);
    let users = if users.is_empty() { "nothing".to_owned() } else { users.join(", ") };
    let removed = key.clone();
    view! {
        <tr data-testid=format!("volume-{key}")>
            <td title=name>{key.clone()}</td>
            <td>{size}</td>
            <td>{users}</td>
            <td class="row-actions">
                <button
                    class="btn small"
                    data-testid=format!("volume-backup-{key}")
                    disabled=busy
                    on:click=move |_| volumes.back_up(dialogs, &volume)
                >
                    <Icon glyph=Glyph::Download/>
                    "Back up"
                </button>
                <button
                    class="btn small"
                    data-testid=format!("volume-remove-{key}")
                    disabled=move || busy() || cannot_remove
                    title=used
                    on:click=move |_| volumes.remove(dialogs, removed.clone())
                >
                    <Icon glyph=Glyph::Trash/>
                    "Remove"
                </button>
            </td>
        </tr>
    }
}

#[component]
fn BackupRow(backup: Backup) -> impl IntoView {
    let volumes = expect_context::<Volumes>();
    let dialogs = expect_context::<Dialogs>();
    let why_not = {
        let backup = backup.clone();
        Memo::new(move |_| volumes.why_not_restore(&backup))
    };
    let Backup { file, size, made, .. } = backup.clone();
    let href = format!("api/backups/{}/{file}", volumes.project());
    let (restore, download, delete) = (
        format!("backup-restore-{file}"),
        format!("backup-download-{file}"),
        format!("backup-delete-{file}"),
    );
    let removed = file.clone();
    view! {
        <tr data-testid=format!("backup-{file}")>
            <td>{file.clone()}</td>
            <td>{words::bytes(size)}</td>
            <td>{clock::ago(clock::date() - made as f64 * 1_000.0)}</td>
            <td class="row-actions">
                <a class="btn small" href=href download=file.clone() data-testid=download>
                    <Icon glyph=Glyph::Download/>
                    "Download"
                </a>
                <button
                    class="btn small"
                    data-testid=restore
                    disabled=move || volumes.is_busy() || why_not.read().is_some()
                    title=move || why_not.get()
                    on:click=move |_| volumes.restore(dialogs, &backup)
                >
                    <Icon glyph=Glyph::Undo/>
                    "Restore"
                </button>
                <button
                    class="icon-btn small"
                    aria-label=format!("Delete {file}")
                    title="Delete"
                    data-testid=delete
                    disabled=move || volumes.is_busy()
                    on:click=move |_| volumes.remove_backup(dialogs, removed.clone())
                >
                    <Icon glyph=Glyph::Trash/>
                </button>
            </td>
        </tr>
    }
}

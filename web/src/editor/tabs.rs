//! A tab for each file: compose files in use first, then the others.

use composeyard_compose::Severity;
use leptos::{ev, prelude::*};

use crate::document::Document;

/// What a tab shows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Badge {
    worst: Severity,
    count: usize,
}

/// Files in the order of their tabs.
fn ordered<'files>(all: impl Iterator<Item = &'files String>, in_use: &[String]) -> Vec<String> {
    let mut rest: Vec<String> = all.cloned().collect();
    let mut files: Vec<String> = in_use.iter().filter(|file| rest.contains(file)).cloned().collect();
    rest.retain(|file| !files.contains(file));
    rest.sort_by_key(|file| (file.contains('/'), file.clone()));
    files.append(&mut rest);
    files
}

/// The tabs.
#[component]
pub(super) fn FileTabs() -> impl IntoView {
    let document = expect_context::<Document>();
    let files =
        Memo::new(move |_| ordered(document.files().get().0.keys(), &document.selection.read().files));
    let step = move |event: ev::KeyboardEvent| {
        let files = files.read_untracked();
        let active = document.active_file.get_untracked();
        let here = files.iter().position(|file| *file == active).unwrap_or(0);
        let next = match event.key().as_str() {
            "ArrowRight" => here + 1,
            "ArrowLeft" => here + files.len() - 1,
            "Home" => 0,
            "End" => files.len() - 1,
            _ => return,
        };
        event.prevent_default();
        if let Some(file) = files.get(next % files.len().max(1)) {
            document.active_file.set(file.clone());
        }
    };
    view! {
        <div class="file-tabs" role="tablist" aria-label="Files" on:keydown=step>
            <For each=move || files.get() key=Clone::clone let:file>
                <FileTab file />
            </For>
        </div>
    }
}

#[component]
fn FileTab(file: String) -> impl IntoView {
    let document = expect_context::<Document>();
    let stored = StoredValue::new(file.clone());
    let active = Memo::new(move |_| stored.with_value(|file| *document.active_file.read() == *file));
    let badge = Memo::new(move |_| {
        let checked = document.checked().get();
        let findings = checked.loaded.diagnostics.iter();
        stored.with_value(|file| {
            // As the list of problems counts: a hint is no problem.
            let severities = findings
                .filter(|finding| finding.file == *file && finding.severity != Severity::Hint)
                .map(|finding| finding.severity);
            severities.fold(None, |badge: Option<Badge>, severity| {
                let (worst, count) =
                    badge.map_or((severity, 0), |badge| (badge.worst.min(severity), badge.count));
                Some(Badge { worst, count: count + 1 })
            })
        })
    });
    let unused = Memo::new(move |_| {
        stored.with_value(|file| {
            let yaml = !file.contains('/') && (file.ends_with(".yaml") || file.ends_with(".yml"));
            let in_use = &document.selection.read().files;
            yaml && !in_use.is_empty() && !in_use.contains(file)
        })
    });
    let node = NodeRef::<leptos::html::Button>::new();
    Effect::new(move |_| {
        if active.get()
            && let Some(node) = node.get()
        {
            node.scroll_into_view_with_scroll_into_view_options(&nearest());
        }
    });
    let (folder, name) = file
        .rsplit_once('/')
        .map_or((None, file.clone()), |(folder, name)| (Some(format!("{folder}/")), name.to_owned()));
    view! {
        <button
            node_ref=node
            class="file-tab"
            class:unused=unused
            role="tab"
            data-testid=format!("tab-{file}")
            title=move || if unused.get() { "Not part of this variant" } else { "" }
            aria-selected=move || active.get().to_string()
            aria-controls="editor-panel"
            tabindex=move || if active.get() { "0" } else { "-1" }
            on:click=move |_| document.active_file.set(stored.get_value())
        >
            {folder.map(|folder| view! { <span class="folder">{folder}</span> })}
            {name}
            {move || badge.get().map(|badge| view! {
                <em
                    class=format!("count {}", crate::canvas::severity(badge.worst).0)
                    aria-label=format!("{} problems", badge.count)
                >
                    {badge.count}
                </em>
            })}
        </button>
    }
}

fn nearest() -> web_sys::ScrollIntoViewOptions {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compose_files_in_use_come_first_and_folders_last() {
        let all = [".env", "app/app.py", "compose.prod.yaml", "compose.yaml"].map(str::to_owned);
        let in_use = ["compose.yaml", "compose.prod.yaml"].map(str::to_owned);
        assert_eq!(ordered(all.iter(), &in_use), ["compose.yaml", "compose.prod.yaml", ".env", "app/app.py"]);
    }
}

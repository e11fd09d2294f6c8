//! The resolved project beside the text: every variable, merge and default filled in. A line leads to where it was
//! written.

use composeyard_compose::{assist, render};
use leptos::{html, prelude::*, task::spawn_local};

use super::{
    bridge::{self, Report, View},
    help::Help,
    sync::{difference_as_change, nonce},
    units::to_bytes,
};
use crate::icons::{Glyph, Icon};

/// What the pane shows; empty when there is no project yet.
fn resolved(help: Help) -> Memo<String> {
    Memo::new(move |_| {
        let checked = help.document.checked().get();
        checked.project.as_ref().map(|project| render::yaml(project)).unwrap_or_default()
    })
}

/// The pane.
#[component]
pub(super) fn ResolvedPane() -> impl IntoView {
    let help = expect_context::<Help>();
    let text = resolved(help);
    let view = RwSignal::new_local(None::<View>);
    let host = NodeRef::<html::Div>::new();
    let report = StoredValue::new_local(Report::of_view_only(move |units| follow(help, text, units)));
    Effect::new(move |_| {
        let Some(host) = host.get() else { return };
        spawn_local(async move {
            let Some(functions) = report.try_with_value(Report::functions) else { return };
            match bridge::open(&host, &nonce(), &functions, true).await {
                Ok(opened) if view.is_disposed() => opened.destroy(),
                Ok(opened) => {
                    opened.show("resolved", &text.get_untracked(), "yaml", "Resolved project");
                    view.set(Some(opened));
                }
                // The text itself says that the editor could not be loaded.
                Err(_) => {}
            }
        });
    });
    Effect::new(move |_| {
        let (Some(view), text) = (view.get(), text.get()) else { return };
        let shown = view.text();
        if shown != text {
            view.apply(&[difference_as_change(&shown, &text)]);
        }
    });
    on_cleanup(move || {
        if let Some(view) = view.get_untracked() {
            view.destroy();
        }
    });
    let stale = move || help.document.checked().read().stale;
    view! {
        <section class="resolved" aria-label="Resolved project" data-testid="resolved">
            <header>
                <h2>"Resolved"</h2>
                <span class="resolved-note">
                    {move || if stale() { "Out of date: the text cannot be read now" } else { "Click a line to see where it was written" }}
                </span>
                <button
                    type="button"
                    class="icon-btn small"
                    aria-label="Close the resolved project"
                    on:click=move |_| help.resolved.set(false)
                >
                    <Icon glyph=Glyph::Close/>
                </button>
            </header>
            <div class="code" class:stale=stale node_ref=host></div>
        </section>
    }
}

/// Shows where the line of an offset was written; false when no file holds it.
fn follow(help: Help, text: Memo<String>, units: usize) -> bool {
    let text = text.get_untracked();
    let checked = help.document.checked().get_untracked();
    let origin = assist::origin_of_line(&text, to_bytes(&text, units), &checked.loaded.origins);
    let Some(origin) = origin else { return false };
    if is_phone() {
        help.resolved.set(false);
    }
    help.show(&origin);
    true
}

/// True where the pane takes the place of the text, as the style sheet has it.
fn is_phone() -> bool {
    window().match_media("(width < 760px)").ok().flatten().is_some_and(|query| query.matches())
}

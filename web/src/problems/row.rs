//! One finding: what, where, why, and what to do.

use composeyard_compose::{Diagnostic, Fix, Severity};
use leptos::prelude::*;

use super::order::{Problem, word};
use crate::{
    app::{Layout, Notices, Pane, Tone},
    document::{Document, Origin},
    icons::{Glyph, Icon},
    prose::prose,
};

/// A row. A click shows the place in the text and the node on the canvas.
#[component]
pub fn ProblemRow(problem: Problem) -> impl IntoView {
    let document = expect_context::<Document>();
    let layout = expect_context::<Layout>();
    let Problem { finding, at, node } = problem;
    let Diagnostic { code, severity, message, help, file, span, fixes, .. } = finding;
    let (tone, glyph) = match severity {
        Severity::Error => ("bad", Glyph::Error),
        Severity::Warning => ("warn", Glyph::Warning),
        Severity::Hint => ("hint", Glyph::Hint),
    };
    let place = match at {
        Some(at) => format!("{file}:{}:{}", at.line, at.column),
        None => file.clone(),
    };
    let reveal = move |_| {
        if node.is_some() {
            document.selected.set(node.clone());
        }
        if !file.is_empty() {
            document.active_file.set(file.clone());
            document.reveal.set(Some((file.clone(), span)));
            layout.show(Pane::Editor);
        }
    };
    let (open, set_open) = signal(false);
    let help = help.map(|text| {
        let glyph = move || if open.get() { Glyph::Down } else { Glyph::Right };
        let toggle = view! {
            <button
                class="icon-btn small problem-toggle"
                aria-label="Why"
                title="Why"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| set_open.update(|open| *open = !*open)
            >
                {move || view! { <Icon glyph=glyph()/> }}
            </button>
        };
        (toggle, view! { <p class="problem-help" hidden=move || !open.get()>{prose(&text)}</p> })
    });
    let (toggle, help) = help.unzip();
    let code_word = code.clone();
    view! {
        <li class=format!("problem {tone}") data-testid="problem-row" data-code=code_word>
            {toggle}
            <button class="problem-main" on:click=reveal>
                <span class="problem-severity"><Icon glyph/>{word(severity)}</span>
                <span class="problem-message">{prose(&message)}</span>
            </button>
            <span class="problem-fixes">{fixes.into_iter().map(|fix| view! { <FixButton fix/> }).collect_view()}</span>
            <span class="problem-place">{place}</span>
            <span class="problem-code">{code}</span>
            {help}
        </li>
    }
}

/// Applies a mend as one undo step.
#[component]
fn FixButton(fix: Fix) -> impl IntoView {
    let document = expect_context::<Document>();
    let notices = expect_context::<Notices>();
    let Fix { title, edits } = fix;
    let apply = move |_| {
        if let Err(refusal) = document.apply_edits(&edits, Origin::Intent) {
            notices.say(Tone::Danger, refusal.reason);
        }
    };
    view! { <button class="btn small" data-testid="problem-fix" on:click=apply>{prose(&title)}</button> }
}

//! Findings as cards, each with its mends.

use composeyard_compose::{Diagnostic, Fix, edit::Refusal};
use leptos::prelude::*;

use crate::{
    canvas::severity,
    document::{Document, Origin},
    icons::Icon,
    prose::prose,
};

/// A card for each finding.
#[component]
pub(super) fn Findings(findings: Memo<Vec<Diagnostic>>) -> impl IntoView {
    view! {
        <div class="findings">
            {move || findings.get().into_iter().map(|finding| view! { <Finding finding /> }).collect_view()}
        </div>
    }
}

#[component]
fn Finding(finding: Diagnostic) -> impl IntoView {
    let document = expect_context::<Document>();
    let refused = RwSignal::new(None::<String>);
    let (tone, glyph) = severity(finding.severity);
    let mend = move |fix: Fix| {
        let title = prose(&fix.title);
        let click = move |_| {
            let done = document.apply_edits(&fix.edits, Origin::Intent);
            refused.set(done.err().map(|Refusal { reason, .. }| reason));
        };
        view! { <button class="link" on:click=click>{title}</button> }
    };
    let (file, span) = (finding.file.clone(), finding.span);
    let show = move |_| document.reveal.set(Some((file.clone(), span)));
    view! {
        <article class=format!("note finding {tone}")>
            <Icon glyph />
            <div>
                <strong>{prose(&finding.message)}</strong>
                {finding.help.map(|help| view! { <p>{prose(&help)}</p> })}
                <p class="finding-actions">
                    {finding.fixes.into_iter().map(mend).collect_view()}
                    {(!finding.file.is_empty()).then(|| view! { <button class="link quiet" on:click=show>"Show"</button> })}
                    <span class="finding-code">{finding.code}</span>
                </p>
                {move || refused.get().map(|reason| view! { <p class="field-error" role="alert">{reason}</p> })}
            </div>
        </article>
    }
}

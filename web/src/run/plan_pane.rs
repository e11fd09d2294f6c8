//! The plan: what a command will do and why, then how far each part of it is.

use composeyard_protocol::Failure;
use leptos::prelude::*;

use super::{
    job::{Ending, Job, Phase},
    plan_rows::{self, PlanRow, RowState},
    published::Published,
    store::Run,
    words,
};
use crate::icons::{Glyph, Icon};

/// What Up would do, and what it does.
#[component]
pub fn PlanPane() -> impl IntoView {
    let run = expect_context::<Run>();
    let head = move || run.job.get().map(|job| view! { <JobHead job/> });
    let failure = move || match run.job.read().as_ref().map(|job| &job.phase) {
        Some(Phase::Ended(Ending::Failed(failure))) => Some(view! { <FailureNote failure=failure.clone()/> }),
        _ => None,
    };
    let warnings = move || {
        let plan = run.plan.read();
        let warnings = plan.as_ref().map(|shown| shown.plan.warnings.clone()).unwrap_or_default();
        warnings.into_iter().map(|text| view! { <p class="note warn">{text}</p> }).collect_view()
    };
    let rows = Memo::new(move |_| {
        let (plan, job) = (run.plan.read(), run.job.read());
        let rows =
            plan.as_ref().map(|shown| plan_rows::rows(&shown.plan, job.as_ref(), shown.sizes.as_ref()));
        let rows = rows.unwrap_or_default();
        (0_usize..).zip(rows).collect::<Vec<_>>()
    });
    let pulls = move || {
        let plan = run.plan.read();
        let planned = plan.as_ref().and_then(|shown| shown.plan.pulls(shown.sizes.as_ref()));
        let line = planned.map(|line| words::sentence(&line)).or_else(|| run.foreseen_pulls());
        line.map(|line| view! { <p class="plan-pulls" data-testid="plan-pulls">{line}</p> })
    };
    let links = Memo::new(move |_| run.published());
    view! {
        <div class="plan" data-testid="plan">
            {head}
            <Show when=move || !links.read().is_empty()>
                <p class="plan-links">
                    "Published: "
                    <For each=move || links.get() key=|link| link.url.clone() let:link><PublishedLink link/></For>
                </p>
            </Show>
            {failure}
            {warnings}
            {pulls}
            <ol class="plan-rows">
                <For each=move || rows.get() key=|(at, row)| (*at, row_key(row)) let:item>
                    <Row row=item.1/>
                </For>
            </ol>
            <Show when=move || run.job.read().is_none() && links.read().is_empty()>
                <div class="empty">
                    <strong>"No plan yet"</strong>
                    <p>"Up shows here what it will do and why, then does it."</p>
                </div>
            </Show>
        </div>
    }
}

/// Rows are drawn anew when their state changes.
fn row_key(row: &PlanRow) -> String {
    format!("{}{:?}", row.title, row.state)
}

#[component]
fn JobHead(job: Job) -> impl IntoView {
    let run = expect_context::<Run>();
    let (line, tone) = words::job_line(&job);
    let running = job.is_running();
    let changed = matches!(job.phase, Phase::Ended(Ending::PlanChanged));
    let (done, all) = job.count();
    view! {
        <div class="plan-head" role="status" data-testid="job-state" data-running=running.to_string()>
            <i class=format!("dot {}", tone.class())></i>
            <strong>{line}</strong>
            {(running && all > 0).then(|| view! { <progress max=all.to_string() value=done.to_string()></progress> })}
            <span class="grow"></span>
            {running.then(|| view! { <button class="btn small" data-testid="cancel-button" on:click=move |_| run.cancel()>"Cancel"</button> })}
            {changed.then(|| view! { <button class="btn small primary" on:click=move |_| run.again()>"Run the new plan"</button> })}
        </div>
    }
}

#[component]
fn FailureNote(failure: Failure) -> impl IntoView {
    view! {
        <div class="note bad" role="alert" data-testid="job-failure">
            <strong>{words::sentence(&failure.message)}</strong>
            {failure.help}
        </div>
    }
}

#[component]
fn Row(row: PlanRow) -> impl IntoView {
    let run = expect_context::<Run>();
    let (class, sign, word) = match &row.state {
        RowState::Waiting => ("waiting", None, String::new()),
        RowState::Running { .. } => ("running", None, "running".to_owned()),
        RowState::Done(took) => ("done", Some(Glyph::Check), words::duration(*took)),
        RowState::Failed(_) => ("failed", Some(Glyph::Error), "failed".to_owned()),
        RowState::Skipped => ("skipped", Some(Glyph::Minus), "skipped".to_owned()),
    };
    let part = match &row.state {
        RowState::Running { part, .. } => *part,
        _ => None,
    };
    let state = row.state.clone();
    let detail = move || match &state {
        RowState::Running { detail, .. } => detail.clone(),
        // The note above says the same once the job has ended.
        RowState::Failed(failure) if !run.failed_with(failure) => words::failure(failure),
        _ => String::new(),
    };
    let running = matches!(row.state, RowState::Running { .. });
    let bar = move || match part {
        Some(part) => view! { <progress max="1" value=part.to_string()></progress> }.into_any(),
        None if running => view! { <progress></progress> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <li class=format!("plan-row {class}") data-testid="plan-row">
            <span class="plan-sign">{sign.map(|glyph| view! { <Icon glyph/> })}</span>
            <span class="plan-title">{row.title}</span>
            <span class="plan-reason">{row.reason}</span>
            <span class="plan-word">{bar()} {word}</span>
            <span class="plan-detail">{detail}</span>
        </li>
    }
}

#[component]
fn PublishedLink(link: Published) -> impl IntoView {
    let testid = format!("open-{}-{}", link.service, link.port);
    let words = format!("{} · {}", link.service, link.url);
    let href = link.url;
    view! {
        <a class="btn small" href=href target="_blank" rel="noopener noreferrer" data-testid=testid>
            <Icon glyph=Glyph::Open/>
            {words}
        </a>
    }
}

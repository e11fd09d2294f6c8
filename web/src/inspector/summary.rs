//! Nothing is selected: the stack in numbers.

use composeyard_compose::{
    Diagnostic,
    model::{Bytes, Totals},
};
use leptos::prelude::*;

use super::{field::Section, findings::Findings, variables::Variables};
use crate::{canvas::card::megabytes, document::Document};

/// Findings shown at most; the rest is in the list of problems.
const SHOWN: usize = 5;

fn with_rest(total: String, none: bool, without: usize) -> String {
    let services =
        |count: usize| if count == 1 { "1 service".to_owned() } else { format!("{count} services") };
    match (none, without) {
        (true, _) => "no limit".to_owned(),
        (false, 0) => total,
        (false, rest) => format!("{total}, {} without a limit", services(rest)),
    }
}

/// `2.75 CPU`; sums of fractions are rounded to what people write.
fn cpus(count: f64) -> String {
    format!("{} CPU", (count * 1000.0).round() / 1000.0)
}

fn reserved(total: String, none: bool) -> String {
    if none { "nothing".to_owned() } else { total }
}

/// The stack in numbers.
#[component]
pub(super) fn Summary() -> impl IntoView {
    let document = expect_context::<Document>();
    let project = Memo::new(move |_| document.checked().get().project.clone());
    let findings = Memo::new(move |_| {
        let checked = document.checked().get();
        checked.loaded.diagnostics.iter().take(SHOWN).cloned().collect::<Vec<Diagnostic>>()
    });
    let more = Memo::new(move |_| document.checked().get().loaded.diagnostics.len().saturating_sub(SHOWN));
    let facts = move || {
        let Some(project) = project.get() else { return Vec::new() };
        let totals = Totals::of(&project);
        let Totals { limits, reservations, .. } = totals;
        let mut facts = vec![
            ("Services", project.services.len().to_string()),
            ("Containers", totals.containers.to_string()),
            ("Networks", project.networks.len().to_string()),
            ("Volumes", project.volumes.len().to_string()),
            ("CPU limit", with_rest(cpus(limits.cpus), limits.cpus == 0.0, totals.without_cpu_limit)),
            ("CPU reserved", reserved(cpus(reservations.cpus), reservations.cpus == 0.0)),
            (
                "Memory limit",
                with_rest(megabytes(limits.memory), limits.memory.is_zero(), totals.without_memory_limit),
            ),
            ("Memory reserved", reserved(megabytes(reservations.memory), reservations.memory == Bytes(0))),
        ];
        if !project.disabled_services.is_empty() {
            facts.insert(1, ("Off in this profile", project.disabled_services.len().to_string()));
        }
        facts
    };
    view! {
        <header class="inspector-head">
            <div>
                <h2 class="title">{move || document.name().get().to_string()}</h2>
                <p>"Select a node to see and change its settings."</p>
            </div>
        </header>
        <Show when=move || project.read().is_some()>
            <dl class="facts">
                {move || facts().into_iter().map(|(name, value)| view! {
                    <div><dt>{name}</dt> <dd>{value}</dd></div>
                }).collect_view()}
            </dl>
        </Show>
        <Variables />
        <Show when=move || !findings.read().is_empty()>
            <Section title="Findings">
                <Findings findings />
                {move || (more.get() > 0).then(|| view! { <p class="hint">{format!("{} more in Problems", more.get())}</p> })}
            </Section>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_says_for_how_many_services_it_does_not_hold() {
        assert_eq!(with_rest("2 CPU".into(), false, 1), "2 CPU, 1 service without a limit");
        assert_eq!(with_rest("0 CPU".into(), true, 3), "no limit");
        assert_eq!(with_rest("2 CPU".into(), false, 0), "2 CPU");
    }
}

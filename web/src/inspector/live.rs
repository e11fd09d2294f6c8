//! What runs of a service now, and the buttons that change only that: the files stay as they are.

use composeyard_compose::ServiceName;
use composeyard_plan::{DriftKind, ObservedContainer};
use leptos::prelude::*;

use super::field::Section;
use crate::{
    icons::{Glyph, Icon},
    run::{Run, ServiceMenu, Tone, Verb, container_word},
};

/// More containers than this are a slip of the finger.
const MOST: u32 = 100;

/// One container in words, with how often the engine had to start it again.
fn words(container: &ObservedContainer) -> (String, Tone) {
    let (word, tone) = container_word(container);
    let restarts = match container.restarts {
        0 => String::new(),
        1 => ", restarted once".to_owned(),
        count => format!(", restarted {count} times"),
    };
    (format!("{word}{restarts}"), tone)
}

/// The section; nothing as long as no engine answers.
#[component]
pub(super) fn Live(service: StoredValue<ServiceName>) -> impl IntoView {
    let run = expect_context::<Run>();
    let containers = Memo::new(move |_| {
        let state = run.state.read();
        let observed = state.as_ref().and_then(|state| state.observed.as_ref());
        let mut containers: Vec<ObservedContainer> = observed
            .map(|observed| service.with_value(|name| observed.of(name).cloned().collect()))
            .unwrap_or_default();
        containers.sort_by_key(|container| container.number);
        containers
    });
    view! {
        <Show when=move || run.is_ready()>
            <Section title="Running now">
                <Show when=move || containers.read().is_empty()>
                    <p class="hint">"No container yet. Up makes it."</p>
                </Show>
                <ul class="rows">
                    {move || containers.get().iter().map(container_row).collect_view()}
                </ul>
                <Differs service />
                <Links service />
                <Buttons service containers />
            </Section>
        </Show>
    }
}

fn container_row(container: &ObservedContainer) -> impl IntoView + use<> {
    let (word, tone) = words(container);
    view! {
        <li class="container-row">
            <i class=format!("dot {}", tone.class()) aria-hidden="true"></i>
            <span class="row-name" title=container.name.clone()>{container.name.clone()}</span>
            <span class="container-word">{word}</span>
        </li>
    }
}

/// How what runs differs from the files.
#[component]
fn Differs(service: StoredValue<ServiceName>) -> impl IntoView {
    let run = expect_context::<Run>();
    let drift = move || service.with_value(|name| run.drift_of(name.as_str()));
    move || {
        drift().map(|drift| {
            let what = match drift.kind {
                DriftKind::Changed => "Differs from the files: ",
                DriftKind::Missing => "A container is missing: ",
                DriftKind::Surplus => "A container too many: ",
                DriftKind::Stopped => "Does not run: ",
            };
            view! {
                <p class="differs" data-testid="drift">
                    <Icon glyph=Glyph::Differs />
                    <span>{what}{drift.reason}". Up brings it in line."</span>
                </p>
            }
        })
    }
}

/// Pages that the service publishes.
#[component]
fn Links(service: StoredValue<ServiceName>) -> impl IntoView {
    let run = expect_context::<Run>();
    let links = move || {
        let published = run.published();
        service.with_value(|name| {
            published.into_iter().filter(|it| it.service == name.as_str()).collect::<Vec<_>>()
        })
    };
    view! {
        <p class="links">
            {move || links().into_iter().map(|link| view! {
                <a href=link.url target="_blank" rel="noopener noreferrer">
                    <Icon glyph=Glyph::Open />
                    {format!("localhost:{}", link.port)}
                </a>
            }).collect_view()}
        </p>
    }
}

#[component]
fn Buttons(service: StoredValue<ServiceName>, containers: Memo<Vec<ObservedContainer>>) -> impl IntoView {
    let run = expect_context::<Run>();
    let busy = move || run.is_busy();
    let cannot = move |verb| service.with_value(|name| run.standing(Some(name)).why_not(verb).is_some());
    let count = move || u32::try_from(containers.read().len()).unwrap_or(MOST);
    let one = move || vec![service.get_value()];
    let scale = move |count: u32| run.scale(service.get_value(), count);
    view! {
        <div class="live-buttons">
            <button
                class="btn small"
                data-testid="inspector-start"
                disabled=move || cannot(Verb::Start)
                on:click=move |_| run.start(one())
            >
                <Icon glyph=Glyph::Play />
                "Start"
            </button>
            <button
                class="btn small"
                data-testid="inspector-stop"
                disabled=move || cannot(Verb::Stop)
                on:click=move |_| run.stop(one())
            >
                <Icon glyph=Glyph::Stop />
                "Stop"
            </button>
            <button class="btn small" data-testid="inspector-restart" disabled=move || cannot(Verb::Restart) on:click=move |_| run.restart(one())>
                <Icon glyph=Glyph::Restart />
                "Restart"
            </button>
            <div class="stepper" role="group" aria-label="Containers that run now, without changing the files">
                <button
                    aria-label="One container less"
                    title="One container less"
                    disabled=move || busy() || count() == 0
                    on:click=move |_| scale(count().saturating_sub(1))
                >
                    <Icon glyph=Glyph::Minus />
                </button>
                <output data-testid="inspector-scale">{count}</output>
                <button
                    aria-label="One container more"
                    title="One container more"
                    data-testid="inspector-scale-up"
                    disabled=move || { busy() || count() >= MOST }
                    on:click=move |_| scale(count() + 1)
                >
                    <Icon glyph=Glyph::Plus />
                </button>
            </div>
            <ServiceMenu service />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use composeyard_plan::ContainerState;

    #[test]
    fn restarts_are_counted() {
        let container = |restarts| ObservedContainer {
            state: ContainerState::Running,
            restarts,
            ..ObservedContainer::default()
        };
        assert_eq!(words(&container(0)).0, "running");
        assert_eq!(words(&container(1)).0, "running, restarted once");
        assert_eq!(words(&container(3)).0, "running, restarted 3 times");
    }
}

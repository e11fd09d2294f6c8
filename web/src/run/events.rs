//! What happens to the containers, in words, the newest first.

use std::collections::VecDeque;

use composeyard_protocol::{ContainerEvent, Request, ServerMessage};
use futures_util::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};

use super::{client::Reply, service_view::Tone, store::Run};

/// Older ones are forgotten.
const MOST: usize = 500;

/// The events of the open project since the page was loaded. Found in the Leptos context.
#[derive(Clone, Copy)]
pub struct Events(RwSignal<VecDeque<ContainerEvent>>);

impl Events {
    /// Follows them for as long as an engine answers.
    pub fn new(run: Run) -> Self {
        let events = Self(RwSignal::default());
        let following = StoredValue::new_local(None::<AbortHandle>);
        // The agent tells of projects that it has: a command saves the open one first.
        let ready = Memo::new(move |_| {
            run.job.track();
            run.document.name().track();
            run.is_ready() && run.was_saved()
        });
        let project = Memo::new(move |_| run.document.name().get());
        Effect::new(move |before: Option<composeyard_compose::ProjectName>| {
            let project = project.get();
            if let Some(Some(following)) = following.try_update_value(Option::take) {
                following.abort();
            }
            if before.as_ref() != Some(&project) {
                events.0.update(VecDeque::clear);
            }
            if ready.get() {
                let request = Request::Events { project: project.clone(), services: Vec::new() };
                let (follow, stop) = abortable(events.follow(run, request));
                following.set_value(Some(stop));
                spawn_local(async move {
                    // Aborted when another project is opened or the engine goes away.
                    let _ = follow.await;
                });
            }
            project
        });
        events
    }

    async fn follow(self, run: Run, request: Request) {
        let mut replies = run.client().request(request);
        while let Some(reply) = replies.next().await {
            match reply {
                Reply::Message(ServerMessage::Event { event, .. }) if is_news(&event) => {
                    self.0.update(|events| {
                        events.push_front(event);
                        events.truncate(MOST);
                    });
                }
                _ => {}
            }
        }
    }
}

/// Commands inside containers, health checks among them, would drown the rest.
fn is_news(event: &ContainerEvent) -> bool {
    !event.action.starts_with("exec_") && event.action != "top"
}

/// An event in words.
fn words(event: &ContainerEvent) -> (String, Tone) {
    let attribute = |name: &str| event.attributes.get(name).map_or("", String::as_str);
    let (words, tone) = match event.action.as_str() {
        "create" => ("created", Tone::Idle),
        "start" => ("started", Tone::Ok),
        "restart" => ("restarted", Tone::Ok),
        "stop" => ("stopped", Tone::Idle),
        "destroy" => ("removed", Tone::Idle),
        "pause" => ("paused", Tone::Warn),
        "unpause" => ("went on", Tone::Ok),
        "oom" => ("ran out of memory", Tone::Bad),
        "health_status: healthy" => ("healthy", Tone::Ok),
        "health_status: unhealthy" => ("unhealthy", Tone::Bad),
        "kill" => return (format!("got signal {}", attribute("signal")), Tone::Warn),
        "die" => {
            let code = attribute("exitCode");
            let tone = if matches!(code, "0" | "137" | "143") { Tone::Idle } else { Tone::Bad };
            return (format!("ended with code {code}"), tone);
        }
        other => (other, Tone::Idle),
    };
    (words.to_owned(), tone)
}

/// The events in the dock.
#[component]
pub fn EventsPane() -> impl IntoView {
    let events = expect_context::<Events>().0;
    let row = |event: &ContainerEvent| {
        let (words, tone) = words(event);
        let time = js_sys::Date::new(&(event.time as f64 / 1e6).into());
        let time = format!("{:02}:{:02}:{:02}", time.get_hours(), time.get_minutes(), time.get_seconds());
        let name = event.attributes.get("name").cloned().unwrap_or_default();
        view! {
            <tr>
                <td>{time}</td>
                <td>{name}</td>
                <td><i class=format!("dot {}", tone.class()) aria-hidden="true"></i>" "{words}</td>
            </tr>
        }
    };
    view! {
        <div class="events" data-testid="events">
            <table class="table">
                <tbody>{move || events.read().iter().map(row).collect_view()}</tbody>
            </table>
            <Show when=move || events.read().is_empty()>
                <div class="empty">
                    <strong>"Nothing has happened yet"</strong>
                    <p>"What starts, ends, turns healthy or runs out of memory is told here."</p>
                </div>
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(action: &str, attribute: (&str, &str)) -> ContainerEvent {
        let attributes = [(attribute.0.to_owned(), attribute.1.to_owned())].into();
        ContainerEvent { action: action.to_owned(), attributes, ..ContainerEvent::default() }
    }

    #[test]
    fn events_are_told_in_words_and_only_a_failure_is_bad() {
        let told = |action, attribute| words(&event(action, attribute));
        assert_eq!(told("die", ("exitCode", "1")), ("ended with code 1".to_owned(), Tone::Bad));
        assert_eq!(told("die", ("exitCode", "143")).1, Tone::Idle);
        assert_eq!(told("kill", ("signal", "15")).0, "got signal 15");
        assert_eq!(told("health_status: unhealthy", ("", "")).1, Tone::Bad);
        assert_eq!(told("rename", ("", "")).0, "rename");
    }

    #[test]
    fn health_checks_are_no_news() {
        assert!(!is_news(&event("exec_start: curl -f http://localhost", ("", ""))));
        assert!(is_news(&event("health_status: healthy", ("", ""))));
    }
}

//! What happens to a project's containers, each event as it comes.

use bollard::{Docker, models::EventMessage, query_parameters::EventsOptionsBuilder};
use composeyard_compose::{ProjectName, ServiceName};
use composeyard_protocol::ContainerEvent;
use futures_util::{Stream, StreamExt};

use super::super::{EngineError, Labels, labels};

/// From when and until when events are told; nanoseconds since 1970. Without a beginning from now on, without an end
/// for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first moment.
    pub since: Option<i64>,
    /// The last one.
    pub until: Option<i64>,
}

/// Events of the named services, or of all. `GET /events`. Ends with the span, or when the engine does.
pub(in super::super) fn events(
    docker: &Docker,
    project: &ProjectName,
    services: Vec<ServiceName>,
    span: Span,
) -> impl Stream<Item = Result<ContainerEvent, EngineError>> + use<> {
    let mut filters = labels::project_filter(project.as_str());
    filters.insert("type".to_owned(), vec!["container".to_owned()]);
    let mut options = EventsOptionsBuilder::default().filters(&filters);
    if let Some(since) = span.since {
        options = options.since(&seconds(since));
    }
    if let Some(until) = span.until {
        options = options.until(&seconds(until));
    }
    let options = options.build();
    let docker = docker.clone();
    docker.events(Some(options)).filter_map(move |event| {
        let wanted = |event: &ContainerEvent| {
            services.is_empty() || services.iter().any(|service| service.as_str() == event.service)
        };
        std::future::ready(match event {
            Ok(event) => told(event).filter(wanted).map(Ok),
            Err(error) => Some(Err(error.into())),
        })
    })
}

/// `1136073600.000000001`, as the engine reads moments.
fn seconds(nanoseconds: i64) -> String {
    format!("{}.{:09}", nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000))
}

/// None for one-off runs, which the reference leaves out too.
fn told(event: EventMessage) -> Option<ContainerEvent> {
    let actor = event.actor.unwrap_or_default();
    let mut attributes = actor.attributes.unwrap_or_default();
    if attributes.get(Labels::ONEOFF).is_some_and(|oneoff| oneoff == "True") {
        return None;
    }
    let service = attributes.remove(Labels::SERVICE).unwrap_or_default();
    attributes.retain(|key, _| !key.starts_with("com.docker.compose."));
    Some(ContainerEvent {
        time: event.time_nano.unwrap_or_default(),
        service,
        container: actor.id.unwrap_or_default(),
        action: event.action.unwrap_or_default(),
        attributes: attributes.into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use bollard::models::EventActor;

    use super::*;

    #[test]
    fn composes_own_labels_are_left_out_and_one_off_runs_too() {
        let event = |oneoff: &str| EventMessage {
            action: Some("start".to_owned()),
            time_nano: Some(7),
            actor: Some(EventActor {
                id: Some("c1".to_owned()),
                attributes: Some(
                    [
                        ("image", "busybox"),
                        ("mine", "label"),
                        ("com.docker.compose.service", "app"),
                        ("com.docker.compose.project", "demo"),
                        ("com.docker.compose.oneoff", oneoff),
                    ]
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .into(),
                ),
            }),
            ..Default::default()
        };
        let told_of = told(event("False")).unwrap();
        assert_eq!((told_of.service.as_str(), told_of.action.as_str(), told_of.time), ("app", "start", 7));
        assert_eq!(told_of.attributes.into_keys().collect::<Vec<_>>(), ["image", "mine"]);
        assert_eq!(told(event("True")), None);
    }
}

//! Which terminal is open, and how it stands.

use composeyard_compose::ServiceName;
use composeyard_plan::ContainerState;
use composeyard_protocol::Failure;
use futures_channel::mpsc::UnboundedSender;
use leptos::prelude::*;

use super::{bridge::View, session::Frame};
use crate::{
    document::Document,
    run::{Run, Tone, failure_words},
};

/// A container that a terminal can be opened in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) service: ServiceName,
    pub(super) number: u32,
}

impl Place {
    /// `app 2`
    pub(super) fn words(&self) -> String {
        format!("{} {}", self.service, self.number)
    }
}

/// How the terminal stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Phase {
    /// None was opened yet.
    #[default]
    None,
    /// On its way.
    Opening,
    /// Open, in the container of this name.
    Open(String),
    /// The command has ended with this code.
    Exited(i64),
    /// The user ended it.
    Ended,
    /// There is none, or not any more.
    Failed(Failure),
    /// The agent went away.
    Lost,
    /// The bundle cannot be loaded.
    Unloadable(String),
}

impl Phase {
    pub(super) fn is_live(&self) -> bool {
        matches!(self, Self::Opening | Self::Open(_))
    }

    pub(super) fn words(&self) -> (String, Tone) {
        match self {
            Self::None => (String::new(), Tone::Idle),
            Self::Opening => ("opening".to_owned(), Tone::Warn),
            Self::Open(container) => (container.clone(), Tone::Ok),
            Self::Exited(0) => ("ended with code 0".to_owned(), Tone::Idle),
            Self::Exited(code) => (format!("ended with code {code}"), Tone::Bad),
            Self::Ended => ("ended".to_owned(), Tone::Idle),
            Self::Failed(failure) => (failure_words(failure), Tone::Bad),
            Self::Lost => {
                ("The connection to the agent was lost, and the session with it.".to_owned(), Tone::Bad)
            }
            Self::Unloadable(reason) => (format!("The terminal cannot be loaded: {reason}"), Tone::Bad),
        }
    }
}

/// What is run: a line with spaces is the shell's to read.
pub(super) fn command(line: &str) -> Vec<String> {
    match line.trim() {
        "" => Vec::new(),
        line if line.contains(char::is_whitespace) => vec!["sh".into(), "-c".into(), line.into()],
        word => vec![word.into()],
    }
}

/// The terminal. Found in the Leptos context.
#[derive(Clone, Copy)]
pub struct Terminal {
    pub(super) phase: RwSignal<Phase>,
    /// Where the next one is opened; the first container that runs when this one does not.
    pub(super) chosen: RwSignal<Option<Place>>,
    /// What the next one runs; empty for the best shell.
    pub(super) line: RwSignal<String>,
    /// Counts what was asked for: the pane opens one when it grows.
    pub(super) asked: RwSignal<u32>,
    pub(super) view: RwSignal<Option<View>, LocalStorage>,
    /// To the agent, while a terminal is open.
    pub(super) keys: StoredValue<Option<UnboundedSender<Frame>>>,
    pub(super) document: Document,
    run: Run,
}

impl Terminal {
    /// None is open.
    pub fn new(document: Document, run: Run) -> Self {
        Self {
            phase: RwSignal::default(),
            chosen: RwSignal::default(),
            line: RwSignal::default(),
            asked: RwSignal::default(),
            view: RwSignal::new_local(None),
            keys: StoredValue::default(),
            document,
            run,
        }
    }

    /// True while a command runs in it.
    pub fn is_live(&self) -> bool {
        self.phase.read().is_live()
    }

    /// Opens one in the first running container of a service. One that is open ends.
    pub fn open_in(&self, service: &ServiceName) {
        let places = untrack(|| self.places());
        if let Some(place) = places.into_iter().find(|place| place.service == *service) {
            self.chosen.set(Some(place));
        }
        self.asked.update(|asked| *asked += 1);
    }

    /// Containers that run.
    pub(super) fn places(&self) -> Vec<Place> {
        let state = self.run.state.read();
        let containers = state.as_ref().and_then(|state| state.observed.as_ref()).map(|it| &it.containers);
        let running = containers
            .into_iter()
            .flatten()
            .filter(|container| container.state == ContainerState::Running && !container.oneoff);
        let mut places: Vec<Place> = running
            .filter_map(|container| {
                let service = ServiceName::new(container.service.as_str()).ok()?;
                Some(Place { service, number: container.number })
            })
            .collect();
        places.sort_by(|a, b| (a.service.as_str(), a.number).cmp(&(b.service.as_str(), b.number)));
        places
    }

    /// Where the next one is opened.
    pub(super) fn place(&self) -> Option<Place> {
        let (places, chosen) = (self.places(), self.chosen.get());
        chosen.filter(|chosen| places.contains(chosen)).or_else(|| places.into_iter().next())
    }

    /// Ends the one that is open.
    pub(super) fn end(&self) {
        if self.keys.try_update_value(Option::take).flatten().is_some() {
            self.phase.set(Phase::Ended);
        }
    }

    /// Hands something to the agent; nothing when no terminal is open.
    pub(super) fn send(&self, frame: Frame) {
        self.keys.with_value(|keys| {
            if let Some(keys) = keys {
                // Ends with its terminal.
                let _ = keys.unbounded_send(frame);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_several_words_is_the_shells_to_read() {
        assert_eq!(command("  "), Vec::<String>::new());
        assert_eq!(command("bash"), ["bash"]);
        assert_eq!(command("redis-cli -n 1"), ["sh", "-c", "redis-cli -n 1"]);
    }

    #[test]
    fn the_exit_code_is_shown_and_only_zero_is_calm() {
        assert_eq!(Phase::Exited(3).words(), ("ended with code 3".to_owned(), Tone::Bad));
        assert_eq!(Phase::Exited(0).words().1, Tone::Idle);
    }
}

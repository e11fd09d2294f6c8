//! The run store: signals for what the agent says, and commands for what the user wants.

use std::rc::Rc;

use composeyard_compose::ServiceName;
use composeyard_protocol::{EngineState, Failure, ProjectState, RequestId};
use leptos::{prelude::*, task::spawn_local};

use super::{
    client::Client,
    commands::{Pending, Question},
    forecast::{self, Forecast},
    job::{Ending, Job, Phase, ShownPlan},
    link::{Keeper, Link},
    published::{Published, published},
    service_view::{ServiceView, service_view},
    standing::Standing,
    watch, words,
};
use crate::{document::Document, logs::Logs};

/// The agent and what runs. Found in the Leptos context.
#[derive(Clone, Copy)]
pub struct Run {
    /// How the page stands with the agent.
    pub link: RwSignal<Link>,
    /// Whether an engine answers; the last known while the link is lost.
    pub engine: RwSignal<EngineState>,
    /// What exists of the open project; none before the agent has said so.
    pub state: RwSignal<Option<ProjectState>>,
    /// The plan of the last command.
    pub plan: RwSignal<Option<ShownPlan>>,
    /// The command under way, or the last one.
    pub job: RwSignal<Option<Job>>,
    /// What Up would do; none when unknown.
    pub forecast: RwSignal<Option<Forecast>>,
    /// The containers' output.
    pub logs: Logs,
    /// A question that a command waits for.
    pub(super) question: RwSignal<Option<Question>>,
    pub(super) running: RwSignal<Option<RequestId>>,
    pub(super) last: RwSignal<Option<Pending>>,
    pub(super) document: Document,
    client: StoredValue<Rc<Client>, LocalStorage>,
}

impl Run {
    /// Looks for an agent and keeps the connection to it.
    pub fn new(document: Document) -> Self {
        let client = Rc::new(Client::default());
        let run = Self {
            link: RwSignal::new(Link::Connecting),
            engine: RwSignal::new(EngineState::Connecting),
            state: RwSignal::new(None),
            plan: RwSignal::new(None),
            job: RwSignal::new(None),
            forecast: RwSignal::new(None),
            logs: Logs::new(),
            question: RwSignal::new(None),
            running: RwSignal::new(None),
            last: RwSignal::new(None),
            document,
            client: StoredValue::new_local(Rc::clone(&client)),
        };
        let keeper = Keeper { client, link: run.link, engine: run.engine };
        spawn_local(keeper.keep());
        watch::keep(run);
        forecast::keep(run);
        run
    }

    pub(super) fn client(&self) -> Rc<Client> {
        self.client.get_value()
    }

    /// True when an agent is connected.
    pub fn is_connected(&self) -> bool {
        matches!(*self.link.read(), Link::Connected { .. })
    }

    /// True when an agent is connected and an engine answers it.
    pub fn is_ready(&self) -> bool {
        self.is_connected() && matches!(*self.engine.read(), EngineState::Up { .. })
    }

    /// The verb that the agent works on for this project, maybe for another page.
    pub fn busy_verb(&self) -> Option<String> {
        self.state.read().as_ref()?.busy.clone()
    }

    /// True while a command of this page is under way.
    pub fn is_busy(&self) -> bool {
        self.job.read().as_ref().is_some_and(Job::is_running)
    }

    /// True when the last command ended with just this failure.
    pub(super) fn failed_with(&self, failure: &Failure) -> bool {
        let ended = |job: &Job| matches!(&job.phase, Phase::Ended(Ending::Failed(found)) if found == failure);
        self.job.read().as_ref().is_some_and(ended)
    }

    /// What runs of a service, in words.
    pub fn service_view(&self, service: &str) -> ServiceView {
        self.state
            .with(|state| service_view(state.as_ref().and_then(|state| state.observed.as_ref()), service))
    }

    /// Pages that the containers publish on this machine.
    pub fn published(&self) -> Vec<Published> {
        let state = self.state.read();
        state.as_ref().and_then(|state| state.observed.as_ref()).map(published).unwrap_or_default()
    }

    /// True when something of the project exists that can be stopped or removed.
    pub fn has_containers(&self) -> bool {
        let state = self.state.read();
        let observed = state.as_ref().and_then(|state| state.observed.as_ref());
        observed.is_some_and(|observed| !observed.containers.is_empty() || !observed.networks.is_empty())
    }

    /// How a service stands, or the whole project without one.
    pub fn standing(&self, service: Option<&ServiceName>) -> Standing {
        let barred = if !self.is_ready() {
            Some(words::why_not(&self.link.read(), &self.engine.read()))
        } else if self.is_busy() {
            Some("Another command is under way.".to_owned())
        } else {
            self.busy_verb().map(|verb| format!("{} is under way.", words::capital(&verb)))
        };
        let checked = self.document.checked().get();
        let state = self.state.read();
        let observed = state.as_ref().and_then(|state| state.observed.as_ref());
        Standing::of(barred, checked.project.as_deref(), observed, service)
    }

    /// Names of the volumes that belong to the project.
    pub fn own_volumes(&self) -> Vec<String> {
        let project = self.document.name().get();
        let state = self.state.read();
        let volumes =
            state.as_ref().and_then(|state| state.observed.as_ref()).map(|observed| &observed.volumes);
        let own = volumes.into_iter().flatten().filter(|volume| volume.project == project.as_str());
        own.map(|volume| volume.name.clone()).collect()
    }
}

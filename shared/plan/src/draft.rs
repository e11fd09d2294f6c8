//! A plan while it is being made: its steps so far, and what later stages must know about earlier ones.

use std::collections::{BTreeMap, BTreeSet};

use composeyard_compose::{Project, ServiceName};

use crate::{Action, ContainerRef, Observed, ObservedContainer, Plan, Step, StepId, Target};

/// A container as it will stand when the create stage is over.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) container: ContainerRef,
    pub(crate) number: u32,
    /// Steps that must be over before it may start.
    pub(crate) after: Vec<StepId>,
    /// Why it has to be started; none when it runs already.
    pub(crate) start: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) project: &'a Project,
    pub(crate) observed: &'a Observed,
    steps: Vec<Step>,
    /// Seconds until a container that is stopped is killed; none for its own grace period.
    grace: Option<u32>,
    pub(crate) warnings: Vec<String>,
    /// Services that are brought up.
    pub(crate) selected: BTreeSet<ServiceName>,
    /// The step after which a network is there, and the only one of its name, by key.
    pub(crate) networks: BTreeMap<String, StepId>,
    /// The step that makes a volume, by key.
    pub(crate) volumes: BTreeMap<String, StepId>,
    /// The step that fetches or builds an image, by reference.
    pub(crate) images: BTreeMap<String, StepId>,
    /// The last create-stage step of a service.
    pub(crate) last: BTreeMap<ServiceName, StepId>,
    /// Removals of containers that a service has too many: until they are gone, a look at it finds them too.
    pub(crate) surplus: BTreeMap<ServiceName, Vec<StepId>>,
    /// Stops that are planned already, by container id.
    pub(crate) stops: BTreeMap<String, StepId>,
    /// Reconnections to a network that was made anew, by container id.
    pub(crate) connects: BTreeMap<String, Vec<StepId>>,
    /// Containers that an earlier stage removes.
    pub(crate) removed: BTreeSet<String>,
    /// Services with a container that is replaced.
    pub(crate) recreated: BTreeSet<ServiceName>,
    /// What the create stage leaves behind, by service.
    pub(crate) standing: BTreeMap<ServiceName, Vec<Standing>>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(project: &'a Project, observed: &'a Observed) -> Self {
        Self {
            project,
            observed,
            steps: Vec::new(),
            grace: None,
            warnings: Vec::new(),
            selected: BTreeSet::new(),
            networks: BTreeMap::new(),
            volumes: BTreeMap::new(),
            images: BTreeMap::new(),
            last: BTreeMap::new(),
            surplus: BTreeMap::new(),
            stops: BTreeMap::new(),
            connects: BTreeMap::new(),
            removed: BTreeSet::new(),
            recreated: BTreeSet::new(),
            standing: BTreeMap::new(),
        }
    }

    /// With this time for containers to end, instead of their own grace periods.
    pub(crate) fn with_grace(self, grace: Option<u32>) -> Self {
        Self { grace, ..self }
    }

    /// What stops a container.
    pub(crate) fn stopping(&self, container: &ObservedContainer) -> Action {
        Action::StopContainer { container: existing(container), grace: self.grace }
    }

    /// Adds a step and says where it stands.
    pub(crate) fn add(
        &mut self,
        target: Target,
        action: Action,
        after: Vec<StepId>,
        reason: impl Into<String>,
    ) -> StepId {
        self.add_grouped(target, action, after, reason, String::new())
    }

    /// Adds a step that belongs with others.
    pub(crate) fn add_grouped(
        &mut self,
        target: Target,
        action: Action,
        mut after: Vec<StepId>,
        reason: impl Into<String>,
        group: String,
    ) -> StepId {
        after.sort();
        after.dedup();
        let id = self.next();
        self.steps.push(Step { id, after, target, action, reason: reason.into(), group });
        id
    }

    /// All steps so far.
    pub(crate) fn all(&self) -> Vec<StepId> {
        self.steps.iter().map(|step| step.id).collect()
    }

    /// The id that the next step gets.
    fn next(&self) -> StepId {
        // A plan with more steps than u32 holds could not be in memory.
        StepId(u32::try_from(self.steps.len()).unwrap_or(u32::MAX) + 1)
    }

    /// Stops an existing container, once however many reasons there are.
    pub(crate) fn stop(&mut self, container: &ObservedContainer, reason: impl Into<String>) -> StepId {
        if let Some(step) = self.stops.get(&container.id) {
            return *step;
        }
        let step = self.add(target(container), self.stopping(container), Vec::new(), reason);
        self.stops.insert(container.id.clone(), step);
        step
    }

    /// Stops and removes an existing container.
    pub(crate) fn remove(&mut self, container: &ObservedContainer, reason: &str) -> StepId {
        let stop = self.stop(container, reason);
        let action = Action::RemoveContainer { container: existing(container), volumes: false };
        self.removed.insert(container.id.clone());
        self.add(target(container), action, vec![stop], reason)
    }

    /// Containers of a service that no earlier stage removes.
    pub(crate) fn containers(&self, service: &ServiceName) -> Vec<&'a ObservedContainer> {
        self.observed.of(service).filter(|container| !self.removed.contains(&container.id)).collect()
    }

    pub(crate) fn finish(self) -> Plan {
        Plan { steps: self.steps, warnings: self.warnings }
    }
}

/// A container that exists, as a step names it.
pub(crate) fn existing(container: &ObservedContainer) -> ContainerRef {
    ContainerRef::Existing(container.id.clone())
}

/// What a step on an existing container is about.
pub(crate) fn target(container: &ObservedContainer) -> Target {
    Target::Container { service: container.service.clone(), number: container.number }
}

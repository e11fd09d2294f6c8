//! `run`: one container for one command, beside those of its service.

use composeyard_compose::{Project, ServiceName};

use crate::{
    Action, ContainerRef, Observed, OneOff, Plan, PlanError, RunOptions, Step, StepId, Target, UpOptions,
    containers,
    draft::{Draft, Standing},
    image_of, up,
};

/// Brings up what the service depends on and makes the container; starts it last, where that is wanted.
pub(crate) fn plan(project: &Project, observed: &Observed, options: &RunOptions) -> Result<Plan, PlanError> {
    let up = UpOptions {
        services: vec![options.service.clone()],
        no_deps: options.no_deps,
        build: options.build,
        pull: options.pull,
        remove_orphans: options.remove_orphans,
        all_resources: options.all_resources,
        ..UpOptions::default()
    };
    let mut plan = up::plan(project, observed, &up, Some(options))?;
    if !options.start {
        // Whoever attaches to it starts it: it may end before anyone is there.
        let made = plan.steps.iter().find(|step| makes(&step.action)).map(|step| step.id);
        let starts = |action: &Action| match action {
            Action::StartContainer { container: ContainerRef::Made(id) } => Some(*id) == made,
            _ => false,
        };
        plan.steps.retain(|step| !starts(&step.action));
    }
    Ok(plan)
}

/// Adds its container, after what its service needs.
pub(crate) fn create(draft: &mut Draft<'_>, options: &RunOptions) {
    let service = &options.service;
    let wanted = &draft.project.services[service];
    let needs = containers::needs(draft, wanted, &image_of(&draft.project.name, service, wanted));
    let action = Action::CreateContainer {
        service: service.clone(),
        number: 1,
        name: options.name.clone(),
        replaces: None,
        renew_volumes: false,
        one_off: Some(if options.auto_remove { OneOff::Goes } else { OneOff::Stays }),
        unless_image: None,
    };
    let target = Target::Container { service: service.to_string(), number: 1 };
    let step = draft.add(target, action, needs, "a command is to be run");
    let start = Some("a command is to be run".to_owned());
    let standing = Standing { container: ContainerRef::Made(step), number: 1, after: vec![step], start };
    draft.standing.insert(service.clone(), vec![standing]);
}

fn makes(action: &Action) -> bool {
    matches!(action, Action::CreateContainer { one_off: Some(_), .. })
}

impl RunOptions {
    /// The plain way for a service: with all that it depends on.
    pub fn of(service: ServiceName) -> Self {
        Self {
            service,
            name: String::new(),
            no_deps: false,
            build: false,
            pull: None,
            remove_orphans: false,
            start: false,
            auto_remove: false,
            all_resources: false,
        }
    }
}

impl Plan {
    /// Starts the container of a command that was made before.
    pub fn to_start(service: &ServiceName, id: String) -> Self {
        Self::one_step(service, Action::StartContainer { container: ContainerRef::Existing(id) })
    }

    /// Stops the container of a command.
    pub fn to_stop(service: &ServiceName, id: String) -> Self {
        Self::one_step(service, Action::StopContainer { container: ContainerRef::Existing(id), grace: None })
    }

    /// Removes the container of a command with its anonymous volumes.
    pub fn to_remove(service: &ServiceName, id: String) -> Self {
        let container = ContainerRef::Existing(id);
        Self::one_step(service, Action::RemoveContainer { container, volumes: true })
    }

    fn one_step(service: &ServiceName, action: Action) -> Self {
        let target = Target::Container { service: service.to_string(), number: 1 };
        let step = Step {
            id: StepId(1),
            after: Vec::new(),
            target,
            action,
            reason: "a command is run".to_owned(),
            group: String::new(),
        };
        Self { steps: vec![step], warnings: Vec::new() }
    }
}

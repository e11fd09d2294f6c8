//! What an `up` that stays with its containers prints, and when it is over.

use composeyard_compose::{Project, ServiceName, model::Condition};

use crate::{
    ContainerState, Observed, ObservedContainer, PlanError,
    order::{dependencies, with_dependencies},
};

/// What ends an `up` that stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Until {
    /// All containers have ended.
    #[default]
    AllEnd,
    /// One has ended: the others are stopped then.
    OneEnds,
    /// One has ended with an exit code that is not 0: the others are stopped then.
    OneFails,
}

/// Whose lines are printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attach {
    /// Only these; empty for those that the command names, or all.
    pub only: Vec<ServiceName>,
    /// None of these.
    pub without: Vec<ServiceName>,
    /// Also those that the named ones depend on.
    pub dependencies: bool,
}

/// The services whose lines are printed by an `up` of these services; of all when none is named. One that says
/// `attach: false` is only printed when it is asked for. Compose specification, 05-services.
///
/// # Errors
/// When a service is asked for that the `up` does not bring.
pub fn printed(
    project: &Project,
    named: &[ServiceName],
    attach: &Attach,
) -> Result<Vec<ServiceName>, PlanError> {
    let brought = with_dependencies(&dependencies(project), named);
    let is_brought = |name: &ServiceName| named.is_empty() || brought.contains(name);
    let asked = attach.only.iter().chain(&attach.without);
    if let Some(other) =
        asked.into_iter().find(|name| !project.services.contains_key(*name) || !is_brought(name))
    {
        return Err(PlanError(format!(
            "Service {other} is not brought up, so nothing of it can be printed."
        )));
    }
    let wanted = |name: &&ServiceName| {
        let named =
            if attach.dependencies { is_brought(name) } else { named.is_empty() || named.contains(name) };
        let by_default = named && project.services[*name].attach != Some(false);
        let asked = if attach.only.is_empty() { by_default } else { attach.only.contains(name) };
        asked && !attach.without.contains(name)
    };
    Ok(project.services.keys().filter(wanted).cloned().collect())
}

/// The exit code that an `up` of these services ends with; none while it is not over. Where all have ended it is 0.
/// Two that end at once count as the one that failed.
///
/// A container that others wait for until it has completed is meant to end: that it did is no reason to stop them.
pub fn over(project: &Project, observed: &Observed, named: &[ServiceName], until: Until) -> Option<i64> {
    let is_named = |name: &&ServiceName| named.is_empty() || named.contains(name);
    let services = project.services.keys().filter(is_named);
    let containers: Vec<&ObservedContainer> = services.flat_map(|name| observed.of(name)).collect();
    let ended = containers.iter().filter(|container| has_ended(container));
    if until == Until::AllEnd {
        return (ended.count() == containers.len()).then_some(0);
    }
    let reason = |container: &&&ObservedContainer| match container.exit_code.unwrap_or(0) {
        0 => until == Until::OneEnds && !is_awaited(project, &container.service),
        _ => true,
    };
    let codes = ended.filter(reason).map(|container| container.exit_code.unwrap_or(0));
    let code = codes.max_by_key(|code| *code != 0);
    // When nothing is left that could end, it is over too.
    code.or_else(|| containers.iter().all(|container| has_ended(container)).then_some(0))
}

fn has_ended(container: &ObservedContainer) -> bool {
    matches!(container.state, ContainerState::Exited | ContainerState::Dead)
}

/// Some service begins only when this one has completed.
fn is_awaited(project: &Project, name: &str) -> bool {
    let awaits = |(on, dependency): (&ServiceName, &composeyard_compose::model::Dependency)| {
        on.as_str() == name && dependency.condition == Condition::ServiceCompletedSuccessfully
    };
    project.services.values().any(|service| service.depends_on.iter().any(awaits))
}

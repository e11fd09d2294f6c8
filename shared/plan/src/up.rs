//! The planner's entry.

use composeyard_compose::Project;

use crate::{Command, Observed, Plan};

/// Plans a command. `project` is the wanted state; commands that need none of it still take the services' order.
///
/// # Errors
/// When the command cannot be planned at all: an unknown service, an external network that does not exist.
pub fn plan(_project: &Project, _observed: &Observed, _command: &Command) -> Result<Plan, PlanError> {
    Ok(Plan::default())
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PlanError(pub String);

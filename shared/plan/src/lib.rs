//! What `up`, `down`, `scale`, `stop`, … will do: a pure function of the project and what exists, to a graph of
//! steps with reasons. The agent executes it on Docker, the simulator on a virtual clock; the page shows it first.
//!
//! | module | what it plans |
//! |---|---|
//! | `command`, `plan` | what is asked; the answer |
//! | `images`, `networks`, `volumes`, `containers`, `replace` | the create stage of `up` |
//! | `resources` | what networks and volumes share |
//! | `start`, `ports` | the start stage: dependencies and their conditions, ports of the host |
//! | `one_off` | `run` |
//! | `images_only` | `pull`, `build` and `push` |
//! | `down`, `lifecycle`, `stopped`, `rebuild` | the other commands; without files, by the containers' labels |
//! | `attached` | what an `up` that stays prints, and when it is over |
//! | `order` | dependency order |
//! | `pick` | the container that a person means |
//! | `verdict`, `news` | whether a wait is over, by what was seen and by the events since |
//! | `downloads` | what a plan fetches, in numbers |
//! | `reasons`, `support` | words: why a step is there, what cannot be honoured |

mod attached;
mod command;
mod containers;
mod down;
mod downloads;
mod draft;
mod drift;
mod grants;
mod hashes;
mod images;
mod images_only;
mod lifecycle;
mod names;
mod networks;
mod news;
pub mod observed;
mod one_off;
mod order;
mod pick;
pub mod plan;
mod ports;
mod reasons;
mod rebuild;
mod replace;
mod resources;
mod start;
mod stopped;
mod support;
mod up;
mod verdict;
mod volumes;

#[cfg(test)]
mod tests;

use composeyard_compose::Project;

pub use attached::{Attach, Until, over, printed};
pub use command::{
    BuildChanges, BuildOptions, Command, DownOptions, Images, Pull, PullOptions, PushOptions, Recreate,
    RmOptions, RunOptions, UpOptions,
};
pub use downloads::{Downloads, Part, size};
pub use drift::{Drift, DriftKind, drift};
pub use grants::{FREE_REPLICAS, Grant, grants};
pub use hashes::{container_hash, resolve_references};
pub use names::{container_name, image_of, images_of};
pub use news::{Happened, News};
pub use observed::{
    ContainerState, Health, MadeFrom, Observed, ObservedContainer, ObservedEngine, ObservedImage,
    ObservedNetwork, ObservedVolume, PortHolder, PublishedPort,
};
pub use order::parents;
pub use pick::{PickError, containers, published_port, running_container};
pub use plan::{Action, ContainerRef, OneOff, Plan, Step, StepId, Target};

pub use support::not_honoured;
pub use verdict::{Verdict, up_verdict, verdict};

/// Plans a command. `project` is the wanted state; commands that need none of it still take the services' order. For
/// a project without services (its files are gone or broken) these commands go by the containers' labels.
///
/// # Errors
/// When the command cannot be planned at all: an unknown service, an external network that does not exist.
pub fn plan(project: &Project, observed: &Observed, command: &Command) -> Result<Plan, PlanError> {
    let known = rebuild::from_labels(project, observed);
    match command {
        Command::Up(options) => up::plan(project, observed, options, None),
        Command::Down(options) => down::plan(&known, observed, options),
        Command::Start { services } => lifecycle::start(&known, observed, services),
        Command::Stop { services, grace } => lifecycle::stop(&known, observed, services, *grace),
        Command::Restart { services, no_deps, grace } => {
            lifecycle::restart(&known, observed, services, *no_deps, *grace)
        }
        Command::Pause { services } => stopped::pause(&known, observed, services),
        Command::Unpause { services } => stopped::unpause(&known, observed, services),
        Command::Kill { services, signal, orphans } => {
            stopped::kill(&known, observed, services, signal, *orphans)
        }
        Command::Rm(options) => stopped::rm(&known, observed, options),
        Command::Pull(options) => images_only::pull(project, observed, options),
        Command::Build(options) => images_only::build(project, observed, options),
        Command::Push(options) => images_only::push(project, observed, options),
        Command::Run(options) => one_off::plan(project, observed, options),
    }
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PlanError(pub String);

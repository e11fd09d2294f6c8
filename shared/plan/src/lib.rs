//! What `up`, `down`, `scale`, `stop`, … will do: a pure function of the project and what exists, to a graph of
//! steps with reasons. The agent executes it on Docker, the simulator on a virtual clock; the page shows it first.

mod grants;
mod names;
pub mod observed;
pub mod plan;
mod up;

pub use grants::{FREE_REPLICAS, Grant, grants};
pub use names::{container_name, image_of};
pub use observed::{
    Config, ContainerState, Health, Observed, ObservedContainer, ObservedImage, ObservedNetwork,
    ObservedVolume, PublishedPort,
};
pub use plan::{Action, Command, ContainerRef, Plan, Recreate, Step, StepId, Target, UpOptions};
pub use up::{PlanError, plan};

//! Runs a plan.

use std::path::Path;

use composeyard_compose::Project;
use composeyard_plan::Plan;
use composeyard_protocol::{Outcome, Progress};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Engine;

pub(super) async fn execute(
    _engine: &Engine,
    _project: &Project,
    _base: &Path,
    _plan: &Plan,
    _progress: mpsc::Sender<Progress>,
    _cancel: CancellationToken,
) -> Outcome {
    Outcome::Done
}

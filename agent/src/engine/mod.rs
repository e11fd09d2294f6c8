//! The engine: everything that is said to Docker goes through here.

use std::path::Path;

use composeyard_compose::{Project, ProjectName};
use composeyard_plan::{Observed, Plan};
use composeyard_protocol::{EngineState, Outcome, Progress, ProjectSummary};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// A connection to an engine that mends itself. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Engine {
    state: watch::Sender<EngineState>,
    observed: watch::Sender<Option<Observed>>,
}

/// Why the engine did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EngineError(pub String);

impl Engine {
    /// Starts to connect; never fails, keeps trying by itself.
    pub fn connect(_host: Option<String>) -> Self {
        let down = EngineState::Down { reason: "not built yet".to_owned(), help: String::new() };
        Self { state: watch::Sender::new(down), observed: watch::Sender::new(None) }
    }

    /// Whether it answers, now and from now on.
    pub fn state(&self) -> watch::Receiver<EngineState> {
        self.state.subscribe()
    }

    /// The client of the engine.
    ///
    /// # Errors
    /// When no engine answers.
    pub fn docker(&self) -> Result<bollard::Docker, EngineError> {
        Err(EngineError("no engine answers".to_owned()))
    }

    /// What exists of a project.
    ///
    /// # Errors
    /// When the engine does not answer or refuses.
    pub async fn observe(
        &self,
        _project: &ProjectName,
        _wanted: Option<&Project>,
    ) -> Result<Observed, EngineError> {
        Ok(Observed::default())
    }

    /// All projects that have containers.
    ///
    /// # Errors
    /// When the engine does not answer or refuses.
    pub async fn projects(&self) -> Result<Vec<ProjectSummary>, EngineError> {
        Ok(Vec::new())
    }

    /// What exists of a project, now and after every change.
    pub fn watch_project(&self, _project: ProjectName) -> watch::Receiver<Option<Observed>> {
        self.observed.subscribe()
    }

    /// Does the steps of a plan.
    pub async fn execute(
        &self,
        _project: &Project,
        _base: &Path,
        _plan: &Plan,
        _progress: mpsc::Sender<Progress>,
        _cancel: CancellationToken,
    ) -> Outcome {
        Outcome::Done
    }
}

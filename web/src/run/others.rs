//! Projects that the agent knows: those of its workspace and those that someone else runs on the engine.

use composeyard_compose::ProjectName;
use composeyard_plan::Grant;
use composeyard_protocol::{FailureKind, ProjectSummary, Request, SavedProject, ServerMessage};

use super::{
    client::{Reply, Trouble},
    save::keep_revision,
    store::Run,
    words,
};

/// What became of the wish to open a project.
pub enum Opened {
    /// Its files.
    Project(Box<SavedProject>),
    /// The agent wants to be allowed to use these first.
    Consent(Vec<Grant>),
}

impl Run {
    /// All projects that the agent knows, none while it is not connected.
    pub async fn projects(&self) -> Vec<ProjectSummary> {
        let mut found = Vec::new();
        let each = |message| {
            if let ServerMessage::Projects { projects, .. } = message {
                found = projects;
            }
        };
        match self.client().request(Request::ListProjects).finish(each).await {
            Ok(()) => found,
            // The state of the link is shown elsewhere.
            Err(_) => Vec::new(),
        }
    }

    /// The files of a project that the agent knows; one of someone else's becomes one of the workspace.
    ///
    /// # Errors
    /// One sentence that says why not.
    pub async fn open_project(&self, project: ProjectName, consent: Vec<String>) -> Result<Opened, String> {
        let mut replies = self.client().request(Request::AdoptProject { project, consent });
        let (mut saved, mut wanted) = (None, None);
        while let Some(reply) = replies.next().await {
            match reply {
                Reply::Message(ServerMessage::Project { saved: found, .. }) => saved = Some(found),
                Reply::Message(ServerMessage::Consent { grants, .. }) => wanted = Some(grants),
                Reply::Message(ServerMessage::Finished { outcome, .. }) => {
                    return match (Trouble::of(outcome), saved, wanted) {
                        (None, Some(saved), _) => Ok(Opened::Project(Box::new(saved))),
                        (Some(Trouble::Failed(failure)), _, Some(grants))
                            if failure.kind == FailureKind::Denied =>
                        {
                            Ok(Opened::Consent(grants))
                        }
                        (Some(Trouble::Failed(failure)), ..) => Err(words::failure(&failure)),
                        _ => Err("The agent did not answer.".to_owned()),
                    };
                }
                Reply::Message(_) | Reply::Batch(_) => {}
            }
        }
        Err("The connection to the agent was lost.".to_owned())
    }

    /// Notes that the page has a project's files as the agent has them: the next save is based on these.
    pub fn based_on(&self, saved: &SavedProject) {
        keep_revision(&saved.name, &saved.revision);
    }
}

//! One command at a time for each project: the second is told which one holds it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use composeyard_compose::ProjectName;
use tokio::sync::watch;

use crate::project_lock::{LockError, ProjectLock};

/// Commands under way, by project.
#[derive(Clone, Debug)]
pub struct Jobs {
    running: watch::Sender<BTreeMap<ProjectName, String>>,
    /// Where other processes see them too.
    locks: Option<PathBuf>,
}

/// Another command holds the project.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{verb} is running on {project}{}", process.map(|id| format!(" (process {id})")).unwrap_or_default())]
pub struct Busy {
    /// The project.
    pub project: ProjectName,
    /// The command: `up`.
    pub verb: String,
    /// Its process id, when it is another one.
    pub process: Option<u32>,
}

/// Holds a project until dropped.
#[derive(Debug)]
pub struct Hold {
    jobs: Jobs,
    project: ProjectName,
    lock: Option<ProjectLock>,
}

impl Default for Jobs {
    fn default() -> Self {
        Self { running: watch::Sender::new(BTreeMap::new()), locks: None }
    }
}

impl Jobs {
    /// Commands of other processes count too: those that keep their locks in this folder.
    pub fn with_locks(folder: PathBuf) -> Self {
        Self { locks: Some(folder), ..Self::default() }
    }

    /// Takes a project for a command.
    ///
    /// # Errors
    /// When another command has it.
    pub fn begin(&self, project: &ProjectName, verb: &str) -> Result<Hold, Busy> {
        let mut holder = None;
        self.running.send_if_modified(|running| {
            holder = running.get(project).cloned();
            if holder.is_none() {
                running.insert(project.clone(), verb.to_owned());
            }
            holder.is_none()
        });
        if let Some(verb) = holder {
            return Err(Busy { project: project.clone(), verb, process: None });
        }
        // From here on a failure gives the project back.
        let mut hold = Hold { jobs: self.clone(), project: project.clone(), lock: None };
        hold.lock = self.lock(project, verb)?;
        Ok(hold)
    }

    /// A folder that cannot be written must not keep anyone from working: then only this process is kept in order.
    fn lock(&self, project: &ProjectName, verb: &str) -> Result<Option<ProjectLock>, Busy> {
        let Some(folder) = &self.locks else { return Ok(None) };
        match ProjectLock::take(folder, project, verb) {
            Ok(lock) => Ok(Some(lock)),
            Err(LockError::Held { project, verb, process }) => {
                Err(Busy { project, verb, process: Some(process) })
            }
            Err(error) => {
                tracing::warn!("no lock for {project}: {error}");
                Ok(None)
            }
        }
    }

    /// What runs, now and from now on.
    pub fn watch(&self) -> watch::Receiver<BTreeMap<ProjectName, String>> {
        self.running.subscribe()
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.jobs.running.send_modify(|running| {
            running.remove(&self.project);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_command_is_told_who_holds_the_project() {
        let jobs = Jobs::default();
        let project = ProjectName::new("demo").unwrap();
        let hold = jobs.begin(&project, "up").unwrap();
        assert_eq!(jobs.begin(&project, "down").unwrap_err().verb, "up");
        assert!(jobs.begin(&ProjectName::new("other").unwrap(), "down").is_ok());
        drop(hold);
        assert!(jobs.begin(&project, "down").is_ok());
    }

    #[test]
    fn a_command_of_another_process_counts_too() {
        let folder = tempfile::tempdir().unwrap();
        let (agent, terminal) =
            (Jobs::with_locks(folder.path().into()), Jobs::with_locks(folder.path().into()));
        let project = ProjectName::new("demo").unwrap();
        let hold = agent.begin(&project, "up").unwrap();
        let busy = terminal.begin(&project, "down").unwrap_err();
        assert_eq!(busy.to_string(), format!("up is running on demo (process {})", std::process::id()));
        drop(hold);
        assert!(terminal.begin(&project, "down").is_ok(), "the refused command has left nothing behind");
    }
}

//! One command at a time for each project: the second is told which one holds it.

use std::collections::BTreeMap;

use composeyard_compose::ProjectName;
use tokio::sync::watch;

/// Commands under way, by project.
#[derive(Clone, Debug)]
pub struct Jobs {
    running: watch::Sender<BTreeMap<ProjectName, String>>,
}

/// Another command holds the project.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{verb} is running on {project}")]
pub struct Busy {
    /// The project.
    pub project: ProjectName,
    /// The command: `up`.
    pub verb: String,
}

/// Holds a project until dropped.
#[derive(Debug)]
pub struct Hold {
    jobs: Jobs,
    project: ProjectName,
}

impl Default for Jobs {
    fn default() -> Self {
        Self { running: watch::Sender::new(BTreeMap::new()) }
    }
}

impl Jobs {
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
        match holder {
            Some(verb) => Err(Busy { project: project.clone(), verb }),
            None => Ok(Hold { jobs: self.clone(), project: project.clone() }),
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
}

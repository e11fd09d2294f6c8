//! Intents of the designer to minimal text edits. Every result is parsed again and compared with what was meant.
//!
//! | module | what it does |
//! |---|---|
//! | `intent` | everything that can be asked for |
//! | `desk` | the compose files as drafts: who sets a value, where a new one goes |
//! | `sources` | which files those are: in use, included, extended |
//! | `mention` | every place that speaks of something |
//! | `rename` | a new name and all that follows it |
//! | `walk` | what services hold, through aliases and merge keys |
//! | `service` | add and remove a service with everything that names it |
//! | `resource` | declare and remove networks, volumes, secrets, configs |
//! | `keys`, `form` | any single key, in the short or long form that the file has |
//! | `lists` | items of any list |
//! | `inherit` | what comes through `extends` |
//! | `ports`, `environment`, `depends_on`, `networks`, `volumes`, `grants`, `image` | one key of a service each |
//! | `refusal`, `choices` | why not, and what else can be done |

mod choices;
mod depends_on;
mod desk;
mod environment;
mod form;
mod grants;
mod image;
mod inherit;
mod intent;
mod keys;
mod lists;
mod mention;
mod networks;
mod ports;
mod refusal;
mod rename;
mod resource;
mod service;
mod sources;
mod volumes;
mod walk;

use composeyard_yaml::edit::apply;
use serde::{Deserialize, Serialize};

use crate::{FileEdit, ProjectFiles};

pub(crate) use desk::Desk;
pub use intent::Intent;
pub use mention::{Manner, Mention, Resource, Subject, mentions};
pub use refusal::{Choice, Refusal};
pub use resource::Source;

/// Where to change a value that is not written where an intent looks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approach {
    /// Nowhere: refuse, and name the choices.
    #[default]
    Ask,
    /// Where the intent looks, on top of what comes from elsewhere.
    Here,
    /// Where it comes from, for all that use it.
    AtOrigin,
}

/// What an intent comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The edits, by file in merge order; within a file sorted and apart from each other.
    pub edits: Vec<FileEdit>,
    /// For a rename: every place that speaks of the thing, in the texts as they were before. [`Manner::Maybe`] ones
    /// were left alone.
    pub mentions: Vec<Mention>,
}

impl Plan {
    /// The files as they are afterwards; a file that an edit does not fit stays as it was.
    #[must_use]
    pub fn applied_to(&self, files: &ProjectFiles) -> ProjectFiles {
        let mut after = files.clone();
        for (name, text) in &mut after.0 {
            let here =
                self.edits.iter().filter(|edit| ProjectFiles::normalize(&edit.file).as_ref() == Some(name));
            let edits: Vec<_> = here.map(|edit| edit.edit.clone()).collect();
            if let Some(edited) = apply(text, &edits) {
                *text = edited;
            }
        }
        after
    }
}

/// Plans the smallest edits for an intent. `compose_files` are the project's compose files in merge order (empty: the
/// default names): a value is changed in the last file that sets it, a new one goes to the first.
///
/// # Errors
/// When the intent does not apply or cannot be done without touching more than it must. Each of the choices that
/// come with it can be done; see [`plan_all`].
pub fn plan(files: &ProjectFiles, compose_files: &[String], intent: &Intent) -> Result<Plan, Refusal> {
    plan_all(files, compose_files, std::slice::from_ref(intent), Approach::Ask)
}

/// Plans several intents as one: what a [`Choice`] holds.
///
/// # Errors
/// As [`plan`]; then none of them is done.
pub fn plan_all(
    files: &ProjectFiles,
    compose_files: &[String],
    intents: &[Intent],
    approach: Approach,
) -> Result<Plan, Refusal> {
    attempt(files, compose_files, intents, approach)
        .map_err(|refusal| choices::complete(refusal, files, compose_files, intents))
}

fn attempt(
    files: &ProjectFiles,
    compose_files: &[String],
    intents: &[Intent],
    approach: Approach,
) -> Result<Plan, Refusal> {
    let mut desk = Desk::open(files, compose_files)?;
    desk.approach = approach;
    intents.iter().try_for_each(|intent| intent.make(&mut desk))?;
    let mut mentions = std::mem::take(&mut desk.mentioned);
    for intent in intents {
        if let Intent::RenameService { from, .. } = intent {
            mentions.extend(mention::elsewhere(files, &desk, &Subject::Service(from.clone())));
        }
    }
    Ok(Plan { edits: desk.edits(), mentions })
}

//! Why an intent was not done, and what can be done instead.

use composeyard_yaml::edit::EditError;
use serde::{Deserialize, Serialize};

use super::{Approach, Intent};

/// Why an intent cannot be done safely as a text edit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// What stands in the way, with the names in question and what to do instead.
    pub reason: String,
    /// What the page offers instead, the most likely first. Empty when only the text itself helps.
    pub choices: Vec<Choice>,
}

/// Another way to what was meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Names the result: "Write it in web".
    pub title: String,
    /// What to do, in order, as one step of the history.
    pub intents: Vec<Intent>,
    /// Where.
    pub approach: Approach,
}

impl Refusal {
    /// Without a choice.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), choices: Vec::new() }
    }

    /// Adds a choice of other intents.
    #[must_use]
    #[expect(dead_code, reason = "choices follow")]
    pub(super) fn or(mut self, title: impl Into<String>, intents: impl IntoIterator<Item = Intent>) -> Self {
        let intents = intents.into_iter().collect();
        self.choices.push(Choice { title: title.into(), intents, approach: Approach::Ask });
        self
    }

    pub(super) fn from_edit(file: &str, error: &EditError) -> Self {
        Self::new(format!("{file}: {error}"))
    }
}

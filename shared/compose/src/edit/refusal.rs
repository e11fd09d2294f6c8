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
    pub(super) fn or(self, title: impl Into<String>, intents: impl IntoIterator<Item = Intent>) -> Self {
        self.with(title, intents, Approach::Ask)
    }

    /// Adds a choice of other intents, on top of what comes from elsewhere.
    #[must_use]
    pub(super) fn or_on_top(
        self,
        title: impl Into<String>,
        intents: impl IntoIterator<Item = Intent>,
    ) -> Self {
        self.with(title, intents, Approach::Here)
    }

    /// Adds a choice: the same on top of what comes from elsewhere. Who knows the intents fills them in.
    #[must_use]
    pub(super) fn here(self, title: impl Into<String>) -> Self {
        self.with(title, [], Approach::Here)
    }

    /// Adds a choice: the same where the value comes from.
    #[must_use]
    pub(super) fn at_origin(self, title: impl Into<String>) -> Self {
        self.with(title, [], Approach::AtOrigin)
    }

    fn with(
        mut self,
        title: impl Into<String>,
        intents: impl IntoIterator<Item = Intent>,
        approach: Approach,
    ) -> Self {
        let intents = intents.into_iter().collect();
        self.choices.push(Choice { title: title.into(), intents, approach });
        self
    }

    pub(super) fn from_edit(file: &str, error: &EditError) -> Self {
        let refusal = Self::new(format!("{file}: {error}"));
        match error {
            EditError::Borrowed { anchor, origin, .. } => refusal
                .here("Write it here, on top")
                .at_origin(format!("Change it in &{anchor}, at {origin}")),
            EditError::Shared { anchor, .. } => {
                refusal.at_origin(format!("Change it wherever &{anchor} is used"))
            }
            _ => refusal,
        }
    }
}

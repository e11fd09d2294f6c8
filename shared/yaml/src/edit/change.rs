//! What can be asked of a text, and why it may be refused.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Value;

/// One step down the tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Step {
    /// Into a mapping.
    Key(String),
    /// Into a list, from 0.
    Index(usize),
}

/// A way from the root: prints as `services.app.ports[0]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// Keys from the root.
    pub fn of<'a>(keys: impl IntoIterator<Item = &'a str>) -> Self {
        Self(keys.into_iter().map(|key| Step::Key(key.to_owned())).collect())
    }

    /// One key further.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    /// One item further.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    fn with(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the top level");
        }
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// One change of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Sets a value; missing keys on the way are made.
    Put {
        /// Where.
        path: Path,
        /// What.
        value: Value,
    },
    /// As [`Change::Put`], and over what comes through an alias or a merge key at just this path: the value then
    /// stands here, on top of it.
    Override {
        /// Where.
        path: Path,
        /// What.
        value: Value,
    },
    /// Moves an item of a list, with the comments that belong to it.
    Move {
        /// The list.
        path: Path,
        /// Where the item is.
        from: usize,
        /// Where it is afterwards.
        to: usize,
    },
    /// Appends to a list; a missing list is made.
    Push {
        /// The list.
        path: Path,
        /// The item.
        value: Value,
    },
    /// Removes an entry or item with the comments that belong to it. A collection that becomes empty goes too.
    Remove {
        /// The entry or item.
        path: Path,
        /// This many steps of `path` stay whatever happens: an emptied collection there is written as `{}`.
        keep: usize,
    },
    /// Gives a key another name.
    Rename {
        /// The entry.
        path: Path,
        /// Its new key.
        key: String,
    },
    /// Replaces parts of a scalar's text and leaves the rest as it is written, escapes and line breaks included.
    Splice {
        /// The scalar.
        path: Path,
        /// What is replaced.
        old: String,
        /// Bytes of the text at which `old` is replaced, in order.
        at: Vec<usize>,
        /// What stands there afterwards.
        new: String,
    },
    /// Turns a list of names into a mapping with these names as keys. Comments stay where they are.
    Retype {
        /// The list.
        path: Path,
        /// One entry for each item, in the same order.
        entries: Vec<(String, Value)>,
    },
}

impl Change {
    /// Where it happens.
    pub const fn path(&self) -> &Path {
        match self {
            Self::Put { path, .. }
            | Self::Override { path, .. }
            | Self::Move { path, .. }
            | Self::Push { path, .. }
            | Self::Remove { path, .. }
            | Self::Rename { path, .. }
            | Self::Splice { path, .. }
            | Self::Retype { path, .. } => path,
        }
    }

    /// The same change elsewhere.
    #[must_use]
    pub fn moved_to(&self, place: Path) -> Self {
        let mut moved = self.clone();
        let (before, after) = (self.path().0.len(), place.0.len());
        match &mut moved {
            Self::Remove { path, keep } => {
                // As many steps may go as before.
                *keep = after.saturating_sub(before - *keep);
                *path = place;
            }
            Self::Put { path, .. }
            | Self::Override { path, .. }
            | Self::Move { path, .. }
            | Self::Push { path, .. }
            | Self::Rename { path, .. }
            | Self::Splice { path, .. }
            | Self::Retype { path, .. } => *path = place,
        }
        moved
    }
}

/// Why a change was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The text is not YAML.
    #[error("line {line}: {message}; mend this first")]
    Syntax {
        /// From 1.
        line: u32,
        /// What is wrong.
        message: String,
    },
    /// `---` splits the file.
    #[error("the file holds several YAML documents; change it as text")]
    SeveralDocuments,
    /// There is nothing at the path.
    #[error("{0} does not exist")]
    Missing(Path),
    /// Another entry has the new key.
    #[error("there is a key {key} beside {path} already")]
    Taken {
        /// The entry to rename.
        path: Path,
        /// The key it cannot have.
        key: String,
    },
    /// Something else than the change needs stands there.
    #[error("{path} is not a {wanted}; change it as text")]
    Unfit {
        /// Where.
        path: Path,
        /// "mapping", "list".
        wanted: &'static str,
    },
    /// The value is written elsewhere and used here with `*` or `<<`.
    #[error("{path} comes from &{anchor}; change it there, or write it here without *{anchor}")]
    Borrowed {
        /// Where it is used.
        path: Path,
        /// The anchor that carries it.
        anchor: String,
        /// Where the alias or the merged key stands: the shortest way at which a copy would make it this place's own.
        at: Path,
        /// Where the value is written, or would be.
        origin: Path,
    },
    /// Other parts of the file repeat the value through an alias.
    #[error(
        "{path} is part of &{anchor}, which other parts of the file repeat; they would change too. Change it as text"
    )]
    Shared {
        /// Where.
        path: Path,
        /// The anchor.
        anchor: String,
    },
    /// Comments inside the value would be lost.
    #[error("{0} holds comments that would be lost; change it as text")]
    HoldsComments(Path),
    /// The edit was tried and the result is not what was meant.
    #[error("{0} is written in a way that cannot be changed safely here; change it as text")]
    Unsafe(Path),
}

//! Names, parsed once at the border. A value of these types is safe to put into a path or an Engine API call.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a name was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} name {name:?} is not valid: {rule}")]
pub struct NameError {
    /// "project", "service", …
    pub kind: &'static str,
    /// What was given, shortened.
    pub name: String,
    /// What it must look like.
    pub rule: &'static str,
}

fn refuse(kind: &'static str, name: &str, rule: &'static str) -> NameError {
    NameError { kind, name: name.chars().take(64).collect(), rule }
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $rule:literal, $accept:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses a name.
            ///
            /// # Errors
            /// When it does not follow the rule that the error states.
            pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
                let name = name.into();
                let accept: fn(&str) -> bool = $accept;
                if accept(&name) { Ok(Self(name)) } else { Err(refuse($kind, &name, $rule)) }
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(name: String) -> Result<Self, NameError> {
                Self::new(name)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NameError;
            fn from_str(name: &str) -> Result<Self, NameError> {
                Self::new(name)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name_type!(
    /// A project: `[a-z0-9][a-z0-9_-]*`, at most 255 bytes. Also the name of its folder in the workspace.
    ProjectName,
    "project",
    "use lower-case letters, digits, hyphens and underscores, starting with a letter or digit, at most 255 characters",
    |name| {
        let lower = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        (1..=255).contains(&name.len())
            && name.bytes().next().is_some_and(lower)
            && name.bytes().all(|b| lower(b) || b == b'-' || b == b'_')
    }
);

name_type!(
    /// A service key: `[a-zA-Z0-9._-]+` as the Compose schema has it, at most 255 bytes.
    ServiceName,
    "service",
    "use letters, digits, dots, hyphens and underscores, at most 255 characters",
    |name| {
        (1..=255).contains(&name.len())
            && name != "."
            && name != ".."
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    }
);

name_type!(
    /// A container, network or volume name or id as the engine takes it: `[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}`.
    ResourceName,
    "resource",
    "start with a letter or digit, then letters, digits, dots, hyphens and underscores, at most 255 characters",
    |name| {
        (1..=255).contains(&name.len())
            && name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    }
);

impl ProjectName {
    /// The reference's normalisation of a folder's name: lower-case, other characters dropped, leading `_-` trimmed.
    ///
    /// # Errors
    /// When nothing is left.
    pub fn normalize(name: &str) -> Result<Self, NameError> {
        let kept: String = name
            .to_lowercase()
            .chars()
            .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-' || *c == '_')
            .collect();
        Self::new(kept.trim_start_matches(['_', '-']))
    }
}

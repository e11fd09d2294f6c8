//! Names and ids on their way to the engine. bollard puts them unescaped into request paths, so each one is parsed
//! here first; an id that came from the engine itself is no exception.

use composeyard_compose::{ResourceName, name::NameError};

use super::EngineError;

/// A container's id or name that is safe to use in a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ContainerId(ResourceName);

impl ContainerId {
    /// Parses an id or name.
    ///
    /// # Errors
    /// When it holds anything that a container name cannot.
    pub fn new(id: impl Into<String>) -> Result<Self, NameError> {
        ResourceName::new(id).map(Self)
    }

    /// The text to give to bollard.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// A network's or volume's name or id.
pub(super) fn resource(name: &str) -> Result<ResourceName, EngineError> {
    Ok(ResourceName::new(name)?)
}

/// An image reference: `[host[:port]/]path[:tag][@digest]`. Distribution reference grammar, without its length rules
/// for single parts.
pub(super) fn image(reference: &str) -> Result<&str, EngineError> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._-/:@".contains(&b);
    let sound = (1..=512).contains(&reference.len())
        && reference.bytes().all(allowed)
        && reference.split('/').all(|part| part.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric()));
    if sound {
        Ok(reference)
    } else {
        Err(NameError {
            kind: "image",
            name: reference.chars().take(64).collect(),
            rule: "use name[:tag], with letters, digits and the characters . _ - / : @",
        }
        .into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_leaves_its_path_segment_passes() {
        for bad in [
            "",
            ".",
            "..",
            "../../version",
            "%2e%2e/version",
            "a/../../images/json",
            "a b",
            "a\0",
            "a?x",
            "é",
        ] {
            assert!(ContainerId::new(bad).is_err(), "{bad:?} as container");
            assert!(resource(bad).is_err(), "{bad:?} as resource");
        }
        for bad in ["", "..", "../x", "a/../b", "a//b", "/a", "a b", "a?x", "a%2fb", "a\0"] {
            assert!(image(bad).is_err(), "{bad:?} as image");
        }
        assert!(ContainerId::new("x".repeat(10_000)).is_err());
    }

    #[test]
    fn ordinary_image_references_pass() {
        for good in ["nginx:1.27-alpine", "ghcr.io/a/b_c:v1", "localhost:5000/x@sha256:0123", "shop-app"] {
            assert!(image(good).is_ok(), "{good}");
        }
    }
}

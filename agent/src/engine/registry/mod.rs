//! Registries: the logins for them, and what they say of images that are not here yet. What is asked is what the engine
//! itself would ask before a pull, in the same places. OCI distribution specification 1.1, "Pulling manifests".
//!
//! | module | what it does |
//! |---|---|
//! | `login` | logins of private registries |
//! | `place` | where an image is asked for, by the engine's own settings |
//! | `wire` | one question over HTTP, with its limits |
//! | `proof` | what a registry wants to see first: a password, or a token |
//! | `manifest` | what an image consists of |
//! | `sizes` | all images of a plan at once |

use std::time::Duration;

mod login;
mod manifest;
mod place;
mod proof;
mod sizes;
mod wire;

pub(super) use login::login;
pub(super) use sizes::{Memory, sizes};

/// The longest that a plan's sizes are waited for.
pub const SIZES_LIMIT: Duration = Duration::from_secs(3);

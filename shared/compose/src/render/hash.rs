//! Configuration hashes: SHA-256 of Go's JSON. Containers, networks and volumes carry them as labels, so the same
//! text means that either tool can take over what the other started.

use std::fmt::Write;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{go_json::compact, shape};
use crate::model::{Network, Service, Volume};

/// The hash of a service, as `docker compose config --hash` 2.40 prints it: of everything but build, pull_policy,
/// scale, deploy.replicas, depends_on and profiles. Lower-case hex.
pub fn config_hash(service: &Service) -> String {
    let mut service = service.clone();
    service.build = None;
    service.pull_policy.clear();
    service.scale = None;
    if let Some(deploy) = &mut service.deploy {
        deploy.replicas = None;
    }
    service.depends_on.clear();
    service.profiles.clear();
    // Their content is in `environment` and `labels` by now; the reference drops the lists.
    service.env_file.clear();
    service.label_file.clear();
    let mut tree = serde_json::to_value(&service).unwrap_or_default();
    shape::service(&mut tree);
    digest(&tree)
}

/// The hash of a network.
pub fn network_hash(network: &Network) -> String {
    digest(&serde_json::to_value(network).unwrap_or_default())
}

/// The hash of a volume; without a driver it is `local`.
pub fn volume_hash(volume: &Volume) -> String {
    let mut volume = volume.clone();
    if volume.driver.is_empty() {
        "local".clone_into(&mut volume.driver);
    }
    digest(&serde_json::to_value(volume).unwrap_or_default())
}

fn digest(tree: &Value) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(compact(tree)) {
        // Writing to a String does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

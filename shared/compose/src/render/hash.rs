//! Configuration hashes: SHA-256 of Go's JSON. Containers, networks and volumes carry them as labels, so the same
//! text means that either tool can take over what the other started.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{go_json::compact, model_tree::tree_of, shape, value::Value};
use crate::{
    facts::{SERVICE, Shape},
    model::{Network, Service, Volume},
};

static SERVICE_SHAPE: Shape = Shape::Object(&SERVICE);

/// The hash by which `up` of the reference 2.40 knows a service's containers: of everything but build, pull_policy,
/// scale, deploy.replicas, depends_on and profiles. Lower-case hex.
pub fn config_hash(service: &Service) -> String {
    let mut service = service.clone();
    // Their content is in `environment` by now; the reference drops the list.
    service.env_file.clear();
    hashed(service)
}

/// The hash as `docker compose config --hash` 2.40 prints it. It differs from [`config_hash`] for services with env
/// files: there the reference hashes the names of the files and not what is in them. The service must have been loaded
/// with [`crate::load::Skip::env_files`].
pub fn printed_hash(service: &Service) -> String {
    hashed(service.clone())
}

fn hashed(mut service: Service) -> String {
    service.build = None;
    service.pull_policy.clear();
    service.scale = None;
    if let Some(deploy) = &mut service.deploy {
        deploy.replicas = None;
    }
    service.depends_on.clear();
    service.profiles.clear();
    // Their content is in `labels` by now.
    service.label_file.clear();
    let mut tree = tree_of(&service);
    shape::env_files(&mut tree);
    shape::service(&mut tree, &service);
    shape::without_extensions(&mut tree, &SERVICE_SHAPE);
    digest(&tree)
}

/// The hash of a network.
pub fn network_hash(network: &Network) -> String {
    let mut tree = tree_of(network);
    shape::json_network(&mut tree);
    without_own_extensions(&mut tree);
    digest(&tree)
}

/// The hash of a volume; without a driver it is `local`.
pub fn volume_hash(volume: &Volume) -> String {
    let mut volume = volume.clone();
    if volume.driver.is_empty() {
        "local".clone_into(&mut volume.driver);
    }
    let mut tree = tree_of(&volume);
    without_own_extensions(&mut tree);
    digest(&tree)
}

fn without_own_extensions(tree: &mut Value) {
    if let Value::Object(map) = tree {
        map.retain(|key, _| !key.starts_with("x-"));
    }
}

fn digest(tree: &Value) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(compact(tree)) {
        // Writing to a String does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

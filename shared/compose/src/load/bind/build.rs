//! `build`. Compose specification, build.md.

use super::{fields::Fields, hosts, mounts::object_mount, service::ulimit};
use crate::model::Build;

pub(super) fn bind(mut f: Fields<'_>) -> Build {
    Build {
        context: f.text("context"),
        dockerfile: f.text("dockerfile"),
        dockerfile_inline: f.text("dockerfile_inline"),
        entitlements: f.texts("entitlements"),
        args: f.variables("args"),
        provenance: f.scalar("provenance"),
        sbom: f.scalar("sbom"),
        ssh: f.json("ssh").unwrap_or_default(),
        labels: f.labels("labels"),
        cache_from: f.texts("cache_from"),
        cache_to: f.texts("cache_to"),
        no_cache: f.flag("no_cache"),
        no_cache_filter: f.texts("no_cache_filter"),
        additional_contexts: f.labels("additional_contexts"),
        pull: f.flag("pull"),
        extra_hosts: hosts::bind(&mut f),
        isolation: f.text("isolation"),
        network: f.text("network"),
        target: f.text("target"),
        secrets: f.each("secrets", object_mount),
        shm_size: f.whole_bytes("shm_size"),
        tags: f.texts("tags"),
        ulimits: f.entries("ulimits", ulimit),
        platforms: f.texts("platforms"),
        privileged: f.flag("privileged"),
        extra: f.extra(),
    }
}

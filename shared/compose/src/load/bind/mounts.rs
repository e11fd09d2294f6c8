//! What a container sees in its file system: `volumes`, `configs` and `secrets`. Compose specification, 05-services.

use super::fields::{Fields, Misfit};
use crate::{
    load::{
        findings::Findings,
        path::Path,
        tree::{Data, Value},
    },
    model::{BindOptions, Mount, MountType, ObjectMount, TmpfsOptions, VolumeOptions},
};

pub(super) fn mount(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<Mount> {
    let place = value.place;
    let mut f = Fields::of(value, path, findings);
    let kind = match f.text("type").as_str() {
        "bind" => MountType::Bind,
        "volume" => MountType::Volume,
        "tmpfs" => MountType::Tmpfs,
        "image" => MountType::Image,
        "npipe" => MountType::Npipe,
        "cluster" => MountType::Cluster,
        other => {
            let message = if other.is_empty() {
                "the mount has no type".to_owned()
            } else {
                format!("the mount type {other:?} is unknown")
            };
            f.findings.error("CY072", place, path, message).help =
                Some("Use bind, volume, tmpfs, image, npipe or cluster.".to_owned());
            return None;
        }
    };
    let target = f.text("target");
    if target.is_empty() {
        f.findings.error("CY032", place, path, "the mount has no target: the path in the container");
    }
    Some(Mount {
        kind,
        source: f.text("source"),
        target,
        read_only: f.flag("read_only"),
        consistency: f.text("consistency"),
        bind: f.nested("bind", bind_options).map(Box::new),
        volume: f.nested("volume", volume_options).map(Box::new),
        tmpfs: f.nested("tmpfs", tmpfs_options).map(Box::new),
        image: f.json("image").map(without_empty_subpath).map(Box::new),
        extra: f.extra(),
    })
}

fn volume_options(mut f: Fields<'_>) -> VolumeOptions {
    VolumeOptions {
        labels: f.labels("labels"),
        nocopy: f.flag("nocopy"),
        subpath: f.text("subpath"),
        extra: f.extra(),
    }
}

fn tmpfs_options(mut f: Fields<'_>) -> TmpfsOptions {
    TmpfsOptions {
        size: f.bytes("size"),
        mode: f.unsigned("mode").and_then(|mode| u32::try_from(mode).ok()),
        extra: f.extra(),
    }
}

fn without_empty_subpath(mut image: serde_json::Value) -> serde_json::Value {
    if let Some(options) = image.as_object_mut() {
        options.retain(|key, value| key != "subpath" || value != "");
    }
    image
}

fn bind_options(mut f: Fields<'_>) -> BindOptions {
    BindOptions {
        selinux: f.text("selinux"),
        propagation: f.text("propagation"),
        create_host_path: f.flag_option("create_host_path").unwrap_or(true),
        creates_by_default: f.get("create_host_path").is_none(),
        recursive: f.text("recursive"),
        extra: f.extra(),
    }
}

/// A secret or config of a service or build.
pub(super) fn object_mount(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<ObjectMount> {
    let mut f = Fields::of(value, path, findings);
    Some(ObjectMount {
        source: f.text("source"),
        target: f.text("target"),
        uid: f.text("uid"),
        gid: f.text("gid"),
        mode: file_mode(&mut f),
        extra: f.extra(),
    })
}

/// `0440` is a number from YAML; `"0440"` is octal text.
fn file_mode(f: &mut Fields<'_>) -> Option<String> {
    let value = f.get("mode")?;
    let bits = match &value.data {
        Data::Int(bits) => Some(*bits),
        Data::Text(text) => i64::from_str_radix(text, 8).ok(),
        _ => None,
    };
    if bits.is_none() {
        let misfit = Misfit::Number("a file mode is octal, for example \"0440\"".to_owned());
        misfit.report(value, &f.path.key("mode"), f.findings);
    }
    // The reference writes the sign behind the zero.
    bits.map(|bits| format!("0{}{:o}", if bits < 0 { "-" } else { "" }, bits.unsigned_abs()))
}

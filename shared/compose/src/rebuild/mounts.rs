//! `volumes`, `tmpfs` and `volumes_from` of a service, and the volumes of the project.

use serde_json::Value;

use super::{
    inspection::{BindOptions, Config, Container, Mount, Volume},
    sheet::{Sheet, one_or_more, own_labels, pairs, size},
    site::{Site, is_anonymous, label, own_key},
};

/// Writes what a service mounts.
pub(super) fn mounts(sheet: &mut Sheet, container: &Container, image: &Config, site: &Site<'_>) {
    let host = &container.host_config;
    let mut written: Vec<(&str, Value)> = Vec::new();
    for line in &host.binds {
        let mut parts = line.splitn(3, ':');
        if let (Some(source), Some(target)) = (parts.next(), parts.next()) {
            written.push((target, bind(source, target, parts.next().unwrap_or_default(), site)));
        }
    }
    for mount in &host.mounts {
        // The image makes a volume here by itself; a replaced container's is handed on under its old name.
        let of_image = image.volumes.contains_key(&mount.target) && is_anonymous(&mount.source);
        if mount.r#type != "volume" || !of_image {
            written.push((&mount.target, long_or_short(mount, site)));
        }
    }
    if host.volumes_from.is_empty() {
        for mount in container.mounts.iter().filter(|mount| mount.r#type == "volume") {
            let target = mount.destination.as_str();
            let known = written.iter().any(|(other, _)| other.trim_end_matches('/') == target)
                || image.volumes.contains_key(target);
            if !known {
                written.push((target, short(&mount.name, target, "", site)));
            }
        }
    }
    // The reference hands them over in no order.
    written.sort_by_key(|(target, _)| *target);
    sheet.put("volumes", written.into_iter().map(|(_, value)| value).collect::<Value>());
    let from = |line: &String| {
        let (id, access) = line.split_once(':').map_or((line.as_str(), ""), |(id, access)| (id, access));
        let source = match site.service_of(id) {
            Some((service, _)) => service.to_string(),
            None => format!("container:{id}"),
        };
        if access.is_empty() || access == "rw" { source } else { format!("{source}:{access}") }
    };
    sheet.put("volumes_from", host.volumes_from.iter().map(from).collect::<Value>());
    let tmpfs = |(path, options): (&String, &String)| {
        if options.is_empty() { path.clone() } else { format!("{path}:{options}") }
    };
    let tmpfs: Vec<String> = host.tmpfs.iter().map(tmpfs).collect();
    sheet.put("tmpfs", one_or_more(&tmpfs));
}

/// A line of `Binds`; `rw` goes without saying.
fn bind(source: &str, target: &str, options: &str, site: &Site<'_>) -> Value {
    let options: Vec<&str> =
        options.split(',').filter(|option| !option.is_empty() && *option != "rw").collect();
    short(source, target, &options.join(","), site)
}

/// `[source:]target[:options]`
fn short(source: &str, target: &str, options: &str, site: &Site<'_>) -> Value {
    if is_anonymous(source) {
        return target.into();
    }
    let source = site.volumes.get(source).map_or(source, String::as_str);
    let options = if options.is_empty() { String::new() } else { format!(":{options}") };
    format!("{source}:{target}{options}").into()
}

fn long_or_short(mount: &Mount, site: &Site<'_>) -> Value {
    let options = &mount.volume_options;
    let plain = options.labels.is_empty() && options.subpath.is_empty();
    // Only the long form has options without a source.
    let nameless = is_anonymous(&mount.source) && (mount.read_only || options.no_copy);
    if mount.r#type == "volume" && plain && !nameless {
        let words = [(mount.read_only, "ro"), (options.no_copy, "nocopy")];
        let words: Vec<&str> = words.iter().filter(|(said, _)| *said).map(|(_, word)| *word).collect();
        return short(&mount.source, &mount.target, &words.join(","), site);
    }
    long(mount, site)
}

fn long(mount: &Mount, site: &Site<'_>) -> Value {
    let mut written = Sheet::default();
    written.put("type", mount.r#type.as_str());
    let is_volume = mount.r#type == "volume";
    if !(is_volume && is_anonymous(&mount.source)) {
        let key = site.volumes.get(&mount.source).filter(|_| is_volume);
        written.put("source", key.unwrap_or(&mount.source).as_str());
    }
    written.put("target", mount.target.as_str());
    written.put("read_only", mount.read_only);
    if mount.r#type == "bind" {
        written.put("bind", bind_options(&mount.bind_options));
    }
    let mut volume = Sheet::default();
    volume.put("nocopy", mount.volume_options.no_copy);
    volume.put("subpath", mount.volume_options.subpath.as_str());
    volume.put("labels", pairs(&mount.volume_options.labels));
    written.put("volume", volume);
    let mut tmpfs = Sheet::default();
    tmpfs.put("size", size(mount.tmpfs_options.size_bytes));
    tmpfs.put("mode", mount.tmpfs_options.mode);
    written.put("tmpfs", tmpfs);
    written.into()
}

/// The short form makes a missing folder; a mount in the engine's long form does so only when told.
fn bind_options(options: &BindOptions) -> Sheet {
    let mut written = Sheet::default();
    written.put("propagation", options.propagation.as_str());
    written.keep("create_host_path", options.create_mountpoint);
    let recursive = [
        (options.non_recursive, "disabled"),
        (options.read_only_non_recursive, "writable"),
        (options.read_only_force_recursive, "readonly"),
    ];
    let recursive = recursive.iter().find(|(said, _)| *said);
    written.put("recursive", recursive.map(|(_, word)| *word));
    written
}

/// The top-level `volumes`.
pub(super) fn top(site: &Site<'_>) -> Sheet {
    let mut all = Sheet::default();
    let mut keys: Vec<(&String, &String)> = site.volumes.iter().map(|(name, key)| (key, name)).collect();
    keys.sort();
    for (key, name) in keys {
        let seen = site.seen.volumes.iter().find(|volume| volume.name == *name);
        let own = seen.filter(|volume| own_key(&site.seen.project, &volume.labels, label::VOLUME).is_some());
        all.keep(key, own.map_or_else(|| external(key, name), |volume| declared(key, volume, site)));
    }
    all
}

fn declared(key: &str, volume: &Volume, site: &Site<'_>) -> Sheet {
    let mut written = Sheet::default();
    if volume.name != format!("{}_{key}", site.seen.project) {
        written.put("name", volume.name.as_str());
    }
    if volume.driver != "local" {
        written.put("driver", volume.driver.as_str());
    }
    written.put("driver_opts", pairs(&volume.options));
    written.put("labels", own_labels(&volume.labels, &std::collections::BTreeMap::new()));
    written
}

/// What the project uses but did not make.
pub(super) fn external(key: &str, name: &str) -> Sheet {
    let mut written = Sheet::default();
    if key != name {
        written.put("name", name);
    }
    written.put("external", true);
    written
}

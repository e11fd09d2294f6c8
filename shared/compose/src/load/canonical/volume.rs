//! `[source:]target[:options]`. Compose specification, 05-services "volumes".

use super::{mapping, text, wrong_kind};
use crate::load::{
    findings::Findings,
    path::Path,
    paths::clean,
    tree::{Data, Map, Value},
};

/// A short form, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShortMount<'s> {
    /// A host path or the key of a volume; empty for an anonymous volume.
    pub(crate) source: &'s str,
    pub(crate) target: &'s str,
    pub(crate) read_only: bool,
    pub(crate) nocopy: bool,
    pub(crate) propagation: &'s str,
    pub(crate) selinux: &'s str,
    /// Options that mean nothing.
    pub(crate) unknown: Vec<&'s str>,
    /// One or two bytes: a target and nothing else.
    pub(crate) tiny: bool,
}

impl ShortMount<'_> {
    pub(crate) fn is_bind(&self) -> bool {
        is_host_path(self.source)
    }
}

pub(super) fn canonical(value: &mut Value, path: &Path<'_>, findings: &mut Findings) {
    match &value.data {
        Data::Text(spec) => match parse(spec) {
            Ok(mount) => {
                for option in &mount.unknown {
                    let message = format!("the mount option {option:?} is unknown and has no effect");
                    findings.warning("CY069", value.place, path, message);
                }
                value.data = long(&mount, value);
            }
            Err(message) => {
                findings.error("CY024", value.place, path, message).help =
                    Some("Write \"SOURCE:TARGET\", for example \"data:/var/lib/data:ro\".".to_owned());
                value.data = Data::Null;
            }
        },
        Data::Map(_) => {}
        _ => wrong_kind(value, "text or a mapping", path, findings),
    }
}

/// As [`canonical`]; what cannot be read stays as it is.
pub(super) fn canonical_if_readable(value: &mut Value, path: &Path<'_>, findings: &mut Findings) {
    if value.text().is_none_or(|spec| parse(spec).is_ok()) {
        canonical(value, path, findings);
    }
}

fn long(mount: &ShortMount<'_>, at: &Value) -> Data {
    let mut map = Map::default();
    let mut put = |key: &str, data: Data| {
        map.insert(key, at.with(data));
    };
    put("type", text(if mount.is_bind() { "bind" } else { "volume" }));
    if !mount.source.is_empty() {
        put("source", text(mount.source));
    }
    put("target", text(clean(mount.target)));
    if mount.read_only {
        put("read_only", Data::Bool(true));
    }
    let has_bind = !mount.propagation.is_empty() || !mount.selinux.is_empty();
    if mount.is_bind() || has_bind {
        put("bind", bind(mount, at));
    }
    if mount.nocopy {
        put("volume", mapping(at, [("nocopy", Data::Bool(true))]));
    } else if !mount.is_bind() && !mount.tiny {
        put("volume", mapping(at, []));
    }
    Data::Map(map)
}

fn bind(mount: &ShortMount<'_>, at: &Value) -> Data {
    let mut map = Map::default();
    let mut put = |key: &str, data: Data| {
        map.insert(key, at.with(data));
    };
    if !mount.selinux.is_empty() {
        put("selinux", text(mount.selinux));
    }
    if !mount.propagation.is_empty() {
        put("propagation", text(mount.propagation));
    }
    if mount.is_bind() {
        put("create_host_path", Data::Bool(true));
    }
    Data::Map(map)
}

/// Reads a short form.
pub(crate) fn parse(spec: &str) -> Result<ShortMount<'_>, String> {
    if spec.is_empty() {
        return Err("invalid empty volume spec".to_owned());
    }
    if spec.len() <= 2 {
        return Ok(ShortMount { target: spec, tiny: true, ..ShortMount::default() });
    }
    let sections = sections(spec);
    if sections.contains(&"") {
        return Err(format!("invalid spec: {spec}: empty section between colons"));
    }
    match sections[..] {
        [target] => Ok(ShortMount { target, ..ShortMount::default() }),
        [source, target] => Ok(ShortMount { source, target, ..ShortMount::default() }),
        [source, target, options] => {
            Ok(with_options(ShortMount { source, target, ..ShortMount::default() }, options))
        }
        _ => Err(format!("invalid spec: {spec}: too many colons")),
    }
}

/// The parts between colons; a drive letter's colon and those inside `${…}` do not split.
fn sections(spec: &str) -> Vec<&str> {
    let mut sections = Vec::with_capacity(3);
    let (mut start, mut open) = (0, 0_usize);
    for (at, byte) in spec.bytes().enumerate() {
        match byte {
            b':' if open == 0 && !is_drive(&spec[start..at]) => {
                sections.push(&spec[start..at]);
                start = at + 1;
            }
            b'$' if spec[at..].starts_with("${") => open += 1,
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    sections.push(&spec[start..]);
    sections
}

/// True for one letter.
fn is_drive(section: &str) -> bool {
    let mut characters = section.chars();
    matches!((characters.next(), characters.next()), (Some(letter), None) if letter.is_alphabetic())
}

fn with_options<'s>(mut mount: ShortMount<'s>, options: &'s str) -> ShortMount<'s> {
    for option in options.split(',') {
        match option {
            "ro" => mount.read_only = true,
            "rw" => mount.read_only = false,
            "nocopy" => mount.nocopy = true,
            "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave" => {
                mount.propagation = option;
            }
            "z" | "Z" => mount.selinux = option,
            other => mount.unknown.push(other),
        }
    }
    mount
}

/// True when a source names a place on the host rather than a volume.
pub(crate) fn is_host_path(source: &str) -> bool {
    let mut characters = source.chars();
    match (characters.next(), characters.next()) {
        (Some('.' | '/' | '~'), _) | (Some('\\'), Some('\\')) => true,
        (Some(drive), Some(':')) => drive.is_alphabetic(),
        _ => false,
    }
}

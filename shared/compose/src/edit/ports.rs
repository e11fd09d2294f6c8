//! `ports`: short and long form. Compose specification, services "ports".

use composeyard_yaml::edit::{Change, Path, Value};

use super::{
    Refusal,
    desk::{Desk, KEEP_SERVICE, all_long, node_at, service_path},
    lists,
};
use crate::ServiceName;

pub(super) fn add(desk: &mut Desk, service: &ServiceName, port: &str) -> Result<(), Refusal> {
    let path = ports(service);
    let file = desk.collector(&path)?;
    let long = all_long(desk.document(file), &path);
    let value = match Long::parse(port) {
        Some(port) if long => Value::Map(port.entries()),
        _ => quoted(port)?,
    };
    desk.push(file, path, value)
}

pub(super) fn set(desk: &mut Desk, service: &ServiceName, index: usize, port: &str) -> Result<(), Refusal> {
    let (file, item) = find(desk, service, index)?;
    if node_at(desk.document(file), &item).and_then(|node| desk.document(file).text(node)).is_some() {
        return desk.put(file, item, quoted(port)?);
    }
    let new = Long::parse(port).ok_or_else(|| {
        Refusal::new(format!("{port} cannot be written in the long form of {item}; change it as text"))
    })?;
    let wanted = new.entries();
    for key in ["host_ip", "published", "protocol"] {
        let gone = !wanted.iter().any(|(name, _)| name == key);
        if gone && node_at(desk.document(file), &item.key(key)).is_some() {
            desk.change(file, &Change::Remove { path: item.key(key), keep: item.0.len() })?;
        }
    }
    wanted.into_iter().try_for_each(|(key, value)| desk.put(file, item.key(&key), value))
}

pub(super) fn remove(desk: &mut Desk, service: &ServiceName, index: usize) -> Result<(), Refusal> {
    let (file, path) = find(desk, service, index)?;
    desk.change(file, &Change::Remove { path, keep: KEEP_SERVICE })
}

fn find(desk: &Desk, service: &ServiceName, index: usize) -> Result<(usize, Path), Refusal> {
    lists::find(desk, &ports(service), index)
}

fn ports(service: &ServiceName) -> Path {
    service_path(service).key("ports")
}

/// `80:80` without quotes is a number in YAML 1.1.
fn quoted(port: &str) -> Result<Value, Refusal> {
    match port.trim() {
        "" => Err(Refusal::new("the port is empty")),
        port => Ok(Value::Quoted(port.to_owned())),
    }
}

/// The parts of a port.
struct Long {
    host_ip: String,
    published: String,
    target: String,
    protocol: String,
}

impl Long {
    /// `[host_ip:][published:]target[/protocol]`; none when the target is no single port.
    fn parse(port: &str) -> Option<Self> {
        let (rest, protocol) = port.trim().rsplit_once('/').unwrap_or((port.trim(), ""));
        let (rest, target) = rest.rsplit_once(':').unwrap_or(("", rest));
        target.parse::<u16>().ok()?;
        // The colons of `${PORT:-80}` separate nothing.
        let (host_ip, published) = match rest.rsplit_once(':') {
            _ if rest.starts_with("${") => ("", rest),
            Some(_) if rest.contains("${") => return None,
            Some(parts) => parts,
            None => ("", rest),
        };
        let owned = str::to_owned;
        Some(Self {
            host_ip: host_ip.trim_matches(['[', ']']).to_owned(),
            published: owned(published),
            target: owned(target),
            protocol: owned(protocol),
        })
    }

    fn entries(&self) -> Vec<(String, Value)> {
        let entries = [
            ("host_ip", Value::text(&self.host_ip)),
            ("target", Value::Typed(self.target.clone())),
            ("published", Value::Quoted(self.published.clone())),
            ("protocol", Value::text(&self.protocol)),
        ];
        let given = |(_, value): &(&str, Value)| !matches!(value, Value::Text(text) | Value::Quoted(text) | Value::Typed(text) if text.is_empty());
        entries.into_iter().filter(given).map(|(key, value)| (key.to_owned(), value)).collect()
    }
}

//! `[[ip:]host[-host]:]container[-container][/protocol]`. Compose specification, 05-services "ports".

use std::net::IpAddr;

use super::{text, wrong_kind};
use crate::load::{
    findings::Findings,
    path::Path,
    tree::{Data, List, Map, Value},
};

/// One container port of a short form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShortPort {
    pub(crate) host_ip: String,
    pub(crate) target: u16,
    /// A port, a range to pick from, or empty.
    pub(crate) published: String,
    pub(crate) protocol: String,
}

/// Container ports of one short form. Each becomes an entry of its own, and a process of the engine.
const MAX_RANGE: u16 = 4096;

pub(super) fn canonical(value: &mut Value, path: &Path<'_>, findings: &mut Findings) {
    let Some(list) = value.list_mut() else {
        if !value.is_null() {
            wrong_kind(value, "a list", path, findings);
        }
        return;
    };
    let mut ports = List::with_capacity(list.len());
    for (index, item) in list.drain(..).enumerate() {
        if item.map().is_some() {
            ports.push(item);
            continue;
        }
        let path = path.item(index);
        let written = match &item.data {
            Data::Text(_) | Data::Int(_) => item.scalar().unwrap_or_default(),
            _ => {
                let mut item = item;
                wrong_kind(&mut item, "a port", &path, findings);
                continue;
            }
        };
        match parse(&written) {
            Ok(parsed) => ports.extend(parsed.iter().map(|port| long(port, &item))),
            Err(message) => {
                findings.error("CY021", item.place, path, message).help = Some(
                    "Write \"HOST:CONTAINER\", for example \"8080:80\", with an optional IP before and /udp after."
                        .to_owned(),
                );
            }
        }
    }
    *list = ports;
}

/// True when all short forms of a list can be read.
pub(super) fn is_readable(value: &Value) -> bool {
    value.list().into_iter().flatten().filter_map(Value::text).all(|spec| parse(spec).is_ok())
}

fn long(port: &ShortPort, at: &Value) -> Value {
    let mut map = Map::default();
    let mut put = |key: &str, data: Data| {
        map.insert(key, at.with(data));
    };
    put("mode", text("ingress"));
    if !port.host_ip.is_empty() {
        put("host_ip", text(port.host_ip.as_str()));
    }
    put("target", Data::Int(i64::from(port.target)));
    if !port.published.is_empty() {
        put("published", text(port.published.as_str()));
    }
    put("protocol", text(port.protocol.as_str()));
    at.with(Data::Map(map))
}

/// Reads a short form; a range of container ports gives one entry each, sorted as the reference sorts them.
pub(crate) fn parse(spec: &str) -> Result<Vec<ShortPort>, String> {
    let (ip, host, container) = split(spec);
    let (container, protocol) = match container.split_once('/') {
        Some((port, "")) => (port, "tcp".to_owned()),
        Some((port, protocol)) => (port, protocol.to_ascii_lowercase()),
        None => (container, "tcp".to_owned()),
    };
    if container.is_empty() {
        return Err(format!("no port specified: {spec:?} has no container port"));
    }
    if !matches!(protocol.as_str(), "tcp" | "udp" | "sctp") {
        return Err(format!("invalid proto: {protocol:?} is not tcp, udp or sctp"));
    }
    let host_ip = host_address(ip)?;
    let (start, end) =
        range(container).map_err(|why| format!("invalid containerPort: {container}: {why}"))?;
    if start == 0 {
        return Err(format!("invalid containerPort: {container}: no container listens on port 0"));
    }
    if end - start >= MAX_RANGE {
        return Err(format!(
            "{container} are {} ports; a range may have {MAX_RANGE}",
            u32::from(end - start) + 1
        ));
    }
    let published = match host {
        "" => None,
        host => Some(range(host).map_err(|why| format!("invalid hostPort: {host}: {why}"))?),
    };
    if let Some((first, last)) = published
        && last - first != end - start
        && start != end
    {
        return Err(format!("invalid ranges specified for container and host ports: {container} and {host}"));
    }
    let mut ports: Vec<ShortPort> = (start..=end)
        .map(|target| ShortPort {
            host_ip: host_ip.clone(),
            target,
            published: published.map(|host| publish(host, target - start, start == end)).unwrap_or_default(),
            protocol: protocol.clone(),
        })
        .collect();
    ports.sort_by_key(|port| format!("{}/{}", port.target, port.protocol));
    Ok(ports)
}

fn publish((first, last): (u16, u16), offset: u16, single: bool) -> String {
    if single && first != last { format!("{first}-{last}") } else { (first + offset).to_string() }
}

/// IP, host part, container part: at most the last two colons split.
fn split(spec: &str) -> (&str, &str, &str) {
    let Some((rest, container)) = spec.rsplit_once(':') else { return ("", "", spec) };
    let Some((ip, host)) = rest.rsplit_once(':') else { return ("", rest, container) };
    (ip, host, container)
}

fn host_address(ip: &str) -> Result<String, String> {
    let bare = ip.strip_prefix('[').and_then(|ip| ip.strip_suffix(']')).unwrap_or(ip);
    if bare.is_empty() {
        return Ok(String::new());
    }
    match bare.parse::<IpAddr>() {
        // Without brackets the reference does not tell the address from the ports.
        Ok(IpAddr::V6(_)) if bare.len() == ip.len() => Err(format!("invalid IP address: {ip}: write [{ip}]")),
        Ok(_) => Ok(bare.to_owned()),
        Err(_) => Err(format!("invalid IP address: {ip}")),
    }
}

/// `80` or `80-90`.
pub(crate) fn range(text: &str) -> Result<(u16, u16), String> {
    let port = |part: &str| -> Result<u16, String> {
        if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) {
            part.parse().map_err(|_| format!("{part} is above 65535"))
        } else {
            Err(format!("{part:?} is not a port number"))
        }
    };
    let (start, end) = match text.split_once('-') {
        Some((start, end)) => (port(start)?, port(end)?),
        None => (port(text)?, port(text)?),
    };
    if end < start {
        return Err(format!("the range {text} ends before it starts"));
    }
    Ok((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(spec: &str) -> String {
        match parse(spec) {
            Ok(ports) => ports
                .iter()
                .map(|port| format!("{}|{}|{}/{}", port.host_ip, port.published, port.target, port.protocol))
                .collect::<Vec<_>>()
                .join(" "),
            Err(message) => message,
        }
    }

    #[test]
    fn short_forms_give_host_container_and_protocol() {
        assert_eq!(shown("80"), "||80/tcp");
        assert_eq!(shown("8080:80"), "|8080|80/tcp");
        assert_eq!(shown("127.0.0.1:8080:80/UDP"), "127.0.0.1|8080|80/udp");
        assert_eq!(shown("127.0.0.1::80"), "127.0.0.1||80/tcp");
        assert_eq!(shown("[::1]:8080:80"), "::1|8080|80/tcp");
        assert_eq!(shown("[]:8080:80"), "|8080|80/tcp");
    }

    #[test]
    fn ranges_pair_up_or_are_left_to_the_engine() {
        assert_eq!(shown("8000-8001:80-81"), "|8000|80/tcp |8001|81/tcp");
        assert_eq!(shown("8000-8009:80"), "|8000-8009|80/tcp");
        assert!(shown("8000-8002:80-81").starts_with("invalid ranges"));
    }

    #[test]
    fn what_is_no_port_is_refused_with_its_part() {
        for (spec, start) in [
            ("x", "invalid containerPort: x"),
            ("x:80", "invalid hostPort: x"),
            ("80/http", "invalid proto"),
            ("8080:", "no port specified"),
            ("localhost:8080:80", "invalid IP address: localhost"),
            ("70000", "invalid containerPort: 70000"),
            ("90-80", "invalid containerPort: 90-80"),
            ("80:0", "invalid containerPort: 0"),
        ] {
            assert!(shown(spec).starts_with(start), "{spec}: {}", shown(spec));
        }
    }
}

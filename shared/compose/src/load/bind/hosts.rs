//! `extra_hosts`: lines of /etc/hosts. Compose specification, 05-services "extra_hosts".

use std::collections::BTreeMap;

use super::fields::{Fields, wrong_kind};
use crate::load::{
    findings::Findings,
    path::Path,
    tree::{Data, Value},
};

/// The sorted lines `host=ip`; none without a host.
pub(super) fn bind(f: &mut Fields<'_>) -> Option<Vec<String>> {
    let value = f.get("extra_hosts")?;
    let path = f.path.key("extra_hosts");
    let mut hosts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    match &value.data {
        Data::List(list) => {
            for (index, item) in list.iter().enumerate() {
                let line = item.scalar().unwrap_or_default();
                match split(&line) {
                    Ok((host, addresses)) => hosts.entry(host).or_default().extend(addresses),
                    Err(message) => report(message, item, &path.item(index), f.findings),
                }
            }
        }
        Data::Map(map) => {
            for (host, item) in map {
                match check_host(host) {
                    Ok(()) => {
                        hosts.insert(host.to_string(), addresses(item));
                    }
                    Err(message) => report(message, item, &path.key(host), f.findings),
                }
            }
        }
        _ => wrong_kind(value, "a list or a mapping", &path, f.findings),
    }
    if hosts.is_empty() {
        return None;
    }
    let mut lines: Vec<String> = hosts
        .iter()
        .flat_map(|(host, addresses)| addresses.iter().map(move |address| format!("{host}={address}")))
        .collect();
    lines.sort();
    Some(lines)
}

fn report(message: String, value: &Value, path: &Path<'_>, findings: &mut Findings) {
    findings.error("CY073", value.place, path, message).help = Some("Write host=address.".to_owned());
}

fn addresses(value: &Value) -> Vec<String> {
    match &value.data {
        Data::List(list) => {
            list.iter().filter_map(Value::scalar).map(|address| unbracketed(&address)).collect()
        }
        _ => vec![unbracketed(&value.scalar().unwrap_or_default())],
    }
}

/// `host=ip`, else `host:ip`; several addresses after commas.
pub(crate) fn split(line: &str) -> Result<(String, Vec<String>), String> {
    let (host, addresses) = line
        .split_once('=')
        .or_else(|| line.split_once(':'))
        .ok_or_else(|| format!("invalid additional host, missing IP: {line}"))?;
    check_host(host)?;
    Ok((host.to_owned(), addresses.split(',').map(unbracketed).collect()))
}

fn check_host(host: &str) -> Result<(), String> {
    if host.is_empty() || host.contains([':', '=']) {
        return Err(format!("bad host name '{host}'"));
    }
    Ok(())
}

fn unbracketed(address: &str) -> String {
    let inner = address.strip_prefix('[').and_then(|address| address.strip_suffix(']'));
    inner.filter(|inner| !inner.is_empty()).unwrap_or(address).to_owned()
}

//! Who wants to talk to whom: the addresses in variables, commands and configurations of nginx, collected once for all
//! rules.

pub(crate) mod address;
mod call;
pub(crate) mod listens;
pub(crate) mod mounted;
pub(crate) mod names;
mod nginx;

use std::collections::BTreeMap;

use self::address::Address;
pub(crate) use self::call::Call;
use self::call::Holder;
use self::mounted::Mounted;
use self::names::Names;
use crate::Project;

/// All addresses of a project, and the names they may mean.
pub(crate) struct Reach<'p> {
    pub(crate) names: Names<'p>,
    pub(crate) calls: Vec<Call<'p>>,
}

impl<'p> Reach<'p> {
    pub(crate) fn of(project: &'p Project, mounted: &'p [Mounted]) -> Self {
        let mut calls = Vec::new();
        for (name, service) in &project.services {
            let call = |holder, address| Call { name, service, address, holder };
            for (variable, value) in &service.environment {
                let Some(value) = value.as_deref().filter(|value| value.len() < 2_000) else { continue };
                in_variable(&service.environment, variable, value, &mut |port, address| {
                    calls.push(call(Holder::Variable { name: variable, port }, address));
                });
            }
            for (key, words) in [("command", &service.command), ("entrypoint", &service.entrypoint)] {
                // Neither a URL nor a host with its port is without a colon, as nearly all words are.
                let may_call = |word: &&String| word.len() < 2_000 && word.contains(':');
                for word in words.iter().flatten().filter(may_call) {
                    calls.extend(address::urls(word).map(|address| call(Holder::Words(key), address)));
                    let bare = word.split_whitespace().flat_map(address::hosts_with_ports);
                    calls.extend(bare.map(|address| call(Holder::Words(key), address)));
                }
            }
        }
        for Mounted { service, origin, text } in mounted {
            let Some((name, service)) = project.services.get_key_value(service) else { continue };
            calls.extend(nginx::addresses(text).into_iter().map(|(at, address)| Call {
                name,
                service,
                address,
                holder: Holder::Mounted(origin, at),
            }));
        }
        Self { names: Names::of(project), calls }
    }
}

/// Calls `found` with the addresses in the value of a variable, and with the variable that has the port, if another has
/// it.
fn in_variable<'p>(
    environment: &'p BTreeMap<String, Option<String>>,
    variable: &str,
    value: &'p str,
    found: &mut dyn FnMut(Option<&'p str>, Address<'p>),
) {
    // Most values have no colon at all, which is found out soonest.
    let has_colon = value.contains(':');
    if has_colon && value.contains("://") {
        address::urls(value).for_each(|address| found(None, address));
    } else if has_colon {
        let addresses = address::hosts_with_ports(value);
        let is_telling = |address: &Address<'_>| address.port.is_some_and(|port| port >= 1_000);
        if !names_image(variable) && (names_host(variable) || addresses.iter().all(is_telling)) {
            addresses.into_iter().for_each(|address| found(None, address));
        }
    } else if let Some(stem) = host_stem(variable)
        && let Some(address) = address::address(value)
    {
        let port = environment.get_key_value(&format!("{stem}PORT"));
        let port = port.and_then(|(name, port)| Some((name.as_str(), port.as_deref()?.parse().ok()?)));
        found(port.map(|(name, _)| name), Address { port: port.map(|(_, port)| port), ..address });
    }
}

fn names_image(variable: &str) -> bool {
    ["IMAGE", "VERSION", "TAG"].iter().any(|word| variable.to_ascii_uppercase().contains(word))
}

fn names_host(variable: &str) -> bool {
    const WORDS: [&str; 12] = [
        "HOST",
        "HOSTS",
        "SERVER",
        "SERVERS",
        "ADDR",
        "ADDRESS",
        "ADDRESSES",
        "BROKERS",
        "ENDPOINT",
        "ENDPOINTS",
        "URL",
        "NODES",
    ];
    WORDS.iter().any(|word| ends_with(variable, word))
}

/// True when the name of a variable ends with a word, in whatever case.
pub(super) fn ends_with(variable: &str, word: &str) -> bool {
    let tail = variable.len().checked_sub(word.len()).and_then(|start| variable.as_bytes().get(start..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(word.as_bytes()))
}

/// `DB_` of `DB_HOST`. None for variables that name the service's own host.
fn host_stem(variable: &str) -> Option<&str> {
    const OWN: [&str; 15] = [
        "VIRTUAL",
        "LETSENCRYPT",
        "ALLOWED",
        "TRUSTED",
        "BIND",
        "LISTEN",
        "EXTERNAL",
        "PUBLIC",
        "ADVERTISED",
        "COOKIE",
        "SERVER_HOST",
        "APP_HOST",
        "WEB_HOST",
        "HTTP_HOST",
        "DOCKER",
    ];
    if !ends_with(variable, "HOST") && !ends_with(variable, "ADDR") {
        return None;
    }
    let (stem, _) = variable.split_at(variable.len() - "HOST".len());
    let upper = variable.to_ascii_uppercase();
    let is_own = stem.is_empty() || OWN.iter().any(|word| upper.contains(word));
    (!is_own).then_some(stem)
}

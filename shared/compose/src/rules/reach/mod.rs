//! Who wants to talk to whom: the addresses in variables and commands, collected once for all rules.

pub(crate) mod address;
pub(crate) mod listens;
pub(crate) mod names;

use std::collections::BTreeMap;

use composeyard_yaml::Span;

use self::address::Address;
use self::names::Names;
use super::context::{Context, join};
use super::rule::Rule;
use crate::model::Service;
use crate::{Diagnostic, Project, ServiceName};

/// All addresses of a project, and the names they may mean.
pub(crate) struct Reach<'p> {
    pub(crate) names: Names<'p>,
    pub(crate) calls: Vec<Call<'p>>,
}

/// An address in a service's variables or command.
#[derive(Clone, Copy)]
pub(crate) struct Call<'p> {
    pub(crate) name: &'p ServiceName,
    pub(crate) service: &'p Service,
    pub(crate) address: Address<'p>,
    /// The key of the service that holds it.
    key: &'static str,
    /// The variable, for `environment`.
    pub(crate) variable: Option<&'p str>,
}

impl<'p> Reach<'p> {
    pub(crate) fn of(project: &'p Project) -> Self {
        let mut calls = Vec::new();
        for (name, service) in &project.services {
            let call = |key, variable, address| Call { name, service, address, key, variable };
            for (variable, value) in &service.environment {
                let Some(value) = value.as_deref().filter(|value| value.len() < 2_000) else { continue };
                in_variable(&service.environment, variable, value, &mut |address| {
                    calls.push(call("environment", Some(variable.as_str()), address));
                });
            }
            for (key, words) in [("command", &service.command), ("entrypoint", &service.entrypoint)] {
                for word in words.iter().flatten().filter(|word| word.len() < 2_000) {
                    calls.extend(address::urls(word).map(|address| call(key, None, address)));
                    let bare = word.split_whitespace().flat_map(address::hosts_with_ports);
                    calls.extend(bare.map(|address| call(key, None, address)));
                }
            }
        }
        Self { names: Names::of(project), calls }
    }
}

/// Calls `found` with the addresses in the value of a variable.
fn in_variable<'p>(
    environment: &'p BTreeMap<String, Option<String>>,
    variable: &str,
    value: &'p str,
    found: &mut dyn FnMut(Address<'p>),
) {
    if value.contains("://") {
        address::urls(value).for_each(found);
    } else if value.contains(':') {
        let addresses = address::hosts_with_ports(value);
        let is_telling = |address: &Address<'_>| address.port.is_some_and(|port| port >= 1_000);
        if !names_image(variable) && (names_host(variable) || addresses.iter().all(is_telling)) {
            addresses.into_iter().for_each(found);
        }
    } else if let Some(stem) = host_stem(variable)
        && let Some(address) = address::address(value)
    {
        let port = environment.get(&format!("{stem}PORT")).and_then(Option::as_deref);
        found(Address { port: port.and_then(|port| port.parse().ok()), ..address });
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
    WORDS.iter().any(|word| variable.to_ascii_uppercase().ends_with(word))
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
    let upper = variable.to_ascii_uppercase();
    let stem = upper.strip_suffix("HOST").or_else(|| upper.strip_suffix("ADDR"))?;
    let is_own = stem.is_empty() || OWN.iter().any(|word| upper.contains(word));
    (!is_own).then(|| &variable[..stem.len()])
}

impl<'p> Call<'p> {
    /// The key path of the value.
    pub(crate) fn steps(&self) -> Vec<&'p str> {
        let steps = ["services", self.name.as_str(), self.key];
        steps.into_iter().chain(self.variable).collect()
    }

    /// True for a bare `name:number` in a command, which may be a user and a group as well.
    pub(crate) const fn is_loose(&self) -> bool {
        self.variable.is_none() && self.address.scheme.is_none()
    }

    /// A finding at the address itself, with the fix to write another in its place; none when no file holds the
    /// value.
    pub(crate) fn finding(
        &self,
        context: &Context<'_>,
        rule: &Rule,
        message: impl Into<String>,
        other: Option<String>,
    ) -> Option<Diagnostic> {
        let steps = self.steps();
        let path = join(&steps);
        let value = context.value(&path)?;
        let Some(span) = self.span(context, &path, value.span) else {
            return Some(context.finding(rule, &steps, message));
        };
        let finding = rule.at(value.file, span, &path, message);
        Some(match other {
            Some(other) => finding.with_edit(format!("Write {other}"), span, other),
            None => finding,
        })
    }

    /// The bytes of the address, when they stand in the file once.
    fn span(&self, context: &Context<'_>, path: &str, value: Span) -> Option<Span> {
        let (text, written) = (self.address.text, context.written(path)?);
        let stands_alone = |at: &usize| {
            let (before, after) = (&written[..*at], &written[at + text.len()..]);
            let starts = before.is_empty()
                || before.ends_with("//")
                || before.ends_with(['@', ',', '=', '"', '\'', ' ']);
            starts && !after.starts_with(|c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c))
        };
        let mut found = written.match_indices(text).map(|(at, _)| at).filter(stands_alone);
        let at = value.start + found.next()?;
        found.next().is_none().then(|| Span::new(at, at + text.len()))
    }

    /// The address with another host and, if there is one, another port.
    pub(crate) fn rewritten(&self, host: &str, port: Option<u16>) -> String {
        // A host without a port in the text keeps it so: `DB_HOST` has its port in `DB_PORT`.
        let has_port = self.address.text.contains(':');
        match port.or(self.address.port).filter(|_| has_port) {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }
}

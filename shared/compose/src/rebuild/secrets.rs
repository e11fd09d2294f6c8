//! Environment variables: which differ from the image's, and which are secrets. A secret's value goes to `.env`.

use std::collections::{BTreeMap, BTreeSet};

use composeyard_yaml::edit;
use serde_json::{Map, Value};

use super::{inspection::Container, site::Site};
use crate::{ServiceName, settings};

const ABOUT: &str = "# What the rebuilt project's containers have as secrets. Keep this file to yourself.\n";

/// The variables of `.env`.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    values: BTreeMap<String, String>,
    /// Service and variable in the container to variable in `.env`.
    names: BTreeMap<(ServiceName, String), String>,
    /// Names without a value somewhere: one in `.env` would give them one.
    without_value: BTreeSet<String>,
}

impl Secrets {
    pub(super) fn of(site: &Site<'_>) -> Self {
        let shown = variables(site);
        let without_value = shown.iter().filter(|(.., value)| value.is_none());
        let without_value = without_value.map(|(_, name, _)| name.clone()).collect();
        let mut secrets = Self { without_value, ..Self::default() };
        for (service, name, value) in shown {
            if let Some(value) = value.filter(|value| !value.is_empty() && settings::is_secret(&name)) {
                let variable = secrets.name_for(&service, &name, &value);
                secrets.values.insert(variable.clone(), value);
                secrets.names.insert((service, name), variable);
            }
        }
        secrets
    }

    /// The container's own name where it is free or has the same value, else with the service before it.
    fn name_for(&self, service: &ServiceName, name: &str, value: &str) -> String {
        let plain = identifier(name);
        let longer = identifier(&format!("{}_{name}", service.as_str().to_uppercase()));
        let numbered = (2..).map(|number| format!("{longer}_{number}"));
        let mut choices = [plain, longer.clone()].into_iter().chain(numbered);
        let free = |choice: &String| {
            let same = self.values.get(choice).is_none_or(|other| other == value);
            same && !self.without_value.contains(choice)
        };
        choices.find(free).unwrap_or(longer)
    }

    /// A service's `environment`, each `$` of a value doubled.
    pub(super) fn environment(&self, site: &Site<'_>, service: &ServiceName, container: &Container) -> Value {
        let mut written = Map::new();
        for (name, value) in own(site, container) {
            let value = match (self.names.get(&(service.clone(), name.clone())), value) {
                (Some(variable), _) => Value::String(format!("${{{variable}}}")),
                (None, Some(value)) => Value::String(self.without_passwords(&value)),
                (None, None) => Value::Null,
            };
            written.insert(name, value);
        }
        Value::Object(written)
    }

    /// An address holds its password between `:` and `@`.
    fn without_passwords(&self, value: &str) -> String {
        let mut text = value.replace('$', "$$");
        if text.contains("://") {
            for (variable, secret) in &self.values {
                let secret = secret.replace('$', "$$");
                text = text.replace(&format!(":{secret}@"), &format!(":${{{variable}}}@"));
            }
        }
        text
    }

    /// The text of `.env`; none when there is no secret.
    pub(super) fn file(&self) -> Option<String> {
        let mut text = ABOUT.to_owned();
        for (name, value) in &self.values {
            text = edit::apply(&text, &[settings::set(&text, name, value)])?;
        }
        (!self.values.is_empty()).then_some(text)
    }
}

/// Every service's own variables.
fn variables(site: &Site<'_>) -> Vec<(ServiceName, String, Option<String>)> {
    let mut all = Vec::new();
    for (service, containers) in &site.services {
        let own = containers.first().map(|container| own(site, container)).unwrap_or_default();
        all.extend(own.into_iter().map(|(name, value)| (service.clone(), name, value)));
    }
    all
}

/// The variables that are not just as in the image; a name without value takes the image's away.
fn own(site: &Site<'_>, container: &Container) -> BTreeMap<String, Option<String>> {
    let inherited = site.inherited(container).env;
    let lines = container.config.env.iter().filter(|line| !inherited.contains(line));
    lines
        .map(|line| match line.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (line.clone(), None),
        })
        .collect()
}

/// A name that `${…}` takes. Compose specification, 12-interpolation.
fn identifier(name: &str) -> String {
    let fits = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = name.chars().map(fits).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

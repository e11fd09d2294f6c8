//! One service: its keys in the order in which people write them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    host,
    inspection::{Config, Container},
    mounts, networks, ports, process,
    sheet::{Sheet, double_dollars, own_labels},
    site::{Site, label},
};
use crate::{ServiceName, model::Condition};

/// Writes a service as its first container shows it.
pub(super) fn service(name: &ServiceName, containers: &[&Container], site: &Site<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    let Some(container) = containers.first() else { return sheet };
    let (config, host) = (&container.config, &container.host_config);
    let inherited = site.inherited(container);
    sheet.put("image", image(container, site));
    let given_name = container.name.trim_start_matches('/');
    if containers.len() == 1 && !networks::is_composed_name(given_name, name, container, site) {
        sheet.put("container_name", given_name);
    }
    process::program(&mut sheet, config, &inherited);
    process::surroundings(&mut sheet, config, &inherited);
    process::host_name(&mut sheet, container);
    sheet.put("environment", site.secrets.environment(site, name, container));
    ports::ports(&mut sheet, container, &inherited);
    mounts::mounts(&mut sheet, container, &inherited, site);
    networks::place(&mut sheet, name, container, site);
    host::resolver(&mut sheet, host);
    host::namespaces(&mut sheet, host, site);
    sheet.put("depends_on", depends_on(config, &sheet, site));
    process::healthcheck(&mut sheet, config, &inherited);
    host::restart(&mut sheet, host);
    process::stop(&mut sheet, config, &inherited);
    process::logging(&mut sheet, container, &site.seen.defaults.logging_driver);
    sheet.put("labels", own_labels(&config.labels, &inherited.labels));
    host::rights(&mut sheet, host);
    host::limits(&mut sheet, host);
    host::deploy(&mut sheet, host, containers.len());
    for (key, value) in sheet.entries_mut() {
        // There the secrets are variables.
        if key != "environment" {
            double_dollars(value);
        }
    }
    sheet
}

/// The reference that was asked for; a tag of the image where that is only an id.
fn image(container: &Container, site: &Site<'_>) -> String {
    let asked = container.config.image.as_str();
    let tag = site.image(container).and_then(|image| image.repo_tags.first());
    let is_id = asked.is_empty() || asked.starts_with("sha256:");
    tag.filter(|_| is_id).map_or(asked, String::as_str).to_owned()
}

/// The label `service:condition:restart,…`, without what other keys of the service imply.
fn depends_on(config: &Config, sheet: &Sheet, site: &Site<'_>) -> Value {
    let implied = sheet.implied_dependencies();
    let label = config.labels.get(label::DEPENDS_ON).map(String::as_str).unwrap_or_default();
    let mut written: BTreeMap<&str, (&str, bool)> = BTreeMap::new();
    for entry in label.split(',') {
        let mut parts = entry.split(':');
        let name = parts.next().unwrap_or_default();
        let condition = parts.next().unwrap_or(Condition::ServiceStarted.as_str());
        let restart = parts.next() == Some("true");
        // A service without containers is not in the file.
        let known = ServiceName::new(name).is_ok_and(|name| site.services.contains_key(&name));
        let started = condition == Condition::ServiceStarted.as_str();
        if known && !(started && implied.contains(&(name.to_owned(), restart))) {
            written.insert(name, (condition, restart));
        }
    }
    let plain =
        |(condition, restart): &(&str, bool)| !restart && *condition == Condition::ServiceStarted.as_str();
    if written.values().all(plain) {
        return written.keys().copied().collect();
    }
    let long = |(condition, restart): (&str, bool)| {
        if restart {
            json!({"condition": condition, "restart": true})
        } else {
            json!({"condition": condition})
        }
    };
    written.into_iter().map(|(name, dependency)| (name.to_owned(), long(dependency))).collect()
}

impl Sheet {
    /// Services that the loader adds to `depends_on` by itself, and whether it restarts with them: see
    /// `load::normalize`.
    fn implied_dependencies(&self) -> BTreeSet<(String, bool)> {
        let mut implied = BTreeSet::new();
        let first = |text: &str| text.split(':').next().unwrap_or_default().to_owned();
        for key in ["network_mode", "ipc", "pid"] {
            let mode = self.get(key).and_then(Value::as_str);
            implied.extend(
                mode.and_then(|mode| mode.strip_prefix("service:")).map(|name| (name.to_owned(), true)),
            );
        }
        for (key, restart) in [("links", true), ("volumes_from", false)] {
            let list = self.get(key).and_then(Value::as_array).into_iter().flatten();
            implied.extend(list.filter_map(Value::as_str).map(|text| (first(text), restart)));
        }
        implied
    }
}

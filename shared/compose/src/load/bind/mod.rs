//! The finished tree to the typed model. Compose specification, 02-model.

mod build;
mod deploy;
mod fields;
mod hosts;
mod mounts;
mod resource;
mod service;
mod shellwords;

use std::{collections::BTreeMap, sync::Arc};

use fields::{Fields, wrong_kind};

use super::{
    findings::Findings,
    path::Path,
    tree::{Data, Value},
};
use crate::{Project, ProjectName, ServiceName, model::Service};

/// Binds a model.
pub(crate) fn bind(model: &Value, name: ProjectName, findings: &mut Findings) -> Project {
    let mut fields = Fields::of(model, Path::Root, findings);
    let services = services(&mut fields);
    let networks = fields.entries("networks", resource::network);
    let volumes = fields.entries("volumes", resource::volume);
    let secrets = fields.entries("secrets", resource::file_object);
    let configs = fields.entries("configs", resource::file_object);
    let models = fields.json("models");
    let mut extra = fields.extra();
    extra.extend(models.map(|models| ("models".to_owned(), models)));
    Project { name, services, networks, volumes, secrets, configs, disabled_services: BTreeMap::new(), extra }
}

fn services(fields: &mut Fields<'_>) -> BTreeMap<ServiceName, Arc<Service>> {
    let Some(value) = fields.get("services") else { return BTreeMap::new() };
    let path = fields.path.key("services");
    let Data::Map(map) = &value.data else {
        wrong_kind(value, "a mapping", &path, fields.findings);
        return BTreeMap::new();
    };
    let mut services = BTreeMap::new();
    for (key, value) in map {
        let path = path.key(key);
        match ServiceName::new(key.as_str()) {
            Ok(name) => {
                services.insert(name, Arc::new(service::bind(Fields::of(value, path, fields.findings))));
            }
            Err(error) => {
                fields.findings.error("CY027", value.key, path, error.to_string());
            }
        }
    }
    services
}

#[cfg(test)]
pub(crate) use shellwords::split as shell_words;

/// The lines of an `extra_hosts` list or mapping.
#[cfg(test)]
pub(crate) fn host_lines(written: &serde_json::Value) -> Result<Vec<String>, String> {
    let text = serde_json::json!({"services": {"app": {"image": "a", "extra_hosts": written}}}).to_string();
    let files = crate::ProjectFiles([("compose.yaml".to_owned(), text)].into());
    let loaded = crate::load(&files, &crate::LoadRequest::default());
    match (loaded.diagnostics.first(), loaded.project) {
        (None, Some(project)) => Ok(project
            .services
            .into_values()
            .filter_map(|service| service.extra_hosts.clone())
            .flatten()
            .collect()),
        (finding, _) => Err(finding.map(|finding| finding.message.clone()).unwrap_or_default()),
    }
}

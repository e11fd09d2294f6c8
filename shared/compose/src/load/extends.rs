//! `extends`: a service on top of another one. Compose specification, 05-services "extends".

use compact_str::CompactString;

use std::collections::HashMap;

use super::{
    environment::Environment,
    merge::merge_service,
    path::Path,
    paths::{self, Base, parent},
    pipeline::{Loader, Site},
    reset::Resets,
    sources::Parsed,
    tree::{Data, Map, Place, Value},
};

/// Services of other files, in long form and with paths relative to the project, by file.
#[derive(Debug, Default)]
pub(crate) struct Cache(HashMap<String, (Map, Resets)>);

/// Resolves `extends` of every service of a document.
pub(crate) fn apply(
    loader: &mut Loader<'_>,
    document: &mut Value,
    resets: &Resets,
    parsed: &Parsed,
    site: &Site,
    environment: &Environment,
) {
    let Some(section) = document.get_mut("services") else { return };
    if section.map().is_none() {
        let message = format!("services must be a mapping, not {}", section.kind());
        loader.findings.error("CY020", section.key, "services", message).help =
            Some("List the services below it, or remove it.".to_owned());
        return;
    }
    let Some(services) = section.map_mut() else { return };
    let extending = |(name, service): (&CompactString, &Value)| service.get("extends").map(|_| name.clone());
    let names: Vec<CompactString> = services.iter().filter_map(extending).collect();
    let mut extension = Extension { loader, site, environment, chain: Vec::new() };
    for name in names {
        extension.resolve(&name, services, &parsed.name, resets);
    }
}

/// Steps from a service to the last one that it extends; each is a recursion.
const MAX_CHAIN: usize = 64;

struct Extension<'a, 'l> {
    loader: &'a mut Loader<'l>,
    site: &'a Site,
    environment: &'a Environment,
    /// The services on the way, as file and name.
    chain: Vec<(String, String)>,
}

/// What `extends` says.
struct Reference {
    service: String,
    file: Option<String>,
    place: Place,
}

impl Extension<'_, '_> {
    /// Replaces a service by itself on top of what it extends.
    fn resolve(&mut self, name: &str, services: &mut Map, file: &str, resets: &Resets) {
        let Some(extends) = services.get(name).and_then(|service| service.get("extends")).cloned() else {
            return;
        };
        let root = Path::Root;
        let section = root.key("services");
        let path = section.key(name);
        let base = match self.reference(name, &extends, &path) {
            Some(reference) if self.enter(name, file, &reference, &path) => {
                let base = self.base(name, &reference, services, file, resets, &path);
                self.chain.pop();
                base
            }
            _ => None,
        };
        let Some(service) = services.get_mut(name) else { return };
        let Some(mut base) = base else {
            remove_extends(service);
            return;
        };
        // A tag at the service itself is about the files before this one, not about what it extends.
        resets.apply(&mut base, &["services", name]);
        let (place, key) = (service.place, service.key);
        let own = std::mem::replace(service, Value::new(Data::Null, place));
        merge_service(&mut base, own, &path, &mut self.loader.findings);
        base.place = place;
        base.key = key;
        remove_extends(&mut base);
        *service = base;
    }

    fn reference(&mut self, name: &str, extends: &Value, path: &Path<'_>) -> Option<Reference> {
        let service = match &extends.data {
            Data::Text(service) => Some((service.to_string(), extends.place)),
            _ => extends.get("service").and_then(|service| Some((service.text()?.to_owned(), service.place))),
        };
        let Some((service, place)) = service else {
            let message = format!("extends.{name}.service is required");
            self.loader.findings.error("CY040", extends.place, path.key("extends"), message);
            return None;
        };
        let file = extends.get("file").and_then(Value::text).map(str::to_owned);
        Some(Reference { service, file, place })
    }

    /// Notes a service on the way; false when it is already there.
    fn enter(&mut self, name: &str, file: &str, reference: &Reference, path: &Path<'_>) -> bool {
        let step = (file.to_owned(), name.to_owned());
        if self.chain.contains(&step) {
            let way: Vec<String> =
                self.chain.iter().map(|(file, name)| format!("{name} in {file}")).collect();
            let message = format!("circular reference: {} extends {name} in {file}", way.join(" extends "));
            self.loader.findings.error("CY042", reference.place, path.key("extends"), message);
            return false;
        }
        if self.chain.len() == MAX_CHAIN {
            let message = format!("services extend each other over more than {MAX_CHAIN} steps");
            self.loader.findings.error("CY042", reference.place, path.key("extends"), message);
            return false;
        }
        self.chain.push(step);
        true
    }

    /// What is extended, itself resolved.
    fn base(
        &mut self,
        name: &str,
        reference: &Reference,
        services: &mut Map,
        file: &str,
        resets: &Resets,
        path: &Path<'_>,
    ) -> Option<Value> {
        let target = reference.service.as_str();
        let Some(other) = &reference.file else {
            if !services.contains_key(target) {
                let message =
                    format!("cannot extend service {name:?} in {file}: service {target:?} not found");
                self.loader.findings.error("CY041", reference.place, path.key("extends"), message);
                return None;
            }
            self.resolve(target, services, file, resets);
            return self.usable(services.get(target), target, path);
        };
        let other = Loader::file_path(&self.site.folder, other);
        let (mut others, other_resets) = self.other_file(&other, name, reference, path)?;
        let found = others.contains_key(target);
        if found {
            self.resolve(target, &mut others, &other, &other_resets);
        } else {
            let message =
                format!("cannot extend service {name:?} in {file}: service {target:?} not found in {other}");
            self.loader.findings.error("CY041", reference.place, path.key("extends"), message);
        }
        let base = self.usable(others.get(target), target, path);
        self.loader.extended.0.insert(other, (others, other_resets));
        base
    }

    /// A base that can be merged onto; absent and null ones add nothing.
    fn usable(&mut self, base: Option<&Value>, target: &str, path: &Path<'_>) -> Option<Value> {
        let base = base.filter(|base| !base.is_null())?;
        if base.map().is_none() {
            let message = format!("service {target:?} must be a mapping to be extended, not {}", base.kind());
            self.loader.findings.error("CY020", base.place, path.key("extends"), message);
            return None;
        }
        Some(base.clone())
    }

    /// The services of another file, in long form, their paths relative to the project.
    fn other_file(
        &mut self,
        file: &str,
        name: &str,
        reference: &Reference,
        path: &Path<'_>,
    ) -> Option<(Map, Resets)> {
        if let Some(known) = self.loader.extended.0.remove(file) {
            return Some(known);
        }
        let at = path.key("extends").to_string();
        let parsed = self.loader.parse(file, reference.place, &at)?;
        let mut model = Value::new(Data::Map(Map::default()), Place::NOWHERE);
        let mut all = Resets::default();
        for document in &parsed.documents {
            let Some((value, resets)) = self.loader.raw(&parsed, document, self.environment) else {
                continue;
            };
            resets.apply(&mut model, &[]);
            super::merge::merge(&mut model, value, &mut self.loader.findings);
            all = resets;
        }
        self.loader.finish_document(&mut model, false);
        let written = reference.file.as_deref().unwrap_or_default();
        let base = Base { folder: parent(written), home: self.loader.request.home.as_deref(), bare: true };
        paths::resolve(&mut model, base, &mut self.loader.findings);
        match model.map_mut().and_then(|map| map.swap_remove("services")).map(|services| services.data) {
            Some(Data::Map(services)) => Some((services, all)),
            _ => {
                let message = format!("cannot extend service {name:?} in {file}: no services section");
                self.loader.findings.error("CY043", reference.place, &at, message);
                None
            }
        }
    }
}

fn remove_extends(service: &mut Value) {
    if let Some(map) = service.map_mut() {
        map.shift_remove("extends");
    }
}

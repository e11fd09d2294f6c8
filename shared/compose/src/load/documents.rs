//! Documents to one model: each is read, its variables are filled in, and it is merged onto what came before; the whole
//! gets its long form, defaults and paths.

use std::sync::Arc;

use compact_str::CompactString;
use composeyard_yaml::{Document, Span};

use super::{
    canonical, defaults,
    environment::Environment,
    extends, include,
    interpolate::interpolate,
    merge::merge,
    path::Path,
    paths::{self, Base},
    pipeline::{Loader, Site},
    read::read,
    reset::Resets,
    schema,
    sources::Parsed,
    tree::{Data, Map, Place, Value},
    unicity, validate, variables,
};

/// The entries of each section that a document names.
struct Named(Vec<(CompactString, Vec<CompactString>)>);

impl Named {
    fn of(document: &Value) -> Self {
        let entries = |section: &Value| section.map().into_iter().flat_map(Map::keys).cloned().collect();
        let sections = document.map().into_iter().flatten();
        Self(sections.map(|(name, section)| (name.clone(), entries(section))).collect())
    }

    /// Exchanges these entries between a model and a part of it; an entry keeps its place in the model.
    fn swap(&self, model: &mut Value, part: &mut Value) {
        let Some(part) = part.map_mut() else { return };
        for (name, entries) in &self.0 {
            let Some(section) = model.get_mut(name) else { continue };
            if section.map().is_none() {
                // It stays where it is; the part has it to be looked at.
                part.insert(name.clone(), section.clone());
                continue;
            }
            let empty = section.with(Data::Map(Map::default()));
            let Some(section) = section.map_mut() else { continue };
            let Some(there) = part.get_or_insert_with(name, || empty).map_mut() else { continue };
            for entry in entries {
                let Some(here) = section.get_mut(entry) else { continue };
                let absent = here.with(Data::Null);
                std::mem::swap(here, there.get_or_insert_with(entry, || absent));
            }
        }
    }
}

impl Loader<'_> {
    /// All documents of all files, merged, in long form, with defaults and resolved paths.
    pub(crate) fn model(
        &mut self,
        files: &[Arc<Parsed>],
        site: &Site,
        environment: &Environment,
    ) -> Option<Value> {
        let mut model: Option<Value> = None;
        for parsed in files {
            for document in &parsed.documents {
                self.document(parsed, document, site, environment, &mut model);
            }
        }
        let Some(mut model) = model.filter(|model| model.map().is_some_and(|map| !map.is_empty())) else {
            // An included file may be empty.
            if site.included.is_empty() {
                self.empty(files);
            }
            return None;
        };
        self.complete(&mut model, site, environment);
        Some(model)
    }

    fn empty(&mut self, files: &[Arc<Parsed>]) {
        let place = files.first().map_or(Place::NOWHERE, |parsed| Place::new(parsed.file, Span::at(0)));
        self.findings.error("CY009", place, "", "empty compose file").help =
            Some("Add services: with at least one service.".to_owned());
    }

    /// Adds defaults, checks values and resolves paths and variables of a model in long form.
    pub(super) fn complete(&mut self, model: &mut Value, site: &Site, environment: &Environment) {
        let lookup = |name: &str| environment.get(name).cloned();
        defaults::set_defaults(model);
        if !self.request.skip.validate {
            validate::validate(model, &mut self.findings);
        }
        if site.resolve {
            let base = Base {
                folder: &site.base,
                home: self.request.home.as_deref(),
                bare: self.request.skip.paths,
            };
            paths::resolve(model, base, &mut self.findings);
        }
        if !self.request.untyped {
            variables::check_names(model, &mut self.findings);
            variables::pairs_to_maps(model, &lookup);
        }
    }

    fn document(
        &mut self,
        parsed: &Parsed,
        document: &Document,
        site: &Site,
        environment: &Environment,
        model: &mut Option<Value>,
    ) {
        let Some((mut value, resets)) = self.raw(parsed, document, environment) else { return };
        include::apply(self, &mut value, &resets, parsed, site, environment);
        if let Some(model) = model {
            resets.apply(model, &[]);
        }
        extends::apply(self, &mut value, &resets, parsed, site, environment);
        let named = model.is_some().then(|| Named::of(&value));
        let model = match model {
            Some(model) => {
                merge(model, value, &mut self.findings);
                model
            }
            None => model.insert(value),
        };
        match named {
            Some(named) => self.finish_named(model, &named),
            None => self.finish_document(model, !self.request.skip.validate),
        }
    }

    /// As [`Self::finish_document`], for what one more document names: the rest is in its long form already.
    fn finish_named(&mut self, model: &mut Value, named: &Named) {
        let mut part = model.with(Data::Map(Map::default()));
        named.swap(model, &mut part);
        self.finish_document(&mut part, !self.request.skip.validate);
        named.swap(model, &mut part);
        if let Some(map) = model.map_mut() {
            map.shift_remove("version");
        }
    }

    /// Brings an accumulated model to its long form, once it is held against the table of keys.
    pub(crate) fn finish_document(&mut self, model: &mut Value, validate: bool) {
        unicity::enforce(model);
        if validate {
            let merged = self.merged.get_or_insert_with(|| self.findings.of_the_same_files());
            merged.follow(&self.findings);
            schema::check(model, merged, self.request.no_interpolate);
        }
        if let Some(map) = model.map_mut() {
            map.shift_remove("version");
        }
        canonical::canonical(model, self.request.no_interpolate, &mut self.findings);
        unicity::enforce(model);
    }

    /// A document as written, with its variables filled in.
    pub(crate) fn raw(
        &mut self,
        parsed: &Parsed,
        document: &Document,
        environment: &Environment,
    ) -> Option<(Value, Resets)> {
        let (value, resets) = read(document, parsed.file, &mut self.findings);
        Some((self.filled_in(value?, parsed, environment)?, resets))
    }

    /// The top-level mapping that was read, with its variables filled in.
    pub(super) fn filled_in(
        &mut self,
        mut value: Value,
        parsed: &Parsed,
        environment: &Environment,
    ) -> Option<Value> {
        if value.is_null() {
            value.data = Data::Map(Map::default());
        }
        if value.map().is_none() {
            let message = format!("top-level object must be a mapping, not {}", value.kind());
            self.findings.error("CY015", value.place, Path::Root, message).help =
                Some("Start with services:".to_owned());
            return None;
        }
        if !self.request.no_interpolate {
            let lookup = |name: &str| environment.get(name).cloned();
            interpolate(&mut value, &lookup, &parsed.text, &mut self.findings);
        }
        Some(value)
    }
}

//! The order of the steps.

use std::{collections::HashSet, rc::Rc, sync::Arc};

use compact_str::CompactString;
use composeyard_yaml::{Document, Span};

use super::{
    LoadRequest, Loaded, bind, canonical, consistency, defaults, env_file,
    environment::{self, Environment},
    extends,
    findings::Findings,
    include,
    interpolate::interpolate,
    merge::merge,
    naming, normalize,
    origins::Origins,
    path::Path,
    paths::{self, Base, join},
    read::read,
    reset::Resets,
    schema, select,
    template::Lookup,
    tree::{Data, Map, Place, Value},
    unicity, validate, variables,
};
use crate::{Diagnostic, FileSource, ProjectName, Severity, files::ReadError, rules::structure};

/// File names that are looked for when none is given, and their overrides.
const DEFAULT_FILES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDE_FILES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// Findings after which no project can be built.
const FATAL: [&str; 6] = ["CY001", "CY004", "CY005", "CY009", "CY015", "CY030"];

/// Findings about a single value, which the structural check often has too.
const SHAPE: [&str; 9] = ["CY013", "CY020", "CY021", "CY022", "CY023", "CY024", "CY025", "CY026", "CY072"];

/// Loads a project; the compose files it was loaded from come with it, in the order they were read.
pub(crate) fn load(source: &dyn FileSource, request: &LoadRequest) -> (Loaded, Sources) {
    let mut loader = Loader {
        source,
        request,
        findings: Findings::default(),
        extended: extends::Cache::default(),
        sources: Sources::default(),
        merged: None,
        environment: Environment::default(),
    };
    let (model, project) = loader.run().unzip();
    let environment = std::mem::take(&mut loader.environment);
    if let Some(merged) = loader.merged.take() {
        schema::settle(&mut loader.findings, merged);
    }
    let fatal = loader.findings.has_code(&FATAL);
    let (read, diagnostics) = loader.findings.into_parts();
    let origins = Origins { model: model.map(Arc::new), files: read.clone().into() };
    let diagnostics = sorted(diagnostics, &read);
    let project = project.flatten().filter(|_| !fatal);
    (Loaded { project, diagnostics, origins, read, environment }, loader.sources)
}

/// Sorts findings by file, place and code. One that several paths share through an anchor is told once, and what the
/// structural check has said already is not said again.
fn sorted(mut diagnostics: Vec<Diagnostic>, files: &[String]) -> Vec<Diagnostic> {
    let structural: HashSet<(String, Span)> = diagnostics
        .iter()
        .filter(|finding| finding.code.starts_with("CY2") || finding.code == "CY003")
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| (finding.file.clone(), finding.span))
        .collect();
    diagnostics.retain(|finding| {
        !SHAPE.contains(&finding.code.as_str()) || !structural.contains(&(finding.file.clone(), finding.span))
    });
    let rank = |file: &str| files.iter().position(|known| known == file);
    diagnostics.sort_by_cached_key(|finding| (rank(&finding.file), finding.span, finding.code.clone()));
    diagnostics
        .dedup_by(|a, b| a.code == b.code && a.file == b.file && a.span == b.span && a.span != Span::at(0));
    diagnostics
}

/// What the steps share.
pub(crate) struct Loader<'a> {
    pub(crate) source: &'a dyn FileSource,
    pub(crate) request: &'a LoadRequest,
    pub(crate) findings: Findings,
    pub(crate) extended: extends::Cache,
    sources: Sources,
    /// What the merged models lack, once there is one.
    merged: Option<Findings>,
    /// The variables of the project, once its name is known.
    environment: Environment,
}

/// What a load leaves for the rules.
#[derive(Default)]
pub(crate) struct Sources {
    /// Every compose file that was read, broken ones too.
    pub(crate) parsed: Vec<Rc<Parsed>>,
    /// Findings about single values that the reference takes.
    pub(crate) advice: Vec<Diagnostic>,
}

/// A parsed compose file.
pub(crate) struct Parsed {
    pub(crate) name: String,
    pub(crate) file: u32,
    pub(crate) text: Rc<str>,
    /// Those before the mistake when the text is not YAML.
    pub(crate) documents: Vec<Document>,
    /// True when the text is YAML to its end.
    pub(crate) is_whole: bool,
}

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

/// Where the files of one model (the project's own, or an included one) stand.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The folder that relative paths are read from.
    pub(crate) folder: String,
    /// What relative paths in the model are resolved against.
    pub(crate) base: String,
    /// Whether they are resolved at all; those of included models always are.
    pub(crate) resolve: bool,
    /// The files that lead here, for cycles of `include`.
    pub(crate) included: Vec<String>,
}

impl Loader<'_> {
    fn run(&mut self) -> Option<(Value, Option<crate::Project>)> {
        let mut environment = environment::gather(self.source, self.request, &mut self.findings);
        let files = self.compose_files()?;
        let parsed = self.parse_all(&files, Place::NOWHERE, "");
        let written = parsed.iter().flat_map(|parsed| &parsed.documents).filter_map(written_name).next_back();
        let name = naming::decide(self.request, &environment, written, &mut self.findings);
        if parsed.len() < files.len() || self.findings.has_code(&FATAL) {
            return None;
        }
        let name = name?;
        environment.insert("COMPOSE_PROJECT_NAME".to_owned(), name.as_str().to_owned());
        let built = self.build(&parsed, name, &environment);
        self.environment = environment;
        built
    }

    /// From the parsed files to the project.
    fn build(
        &mut self,
        parsed: &[Rc<Parsed>],
        name: ProjectName,
        environment: &Environment,
    ) -> Option<(Value, Option<crate::Project>)> {
        let folder = self.request.project_dir.clone();
        let resolve = !self.request.skip.paths;
        let site = Site { base: folder.clone(), folder, resolve, included: Vec::new() };
        let mut model = self.model(parsed, &site, environment)?;
        let lookup = |name: &str| environment.get(name).cloned();
        if !self.request.skip.normalize {
            let lookup: Option<&Lookup<'_>> = if self.request.untyped { None } else { Some(&lookup) };
            normalize::normalize(&mut model, name.as_str(), lookup);
        }
        if self.request.untyped {
            return Some((model, None));
        }
        let mut project = bind::bind(&model, name, &mut self.findings);
        let profiles = self.profiles(environment);
        select::apply_profiles(&mut project, &profiles);
        if !self.request.skip.consistency {
            consistency::check(&project, &model, &mut self.findings);
            consistency::settle_replicas(&mut project);
        }
        if !self.request.services.is_empty() {
            select::select(&mut project, &self.request.services, &profiles, &mut self.findings);
        }
        if !self.request.skip.consistency {
            consistency::check_container_names(&project, &model, &mut self.findings);
        }
        if self.request.prune {
            select::prune(&mut project);
        }
        env_file::resolve(&mut project, &model, self.source, self.request, environment, &mut self.findings);
        Some((model, Some(project)))
    }

    fn profiles(&self, environment: &Environment) -> Vec<String> {
        if !self.request.profiles.is_empty() {
            return self.request.profiles.clone();
        }
        let listed = environment.get("COMPOSE_PROFILES").map(String::as_str).unwrap_or_default();
        // Of nothing remains one empty name: a service with an empty profile is active by default.
        listed.split(',').map(|profile| profile.trim().to_owned()).collect()
    }

    /// The request's files, or the default ones that are there.
    fn compose_files(&mut self) -> Option<Vec<String>> {
        if !self.request.files.is_empty() {
            return Some(self.request.files.clone());
        }
        let found = |names: &[&str]| {
            names.iter().map(|name| self.default_path(name)).find(|path| self.source.read(path).is_ok())
        };
        let Some(main) = found(&DEFAULT_FILES) else {
            self.findings.project_error("CY009", "no configuration file provided: not found").help =
                Some("Add a compose.yaml.".to_owned());
            return None;
        };
        Some(std::iter::once(main).chain(found(&OVERRIDE_FILES)).collect())
    }

    fn default_path(&self, name: &str) -> String {
        let folder = self.request.project_dir.trim_end_matches('/');
        if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
    }

    /// Reads, parses and checks the compose files of one model.
    pub(crate) fn parse_all(&mut self, files: &[String], asked: Place, at: &str) -> Vec<Rc<Parsed>> {
        let parsed: Vec<Rc<Parsed>> = files.iter().filter_map(|file| self.parse(file, asked, at)).collect();
        if !self.request.skip.validate {
            for parsed in &parsed {
                for document in &parsed.documents {
                    let found = structure::check(&parsed.name, &parsed.text, document);
                    self.findings.list.extend(found.refused);
                    self.sources.advice.extend(found.advice);
                }
            }
        }
        parsed
    }

    /// Reads and parses a compose file that is asked for at `asked`.
    pub(crate) fn parse(&mut self, path: &str, asked: Place, at: &str) -> Option<Rc<Parsed>> {
        let text: Rc<str> = match self.source.read(path) {
            Ok(text) => text.into(),
            Err(error) => {
                self.unreadable(path, &error, asked, at);
                return None;
            }
        };
        let file = self.findings.add_file(path, Rc::clone(&text));
        let (documents, error) = composeyard_yaml::parse(&text);
        let parsed =
            Rc::new(Parsed { name: path.to_owned(), file, text, documents, is_whole: error.is_none() });
        if self.sources.parsed.iter().all(|known| known.file != file) {
            self.sources.parsed.push(Rc::clone(&parsed));
        }
        if let Some(error) = error {
            self.findings.error("CY001", Place::new(file, error.span), "", error.message);
            return None;
        }
        Some(parsed)
    }

    fn unreadable(&mut self, path: &str, error: &ReadError, asked: Place, at: &str) {
        let message = format!("{path} cannot be read: {error}");
        if asked.is_known() {
            self.findings.error("CY008", asked, at, message);
        } else {
            self.findings.project_error("CY009", message);
        }
    }

    /// All documents of all files, merged, in long form, with defaults and resolved paths.
    pub(crate) fn model(
        &mut self,
        files: &[Rc<Parsed>],
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
            self.findings.project_error("CY009", "empty compose file").help =
                Some("Add services: with at least one service.".to_owned());
            return None;
        };
        let lookup = |name: &str| environment.get(name).cloned();
        defaults::set_defaults(&mut model);
        if !self.request.skip.validate {
            validate::validate(&model, &mut self.findings);
        }
        if site.resolve {
            let base = Base {
                folder: &site.base,
                home: self.request.home.as_deref(),
                bare: self.request.skip.paths,
            };
            paths::resolve(&mut model, base, &mut self.findings);
        }
        if !self.request.untyped {
            variables::check_names(&model, &mut self.findings);
            variables::pairs_to_maps(&mut model, &lookup);
        }
        Some(model)
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
        let mut value = value?;
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
        Some((value, resets))
    }

    /// The path under which a file that a model names is read.
    pub(crate) fn file_path(folder: &str, path: &str) -> String {
        if path.starts_with('/') {
            return path.to_owned();
        }
        let joined = join(folder, path);
        joined.strip_prefix("./").map(str::to_owned).unwrap_or(joined)
    }
}

fn written_name(document: &Document) -> Option<&str> {
    document.text(document.at(&["name"])?).filter(|text| !text.is_empty())
}

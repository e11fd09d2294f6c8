//! The order of the steps.

use std::{collections::HashSet, sync::Arc};

use composeyard_yaml::Span;

use super::{
    LoadRequest, Loaded, bind, consistency, env_file,
    environment::{self, Environment},
    extends,
    findings::Findings,
    memory::Memory,
    naming, normalize,
    origins::Origins,
    schema, select,
    sources::{Parsed, Sources},
    template::Lookup,
    tree::{Place, Value},
};
use crate::{Diagnostic, FileSource, Project, ProjectName, Severity, rules};

/// Findings after which no project can be built.
const FATAL: [&str; 6] = ["CY001", "CY004", "CY005", "CY009", "CY015", "CY030"];

/// Findings about a single value, which the structural check often has too.
const SHAPE: [&str; 9] = ["CY013", "CY020", "CY021", "CY022", "CY023", "CY024", "CY025", "CY026", "CY072"];

/// Loads a project; the compose files it was loaded from come with it, in the order they were read.
pub(crate) fn load(source: &dyn FileSource, request: &LoadRequest) -> (Loaded, Sources) {
    load_with(source, request, None)
}

/// As [`load`], with what earlier loads know.
pub(crate) fn load_with(
    source: &dyn FileSource,
    request: &LoadRequest,
    memory: Option<&mut Memory>,
) -> (Loaded, Sources) {
    let mut loader = Loader::new(source, request, Findings::default());
    let (model, project) = loader.run(memory).unzip();
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
/// structural check has said already is not said again. A refusal with no advice of its own gives that of its code.
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
    for finding in &mut diagnostics {
        if finding.severity == Severity::Error && finding.help.is_none() {
            finding.help = rules::advice(&finding.code).map(str::to_owned);
        }
    }
    diagnostics
}

/// What the steps share.
pub(crate) struct Loader<'a> {
    pub(crate) source: &'a dyn FileSource,
    pub(crate) request: &'a LoadRequest,
    pub(crate) findings: Findings,
    pub(crate) extended: extends::Cache,
    pub(super) sources: Sources,
    /// What the merged models lack, once there is one.
    pub(super) merged: Option<Findings>,
    /// The variables of the project, once its name is known.
    environment: Environment,
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

impl<'a> Loader<'a> {
    pub(super) fn new(source: &'a dyn FileSource, request: &'a LoadRequest, findings: Findings) -> Self {
        Self {
            source,
            request,
            findings,
            extended: extends::Cache::default(),
            sources: Sources::default(),
            merged: None,
            environment: Environment::default(),
        }
    }

    fn run(&mut self, memory: Option<&mut Memory>) -> Option<(Value, Option<Project>)> {
        let mut environment = environment::gather(self.source, self.request, &mut self.findings);
        let files = self.compose_files()?;
        let parsed = self.parse_files(&files, Place::NOWHERE, "");
        let names = |parsed: &'_ Arc<Parsed>| {
            parsed.documents.iter().filter_map(|document| parsed.written_name(document)).next_back()
        };
        let written = parsed.iter().filter_map(names).next_back();
        let name = naming::decide(self.request, &environment, written.as_ref(), &mut self.findings);
        let is_whole = parsed.len() == files.len() && !self.findings.has_code(&FATAL);
        let Some(name) = name.filter(|_| is_whole) else {
            self.check_structure(&parsed);
            return None;
        };
        environment.insert("COMPOSE_PROJECT_NAME".to_owned(), name.as_str().to_owned());
        let in_parts = match memory {
            Some(memory) => self.build_in_parts(&parsed, &name, &environment, memory),
            None => self.build_by_two(&parsed, &name, &environment),
        };
        let built = match in_parts {
            Some((model, project)) => Some((model, Some(project))),
            None => {
                self.check_structure(&parsed);
                self.build(&parsed, name, &environment)
            }
        };
        let built = built.map(|(model, project)| {
            let project = project.map(|project| self.finish(project, &model, &environment));
            (model, project)
        });
        self.environment = environment;
        built
    }

    /// From the parsed files to a project whose parts were not held against each other yet.
    fn build(
        &mut self,
        parsed: &[Arc<Parsed>],
        name: ProjectName,
        environment: &Environment,
    ) -> Option<(Value, Option<Project>)> {
        let mut model = self.model(parsed, &self.site(), environment)?;
        let is_typed = !self.request.untyped;
        self.normalize(&mut model, &name, environment, false);
        let project = is_typed.then(|| bind::bind(&model, name, &mut self.findings));
        Some((model, project))
    }

    /// Where the project's own files stand.
    pub(super) fn site(&self) -> Site {
        let folder = self.request.project_dir.clone();
        let resolve = !self.request.skip.paths;
        Site { base: folder.clone(), folder, resolve, included: Vec::new() }
    }

    /// Makes explicit what a model implies. `joined`: services that are not in it use the default network.
    pub(super) fn normalize(
        &self,
        model: &mut Value,
        name: &ProjectName,
        environment: &Environment,
        joined: bool,
    ) {
        let lookup = |name: &str| environment.get(name).cloned();
        if !self.request.skip.normalize {
            let lookup: Option<&Lookup<'_>> = if self.request.untyped { None } else { Some(&lookup) };
            normalize::normalize(model, name.as_str(), joined, lookup);
        }
    }

    /// Selects what is asked for and holds the parts of a project against each other.
    fn finish(&mut self, mut project: Project, model: &Value, environment: &Environment) -> Project {
        let mut profiles = self.profiles(environment);
        profiles.extend(select::profiles_of(&project, &self.request.enable, &profiles));
        select::apply_profiles(&mut project, &profiles);
        if !self.request.skip.consistency {
            consistency::check(&project, model, &mut self.findings);
            consistency::settle_replicas(&mut project);
        }
        if !self.request.services.is_empty() {
            select::select(&mut project, model, &self.request.services, &profiles, &mut self.findings);
        }
        if !self.request.skip.consistency {
            consistency::check_container_names(&project, model, &mut self.findings);
        }
        if self.request.prune {
            select::prune(&mut project);
        }
        env_file::resolve(&mut project, model, self.source, self.request, environment, &mut self.findings);
        project
    }

    fn profiles(&self, environment: &Environment) -> Vec<String> {
        if !self.request.profiles.is_empty() {
            return self.request.profiles.clone();
        }
        let listed = environment.get("COMPOSE_PROFILES").map(String::as_str).unwrap_or_default();
        // Of nothing remains one empty name: a service with an empty profile is active by default.
        listed.split(',').map(|profile| profile.trim().to_owned()).collect()
    }
}

//! Builds the everyday project, one file whose services share no text, part by part: takes from the [`Memory`] what was
//! made of the services that did not change, or makes them on two threads.

use std::{collections::BTreeMap, sync::Arc};

use composeyard_yaml::{Document, Span};
use foldhash::{HashMap, HashMapExt};

use super::{
    LoadRequest, bind,
    environment::Environment,
    findings::Findings,
    memory::{Context, Kept, Memory},
    normalize::joins_default,
    parts::{Part, Parts},
    pipeline::Loader,
    read::read_part,
    sources::Parsed,
    tree::{Data, Map, Value},
};
use crate::{
    Diagnostic, FileSource, Project, ProjectName, ServiceName,
    files::ReadError,
    model,
    rules::structure,
    threads::{self, AT_ONCE},
};

/// What was made of a part.
struct Made {
    model: Value,
    project: Project,
    found: Found,
}

/// What was found in a part, by who found it.
#[derive(Default)]
struct Found {
    structure: structure::Checked,
    steps: Vec<Diagnostic>,
    merged: Vec<Diagnostic>,
}

impl Found {
    const fn is_empty(&self) -> bool {
        let structure = &self.structure;
        structure.refused.is_empty()
            && structure.advice.is_empty()
            && self.steps.is_empty()
            && self.merged.is_empty()
    }

    /// False when something was found where others may find it too: in a value that an alias stands for.
    fn lies_in(&self, span: Span) -> bool {
        let structure = &self.structure;
        let lists = [&structure.refused, &structure.advice, &self.steps, &self.merged];
        let lies_in = |found: &Span| span.start <= found.start && found.end <= span.end;
        lists.into_iter().flatten().all(|finding| lies_in(&finding.span))
    }

    fn extend(&mut self, other: Self) {
        self.structure.refused.extend(other.structure.refused);
        self.structure.advice.extend(other.structure.advice);
        self.steps.extend(other.steps);
        self.merged.extend(other.merged);
    }
}

/// Makes parts of a file ready to be held against each other; needs nothing but its text.
struct Maker<'a> {
    parsed: &'a Parsed,
    document: &'a Document,
    request: &'a LoadRequest,
    name: &'a ProjectName,
    environment: &'a Environment,
    /// Empty, with the names and texts of the files.
    findings: Findings,
}

impl<'a> Maker<'a> {
    /// None for a project of several files or documents, and for one that stays a tree.
    fn of(
        request: &'a LoadRequest,
        findings: &Findings,
        parsed: &'a [Arc<Parsed>],
        name: &'a ProjectName,
        environment: &'a Environment,
    ) -> Option<Self> {
        let [parsed] = parsed else { return None };
        let [document] = &parsed.documents[..] else { return None };
        let findings = findings.of_the_same_files();
        (!request.untyped).then_some(Self { parsed, document, request, name, environment, findings })
    }

    /// None for a part that leads to other text. `joined`: services of other parts use the default network.
    fn make(&self, part: Part<'_>, joined: bool) -> Option<Made> {
        let Self { parsed, document, request, environment, .. } = self;
        let validate = !request.skip.validate;
        let mut loader = Loader::new(&NoFiles, request, self.findings.of_the_same_files());
        let structure = if validate {
            structure::check_part(&parsed.name, &parsed.text, document, part)
        } else {
            structure::Checked::default()
        };
        let value = read_part(document, part, parsed.file, &mut loader.findings)?;
        let mut model = loader.filled_in(value, parsed, environment)?;
        let services = model.get("services").and_then(Value::map);
        if services.is_some_and(|services| services.values().any(|service| service.get("extends").is_some()))
        {
            return None;
        }
        loader.finish_document(&mut model, validate);
        loader.complete(&mut model, &loader.site(), environment);
        loader.normalize(&mut model, self.name, environment, joined);
        let project = bind::bind(&model, self.name.clone(), &mut loader.findings);
        let merged = loader.merged.map(|merged| merged.list).unwrap_or_default();
        Some(Made { model, project, found: Found { structure, steps: loader.findings.list, merged } })
    }

    /// Some services with their values. None as for [`Self::make`], and when something was found outside of `span`, in
    /// a value that an alias stands for: other parts may find it too.
    fn services(&self, part: Part<'_>, span: Span) -> Option<Made> {
        self.make(part, false).filter(|made| made.found.lies_in(span))
    }
}

/// Parts do not lead to other files.
struct NoFiles;

impl FileSource for NoFiles {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        Err(ReadError::NotFound(path.to_owned()))
    }
}

/// The services of all parts, as they are put together.
#[derive(Default)]
struct Gathered {
    values: Map,
    services: BTreeMap<ServiceName, Arc<model::Service>>,
    found: Found,
}

impl Gathered {
    fn add(&mut self, made: Made) {
        let Data::Map(mut model) = made.model.data else { return };
        if let Some(Value { data: Data::Map(values), .. }) = model.swap_remove("services") {
            for (name, value) in values {
                self.values.push(name, value);
            }
        }
        self.services.extend(made.project.services);
        self.found.extend(made.found);
    }
}

impl Loader<'_> {
    /// From the parsed file to a project whose parts were not held against each other yet, by way of the memory. None,
    /// with nothing found, when the file has to be looked at as a whole.
    pub(super) fn build_in_parts(
        &mut self,
        parsed: &[Arc<Parsed>],
        name: &ProjectName,
        environment: &Environment,
        memory: &mut Memory,
    ) -> Option<(Value, Project)> {
        let maker = Maker::of(self.request, &self.findings, parsed, name, environment)?;
        let (parsed, text) = (maker.parsed, &*maker.parsed.text);
        let parts = Parts::of(maker.document, text)?;
        let context = Context::of(self.request, name, environment, &parts, parsed);
        let mut known = memory.take(&context);
        let mut keep = HashMap::with_capacity(known.len());
        let mut all = Gathered::default();
        for at in parts.services() {
            let same = known.remove(at.name).filter(|kept| kept.is_of(at.span.of(text)));
            if let Some(kept) = same {
                let (value, service) = kept.at(&at, &parts, parsed.file);
                all.values.push(at.name, value);
                all.services.insert(kept.name().clone(), service);
                keep.insert(at.name.into(), kept);
                continue;
            }
            let made = maker.services(at.part, at.span)?;
            let value = made.model.get("services").and_then(|services| services.get(at.name))?;
            if let Some((name, service)) =
                made.project.services.first_key_value().filter(|_| made.found.is_empty())
            {
                keep.insert(at.name.into(), Kept::new(&at, &parts, text, value, name, service));
            }
            all.add(made);
        }
        let built = self.put_together(&maker, &parts, all)?;
        memory.keep(context, keep);
        Some(built)
    }

    /// As [`Self::build_in_parts`] without a memory, many services on two threads.
    pub(super) fn build_by_two(
        &mut self,
        parsed: &[Arc<Parsed>],
        name: &ProjectName,
        environment: &Environment,
    ) -> Option<(Value, Project)> {
        let maker = Maker::of(self.request, &self.findings, parsed, name, environment)?;
        let parts = Parts::of(maker.document, &maker.parsed.text)
            .filter(|parts| threads::are_worth_two(parts.len()))?;
        let made = threads::each(&parts.of_services(AT_ONCE), |part| maker.services(*part, parts.span()));
        let mut all = Gathered::default();
        for made in made {
            all.add(made?);
        }
        self.put_together(&maker, &parts, all)
    }

    /// Adds the rest of the file to its services.
    fn put_together(
        &mut self,
        maker: &Maker<'_>,
        parts: &Parts<'_>,
        all: Gathered,
    ) -> Option<(Value, Project)> {
        let Gathered { values, services, mut found } = all;
        let joined = values.values().any(joins_default);
        let mut rest = maker.make(parts.rest(), joined)?;
        found.extend(rest.found);
        self.take_in(found)?;
        rest.model.get_mut("services")?.data = Data::Map(values);
        rest.project.services = services;
        Some((rest.model, rest.project))
    }

    /// Takes in what was found; none when it is so much that the order of the steps matters.
    fn take_in(&mut self, found: Found) -> Option<()> {
        let Found { structure, steps, merged } = found;
        let structure = structure.settled();
        let mut all = Findings::default();
        for list in [&structure.refused, &structure.advice, &steps, &merged] {
            all.count(list);
        }
        if all.is_full() {
            return None;
        }
        self.findings.list.extend(structure.refused);
        self.sources.advice.extend(structure.advice);
        self.findings.count(&steps);
        self.findings.list.extend(steps);
        let mut everything = self.findings.of_the_same_files();
        everything.list = merged;
        self.merged = Some(everything);
        Some(())
    }
}

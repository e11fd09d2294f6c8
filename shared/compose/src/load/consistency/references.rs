//! Names of services, networks, volumes, secrets, configs and models that nothing declares, and dependency cycles.

use std::collections::BTreeMap;

use compact_str::CompactString;
use composeyard_yaml::{Span, TextEdit, edit::scalar_text};

use super::Checked;
use crate::{
    FileEdit, Fix, Project, ServiceName,
    load::{
        cycle::cycles,
        findings::Findings,
        path::Path,
        tree::{Data, Place, Value},
    },
    model::MountType,
};

pub(super) fn check(c: &mut Checked<'_>) {
    let project = c.project;
    let service = c.service;
    networks(c);
    dependencies(c);
    joined_network(c);
    additional_contexts(c);
    for (index, mount) in service.volumes.iter().enumerate() {
        if mount.kind == MountType::Volume && !mount.source.is_empty() {
            let declared = &project.volumes;
            item(c, &VOLUME, "volumes", index, &mount.source, declared.contains_key(&mount.source));
        }
    }
    for (index, mount) in service.build.iter().flat_map(|build| build.secrets.iter().enumerate()) {
        let place = list_item(c.tree.get("build").and_then(|build| build.get("secrets")), index);
        let known = project.secrets.contains_key(&mount.source);
        report(c, &SECRET, "build.secrets", place, &mount.source, known);
    }
    for (index, mount) in service.configs.iter().enumerate() {
        item(c, &CONFIG, "configs", index, &mount.source, project.configs.contains_key(&mount.source));
    }
    for (index, mount) in service.secrets.iter().enumerate() {
        item(c, &SECRET, "secrets", index, &mount.source, project.secrets.contains_key(&mount.source));
    }
    for model in service.models.keys() {
        let place = c.tree.get("models").and_then(|models| models.get(model)).map(|value| value.key);
        let known = project.extra.get("models").is_some_and(|models| models.get(model).is_some());
        report(c, &MODEL, "models", place, model, known);
    }
}

/// A kind of thing that is declared at the top level.
struct Resource {
    code: &'static str,
    word: &'static str,
    section: &'static str,
}

const NETWORK: Resource = Resource { code: "CY102", word: "network", section: "networks" };
const VOLUME: Resource = Resource { code: "CY103", word: "volume", section: "volumes" };
const SECRET: Resource = Resource { code: "CY104", word: "secret", section: "secrets" };
const CONFIG: Resource = Resource { code: "CY105", word: "config", section: "configs" };
const MODEL: Resource = Resource { code: "CY107", word: "model", section: "models" };

/// What keeps a name from being declared.
const NAMES: &str = "A name has only letters, digits, `.`, `_` and `-`";

fn list_item(list: Option<&Value>, index: usize) -> Option<Place> {
    match &list?.data {
        Data::List(list) => list.get(index).map(|item| item.place),
        _ => None,
    }
}

fn item(c: &mut Checked<'_>, resource: &Resource, key: &str, index: usize, name: &str, known: bool) {
    if !known {
        let place = list_item(c.tree.get(key), index);
        report(c, resource, key, place, name, known);
    }
}

fn networks(c: &mut Checked<'_>) {
    for network in c.service.networks.keys() {
        let known = c.project.networks.contains_key(network);
        if !known {
            let place =
                c.tree.get("networks").and_then(|networks| networks.get(network)).map(|value| value.key);
            report(c, &NETWORK, "networks", place, network, known);
        }
    }
}

fn report(
    c: &mut Checked<'_>,
    resource: &Resource,
    key: &str,
    place: Option<Place>,
    name: &str,
    known: bool,
) {
    if known {
        return;
    }
    let place = place.filter(|place| place.is_known()).unwrap_or(c.tree.key);
    let service = c.name;
    let message = format!("service {service:?} refers to undefined {} {name}", resource.word);
    let declared = c.model.get(resource.section).and_then(Value::map);
    let mut fixes = Vec::new();
    let names = declared.into_iter().flat_map(|map| map.keys().map(CompactString::as_str));
    let similar = nearest(name, names);
    if let Some(similar) = similar {
        fixes.extend(rename_fix(c.findings, place, name, similar));
    }
    if matches!(resource.word, "network" | "volume") {
        fixes.extend(declare_fix(c.findings, c.model, resource, place, name));
    }
    let help = match similar {
        Some(similar) => {
            format!("Did you mean {similar}? Otherwise declare {name} under {}.", resource.section)
        }
        None if is_sound(name) => format!("Declare {name} under {} at the top level.", resource.section),
        None if resource.word == "volume" => format!(
            "{NAMES}. A file or folder begins with `/`, `./`, `../` or `~`, without quotes inside the value."
        ),
        None => format!("{NAMES}."),
    };
    let finding = c.error(resource.code, place, key, message);
    finding.help = Some(help);
    finding.fixes = fixes;
}

fn dependencies(c: &mut Checked<'_>) {
    for (name, dependency) in &c.service.depends_on {
        if c.project.services.contains_key(name) {
            continue;
        }
        let written = c.tree.get("depends_on").and_then(|entries| entries.get(name.as_str()));
        let place = written.map(|value| value.key).filter(|place| place.is_known()).unwrap_or(c.tree.key);
        match c.project.disabled_services.get(name) {
            Some(_) if !dependency.required => {}
            Some(disabled) => {
                let message =
                    format!("service {:?} depends on {name}, which no active profile enables", c.name);
                let profiles = disabled.profiles.join(", ");
                c.error("CY108", place, "depends_on", message).help =
                    Some(format!("Enable one of its profiles ({profiles}), or set required: false."));
            }
            None => {
                let message = format!("service {:?} depends on undefined service {name}", c.name);
                undefined_service(c, place, "depends_on", name.as_str(), message);
            }
        }
    }
}

/// The service whose network is joined has to run, also where `depends_on` says `required: false`.
fn joined_network(c: &mut Checked<'_>) {
    let Some(target) = c.service.network_mode.strip_prefix("service:") else { return };
    let Ok(name) = ServiceName::new(target) else { return };
    if c.project.services.contains_key(&name) {
        return;
    }
    let disabled = c.project.disabled_services.get(&name);
    // What it depends on has been told of.
    if c.service.depends_on.get(&name).is_some_and(|entry| entry.required || disabled.is_none()) {
        return;
    }
    let place = named_service(c, &["network_mode"], target);
    let begin = format!("service {:?} joins the network of {name}", c.name);
    if let Some(disabled) = disabled {
        let message = format!("{begin}, which no active profile enables");
        let help = format!("Enable one of its profiles ({}).", disabled.profiles.join(", "));
        c.error("CY108", place, "network_mode", message).help = Some(help);
    } else {
        undefined_service(c, place, "network_mode", name.as_str(), format!("{begin}, which does not exist"));
    }
}

/// Of the name in a value that is written as `service:NAME`.
fn named_service(c: &Checked<'_>, keys: &[&str], name: &str) -> Place {
    let place = c.value_place(keys);
    let span = place.span();
    let source = c.findings.source(place);
    let written = source.get(span.start..span.end).and_then(|text| text.find(&format!("service:{name}")));
    written.map_or(place, |at| {
        let start = span.start + at + "service:".len();
        place.with_span(Span::new(start, start + name.len()))
    })
}

/// Tells of a service that is named and does not exist; offers one that may be meant.
fn undefined_service(c: &mut Checked<'_>, place: Place, key: &str, name: &str, message: String) {
    let others = c.project.services.keys().chain(c.project.disabled_services.keys());
    let own = c.name;
    let similar = nearest(name, others.map(ServiceName::as_str).filter(|other| *other != own));
    let fix = similar.and_then(|similar| rename_fix(c.findings, place, name, similar));
    let help = similar.map_or_else(
        || format!("Correct the name, or add a service {name}."),
        |similar| format!("Did you mean {similar}?"),
    );
    let finding = c.error("CY101", place, key, message);
    finding.help = Some(help);
    finding.fixes.extend(fix);
}

/// What another service's build gives has to be built with it.
fn additional_contexts(c: &mut Checked<'_>) {
    let Some(build) = &c.service.build else { return };
    for (key, context) in &build.additional_contexts {
        let Some(target) = context.strip_prefix("service:") else { continue };
        let place = named_service(c, &["build", "additional_contexts", key], target);
        let begin = format!("service {:?} takes the context {key} from", c.name);
        let name = ServiceName::new(target).ok();
        if let Some(service) = name.as_ref().and_then(|name| c.project.services.get(name)) {
            if service.build.is_none() {
                let message = format!("{begin} {target}, which is not built");
                let help = format!("Add build to {target}, or name an image: docker-image://IMAGE.");
                c.error("CY101", place, "build", message).help = Some(help);
            }
        } else if let Some(disabled) = name.as_ref().and_then(|name| c.project.disabled_services.get(name)) {
            let message = format!("{begin} {target}, which no active profile enables");
            let help = format!("Enable one of its profiles ({}).", disabled.profiles.join(", "));
            c.error("CY108", place, "build", message).help = Some(help);
        } else {
            undefined_service(c, place, "build", target, format!("{begin} the undefined service {target}"));
        }
    }
}

/// A secret needs a source that a local engine can read.
pub(super) fn check_secrets(project: &Project, model: &Value, findings: &mut Findings) {
    for (name, secret) in &project.secrets {
        let tree = model.get("secrets").and_then(|secrets| secrets.get(name));
        let given = |key: &&str| tree.is_some_and(|tree| tree.get(key).is_some());
        // One without any of these keys was told of when the model was checked.
        let is_told = !["file", "environment", "driver", "external"].iter().any(given);
        if secret.external || !secret.file.is_empty() || !secret.environment.is_empty() || is_told {
            continue;
        }
        let place = tree.map_or(Place::NOWHERE, |value| value.key);
        let path = Path::Root;
        let message = format!("secret {name:?} must declare either file or environment");
        findings.error("CY121", place, path.key("secrets").key(name), message);
    }
}

/// Services that wait for each other.
pub(super) fn check_cycles(project: &Project, model: &Value, findings: &mut Findings) {
    let edges: BTreeMap<&str, Vec<&str>> = project
        .services
        .iter()
        .map(|(name, service)| {
            let known = service.depends_on.keys().filter(|other| project.services.contains_key(*other));
            (name.as_str(), known.map(ServiceName::as_str).collect())
        })
        .collect();
    for cycle in cycles(&edges) {
        let [from, to, ..] = cycle[..] else { continue };
        let service = model.get("services").and_then(|services| services.get(from));
        let entry = service.and_then(|service| service.get("depends_on")).and_then(|entries| entries.get(to));
        let place = entry.or(service).map_or(Place::NOWHERE, |value| value.key);
        let message = format!("dependency cycle detected: {}", cycle.join(" -> "));
        let services = Path::Root;
        let services = services.key("services");
        findings.error("CY106", place, services.key(from).key("depends_on"), message).help = Some(
            "Services that wait for each other never start. Remove one of these dependencies.".to_owned(),
        );
    }
}

/// The most similar name, if one is similar enough to be meant. One that no resource may have is a slip itself.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored =
        names.filter(|other| is_sound(other)).map(|other| (strsim::jaro_winkler(name, other), other));
    let best = scored.filter(|(score, _)| *score >= 0.8).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, other)| other)
}

/// True for what a resource may be called.
fn is_sound(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

fn rename_fix(findings: &Findings, place: Place, name: &str, similar: &str) -> Option<Fix> {
    let span = place.span();
    let at = span.start + span.of(findings.source(place)).find(name)?;
    let edit = TextEdit { span: Span::new(at, at + name.len()), text: similar.to_owned() };
    let file = findings.file_name(place).to_owned();
    Some(Fix { title: format!("Use {similar}"), edits: vec![FileEdit { file, edit }] })
}

/// Declares a resource after the last one of its section, or in a new section at the end of the file.
fn declare_fix(
    findings: &Findings,
    model: &Value,
    resource: &Resource,
    place: Place,
    name: &str,
) -> Option<Fix> {
    if !is_sound(name) {
        return None;
    }
    let key = scalar_text(name);
    let section = model.get(resource.section).filter(|section| section.place.is_known());
    let (at, text) = match section {
        Some(section) => {
            let source = findings.source(section.place);
            let span = section.place.span();
            if span.of(source).starts_with('{') || section.map().is_none_or(|map| map.is_empty()) {
                return None;
            }
            let line = source[..span.start].rfind('\n').map_or(0, |end| end + 1);
            let indent = source.get(line..span.start).filter(|indent| indent.trim().is_empty())?;
            (section.place.after(), format!("\n{indent}{key}:"))
        }
        None => {
            let source = findings.source(place);
            // A new section stands where the others do: in flow style, or in a last document that is indented or no
            // mapping, it could not.
            let starts_line =
                |key: &Place| source[..key.span().start].chars().next_back().is_none_or(|c| c == '\n');
            let keys = model.map()?.values().map(|value| value.key).filter(|key| key.file == place.file);
            let keys: Vec<Place> = keys.collect();
            let last = keys.iter().map(|key| key.span().end).max().unwrap_or_default();
            let is_marker = |line: &str| line.starts_with("---") || line.starts_with("...");
            if !keys.iter().all(starts_line) || source[last..].split(['\n', '\r']).any(is_marker) {
                return None;
            }
            let gap = if source.ends_with('\n') { "\n" } else { "\n\n" };
            (place.with_span(Span::at(source.len())), format!("{gap}{}:\n  {key}:\n", resource.section))
        }
    };
    let edit = TextEdit { span: at.span(), text };
    let file = findings.file_name(at).to_owned();
    Some(Fix { title: format!("Declare the {} {name}", resource.word), edits: vec![FileEdit { file, edit }] })
}

#[cfg(test)]
mod tests {
    use composeyard_yaml::edit::apply;

    use crate::{Diagnostic, LoadRequest, ProjectFiles, Severity, check};

    /// What is told of a file.
    fn told(text: &str) -> Vec<Diagnostic> {
        let files = ProjectFiles([("compose.yaml".to_owned(), text.to_owned())].into());
        check(&files, &LoadRequest::default()).diagnostics
    }

    /// What is wrong with the names of volumes in a file.
    fn missing(text: &str) -> Vec<Diagnostic> {
        told(text).into_iter().filter(|finding| finding.code == "CY103").collect()
    }

    /// How many fixes the missing volume has in a file.
    fn fixes(text: &str) -> usize {
        missing(text)[0].fixes.len()
    }

    #[test]
    fn a_new_section_is_offered_only_where_it_could_stand() {
        let service = "services:\n  db:\n    image: redis:7\n    volumes: [data:/data]\n";
        assert_eq!(fixes(service), 1);
        assert_eq!(fixes(&format!("{service}---\n  x-more: 1\n")), 0);
        assert_eq!(fixes(&format!("{service}...\n  - more\n")), 0);
        assert_eq!(fixes("{services: {db: {image: redis:7, volumes: [data:/data]}}}\n"), 0);
    }

    /// A file whose service has a volume of this name.
    fn with_volume(name: &str) -> String {
        format!("services:\n  db:\n    image: redis:7\n    volumes: [\"{name}:/data\"]\n")
    }

    #[test]
    fn only_what_a_volume_may_be_called_is_offered_to_be_declared() {
        for name in ["'data", "'/etc/data", "da ta", "da#ta", "d\u{e4}ta"] {
            let finding = &missing(&with_volume(name))[0];
            assert!(finding.fixes.is_empty(), "{name}");
            let help = finding.help.as_deref().unwrap_or_default();
            assert!(help.starts_with("A name has only letters"), "{name}: {help}");
        }
    }

    #[test]
    fn a_name_that_looks_like_something_else_is_declared_in_quotes() {
        for (name, key) in [("data", "data"), ("null", "\"null\""), ("17", "\"17\""), ("1e3", "\"1e3\"")] {
            let text = with_volume(name);
            let fix = &missing(&text)[0].fixes[0];
            let fixed = apply(&text, &[fix.edits[0].edit.clone()]).unwrap();
            assert_eq!(fixed, format!("{text}\nvolumes:\n  {key}:\n"));
            assert_eq!(missing(&fixed), []);
        }
    }

    /// What is told of a build whose context is another service's, and the file after the first fix.
    fn of_context(target: &str, others: &str) -> (String, Option<String>) {
        let text = format!(
            "services:\n  app:\n    build:\n      context: .\n      additional_contexts: {{base: \"service:{target}\"}}\n{others}"
        );
        let finding = told(&text).into_iter().find(|finding| finding.severity == Severity::Error).unwrap();
        let fix = finding.fixes.first().map(|fix| apply(&text, &[fix.edits[0].edit.clone()]).unwrap());
        let help = finding.help.unwrap_or_default();
        (format!("{} {}: {help}", finding.code, finding.message), fix)
    }

    #[test]
    fn a_context_of_a_service_that_is_not_built_says_why_it_is_not() {
        let (said, _) = of_context("ice", "");
        assert_eq!(
            said,
            "CY101 service \"app\" takes the context base from the undefined service ice: Correct the name, or add a service ice."
        );
        let (said, _) = of_context("ice", "  ice:\n    build: .\n    profiles: [cold]\n");
        assert_eq!(
            said,
            "CY108 service \"app\" takes the context base from ice, which no active profile enables: Enable one of its profiles (cold)."
        );
        let (said, _) = of_context("ice", "  ice:\n    image: ice:1\n");
        assert_eq!(
            said,
            "CY101 service \"app\" takes the context base from ice, which is not built: Add build to ice, or name an image: docker-image://IMAGE."
        );
    }

    #[test]
    fn a_slip_in_the_name_of_a_context_is_mended_in_the_name_alone() {
        let (said, fixed) = of_context("serv", "  server:\n    build: .\n");
        assert!(said.ends_with("Did you mean server?"), "{said}");
        assert!(fixed.unwrap().contains("{base: \"service:server\"}"));
    }
}

//! The template projects inside the binary, and `templates`, which lists them.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, bail};
use composeyard_compose::ProjectFiles;
use composeyard_compose::stacks::Card;
use rust_embed::RustEmbed;
use serde::Deserialize;

#[derive(RustEmbed)]
#[folder = "../static/stacks"]
#[allow_missing = true]
struct Stacks;

/// The file that lists the templates in the order to show them.
const INDEX: &str = "index.json";

#[derive(Deserialize)]
struct Index {
    stacks: Vec<String>,
}

pub(super) fn list() -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    for name in names()? {
        let card = card(&name)?;
        writeln!(out, "{name}\n  {}\n  {}", card.title, card.summary)?;
        writeln!(out, "  teaches   {}", card.teaches.join("\n            "))?;
        for (label, service) in std::iter::once("services").chain(std::iter::repeat("")).zip(&card.services) {
            writeln!(out, "  {label:<8}  {:<12}  {}", service.name, service.summary)?;
        }
        writeln!(out, "  needs     {}", card.needs.join("\n            "))?;
        for (label, variant) in std::iter::once("variants").chain(std::iter::repeat("")).zip(&card.variants) {
            let profiles = match variant.profiles.join(", ") {
                none if none.is_empty() => none,
                names => format!(" (profiles: {names})"),
            };
            writeln!(out, "  {label:<8}  {:<12}  {}{profiles}", variant.name, variant.summary)?;
        }
        writeln!(out)?;
    }
    writeln!(out, "composeyard new NAME DIR [--variant VARIANT] writes one into a new folder.")?;
    Ok(ExitCode::SUCCESS)
}

/// The names of all templates, in the order of the gallery.
pub(super) fn names() -> anyhow::Result<Vec<String>> {
    let Some(file) = Stacks::get(INDEX) else { return Ok(Vec::new()) };
    let index: Index = serde_json::from_slice(&file.data).context(INDEX)?;
    Ok(index.stacks)
}

/// What a template says of itself.
///
/// # Errors
/// When there is no such template.
pub(super) fn card(name: &str) -> anyhow::Result<Card> {
    let Some(file) = Stacks::get(&format!("{name}/stack.json")) else {
        bail!("there is no template {name:?}; there are: {}", names()?.join(", "));
    };
    serde_json::from_slice(&file.data).with_context(|| format!("{name}/stack.json"))
}

/// The files that a template's card lists.
///
/// # Errors
/// When one of them is missing or is not text.
pub(super) fn files(card: &Card) -> anyhow::Result<ProjectFiles> {
    let read = |path: &String| {
        let file =
            Stacks::get(&format!("{}/{path}", card.name)).with_context(|| format!("{path} is missing"))?;
        let text =
            String::from_utf8(file.data.into_owned()).with_context(|| format!("{path} is not text"))?;
        Ok((path.clone(), text))
    };
    let files: anyhow::Result<BTreeMap<String, String>> = card.files.iter().map(read).collect();
    Ok(ProjectFiles(files?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use composeyard_compose::stacks::{Variant, add_secrets};
    use composeyard_compose::{Diagnostic, LoadRequest, Severity, check};

    use super::*;

    fn cards() -> Vec<Card> {
        let names = names().unwrap();
        assert!(names.len() >= 5, "{names:?}");
        names.iter().map(|name| card(name).unwrap()).collect()
    }

    fn request(card: &Card, variant: &Variant) -> LoadRequest {
        LoadRequest {
            files: variant.files.clone(),
            profiles: variant.profiles.clone(),
            project_name: Some(card.name.to_string()),
            ..LoadRequest::default()
        }
    }

    #[test]
    fn a_card_lists_every_file_of_its_folder() {
        for card in cards() {
            let prefix = format!("{}/", card.name);
            let there: BTreeSet<String> = Stacks::iter()
                .filter_map(|path| path.strip_prefix(&prefix).map(str::to_owned))
                .filter(|path| path != "stack.json" && !card.secret_files.contains(path))
                .collect();
            assert_eq!(there, card.files.iter().cloned().collect(), "{}", card.name);
            assert!(there.contains("compose.yaml") && there.contains("README.md"), "{}", card.name);
        }
    }

    #[test]
    fn every_variant_has_exactly_the_findings_that_it_means_to_teach() {
        for card in cards() {
            for variant in &card.variants {
                let mut files = files(&card).unwrap();
                add_secrets(&mut files, &card, variant, &mut || "a".repeat(48));
                let loaded = check(&files, &request(&card, variant));
                let found: Vec<&str> =
                    loaded.diagnostics.iter().map(|finding| finding.code.as_ref()).collect();
                assert_eq!(found, variant.findings, "{} {}", card.name, variant.name);
                assert!(loaded.project.is_some(), "{} {}", card.name, variant.name);
            }
        }
    }

    #[test]
    fn a_card_names_the_services_that_its_variants_have() {
        for card in cards() {
            let files = files(&card).unwrap();
            let mut there = BTreeSet::new();
            for variant in &card.variants {
                let mut files = files.clone();
                add_secrets(&mut files, &card, variant, &mut || "a".repeat(48));
                let project = check(&files, &request(&card, variant)).project.unwrap();
                there.extend(project.services.keys().map(ToString::to_string));
            }
            let named: BTreeSet<String> = card.services.iter().map(|service| service.name.clone()).collect();
            assert_eq!(there, named, "{}", card.name);
        }
    }

    /// A major version alone is another image next month. Images with a variable in their name are the user's own.
    #[test]
    fn every_public_image_has_a_minor_version() {
        let mut count = 0;
        for card in cards() {
            for (path, text) in files(&card).unwrap().0.iter().filter(|(path, _)| !path.ends_with(".md")) {
                let named = text.lines().map(str::trim_start).filter_map(|line| {
                    let rest = line.strip_prefix("image: ").or_else(|| line.strip_prefix("FROM "))?;
                    rest.split_whitespace().next()
                });
                for image in named.filter(|image| !image.contains('$')) {
                    let version = image.split_once(':').map_or("", |(_, tag)| tag.split('-').next().unwrap());
                    let numbers = version.split('.').filter(|part| part.parse::<u32>().is_ok()).count();
                    assert!(numbers >= 2, "{} {path}: {image}", card.name);
                    count += 1;
                }
            }
        }
        assert!(count > 10, "{count} images");
    }

    #[test]
    fn without_any_one_of_its_secrets_a_variant_is_refused() {
        let mut count = 0;
        for card in cards() {
            for variant in &card.variants {
                for missing in &variant.generate {
                    let rest: Vec<String> =
                        variant.generate.iter().filter(|name| *name != missing).cloned().collect();
                    let mut files = files(&card).unwrap();
                    let without = Variant { generate: rest, ..variant.clone() };
                    add_secrets(&mut files, &card, &without, &mut || "a".repeat(48));
                    let refused = check(&files, &request(&card, variant)).diagnostics;
                    let is_named = |finding: &Diagnostic| {
                        finding.severity == Severity::Error && finding.message.contains(missing)
                    };
                    assert!(refused.iter().any(is_named), "{} {} {missing}", card.name, variant.name);
                    count += 1;
                }
            }
        }
        assert!(count >= 4, "the production variants have secrets: {count}");
    }
}

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
        let services: Vec<&str> = card.services.iter().map(|service| service.name.as_str()).collect();
        writeln!(out, "  services  {}", services.join(", "))?;
        writeln!(out, "  needs     {}", card.needs.join("\n            "))?;
        for (label, variant) in std::iter::once("variants").chain(std::iter::repeat("")).zip(&card.variants) {
            writeln!(out, "  {label:<8}  {:<12}  {}", variant.name, variant.summary)?;
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

    use composeyard_compose::stacks::add_secrets;
    use composeyard_compose::{LoadRequest, check};

    use super::*;

    fn cards() -> Vec<Card> {
        let names = names().unwrap();
        assert!(names.len() >= 5, "{names:?}");
        names.iter().map(|name| card(name).unwrap()).collect()
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
                let request = LoadRequest {
                    files: variant.files.clone(),
                    profiles: variant.profiles.clone(),
                    project_name: Some(card.name.to_string()),
                    ..LoadRequest::default()
                };
                let loaded = check(&files, &request);
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
                let request = LoadRequest {
                    files: variant.files.clone(),
                    profiles: variant.profiles.clone(),
                    project_name: Some(card.name.to_string()),
                    ..LoadRequest::default()
                };
                let project = check(&files, &request).project.unwrap();
                there.extend(project.services.keys().map(ToString::to_string));
            }
            let named: BTreeSet<String> = card.services.iter().map(|service| service.name.clone()).collect();
            assert_eq!(there, named, "{}", card.name);
        }
    }
}

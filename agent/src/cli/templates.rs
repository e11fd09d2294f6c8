//! `templates` and `new`: the template projects, out of the binary.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use rust_embed::RustEmbed;
use serde::Deserialize;

#[derive(RustEmbed)]
#[folder = "../static/stacks"]
#[allow_missing = true]
struct Stacks;

/// Describes a template; it is not part of the project.
const CARD: &str = "stack.json";

/// Arguments of `new`.
#[derive(Debug, clap::Args)]
pub(super) struct NewArgs {
    /// Name of the template; `composeyard templates` lists them
    template: String,
    /// Folder to make; it must be empty or not there yet
    dir: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Card {
    title: String,
    summary: String,
}

pub(super) fn list() -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    for name in names() {
        let card = card(&name)?;
        writeln!(out, "{name:<24}  {}\n{:<24}  {}", card.title, "", card.summary)?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn new(args: &NewArgs) -> anyhow::Result<ExitCode> {
    let names = names();
    if !names.contains(&args.template) {
        let known = names.into_iter().collect::<Vec<_>>().join(", ");
        bail!("there is no template {:?}; there are: {known}", args.template);
    }
    let files = files(&args.template);
    write(&args.dir, &files)?;
    let count = files.len();
    writeln!(
        std::io::stdout(),
        "{count} files in {}. Next: composeyard up, in that folder.",
        args.dir.display()
    )?;
    Ok(ExitCode::SUCCESS)
}

fn names() -> BTreeSet<String> {
    let cards = Stacks::iter().filter_map(|path| path.strip_suffix("/stack.json").map(str::to_owned));
    cards.filter(|name| !name.contains('/')).collect()
}

fn card(name: &str) -> anyhow::Result<Card> {
    let file = Stacks::get(&format!("{name}/{CARD}")).with_context(|| format!("{name} has no {CARD}"))?;
    serde_json::from_slice(&file.data).with_context(|| format!("{name}/{CARD}"))
}

/// The template's files by path in the new folder.
fn files(name: &str) -> Vec<(String, Vec<u8>)> {
    let prefix = format!("{name}/");
    let paths = Stacks::iter().filter_map(|path| path.strip_prefix(&prefix).map(str::to_owned));
    let wanted = paths.filter(|path| path != CARD);
    wanted
        .filter_map(|path| Stacks::get(&format!("{prefix}{path}")).map(|file| (path, file.data.into_owned())))
        .collect()
}

/// Writes into a folder that holds nothing yet: no file of the user's can be in the way.
fn write(dir: &Path, files: &[(String, Vec<u8>)]) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", dir.display());
    std::fs::create_dir_all(dir).with_context(cannot)?;
    if std::fs::read_dir(dir).with_context(cannot)?.next().is_some() {
        bail!("{} is not empty: name a new folder", dir.display());
    }
    for (path, bytes) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(dir)).with_context(cannot)?;
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_has_a_card_and_a_compose_file() {
        let names = names();
        assert!(names.contains("flask-redis-nginx"), "{names:?}");
        for name in names {
            card(&name).unwrap();
            let files = files(&name);
            assert!(files.iter().any(|(path, _)| path == "compose.yaml"), "{name}");
            assert!(files.iter().all(|(path, _)| path != CARD), "{name}");
        }
    }

    #[test]
    fn a_folder_that_holds_something_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("mine"), "mine").unwrap();
        let files = [("compose.yaml".to_owned(), b"services: {}\n".to_vec())];
        assert!(write(folder.path(), &files).unwrap_err().to_string().contains("is not empty"));
        write(&folder.path().join("new"), &files).unwrap();
        assert_eq!(std::fs::read(folder.path().join("new/compose.yaml")).unwrap(), files[0].1);
    }
}

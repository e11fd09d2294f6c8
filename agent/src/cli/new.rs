//! `new`: a template as a project in a folder of its own, with secrets of its own.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use composeyard_compose::ProjectFiles;
use composeyard_compose::settings::{SECRET_BYTES, secret_text};
use composeyard_compose::stacks::{add_secrets, choose};

use super::templates;

/// Arguments of `new`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name of the template; `composeyard templates` lists them
    template: String,
    /// Folder to make; it must be empty or not there yet
    dir: PathBuf,
    /// Variant to use: `.env` then names its files and profiles
    #[arg(long, value_name = "VARIANT")]
    variant: Option<String>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let card = templates::card(&args.template)?;
    let Some(variant) = card.variant(args.variant.as_deref()) else {
        let known: Vec<&str> = card.variants.iter().map(|variant| variant.name.as_str()).collect();
        bail!("{} has no such variant; it has: {}", card.name, known.join(", "));
    };
    let mut files = templates::files(&card)?;
    let mut random = Ok(());
    add_secrets(&mut files, &card, variant, &mut || {
        let mut bytes = [0; SECRET_BYTES];
        random = getrandom::fill(&mut bytes);
        secret_text(&bytes)
    });
    random.context("this machine gives no random numbers for the secrets")?;
    if args.variant.is_some() {
        choose(&mut files, variant);
    }
    write(&args.dir, &files)?;
    writeln!(
        std::io::stdout(),
        "{} files in {}, variant {}. Next: composeyard up, in that folder.",
        files.0.len(),
        args.dir.display(),
        variant.name
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Writes into a folder that holds nothing yet: no file of the user's can be in the way.
fn write(dir: &Path, files: &ProjectFiles) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", dir.display());
    std::fs::create_dir_all(dir).with_context(cannot)?;
    if std::fs::read_dir(dir).with_context(cannot)?.next().is_some() {
        bail!("{} is not empty: name a new folder", dir.display());
    }
    for (name, text) in &files.0 {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(dir)).with_context(cannot)?;
        let written = new_file(&path, name).and_then(|mut file| file.write_all(text.as_bytes()));
        written.with_context(|| format!("cannot write {}", path.display()))?;
        if text.starts_with("#!") {
            make_executable(&path)?;
        }
    }
    Ok(())
}

/// Passwords are their owner's alone.
fn new_file(path: &Path, name: &str) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if name == ".env" {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    options.open(path)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
        .with_context(|| format!("cannot make {} a program", path.display()))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(template: &str, dir: &Path, variant: Option<&str>) -> anyhow::Result<ExitCode> {
        let variant = variant.map(str::to_owned);
        run(&Args { template: template.to_owned(), dir: dir.to_owned(), variant })
    }

    #[test]
    fn a_folder_that_holds_something_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("mine"), "mine").unwrap();
        let refused = new("hello-multiapp", folder.path(), None).unwrap_err();
        assert!(refused.to_string().contains("is not empty"), "{refused}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn two_production_projects_have_different_secrets_and_none_that_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let env = |name: &str| {
            let dir = folder.path().join(name);
            new("loc8", &dir, Some("prod")).unwrap();
            std::fs::read_to_string(dir.join(".env")).unwrap()
        };
        let (one, two) = (env("one"), env("two"));
        let secret = |text: &str, name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim_start_matches('=').to_owned()
        };
        for name in ["POSTGRES_PASSWORD", "SECRET_KEY"] {
            assert_eq!(secret(&one, name).len(), 2 * SECRET_BYTES);
            assert_ne!(secret(&one, name), secret(&two, name));
        }
        assert_ne!(secret(&one, "POSTGRES_PASSWORD"), secret(&one, "SECRET_KEY"));
        assert!(one.contains("COMPOSE_FILE=compose.yaml:compose.prod.yaml\n"), "{one}");
    }

    #[test]
    fn an_unknown_variant_names_those_there_are_and_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("new");
        let refused = new("loc8", &dir, Some("staging")).unwrap_err().to_string();
        assert!(refused.contains("dev, dev-data, prod"), "{refused}");
        assert!(!dir.exists());
    }

    #[cfg(unix)]
    #[test]
    fn the_secrets_are_their_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("new");
        new("loc8", &dir, Some("prod")).unwrap();
        let mode = |file: &str| std::fs::metadata(dir.join(file)).unwrap().permissions().mode();
        assert_eq!((mode(".env") & 0o077, mode("README.md") & 0o004), (0, 0o004));
    }

    #[cfg(unix)]
    #[test]
    fn programs_can_be_run() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("new");
        new("unified-stack", &dir, None).unwrap();
        let mode = |file: &str| std::fs::metadata(dir.join(file)).unwrap().permissions().mode() & 0o111;
        assert_eq!((mode("docker-dev.sh"), mode("README.md")), (0o111, 0));
    }
}

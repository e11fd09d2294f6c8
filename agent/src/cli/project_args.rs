//! The arguments that name a project, the same for every verb, and the load request they amount to.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::ValueEnum;
use composeyard_compose::{LoadRequest, default_files, leaves_env_file_out};

use super::disk::{Disk, STANDARD_INPUT};
use super::globals::{self, Ansi};
use super::progress::Lines;

/// Which project to work on.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ProjectArgs {
    /// A Compose file; may be given several times, later ones are merged onto earlier ones
    #[arg(short = 'f', long = "file", value_name = "FILE")]
    pub(super) files: Vec<String>,
    /// The project's name
    #[arg(short = 'p', long, value_name = "NAME")]
    pub(super) project_name: Option<String>,
    /// A file with values for ${…}; may be given several times
    #[arg(long = "env-file", value_name = "FILE")]
    pub(super) env_files: Vec<String>,
    /// A profile to enable; may be given several times
    #[arg(long = "profile", value_name = "PROFILE")]
    pub(super) profiles: Vec<String>,
    /// The folder that relative paths start from
    #[arg(long, value_name = "FOLDER")]
    pub(super) project_directory: Option<PathBuf>,
    /// Say what would be done, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// How steps are printed [default: COMPOSE_PROGRESS, else auto]
    #[arg(long, value_enum, value_name = "HOW")]
    progress: Option<Lines>,
    /// When colours are printed [default: COMPOSE_ANSI, else auto]
    #[arg(long, value_enum, value_name = "WHEN")]
    ansi: Option<Ansi>,
    /// How many steps run at once; -1 for no limit [default: COMPOSE_PARALLEL_LIMIT, else -1]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    parallel: Option<i64>,
    /// Also networks and volumes that no service uses
    #[arg(long)]
    pub(super) all_resources: bool,
    /// Not supported: containers are named PROJECT-SERVICE-1
    #[arg(long)]
    compatibility: bool,
}

impl ProjectArgs {
    /// The files to read and how, seen from the current folder.
    ///
    /// # Errors
    /// When no Compose file is found or the current folder cannot be told.
    pub(super) fn resolve(&self) -> anyhow::Result<(Disk, LoadRequest)> {
        if self.compatibility {
            bail!(
                "--compatibility is not supported: containers are named PROJECT-SERVICE-1 here, not \
                 PROJECT_SERVICE_1. Leave it out, or give names with container_name"
            );
        }
        let current = std::env::current_dir().context("the current folder cannot be read")?;
        let environment: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        self.resolve_in(&current, environment)
    }

    fn resolve_in(
        &self,
        current: &Path,
        mut environment: BTreeMap<String, String>,
    ) -> anyhow::Result<(Disk, LoadRequest)> {
        // Shells set it; what starts without one has it from the reference, and here.
        environment.entry("PWD".to_owned()).or_insert_with(|| current.to_string_lossy().into_owned());
        let files = if self.files.is_empty() {
            self.files_without_f(current, &environment)?
        } else {
            self.files.clone()
        };
        let on_disk = files.iter().find(|file| *file != STANDARD_INPUT);
        let folder = match (&self.project_directory, on_disk) {
            (Some(folder), _) => current.join(folder),
            (None, Some(first)) => current.join(Path::new(first).parent().unwrap_or(Path::new(""))),
            (None, None) => current.to_owned(),
        };
        let folder =
            std::path::absolute(&folder).with_context(|| format!("{} is not a folder", folder.display()))?;
        let request = LoadRequest {
            files,
            project_dir: plain(&folder).to_string_lossy().into_owned(),
            project_name: self.project_name.clone(),
            profiles: self.profiles.clone(),
            env_files: self
                .env_files(&environment)
                .or_else(|| self.both_dotenvs(current, &folder, &environment)),
            home: environment.get("HOME").filter(|home| !home.is_empty()).cloned(),
            environment,
            ..LoadRequest::default()
        };
        Ok((Disk::below(current).with_input(&request.files), request))
    }

    /// How steps are printed, with the variables of the project, where its `.env` may say it too.
    ///
    /// # Errors
    /// When `COMPOSE_PROGRESS` is none of the ways, or the way does not go with `--ansi`.
    pub(super) fn progress(&self, variables: &BTreeMap<String, String>) -> anyhow::Result<Lines> {
        let way = |text: String| {
            Lines::from_str(&text, false).map_err(|_| {
                anyhow!(
                    "COMPOSE_PROGRESS={text} is no way to print steps: use auto, tty, plain, json or quiet"
                )
            })
        };
        let listed = variables.get("COMPOSE_PROGRESS").cloned().filter(|text| !text.is_empty());
        let lines = self.progress.map_or_else(|| listed.map_or(Ok(Lines::Auto), way), Ok)?;
        self.ansi().agrees_with(lines)?;
        Ok(lines)
    }

    /// When colours are printed.
    pub(super) fn ansi(&self) -> Ansi {
        Ansi::chosen(self.ansi, std::env::var("COMPOSE_ANSI").ok().as_deref())
    }

    /// How many steps run at once, with the variables of the project; none for no limit.
    ///
    /// # Errors
    /// When `COMPOSE_PARALLEL_LIMIT` is no number.
    pub(super) fn at_most(
        &self,
        variables: &BTreeMap<String, String>,
    ) -> anyhow::Result<Option<NonZeroUsize>> {
        globals::at_most(self.parallel, variables.get("COMPOSE_PARALLEL_LIMIT").map(String::as_str))
    }

    /// `--env-file`, else those that `COMPOSE_ENV_FILES` lists; none for the `.env` of the project.
    fn env_files(&self, environment: &BTreeMap<String, String>) -> Option<Vec<String>> {
        if !self.env_files.is_empty() {
            return Some(self.env_files.clone());
        }
        let listed = environment.get("COMPOSE_ENV_FILES").filter(|listed| !listed.is_empty())?;
        Some(listed.split(',').map(str::to_owned).collect())
    }

    /// `COMPOSE_FILE` of the shell or of the env files, else the default names in the project's folder or the nearest
    /// one above it.
    fn files_without_f(
        &self,
        current: &Path,
        environment: &BTreeMap<String, String>,
    ) -> anyhow::Result<Vec<String>> {
        let start =
            self.project_directory.as_ref().map_or(current.to_owned(), |folder| plain(&current.join(folder)));
        let env_files = match self.env_files(environment) {
            Some(files) => files.iter().map(|file| current.join(file)).collect(),
            None if leaves_env_file_out(environment) => Vec::new(),
            None => vec![start.join(".env")],
        };
        // One that cannot be read is told of by the load.
        let texts = env_files.iter().filter_map(|file| std::fs::read_to_string(file).ok());
        let dotenv = composeyard_compose::load::env_files_values(texts, environment);
        let variable = |name: &str| environment.get(name).or_else(|| dotenv.get(name));
        let Some(listed) = variable("COMPOSE_FILE") else { return files_from(current, &start) };
        let separator = variable("COMPOSE_PATH_SEPARATOR").filter(|text| !text.is_empty());
        let files: Vec<String> =
            listed.split(separator.map_or(":", String::as_str)).map(str::to_owned).collect();
        // To the reference a file without a name is the folder itself, which it then cannot read.
        if files.iter().any(String::is_empty) {
            bail!("COMPOSE_FILE={listed} names an empty path: name a file there, or remove the variable");
        }
        Ok(files)
    }

    /// Where files were found elsewhere: their folder's `.env` below that of the current folder.
    fn both_dotenvs(
        &self,
        current: &Path,
        folder: &Path,
        environment: &BTreeMap<String, String>,
    ) -> Option<Vec<String>> {
        let (own, folder) = (current.join(".env"), plain(folder));
        let is_found =
            self.files.is_empty() && self.project_directory.is_none() && !leaves_env_file_out(environment);
        if !is_found || folder == plain(current) || !own.is_file() {
            return None;
        }
        let files = [folder.join(".env"), own].into_iter().filter(|file| file.is_file());
        Some(files.map(|file| file.to_string_lossy().into_owned()).collect())
    }
}

/// The default files of a folder or of the nearest one above it.
fn files_from(current: &Path, start: &Path) -> anyhow::Result<Vec<String>> {
    for folder in start.ancestors() {
        let found = default_files(|name| folder.join(name).is_file());
        if !found.is_empty() {
            let shown = shown_from(current, folder);
            return Ok(found.iter().map(|name| shown.join(name).to_string_lossy().into_owned()).collect());
        }
    }
    bail!("no compose.yaml in {} or above it; name a file with -f", start.display())
}

/// A folder as seen from the current one where it lies above or below, else as it is.
fn shown_from(current: &Path, folder: &Path) -> PathBuf {
    match (folder.strip_prefix(current), current.strip_prefix(folder)) {
        (Ok(below), _) => below.to_owned(),
        (_, Ok(steps)) => steps.components().map(|_| "..").collect(),
        _ => folder.to_owned(),
    }
}

/// Without `.` and `..`, as the reference prints it. Links are left as they are.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                result.pop();
            }
            std::path::Component::CurDir => {}
            part => result.push(part),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(args: &ProjectArgs, current: &Path) -> LoadRequest {
        args.resolve_in(current, BTreeMap::new()).unwrap().1
    }

    #[test]
    fn the_default_file_is_found_above_with_its_override() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("a");
        std::fs::create_dir(&below).unwrap();
        std::fs::write(folder.path().join("compose.yaml"), "").unwrap();
        std::fs::write(folder.path().join("compose.override.yaml"), "").unwrap();
        let request = resolve(&ProjectArgs::default(), &below);
        assert_eq!(request.files, ["../compose.yaml", "../compose.override.yaml"]);
        assert_eq!(Path::new(&request.project_dir), folder.path());
    }

    #[test]
    fn paths_start_from_the_folder_of_the_first_file() {
        let args =
            ProjectArgs { files: vec!["x/one.yaml".into(), "two.yaml".into()], ..ProjectArgs::default() };
        assert_eq!(resolve(&args, Path::new("/srv")).project_dir, "/srv/x");
        let args = ProjectArgs { project_directory: Some("../y".into()), ..args };
        assert_eq!(resolve(&args, Path::new("/srv")).project_dir, "/y");
    }

    #[test]
    fn a_folder_without_compose_file_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let error = ProjectArgs::default().resolve_in(folder.path(), BTreeMap::new()).unwrap_err();
        assert!(error.to_string().starts_with("no compose.yaml in "));
    }

    #[test]
    fn compose_file_lists_files() {
        let environment = BTreeMap::from([("COMPOSE_FILE".to_owned(), "a.yaml:b.yaml".to_owned())]);
        let (_, request) = ProjectArgs::default().resolve_in(Path::new("/srv"), environment).unwrap();
        assert_eq!(request.files, ["a.yaml", "b.yaml"]);
    }

    #[test]
    fn compose_file_with_an_empty_path_is_refused() {
        for listed in ["", "a.yaml:", ":a.yaml"] {
            let environment = BTreeMap::from([("COMPOSE_FILE".to_owned(), listed.to_owned())]);
            let error = ProjectArgs::default().resolve_in(Path::new("/srv"), environment).unwrap_err();
            assert!(error.to_string().contains("names an empty path"), "{listed:?}: {error}");
        }
    }

    #[test]
    fn dotenv_lists_files_unless_the_shell_does() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), "COMPOSE_FILE=a.yaml:b.yaml\n").unwrap();
        assert_eq!(resolve(&ProjectArgs::default(), folder.path()).files, ["a.yaml", "b.yaml"]);
        let environment = BTreeMap::from([("COMPOSE_FILE".to_owned(), "c.yaml".to_owned())]);
        let (_, request) = ProjectArgs::default().resolve_in(folder.path(), environment).unwrap();
        assert_eq!(request.files, ["c.yaml"]);
    }

    #[test]
    fn env_files_list_files_where_the_shell_has_them_and_the_shell_fills_them_in() {
        let folder = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| std::fs::write(folder.path().join(file), text).unwrap();
        write(".env", "COMPOSE_FILE=$PART.yaml\nPART=dot\n");
        write("a.env", "PART=a\nCOMPOSE_FILE=none.yaml\n");
        write("b.env", "COMPOSE_FILE=${PART}1.yaml,${PART}2.yaml\nCOMPOSE_PATH_SEPARATOR=,\n");
        write("compose.yaml", "");
        let files = |env_files: &[&str], pairs: &[(&str, &str)]| {
            let env_files = env_files.iter().map(|file| (*file).to_owned()).collect();
            let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let args = ProjectArgs { env_files, ..ProjectArgs::default() };
            args.resolve_in(folder.path(), pairs.collect()).unwrap().1.files
        };
        assert_eq!(files(&["a.env", "b.env"], &[]), ["a1.yaml", "a2.yaml"]);
        assert_eq!(files(&[], &[("COMPOSE_ENV_FILES", "a.env,b.env")]), ["a1.yaml", "a2.yaml"]);
        assert_eq!(files(&[], &[("PART", "shell")]), ["shell.yaml"]);
        assert_eq!(files(&["/dev/null"], &[]), ["compose.yaml"]);
        assert_eq!(files(&[], &[("COMPOSE_DISABLE_ENV_FILE", "1")]), ["compose.yaml"]);
    }

    #[test]
    fn files_are_looked_for_from_the_folder_of_the_project() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
        for file in ["compose.yaml", "a/compose.yml", "a/compose.override.yml"] {
            std::fs::write(folder.path().join(file), "").unwrap();
        }
        let current = folder.path().join("a");
        let files = |from: &Path, project: &str| {
            let args = ProjectArgs { project_directory: Some(project.into()), ..ProjectArgs::default() };
            resolve(&args, from).files
        };
        assert_eq!(files(folder.path(), "a"), ["a/compose.yml", "a/compose.override.yml"]);
        assert_eq!(files(&current, "b"), ["compose.yml", "compose.override.yml"]);
        assert_eq!(files(&current, ".."), ["../compose.yaml"]);
        std::fs::write(folder.path().join("a/b/.env"), "COMPOSE_FILE=c.yaml\n").unwrap();
        assert_eq!(files(&current, "b"), ["c.yaml"]);
    }

    #[test]
    fn the_env_file_of_the_current_folder_wins_over_that_of_files_found_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("a");
        std::fs::create_dir(&below).unwrap();
        for file in ["compose.yaml", ".env", "a/.env"] {
            std::fs::write(folder.path().join(file), "").unwrap();
        }
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let both = vec![text(folder.path().join(".env")), text(below.join(".env"))];
        assert_eq!(resolve(&ProjectArgs::default(), &below).env_files, Some(both));
        assert_eq!(resolve(&ProjectArgs::default(), folder.path()).env_files, None);
        let named = ProjectArgs { files: vec!["../compose.yaml".into()], ..ProjectArgs::default() };
        assert_eq!(resolve(&named, &below).env_files, None);
        for (word, reads) in [("true", false), ("false", true)] {
            let environment = BTreeMap::from([("COMPOSE_DISABLE_ENV_FILE".to_owned(), word.to_owned())]);
            let (_, request) = ProjectArgs::default().resolve_in(&below, environment).unwrap();
            assert_eq!(request.env_files.is_some(), reads, "{word}");
        }
    }

    #[test]
    fn an_empty_home_is_none() {
        let args = ProjectArgs { files: vec!["a.yaml".into()], ..ProjectArgs::default() };
        for (word, home) in [("", None), ("/home/me", Some("/home/me"))] {
            let environment = BTreeMap::from([("HOME".to_owned(), word.to_owned())]);
            let (_, request) = args.resolve_in(Path::new("/srv"), environment).unwrap();
            assert_eq!(request.home.as_deref(), home);
        }
    }

    #[test]
    fn pwd_is_the_current_folder_where_the_shell_has_none() {
        let args = ProjectArgs { files: vec!["a.yaml".into()], ..ProjectArgs::default() };
        assert_eq!(resolve(&args, Path::new("/srv")).environment["PWD"], "/srv");
        let environment = BTreeMap::from([("PWD".to_owned(), "/else".to_owned())]);
        let (_, request) = args.resolve_in(Path::new("/srv"), environment).unwrap();
        assert_eq!(request.environment["PWD"], "/else");
    }

    #[test]
    fn compose_env_files_lists_env_files_and_the_flag_wins() {
        let environment = BTreeMap::from([("COMPOSE_ENV_FILES".to_owned(), "a.env,b.env".to_owned())]);
        let args = ProjectArgs { files: vec!["a.yaml".into()], ..ProjectArgs::default() };
        let (_, request) = args.resolve_in(Path::new("/srv"), environment.clone()).unwrap();
        assert_eq!(request.env_files.unwrap(), ["a.env", "b.env"]);
        let args = ProjectArgs { env_files: vec!["c.env".into()], ..args };
        let (_, request) = args.resolve_in(Path::new("/srv"), environment).unwrap();
        assert_eq!(request.env_files.unwrap(), ["c.env"]);
    }
}

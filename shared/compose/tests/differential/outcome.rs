//! What a side says of a project, our side, and how the two compare.

use std::path::Path;

use composeyard_compose::{FileSource, LoadRequest, Severity, files::ReadError, load, load::Skip, render};

use super::write::Case;

/// What is asked of both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    Json,
    Yaml,
    Hash,
}

impl Question {
    pub const ALL: [Self; 3] = [Self::Json, Self::Yaml, Self::Hash];

    pub const fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["--format", "json"],
            Self::Yaml => &["--format", "yaml"],
            Self::Hash => &["--hash", "*"],
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With what is printed.
    Accepted(String),
    /// With the reason.
    Refused(String),
}

impl Outcome {
    pub const fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted(_))
    }
}

struct Disk;

impl FileSource for Disk {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        std::fs::read_to_string(path).map_err(|_| ReadError::NotFound(path.to_owned()))
    }
}

/// What this project says of a case.
pub fn ours(case: &Case, folder: &Path, environment: &[(String, String)], question: Question) -> Outcome {
    let folder = folder.to_string_lossy();
    let request = LoadRequest {
        files: case.compose.iter().map(|file| format!("{folder}/{file}")).collect(),
        project_dir: folder.clone().into_owned(),
        profiles: case.profiles.iter().map(|profile| (*profile).to_owned()).collect(),
        environment: environment.iter().cloned().collect(),
        home: environment.iter().find(|(name, _)| name == "HOME").map(|(_, home)| home.clone()),
        prune: true,
        // The reference hashes services for print before it reads their env files.
        skip: Skip { env_files: question == Question::Hash, ..Skip::default() },
        ..LoadRequest::default()
    };
    let loaded = load(&Disk, &request);
    let errors = loaded.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<String> =
        errors.map(|error| format!("{} {}: {}", error.code, error.path, error.message)).collect();
    match loaded.project {
        Some(project) if errors.is_empty() => Outcome::Accepted(match question {
            Question::Json => render::json(&project),
            Question::Yaml => render::yaml(&project),
            Question::Hash => hashes(&project),
        }),
        _ => Outcome::Refused(errors.join("\n")),
    }
}

fn hashes(project: &composeyard_compose::Project) -> String {
    let lines =
        project.services.iter().map(|(name, service)| format!("{name} {}\n", render::printed_hash(service)));
    lines.collect()
}

/// How two outcomes differ; none when they agree.
pub fn difference(theirs: &Outcome, ours: &Outcome) -> Option<String> {
    match (theirs, ours) {
        (Outcome::Accepted(theirs), Outcome::Accepted(ours)) => {
            let (theirs, ours) = (theirs.trim_end(), ours.trim_end());
            (theirs != ours).then(|| first_line(theirs, ours))
        }
        (Outcome::Accepted(_), Outcome::Refused(why)) => Some(format!("only ours refuses: {why}")),
        (Outcome::Refused(why), Outcome::Accepted(_)) => {
            Some(format!("only the reference refuses: {}", why.trim()))
        }
        (Outcome::Refused(_), Outcome::Refused(_)) => None,
    }
}

/// The first lines that differ, with the line before.
fn first_line(theirs: &str, ours: &str) -> String {
    let (theirs, ours): (Vec<&str>, Vec<&str>) = (theirs.lines().collect(), ours.lines().collect());
    let at = theirs.iter().zip(&ours).position(|(a, b)| a != b).unwrap_or(theirs.len().min(ours.len()));
    let show = |lines: &[&str]| {
        lines.iter().skip(at.saturating_sub(1)).take(4).copied().collect::<Vec<_>>().join("\n    ")
    };
    format!("line {}\n  reference\n    {}\n  ours\n    {}", at + 1, show(&theirs), show(&ours))
}

//! The project's name: asked for, from the environment, from a file, or from the folder.

use compact_str::CompactString;

use super::{
    LoadRequest,
    environment::Environment,
    findings::Findings,
    template::{TemplateError, expand},
    tree::Place,
};
use crate::ProjectName;

/// A `name:` and where it stands.
pub(crate) struct Written {
    pub(crate) text: CompactString,
    pub(crate) place: Place,
}

/// Decides the name; `written` is the last `name:` of all files.
pub(crate) fn decide(
    request: &LoadRequest,
    environment: &Environment,
    written: Option<&Written>,
    findings: &mut Findings,
) -> Option<ProjectName> {
    let explicit = request.project_name.as_ref().or_else(|| environment.get("COMPOSE_PROJECT_NAME"));
    if let Some(name) = explicit.filter(|name| !name.is_empty()) {
        return match ProjectName::normalize(name) {
            Ok(normal) if normal.as_str() == name => Some(normal),
            _ => {
                let message = format!("invalid project name {name:?}");
                findings.project_error("CY030", message).help = Some(
                    "Use lower-case letters, digits, hyphens and underscores, starting with a letter or digit."
                        .to_owned(),
                );
                None
            }
        };
    }
    let Some(written) = written else {
        return from_folder(&request.project_dir).or_else(|| {
            findings.project_error("CY030", "project name must not be empty").help =
                Some("Add name: NAME to the file.".to_owned());
            None
        });
    };
    match normalized(request, environment, &written.text) {
        Ok(name) => Some(name),
        Err(message) => {
            findings.error("CY030", written.place, "name", message).help =
                Some("Write a name with letters or digits.".to_owned());
            None
        }
    }
}

fn normalized(
    request: &LoadRequest,
    environment: &Environment,
    written: &str,
) -> Result<ProjectName, String> {
    let lookup = |name: &str| environment.get(name).cloned();
    let text = match expand(written, &lookup) {
        _ if request.no_interpolate => written.to_owned(),
        Ok(expansion) => expansion.text,
        Err(TemplateError::Required { name, reason }) if reason.is_empty() => {
            return Err(format!("required variable {name} is missing a value"));
        }
        Err(TemplateError::Required { name, reason }) => {
            return Err(format!("required variable {name} is missing a value: {reason}"));
        }
        Err(_) => return Err("this is not a valid variable reference".to_owned()),
    };
    ProjectName::normalize(&text).map_err(|_| "project name must not be empty".to_owned())
}

fn from_folder(folder: &str) -> Option<ProjectName> {
    let base = folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let base = if folder.is_empty() { "project" } else { base };
    ProjectName::normalize(base).ok()
}

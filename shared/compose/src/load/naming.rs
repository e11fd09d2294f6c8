//! The project's name: asked for, from the environment, from a file, or from the folder.

use super::{LoadRequest, environment::Environment, findings::Findings, template::expand};
use crate::ProjectName;

/// Decides the name; `written` is the last `name:` of all files.
pub(crate) fn decide(
    request: &LoadRequest,
    environment: &Environment,
    written: Option<&str>,
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
    let name = match written {
        Some(written) => normalized(request, environment, written),
        None => from_folder(&request.project_dir),
    };
    name.or_else(|| {
        findings.project_error("CY030", "project name must not be empty").help =
            Some("Add name: NAME to the file.".to_owned());
        None
    })
}

fn normalized(request: &LoadRequest, environment: &Environment, written: &str) -> Option<ProjectName> {
    let text = if request.no_interpolate {
        written.to_owned()
    } else {
        expand(written, &|name| environment.get(name).cloned()).ok()?.text
    };
    ProjectName::normalize(&text).ok()
}

fn from_folder(folder: &str) -> Option<ProjectName> {
    let base = folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let base = if folder.is_empty() { "project" } else { base };
    ProjectName::normalize(base).ok()
}

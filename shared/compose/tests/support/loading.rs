//! Projects of the tests, loaded.

use composeyard_compose::{LoadRequest, Loaded, Project, ProjectFiles, load};

pub(crate) fn files(files: &[(&str, &str)]) -> ProjectFiles {
    ProjectFiles(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
}

pub(crate) fn load_files(given: &[(&str, &str)], compose: &[&str]) -> Loaded {
    let request = LoadRequest {
        files: compose.iter().map(|file| (*file).to_owned()).collect(),
        project_name: Some("shop".to_owned()),
        ..LoadRequest::default()
    };
    load(&files(given), &request)
}

pub(crate) fn json(project: &Project, service: &str) -> serde_json::Value {
    serde_json::to_value(&project.services[&service.parse().unwrap()]).unwrap()
}

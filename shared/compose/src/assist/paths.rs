//! Paths in a compose file: the folder they start from, and how another file is written from there.

use super::Assistant;
use crate::{LoadRequest, ProjectFiles};

impl Assistant<'_> {
    /// The folder that paths in a file start from: the project's own files share its root, one that is included or
    /// extended starts where it lies. Compose specification, 14-include. A `project_directory` is not looked for.
    pub(super) fn folder_of<'f>(&self, file: &'f str) -> &'f str {
        let request = LoadRequest { files: self.compose_files.to_vec(), ..LoadRequest::default() };
        let own = request.files_or_default(|path| self.files.get(path).is_some());
        if own.iter().any(|name| ProjectFiles::normalize(name).as_deref() == Some(file)) {
            return "";
        }
        file.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// A file or folder as it is written in a folder: `./app.env`, `../app.env`.
pub(super) fn written_in(folder: &str, name: &str) -> String {
    let steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    let names: Vec<&str> = name.split('/').filter(|step| !step.is_empty()).collect();
    let shared = steps.iter().zip(&names).take_while(|(step, name)| step == name).count();
    let up = vec![".."; steps.len() - shared];
    let path = [&up, &names[shared..]].concat().join("/");
    match (up.is_empty(), path.is_empty()) {
        (true, true) => ".".to_owned(),
        (true, false) => format!("./{path}"),
        (false, _) => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_up_only_as_far_as_it_must() {
        let cases = [
            ("", "app.env", "./app.env"),
            ("", "app", "./app"),
            ("", "", "."),
            ("sub", "sub/app.env", "./app.env"),
            ("sub", "sub", "."),
            ("sub", "app.env", "../app.env"),
            ("sub/deep", "sub/other/a", "../other/a"),
            ("sub/deep", "sub", ".."),
        ];
        for (folder, name, written) in cases {
            assert_eq!(written_in(folder, name), written, "{name} in {folder}");
        }
    }
}

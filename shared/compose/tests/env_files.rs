//! What env files and label files promise.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;

use composeyard_compose::{
    FileSource, LoadRequest, Loaded, ProjectFiles, files::ReadError, load, load::Skip, render,
};

fn load_with(service: &str, files: &[(&str, &str)]) -> Loaded {
    let compose = format!("services: {{a: {{image: a, {service}}}}}");
    let given = files.iter().copied().chain([("compose.yaml", compose.as_str())]);
    let files = ProjectFiles(given.map(|(path, text)| (path.to_owned(), text.to_owned())).collect());
    let environment = BTreeMap::from([("SHELL_SET".to_owned(), "shell".to_owned())]);
    load(&files, &LoadRequest { environment, ..LoadRequest::default() })
}

fn pairs(loaded: &Loaded, key: &str) -> serde_json::Value {
    let project = loaded.project.as_ref().unwrap();
    serde_json::to_value(&project.services[&"a".parse().unwrap()]).unwrap()[key].clone()
}

#[test]
fn labels_of_files_see_only_those_of_the_files_before() {
    let files = [("a", "A=1\nB=${A}b\nC=${SHELL_SET}\nSHELL_SET\n"), ("b", "A=2\nD=$A\nE=${B}\n")];
    let loaded = load_with("label_file: [a, b], labels: {B: own}", &files);
    assert_eq!(
        pairs(&loaded, "labels"),
        serde_json::json!({"A": "2", "B": "own", "C": "", "D": "1", "E": "1b"})
    );
}

#[test]
fn dev_null_stands_for_an_empty_file() {
    for service in ["env_file: /dev/null", "env_file: [\"${NONE:-/dev/null}\"]", "label_file: /dev/null"] {
        assert_eq!(load_with(service, &[]).diagnostics, [], "{service}");
    }
    let main = "services: {a: {image: a}}";
    let files = ProjectFiles(BTreeMap::from([("compose.yaml".to_owned(), main.to_owned())]));
    let request = LoadRequest { env_files: Some(vec!["/dev/null".to_owned()]), ..LoadRequest::default() };
    assert_eq!(load(&files, &request).diagnostics, []);
}

#[test]
fn a_line_that_is_no_variable_is_shown_where_it_stands_and_where_its_file_is_named() {
    let text = "A=1\nB C=2\nD=3\n";
    for (service, path) in
        [("env_file: [x.env]", "services.a.env_file"), ("label_file: [x.env]", "services.a.label_file")]
    {
        let loaded = load_with(service, &[("x.env", text)]);
        let [finding] = &loaded.diagnostics[..] else { panic!("{:?}", loaded.diagnostics) };
        assert_eq!((finding.code.as_str(), finding.path.as_str()), ("CY014", path));
        assert_eq!((finding.file.as_str(), finding.span.of(text)), ("x.env", "B C=2"));
        assert_eq!(finding.related[0].file, "compose.yaml");
        assert!(finding.help.is_some());
    }
}

#[test]
fn a_disabled_env_file_is_left_unread_in_all_the_words_for_true() {
    for (word, image) in [("1", "a:"), ("t", "a:"), ("TRUE", "a:"), ("0", "a:x"), ("", "a:x")] {
        let files = [("compose.yaml", "services: {a: {image: 'a:$TAG'}}"), (".env", "TAG=x")];
        let files = ProjectFiles(files.map(|(path, text)| (path.to_owned(), text.to_owned())).into());
        let environment = BTreeMap::from([("COMPOSE_DISABLE_ENV_FILE".to_owned(), word.to_owned())]);
        let loaded = load(&files, &LoadRequest { environment, ..LoadRequest::default() });
        assert_eq!(pairs(&loaded, "image"), image, "{word}");
    }
}

/// The hash is the one that `docker compose config --hash` 2.40 prints.
#[test]
fn an_env_file_without_a_name_counts_in_the_hash_as_one_that_is_not_required() {
    let text = "name: a\nservices: {web: {image: b, env_file: [{path: '', required: false}]}}\n";
    let files = ProjectFiles(BTreeMap::from([("compose.yaml".to_owned(), text.to_owned())]));
    let request = LoadRequest { skip: Skip { env_files: true, ..Skip::default() }, ..LoadRequest::default() };
    let project = load(&files, &request).project.unwrap();
    let hash = render::printed_hash(&project.services[&"web".parse().unwrap()]);
    assert_eq!(hash, "1aa93ee32f3545f4824530b8d6733cdebbdfbc96db28138bdf6a835c0d9f08c2");
}

/// A disk with one compose file, where everything else that has a name is a folder.
struct Folders(String);

impl FileSource for Folders {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        match path {
            "compose.yaml" => Ok(self.0.clone()),
            "gone.env" => Err(ReadError::NotFound(path.to_owned())),
            folder => Err(ReadError::Folder(folder.to_owned())),
        }
    }
}

#[test]
fn a_folder_is_no_env_file_and_only_where_one_is_named_a_mistake() {
    let told = |service: &str, env_files: Option<Vec<String>>| {
        let source = Folders(format!("services: {{a: {{image: a, {service}}}}}"));
        let request =
            LoadRequest { files: vec!["compose.yaml".to_owned()], env_files, ..LoadRequest::default() };
        let findings = load(&source, &request).diagnostics.into_iter();
        findings.map(|finding| format!("{} {}", finding.code, finding.message)).collect::<Vec<_>>()
    };
    assert_eq!(told("", None), [""; 0]);
    assert_eq!(told("env_file: [{path: gone.env, required: false}]", None), [""; 0]);
    let optional = told("env_file: [{path: env, required: false}]", None);
    assert_eq!(optional, ["CY050 env file ./env is a folder"]);
    let named = told("", Some(vec![".env".to_owned()]));
    assert_eq!(named, ["CY008 couldn't find env file: .env is a folder"]);
}

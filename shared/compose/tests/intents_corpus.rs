//! The intents on real compose files: never a panic, never an edit that was tried and failed, and the loaded model
//! changes in the one place that was meant. Runs when COMPOSEYARD_CORPUS names a folder with compose files.
#![expect(clippy::unwrap_used, reason = "a test says where it fails")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use composeyard_compose::{
    FileEdit, LoadRequest, Project, ProjectFiles, ServiceName,
    edit::{Intent, plan},
    load,
    model::{Condition, Dependency},
};
use composeyard_yaml::edit::{Path as YamlPath, Value};

const FILE: &str = "compose.yaml";

fn compose_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            compose_files(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "yaml" || ext == "yml") {
            found.push(path);
        }
    }
}

fn project(text: &str) -> Option<Project> {
    let files = ProjectFiles(BTreeMap::from([(FILE.to_owned(), text.to_owned())]));
    let request = LoadRequest {
        files: vec![FILE.to_owned()],
        project_name: Some("p".to_owned()),
        ..LoadRequest::default()
    };
    load(&files, &request).project
}

fn edited(text: &str, intent: &Intent) -> Result<String, String> {
    let files = ProjectFiles(BTreeMap::from([(FILE.to_owned(), text.to_owned())]));
    let edits: Vec<FileEdit> =
        plan(&files, &[FILE.to_owned()], intent).map_err(|refusal| refusal.to_string())?.edits;
    let edits: Vec<_> = edits.into_iter().map(|edit| edit.edit).collect();
    Ok(composeyard_yaml::edit::apply(text, &edits).unwrap())
}

/// What an intent does to the model.
type Meant = fn(&mut Project, &ServiceName);

/// Intents on a service with what each means.
fn intents(service: &ServiceName) -> Vec<(Intent, Meant)> {
    let text = str::to_owned;
    let name = || service.clone();
    let new = |name: &str| ServiceName::new(name).unwrap();
    fn of<'p>(project: &'p mut Project, name: &ServiceName) -> &'p mut composeyard_compose::model::Service {
        project.services.get_mut(name).unwrap()
    }
    vec![
        (Intent::SetImage { service: name(), image: text("new/image:1") }, |project, name| {
            of(project, name).image = "new/image:1".to_owned();
        }),
        (
            Intent::SetEnvironment { service: name(), name: text("CY_NEW"), value: Some(text("a: b")) },
            |project, name| {
                of(project, name).environment.insert("CY_NEW".to_owned(), Some("a: b".to_owned()));
            },
        ),
        (Intent::SetReplicas { service: name(), replicas: 3 }, |project, name| {
            let service = of(project, name);
            service.deploy.get_or_insert_default().replicas = Some(3);
            service.scale = Some(3);
        }),
        (
            Intent::Connect {
                service: name(),
                dependency: new("cy-new"),
                condition: Condition::ServiceHealthy,
            },
            |project, name| {
                let dependency = Dependency { condition: Condition::ServiceHealthy, ..Dependency::default() };
                of(project, name).depends_on.insert(ServiceName::new("cy-new").unwrap(), dependency);
            },
        ),
        (Intent::AddPort { service: name(), port: text("64999:64998") }, |_, _| ()),
        (Intent::AttachNetwork { service: name(), network: text("cy-net") }, |_, _| ()),
        (Intent::AttachVolume { service: name(), volume: text("cy-vol"), target: text("/cy") }, |_, _| ()),
        (Intent::RenameService { from: name(), to: new("cy-renamed") }, |_, _| ()),
        (Intent::RemoveService { name: name() }, |_, _| ()),
        (
            Intent::SetKey {
                path: YamlPath::of(["services", service.as_str(), "healthcheck", "retries"]),
                value: Value::Typed(text("7")),
            },
            |project, name| of(project, name).healthcheck.get_or_insert_default().retries = Some(7),
        ),
    ]
}

/// Equal up to what follows from `deploy.replicas` and `scale` being two names of one thing.
fn comparable(mut project: Project) -> Project {
    for service in project.services.values_mut() {
        let replicas = service.replicas();
        service.deploy.get_or_insert_default().replicas = Some(i64::from(replicas));
        service.scale = Some(i64::from(replicas));
    }
    project
}

#[test]
fn intents_on_real_files_change_the_one_thing_that_was_meant() {
    let Some(folder) = std::env::var_os("COMPOSEYARD_CORPUS") else { return };
    let mut found = Vec::new();
    compose_files(Path::new(&folder), &mut found);
    found.sort();
    let (mut done, mut refused, mut wrong) = (0, BTreeMap::<String, usize>::new(), Vec::new());
    for path in found {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let Some(before) = project(&text) else { continue };
        for service in before.services.keys() {
            for (intent, meant) in intents(service) {
                match edited(&text, &intent) {
                    Ok(after) => {
                        done += 1;
                        let mut expected = before.clone();
                        meant(&mut expected, service);
                        // What inherits from a service changes with it.
                        let inherited = text.contains("extends:") || text.contains("pre_start:");
                        let checked = expected != before && !inherited;
                        let after = project(&after);
                        if checked && after.clone().map(comparable) != Some(comparable(expected)) {
                            wrong.push(format!("{}: {intent:?}", path.display()));
                        }
                    }
                    Err(reason) if reason.contains("changed safely") => {
                        wrong.push(format!("{}: {intent:?}: {reason}", path.display()));
                    }
                    Err(reason) => *refused.entry(reason).or_default() += 1,
                }
            }
        }
    }
    for (reason, count) in &refused {
        println!("{count:5} refused: {reason}");
    }
    println!("{done} edits");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

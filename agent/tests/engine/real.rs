//! A project on a real engine that is always cleaned up.

use std::{
    path::Path,
    process::{Command as Process, Output},
    time::Duration,
};

use composeyard::engine::{Engine, Origin};
use composeyard_compose::Project;
use composeyard_plan::{Command, Observed, Plan, UpOptions, plan};
use composeyard_protocol::{Outcome, Progress, StepState};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// True when the user asked to leave out tests that need an engine; says so.
pub(crate) fn skipped() -> bool {
    let skip = std::env::var_os("COMPOSEYARD_SKIP_ENGINE").is_some_and(|value| value == "1");
    if skip {
        println!("skipped: COMPOSEYARD_SKIP_ENGINE=1");
    }
    skip
}

/// A project of one test: its name, its folder, the engine.
pub(crate) struct Stack {
    pub(crate) engine: Engine,
    pub(crate) name: String,
    pub(crate) folder: tempfile::TempDir,
    /// None for the machine's engine.
    host: Option<String>,
}

impl Stack {
    pub(crate) async fn new(test: &str) -> Self {
        Self::on(test, None).await
    }

    /// On the engine at this address.
    pub(crate) async fn on(test: &str, host: Option<String>) -> Self {
        let name = format!("cy-{test}-{}", std::process::id());
        let engine = Engine::connect(host.clone());
        engine
            .ready()
            .await
            .expect("these tests need a Docker engine; COMPOSEYARD_SKIP_ENGINE=1 leaves them out");
        Self { engine, name, folder: tempfile::tempdir().unwrap(), host }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// A project in canonical form; resource names and the default network are filled in.
    pub(crate) fn project(&self, mut value: Value) -> Project {
        value["name"] = json!(self.name);
        if value.get("networks").is_none() {
            value["networks"] = json!({"default": {}});
        }
        if value.get("volumes").is_none() {
            value["volumes"] = json!({});
        }
        for kind in ["networks", "volumes"] {
            for (key, entry) in value[kind].as_object_mut().unwrap() {
                if entry.get("name").is_none() {
                    entry["name"] = json!(format!("{}_{key}", self.name));
                }
            }
        }
        for service in value["services"].as_object_mut().unwrap().values_mut() {
            if service.get("networks").is_none() && service.get("network_mode").is_none() {
                service["networks"] = json!({"default": null});
            }
        }
        serde_json::from_value(value).unwrap()
    }

    /// The binary with these words about this project, in its folder.
    pub(crate) fn command(&self, words: &[&str]) -> Process {
        let mut command = Process::new(env!("CARGO_BIN_EXE_composeyard"));
        command
            .args(&words[..1])
            .args(["--project-name", &self.name])
            .args(&words[1..])
            .current_dir(self.path());
        command.envs(self.host.as_ref().map(|host| ("DOCKER_HOST", host)));
        command
    }

    /// What the binary prints for these words, which must succeed.
    #[track_caller]
    pub(crate) fn ours(&self, words: &[&str]) -> String {
        done(&self.command(words).output().unwrap())
    }

    /// What `docker compose` prints for these words, which must succeed.
    #[track_caller]
    pub(crate) fn theirs(&self, words: &[&str]) -> String {
        done(&self.their_command(words).output().unwrap())
    }

    /// `docker compose` with these words about this project, in its folder.
    pub(crate) fn their_command(&self, words: &[&str]) -> Process {
        let mut command = Process::new("docker");
        command.args(["compose", "-p", &self.name]).args(words).current_dir(self.path());
        command
    }

    pub(crate) async fn observe(&self, project: &Project) -> Observed {
        self.engine.observe(&project.name, Some(project)).await.unwrap()
    }

    pub(crate) async fn plan(&self, project: &Project, command: &Command) -> Plan {
        plan(project, &self.observe(project).await, command).unwrap()
    }

    /// Plans and runs a command.
    pub(crate) async fn run(&self, project: &Project, command: &Command) -> Ran {
        let plan = self.plan(project, command).await;
        self.execute(project, plan, CancellationToken::new()).await
    }

    pub(crate) async fn up(&self, project: &Project) -> Ran {
        self.run(project, &Command::Up(UpOptions::default())).await
    }

    pub(crate) async fn execute(&self, project: &Project, plan: Plan, cancel: CancellationToken) -> Ran {
        let (sender, mut receiver) = mpsc::channel(16);
        let origin = Origin { folder: self.path().to_owned(), files: vec![self.path().join("compose.yaml")] };
        let collect = async {
            let mut progress = Vec::new();
            while let Some(one) = receiver.recv().await {
                progress.push(one);
            }
            progress
        };
        let run = self.engine.execute(project, origin, &plan, sender, cancel);
        let both = async { tokio::join!(run, collect) };
        let (outcome, progress) = tokio::time::timeout(Duration::from_secs(120), both).await.unwrap();
        Ran { plan, outcome, progress }
    }
}

/// What came of a run.
pub(crate) struct Ran {
    pub(crate) plan: Plan,
    pub(crate) outcome: Outcome,
    pub(crate) progress: Vec<Progress>,
}

impl Ran {
    #[track_caller]
    pub(crate) fn done(&self) -> &Self {
        assert_eq!(self.outcome, Outcome::Done, "{:#?}", self.plan.steps);
        self
    }

    /// The failure's message.
    #[track_caller]
    pub(crate) fn failed(&self) -> String {
        match &self.outcome {
            Outcome::Failed { failure } => failure.message.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// The last state of each step, in the plan's order, by its first letter: `DDFS`.
    pub(crate) fn ends(&self) -> String {
        let last = |id| self.progress.iter().rev().find(|one| one.step == id).map(|one| &one.state);
        self.plan
            .steps
            .iter()
            .map(|step| match last(step.id) {
                Some(StepState::Done { .. }) => 'D',
                Some(StepState::Failed { .. }) => 'F',
                Some(StepState::Skipped) => 'S',
                Some(StepState::Running { .. }) => 'R',
                None => '-',
            })
            .collect()
    }
}

impl Drop for Stack {
    /// By the docker command, which works in a drop, on a panic, and does not rely on what is tested.
    fn drop(&mut self) {
        remove_all(&self.name);
    }
}

/// What a command that must have succeeded has printed.
#[track_caller]
pub(crate) fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Removes all that carries the project's label.
pub(crate) fn remove_all(project: &str) {
    let label = format!("label=com.docker.compose.project={project}");
    for (list, remove) in [
        (&["ps", "-aq"][..], &["rm", "-fv"][..]),
        (&["network", "ls", "-q"], &["network", "rm"]),
        (&["volume", "ls", "-q"], &["volume", "rm", "-f"]),
        (&["images", "-q"], &["rmi", "-f"]),
    ] {
        let ids = docker(&[list, &["--filter", &label]].concat());
        let ids: Vec<&str> = ids.split_whitespace().collect();
        if !ids.is_empty() {
            docker(&[remove, &ids].concat());
        }
    }
}

/// The output of a docker command; empty when there is no such program.
pub(crate) fn docker(arguments: &[&str]) -> String {
    let output = Process::new("docker").args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

/// True when `docker compose` is installed; says when it is not.
pub(crate) fn has_compose() -> bool {
    let found = docker(&["compose", "version"]).contains("Compose");
    if !found {
        println!("skipped: there is no docker compose command to compare with");
    }
    found
}

/// Containers, networks and volumes that carry the project's label.
pub(crate) fn leftovers(project: &str) -> Vec<String> {
    let label = format!("label=com.docker.compose.project={project}");
    [&["ps", "-aq"][..], &["network", "ls", "-q"], &["volume", "ls", "-q"]]
        .iter()
        .flat_map(|list| {
            let ids = docker(&[list, &["--filter", &label][..]].concat());
            ids.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

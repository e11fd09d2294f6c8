//! A template in a folder, run by one of the two programs, always cleaned up.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use composeyard_compose::{
    ProjectFiles, archive, settings,
    stacks::{self, Card},
};
use serde_json::Value;

use crate::{
    ask::until,
    seen::{docker, said},
    stand_ins,
};

const STACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/stacks");

/// How many stacks may run at a time: most of their time is waiting, but they are many containers for a small machine.
const AT_A_TIME: usize = 2;

static RUNNING: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();
/// Held while waiting: who came first is served first, also when it waits for the whole machine.
static QUEUE: Mutex<()> = Mutex::new(());

/// The services that are shipped without a health check: of each other one, a check that vanished is noticed.
const WITHOUT_HEALTH: [(&str, &str); 2] = [("hello-multiapp", "frontend"), ("hello-multiapp", "lb")];

/// Stacks so far, for names that no other has.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The right to run a stack: so many of [`AT_A_TIME`].
struct Turn(usize);

impl Turn {
    fn wait(share: usize) -> Self {
        let _queue = QUEUE.lock().unwrap_or_else(PoisonError::into_inner);
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let mut running = ENDED.wait_while(running, |running| *running + share > AT_A_TIME).unwrap();
        *running += share;
        Self(share)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) -= self.0;
        ENDED.notify_all();
    }
}

/// Who runs the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// The binary under test.
    Composeyard,
    /// The reference.
    DockerCompose,
}

/// A template of its own: folder, project name, ports.
pub(crate) struct Stack {
    pub(crate) name: String,
    template: String,
    tool: Tool,
    /// The project's folder; for the reference, the unpacked zip.
    pub(crate) dir: PathBuf,
    environment: BTreeMap<String, String>,
    _folder: tempfile::TempDir,
    _turn: Turn,
}

/// Runs `test` with the binary and then, on the zip, with the reference, if it is there.
pub(crate) fn with_both(template: &str, variant: &str, ports: &[&str], test: impl Fn(&Stack)) {
    for tool in [Tool::Composeyard, Tool::DockerCompose] {
        // What leaves out the first leaves out the second; it is one test, told as skipped once.
        let Some(stack) = Stack::new(tool, template, variant, ports) else { return };
        test(&stack);
    }
}

impl Stack {
    /// None when what it needs is left out; says so. `ports` are the variables that get a free port each.
    pub(crate) fn new(tool: Tool, template: &str, variant: &str, ports: &[&str]) -> Option<Self> {
        Self::with_share(1, tool, template, variant, ports)
    }

    /// As [`Self::new`], while no other stack runs.
    pub(crate) fn alone(tool: Tool, template: &str, variant: &str, ports: &[&str]) -> Option<Self> {
        Self::with_share(AT_A_TIME, tool, template, variant, ports)
    }

    fn with_share(share: usize, tool: Tool, template: &str, variant: &str, ports: &[&str]) -> Option<Self> {
        if std::env::var_os("COMPOSEYARD_SKIP_ENGINE").is_some_and(|value| value == "1") {
            println!("skipped: COMPOSEYARD_SKIP_ENGINE=1");
            return None;
        }
        if tool == Tool::DockerCompose && !docker(&["compose", "version"]).status.success() {
            println!("skipped: there is no docker compose to run the zip with");
            return None;
        }
        let turn = Turn::wait(share);
        stand_ins::name().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut dir = folder.path().join("made");
        let made = Command::new(env!("CARGO_BIN_EXE_composeyard"))
            .args(["new", template, &dir.display().to_string(), "--variant", variant])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", said(&made));
        if tool == Tool::DockerCompose {
            dir = unzipped(&dir, folder.path(), template);
        }
        ask_more_often(&dir);
        let held: Vec<TcpListener> =
            ports.iter().map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let port = |listener: &TcpListener| listener.local_addr().unwrap().port().to_string();
        let environment = ports
            .iter()
            .map(|name| (*name).to_owned())
            .zip(held.iter().map(port))
            .collect::<BTreeMap<_, _>>();
        let by = if tool == Tool::Composeyard { "own" } else { "ref" };
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("cy-{template}-{by}-{}-{number}", std::process::id());
        Some(Self {
            name,
            template: template.to_owned(),
            tool,
            dir,
            environment,
            _folder: folder,
            _turn: turn,
        })
    }

    pub(crate) fn is(&self, tool: Tool) -> bool {
        self.tool == tool
    }

    /// The port behind a variable.
    pub(crate) fn port(&self, variable: &str) -> u16 {
        self.environment[variable].parse().unwrap()
    }

    /// Runs a verb of the program; it must succeed.
    #[track_caller]
    pub(crate) fn run(&self, words: &[&str]) -> String {
        let output = self.try_run(words);
        assert!(output.status.success(), "{:?} {words:?}: {}", self.tool, said(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub(crate) fn try_run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// A verb of the program, for whoever has something to say to it.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let (verb, rest) = words.split_first().unwrap();
        let mut command = match self.tool {
            Tool::Composeyard => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_composeyard"));
                command.arg(verb).args(["-p", &self.name]);
                command
            }
            Tool::DockerCompose => {
                let mut command = Command::new("docker");
                // The builder that every engine has.
                command.env("DOCKER_BUILDKIT", "0").args(["compose", "-p", &self.name]).arg(verb);
                command
            }
        };
        command.args(rest).current_dir(&self.dir).envs(&self.environment);
        command
    }

    /// Runs a script of the project, which calls the reference; it must succeed.
    #[track_caller]
    pub(crate) fn script(&self, words: &[&str]) -> String {
        let mut command = Command::new("sh");
        command.args(words).current_dir(&self.dir).envs(&self.environment);
        // The builder that every engine has.
        let output =
            command.env("COMPOSE_PROJECT_NAME", &self.name).env("DOCKER_BUILDKIT", "0").output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", said(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Makes another variant of the template the one in use: `.env` is that of its zip.
    pub(crate) fn choose(&self, variant: &str) {
        let path = self.dir.join(settings::FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        let mut files = ProjectFiles([(settings::FILE.to_owned(), text)].into());
        stacks::choose(&mut files, card(&self.template).variant(Some(variant)).unwrap());
        std::fs::write(path, files.get(settings::FILE).unwrap()).unwrap();
    }

    /// Starts everything and waits until all that have a health check are healthy.
    #[track_caller]
    pub(crate) fn up(&self) {
        self.run(&["up", "-d", "--build"]);
        self.healthy();
    }

    /// Waits until all containers run and all that should be found healthy are.
    #[track_caller]
    pub(crate) fn healthy(&self) {
        let is_well = |it: &Value| {
            let service = it["Config"]["Labels"]["com.docker.compose.service"].as_str().unwrap();
            let state = &it["State"];
            let health = state["Health"]["Status"].as_str();
            let may_lack = WITHOUT_HEALTH.contains(&(&self.template, service));
            state["Status"] == "running" && (health == Some("healthy") || health.is_none() && may_lack)
        };
        until("all are healthy", || {
            let containers = self.containers();
            !containers.is_empty() && containers.iter().all(is_well)
        });
    }

    /// Stops everything, and starts it again until all is healthy.
    #[track_caller]
    pub(crate) fn stop_and_start(&self) {
        self.run(&["stop"]);
        assert_eq!(self.running(), BTreeMap::new());
        self.run(&["start"]);
        self.healthy();
    }

    /// Takes everything down with its volumes; nothing of the project may be left.
    #[track_caller]
    pub(crate) fn down(&self) {
        self.run(&["down", "-v"]);
        assert_eq!(self.leftovers(), Vec::<String>::new(), "{:?} leaves something", self.tool);
    }

    pub(crate) fn write(&self, file: &str, change: impl Fn(&str) -> String) {
        let path = self.dir.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let changed = change(&text);
        assert_ne!(changed, text, "{file} changes");
        std::fs::write(path, changed).unwrap();
    }
}

impl Drop for Stack {
    /// By docker itself, which works after a panic and does not rely on what is tested.
    fn drop(&mut self) {
        let label = self.label();
        for (list, remove) in [
            (&["ps", "-aq"][..], &["rm", "-fv"][..]),
            (&["network", "ls", "-q"], &["network", "rm"]),
            (&["volume", "ls", "-q"], &["volume", "rm", "-f"]),
        ] {
            let ids = docker(&[list, &["--filter", &label]].concat());
            let ids = String::from_utf8_lossy(&ids.stdout).into_owned();
            let ids: Vec<&str> = ids.split_whitespace().collect();
            if !ids.is_empty() {
                docker(&[remove, &ids].concat());
            }
        }
        let images = docker(&[
            "images",
            "--format",
            "{{.Repository}}",
            "--filter",
            &format!("reference={}-*", self.name),
        ]);
        for image in String::from_utf8_lossy(&images.stdout).lines() {
            // What it was built from stays as the cache of the next build.
            docker(&["rmi", "-f", "--no-prune", image]);
        }
    }
}

/// Has the engine look at health every other second: what takes five seconds for users to find out need not take as
/// long in a test. Everything else stays as it is shipped.
fn ask_more_often(dir: &Path) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let mut text = std::fs::read_to_string(&path).unwrap();
            for usual in ["5s", "10s", "15s"] {
                text = text.replace(&format!(" interval: {usual}\n"), " interval: 2s\n");
            }
            std::fs::write(path, text).unwrap();
        }
    }
}

/// What a template says of itself.
pub(crate) fn card(template: &str) -> Card {
    let text = std::fs::read_to_string(format!("{STACKS}/{template}/stack.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The folder's files through the product's zip and an unpacker that is not the product's.
pub(crate) fn unzipped(made: &Path, folder: &Path, root: &str) -> PathBuf {
    let mut files = ProjectFiles::default();
    collect(made, "", &mut files);
    let zip = folder.join("project.zip");
    std::fs::write(&zip, archive::zip(root, &files)).unwrap();
    let unpack = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])";
    let output = Command::new("python3").args(["-c", unpack]).arg(&zip).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    folder.join(root)
}

fn collect(folder: &Path, below: &str, files: &mut ProjectFiles) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else {
            files.0.insert(path, std::fs::read_to_string(entry.path()).unwrap());
        }
    }
}

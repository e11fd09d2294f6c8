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

use composeyard_compose::{ProjectFiles, archive};
use serde_json::Value;

use crate::{ask::until, stand_ins};

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
        command.output().unwrap()
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

    /// CPU and memory limits, and memory reservations, in mebibytes, as the engine has them for each container.
    #[track_caller]
    pub(crate) fn limited(&self, table: &[(&str, f64, i64, i64)]) {
        let mega = 1024 * 1024;
        for (service, cpus, limit, reserved) in table {
            let containers = self.of(service);
            assert!(!containers.is_empty(), "{service}");
            for container in containers {
                let host = &container["HostConfig"];
                assert_eq!(host["NanoCpus"].as_f64(), Some(cpus * 1e9), "{service}");
                assert_eq!(host["Memory"].as_i64(), Some(limit * mega), "{service}");
                assert_eq!(host["MemoryReservation"].as_i64(), Some(reserved * mega), "{service}");
            }
        }
    }

    /// How many processes of each container of a service name a program.
    pub(crate) fn processes(&self, service: &str, program: &str) -> Vec<usize> {
        let (first, rest) = program.split_at(1);
        // The brackets keep the search from finding itself.
        let search = format!("grep -l '[{first}]{rest}' /proc/[0-9]*/cmdline 2>/dev/null | wc -l");
        let count = |container: &Value| {
            let id = container["Id"].as_str().unwrap();
            printed(&["exec", id, "sh", "-c", &search]).trim().parse().unwrap()
        };
        self.of(service).iter().map(count).collect()
    }

    /// Takes everything down with its volumes; nothing of the project may be left.
    #[track_caller]
    pub(crate) fn down(&self) {
        self.run(&["down", "-v"]);
        assert_eq!(self.leftovers(), Vec::<String>::new(), "{:?} leaves something", self.tool);
    }

    /// What the engine says of each container, running or not.
    pub(crate) fn containers(&self) -> Vec<Value> {
        let ids = printed(&["ps", "-aq", "--filter", &self.label()]);
        let ids: Vec<&str> = ids.split_whitespace().collect();
        if ids.is_empty() {
            return Vec::new();
        }
        serde_json::from_str(&printed(&[&["inspect"], &ids[..]].concat())).unwrap()
    }

    /// The containers of one service.
    pub(crate) fn of(&self, service: &str) -> Vec<Value> {
        let is = |it: &Value| it["Config"]["Labels"]["com.docker.compose.service"] == service;
        self.containers().into_iter().filter(is).collect()
    }

    /// The name of the only container of a service.
    #[track_caller]
    pub(crate) fn container(&self, service: &str) -> String {
        let found = self.of(service);
        assert_eq!(found.len(), 1, "{service}");
        found[0]["Name"].as_str().unwrap().trim_start_matches('/').to_owned()
    }

    /// Services and how many containers of each run.
    pub(crate) fn running(&self) -> BTreeMap<String, usize> {
        let mut count = BTreeMap::new();
        for container in self.containers().iter().filter(|it| it["State"]["Status"] == "running") {
            let service = container["Config"]["Labels"]["com.docker.compose.service"].as_str().unwrap();
            *count.entry(service.to_owned()).or_default() += 1;
        }
        count
    }

    /// What a program inside a service's container prints.
    #[track_caller]
    pub(crate) fn inside(&self, service: &str, words: &[&str]) -> String {
        printed(&[&["exec", &self.container(service)], words].concat())
    }

    pub(crate) fn volumes(&self) -> Vec<String> {
        let listed = printed(&["volume", "ls", "-q", "--filter", &self.label()]);
        listed.split_whitespace().map(str::to_owned).collect()
    }

    pub(crate) fn write(&self, file: &str, change: impl Fn(&str) -> String) {
        let path = self.dir.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let changed = change(&text);
        assert_ne!(changed, text, "{file} changes");
        std::fs::write(path, changed).unwrap();
    }

    fn label(&self) -> String {
        format!("label=com.docker.compose.project={}", self.name)
    }

    fn leftovers(&self) -> Vec<String> {
        let list = |words: &[&str]| printed(&[words, &["--filter", &self.label()]].concat());
        [list(&["ps", "-aq"]), list(&["network", "ls", "-q"]), list(&["volume", "ls", "-q"])]
            .iter()
            .flat_map(|ids| ids.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect()
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

pub(crate) fn docker(words: &[&str]) -> Output {
    Command::new("docker").args(words).output().expect("these tests need Docker's command line")
}

/// What a docker command prints; it must succeed.
#[track_caller]
pub(crate) fn printed(words: &[&str]) -> String {
    let output = docker(words);
    assert!(output.status.success(), "docker {words:?}: {}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

//! compose-examples on a real Swarm: one node, which is this machine.

use std::{
    path::Path,
    process::{Command, Output},
    thread,
};

use serde_json::Value;

use crate::{
    ask::{eventually, routes, until},
    machine::{Stack, Tool},
    seen::{docker, printed, said},
};

const SERVICES: [&str; 5] = ["api", "db", "nginx", "redis", "web"];
/// Services that are built, by their folders.
const BUILT: [&str; 3] = ["api", "db", "web"];
const SECRET: &str = "db_password";

#[test]
fn swarm_runs_it_and_rolls_a_new_version_out() {
    // Alone: an engine that leaves a Swarm forgets the names of all its containers, and others find each other no more.
    let Some(stack) = Stack::alone(Tool::Composeyard, "compose-examples", "swarm", &["HTTP_PORT"]) else {
        return;
    };
    let Some(swarm) = Swarm::of(&stack) else { return };
    let port = stack.port("HTTP_PORT");
    let answers = |health: &str| {
        eventually(port, "/api/health", 200);
        let table = [
            ("/", 200, "<title>Books"),
            ("/api/health", 200, "connected"),
            ("/api/books", 200, "Middlemarch"),
            ("/nginx-health", 200, health),
        ];
        routes(port, &table);
    };
    swarm.build("1.0");
    swarm.deploy("1.0", "1");
    swarm.settled("1.0");
    answers("ok");

    let (apis, databases) = (swarm.tasks("api"), swarm.tasks("db"));
    swarm.build("1.1");
    swarm.deploy("1.1", "1");
    swarm.settled("1.1");
    let replaced = swarm.tasks("api");
    assert!(replaced.iter().all(|task| !apis.contains(task)), "each api is a new one: {apis:?} {replaced:?}");
    assert_eq!(swarm.tasks("db"), databases, "a new version of the application leaves the database alone");

    stack.write("nginx/nginx.conf", |text| text.replace("return 200 \"ok\\n\"", "return 200 \"new\\n\""));
    swarm.deploy("1.1", "2");
    swarm.settled("1.1");
    answers("new");
}

/// The machine's engine as a Swarm of one, with one stack; left as it was found.
struct Swarm<'a> {
    stack: &'a Stack,
    /// It was none before.
    begun: bool,
}

impl<'a> Swarm<'a> {
    /// None where the engine can be no Swarm; says so.
    fn of(stack: &'a Stack) -> Option<Self> {
        let state = printed(&["info", "--format", "{{.Swarm.LocalNodeState}}"]);
        let begun = state.trim() != "active";
        if begun {
            let init = docker(&["swarm", "init", "--advertise-addr", "127.0.0.1"]);
            if !init.status.success() {
                println!("skipped: this engine can be no Swarm: {}", said(&init).trim());
                return None;
            }
        }
        let swarm = Self { stack, begun };
        adapt(&stack.dir.join("compose.swarm.yaml"));
        let password = stack.dir.join("secrets/db_password.txt");
        printed(&["secret", "create", SECRET, &password.to_string_lossy()]);
        Some(swarm)
    }

    fn image(&self, service: &str, tag: &str) -> String {
        format!("{}/compose-examples-{service}:{tag}", self.stack.name)
    }

    fn build(&self, tag: &str) {
        for service in BUILT {
            let folder = self.stack.dir.join(service);
            let mut build = Command::new("docker");
            // The builder that every engine has.
            build.env("DOCKER_BUILDKIT", "0").args(["build", "-q", "-t", &self.image(service, tag)]);
            let built = build.arg(folder).output().unwrap();
            assert!(built.status.success(), "{service}: {}", said(&built));
        }
    }

    fn deploy(&self, tag: &str, nginx_conf: &str) {
        let mut deploy = Command::new("docker");
        deploy.args([
            "stack",
            "deploy",
            "--resolve-image",
            "never",
            "-c",
            "compose.swarm.yaml",
            &self.stack.name,
        ]);
        let variables = [("REGISTRY", self.stack.name.as_str()), ("TAG", tag), ("NGINX_CONF", nginx_conf)];
        let deployed: Output = deploy
            .current_dir(&self.stack.dir)
            .env("HTTP_PORT", self.stack.port("HTTP_PORT").to_string())
            .envs(variables)
            .output()
            .unwrap();
        assert!(deployed.status.success(), "{}", said(&deployed));
    }

    /// Waits until each service has all its containers, of this tag, and no update is under way.
    #[track_caller]
    fn settled(&self, tag: &str) {
        let api = self.image("api", tag);
        until("all replicas run", || {
            let settled = |service: &&str| {
                let count = self.inspect(service)["Spec"]["Mode"]["Replicated"]["Replicas"].as_u64();
                !self.is_updating(service) && count == Some(self.tasks(service).len() as u64)
            };
            SERVICES.iter().all(settled)
                && self.inspect("api")["Spec"]["TaskTemplate"]["ContainerSpec"]["Image"] == api.as_str()
        });
    }

    /// The running tasks of a service.
    fn tasks(&self, service: &str) -> Vec<String> {
        let name = format!("{}_{service}", self.stack.name);
        let words = ["service", "ps", &name, "--no-trunc", "--filter", "desired-state=running"];
        let listed = printed(&[&words[..], &["--format", "{{.ID}} {{.CurrentState}}"]].concat());
        let running = |line: &str| {
            line.split_once(' ')
                .filter(|(_, state)| state.starts_with("Running"))
                .map(|(id, _)| id.to_owned())
        };
        listed.lines().filter_map(running).collect()
    }

    /// An update that has been rolled back or has stopped is a failure.
    #[track_caller]
    fn is_updating(&self, service: &str) -> bool {
        let status = self.inspect(service)["UpdateStatus"].clone();
        let state = status["State"].as_str().unwrap_or("completed");
        assert!(["updating", "completed"].contains(&state), "{service}: {status}");
        state == "updating"
    }

    fn inspect(&self, service: &str) -> Value {
        let printed = printed(&["service", "inspect", &format!("{}_{service}", self.stack.name)]);
        serde_json::from_str::<Vec<Value>>(&printed).unwrap().remove(0)
    }
}

impl Drop for Swarm<'_> {
    fn drop(&mut self) {
        let name = &self.stack.name;
        docker(&["stack", "rm", name]);
        let label = format!("label=com.docker.stack.namespace={name}");
        let listed = |words: &[&str]| {
            let ids = docker(&[words, &["--filter", &label]].concat());
            String::from_utf8_lossy(&ids.stdout).split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        let gone = || listed(&["ps", "-aq"]).is_empty() && listed(&["network", "ls", "-q"]).is_empty();
        if !thread::panicking() {
            until("the stack is gone", gone);
        }
        docker(&["secret", "rm", SECRET]);
        if self.begun {
            docker(&["swarm", "leave", "--force"]);
            docker(&["network", "rm", "docker_gwbridge"]);
        }
        for container in listed(&["ps", "-aq"]) {
            docker(&["rm", "-fv", &container]);
        }
        for volume in listed(&["volume", "ls", "-q"]) {
            docker(&["volume", "rm", "-f", &volume]);
        }
        for image in BUILT.iter().flat_map(|service| ["1.0", "1.1"].map(|tag| self.image(service, tag))) {
            // What it was built from stays as the cache of the next build.
            docker(&["rmi", "-f", "--no-prune", &image]);
        }
    }
}

/// The file for this machine.
fn adapt(file: &Path) {
    let text = std::fs::read_to_string(file).unwrap();
    // Shorter than for users: how often health is asked for, and the pause between two replacements.
    let mut text = text.replace("interval: 30s\n", "interval: 2s\n").replace("delay: 10s\n", "delay: 1s\n");
    if !Path::new("/proc/net/ip_vs").exists() {
        text = without_virtual_addresses(&text);
    }
    std::fs::write(file, text).unwrap();
}

/// For a kernel without IPVS, where Swarm's virtual addresses lead nowhere: a name stands for the containers' own
/// addresses, and a single Nginx has the host's port, which it leaves before the next one takes it.
fn without_virtual_addresses(text: &str) -> String {
    let mut adapted = text.to_owned();
    for (shipped, here) in [
        (
            "    deploy: &deploy\n      replicas: 2\n",
            "    deploy: &deploy\n      endpoint_mode: dnsrr\n      replicas: 1\n",
        ),
        ("    deploy:\n      replicas: 1\n", "    deploy:\n      endpoint_mode: dnsrr\n      replicas: 1\n"),
        ("order: start-first", "order: stop-first"),
        ("- \"${HTTP_PORT:-80}:8080\"", "- { target: 8080, published: \"${HTTP_PORT:-80}\", mode: host }"),
    ] {
        assert!(adapted.contains(shipped), "{shipped:?} is not in {text}");
        adapted = adapted.replace(shipped, here);
    }
    adapted
}

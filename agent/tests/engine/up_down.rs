//! Projects on a real engine: up, scale, change, down.

use crate::real::{Stack, docker, has_compose, leftovers, skipped};
use composeyard_compose::ServiceName;
use composeyard_plan::{Action, Command, ContainerState, DownOptions, Health, UpOptions};
use composeyard_protocol::Outcome;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

fn name(service: &str) -> ServiceName {
    ServiceName::new(service).unwrap()
}

fn all() -> Command {
    Command::Down(DownOptions { volumes: true, remove_orphans: true, ..DownOptions::default() })
}

/// Redis with a health check, a data volume and a limit; a client that waits for it.
fn stack(greeting: &str, clients: u32) -> Value {
    json!({
        "services": {
            "cache": {
                "image": "redis:7-alpine",
                "healthcheck": {"test": ["CMD", "redis-cli", "ping"], "interval": "500ms", "retries": 20},
                "volumes": [{"type": "volume", "source": "data", "target": "/data"}],
                "deploy": {"resources": {"limits": {"memory": "134217728", "cpus": 0.5}}},
            },
            "client": {
                "image": "busybox:latest",
                "command": ["sh", "-c", "nc -w 2 cache 6379 </dev/null && echo $GREETING && sleep 600"],
                "environment": {"GREETING": greeting, "EMPTY": ""},
                "scale": clients,
                "stop_grace_period": "1s",
                "depends_on": {"cache": {"condition": "service_healthy", "required": true}},
            },
        },
        "volumes": {"data": {}},
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_comes_up_scales_changes_and_goes_down() {
    if skipped() {
        return;
    }
    let stack_ = Stack::new("life").await;
    let project = stack_.project(stack("hello", 1));
    stack_.up(&project).await.done();
    let observed = stack_.observe(&project).await;
    let cache = observed.of(&name("cache")).next().unwrap();
    assert_eq!((cache.state, cache.health), (ContainerState::Running, Health::Healthy));
    assert_eq!(cache.name, format!("{}-cache-1", stack_.name));
    assert!(cache.started_at > 0);

    let again = stack_.plan(&project, &Command::Up(UpOptions::default())).await;
    assert!(again.is_empty(), "{again:#?}");

    let scaled = UpOptions { scale: [(name("client"), 3)].into(), ..Default::default() };
    stack_.run(&project, &Command::Up(scaled)).await.done();
    assert_eq!(stack_.observe(&project).await.of(&name("client")).count(), 3);

    let changed = stack_.project(stack("bye", 3));
    let plan = stack_.plan(&changed, &Command::Up(UpOptions::default())).await;
    let made: Vec<_> =
        plan.steps.iter().filter(|step| matches!(step.action, Action::CreateContainer { .. })).collect();
    assert_eq!(made.len(), 3, "only the client's containers: {plan:#?}");
    assert!(made.iter().all(|step| step.reason == "environment GREETING changed hello -> bye"), "{made:#?}");
    stack_.execute(&changed, plan, CancellationToken::new()).await.done();
    let observed = stack_.observe(&changed).await;
    let names: Vec<_> = observed.of(&name("client")).map(|one| one.name.clone()).collect();
    let wanted: Vec<_> = (1..=3).map(|number| format!("{}-client-{number}", stack_.name)).collect();
    assert_eq!(names, wanted);
    assert!(observed.of(&name("client")).all(|one| one.state == ContainerState::Running));

    stack_.run(&changed, &all()).await.done();
    assert_eq!(leftovers(&stack_.name), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn docker_compose_sees_and_removes_what_was_started() {
    if skipped() || !has_compose() {
        return;
    }
    let stack_ = Stack::new("compat").await;
    stack_.up(&stack_.project(stack("hello", 2))).await.done();
    let listed = docker(&["compose", "-p", &stack_.name, "ps", "--format", "json"]);
    let mut rows: Vec<(String, String, String)> = listed
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            (text("Name"), text("Service"), text("State"))
        })
        .collect();
    rows.sort();
    let row = |service: &str, number: u32| {
        (format!("{}-{service}-{number}", stack_.name), service.to_owned(), "running".to_owned())
    };
    assert_eq!(rows, [row("cache", 1), row("client", 1), row("client", 2)]);
    assert!(docker(&["compose", "ls", "--format", "json"]).contains(&stack_.name));
    docker(&["compose", "-p", &stack_.name, "down", "-v"]);
    let left = leftovers(&stack_.name);
    assert!(
        left.len() <= 1,
        "without the file the reference does not know the volume; nothing else stays: {left:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dependency_that_never_gets_healthy_fails_with_the_references_words() {
    if skipped() {
        return;
    }
    let stack = Stack::new("sick").await;
    let project = stack.project(json!({"services": {
        "db": {"image": "busybox:latest", "command": ["sleep", "600"], "stop_grace_period": "1s", "healthcheck": {
            "test": ["CMD", "false"], "interval": "200ms", "retries": 1}},
        "app": {"image": "busybox:latest", "command": ["sleep", "600"], "depends_on": {
            "db": {"condition": "service_healthy", "required": true}}},
        "other": {"image": "busybox:latest", "command": ["sleep", "600"], "stop_grace_period": "1s"},
    }}));
    let ran = stack.up(&project).await;
    assert!(
        ran.failed()
            .ends_with(&format!("dependency failed to start: container {}-db-1 is unhealthy", stack.name)),
        "{}",
        ran.failed()
    );
    let observed = stack.observe(&project).await;
    let state = |service: &str| observed.of(&name(service)).next().unwrap().state;
    assert_eq!(state("app"), ContainerState::Created, "what depends on it is not started");
    assert_eq!(state("other"), ContainerState::Running, "what does not, is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_must_end_well_before_what_waits_for_it() {
    if skipped() {
        return;
    }
    let stack = Stack::new("job").await;
    let file = |code: &str| {
        stack.project(json!({"services": {
            "job": {"image": "busybox:latest", "command": ["sh", "-c", format!("sleep 0.3; exit {code}")]},
            "app": {"image": "busybox:latest", "command": ["sleep", "600"], "stop_grace_period": "1s", "depends_on": {
                "job": {"condition": "service_completed_successfully", "required": true}}},
        }}))
    };
    let ran = stack.up(&file("3")).await;
    assert!(ran.failed().ends_with("service job didn't complete successfully: exit 3"), "{}", ran.failed());
    stack.up(&file("0")).await.done();
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_ends_a_wait_and_skips_the_rest() {
    if skipped() {
        return;
    }
    let stack = Stack::new("cancel").await;
    let project = stack.project(json!({"services": {
        "db": {"image": "busybox:latest", "command": ["sleep", "600"], "stop_grace_period": "1s", "healthcheck": {
            "test": ["CMD", "true"], "interval": "60s"}},
        "app": {"image": "busybox:latest", "depends_on": {"db": {"condition": "service_healthy", "required": true}}},
    }}));
    let plan = stack.plan(&project, &Command::Up(UpOptions::default())).await;
    let cancel = CancellationToken::new();
    let mut watched = stack.engine.watch_project(project.name.clone());
    let stop = async {
        let running = |observed: &Option<composeyard_plan::Observed>| {
            observed.as_ref().is_some_and(|observed| {
                observed.of(&name("db")).any(|one| one.state == ContainerState::Running)
            })
        };
        watched.wait_for(running).await.unwrap();
        cancel.cancel();
    };
    let (ran, ()) = tokio::join!(stack.execute(&project, plan, cancel.clone()), stop);
    assert_eq!(ran.outcome, Outcome::Cancelled);
    assert!(ran.ends().ends_with("SS"), "{}", ran.ends());
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_start_and_restart_keep_the_containers() {
    if skipped() {
        return;
    }
    let stack_ = Stack::new("stop").await;
    let project = stack_.project(stack("hello", 1));
    stack_.up(&project).await.done();
    let ids = |observed: composeyard_plan::Observed| -> Vec<(String, ContainerState)> {
        observed.containers.into_iter().map(|one| (one.id, one.state)).collect()
    };
    let before = ids(stack_.observe(&project).await);
    stack_.run(&project, &Command::Stop { services: vec![], grace: None }).await.done();
    let stopped = ids(stack_.observe(&project).await);
    assert!(stopped.iter().all(|(_, state)| *state == ContainerState::Exited), "{stopped:?}");
    stack_.run(&project, &Command::Start { services: vec![name("client")] }).await.done();
    assert_eq!(ids(stack_.observe(&project).await), before);
    stack_
        .run(&project, &Command::Restart { services: vec![name("cache")], no_deps: false, grace: None })
        .await
        .done();
    assert_eq!(ids(stack_.observe(&project).await), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_is_built_from_its_context_and_only_replaces_when_it_differs() {
    if skipped() {
        return;
    }
    let stack = Stack::new("build").await;
    stack.write("app/Dockerfile", "ARG WORD=none\nFROM busybox:latest AS base\nARG WORD\nENV WORD=$WORD\nCOPY . /app\nFROM base AS late\nCMD [\"sh\", \"-c\", \"ls /app; sleep 600\"]\n");
    stack.write("app/.dockerignore", "secret\n");
    stack.write("app/secret", "no");
    stack.write("app/page", "one");
    let project = stack.project(json!({"services": {"app": {
        "build": {"context": "./app", "args": {"WORD": "hi"}, "target": "late", "labels": {"a": "b"}},
        "stop_grace_period": "1s",
    }}}));
    let ran = stack.up(&project).await;
    ran.done();
    let lines: Vec<String> = ran
        .progress
        .iter()
        .filter_map(|one| match &one.state {
            composeyard_protocol::StepState::Running { detail, .. } => Some(detail.clone()),
            _ => None,
        })
        .collect();
    assert!(lines.iter().any(|line| line.starts_with("Step ")), "{lines:?}");
    let container = format!("{}-app-1", stack.name);
    assert_eq!(docker(&["exec", &container, "ls", "/app"]), "Dockerfile\npage\n");
    assert_eq!(docker(&["exec", &container, "sh", "-c", "echo $WORD"]), "hi\n");

    let build = Command::Up(UpOptions { build: true, ..Default::default() });
    let first = docker(&["inspect", "-f", "{{.Id}}", &container]);
    stack.run(&project, &build).await.done();
    assert_eq!(docker(&["inspect", "-f", "{{.Id}}", &container]), first, "nothing changed, so it stays");
    stack.write("app/page", "two");
    stack.run(&project, &build).await.done();
    assert_ne!(docker(&["inspect", "-f", "{{.Id}}", &container]), first, "the image changed");
    assert_eq!(docker(&["exec", &container, "cat", "/app/page"]), "two");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_build_says_which_instruction() {
    if skipped() {
        return;
    }
    let stack = Stack::new("badbuild").await;
    stack.write("Dockerfile", "FROM busybox:latest\nRUN echo before && exit 7\n");
    let ran = stack.up(&stack.project(json!({"services": {"app": {"build": {"context": "."}}}}))).await;
    let message = ran.failed();
    assert!(
        message.contains("returned a non-zero code: 7") && message.contains("RUN echo before"),
        "{message}"
    );
    assert_eq!(ran.ends().chars().filter(|end| *end == 'S').count(), 2, "{}", ran.ends());
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_configs_networks_and_binds_are_where_they_belong() {
    if skipped() {
        return;
    }
    let stack = Stack::new("mounts").await;
    stack.write("key.txt", "from file");
    stack.write("site/index.html", "hello");
    let mut value = json!({
        "services": {"app": {
            "image": "busybox:latest", "command": ["sleep", "600"], "stop_grace_period": "1s",
            "networks": {"front": {"priority": 10, "aliases": ["www"]}, "back": null},
            "secrets": [{"source": "key"}, {"source": "token", "target": "tok", "mode": "0400"}],
            "configs": [{"source": "conf", "target": "/etc/app/conf"}],
            "volumes": [{"type": "bind", "source": "./site", "target": "/site", "read_only": true}],
            "tmpfs": ["/scratch:size=1m"],
            "extra_hosts": ["db.local=10.1.2.3"],
            "ports": [{"target": 80, "published": "", "protocol": "tcp"}],
            "ulimits": {"nofile": {"soft": 100, "hard": 200}},
            "init": true,
        }},
        "networks": {"front": {}, "back": {"internal": true}},
        "secrets": {"key": {"file": "./key.txt"}, "token": {"environment": "TOKEN", "content": "from env"}},
        "configs": {"conf": {"content": "from text"}},
    });
    value["services"]["app"]["environment"] = json!({"B": "2", "A": "1"});
    let project = stack.project(value);
    stack.up(&project).await.done();
    let container = format!("{}-app-1", stack.name);
    let exec = |command: &[&str]| docker(&[&["exec", &container][..], command].concat());
    assert_eq!(exec(&["cat", "/run/secrets/key"]), "from file");
    assert_eq!(exec(&["cat", "/run/secrets/tok"]), "from env");
    assert_eq!(exec(&["stat", "-c", "%a", "/run/secrets/tok"]), "400\n");
    assert_eq!(exec(&["cat", "/etc/app/conf"]), "from text");
    assert_eq!(exec(&["cat", "/site/index.html"]), "hello");
    assert!(exec(&["cat", "/etc/hosts"]).contains("10.1.2.3\tdb.local"));
    assert!(exec(&["mount"]).contains("/scratch"));
    // By inspection: some versions of runc raise the soft limit of what they start to the hard one.
    let limits =
        docker(&["inspect", "-f", "{{range .HostConfig.Ulimits}}{{.Soft}} {{.Hard}}{{end}}", &container]);
    assert_eq!(limits.trim(), "100 200");
    let observed = stack.observe(&project).await;
    let app = observed.containers.first().unwrap();
    assert_eq!(app.networks, [format!("{}_back", stack.name), format!("{}_front", stack.name)]);
    assert!(app.ports.iter().any(|port| port.container_port == 80 && port.host_port > 0));
    let aliases = docker(&["inspect", "-f", "{{json .NetworkSettings.Networks}}", &container]);
    assert!(aliases.contains("\"www\"") && aliases.contains("\"app\""), "{aliases}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_names_the_container_that_has_a_port() {
    if skipped() {
        return;
    }
    let (first, second) = (Stack::new("porta").await, Stack::new("portb").await);
    let free = std::net::TcpListener::bind("0.0.0.0:0").unwrap().local_addr().unwrap().port();
    for stack in [&first, &second] {
        let service = "{image: busybox, command: sleep 600, stop_signal: SIGKILL, ports: ['PORT:80']}";
        stack.write(
            "compose.yaml",
            &format!("services:\n  web: {}\n", service.replace("PORT", &free.to_string())),
        );
    }
    first.ours(&["up", "-d"]);
    let planned = second.ours(&["plan"]);
    let holder = format!("port {free} is used by container {0}-web-1 of project {0}", first.name);
    assert!(planned.contains(&holder), "{planned}");
    assert!(
        !first.ours(&["plan", "--force-recreate"]).contains("is used by"),
        "its own containers are no others"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_fails_that_service_with_advice() {
    if skipped() {
        return;
    }
    let stack = Stack::new("port").await;
    let taken = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let project = stack.project(json!({"services": {
        "web": {"image": "busybox:latest", "command": ["sleep", "600"],
            "ports": [{"target": 80, "published": port.to_string(), "protocol": "tcp"}]},
        "other": {"image": "busybox:latest", "command": ["sleep", "600"], "stop_grace_period": "1s"},
    }}));
    let ran = stack.up(&project).await;
    assert!(ran.failed().starts_with("start web-1: "), "{}", ran.failed());
    let Outcome::Failed { failure } = &ran.outcome else { unreachable!() };
    assert!(failure.help.as_ref().is_some_and(|help| help.contains("different port")), "{failure:?}");
    let observed = stack.observe(&project).await;
    assert_eq!(observed.of(&name("other")).next().unwrap().state, ContainerState::Running);
}

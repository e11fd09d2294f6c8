//! Flags of `up`, `create`, `down`, `stop`, `restart`, `ps`, `ls` and `wait` that scripts use, and of all verbs.

use std::process::Command as Process;

use serde_json::Value;

use crate::real::{Stack, docker, done, has_compose, skipped};

const FILE: &str = "
services:
  db: {image: busybox, command: sleep 600, stop_signal: SIGKILL}
  app: {image: busybox, command: sleep 600, stop_signal: SIGKILL, volumes: [/data], depends_on: [db]}
";

async fn stack(test: &str) -> Stack {
    let stack = Stack::new(test).await;
    stack.write("compose.yaml", FILE);
    stack
}

/// What `docker inspect` says of a service's first container.
fn inspected(stack: &Stack, service: &str, format: &str) -> String {
    docker(&["inspect", "--format", format, &format!("{}-{service}-1", stack.name)]).trim().to_owned()
}

fn services(stack: &Stack, words: &[&str]) -> String {
    stack.ours(&[&["ps", "--services"], words].concat()).trim().replace('\n', " ")
}

#[tokio::test(flavor = "multi_thread")]
async fn create_makes_and_no_deps_starts_one_alone() {
    if skipped() {
        return;
    }
    let stack = stack("create").await;
    stack.ours(&["create"]);
    assert_eq!(services(&stack, &["--status", "created"]), "app db");
    stack.ours(&["up", "-d", "--no-deps", "app"]);
    assert_eq!(services(&stack, &[]), "app");
    assert_eq!(services(&stack, &["--filter", "status=created"]), "db");
    stack.ours(&["up", "-d", "--no-start"]);
    assert_eq!(services(&stack, &["--status", "running"]), "app");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_does_not_exist_ends_each_verb_with_the_references_exit_code() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = stack("nobody").await;
    stack.ours(&["up", "-d"]);
    for verb in
        ["up", "create", "stop", "start", "restart", "kill", "pause", "rm", "pull", "build", "logs", "ps"]
    {
        let ours = stack.command(&[verb, "nobody"]);
        // Without the file, `-p` has the reference go by what runs, and it stops nobody.
        let theirs = stack.their_command(&["-f", "compose.yaml", verb, "nobody"]);
        let [ours, theirs] = [ours, theirs].map(|mut command| command.output().unwrap());
        assert_eq!(ours.status.code(), theirs.status.code(), "{verb}: {ours:?} {theirs:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn networks_and_volumes_that_nothing_uses_are_made_when_all_resources_are_asked_for_and_go_with_down() {
    if skipped() {
        return;
    }
    let stack = Stack::new("all").await;
    stack.write(
        "compose.yaml",
        "services: {app: {image: busybox}}\nnetworks: {spare: {}}\nvolumes: {spare: {}}\n",
    );
    let resources = || {
        let label = format!("label=com.docker.compose.project={}", stack.name);
        let list = |kind| docker(&[kind, "ls", "-q", "--filter", &label]).lines().count();
        (list("network"), list("volume"))
    };
    stack.ours(&["create"]);
    assert_eq!(resources(), (1, 0));
    stack.ours(&["create", "--all-resources"]);
    assert_eq!(resources(), (2, 1));
    stack.ours(&["down", "-v"]);
    assert_eq!(resources(), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_step_at_a_time_brings_a_row_up_and_down_too() {
    if skipped() {
        return;
    }
    let stack = Stack::new("single").await;
    stack.write(
        "compose.yaml",
        "services:\n  db: {image: busybox, command: sleep 600, stop_signal: SIGKILL, healthcheck: {test: 'true', \
         interval: 100ms}}\n  app: {image: busybox, command: sleep 600, stop_signal: SIGKILL, depends_on: {db: \
         {condition: service_healthy}}}\n",
    );
    stack.ours(&["up", "-d", "--wait", "--parallel", "1"]);
    assert_eq!(services(&stack, &["--status", "running"]), "app db");
    stack.ours(&["down", "--parallel", "1"]);
    assert_eq!(services(&stack, &["-a"]), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn log_lines_have_colours_where_the_reference_has_them() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = Stack::new("ansi").await;
    stack.write("compose.yaml", "services: {app: {image: busybox, command: echo hello}}\n");
    stack.ours(&["up", "-d"]);
    stack.ours(&["wait", "app"]);
    for (ansi, no_color) in [("always", ""), ("never", ""), ("auto", ""), ("always", "1")] {
        let coloured = |mut command: Process| {
            let output = command.env("COMPOSE_ANSI", ansi).env("NO_COLOR", no_color).output().unwrap();
            let printed = String::from_utf8(output.stdout).unwrap();
            assert!(printed.contains("hello"), "{printed}");
            printed.contains('\u{1b}')
        };
        let ours = coloured(stack.command(&["logs"]));
        assert_eq!(ours, coloured(stack.their_command(&["-f", "compose.yaml", "logs"])), "{ansi} {no_color}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recreation_may_be_forced_for_dependencies_or_renew_anonymous_volumes() {
    if skipped() {
        return;
    }
    let stack = stack("renew").await;
    let ids = || ["db", "app"].map(|service| inspected(&stack, service, "{{.Id}}"));
    let volume = || inspected(&stack, "app", "{{range .Mounts}}{{.Name}}{{end}}");
    stack.ours(&["up", "-d"]);
    let (first, data) = (ids(), volume());
    stack.ours(&["up", "-d", "--always-recreate-deps", "app"]);
    let second = ids();
    assert!(second[0] != first[0] && second[1] == first[1], "{first:?} {second:?}");
    stack.ours(&["up", "-d", "--force-recreate", "app"]);
    let third = ids();
    assert!(third[0] == second[0] && third[1] != second[1], "{second:?} {third:?}");
    assert_eq!(volume(), data, "it goes over");
    stack.ours(&["up", "-d", "-V", "--no-deps", "app"]);
    assert_ne!(volume(), data);
    docker(&["volume", "rm", &data]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_does_not_listen_is_killed_after_the_time_that_is_given() {
    if skipped() {
        return;
    }
    let stack = Stack::new("grace").await;
    stack.write(
        "compose.yaml",
        "services:\n  deaf: {image: busybox, command: [sh, -c, 'trap \"\" TERM; while true; do sleep 1; done'], \
         stop_grace_period: 10m}\n",
    );
    // With its own time, each of these would take ten minutes.
    stack.ours(&["up", "-d"]);
    stack.ours(&["restart", "-t", "1", "deaf"]);
    stack.ours(&["stop", "-t", "0"]);
    stack.ours(&["up", "-d"]);
    stack.ours(&["up", "-d", "--force-recreate", "-t", "0"]);
    stack.ours(&["down", "-t", "0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn down_takes_one_service_with_its_dependents_and_images_when_asked() {
    if skipped() {
        return;
    }
    let stack = Stack::new("rmi").await;
    stack.write(
        "compose.yaml",
        "services:\n  own: {build: {dockerfile_inline: 'FROM busybox'}, command: sleep 600, stop_signal: SIGKILL}\n  \
         other: {image: busybox, command: sleep 600, stop_signal: SIGKILL, depends_on: [own]}\n  \
         third: {image: busybox, command: sleep 600, stop_signal: SIGKILL}\n",
    );
    stack.ours(&["up", "-d"]);
    stack.ours(&["down", "own"]);
    assert_eq!(services(&stack, &["-a"]), "third");
    let image = format!("{}-own", stack.name);
    assert!(!docker(&["images", "-q", &image]).is_empty());
    stack.ours(&["down", "--rmi", "local"]);
    assert_eq!(docker(&["images", "-q", &image]), "");
    assert!(!docker(&["images", "-q", "busybox"]).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_containers_are_told_to_stop_before_the_first_has_used_its_grace_period() {
    if skipped() {
        return;
    }
    let stack = Stack::new("deafall").await;
    stack.write(
        "compose.yaml",
        "services:\n  deaf: {image: busybox, command: sleep 600, stop_grace_period: 3s, scale: 20}\n",
    );
    stack.ours(&["up", "-d"]);
    stack.ours(&["stop"]);
    let ends: Vec<Value> = stack
        .ours(&["events", "--json", "--since", "10m", "--until", "0s"])
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told = |event: &Value| event["action"] == "kill" && event["attributes"]["signal"] == "15";
    let first_end = ends.iter().position(|event| event["action"] == "die").unwrap();
    assert_eq!(ends[..first_end].iter().filter(|event| told(event)).count(), 20, "{ends:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wait_gives_the_exit_code_also_of_what_has_ended_and_may_take_the_project_down() {
    if skipped() {
        return;
    }
    let stack = Stack::new("wait").await;
    stack.write(
        "compose.yaml",
        "services:\n  app: {image: busybox, command: [sh, -c, 'sleep 1; exit 7']}\n  \
         db: {image: busybox, command: sleep 600, stop_signal: SIGKILL}\n",
    );
    stack.ours(&["create"]);
    let nothing = stack.command(&["wait", "app"]).output().unwrap();
    assert_eq!(nothing.status.code(), Some(1));
    stack.ours(&["up", "-d"]);
    let id = inspected(&stack, "app", "{{.Id}}");
    for words in [&["wait", "app"][..], &["wait", "app"], &["wait", "--down-project", "db", "app"]] {
        let ended = stack.command(words).output().unwrap();
        assert_eq!(ended.status.code(), Some(7), "{words:?}: {ended:?}");
        let printed = String::from_utf8(ended.stdout).unwrap();
        assert_eq!(printed, format!("container \"{id}\" exited with status code 7\n"), "{words:?}");
    }
    assert_eq!(services(&stack, &["-a"]), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn ls_and_ps_say_what_the_reference_says() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = stack("listed").await;
    stack.ours(&["up", "-d"]);
    stack.ours(&["stop", "app"]);
    let filter = format!("--filter=name={}", stack.name);
    let listed = |program: &mut Process, words: &[&str]| {
        let printed = done(&program.args(words).arg(&filter).output().unwrap());
        printed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    for words in [&["ls"][..], &["ls", "-a"], &["ls", "-q"], &["ls", "-a", "--format", "json"]] {
        let ours = listed(&mut Process::new(env!("CARGO_BIN_EXE_composeyard")), words);
        let theirs = listed(Process::new("docker").arg("compose"), words);
        assert_eq!(ours, theirs, "{words:?}");
    }
    for words in [
        &["ps", "-q"][..],
        &["ps", "-q", "app"],
        &["ps", "-a", "-q", "app"],
        &["ps", "--status", "exited", "-q"],
        &["ps", "--filter", "status=running", "--services"],
        &["ps", "--services", "-a"],
        &["ps", "-a", "--format", "{{.Name}}\\t{{ .State }} x {{json .Image}} {{.ExitCode}}"],
        &["ps", "--format", "table {{.Service}}\\t{{.ID}}\\t{{.Image}}\\t{{.Name}}"],
        &["ps", "--format", "plain"],
    ] {
        assert_eq!(stack.ours(words), stack.theirs(words), "{words:?}");
    }
    let row = |printed: &str| serde_json::from_str::<Value>(printed).unwrap();
    let words = ["ps", "-a", "--format", "json", "app"];
    let (ours, theirs) = (row(&stack.ours(&words)), row(&stack.theirs(&words)));
    for (key, value) in
        ours.as_object().unwrap().iter().filter(|(key, _)| *key != "RunningFor" && *key != "Status")
    {
        assert_eq!(value, &theirs[key], "{key}");
    }
}

/// Everything of the project that the engine has, by name and state.
fn exists(stack: &Stack) -> Vec<String> {
    let label = format!("label=com.docker.compose.project={}", stack.name);
    let containers = docker(&["ps", "-a", "--filter", &label, "--format", "{{.ID}} {{.State}}"]);
    let networks = docker(&["network", "ls", "-q", "--filter", &label]);
    let volumes = docker(&["volume", "ls", "-q", "--filter", &label]);
    [containers, networks, volumes].concat().lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_would_be_done_and_changes_nothing() {
    if skipped() {
        return;
    }
    let stack = Stack::new("dryrun").await;
    let file = "services: {app: {image: busybox, command: sleep 600, stop_signal: SIGKILL, volumes: ['data:/data']}}\n";
    stack.write("compose.yaml", &format!("{file}volumes: {{data: {{}}}}\n"));
    let said = |words: &[&str]| {
        let before = exists(&stack);
        let output = stack.command(words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
        assert_eq!(exists(&stack), before, "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    for words in [&["up", "--dry-run"][..], &["up", "--dry-run", "-d"], &["create", "--dry-run"]] {
        let said = said(words);
        assert!(said.contains(&format!(" DRY-RUN MODE -  create container {}-app-1", stack.name)), "{said}");
    }
    stack.ours(&["up", "-d"]);
    for (words, what) in [
        (&["up"][..], ""),
        (&["stop"], "stop container app-1"),
        (&["restart"], "stop container app-1"),
        (&["kill"], "send SIGKILL to container app-1"),
        (&["rm", "-s"], "remove container app-1"),
        (&["down", "-v"], "remove volume"),
        (&["run", "app"], "create container"),
        (&["exec", "app", "rm", "-r", "/data"], "exec rm -r /data in container"),
        (&["cp", "compose.yaml", "app:/"], "copy compose.yaml to app:/"),
        (&["volumes", "rm", "data"], "volumes rm data"),
    ] {
        let said = said(&[&words[..1], &["--dry-run"], &words[1..]].concat());
        assert!(
            said.contains(what) && (said.starts_with(" DRY-RUN MODE") || what.is_empty()),
            "{words:?}: {said}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_are_printed_as_progress_says() {
    if skipped() {
        return;
    }
    let stack = Stack::new("progress").await;
    stack.write(
        "compose.yaml",
        "services: {app: {image: busybox, command: sleep 600, stop_signal: SIGKILL}}\n",
    );
    let said = |words: &[&str], variable: &str| {
        let output = stack.command(words).env("COMPOSE_PROGRESS", variable).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, json) = said(&["up", "--progress", "json", "-d"], "");
    assert_eq!(code, Some(0), "{json}");
    let lines: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let created = format!("create container {}-app-1", stack.name);
    assert!(lines.iter().any(|line| line["id"] == created && line["status"] == "Done"), "{json}");
    assert_eq!(said(&["restart", "--progress", "quiet"], ""), (Some(0), String::new()));
    assert_eq!(said(&["restart"], "quiet"), (Some(0), String::new()));
    assert!(said(&["restart", "--progress", "plain"], "quiet").1.contains(" ✔ start container app-1"));
    let (code, refused) = said(&["restart"], "loud");
    assert!(code != Some(0) && refused.contains("COMPOSE_PROGRESS=loud"), "{refused}");
    assert!(refused.contains("use auto, tty, plain, json or quiet"), "{refused}");
}

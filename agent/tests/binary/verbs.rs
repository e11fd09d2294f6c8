//! Verbs that need no engine, and what the others say without one.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn composeyard(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_composeyard"));
    command.args(arguments).current_dir(folder).env("GREETING", "hello").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

const PROJECT: &str = "\
name: demo
services:
  web:
    image: nginx:1.27-alpine
    environment: {GREETING: $GREETING}
    depends_on: [app]
  app:
    build: .
    profiles: [all]
  db:
    image: redis:7-alpine
    volumes: [data:/data]
volumes:
  data:
";

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("compose.yaml"), PROJECT).unwrap();
    folder
}

#[test]
fn config_prints_the_project_with_the_shells_variables() {
    let folder = project();
    let printed = composeyard(folder.path(), &["config", "--profile", "all"]);
    assert_eq!(printed.status.code(), Some(0), "{}", err(&printed));
    assert!(out(&printed).contains("GREETING: hello"), "{}", out(&printed));
    let raw = composeyard(folder.path(), &["config", "--profile", "all", "--no-interpolate"]);
    assert!(out(&raw).contains("$GREETING"), "{}", out(&raw));
    let json = composeyard(folder.path(), &["config", "--profile", "all", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["services"]["web"]["environment"]["GREETING"], "hello");
}

#[test]
fn the_projects_env_file_may_set_what_the_shell_may() {
    let folder = project();
    std::fs::write(folder.path().join(".env"), "COMPOSE_PARALLEL_LIMIT=two\n").unwrap();
    assert!(
        err(&composeyard(folder.path(), &["--profile", "all", "up", "-d"]))
            .contains("COMPOSE_PARALLEL_LIMIT=two is no number")
    );
    std::fs::write(folder.path().join(".env"), "COMPOSE_PROGRESS=loud\n").unwrap();
    assert!(
        err(&composeyard(folder.path(), &["--profile", "all", "up", "-d"]))
            .contains("COMPOSE_PROGRESS=loud is no way")
    );
}

#[test]
fn a_file_called_dash_is_what_comes_in() {
    let folder = project();
    std::fs::write(folder.path().join("more.yaml"), "services: {app: {hostname: h}}\n").unwrap();
    let answer = |arguments: &[&str], text: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_composeyard"));
        command.args(arguments).arg("config").current_dir(folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        process.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        process.wait_with_output().unwrap()
    };
    let printed = out(&answer(&["-f", "-", "-f", "more.yaml"], "services: {app: {build: ./app}}\n"));
    let context = folder.path().canonicalize().unwrap().join("app");
    assert!(printed.contains(&format!("context: {}", context.display())), "{printed}");
    assert!(printed.contains("hostname: h"), "{printed}");
    let refused = err(&answer(&["-f", "-"], "services: {app: {imgae: a}}\n"));
    assert!(refused.contains("--> -:1:18") && refused.contains("{imgae: a}"), "{refused}");
}

#[test]
fn config_leaves_out_what_nothing_uses_unless_all_resources_are_asked_for() {
    let folder = project();
    let path = folder.path().join("compose.yaml");
    std::fs::write(path, format!("{PROJECT}  spare:\n")).unwrap();
    let used = out(&composeyard(folder.path(), &["--profile", "all", "config"]));
    assert!(used.contains("demo_data") && !used.contains("demo_spare"), "{used}");
    let all = out(&composeyard(folder.path(), &["--profile", "all", "--all-resources", "config"]));
    assert!(all.contains("demo_data") && all.contains("demo_spare"), "{all}");
}

#[test]
fn errors_have_colours_where_ansi_asks_for_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("compose.yaml"), "services: {web: {imag: nginx}}\n").unwrap();
    let is_coloured = |words: &[&str], variable: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_composeyard"));
        let output =
            command.args(words).env("COMPOSE_ANSI", variable).current_dir(folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        err(&output).contains('\u{1b}')
    };
    assert!(!is_coloured(&["config"], "auto"), "it is no terminal");
    assert!(is_coloured(&["config"], "always") && is_coloured(&["--ansi", "always", "config"], "never"));
    assert!(!is_coloured(&["--ansi=never", "config"], "always"));
}

#[test]
fn names_of_the_first_compose_are_refused_and_not_passed_over() {
    let folder = project();
    let output = composeyard(folder.path(), &["--compatibility", "config"]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains("--compatibility is not supported"), "{}", err(&output));
}

#[test]
fn config_lists_one_thing_a_line() {
    let folder = project();
    let list = |what: &str| out(&composeyard(folder.path(), &["config", "--profile", "all", what]));
    assert_eq!(list("--services"), "app\ndb\nweb\n");
    assert_eq!(list("--volumes"), "data\n");
    assert_eq!(list("--networks"), "default\n");
    assert_eq!(list("--images"), "demo-app\nredis:7-alpine\nnginx:1.27-alpine\n");
    assert_eq!(list("--profiles"), "all\n");
    assert_eq!(list("--quiet"), "");
    assert_eq!(list("--hash=db").split_whitespace().count(), 2);
}

#[test]
fn a_project_that_does_not_load_prints_its_findings_and_1() {
    let folder = project();
    std::fs::write(folder.path().join("compose.yaml"), "services:\n  app:\n    image: [x\n").unwrap();
    for verb in ["config", "plan", "up", "down", "ps", "logs"] {
        let printed = composeyard(folder.path(), &[verb]);
        assert_eq!(printed.status.code(), Some(1), "{verb}");
        assert!(err(&printed).contains("compose.yaml"), "{verb}: {}", err(&printed));
    }
}

#[test]
fn a_folder_without_a_compose_file_and_a_wrong_flag_are_2() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(composeyard(folder.path(), &["up"]).status.code(), Some(2));
    assert_eq!(composeyard(folder.path(), &["upp"]).status.code(), Some(2));
    assert!(!folder.path().join("upp").exists(), "a mistyped verb makes no folder");
    assert_eq!(composeyard(folder.path(), &["up", "--nonsense"]).status.code(), Some(2));
    assert_eq!(composeyard(folder.path(), &["scale", "app=-1"]).status.code(), Some(2));
}

#[test]
fn a_command_that_only_the_reference_has_is_told_what_does_the_same() {
    let folder = project();
    for (verb, instead) in [("stats", "docker stats"), ("watch", "up -d --build")] {
        let refused = composeyard(folder.path(), &[verb]);
        assert_eq!(refused.status.code(), Some(2), "{verb}");
        assert!(err(&refused).contains(instead), "{verb}: {}", err(&refused));
    }
    assert_eq!(out(&composeyard(folder.path(), &["version", "--short"])).trim(), env!("CARGO_PKG_VERSION"));
}

#[test]
fn without_an_engine_the_verbs_say_so() {
    let folder = project();
    let printed = composeyard(
        folder.path(),
        &["up", "-d", "--profile", "all", "--host", "unix:///nowhere/docker.sock"],
    );
    assert_eq!(printed.status.code(), Some(2));
    assert!(err(&printed).contains("/nowhere/docker.sock"), "{}", err(&printed));
}

#[test]
fn a_template_becomes_a_project_that_loads() {
    let folder = tempfile::tempdir().unwrap();
    let listed = composeyard(folder.path(), &["templates"]);
    for part in ["flask-redis-nginx", "FastAPI: growth of places", "(profiles: database, cache)"] {
        assert!(out(&listed).contains(part), "{part}: {}", out(&listed));
    }
    let made = composeyard(folder.path(), &["new", "flask-redis-nginx", "mine"]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    let checked = composeyard(&folder.path().join("mine"), &["config", "-q"]);
    assert_eq!(checked.status.code(), Some(0), "{}", err(&checked));
    assert_eq!(composeyard(folder.path(), &["new", "nonsense", "x"]).status.code(), Some(2));
    assert_eq!(
        composeyard(folder.path(), &["new", "flask-redis-nginx", "mine"]).status.code(),
        Some(2),
        "not twice"
    );
}

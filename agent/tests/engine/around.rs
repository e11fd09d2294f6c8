//! What happens around a container's life: commands before and after, waiting for it, files that are written anew.

use std::process::Output;

use crate::real::{Stack, docker, done, leftovers, skipped};

fn composeyard(stack: &Stack, words: &[&str], secret: &str) -> Output {
    stack.command(words).env("SECRET", secret).output().unwrap()
}

#[track_caller]
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn read(stack: &Stack, file: &str) -> String {
    std::fs::read_to_string(stack.path().join(file)).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_run_before_the_first_start_after_each_start_and_before_each_stop() {
    if skipped() {
        return;
    }
    let stack = Stack::new("hooks").await;
    stack.write("out/log", "");
    stack.write(
        "compose.yaml",
        r#"
services:
  app:
    image: busybox
    command: sh -c "echo start >> /out/log; sleep 600"
    stop_signal: SIGKILL
    volumes: ["./out:/out"]
    environment: {NAME: app}
    pre_start:
      - command: [sh, -c, 'echo "first $$NAME $$MORE" >> /out/log']
        environment: {MORE: "yes"}
      - command: [sh, -c, "echo second >> /out/log"]
    post_start:
      - command: [sh, -c, 'echo "after $$NAME $$(id -u)" >> /out/log']
        user: "1000"
    pre_stop:
      - command: [sh, -c, "pwd >> /out/log"]
        working_dir: /tmp
"#,
    );
    std::os::unix::fs::chown(stack.path().join("out/log"), Some(1000), None).unwrap();
    done(&composeyard(&stack, &["up", "-d"], ""));
    assert_eq!(read(&stack, "out/log"), "first app yes\nsecond\nstart\nafter app 1000\n");
    done(&composeyard(&stack, &["up", "-d"], ""));
    done(&composeyard(&stack, &["down"], ""));
    assert_eq!(read(&stack, "out/log"), "first app yes\nsecond\nstart\nafter app 1000\n/tmp\n");
    assert!(leftovers(&stack.name).iter().all(String::is_empty));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_fails_before_the_start_keeps_the_service_from_starting() {
    if skipped() {
        return;
    }
    let stack = Stack::new("hookfails").await;
    stack.write(
        "compose.yaml",
        "
services:
  app:
    image: busybox
    command: sleep 600
    pre_start: [{command: [sh, -c, 'echo no database; exit 17']}]
",
    );
    let said = refused(&composeyard(&stack, &["up", "-d"], ""));
    assert!(said.contains("app hook exited with status 17: no database"), "{said}");
    let label = format!("label=com.docker.compose.project={}", stack.name);
    let left = docker(&["ps", "-a", "--filter", &label, "--format", "{{.Names}} {{.State}}"]);
    assert_eq!(left.trim(), format!("{}-app-1 created", stack.name));
}

#[tokio::test(flavor = "multi_thread")]
async fn wait_ends_when_everything_is_up_and_fails_when_it_cannot_be() {
    if skipped() {
        return;
    }
    let stack = Stack::new("wait").await;
    let file = |test: &str| {
        format!(
            "
services:
  plain: {{image: busybox, command: sleep 600, stop_signal: SIGKILL}}
  checked:
    image: busybox
    command: sleep 600
    stop_signal: SIGKILL
    healthcheck: {{test: [CMD, '{test}'], interval: 300ms, retries: 100}}
"
        )
    };
    stack.write("compose.yaml", &file("true"));
    done(&composeyard(&stack, &["up", "--wait"], ""));
    let health = docker(&["inspect", "-f", "{{.State.Health.Status}}", &format!("{}-checked-1", stack.name)]);
    assert_eq!(health.trim(), "healthy");

    stack.write("compose.yaml", &file("false"));
    let said = refused(&composeyard(&stack, &["up", "--wait", "--wait-timeout", "1"], ""));
    assert!(said.contains("service checked is not up after 1 s"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_from_variables_are_written_at_each_start() {
    if skipped() {
        return;
    }
    let stack = Stack::new("secret").await;
    stack.write(
        "compose.yaml",
        "
services:
  app: {image: busybox, command: sleep 600, stop_signal: SIGKILL, secrets: [key]}
secrets: {key: {environment: SECRET}}
",
    );
    let inside = || docker(&["exec", &format!("{}-app-1", stack.name), "cat", "/run/secrets/key"]);
    done(&composeyard(&stack, &["up", "-d"], "one"));
    assert_eq!(inside(), "one");
    done(&composeyard(&stack, &["restart"], "two"));
    assert_eq!(inside(), "two");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_honoured_is_refused_before_anything_is_made() {
    if skipped() {
        return;
    }
    let stack = Stack::new("refused").await;
    for (service, named) in [
        ("{provider: {type: cloud}}", "provider"),
        ("{image: busybox, models: [llm]}", "models"),
        ("{build: {context: ., ssh: [default]}}", "build.ssh"),
        ("{image: busybox, use_api_socket: true}", "use_api_socket"),
        ("{image: busybox, secrets: [far]}", "secret far is external"),
    ] {
        let top = "models: {llm: {model: x}}\nsecrets: {far: {external: true}}\n";
        let file = format!("services:\n  first: {{image: busybox}}\n  app: {service}\n{top}");
        stack.write("compose.yaml", &file);
        let output = composeyard(&stack, &["up", "-d"], "");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(named), "{service}: {said}");
        assert!(leftovers(&stack.name).is_empty(), "{service}");
    }
}

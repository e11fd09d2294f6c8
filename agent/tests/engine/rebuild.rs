//! A project whose files are gone, rebuilt from what runs.

use std::process::{Command, Output};

use composeyard_compose::{LoadRequest, Project, ProjectFiles, ProjectName, load, model::MountType};
use serde_json::Value;

use crate::real::{Stack, docker, has_compose, skipped};

const FILE: &str = r#"
services:
  db:
    image: redis:7-alpine
    command: redis-server --save 60 1
    environment:
      REDIS_PASSWORD: "s3cr$$et"
      PLAIN: "a $$b"
    volumes: ["data:/data", "/scratch"]
    networks:
      back: {aliases: [store]}
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 1s
      retries: 30
    deploy: {resources: {limits: {memory: 64M, cpus: "0.5"}}}
  web:
    image: busybox
    command: ["sh", "-c", "sleep 600"]
    stop_signal: SIGKILL
    restart: unless-stopped
    environment:
      STORE_URL: "redis://:s3cr$$et@store:6379"
    ports: ["127.0.0.1::80", "81/udp"]
    volumes: ["data:/shared:ro", "./site:/site:ro"]
    networks: [back, default]
    depends_on:
      db: {condition: service_healthy}
networks:
  back: {internal: true}
volumes:
  data: {}
"#;

fn reference(stack: &Stack, project: &str, arguments: &[&str]) -> Output {
    Command::new("docker")
        .args([&["compose", "-p", project], arguments].concat())
        .current_dir(stack.path())
        .output()
        .unwrap()
}

#[track_caller]
fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[track_caller]
fn loaded(files: &ProjectFiles, name: &str) -> Project {
    let request = LoadRequest { project_name: Some(name.to_owned()), ..LoadRequest::default() };
    let loaded = load(files, &request);
    assert!(loaded.diagnostics.is_empty(), "{:#?}\n{files:?}", loaded.diagnostics);
    loaded.project.unwrap()
}

/// All that the file says; of a mount, what does not depend on where the file lies.
fn picture(project: &Project) -> Value {
    let mut picture = serde_json::to_value(project).unwrap();
    for service in picture["services"].as_object_mut().unwrap().values_mut() {
        let service = service.as_object_mut().unwrap();
        for mount in service["volumes"].as_array_mut().unwrap() {
            mount
                .as_object_mut()
                .unwrap()
                .retain(|key, _| matches!(key.as_str(), "type" | "target" | "read_only"));
        }
    }
    picture
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_project_is_rebuilt_and_runs_again_under_another_name() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = Stack::new("rebuild").await;
    stack.write("compose.yaml", FILE);
    stack.write("site/index.html", "hello");
    succeeded(&reference(&stack, &stack.name, &["up", "-d"]));

    let name = ProjectName::new(stack.name.as_str()).unwrap();
    let files = stack.engine.rebuild(&name).await.unwrap();
    let text = files.get("compose.yaml").unwrap();
    assert!(!text.contains("s3cr"), "no secret is in the file: {text}");
    let rebuilt = loaded(&files, &stack.name);

    let site = format!("{}/site", stack.path().display());
    let original = ProjectFiles([("compose.yaml".to_owned(), FILE.replace("./site", &site))].into());
    assert_eq!(picture(&rebuilt), picture(&loaded(&original, &stack.name)), "{text}");
    let web = &rebuilt.services[&"web".parse().unwrap()];
    let bound = web.volumes.iter().find(|mount| mount.kind == MountType::Bind).unwrap();
    assert_eq!(bound.source, site);

    let again = Stack::new("rebuilt").await;
    files.0.iter().for_each(|(file, text)| again.write(file, text));
    succeeded(&reference(&again, &again.name, &["config", "--quiet"]));
    again.up(&loaded(&files, &again.name)).await.done();
    let seen = |project: &str| docker(&["exec", &format!("{project}-web-1"), "printenv", "STORE_URL"]);
    assert_eq!(seen(&again.name), seen(&stack.name));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_without_containers_cannot_be_rebuilt() {
    if skipped() {
        return;
    }
    let stack = Stack::new("nothing").await;
    let name = ProjectName::new(stack.name.as_str()).unwrap();
    let error = stack.engine.rebuild(&name).await.unwrap_err().to_string();
    assert!(error.contains("has no containers on the engine"), "{error}");
}

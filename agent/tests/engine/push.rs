//! `push` and `build --push`, to a real registry and beside the reference.

use crate::{
    own_registry::{Door, OwnRegistry},
    real::{Stack, docker, done, has_compose, skipped},
};

fn file(registry: &OwnRegistry) -> String {
    let at = &registry.host;
    format!(
        "
services:
  app:
    image: '{at}/team/app:1'
    build: {{dockerfile_inline: 'FROM busybox', labels: {{of: app}}, tags: ['{at}/team/app:2', '{at}/other']}}
    depends_on: [lib, db]
  lib: {{image: '{at}/lib:1', build: {{dockerfile_inline: 'FROM busybox', labels: {{of: lib}}}}}}
  nameless: {{build: {{dockerfile_inline: 'FROM busybox'}}}}
  db: {{image: busybox}}
"
    )
}

async fn ready(test: &str, door: Door) -> Option<(OwnRegistry, Stack)> {
    if skipped() {
        return None;
    }
    let registry = OwnRegistry::start(tempfile::tempdir().unwrap(), door)?;
    let stack = Stack::new(test).await;
    stack.write("compose.yaml", &file(&registry));
    Some((registry, stack))
}

/// What the registry has: `lib:1`, sorted.
fn held(registry: &OwnRegistry) -> Vec<String> {
    let names = |path: &str, key: &str| -> Vec<String> {
        let (_, body) = registry.asked(&format!("GET /v2/{path}"), "application/json", "");
        let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
        serde_json::from_value(answer[key].clone()).unwrap_or_default()
    };
    let mut held = Vec::new();
    for name in names("_catalog", "repositories") {
        held.extend(names(&format!("{name}/tags/list"), "tags").iter().map(|tag| format!("{name}:{tag}")));
    }
    held.sort();
    held
}

#[tokio::test(flavor = "multi_thread")]
async fn push_sends_what_is_built_under_all_its_names_as_the_reference_does() {
    let Some((registry, stack)) = ready("push", Door::Open).await else { return };
    stack.ours(&["build"]);
    stack.ours(&["push", "app"]);
    assert_eq!(held(&registry), ["other:latest", "team/app:1", "team/app:2"]);
    stack.ours(&["push", "--include-deps", "--quiet", "app"]);
    let all = held(&registry);
    assert_eq!(all, ["lib:1", "other:latest", "team/app:1", "team/app:2"]);
    if !has_compose() {
        return;
    }
    let Some(theirs) = OwnRegistry::start(tempfile::tempdir().unwrap(), Door::Open) else { return };
    stack.write("compose.yaml", &file(&theirs));
    stack.ours(&["build"]);
    stack.theirs(&["push"]);
    assert_eq!(held(&theirs), all);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_is_not_here_fails_a_push_unless_failures_are_ignored() {
    let Some((registry, stack)) = ready("push-missing", Door::Open).await else { return };
    stack.ours(&["build", "app"]);
    for words in [&["push"][..], &["push", "--ignore-push-failures"], &["push", "db"], &["push", "nobody"]] {
        let ours = stack.command(words).output().unwrap();
        if has_compose() {
            let theirs = stack.their_command(words).output().unwrap();
            assert_eq!(ours.status.code(), theirs.status.code(), "{words:?}: {ours:?} {theirs:?}");
        }
        let said = String::from_utf8_lossy(&ours.stderr);
        assert_eq!(
            said.contains("does not exist locally"),
            words.len() == 1 || words[1].starts_with('-'),
            "{said}"
        );
    }
    assert!(held(&registry).contains(&"team/app:1".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn build_pushes_with_the_users_login_once_all_is_built() {
    let Some((registry, stack)) = ready("push-login", Door::Password).await else { return };
    let build = |config: &str| {
        stack.command(&["build", "--push", "app"]).env("DOCKER_CONFIG", config).output().unwrap()
    };
    let stranger = build(&registry.folder.path().display().to_string());
    let said = String::from_utf8_lossy(&stranger.stderr);
    assert!(stranger.status.code() == Some(1) && said.contains("docker login"), "{said}");
    done(&build(&registry.login()));
    let image = format!("{}/team/app:1", registry.host);
    docker(&["rmi", "--force", &image]);
    done(&stack.command(&["pull", "app"]).env("DOCKER_CONFIG", registry.login()).output().unwrap());
    assert_eq!(docker(&["inspect", "--format", "{{.Config.Labels.of}}", &image]).trim(), "app");
}

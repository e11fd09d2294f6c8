//! What a plan says of the size of images, beside a real registry that has them.

use composeyard_plan::{PullOptions, size};
use serde_json::json;

use crate::{
    own_registry::{Door, OwnRegistry, certify, size_of},
    real::{Stack, docker, done, has_compose, skipped},
};

fn open(door: Door) -> Option<OwnRegistry> {
    OwnRegistry::start(tempfile::tempdir().unwrap(), door)
}

/// A compose file with a service for each image.
fn file(images: &[&str]) -> String {
    let services = images.iter().enumerate().map(|(at, image)| format!("  s{at}: {{image: '{image}'}}\n"));
    format!("services:\n{}", services.collect::<String>())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_says_what_the_engine_then_downloads() {
    if skipped() {
        return;
    }
    let Some(registry) = open(Door::Open) else { return };
    let stack = Stack::new("sizes").await;
    let (app, tool) = (registry.hold("team/app:1", 3_000_000), registry.hold("tool:latest", 40_000));
    let of_app = size_of(&registry.manifest("team/app", "1"));
    let all = of_app + size_of(&registry.manifest("tool", "latest"));
    stack.write("compose.yaml", &file(&[&app, tool.trim_end_matches(":latest"), "busybox"]));

    let planned = stack.ours(&["plan"]);
    assert!(planned.contains(&format!("pull image {app}, {}  (", size(of_app))), "{planned}");
    assert!(planned.ends_with(&format!("This will pull 2 images, {}.\n", size(all))), "{planned}");
    assert_eq!(registry.sent(), 0, "a plan fetches nothing");

    stack.ours(&["pull", "--policy", "missing"]);
    assert_eq!(registry.sent(), all);
    let planned = stack.ours(&["plan"]);
    assert!(!planned.contains("pull"), "{planned}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_are_no_part_of_the_plan_that_was_shown() {
    if skipped() {
        return;
    }
    let Some(registry) = open(Door::Open) else { return };
    let stack = Stack::new("sizes-shown").await;
    let image = registry.hold("app:1", 10_000);
    let project = stack.project(json!({"services": {"app": {"image": image, "network_mode": "none"}}}));
    let command = composeyard_plan::Command::Pull(PullOptions::default());
    let before = stack.plan(&project, &command).await;
    let soon = tokio::time::Instant::now() + composeyard::engine::SIZES_LIMIT;
    let sizes = stack.engine.downloads(&project, &before.pulled(), soon).await;
    assert_eq!(sizes.together, size_of(&registry.manifest("app", "1")));
    assert_eq!(stack.plan(&project, &command).await.fingerprint(), before.fingerprint());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_image_for_several_platforms_the_one_that_is_pulled_counts() {
    if skipped() {
        return;
    }
    let Some(registry) = open(Door::Open) else { return };
    let stack = Stack::new("sizes-index").await;
    let architecture = docker(&["version", "--format", "{{.Server.Arch}}"]).trim().to_owned();
    let entries = [(architecture.as_str(), "here", 90_000), ("s390x", "there", 30_000)];
    let entries = entries.map(|(architecture, tag, bytes)| {
        registry.hold(&format!("app:{tag}"), bytes);
        let manifest = registry.manifest("app", tag);
        let kind = "application/vnd.docker.distribution.manifest.v2+json";
        json!({"mediaType": kind, "size": manifest.len(), "digest": digest(&manifest),
            "platform": {"os": "linux", "architecture": architecture}})
    });
    let kind = "application/vnd.docker.distribution.manifest.list.v2+json";
    let index = json!({"schemaVersion": 2, "mediaType": kind, "manifests": entries}).to_string();
    let (status, said) = registry.asked("PUT /v2/app/manifests/1", kind, &index);
    assert_eq!(status, 201, "{said}");

    let image = format!("{}/app:1", registry.host);
    let sized = |tag| format!("{image}, {}  (", size(size_of(&registry.manifest("app", tag))));
    stack.write("compose.yaml", &file(&[&image]));
    assert!(stack.ours(&["plan"]).contains(&sized("here")));
    stack.write("compose.yaml", &format!("services: {{a: {{image: '{image}', platform: linux/s390x}}}}"));
    assert!(stack.ours(&["plan"]).contains(&sized("there")));
    let by_digest = format!("{}/app@{}", registry.host, digest(&index));
    stack.write("compose.yaml", &file(&[&by_digest]));
    assert!(stack.ours(&["plan"]).contains(&size(size_of(&registry.manifest("app", "here")))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_registry_tells_the_size_to_those_who_have_logged_in() {
    if skipped() {
        return;
    }
    let Some(registry) = open(Door::Password) else { return };
    let stack = Stack::new("sizes-private").await;
    let image = registry.hold("app:1", 50_000);
    stack.write("compose.yaml", &file(&[&image]));
    let said = |config: &str| {
        done(&stack.command(&["plan"]).env("DOCKER_CONFIG", config).output().unwrap())
            .lines()
            .last()
            .unwrap()
            .to_owned()
    };
    let stranger = registry.folder.path().display().to_string();
    assert_eq!(said(&stranger), "This will pull 1 image of unknown size.");
    let told = said(&registry.login());
    done(&stack.command(&["pull"]).env("DOCKER_CONFIG", registry.login()).output().unwrap());
    assert_eq!(told, format!("This will pull 1 image, {}.", size(registry.sent())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_behind_tls_is_asked_when_its_authority_is_known() {
    if skipped() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    let Some(registry) = OwnRegistry::start(folder, Door::Encrypted) else { return };
    let stack = Stack::new("sizes-tls").await;
    let image = registry.hold("app:1", 50_000);
    stack.write("compose.yaml", &file(&[&image]));
    let authority = registry.folder.path().join("ca.pem");
    let output = stack.command(&["plan"]).env("SSL_CERT_FILE", authority).output().unwrap();
    let told = done(&output).lines().last().unwrap().to_owned();
    assert!(stack.ours(&["plan"]).ends_with("This will pull 1 image of unknown size.\n"));
    stack.ours(&["pull"]);
    assert_eq!(told, format!("This will pull 1 image, {}.", size(registry.sent())));
}

#[tokio::test(flavor = "multi_thread")]
async fn images_get_the_digests_that_the_reference_gives_them() {
    if skipped() || !has_compose() {
        return;
    }
    let Some(registry) = open(Door::Open) else { return };
    let stack = Stack::new("digests").await;
    let image = registry.hold("app:1", 10_000);
    stack.write("compose.yaml", &file(&[&image]));
    for flags in [
        &["config", "--resolve-image-digests"][..],
        &["config", "--resolve-image-digests", "--format", "json"],
        &["config", "--lock-image-digests"],
    ] {
        let ours = stack.ours(flags);
        assert!(ours.contains(&format!("{image}@{}", digest(&registry.manifest("app", "1")))), "{ours}");
        assert_eq!(ours.trim_end(), stack.theirs(flags).trim_end(), "{flags:?}");
    }
}

fn digest(text: &str) -> String {
    use sha2::Digest;
    let hex: String = sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

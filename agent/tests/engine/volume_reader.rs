//! The container that a volume is read and filled through, and what a restore may touch, on the recording fake.

use std::{fs::File, io::Write};

use composeyard::{
    engine::Engine,
    volumes::{VolumeError, back_up, restore},
};
use composeyard_compose::Project;
use serde_json::{Value, json};

use crate::fake::{Fake, How};

/// A tar with one file, as text: it is all ASCII.
fn tar() -> String {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(4);
    builder.append_data(&mut header, "a", &b"text"[..]).unwrap();
    String::from_utf8(builder.into_inner().unwrap()).unwrap()
}

/// An engine with an image and a volume that holds a tar.
fn engine_with(tar: String) -> Fake {
    let fake = Fake::speaking("1.41");
    let image = r#"[{"Id":"sha256:1","ParentId":"","RepoTags":[],"RepoDigests":[],"Created":1,"Size":1,"SharedSize":0,"VirtualSize":1,"Labels":{},"Containers":0}]"#;
    fake.answer("/images/json", How::Say(image));
    fake.answer("/archive?path=%2Fvolume%2F.", How::Say(tar.leak()));
    fake.answer("GET /volumes/shop_data", How::Say(volume("shop_data", "shop")));
    fake
}

fn volume(name: &str, project: &str) -> &'static str {
    let labels = json!({"com.docker.compose.project": project, "com.docker.compose.volume": "data"});
    let volume = json!({"Name": name, "Driver": "local", "Mountpoint": "", "Labels": labels, "Options": {}, "Scope": "local"});
    volume.to_string().leak()
}

fn project(volume: &Value) -> Project {
    serde_json::from_value(json!({"name": "shop", "services": {}, "volumes": {"data": volume}})).unwrap()
}

/// What was asked of the engine for the containers: names that were made, names that were removed with what query.
fn made_and_removed(fake: &Fake) -> (Vec<String>, Vec<(String, String)>) {
    let (mut made, mut removed) = (Vec::new(), Vec::new());
    for line in fake.changes() {
        if let Some((_, name)) = line.split_once("/containers/create?name=") {
            made.push(name.split('&').next().unwrap().to_owned());
        } else if let Some((_, rest)) = line.split_once("DELETE /containers/") {
            let (name, query) = rest.split_once('?').unwrap();
            removed.push((name.to_owned(), query.to_owned()));
        }
    }
    (made, removed)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_look_has_a_container_of_its_own_and_removes_no_other() {
    let fake = engine_with(tar());
    let engine = Engine::connect(Some(fake.host()));
    let shop = "shop".parse().unwrap();
    for _ in 0..2 {
        assert_eq!(engine.volume_size(&shop, "shop_data").await.unwrap(), 4);
    }
    let (made, removed) = made_and_removed(&fake);
    assert_ne!(made[0], made[1], "two may look at once");
    assert_eq!(removed.iter().map(|(name, _)| name).collect::<Vec<_>>(), made.iter().collect::<Vec<_>>());
    for (_, query) in removed {
        assert!(query.split('&').any(|pair| pair == "v=true"), "volumes that its image asked for: {query}");
    }
    let bodies = fake.calls().into_iter().filter(|call| call.line.contains("/containers/create"));
    for call in bodies {
        assert_eq!(call.body["HostConfig"]["Binds"], json!(["shop_data:/volume:nocopy"]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_run_has_left_goes_and_what_is_at_work_stays() {
    let fake = engine_with(tar());
    fake.answer("/info", How::Say(r#"{"SystemTime":"2026-01-01T12:00:00Z"}"#));
    // 1 and 5 hours before.
    let found = r#"[{"Id":"young","Created":1767265200},{"Id":"old","Created":1767250800}]"#;
    fake.answer("/containers/json", How::Say(found));
    let engine = Engine::connect(Some(fake.host()));
    engine.volume_size(&"shop".parse().unwrap(), "shop_data").await.unwrap();
    let (made, removed) = made_and_removed(&fake);
    let removed: Vec<&str> = removed.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(removed, ["old", &*made[0]]);
    let listed = fake.calls().into_iter().find(|call| call.line.contains("/containers/json")).unwrap();
    assert!(listed.line.contains("composeyard.volume-reader%3Dshop_data"), "{}", listed.line);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_back_up_of_which_the_engine_sends_only_a_part_is_none() {
    let whole = tar();
    let fake = engine_with(whole[..whole.len() - 1024].to_owned());
    let engine = Engine::connect(Some(fake.host()));
    let file = tempfile::tempfile().unwrap();
    let error = back_up(&engine, &"shop".parse().unwrap(), "shop_data", file, |_| Ok(())).await.unwrap_err();
    assert_eq!(error.to_string(), "back-up of volume shop_data: it is cut short");
}

async fn restored(fake: &Fake, project: &Project) -> Result<String, VolumeError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.tar");
    File::create(&path).unwrap().write_all(tar().as_bytes()).unwrap();
    let engine = Engine::connect(Some(fake.host()));
    restore(&engine, project, "data", &path, File::open(&path).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volume_that_is_not_the_projects_own_is_never_replaced() {
    let device = json!({"type": "none", "o": "bind", "device": "/srv/data"});
    for (declared, why) in [
        (json!({"name": "theirs"}), "volume theirs was not made by project shop"),
        (json!({"name": "theirs", "external": true}), "volume theirs was not made by project shop"),
        (json!({"name": "gone", "external": true}), "volume gone was not made by project shop"),
        (json!({"name": "shop_data", "driver_opts": device}), "volume shop_data lies at /srv/data"),
    ] {
        let fake = engine_with(tar());
        fake.answer("GET /volumes/theirs", How::Say(volume("theirs", "other")));
        let error = restored(&fake, &project(&declared)).await.unwrap_err();
        assert!(error.to_string().starts_with(why), "{error}");
        assert!(error.to_failure().help.is_some(), "{error}");
        assert_eq!(fake.changes(), [""; 0], "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_removes_the_volume_itself_and_its_own_trial_and_nothing_else() {
    let fake = engine_with(tar());
    fake.answer("GET /volumes/", How::Say(volume("trial", "shop")));
    assert_eq!(restored(&fake, &project(&json!({"name": "shop_data"}))).await.unwrap(), "shop_data");
    let calls = fake.calls();
    let made: Vec<&str> = calls
        .iter()
        .filter(|call| call.line.contains("/volumes/create"))
        .map(|call| call.body["Name"].as_str().unwrap())
        .collect();
    let [trial, "shop_data"] = made[..] else { panic!("{made:?}") };
    let prefix = "DELETE /volumes/";
    let removed: Vec<&str> = calls.iter().filter_map(|call| call.line.strip_prefix(prefix)).collect();
    assert_eq!(removed, [trial, "shop_data"]);
    assert_ne!(trial, "shop_data-restore", "the project may have a volume of that name");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_removes_the_trials_of_killed_ones_that_were_for_the_same_volume() {
    let fake = engine_with(tar());
    fake.answer("GET /volumes/", How::Say(volume("trial", "shop")));
    let left = r#"{"Volumes":[{"Name":"shop_data-restore-0","Driver":"local","Mountpoint":"","Labels":{},"Options":{},"Scope":"local"}]}"#;
    fake.answer("composeyard.restore-trial%3Dshop_data%22", How::Say(left));
    fake.answer(
        "composeyard.volume-reader%3Dshop_data-restore-0%22",
        How::Say(r#"[{"Id":"left","Created":1}]"#),
    );
    restored(&fake, &project(&json!({"name": "shop_data"}))).await.unwrap();
    let calls = fake.calls();
    let removed = |line: &str| line.strip_prefix("DELETE ").map(str::to_owned);
    let removed: Vec<String> = calls.iter().filter_map(|call| removed(&call.line)).collect();
    assert!(removed[0].starts_with("/containers/left?"), "{removed:?}");
    assert_eq!(removed[1], "/volumes/shop_data-restore-0");
    let trial = calls.iter().find(|call| call.line.contains("/volumes/create")).unwrap();
    assert_eq!(trial.body["Labels"]["composeyard.restore-trial"], "shop_data");
    let itself = calls.iter().rfind(|call| call.line.contains("/volumes/create")).unwrap();
    assert_eq!(itself.body["Labels"].get("composeyard.restore-trial"), None);
}

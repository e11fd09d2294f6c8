//! `volumes`: listed as the reference lists them, backed up, restored, removed.

use std::{fs::File, io::Read, path::Path, time::Duration};

use composeyard::project_lock::ProjectLock;
use composeyard_protocol::{FailureKind, Outcome, ServerMessage};
use serde_json::{Value, json};

use super::agent::{Agent, running_file};
use crate::fake::{Fake, How};
use crate::real::{Stack, docker, has_compose, skipped};

const FILE: &str = "
services:
  app: {image: busybox, command: sleep 600, stop_signal: SIGKILL, volumes: ['data:/data', 'other:/other']}
volumes: {data: {}, other: {}}
";

const MAKE: &str = "cd /data && echo text > a && mkdir -p deep && echo more > deep/b && chown 1000:1000 deep/b \
                    && chmod 600 a && ln -s a link";
const SHOW_NAMES: &str = "find /data";
const SHOW: &str =
    "cd /data && find . | sort | xargs ls -ldn | awk '{print $1, $3, $4, $9, $10, $11}' && cat a deep/b";

async fn running(test: &str) -> Stack {
    let stack = Stack::new(test).await;
    stack.write("compose.yaml", FILE);
    stack.ours(&["up", "-d"]);
    stack.ours(&["exec", "-T", "app", "sh", "-c", MAKE]);
    stack
}

fn rows(printed: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> =
        printed.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect();
    rows.sort();
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn volumes_are_listed_with_their_use_when_asked() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = running("vols").await;
    assert_eq!(rows(&stack.ours(&["volumes"])), rows(&stack.theirs(&["volumes"])));
    assert_eq!(rows(&stack.ours(&["volumes", "-q"])), rows(&stack.theirs(&["volumes", "-q"])));
    let usage = stack.ours(&["volumes", "--usage"]);
    let data = usage.lines().find(|line| line.contains("_data")).unwrap();
    let cells: Vec<&str> = data.split_whitespace().collect();
    assert_eq!(cells[2..], ["10B", &format!("{}-app-1", stack.name)], "text and more: {usage}");
    let readers = docker(&["ps", "-a", "--filter", &format!("name={}_data-reader", stack.name), "-q"]);
    assert_eq!(readers, "", "nothing is left of the look");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_prints_what_the_reference_prints() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = Stack::new("volt").await;
    let db =
        "]}\n  db: {image: busybox, command: sleep 600, stop_signal: SIGKILL, volumes: ['other:/other']}";
    stack.write("compose.yaml", &FILE.replace(", 'other:/other']}", db));
    stack.ours(&["up", "-d"]);
    let template =
        "{{.Name}} {{.Driver}} {{.Scope}} {{.Mountpoint}} {{.Links}} {{.Size}} {{.Group}} {{json .Status}}";
    for words in [
        &["volumes", "--format", template][..],
        &["volumes", "--format", "table {{.Name}}\\t{{.Mountpoint}}\\t{{.Availability}}"],
        &["volumes", "app"],
        &["volumes", "-q", "app"],
    ] {
        assert_eq!(rows(&stack.ours(words)), rows(&stack.theirs(words)), "{words:?}");
    }
    let labels = |printed: String| {
        let mut labels: Vec<String> = printed.trim().split(',').map(str::to_owned).collect();
        labels.sort();
        labels
    };
    let words = ["volumes", "--format", "{{.Labels}}", "app"];
    assert_eq!(labels(stack.ours(&words)), labels(stack.theirs(&words)));
    let unknown = stack.command(&["volumes", "nobody"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&unknown.stderr), "no such service: nobody\n");
    assert_eq!(unknown.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_restored_is_what_was_backed_up() {
    if skipped() {
        return;
    }
    let stack = running("volback").await;
    let before = stack.ours(&["exec", "-T", "app", "sh", "-c", SHOW]);
    let warned = stack.command(&["volumes", "backup", "data", "data.tar"]).output().unwrap();
    assert!(warned.status.success());
    assert!(String::from_utf8(warned.stderr).unwrap().contains("is in use by"));
    assert!(names(&stack.path().join("data.tar")).contains(&"./deep/b".to_owned()));
    let again = stack.command(&["volumes", "backup", "data", "data.tar"]).output().unwrap();
    assert!(!again.status.success(), "a backup is never overwritten");

    stack.ours(&["exec", "-T", "app", "sh", "-c", "cd /data && rm -rf * && echo later > new"]);
    let used = stack.command(&["volumes", "restore", "data", "data.tar"]).output().unwrap();
    let said = String::from_utf8(used.stderr).unwrap();
    assert!(said.contains(&format!("is used by {}-app-1", stack.name)), "{said}");
    stack.ours(&["down"]);
    stack.write("broken.tar", "no tar at all");
    let broken = stack.command(&["volumes", "restore", "data", "broken.tar"]).output().unwrap();
    assert!(String::from_utf8(broken.stderr).unwrap().contains("is no whole tar"));
    stack.ours(&["up", "-d"]);
    let later = stack.ours(&["exec", "-T", "app", "sh", "-c", SHOW_NAMES]);
    stack.ours(&["down"]);
    assert!(later.contains("new") && !later.contains("deep"), "a broken tar changes nothing: {later}");
    stack.ours(&["volumes", "restore", "data", "data.tar"]);
    stack.ours(&["up", "-d"]);
    assert_eq!(stack.ours(&["exec", "-T", "app", "sh", "-c", SHOW]), before);
}

fn names(tar: &Path) -> Vec<String> {
    let mut archive = tar::Archive::new(File::open(tar).unwrap());
    let entries = archive.entries().unwrap();
    entries.map(|entry| String::from_utf8_lossy(&entry.unwrap().path_bytes()).into_owned()).collect()
}

/// Whole to every reader of tars, but more than the engine can unpack: a name too long for any file system.
#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_the_engine_cannot_finish_leaves_the_volume_as_it_was() {
    if skipped() {
        return;
    }
    let stack = running("volhalf").await;
    let before = stack.ours(&["exec", "-T", "app", "sh", "-c", SHOW]);
    stack.ours(&["down"]);
    let mut builder = tar::Builder::new(File::create(stack.path().join("half.tar")).unwrap());
    for name in ["first".to_owned(), "n".repeat(300)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(4);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, &b"text"[..]).unwrap();
    }
    builder.finish().unwrap();
    let half = stack.command(&["volumes", "restore", "data", "half.tar"]).output().unwrap();
    assert!(!half.status.success(), "{half:?}");
    let left = docker(&["volume", "ls", "-q", "--filter", &format!("name={}_data-restore", stack.name)]);
    assert_eq!(left, "", "the trial is gone");
    stack.ours(&["up", "-d"]);
    assert_eq!(stack.ours(&["exec", "-T", "app", "sh", "-c", SHOW]), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volume_with_holes_that_no_disk_can_fill_is_refused_and_leaves_nothing() {
    if skipped() {
        return;
    }
    let stack = running("volholes").await;
    stack.ours(&["exec", "-T", "app", "truncate", "-s", "8192G", "/data/holes"]);
    let words = ["volumes", "backup", "data", "data.tar"];
    let refusing =
        async { tokio::process::Command::from(stack.command(&words)).kill_on_drop(true).output().await };
    let refused = tokio::time::timeout(Duration::from_secs(60), refusing).await.expect("it ends").unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success());
    assert!(said.contains("holes: it needs 8388608 MB, and the disk has room for "), "{said}");
    assert!(!stack.path().join("data.tar").exists());
    let readers = format!("name={}_data-reader", stack.name);
    assert_eq!(docker(&["ps", "-aq", "--filter", &readers]), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_restore_has_left_goes_with_the_next_one() {
    if skipped() {
        return;
    }
    let stack = running("voltrial").await;
    let before = stack.ours(&["exec", "-T", "app", "sh", "-c", SHOW]);
    stack.ours(&["volumes", "backup", "data", "data.tar"]);
    stack.ours(&["down"]);
    let mut large = tar::Builder::new(File::create(stack.path().join("large.tar")).unwrap());
    let (mut header, size) = (tar::Header::new_gnu(), 200 << 20);
    header.set_size(size);
    large.append_data(&mut header, "large", std::io::repeat(0).take(size)).unwrap();
    large.finish().unwrap();
    let trials = || docker(&["volume", "ls", "-q", "--filter", &format!("name={}_data-restore", stack.name)]);
    let readers = format!("name={}_data-restore", stack.name);
    let readers = || docker(&["ps", "-aq", "--filter", &readers]);
    let mut restoring = stack.command(&["volumes", "restore", "data", "large.tar"]).spawn().unwrap();
    while readers().is_empty() {
        assert_eq!(restoring.try_wait().unwrap(), None, "it goes on until it is killed");
    }
    restoring.kill().unwrap();
    restoring.wait().unwrap();
    assert_ne!(trials(), "", "a killed one leaves its trial");
    stack.ours(&["volumes", "restore", "data", "data.tar"]);
    assert_eq!((trials(), readers()), (String::new(), String::new()));
    stack.ours(&["up", "-d"]);
    assert_eq!(stack.ours(&["exec", "-T", "app", "sh", "-c", SHOW]), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volume_in_use_is_not_removed_and_nobody_elses_is_known() {
    if skipped() {
        return;
    }
    let stack = running("volrm").await;
    let used = stack.command(&["volumes", "rm", "data"]).output().unwrap();
    assert_eq!(used.status.code(), Some(1));
    let said = String::from_utf8(used.stderr).unwrap();
    assert!(said.contains(&format!("is used by {}-app-1", stack.name)), "{said}");
    stack.ours(&["down"]);
    stack.ours(&["volumes", "rm", "data"]);
    assert_eq!(stack.ours(&["volumes", "-q"]), format!("{}_other\n", stack.name));
    let foreign = stack.command(&["volumes", "rm", "someone_elses"]).output().unwrap();
    assert!(String::from_utf8(foreign.stderr).unwrap().contains("has no volume someone_elses"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volume_stays_as_it_is_while_another_command_works_on_the_project() {
    if skipped() {
        return;
    }
    let stack = Stack::new("vollock").await;
    stack.write("compose.yaml", FILE);
    let state = tempfile::tempdir().unwrap();
    let locks = state.path().join("composeyard/locks");
    let _up = ProjectLock::take(&locks, &stack.name.parse().unwrap(), "up").unwrap();
    for words in [&["rm", "data"][..], &["backup", "data", "x.tar"], &["restore", "data", "compose.yaml"]] {
        let mut command = stack.command(&[&["volumes"], words].concat());
        let refused = command.env("XDG_STATE_HOME", state.path()).output().unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(1), "{words:?}");
        assert!(said.contains(&format!("up is running on {}", stack.name)), "{words:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_lists_backs_up_downloads_removes_and_restores() {
    if skipped() {
        return;
    }
    let (stack, agent) = running_file("volws", None, FILE).await;
    stack.ours(&["exec", "-T", "app", "sh", "-c", MAKE]);
    let before = stack.ours(&["exec", "-T", "app", "sh", "-c", SHOW]);
    let mut page = agent.page().await;
    let about = |request: &str, more: Value| {
        let mut message = json!({"request": request, "project": stack.name});
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        message
    };
    let (said, outcome) = page.ask(1, about("volumes", json!({}))).await;
    let [ServerMessage::Volumes { volumes: first, .. }, ServerMessage::Volumes { volumes, .. }] = &said[..]
    else {
        panic!("{said:?} {outcome:?}")
    };
    assert!(first.iter().all(|volume| volume.size.is_none()), "the list comes before the sizes");
    let data = volumes.iter().find(|volume| volume.key == "data").unwrap();
    assert_eq!((data.size, data.live, data.users.len()), (Some(10), true, 1), "text and more");

    let (said, outcome) = page.ask(2, about("back_up_volume", json!({"volume": "data"}))).await;
    assert_eq!(outcome, Outcome::Done, "{said:?}");
    let Some(ServerMessage::BackedUp { file, .. }) = said.last() else { panic!("{said:?}") };
    assert_eq!(file, "data-1.tar");
    let path = format!("/api/backups/{}/{file}", stack.name);
    let answer = agent.get(&path, &agent.token).await;
    let at = answer.windows(4).position(|part| part == b"\r\n\r\n").unwrap() + 4;
    std::fs::write(stack.path().join("got.tar"), &answer[at..]).unwrap();
    assert!(names(&stack.path().join("got.tar")).contains(&"./deep/b".to_owned()));
    assert!(agent.get(&path, "wrong").await.starts_with(b"HTTP/1.1 401"));
    assert!(
        agent.get("/api/backups/x/..%2f..%2fdata-1.tar", &agent.token).await.starts_with(b"HTTP/1.1 404")
    );

    let restore =
        || about("restore_volume", json!({"volume": "data", "backup": "data-1.tar", "selection": {}}));
    let (_, outcome) = page.ask(3, restore()).await;
    assert!(
        matches!(outcome, Outcome::Failed { failure } if failure.help.as_ref().unwrap().contains("down first"))
    );
    stack.ours(&["down"]);
    let (_, outcome) = page.ask(4, about("remove_volume", json!({"volume": "data"}))).await;
    assert_eq!(outcome, Outcome::Done);
    let (_, outcome) = page.ask(5, restore()).await;
    assert_eq!(outcome, Outcome::Done, "one that was removed comes back");
    stack.ours(&["up", "-d"]);
    assert_eq!(stack.ours(&["exec", "-T", "app", "sh", "-c", SHOW]), before);
    let (_, outcome) = page.ask(6, about("remove_volume", json!({"volume": "other"}))).await;
    assert!(matches!(outcome, Outcome::Failed { failure } if failure.kind == FailureKind::Engine));
    let (_, outcome) = page.ask(7, about("remove_backup", json!({"backup": "data-1.tar"}))).await;
    assert_eq!(outcome, Outcome::Done);
    let (project, gone) = (stack.name.parse().unwrap(), format!("{}_gone", stack.name));
    assert!(agent.app.engine.volume_size(&project, &gone).await.is_err());
    assert_eq!(docker(&["volume", "ls", "-q", "--filter", &format!("name={gone}")]), "", "a look makes none");
    let (said, _) = page.ask(8, about("volumes", json!({}))).await;
    assert!(matches!(&said[0], ServerMessage::Volumes { backups, .. } if backups.is_empty()));
}

/// An engine with this volume, which it never gets to send.
fn slow_engine(project: &str, volume: &str) -> Fake {
    let fake = Fake::speaking("1.41");
    let labels = json!({"com.docker.compose.project": project, "com.docker.compose.volume": "data"});
    let found = json!({"Name": volume, "Driver": "local", "Mountpoint": "", "Labels": labels, "Options": {}, "Scope": "local"});
    let listed = json!({"Volumes": [found], "Warnings": []}).to_string().leak();
    let image = r#"[{"Id":"sha256:1","ParentId":"","RepoTags":[],"RepoDigests":[],"Created":1,"Size":1,"SharedSize":0,"VirtualSize":1,"Labels":{},"Containers":0}]"#;
    fake.answer("/images/json", How::Say(image));
    fake.answer("GET /volumes?", How::Say(listed))
        .answer("GET /volumes/", How::Say(found.to_string().leak()));
    fake.answer("/archive?", How::Hang);
    fake
}

#[tokio::test(flavor = "multi_thread")]
async fn a_back_up_that_waits_for_another_look_is_cancelled_at_once_and_leaves_nothing() {
    if skipped() {
        return;
    }
    let stack = Stack::new("volwait").await;
    let volume = format!("{}_data", stack.name);
    let mut fake = slow_engine(&stack.name, &volume);
    let agent = Agent::of(&stack, Some(fake.host()), FILE);
    let (mut looking, mut page) = (agent.page().await, agent.page().await);
    let about = |request: &str| json!({"request": request, "project": stack.name, "volume": "data"});
    let request = |id: u32, request: Value| json!({"type": "request", "id": id, "request": request});
    looking.say(&request(1, json!({"request": "volumes", "project": stack.name}))).await;
    while !fake.calls().iter().any(|call| call.line.contains("/archive?")) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let reads = fake.calls().len();
    page.say(&request(2, about("back_up_volume"))).await;
    let backups = agent.project(&stack).parent().unwrap().join(".composeyard/backups").join(&stack.name);
    let begun = || std::fs::read_dir(&backups).map_or(0, Iterator::count);
    while begun() == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    page.say(&json!({"type": "cancel", "id": 2})).await;
    let ended = tokio::time::timeout(Duration::from_secs(5), page.message(2)).await.expect("at once");
    assert!(matches!(ended, ServerMessage::Finished { outcome: Outcome::Cancelled, .. }), "{ended:?}");
    assert_eq!(begun(), 0);
    let changes = fake.calls().split_off(reads).into_iter().filter(|call| !call.line.starts_with("GET "));
    assert_eq!(changes.map(|call| call.line).collect::<Vec<_>>(), [""; 0], "it has not touched the volume");
    // What looks ends with its engine; until then every other look of this process waits.
    fake.stop();
    looking.message(1).await;
}

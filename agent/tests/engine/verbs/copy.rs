//! `cp`: the same files as `docker compose cp` makes, in both directions.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    os::unix::{
        ffi::OsStrExt,
        fs::{MetadataExt, PermissionsExt, symlink},
    },
    path::Path,
    process::{Child, Command as Process, Stdio},
};

use crate::real::{Stack, has_compose, skipped};

const FILE: &str = "
services:
  app:
    image: busybox
    command: sleep 600
    stop_signal: SIGKILL
    scale: 2
  ended: {image: busybox, command: sh -c 'echo rest > /left'}
";

/// Files, a folder, a hard link, links that stay inside.
const MAKE: &str = "mkdir -p /src/deep/empty /dest/in && cd /src && echo text > a && chmod 750 a && ln a hard \
                    && ln -s a link && ln -s ../a deep/up && echo more > deep/b && ln -s /src /linked \
                    && echo latin > \"$(printf 'caf\\351')\"";

async fn running(test: &str) -> Stack {
    let stack = Stack::new(test).await;
    stack.write("compose.yaml", FILE);
    stack.ours(&["up", "-d"]);
    stack.ours(&["exec", "-T", "app", "sh", "-c", MAKE]);
    stack.ours(&["exec", "-T", "--index", "2", "app", "sh", "-c", MAKE]);
    stack
}

/// Each path below a folder with its mode, how many names it has, and its text or target.
fn tree(folder: &Path) -> BTreeMap<OsString, (u32, u64, String)> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let metadata = path.symlink_metadata().unwrap();
            let text = match () {
                () if metadata.is_symlink() => format!("-> {}", std::fs::read_link(&path).unwrap().display()),
                () if metadata.is_dir() => {
                    open.push(path.clone());
                    "/".to_owned()
                }
                () => std::fs::read_to_string(&path).unwrap(),
            };
            let name = path.strip_prefix(folder).unwrap().into();
            found.insert(name, (metadata.permissions().mode() & 0o777, metadata.nlink(), text));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_out_is_what_the_reference_takes_out() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = running("cpout").await;
    for (source, dest) in [
        ("app:/src/a", "x"),
        ("app:/src/a", "dir"),
        ("app:/src/a", "dir/"),
        ("app:src/a", "dir/renamed"),
        ("app:/src", "x"),
        ("app:/src", "dir"),
        ("app:/src/", "dir"),
        ("app:/src/.", "dir"),
        ("app:/src/.", "x"),
        ("app:/src/link", "x"),
        ("app:/src/deep", "dir/other"),
        ("app:/linked/.", "dir"),
        ("ended:/left", "x"),
        ("app:/src/a", "link"),
        ("app:/src/a", "dangling"),
        ("app:/src/a", "dirlink"),
        ("app:/src", "dirlink"),
        ("app:/src/link", "link"),
        ("app:/src/a", "there"),
    ] {
        let copied = |who: &str| {
            let folder = stack.path().join(who);
            std::fs::create_dir_all(folder.join("dir")).unwrap();
            std::fs::create_dir_all(folder.join("there")).unwrap();
            std::fs::write(folder.join("old"), "old\n").unwrap();
            for (link, target) in
                [("link", "old"), ("dangling", "dir/new"), ("dirlink", "dir"), ("there/a", "../old")]
            {
                symlink(target, folder.join(link)).unwrap();
            }
            let dest = format!("{who}/{dest}");
            match who {
                "ours" => stack.ours(&["cp", source, &dest]),
                _ => stack.theirs(&["cp", source, &dest]),
            };
            let tree = tree(&folder);
            std::fs::remove_dir_all(&folder).unwrap();
            tree
        };
        assert_eq!(copied("ours"), copied("theirs"), "cp {source} {dest}");
    }
    let followed = stack.path().join("followed");
    stack.ours(&["cp", "-L", "app:/src/link", followed.to_str().unwrap()]);
    assert_eq!(std::fs::read_to_string(&followed).unwrap(), "text\n");
    assert!(!followed.is_symlink());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_in_is_what_the_reference_puts_in() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = running("cpin").await;
    stack.write("src/a", "text\n");
    stack.write("src/deep/b", "more\n");
    std::os::unix::fs::chown(stack.path().join("src/a"), Some(1234), Some(1234)).unwrap();
    symlink("../a", stack.path().join("src/deep/up")).unwrap();
    std::fs::hard_link(stack.path().join("src/a"), stack.path().join("src/deep/hard")).unwrap();
    std::fs::write(stack.path().join("src").join(OsStr::from_bytes(b"caf\xe9")), "latin\n").unwrap();
    symlink("src", stack.path().join("linked")).unwrap();
    for (source, dest) in [
        ("src/a", "/dest/x"),
        ("src/a", "/dest/in"),
        ("./src/a", "/dest/in/"),
        ("src", "/dest/x"),
        ("src", "/dest/in"),
        ("src/.", "/dest/in"),
        ("linked", "/dest/in"),
        ("linked/.", "/dest/in"),
        ("src/a", "/linked/in-link"),
        ("src", "/linked"),
    ] {
        let inside = |who: &str| {
            let dest = format!("app:{dest}");
            let words = ["cp", source, &dest];
            match who {
                "ours" => stack.ours(&words),
                _ => stack.theirs(&words),
            };
            let script =
                "cd / && find dest src | sort | xargs ls -ldn | awk '{print $1, $2, $3, $4, $9, $10, $11}'";
            let list = |index: &str| stack.ours(&["exec", "-T", "--index", index, "app", "sh", "-c", script]);
            let both = (list("1"), list("2"));
            for index in ["1", "2"] {
                let again = format!("rm -rf /dest /src /linked && {MAKE}");
                stack.ours(&["exec", "-T", "--index", index, "app", "sh", "-c", &again]);
            }
            both
        };
        let (ours, theirs) = (inside("ours"), inside("theirs"));
        assert_eq!(ours, theirs, "cp {source} {dest}");
        assert_eq!(ours.0, ours.1, "into each container");
    }
    stack.ours(&["cp", "--index", "2", "src/a", "app:/only-here"]);
    let has = |index: &str| {
        let words = ["exec", "-T", "--index", index, "app", "test", "-e", "/only-here"];
        stack.command(&words).output().unwrap().status.success()
    };
    assert_eq!((has("1"), has("2")), (false, true));
}

/// A temporary command is gone after this, and with it the ends of pipes that it was given.
fn begun(command: &mut Process) -> Child {
    command.stderr(Stdio::piped()).spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn tars_go_through_standard_input_and_output() {
    if skipped() {
        return;
    }
    let stack = running("cptar").await;
    let (reader, writer) = std::io::pipe().unwrap();
    let into = begun(stack.command(&["cp", "--index", "2", "-", "app:/dest"]).stdin(reader));
    // The engine locks a container that it unpacks into: whoever makes the tar may have to look at it first.
    for _ in 0..10 {
        stack.ours(&["ps", "--time-limit", "20s"]);
    }
    let out = begun(stack.command(&["cp", "app:/src", "-"]).stdout(writer));
    for (end, process) in [("out", out), ("in", into)] {
        let ended = process.wait_with_output().unwrap();
        assert!(
            ended.status.success(),
            "{end}: {}: {}",
            ended.status,
            String::from_utf8_lossy(&ended.stderr)
        );
    }
    let read = stack.ours(&["exec", "-T", "--index", "2", "app", "cat", "/dest/src/deep/up"]);
    assert_eq!(read, "text\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tar_larger_than_every_pipe_goes_from_a_container_into_itself() {
    if skipped() {
        return;
    }
    let stack = running("cpself").await;
    let make = "head -c 6000000 /dev/urandom > /src/big && sha256sum < /src/big";
    let made = stack.ours(&["exec", "-T", "app", "sh", "-c", make]);
    let (reader, writer) = std::io::pipe().unwrap();
    let ends = [
        (
            "in",
            begun(
                stack.command(&["cp", "--index", "1", "--time-limit", "60s", "-", "app:/dest"]).stdin(reader),
            ),
        ),
        ("out", begun(stack.command(&["cp", "app:/src/big", "-"]).stdout(writer))),
    ];
    for (end, process) in ends {
        let ended = process.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{end}: {}: {said}", ended.status);
    }
    assert_eq!(stack.ours(&["exec", "-T", "app", "sh", "-c", "sha256sum < /dest/big"]), made);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_lead_out_are_left_out_and_named() {
    if skipped() {
        return;
    }
    let stack = running("cplinks").await;
    stack.ours(&["exec", "-T", "app", "ln", "-s", "/etc", "/src/out"]);
    std::fs::create_dir(stack.path().join("dir")).unwrap();
    let copied = stack.command(&["cp", "app:/src", "dir"]).output().unwrap();
    assert_eq!(copied.status.code(), Some(1));
    let said = String::from_utf8(copied.stderr).unwrap();
    assert!(said.contains("src/out was left out: it is a link to /etc"), "{said}");
    assert!(!stack.path().join("dir/src/out").is_symlink());
    assert_eq!(std::fs::read_to_string(stack.path().join("dir/src/deep/up")).unwrap(), "text\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_copied_is_refused() {
    if skipped() {
        return;
    }
    let stack = running("cpno").await;
    stack.write("file", "");
    for (words, why) in [
        (["app:/none", "x"], "there is no /none in container"),
        (["app:/src", "file"], "file is a file"),
        (["app:/src/a", "none/"], "there is no folder none/"),
        (["none", "app:/dest"], "none cannot be read"),
        (["file", "app:/none/below/x"], "none"),
        (["app:/a", "ended:/b"], "copying between services"),
        (["a", "b"], "must be SERVICE:PATH"),
        (["nobody:/a", "b"], "no container found for service \"nobody\""),
    ] {
        let refused = stack.command(&["cp", words[0], words[1]]).output().unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && said.contains(why), "{words:?}: {said}");
    }
}

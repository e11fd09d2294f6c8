//! An engine behind SSH: `DOCKER_HOST=ssh://…`, by the real `ssh` and, where it is installed, the real `sshd`.

use std::{
    ffi::OsString,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use crate::real::{Stack, skipped};

const FILE: &str = "
services:
  app: {image: busybox, command: sh -c 'echo started && sleep 600', stop_signal: SIGKILL}
";

const SSHD: &str = "/usr/sbin/sshd";

/// Plays the far side where there is no `sshd`: a shell that gets the words, and no variable of this side.
const SHELL: &str = "while [ \"$1\" != -- ]; do shift; done\nshift 2\nunset DOCKER_HOST\nexec sh -c \"$*\"\n";

/// `PATH` with a program `ssh` of this content before all others.
fn path_with_ssh(folder: &Path, script: &str) -> OsString {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).unwrap();
    fs::write(folder.join("script"), format!("#!/bin/sh\n{script}")).unwrap();
    // Written by a process of its own: what another thread starts meanwhile would hold it open, and it could not run.
    let install = ["-m", "755", "script", "bin/ssh"];
    assert!(Command::new("install").args(install).current_dir(folder).status().unwrap().success());
    let others = std::env::var_os("PATH").unwrap();
    std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&others))).unwrap()
}

/// What `ssh` has to be: itself with keys and a host `far` that is this machine, each connection by an `sshd` of its
/// own; else a shell, and that is said.
fn far(folder: &Path) -> String {
    if !Path::new(SSHD).exists() {
        println!("no sshd here: a shell plays the far side");
        return SHELL.to_owned();
    }
    // Where it has never run as a service, it misses this folder.
    let _made_or_there = fs::create_dir_all("/run/sshd");
    for key in ["host", "user"] {
        let words = ["-q", "-t", "ed25519", "-N", "", "-f"];
        assert!(Command::new("ssh-keygen").args(words).arg(folder.join(key)).status().unwrap().success());
    }
    let at = |name: &str| folder.join(name).display().to_string();
    let public = fs::read_to_string(folder.join("host.pub")).unwrap();
    fs::write(folder.join("known"), format!("far {public}")).unwrap();
    let server = format!(
        "HostKey {}\nAuthorizedKeysFile {}\nStrictModes no\nUsePAM no\nPidFile none\nPermitRootLogin yes\n",
        at("host"),
        at("user.pub")
    );
    fs::write(folder.join("server"), server).unwrap();
    let client = format!(
        "Host far\nProxyCommand {SSHD} -i -f {}\nIdentityFile {}\nIdentitiesOnly yes\nUserKnownHostsFile {}\n",
        at("server"),
        at("user"),
        at("known")
    );
    fs::write(folder.join("client"), client).unwrap();
    format!("exec /usr/bin/ssh -F {} \"$@\"\n", at("client"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_behind_ssh_runs_a_stack() {
    if skipped() {
        return;
    }
    let stack = Stack::new("ssh").await;
    stack.write("compose.yaml", FILE);
    let path = path_with_ssh(stack.path(), &far(stack.path()));
    let ran = |words: &[&str], input: &str| {
        let mut command = stack.command(words);
        command.env("DOCKER_HOST", "ssh://far").env("PATH", &path);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        let mut to = running.stdin.take().unwrap();
        let ended = std::thread::scope(|scope| {
            // What comes back has to be read meanwhile: the pipes hold less than is sent.
            scope.spawn(move || to.write_all(input.as_bytes()).unwrap());
            running.wait_with_output().unwrap()
        });
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{words:?}: {}: {said}", ended.status);
        String::from_utf8(ended.stdout).unwrap()
    };
    ran(&["up", "-d"], "");
    assert!(ran(&["ps"], "").contains("app"));
    assert_eq!(ran(&["exec", "-T", "app", "cat"], "there and back"), "there and back", "both directions end");
    assert!(ran(&["logs"], "").contains("started"));
    let large = "line\n".repeat(200_000);
    assert_eq!(ran(&["exec", "-T", "app", "cat"], &large), large, "more than any buffer holds");
    ran(&["down"], "");
    assert_eq!(ran(&["ps", "--all", "--quiet"], ""), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_fails_is_told_in_the_words_of_ssh() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("compose.yaml"), FILE).unwrap();
    let path = path_with_ssh(folder.path(), "echo 'me@far: Permission denied (publickey).' >&2\nexit 255\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_composeyard"));
    command.arg("ps").current_dir(folder.path()).env("DOCKER_HOST", "ssh://me@far").env("PATH", &path);
    let ended = command.output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success());
    for words in
        ["ssh://me@far: me@far: Permission denied (publickey).", "Check that ssh runs docker version there"]
    {
        assert!(said.contains(words), "{said}");
    }
}

//! `exec`: streams, exit code, and a terminal of its own on a real pseudo-terminal.

use std::{
    fs::File,
    io::{Read, Write},
    os::fd::OwnedFd,
    process::{Child, Command as Process, Stdio},
};

use rustix::{
    pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt},
    termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize},
};

use crate::real::{Stack, done, has_compose, skipped};

const FILE: &str = "
services:
  app: {image: busybox, command: sleep 600, stop_signal: SIGKILL, scale: 2, environment: {HERE: app}}
  ended: {image: busybox, command: 'true'}
";

async fn running(test: &str) -> Stack {
    let stack = Stack::new(test).await;
    stack.write("compose.yaml", FILE);
    stack.ours(&["up", "-d"]);
    stack
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_and_exit_code_are_those_of_the_command() {
    if skipped() {
        return;
    }
    let stack = running("exec").await;
    let script = "echo out; echo err >&2; exit 42";
    let ran = stack.command(&["exec", "-T", "app", "sh", "-c", script]).output().unwrap();
    assert_eq!(ran.status.code(), Some(42));
    assert_eq!((&ran.stdout[..], &ran.stderr[..]), (&b"out\n"[..], &b"err\n"[..]));

    let options = ["exec", "-u", "1234", "-w", "/tmp", "-e", "A=b", "-e", "FROM_SHELL"];
    let words = [&options[..], &["app", "sh", "-c", "echo $(id -u) $PWD $A $FROM_SHELL $HERE"]].concat();
    let ran = stack.command(&words).env("FROM_SHELL", "shell").output().unwrap();
    assert_eq!(done(&ran), "1234 /tmp b shell app\n");

    let hostname = |index: &str| stack.ours(&["exec", "--index", index, "app", "hostname"]);
    assert_ne!(hostname("1"), hostname("2"));
    if has_compose() {
        // Not every engine may give all rights away.
        let words = ["exec", "-T", "--privileged", "app", "grep", "CapEff", "/proc/self/status"];
        let (ours, theirs) = (stack.command(&words), stack.their_command(&words));
        let [ours, theirs] = [ours, theirs].map(|mut command| command.output().unwrap());
        assert_eq!((ours.status.code(), ours.stdout), (theirs.status.code(), theirs.stdout));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_piped_in_arrives_whole_and_its_end_too() {
    if skipped() {
        return;
    }
    let stack = running("execpipe").await;
    let sent: Vec<u8> = (0..3_000_000_u32).map(|at| (at % 251) as u8).collect();
    let mut child = stack
        .command(&["exec", "-T", "app", "cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let writing = std::thread::spawn({
        let sent = sent.clone();
        move || input.write_all(&sent)
    });
    let ended = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    done_bytes(&ended.status);
    assert!(ended.stdout == sent, "{} of {} bytes", ended.stdout.len(), sent.len());
}

#[track_caller]
fn done_bytes(status: &std::process::ExitStatus) {
    assert!(status.success(), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_detached_command_goes_on_by_itself() {
    if skipped() {
        return;
    }
    let stack = running("execdetach").await;
    stack.ours(&["exec", "app", "mkfifo", "/told"]);
    stack.ours(&["exec", "-d", "app", "sh", "-c", "echo done > /told"]);
    assert_eq!(stack.ours(&["exec", "app", "cat", "/told"]), "done\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_run_is_refused_as_the_reference_does() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = running("execno").await;
    for words in [
        &["exec", "-T", "nobody", "true"][..],
        &["exec", "-T", "ended", "true"],
        &["exec", "-T", "--index", "7", "app", "true"],
    ] {
        let ours = stack.command(words).output().unwrap();
        let theirs = stack.their_command(words).output().unwrap();
        assert_eq!(ours.status.code(), theirs.status.code(), "{words:?}");
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        assert_eq!(said(&ours.stderr), said(&theirs.stderr), "{words:?}");
    }
    let missing = stack.command(&["exec", "-T", "app", "no-such-program"]).output().unwrap();
    assert!(matches!(missing.status.code(), Some(126 | 127)), "{:?}", missing.status);
}

/// A pseudo-terminal with a program that believes it is a person's.
struct Terminal {
    screen: File,
    other_end: OwnedFd,
    program: Child,
    seen: String,
}

impl Terminal {
    /// `setsid` makes it the terminal that the program's size signals come from.
    fn with(stack: &Stack, words: &[&str]) -> Self {
        let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&screen).unwrap();
        unlockpt(&screen).unwrap();
        let other_end = ioctl_tiocgptpeer(&screen, OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        let end = || Stdio::from(other_end.try_clone().unwrap());
        let command = stack.command(words);
        let mut program = Process::new("setsid");
        program.args(["--ctty", "--wait"]).arg(command.get_program()).args(command.get_args());
        program.current_dir(stack.path()).stdin(end()).stdout(end()).stderr(end());
        let screen =
            Self { screen: screen.into(), program: program.spawn().unwrap(), other_end, seen: String::new() };
        screen.resize(24, 80);
        screen
    }

    fn resize(&self, rows: u16, columns: u16) {
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.screen, size).unwrap();
    }

    fn type_in(&mut self, text: &str) {
        self.screen.write_all(text.as_bytes()).unwrap();
    }

    /// Reads until the text is on the screen.
    fn see(&mut self, text: &str) {
        let mut buffer = [0; 4096];
        while !self.seen.contains(text) {
            let length = self.screen.read(&mut buffer).unwrap();
            assert_ne!(length, 0, "{text:?} is not in {:?}", self.seen);
            self.seen.push_str(&String::from_utf8_lossy(&buffer[..length]));
        }
        self.seen.clear();
    }

    /// The line editor of the system is switched on: keys are echoed and wait for Enter.
    fn is_cooked(&self) -> bool {
        let modes = tcgetattr(&self.other_end).unwrap().local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_is_raw_has_a_size_and_is_given_back() {
    if skipped() {
        return;
    }
    let stack = running("exectty").await;
    let mut terminal = Terminal::with(&stack, &["exec", "app", "sh"]);
    terminal.see("# ");
    assert!(!terminal.is_cooked(), "each key goes to the command");
    terminal.type_in("echo [$(tty)]\r");
    terminal.see("[/dev/pts/");
    terminal.resize(33, 101);
    // The new size arrives a moment after the signal.
    terminal.type_in("until [ \"$(stty size)\" = '33 101' ]; do :; done; echo big\"\"ger\r");
    terminal.see("bigger");
    // By a shell of its own: one that reads keys may not have handed the terminal to the `sleep` when Ctrl-C comes.
    terminal.type_in("sh -c 'echo go\"\"ing; sleep 600'\r");
    terminal.see("going");
    terminal.type_in("\x03");
    terminal.type_in("echo still\" \"here\r");
    terminal.see("still here");
    terminal.type_in("exit 17\r");
    assert_eq!(terminal.program.wait().unwrap().code(), Some(17));
    assert!(terminal.is_cooked(), "the terminal is as it was");
}

//! A Docker engine of a test's own, to be killed or to be reached in another way. It lives in namespaces of its own: its networks, mounts and processes
//! never meet those of the machine's engine, and the end of its first process is the end of them all.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use composeyard::engine::Engine;
use composeyard_protocol::EngineState;
use tempfile::TempDir;
use tokio::time::timeout;

/// The first process: starts and kills the engine in `$1`, with the other words as options, as it is told, and ends when nobody is left to tell it. Bash
/// also buries what the engine leaves when it is killed: it would wait for a dead helper to answer.
const KEEPER: &str = r#"
ip link set lo up
folder=$1
shift
while read -r order; do
    case $order in
    start)
        dockerd --host "unix://$folder/engine.sock" --data-root "$folder/data" --exec-root "$folder/exec" \
            --pidfile "$folder/engine.pid" --storage-driver vfs --bridge none --iptables=false "$@" \
            >>"$folder/log" 2>&1 &
        engine=$!
        ;;
    kill)
        kill -KILL $engine
        wait $engine 2>/dev/null
        ;;
    esac
    echo $order
done
"#;

/// Far longer than a start takes.
const PATIENCE: Duration = Duration::from_secs(60);

const NAMESPACES: [&str; 6] = ["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"];

/// The engine, with the image `busybox`; it ends with its value. Without networks: give services `network_mode: none`.
pub(crate) struct OwnEngine {
    folder: TempDir,
    keeper: Child,
    orders: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
}

impl OwnEngine {
    /// None where this user cannot start one; says so.
    pub(crate) async fn start() -> Option<Self> {
        Self::start_with(&[]).await
    }

    /// As [`Self::start`], with more options of `dockerd`.
    pub(crate) async fn start_with(options: &[&str]) -> Option<Self> {
        if !can_be_started() {
            println!("skipped: an engine of the test's own needs root, unshare and dockerd");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = Command::new("unshare")
            .args(NAMESPACES)
            .args(["bash", "-c", KEEPER, "keeper"])
            .arg(folder.path())
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = keeper.stdin.take();
        let answers = BufReader::new(keeper.stdout.take().unwrap()).lines();
        let mut engine = Self { folder, keeper, orders, answers };
        engine.start_again();
        engine.ready().await;
        engine.load("busybox:latest");
        Some(engine)
    }

    /// For `Engine::connect`.
    pub(crate) fn host(&self) -> String {
        format!("unix://{}", self.folder.path().join("engine.sock").display())
    }

    /// A program beside the engine, where the engine's own addresses are.
    pub(crate) fn enter(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net=/proc/{}/ns/net", self.keeper.id())).arg(program);
        command
    }

    /// Kills it at once, as a crash would. Its containers live on until it is started again.
    pub(crate) fn kill(&mut self) {
        self.order("kill");
    }

    /// Starts it after a kill; it answers a moment later.
    pub(crate) fn start_again(&mut self) {
        self.order("start");
    }

    fn order(&mut self, order: &str) {
        writeln!(self.orders.as_ref().unwrap(), "{order}").unwrap();
        let answer = self.answers.next().map(Result::unwrap);
        assert_eq!(answer.as_deref(), Some(order), "{}", self.log());
    }

    /// Waits until it answers.
    pub(crate) async fn ready(&self) {
        let engine = Engine::connect(Some(self.host()));
        let mut state = engine.state();
        let up = state.wait_for(|state| matches!(state, EngineState::Up { .. }));
        let answers = timeout(PATIENCE, up).await;
        assert!(matches!(answers, Ok(Ok(_))), "the engine does not start: {}", self.log());
    }

    /// An image of the machine's engine.
    fn load(&self, image: &str) {
        let copy = "docker save \"$1\" | docker --host \"$2\" load";
        let loaded = Command::new("sh").args(["-c", copy, "load", image, &self.host()]).output().unwrap();
        assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
    }

    /// The end of what it has said.
    fn log(&self) -> String {
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for OwnEngine {
    fn drop(&mut self) {
        // Waiting ends when all of its processes have: nothing writes into the folder any more.
        drop(self.orders.take());
        let _ended = self.keeper.wait();
    }
}

fn can_be_started() -> bool {
    let works = |program: &str, words: &[&str]| {
        Command::new(program).args(words).output().is_ok_and(|output| output.status.success())
    };
    works("dockerd", &["--version"]) && works("unshare", &[&NAMESPACES[..], &["true"]].concat())
}

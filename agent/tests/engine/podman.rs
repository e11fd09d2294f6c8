//! Podman in place of Docker, where it is installed.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use composeyard::engine::Engine;
use composeyard_protocol::EngineState;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::real::{Stack, skipped};

/// The first process: Podman's service with all that it keeps in `$1`. Health checks are run by systemd's timers; where
/// there are none, a loop does it.
const KEEPER: &str = r#"
ip link set lo up
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /dev/shm
podman() {
    command podman --root "$folder/root" --runroot "$folder/run" --tmpdir "$folder/tmp" --storage-driver vfs \
        --network-config-dir "$folder/networks" --cgroup-manager cgroupfs --events-backend file \
        --runtime "$(command -v runc || command -v crun)" "$@"
}
folder=$1
while sleep 0.2; do
    for container in $(podman ps --quiet --filter health=starting); do
        podman healthcheck run "$container"
    done
done >"$folder/checks" 2>&1 &
podman system service --time=0 "unix://$folder/engine.sock" >"$folder/log" 2>&1
"#;

/// Far longer than a start takes.
const PATIENCE: Duration = Duration::from_secs(60);

const FILE: &str = "
services:
  db:
    image: busybox
    command: sh -c 'echo db started; sleep 600'
    stop_signal: SIGKILL
    healthcheck: {test: [CMD, test, -e, /data], interval: 1s}
    volumes: [data:/data]
  web:
    image: busybox
    command: sh -c 'echo web started; httpd -f -p 8000 -h /site'
    stop_signal: SIGKILL
    configs: [{source: page, target: /site/index.html}]
    secrets: [word]
    environment: {GREETING: hello}
    ports: ['18080:8000']
    networks: [default, back]
    depends_on: {db: {condition: service_healthy}}
  job: {image: busybox, command: 'true', network_mode: none}
volumes: {data: {}}
networks: {back: {ipam: {config: [{subnet: 10.77.0.0/24}]}}}
configs: {page: {content: a page}}
secrets: {word: {file: word}}
";

/// Podman in namespaces of its own, with the image `busybox`; it ends with its value.
struct OwnPodman {
    folder: TempDir,
    keeper: Child,
}

impl OwnPodman {
    /// None where this user cannot start it; says so.
    async fn start() -> Option<Self> {
        const NAMESPACES: [&str; 6] = ["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"];
        let works = |program: &str, words: &[&str]| {
            Command::new(program).args(words).output().is_ok_and(|output| output.status.success())
        };
        if !works("podman", &["--version"]) || !works("unshare", &[&NAMESPACES[..], &["true"]].concat()) {
            println!("skipped: Podman needs to be installed, and root");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = Command::new("unshare");
        keeper.args(NAMESPACES).args(["bash", "-c", KEEPER, "keeper"]).arg(folder.path());
        let podman = Self { keeper: keeper.stdin(Stdio::null()).spawn().unwrap(), folder };
        let engine = Engine::connect(Some(podman.host()));
        let mut state = engine.state();
        let up = timeout(PATIENCE, state.wait_for(|state| matches!(state, EngineState::Up { .. }))).await;
        let EngineState::Up { name, .. } = up.unwrap().unwrap().clone() else { unreachable!() };
        assert_eq!(name, "Podman");
        let copy = "docker save busybox:latest | docker --host \"$1\" load";
        let loaded = Command::new("sh").args(["-c", copy, "load", &podman.host()]).output().unwrap();
        assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
        Some(podman)
    }

    fn host(&self) -> String {
        format!("unix://{}", self.folder.path().join("engine.sock").display())
    }
}

impl Drop for OwnPodman {
    fn drop(&mut self) {
        let _gone = self.keeper.kill();
        let _ended = self.keeper.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn podman_runs_a_stack_from_up_to_down() {
    if skipped() {
        return;
    }
    let Some(podman) = OwnPodman::start().await else { return };
    let stack = Stack::on("podman", Some(podman.host())).await;
    stack.write("compose.yaml", FILE);
    stack.write("word", "secret");
    stack.write("copied", "there and back");
    stack.ours(&["up", "-d", "--time-limit", "60s"]);
    let planned = stack.ours(&["plan"]);
    assert!(!planned.contains("create") && !planned.contains("remove"), "{planned}");
    let listed = stack.ours(&["ps"]);
    assert!(listed.contains("0.0.0.0:18080->8000/tcp"), "{listed}");
    assert_eq!(stack.ours(&["port", "web", "8000"]), "0.0.0.0:18080\n");
    let logged = stack.ours(&["logs"]);
    assert!(logged.contains("db started") && logged.contains("web started"), "{logged}");

    let inside = |script: &str| stack.ours(&["exec", "-T", "web", "sh", "-c", script]);
    assert_eq!(
        inside("wget -qO- localhost:8000; cat /run/secrets/word; echo $GREETING"),
        "a pagesecrethello\n"
    );
    let failed = stack.command(&["exec", "-T", "web", "sh", "-c", "exit 7"]).status().unwrap();
    assert_eq!(failed.code(), Some(7));
    stack.ours(&["cp", "copied", "web:/tmp/copied"]);
    stack.ours(&["cp", "web:/tmp/copied", "back"]);
    assert_eq!(std::fs::read_to_string(stack.path().join("back")).unwrap(), "there and back");
    assert!(stack.ours(&["top", "web"]).contains("httpd"));
    assert!(stack.ours(&["images"]).contains("busybox"));

    stack.ours(&["pause", "web"]);
    stack.ours(&["unpause", "web"]);
    stack.ours(&["restart", "web", "--time-limit", "60s"]);
    stack.ours(&["scale", "db=2", "--time-limit", "60s"]);
    assert_eq!(stack.ours(&["ps", "--quiet"]).lines().count(), 3);
    stack.ours(&["volumes", "backup", "data", "data.tar"]);
    stack.ours(&["stop"]);
    stack.ours(&["down", "-v"]);
    assert_eq!(stack.ours(&["ps", "--all", "--quiet"]), "");
}

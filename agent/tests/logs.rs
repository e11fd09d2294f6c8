//! Logs of real containers on a real engine. Skipped, loudly, with `COMPOSEYARD_SKIP_ENGINE=1`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test says where it fails and what it skips"
)]

use std::{collections::HashMap, time::Duration};

use bollard::{
    Docker,
    models::ContainerCreateBody,
    query_parameters::{CreateContainerOptionsBuilder, RemoveContainerOptionsBuilder},
};
use composeyard::{
    engine::Engine,
    logs::{LogEvent, Subscription, follow},
};
use composeyard_compose::ProjectName;
use composeyard_logs::{line::Cursor, resume::Tracker, wire};
use composeyard_protocol::{LogSource, RequestId};
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(60);

fn skipped() -> bool {
    let skip = std::env::var_os("COMPOSEYARD_SKIP_ENGINE").is_some_and(|value| value == "1");
    if skip {
        eprintln!("SKIPPED: COMPOSEYARD_SKIP_ENGINE=1, logs were not followed on an engine");
    }
    skip
}

/// A project with one container, removed at the end.
struct Stage {
    docker: Docker,
    project: ProjectName,
}

impl Stage {
    async fn new(test: &str) -> Self {
        let docker =
            Docker::connect_with_defaults().unwrap().negotiate_version().await.expect("a Docker engine");
        let project = ProjectName::new(format!("cylogs-{test}-{}", std::process::id())).unwrap();
        Self { docker, project }
    }

    fn name(&self) -> String {
        format!("{}-talker-1", self.project)
    }

    async fn run(&self, script: &str, tty: bool) {
        let labels = [
            ("com.docker.compose.project", self.project.as_str()),
            ("com.docker.compose.service", "talker"),
            ("com.docker.compose.container-number", "1"),
            ("com.docker.compose.oneoff", "False"),
        ];
        let body = ContainerCreateBody {
            image: Some("busybox:latest".to_owned()),
            cmd: Some(vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()]),
            tty: Some(tty),
            labels: Some(
                labels
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .into_iter()
                    .collect::<HashMap<_, _>>(),
            ),
            ..ContainerCreateBody::default()
        };
        let options = CreateContainerOptionsBuilder::default().name(&self.name()).build();
        self.docker.create_container(Some(options), body).await.unwrap();
        self.start().await;
    }

    async fn start(&self) {
        self.docker.start_container(&self.name(), None).await.unwrap();
    }

    fn follow(&self, cursors: Vec<Cursor>) -> Follower {
        let (out, events) = mpsc::channel(16);
        let cancel = CancellationToken::new();
        let subscription = Subscription {
            request: RequestId(9),
            project: self.project.clone(),
            services: Vec::new(),
            tail: None,
            index: None,
            since: None,
            cursors,
        };
        let task = tokio::spawn(follow(Engine::connect(None), subscription, out, cancel.clone()));
        Follower { events, cancel, task, lines: Vec::new(), sources: Vec::new(), tracker: Tracker::default() }
    }

    async fn remove(self) {
        let force = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
        self.docker.remove_container(&self.name(), Some(force)).await.unwrap();
    }
}

/// A subscriber that keeps all it gets.
struct Follower {
    events: mpsc::Receiver<LogEvent>,
    cancel: CancellationToken,
    task: JoinHandle<()>,
    lines: Vec<String>,
    sources: Vec<LogSource>,
    tracker: Tracker,
}

impl Follower {
    async fn until(&mut self, enough: impl Fn(&Self) -> bool) {
        while !enough(self) {
            let event = timeout(PATIENCE, self.events.recv()).await;
            let event = event.unwrap_or_else(|_| panic!("{} lines, then silence", self.lines.len()));
            match event.expect("an event") {
                LogEvent::Opened(source) | LogEvent::Closed { source, .. } => self.sources.push(source),
                LogEvent::Batch(bytes) => self.take(&bytes),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        let batch = wire::read(bytes).unwrap();
        assert_eq!(batch.request, 9);
        for line in batch.lines {
            assert!(self.sources.iter().any(|s| s.source == line.source), "announced before its first line");
            self.tracker.note(line.stream, line.time);
            self.lines.push(String::from_utf8_lossy(line.text).into_owned());
        }
    }

    fn ended(&self) -> bool {
        self.sources.last().is_some_and(|source| !source.open)
    }

    fn cursor(&self) -> Cursor {
        self.tracker.cursor(&self.sources[0].container).unwrap()
    }

    async fn stop(self) {
        self.cancel.cancel();
        timeout(PATIENCE, self.task).await.unwrap().unwrap();
    }
}

fn numbers(range: std::ops::RangeInclusive<u32>) -> Vec<String> {
    range.map(|n| format!("line {n}")).collect()
}

#[tokio::test]
async fn ten_thousand_lines_arrive_complete_and_in_order() {
    if skipped() {
        return;
    }
    let stage = Stage::new("many").await;
    let mut follower = stage.follow(Vec::new());
    stage.run("i=0; while [ $i -lt 10000 ]; do i=$((i+1)); echo line $i; done", false).await;
    follower.until(Follower::ended).await;
    assert_eq!(follower.lines, numbers(1..=10_000));
    assert_eq!(follower.sources[0].name, "talker-1");
    assert_eq!(follower.sources.last().unwrap().note, "exited");
    follower.stop().await;
    stage.remove().await;
}

#[tokio::test]
async fn following_goes_on_through_a_restart_without_doubles() {
    if skipped() {
        return;
    }
    let stage = Stage::new("restart").await;
    stage
        .run(
            "n=0; [ -f /n ] && n=$(cat /n); echo $((n+3)) > /n; for i in 1 2 3; do echo line $((n+i)); done",
            false,
        )
        .await;
    let mut follower = stage.follow(Vec::new());
    for run in 1..=3 {
        follower.until(|f| f.lines.len() >= 3 * run && f.ended()).await;
        stage.start().await;
        follower.until(|f| !f.ended()).await;
    }
    follower.until(|f| f.lines.len() >= 12 && f.ended()).await;
    assert_eq!(follower.lines, numbers(1..=12));
    follower.stop().await;
    stage.remove().await;
}

#[tokio::test]
async fn a_returning_subscriber_goes_on_after_its_last_line() {
    if skipped() {
        return;
    }
    let stage = Stage::new("resume").await;
    stage.run("i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo line $i; done; sleep 600", false).await;
    let mut first = stage.follow(Vec::new());
    first.until(|f| f.lines.len() >= 100).await;
    let (cursor, mut lines) = (first.cursor(), std::mem::take(&mut first.lines));
    first.stop().await;
    let mut second = stage.follow(vec![cursor]);
    let missing = 3000 - lines.len();
    second.until(|f| f.lines.len() >= missing).await;
    lines.append(&mut second.lines);
    assert_eq!(lines, numbers(1..=3000));
    second.stop().await;
    stage.remove().await;
}

#[tokio::test]
async fn long_lines_and_terminals_come_whole() {
    if skipped() {
        return;
    }
    for (test, tty) in [("long", false), ("tty", true)] {
        let stage = Stage::new(test).await;
        let mut follower = stage.follow(Vec::new());
        stage.run("head -c 40000 /dev/zero | tr '\\0' x; echo; echo end; printf open", tty).await;
        follower.until(Follower::ended).await;
        let lengths: Vec<usize> = follower.lines.iter().map(String::len).collect();
        assert_eq!(lengths, [40_000, 3, 4], "{test}");
        follower.stop().await;
        stage.remove().await;
    }
}

//! The WebSocket of a terminal in the page.

use composeyard_protocol::{
    FailureKind, VERSION,
    terminal::{TerminalReply, TerminalSize},
};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::agent::running;
use crate::real::{Stack, docker, skipped};

const SIZE: TerminalSize = TerminalSize { rows: 24, columns: 80 };

fn open(stack: &Stack) -> Value {
    json!({"type": "open", "version": VERSION, "project": stack.name, "service": "app", "size": SIZE})
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_go_in_output_comes_out_and_the_exit_code_ends_it() {
    if skipped() {
        return;
    }
    let (stack, agent) = running("termws").await;
    let mut page = agent.terminal(open(&stack)).await;
    let TerminalReply::Opened { container } = page.reply().await else { panic!("not opened") };
    assert_eq!(container, format!("{}-app-1", stack.name));
    page.see("# ").await;
    page.say(&json!({"type": "resize", "size": {"rows": 33, "columns": 101}})).await;
    page.type_in("until [ \"$(stty size)\" = '33 101' ]; do :; done; echo gr\"\"own\r").await;
    page.see("grown").await;
    page.type_in("echo $TERM; exit 17\r").await;
    page.see("xterm-256color").await;
    assert_eq!(page.reply().await, TerminalReply::Exited { code: 17 });
    assert_eq!(page.closed().await, 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_output_waits_until_the_page_has_taken_what_it_has() {
    const WINDOW: u64 = 128 * 1024;
    if skipped() {
        return;
    }
    let (stack, agent) = running("termflood").await;
    let mut wanted = open(&stack);
    wanted["window"] = json!(WINDOW);
    let mut page = agent.terminal(wanted).await;
    let TerminalReply::Opened { .. } = page.reply().await else { panic!("not opened") };
    page.type_in("yes\r").await;
    let mut heard = 0;
    while heard < WINDOW {
        heard += page.output_until_pong().await;
    }
    for _ in 0..20 {
        heard += page.output_until_pong().await;
    }
    // The last part may go over the edge.
    assert!(heard < 2 * WINDOW, "{heard} bytes came, {WINDOW} may");
    page.say(&json!({"type": "taken", "bytes": heard})).await;
    assert!(page.output_until_pong().await + page.output_until_pong().await > 0, "then it goes on");
    page.type_in("\x03").await;
    let reply = loop {
        // A shell that is about to ask throws away what was typed before.
        page.type_in("exit 4\r").await;
        page.say(&json!({"type": "taken", "bytes": u64::MAX})).await;
        if let Some(reply) = page.reply_before_pong().await {
            break reply;
        }
    };
    assert_eq!(reply, TerminalReply::Exited { code: 4 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paste_larger_than_every_buffer_comes_back_whole() {
    const LINES: usize = 6_000;
    if skipped() {
        return;
    }
    let (stack, agent) = running("termpaste").await;
    let mut page = agent.terminal(open(&stack)).await;
    let TerminalReply::Opened { .. } = page.reply().await else { panic!("not opened") };
    page.see("# ").await;
    page.type_in("stty -echo; echo re\"\"ady; cat; exit 5\r").await;
    page.see("ready").await;
    let (mut keys, mut screen) = page.split();
    let line = format!("{}\r", "x".repeat(99));
    let typing = tokio::spawn(async move {
        for _ in 0..LINES / 100 {
            keys.send(Message::binary(line.repeat(100).into_bytes())).await.unwrap();
        }
        keys.send(Message::binary(&b"\x04"[..])).await.unwrap();
        keys
    });
    let mut seen = 0;
    let reply: TerminalReply = loop {
        match screen.next().await.unwrap().unwrap() {
            Message::Binary(part) => seen += part.iter().filter(|byte| **byte == b'x').count(),
            Message::Text(text) => break serde_json::from_str(&text).unwrap(),
            _ => {}
        }
    };
    assert_eq!(reply, TerminalReply::Exited { code: 5 });
    assert_eq!(seen, LINES * 99);
    drop(typing.await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_leaves_takes_its_shell_with_it() {
    if skipped() {
        return;
    }
    let (stack, agent) = running("termgone").await;
    let mut page = agent.terminal(open(&stack)).await;
    let TerminalReply::Opened { .. } = page.reply().await else { panic!("not opened") };
    page.see("# ").await;
    let shells =
        || docker(&["top", &format!("{}-app-1", stack.name), "-eo", "pid,args"]).matches("sh").count();
    assert_eq!(shells(), 1);
    page.type_in("sleep 500\r").await;
    page.see("sleep 500").await;
    drop(page);
    let gone = async {
        while shells() > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), gone).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_sessions_of_this_page_and_projects_of_this_workspace_get_one() {
    if skipped() {
        return;
    }
    let (stack, agent) = running("termno").await;
    assert_eq!(agent.open("terminal", &[]).await.err(), Some(401));
    let bearer = format!("Bearer {}", agent.token);
    let foreign = [("authorization", bearer.as_str()), ("origin", "http://evil.example")];
    assert_eq!(agent.open("terminal", &foreign).await.err(), Some(403));

    let changed = |key: &str, value: Value| {
        let mut message = open(&stack);
        message[key] = value;
        message
    };
    for message in [
        changed("project", json!("another")),
        changed("service", json!("nobody")),
        changed("index", json!(7)),
        changed("privileged", json!(true)),
        changed("type", json!("nonsense")),
        json!({"type": "resize", "size": SIZE}),
    ] {
        let mut page = agent.terminal(message.clone()).await;
        let TerminalReply::Failed { failure } = page.reply().await else { panic!("{message}") };
        assert_eq!(failure.kind, FailureKind::BadRequest, "{message}");
        assert_eq!(page.closed().await, 1000);
    }
    let mut old = agent.terminal(changed("version", json!(999))).await;
    let TerminalReply::Failed { failure } = old.reply().await else { panic!("an old page got a terminal") };
    assert_eq!(failure.kind, FailureKind::Version);
    let mut page = agent.open("terminal", &[("authorization", &bearer)]).await.unwrap();
    page.type_in("noise").await;
    assert_eq!(page.closed().await, 1008);
}

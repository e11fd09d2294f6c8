//! State and logs of the open project: followed while an agent is connected, and again after each reconnect.

use composeyard_compose::ProjectName;
use composeyard_protocol::{Request, ServerMessage};
use futures_util::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};

use super::{client::Reply, link::Link, store::Run};

/// Lines of the past of each container that the page has not followed before.
const TAIL: u32 = 1_000;

/// Follows whatever project is open.
pub(super) fn keep(run: Run) {
    let followers = StoredValue::new_local(Vec::<AbortHandle>::new());
    let connected = Memo::new(move |_| matches!(*run.link.read(), Link::Connected { .. }));
    Effect::new(move |before: Option<ProjectName>| {
        let name = run.document.name().get();
        followers.update_value(|followers| followers.drain(..).for_each(|follower| follower.abort()));
        if before.as_ref() != Some(&name) {
            run.state.set(None);
            run.plan.set(None);
            run.forecast.set(None);
            if !untrack(|| run.is_busy()) {
                run.job.set(None);
            }
            run.logs.forget();
        }
        if connected.get() {
            let (states, stop_states) = abortable(states(run, name.clone()));
            let (lines, stop_lines) = abortable(lines(run, name.clone()));
            followers.set_value(vec![stop_states, stop_lines]);
            spawn_local(async move {
                // Aborted when another project is opened or the connection is made anew.
                let _ = states.await;
            });
            spawn_local(async move {
                let _ = lines.await;
            });
        } else {
            run.logs.paused_by_link();
        }
        name
    });
}

async fn states(run: Run, project: ProjectName) {
    let mut replies = run.client().request(Request::Watch { project });
    while let Some(reply) = replies.next().await {
        if let Reply::Message(ServerMessage::State { state, .. }) = reply {
            run.state.set(Some(state));
        }
    }
}

async fn lines(run: Run, project: ProjectName) {
    let cursors = run.logs.subscribe();
    let request = Request::FollowLogs { project, services: Vec::new(), tail: Some(TAIL), cursors };
    let mut replies = run.client().request(request);
    while let Some(reply) = replies.next().await {
        match reply {
            Reply::Batch(bytes) => run.logs.batch(&bytes),
            Reply::Message(ServerMessage::LogSource { source, .. }) => run.logs.source(source),
            Reply::Message(_) => {}
        }
    }
    run.logs.paused_by_link();
}

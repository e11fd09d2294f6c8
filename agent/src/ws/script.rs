//! A request without a socket, for scripts: its answer is what the socket would say to it, a message a line.

use std::convert::Infallible;

use bytes::Bytes;
use composeyard_protocol::{Outcome, Request, RequestId};
use futures_util::{Stream, StreamExt};

use super::failure;
use super::outbox::Outbox;
use super::requests::{self, Asked};
use crate::app::App;

/// The number that the request has in its answers.
const ID: RequestId = RequestId(0);

/// Answers one request; the last line is how it ended. A command goes on when nobody listens any more, everything else
/// ends.
pub fn answer(app: &App, request: Request) -> impl Stream<Item = Result<Bytes, Infallible>> + use<> {
    let (outbox, lines) = Outbox::lines();
    let cancel = app.shutdown.child_token();
    let listening = (!requests::is_command(&request)).then(|| cancel.clone().drop_guard());
    let asked = Asked { app: app.clone(), id: ID, outbox, cancel };
    app.tasks.spawn(async move {
        match request {
            Request::FollowLogs { .. } => {
                let failure = failure::bad_request("logs come by the socket, or by composeyard logs");
                asked.outbox.finish(ID, Outcome::Failed { failure }).await;
            }
            request => drop(requests::answer(asked, request).await),
        }
    });
    lines.map(move |line| {
        let _until_the_last_line = &listening;
        Ok(line)
    })
}

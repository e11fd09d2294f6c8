//! Requests over the connection of the moment: each gets a number, its replies find their way back by it.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use composeyard_protocol::{ClientMessage, Failure, Outcome, Request, RequestId, ServerMessage};
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;

/// One thing that the agent says about a request.
pub enum Reply {
    /// In words.
    Message(ServerMessage),
    /// Log lines, see `composeyard_logs::wire`.
    Batch(Vec<u8>),
}

/// Why a request was not answered as asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// The connection is gone. What was asked for may still happen.
    Lost,
    /// It was cancelled.
    Cancelled,
    /// The agent refused or failed.
    Failed(Failure),
}

impl Trouble {
    /// What an outcome says; none when it went as asked.
    pub fn of(outcome: Outcome) -> Option<Self> {
        match outcome {
            Outcome::Done => None,
            Outcome::Cancelled | Outcome::PlanChanged => Some(Self::Cancelled),
            Outcome::Failed { failure } => Some(Self::Failed(failure)),
        }
    }
}

/// The page's side of the connection.
#[derive(Default)]
pub struct Client(RefCell<State>);

#[derive(Default)]
struct State {
    last: u32,
    out: Option<UnboundedSender<ClientMessage>>,
    waiting: BTreeMap<RequestId, UnboundedSender<Reply>>,
}

impl Client {
    /// A connection stands: what is sent from now on comes out of the receiver.
    pub fn connected(&self) -> UnboundedReceiver<ClientMessage> {
        let (out, messages) = unbounded();
        self.0.borrow_mut().out = Some(out);
        messages
    }

    /// The connection is gone: every request under way ends as lost.
    pub fn disconnected(&self) {
        let mut state = self.0.borrow_mut();
        state.out = None;
        state.waiting.clear();
    }

    /// Asks. Without a connection the replies end at once.
    pub fn request(self: &Rc<Self>, request: Request) -> Replies {
        let (sender, replies) = unbounded();
        let mut state = self.0.borrow_mut();
        state.last = state.last.wrapping_add(1);
        let id = RequestId(state.last);
        if state.send(ClientMessage::Request { id, request }) {
            state.waiting.insert(id, sender);
        }
        drop(state);
        Replies { id, replies, client: Rc::clone(self) }
    }

    /// Asks the agent to stop working on a request. Its end still comes as a reply.
    pub fn cancel(&self, id: RequestId) {
        self.0.borrow().send(ClientMessage::Cancel { id });
    }

    /// Hands a reply to whoever waits for it.
    pub fn deliver(&self, id: RequestId, reply: Reply) {
        let ended = matches!(reply, Reply::Message(ServerMessage::Finished { .. }));
        let mut state = self.0.borrow_mut();
        if let Some(waiting) = state.waiting.get(&id) {
            // Nobody listens only while the replies are being dropped.
            let _ = waiting.unbounded_send(reply);
        }
        if ended {
            state.waiting.remove(&id);
        }
    }
}

impl State {
    fn send(&self, message: ClientMessage) -> bool {
        self.out.as_ref().is_some_and(|out| out.unbounded_send(message).is_ok())
    }
}

/// The replies to one request. Dropping them cancels it.
pub struct Replies {
    id: RequestId,
    replies: UnboundedReceiver<Reply>,
    client: Rc<Client>,
}

impl Replies {
    /// The request's number.
    pub fn id(&self) -> RequestId {
        self.id
    }

    /// The next reply; none after the last one or when the connection is lost.
    pub async fn next(&mut self) -> Option<Reply> {
        self.replies.next().await
    }

    /// Reads to the end, giving each message before it to `each`.
    ///
    /// # Errors
    /// When it ends in any other way than done.
    pub async fn finish(mut self, mut each: impl FnMut(ServerMessage)) -> Result<(), Trouble> {
        while let Some(reply) = self.next().await {
            match reply {
                Reply::Message(ServerMessage::Finished { outcome, .. }) => {
                    return Trouble::of(outcome).map_or(Ok(()), Err);
                }
                Reply::Message(message) => each(message),
                Reply::Batch(_) => {}
            }
        }
        Err(Trouble::Lost)
    }
}

impl Drop for Replies {
    fn drop(&mut self) {
        let mut state = self.client.0.borrow_mut();
        if state.waiting.remove(&self.id).is_some() {
            state.send(ClientMessage::Cancel { id: self.id });
        }
    }
}

//! What waits for the wire: so many items, and so many bytes however long the lines are. A follower that is ahead of
//! the subscriber waits, and the engine with it.

use std::mem::size_of;
use std::sync::Arc;

use composeyard_logs::line::Line;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, mpsc};

use super::Item;

/// Items that wait.
const ITEMS: usize = 64;
/// Bytes of the lines that wait.
const BYTES: u32 = 4 * 1024 * 1024;

/// The end that followers put things in.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    items: mpsc::Sender<Item>,
    room: Arc<Semaphore>,
}

/// Lines, and the room that they take until they are dropped.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) lines: Vec<Line>,
    _room: OwnedSemaphorePermit,
}

/// Nobody listens any more.
pub(super) struct Gone;

impl Queue {
    /// A queue, and the end that things are taken from.
    pub(super) fn new() -> (Self, mpsc::Receiver<Item>) {
        let (items, waiting) = mpsc::channel(ITEMS);
        (Self { items, room: Arc::new(Semaphore::new(BYTES as usize)) }, waiting)
    }

    /// Puts lines in as soon as there is room; more than there ever is go in alone.
    pub(super) async fn lines(&self, lines: Vec<Line>) -> Result<(), Gone> {
        let bytes: usize = lines.iter().map(|line| size_of::<Line>() + line.text.len()).sum();
        let bytes = u32::try_from(bytes).map_or(BYTES, |bytes| bytes.min(BYTES));
        let room = tokio::select! {
            room = Arc::clone(&self.room).acquire_many_owned(bytes) => room,
            () = self.items.closed() => return Err(Gone),
        };
        let room = room.map_err(|_: AcquireError| Gone)?;
        self.put(Item::Lines(Held { lines, _room: room })).await
    }

    /// Puts anything else in.
    pub(super) async fn put(&self, item: Item) -> Result<(), Gone> {
        self.items.send(item).await.map_err(|_| Gone)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use tokio::task::unconstrained;

    use super::*;

    fn megabyte() -> Vec<Line> {
        vec![Line { text: vec![b'x'; 1_000_000], ..Line::default() }]
    }

    #[tokio::test]
    async fn long_lines_wait_for_room_and_short_ones_for_a_place() {
        let (queue, mut waiting) = Queue::new();
        let mut put = 0;
        while queue.lines(megabyte()).now_or_never().is_some() {
            put += 1;
        }
        assert_eq!(put, 4);
        drop(waiting.recv().await);
        assert!(queue.lines(megabyte()).now_or_never().is_some(), "what was taken has made room");

        let (queue, _waiting) = Queue::new();
        let mut put = 0;
        while unconstrained(queue.lines(vec![Line::default()])).now_or_never().is_some() {
            put += 1;
        }
        assert_eq!(put, ITEMS);
    }

    #[tokio::test]
    async fn more_than_there_is_room_for_goes_in_alone_and_nobody_waits_for_the_gone() {
        let (queue, waiting) = Queue::new();
        let many = std::iter::repeat_with(megabyte).take(10).flatten().collect();
        assert!(queue.lines(many).now_or_never().is_some_and(|put| put.is_ok()));
        assert!(queue.lines(megabyte()).now_or_never().is_none());
        drop(waiting);
        assert!(queue.lines(megabyte()).await.is_err());
    }
}

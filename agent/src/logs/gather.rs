//! Lines of all containers to batches for the wire: what arrives within a moment travels together, in the order of
//! its time stamps.

use std::time::Duration;

use composeyard_logs::{line::Line, merge, wire};
use composeyard_protocol::{LogSource, RequestId};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

use super::{Item, LogEvent};

/// How long and how much is gathered before it is sent.
#[derive(Clone, Copy, Debug)]
struct Window {
    time: Duration,
    bytes: usize,
}

/// The past of all containers, so that it is read in one order.
const PAST: Window = Window { time: Duration::from_millis(150), bytes: 4 * 1024 * 1024 };
/// One frame of the screen.
const LIVE: Window = Window { time: Duration::from_millis(16), bytes: wire::FULL };

/// Sends what comes in until either side ends.
pub(super) async fn run(request: RequestId, mut items: mpsc::Receiver<Item>, out: mpsc::Sender<LogEvent>) {
    let mut gathered = Gathered::new(request, out);
    let mut window = PAST;
    while let Some(item) = items.recv().await {
        let deadline = Instant::now() + window.time;
        let mut next = Some(item);
        while let Some(item) = next.take() {
            if gathered.take(item).await.is_err() {
                return;
            }
            if gathered.bytes < window.bytes {
                next = timeout_at(deadline, items.recv()).await.ok().flatten();
            }
        }
        if gathered.flush().await.is_err() {
            return;
        }
        window = LIVE;
    }
}

/// What waits to be sent.
struct Gathered {
    lines: Vec<Line>,
    bytes: usize,
    /// With the run that has been read to its end.
    closed: Vec<(LogSource, i64)>,
    writer: wire::Writer,
    out: mpsc::Sender<LogEvent>,
}

/// Nobody listens any more.
struct Gone;

impl Gathered {
    fn new(request: RequestId, out: mpsc::Sender<LogEvent>) -> Self {
        let writer = wire::Writer::new(request.0);
        Self { lines: Vec::new(), bytes: 0, closed: Vec::new(), writer, out }
    }

    async fn take(&mut self, item: Item) -> Result<(), Gone> {
        match item {
            Item::Lines(held) => {
                self.bytes += held.lines.iter().map(|line| line.text.len()).sum::<usize>();
                self.lines.extend(held.lines);
            }
            Item::Closed(source, run) => self.closed.push((source, run)),
            Item::Opened(source) => {
                if self.closed.iter().any(|(closed, _)| closed.source == source.source) {
                    self.flush().await?;
                }
                self.send(LogEvent::Opened(source)).await?;
            }
        }
        Ok(())
    }

    /// Lines first, then the ends of the streams that they came from.
    async fn flush(&mut self) -> Result<(), Gone> {
        let mut lines = std::mem::take(&mut self.lines);
        self.bytes = 0;
        merge::by_time(&mut lines);
        for line in lines {
            self.writer.push(&line);
            if self.writer.is_full() {
                let batch = self.writer.take();
                self.send(LogEvent::Batch(batch)).await?;
            }
        }
        if !self.writer.is_empty() {
            let batch = self.writer.take();
            self.send(LogEvent::Batch(batch)).await?;
        }
        for (source, run) in std::mem::take(&mut self.closed) {
            self.send(LogEvent::Closed { source, run }).await?;
        }
        Ok(())
    }

    async fn send(&self, event: LogEvent) -> Result<(), Gone> {
        self.out.send(event).await.map_err(|_| Gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::queue::Queue;
    use composeyard_logs::line::SourceId;

    enum Given {
        Item(Item),
        Lines(Vec<Line>),
    }
    use Given::Lines;

    fn source(number: u16, open: bool) -> LogSource {
        LogSource {
            source: SourceId(number),
            container: number.to_string(),
            name: String::new(),
            service: String::new(),
            open,
            note: String::new(),
        }
    }

    fn line(number: u16, time: i64) -> Line {
        Line { source: SourceId(number), time, text: time.to_string().into(), ..Line::default() }
    }

    /// `+1` a source begins, `-1` it ends, `5` a line of that time.
    async fn sent(given: Vec<Given>) -> Vec<String> {
        let (queue, waiting) = Queue::new();
        let (out, mut events) = mpsc::channel(64);
        for item in given {
            let put = match item {
                Given::Item(item) => queue.put(item).await,
                Lines(lines) => queue.lines(lines).await,
            };
            assert!(put.is_ok());
        }
        drop(queue);
        run(RequestId(7), waiting, out).await;
        let mut sent = Vec::new();
        while let Some(event) = events.recv().await {
            match event {
                LogEvent::Opened(s) => sent.push(format!("+{}", s.source.0)),
                LogEvent::Closed { source: s, .. } => sent.push(format!("-{}", s.source.0)),
                LogEvent::Batch(bytes) => {
                    let batch = wire::read(&bytes).unwrap();
                    assert_eq!(batch.request, 7);
                    sent.extend(batch.lines.iter().map(|l| l.time.to_string()));
                }
            }
        }
        sent
    }

    #[tokio::test]
    async fn the_past_of_all_containers_comes_in_one_order_after_their_announcements() {
        let given = vec![
            Given::Item(Item::Opened(source(1, true))),
            Lines(vec![line(1, 1), line(1, 4)]),
            Given::Item(Item::Closed(source(1, false), 5)),
            Given::Item(Item::Opened(source(2, true))),
            Lines(vec![line(2, 2), line(2, 3)]),
        ];
        assert_eq!(sent(given).await, ["+1", "+2", "1", "2", "3", "4", "-1"]);
    }

    #[tokio::test]
    async fn a_container_that_begins_again_ends_first() {
        let given = vec![
            Given::Item(Item::Opened(source(1, true))),
            Lines(vec![line(1, 1)]),
            Given::Item(Item::Closed(source(1, false), 5)),
            Given::Item(Item::Opened(source(1, true))),
            Lines(vec![line(1, 2)]),
        ];
        assert_eq!(sent(given).await, ["+1", "1", "-1", "+1", "2"]);
    }

    #[tokio::test]
    async fn more_than_a_frame_holds_goes_in_several() {
        let big = Line { text: vec![b'x'; 40_000], ..line(1, 1) };
        let given = vec![Lines(vec![big.clone(), big.clone(), big])];
        assert_eq!(sent(given).await, ["1", "1", "1"]);
    }
}

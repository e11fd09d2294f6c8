//! A tar on its way from standard input to the engine, which keeps going when the engine does not take it.
//!
//! The engine locks a container for as long as it unpacks into it or packs from it, also against questions. A tar that
//! comes out of the very container that it goes into is therefore taken to its end first: `cp app:/a - | cp - app:/b`.

use std::io::{self, Read, Seek, Write};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::{task, time};

/// A tar, or why it broke off.
pub(super) type Chunks = Receiver<io::Result<Bytes>>;

/// Bytes that are handed on at once.
const CHUNK: usize = 64 * 1024;
/// Chunks that may wait for the other side.
const WAITING: usize = 4;
/// The engine waits for something else when it takes nothing for this long.
const STANDSTILL: Duration = Duration::from_secs(1);
/// Bytes that are kept on disk, at most.
const MOST: u64 = 8 << 30;

/// Begins to read standard input. The thread ends with the process: nothing can end a read of standard input.
pub(super) fn standard_input() -> Chunks {
    let (sender, read) = channel(WAITING);
    let (to, handed_on) = channel(WAITING);
    tokio::spawn(hand_on(read, to));
    std::thread::spawn(move || {
        let mut buffer = vec![0; CHUNK];
        loop {
            let part = match io::stdin().lock().read(&mut buffer) {
                Ok(0) => return,
                Ok(length) => Ok(Bytes::copy_from_slice(&buffer[..length])),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
            let broken = part.is_err();
            if sender.blocking_send(part).is_err() || broken {
                return;
            }
        }
    });
    handed_on
}

/// Hands chunks on as they come; once the other side stands still, only when all have come. They wait in a file without
/// a name, which goes with the process.
async fn hand_on(mut from: Chunks, to: Sender<io::Result<Bytes>>) {
    while let Some(chunk) = from.recv().await {
        if let Ok(place) = time::timeout(STANDSTILL, to.reserve()).await {
            let Ok(place) = place else { return };
            place.send(chunk);
            continue;
        }
        let kept = task::spawn_blocking(move || {
            if let Err(error) = by_way_of_a_file(chunk, from, &to) {
                let _reader_gone = to.blocking_send(Err(error));
            }
        });
        let _panicked = kept.await;
        return;
    }
}

fn by_way_of_a_file(
    first: io::Result<Bytes>,
    mut from: Chunks,
    to: &Sender<io::Result<Bytes>>,
) -> io::Result<()> {
    let mut file = tempfile::tempfile()?;
    let (mut next, mut length) = (Some(first), 0);
    while let Some(chunk) = next {
        let chunk = chunk?;
        length += chunk.len() as u64;
        if length > MOST {
            return Err(io::Error::other("the archive holds too much to be kept: put it into a file first"));
        }
        file.write_all(&chunk)?;
        next = from.blocking_recv();
    }
    file.rewind()?;
    let mut buffer = vec![0; CHUNK];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 || to.blocking_send(Ok(Bytes::copy_from_slice(&buffer[..read]))).is_err() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(at: usize) -> Bytes {
        Bytes::from(format!("{at} ").repeat(CHUNK / 4))
    }

    async fn all(mut chunks: Chunks) -> Vec<u8> {
        let mut text = Vec::new();
        while let Some(chunk) = chunks.recv().await {
            text.extend_from_slice(&chunk.unwrap());
        }
        text
    }

    #[tokio::test]
    async fn whoever_makes_the_tar_gets_rid_of_it_though_nobody_takes_it() {
        let (sender, from) = channel(1);
        let (to, receiver) = channel(4);
        let handing_on = tokio::spawn(hand_on(from, to));
        for at in 0..100 {
            sender.send(Ok(chunk(at))).await.unwrap();
        }
        drop(sender);
        assert_eq!(all(receiver).await, (0..100).flat_map(chunk).collect::<Vec<u8>>());
        handing_on.await.unwrap();
    }

    #[tokio::test]
    async fn an_error_of_the_source_ends_it_also_when_it_stood_still() {
        for before in [0, 20] {
            let (sender, from) = channel(1);
            let (to, mut receiver) = channel(4);
            tokio::spawn(hand_on(from, to));
            for at in 0..before {
                sender.send(Ok(chunk(at))).await.unwrap();
            }
            sender.send(Err(io::Error::other("broken"))).await.unwrap();
            drop(sender);
            let mut last = None;
            while let Some(chunk) = receiver.recv().await {
                last = Some(chunk);
            }
            assert_eq!(last.unwrap().unwrap_err().to_string(), "broken", "after {before}");
        }
    }
}

//! Engines behind SSH. A socket of this machine stands for the far one: for each connection to it, `ssh` runs
//! `docker system dial-stdio` over there, as the docker command has it run. Keys, names and jumps are those of
//! `~/.ssh/config`.

mod place;

use std::{
    io,
    path::PathBuf,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{UnixListener, UnixStream, unix::OwnedWriteHalf},
    process::{Child, Command},
    task::{JoinHandle, JoinSet},
};

pub(super) use place::Place;

/// After a connection that could not be taken.
const PAUSE: Duration = Duration::from_millis(100);
/// Bytes of what `ssh` says that are kept.
const MOST_SAID: u64 = 4096;

/// A socket that leads to a far engine; it ends with its value.
pub(super) struct Tunnel {
    /// Readable by this user alone; the sockets are in it.
    folder: TempDir,
    said: Said,
    serving: JoinHandle<()>,
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The last words of the `ssh` that ended last, if it failed.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Option<String>>>);

impl Tunnel {
    /// Opens the socket; `ssh` is run with the first connection.
    ///
    /// # Errors
    /// When there is no room for a socket.
    pub(super) fn to(place: Place) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let listener = UnixListener::bind(socket(&folder))?;
        let said = Said::default();
        let shared = folder.path().join("shared");
        let serving = tokio::spawn(serve(listener, place, shared, said.clone()));
        Ok(Self { folder, said, serving })
    }

    /// The socket's address.
    pub(super) fn url(&self) -> String {
        format!("unix://{}", socket(&self.folder).display())
    }

    /// Why the last connection that ended did, if it failed.
    pub(super) fn said(&self) -> Option<String> {
        self.said.0.lock().ok()?.clone()
    }
}

fn socket(folder: &TempDir) -> PathBuf {
    folder.path().join("engine.sock")
}

/// Goes on until it is dropped; what is connected goes with it.
async fn serve(listener: UnixListener, place: Place, shared: PathBuf, said: Said) {
    let mut links = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((near, _)) = accepted else {
                    // Out of descriptors: wait for some to come back. Without a listener the engine would be gone for good.
                    tokio::time::sleep(PAUSE).await;
                    continue;
                };
                let mut ssh = Command::new("ssh");
                ssh.args(place.arguments(&shared));
                ssh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
                links.spawn(link(near, ssh.spawn(), said.clone()));
            }
            Some(_) = links.join_next() => {}
        }
    }
}

/// Bytes both ways until both ends are through.
async fn link(near: UnixStream, ssh: io::Result<Child>, said: Said) {
    let (mut from_near, mut to_near) = near.into_split();
    let failed = match ssh {
        Err(error) => Some(format!("ssh cannot be started: {error}")),
        Ok(mut ssh) => {
            let input = ssh.stdin.take();
            // True when all that was asked has gone there. Dropping the pipe tells ssh.
            let there = async move {
                let Some(mut input) = input else { return false };
                copy(&mut from_near, &mut input).await.is_ok()
            };
            let mut back = std::pin::pin!(back(ssh, &mut to_near));
            tokio::select! {
                failed = &mut back => failed,
                // Whoever asked has left, or else ssh has ended before it took the question, and says why.
                has_left = there => back.await.filter(|_| !has_left),
            }
        }
    };
    if let Ok(mut said) = said.0.lock() {
        // The words of an earlier failure say nothing about a later one.
        *said = failed;
    }
    // Only now does whoever waits for an answer go on, and finds the reason.
    let _near_gone = to_near.shutdown().await;
}

/// What comes from the far side, to its end; why `ssh` failed, if it did.
async fn back(mut ssh: Child, to_near: &mut OwnedWriteHalf) -> Option<String> {
    let (output, errors) = (ssh.stdout.take(), ssh.stderr.take());
    let answers = async move {
        let Some(mut output) = output else { return };
        let _ended = copy(&mut output, to_near).await;
    };
    let words = async move {
        let mut words = String::new();
        let Some(errors) = errors else { return words };
        let _not_text = errors.take(MOST_SAID).read_to_string(&mut words).await;
        words
    };
    let ((), words) = tokio::join!(answers, words);
    match ssh.wait().await {
        Ok(status) if status.success() => None,
        Ok(status) if words.trim().is_empty() => Some(format!("ssh failed: {status}")),
        Ok(_) => Some(words.trim().to_owned()),
        Err(error) => Some(error.to_string()),
    }
}

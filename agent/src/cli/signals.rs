//! Ctrl-C and a polite kill.

use tokio::signal::unix::{SignalKind, signal};

/// Ends with the first of them. From this call on they no longer end the process by themselves.
///
/// # Errors
/// When the system takes no handler.
pub(super) fn ended() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

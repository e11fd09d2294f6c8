//! The two halves of a long work at the same time, where there are threads.

#[cfg(not(target_family = "wasm"))]
use std::sync::LazyLock;

#[cfg(not(target_family = "wasm"))]
use rayon::{ThreadPool, ThreadPoolBuilder};

/// From so many services on, a second thread saves more than it costs.
pub(crate) const WORTH_TWO: usize = 400;

/// Bytes of a file that is likely to hold so many services.
const LIKELY_WORTH_TWO: usize = 400 * WORTH_TWO;

/// The second thread; none where the system has none to give. A new thread waits for a core for milliseconds, one that
/// sleeps for microseconds.
#[cfg(not(target_family = "wasm"))]
static SECOND: LazyLock<Option<ThreadPool>> =
    LazyLock::new(|| ThreadPoolBuilder::new().num_threads(1).build().ok());

/// Has the second thread started by the time a file of so many bytes is read.
pub(crate) fn get_ready(bytes: usize) {
    if bytes >= LIKELY_WORTH_TWO {
        #[cfg(not(target_family = "wasm"))]
        LazyLock::force(&SECOND);
    }
}

/// Does both, at the same time where that is possible.
pub(crate) fn both<T: Send>(first: impl FnOnce() -> T, second: impl FnOnce() -> T + Send) -> (T, T) {
    #[cfg(not(target_family = "wasm"))]
    if let Some(thread) = &*SECOND {
        let mut made = None;
        let first = thread.in_place_scope(|scope| {
            scope.spawn(|_| made = Some(second()));
            first()
        });
        #[expect(
            clippy::expect_used,
            reason = "the scope ends when its work is done, and panics when that does"
        )]
        return (first, made.expect("the second half is done"));
    }
    (first(), second())
}

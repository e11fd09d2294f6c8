//! Long work shared out between two threads, where there are threads.

#[cfg(not(target_family = "wasm"))]
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

#[cfg(not(target_family = "wasm"))]
use rayon::{ThreadPool, ThreadPoolBuilder};

/// From so many services on, a second thread saves more than it costs.
pub(crate) const WORTH_TWO: usize = 400;

/// Services that go through all steps together: so few that what a step leaves is still near when the next one needs it.
pub(crate) const AT_ONCE: usize = 40;

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

/// What is made of each task, in their order. Each thread takes the next task when it is done with one: either may be
/// held up by the system for longer than its work takes.
pub(crate) fn each<T: Sync, R: Send>(tasks: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work_on = || {
        let mut made = Vec::with_capacity(tasks.len());
        while let at = next.fetch_add(1, Ordering::Relaxed)
            && let Some(task) = tasks.get(at)
        {
            made.push((at, work(task)));
        }
        made
    };
    let (mut made, others) = both(work_on, work_on);
    made.extend(others);
    made.sort_unstable_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, made)| made).collect()
}

/// Does both, at the same time where that is possible.
fn both<T: Send>(first: impl FnOnce() -> T, second: impl FnOnce() -> T + Send) -> (T, T) {
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
        return (first, made.expect("the second is done"));
    }
    (first(), second())
}

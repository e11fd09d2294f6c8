//! Long work shared out between two threads, where there are threads.

#[cfg(not(target_family = "wasm"))]
use std::sync::{
    LazyLock,
    atomic::{AtomicUsize, Ordering},
};

#[cfg(not(target_family = "wasm"))]
use rayon::{ThreadPool, ThreadPoolBuilder};

/// From so many services on, a second thread saves more than it costs.
const WORTH_TWO: usize = 400;

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

/// True for so many services that a second thread, which the browser has not, saves more than it costs.
pub(crate) const fn are_worth_two(services: usize) -> bool {
    !cfg!(target_family = "wasm") && services >= WORTH_TWO
}

/// What is made of each task, in their order.
pub(crate) fn each<T: Sync, R: Send>(tasks: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    #[cfg(not(target_family = "wasm"))]
    if let Some(second) = &*SECOND {
        return by_two(second, tasks, &work);
    }
    tasks.iter().map(work).collect()
}

/// Each thread takes the next task when it is done with one: either may be held up by the system for longer than its
/// work takes.
#[cfg(not(target_family = "wasm"))]
fn by_two<T: Sync, R: Send>(second: &ThreadPool, tasks: &[T], work: &(impl Fn(&T) -> R + Sync)) -> Vec<R> {
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
    let mut others = Vec::new();
    let mut made = second.in_place_scope(|scope| {
        scope.spawn(|_| others = work_on());
        work_on()
    });
    made.append(&mut others);
    made.sort_unstable_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, made)| made).collect()
}

//! What the Up button promises: after each pause in the work, how many things Up would change.

use leptos::{prelude::*, task::spawn_local};

use super::{link::sleep, store::Run};

/// How long nothing may have changed, in milliseconds.
const PAUSE: f64 = 700.0;

/// Keeps [`Run::changes`] current, for projects that have been brought up from this browser: the files of others are
/// not written to disk just to count.
pub(super) fn keep(run: Run) {
    let round = StoredValue::new(0_u64);
    Effect::new(move |_| {
        run.document.files().track();
        run.document.selection.track();
        run.state.track();
        let ready = run.is_ready() && !run.is_busy() && run.busy_verb().is_none();
        round.update_value(|round| *round += 1);
        let mine = round.get_value();
        if !ready || !run.was_saved() {
            run.changes.set(None);
            return;
        }
        spawn_local(async move {
            sleep(PAUSE).await;
            if round.get_value() != mine {
                return;
            }
            let counted = match run.write().await {
                Ok(()) => run.count_changes().await.ok(),
                Err(_) => None,
            };
            if round.get_value() == mine {
                run.changes.set(counted);
            }
        });
    });
}

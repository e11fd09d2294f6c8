//! What the Up button promises: after each pause in the work, how many things Up would change, and where what runs is
//! not what the files say.

use std::collections::BTreeMap;

use composeyard_plan::{Command, Drift, Plan, UpOptions, drift};
use leptos::{prelude::*, task::spawn_local};

use super::{client::Trouble, link::sleep, plan_rows, store::Run};

/// What Up would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// How many things it would change.
    pub changes: usize,
    /// How services differ from the files, by name.
    pub drift: BTreeMap<String, Drift>,
    /// "pull 1 image, 45 MB"; none when it would pull nothing.
    pub pulls: Option<String>,
}

impl Forecast {
    fn of(plan: &Plan) -> Self {
        Self { changes: plan_rows::changes(plan), drift: drift(plan), pulls: plan.pulls(None) }
    }
}

/// How long nothing may have changed, in milliseconds.
const PAUSE: f64 = 700.0;

/// Keeps [`Run::forecast`] current, for projects that have been brought up from this browser: the files of others are
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
            run.forecast.set(None);
            return;
        }
        spawn_local(async move {
            sleep(PAUSE).await;
            if round.get_value() != mine {
                return;
            }
            let plan = match run.write().await {
                Ok(()) => run.foresee().await.ok(),
                Err(_) => None,
            };
            if round.get_value() != mine {
                return;
            }
            run.forecast.set(plan.as_ref().map(Forecast::of));
            // Registries take their time: the number of changes does not wait for them.
            let Some(plan) = plan else { return };
            let sizes = run.sizes_of(&plan).await;
            if sizes.is_some() && round.get_value() == mine {
                let pulls = plan.pulls(sizes.as_ref());
                run.forecast.update(|forecast| {
                    if let Some(forecast) = forecast {
                        forecast.pulls = pulls;
                    }
                });
            }
        });
    });
}

impl Run {
    /// What Up would do with the files as last saved.
    async fn foresee(&self) -> Result<Plan, Trouble> {
        Ok(self.ask_for_plan("Up", Command::Up(UpOptions::default())).await?.plan)
    }

    /// What Up would download: "Up will pull 1 image, 45 MB."
    pub fn foreseen_pulls(&self) -> Option<String> {
        let forecast = self.forecast.read();
        Some(format!("Up will {}.", forecast.as_ref()?.pulls.as_ref()?))
    }

    /// How a service of a project that runs differs from the files.
    pub fn drift_of(&self, service: &str) -> Option<Drift> {
        let drift = self.forecast.read().as_ref()?.drift.get(service).cloned();
        // Before anything runs, everything is missing: no news.
        drift.filter(|_| self.has_containers())
    }
}

//! A command under way: what each of its steps does.

use composeyard_plan::{Downloads, Plan, StepId};
use composeyard_protocol::{Failure, Outcome, Progress, StepState};

/// What a command is about to do or does.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownPlan {
    /// The command's verb, as the button says it: "Up".
    pub verb: &'static str,
    /// The steps.
    pub plan: Plan,
    /// To run just this plan.
    pub fingerprint: String,
    /// What it downloads; none before the agent has asked the registries.
    pub sizes: Option<Downloads>,
}

/// A command under way, or the last one.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The command's verb: "Up".
    pub verb: &'static str,
    /// What it does now.
    pub phase: Phase,
    /// Each step with its state, in the plan's order; none before it begins.
    pub steps: Vec<(StepId, Option<StepState>)>,
}

/// How far a command has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// The files go to the agent.
    Saving,
    /// The agent compares them with what runs.
    Planning,
    /// The steps are done.
    Running,
    /// It has ended.
    Ended(Ending),
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// All is as wanted.
    Done,
    /// There was nothing to do.
    NothingToDo,
    /// By the user.
    Cancelled,
    /// Nothing was begun: it needs what the user has not agreed to.
    NeedsConsent,
    /// What exists has changed since the plan was shown; a new one is shown and waits.
    PlanChanged,
    /// The connection was lost; the agent goes on.
    Lost,
    /// It failed.
    Failed(Failure),
}

impl Job {
    /// A command that has just been asked for.
    pub fn new(verb: &'static str) -> Self {
        Self { verb, phase: Phase::Saving, steps: Vec::new() }
    }

    /// True until it has ended.
    pub fn is_running(&self) -> bool {
        !matches!(self.phase, Phase::Ended(_))
    }

    /// Its plan is known: no step has begun.
    pub fn begin(&mut self, plan: &Plan) {
        self.steps = plan.steps.iter().map(|step| (step.id, None)).collect();
    }

    /// A step moved.
    pub fn progress(&mut self, progress: Progress) {
        if let Some((_, state)) = self.steps.iter_mut().find(|(id, _)| *id == progress.step) {
            *state = Some(progress.state);
        }
    }

    /// It has ended.
    pub fn end(&mut self, outcome: Outcome) {
        self.phase = Phase::Ended(match outcome {
            Outcome::Done => Ending::Done,
            Outcome::Cancelled => Ending::Cancelled,
            Outcome::PlanChanged => Ending::PlanChanged,
            Outcome::Failed { failure } => Ending::Failed(failure),
        });
    }

    /// A step's state.
    pub fn step(&self, id: StepId) -> Option<&StepState> {
        self.steps.iter().find(|(step, _)| *step == id)?.1.as_ref()
    }

    /// Steps that are over, and all of them.
    pub fn count(&self) -> (usize, usize) {
        let is_over = |state: &Option<StepState>| !matches!(state, None | Some(StepState::Running { .. }));
        (self.steps.iter().filter(|(_, state)| is_over(state)).count(), self.steps.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_over_when_it_is_done_failed_or_skipped() {
        let mut job = Job::new("Up");
        job.steps = (1..=3).map(|id| (StepId(id), None)).collect();
        let running = StepState::Running { detail: String::new(), bytes: None };
        for (step, state) in
            [(1, running.clone()), (3, running), (3, StepState::Skipped), (9, StepState::Skipped)]
        {
            job.progress(Progress { step: StepId(step), state });
        }
        assert_eq!(job.count(), (1, 3));
        assert_eq!(job.step(StepId(3)), Some(&StepState::Skipped));
    }
}

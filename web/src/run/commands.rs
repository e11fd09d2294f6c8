//! One command from the button to its end: save, plan, show, run just that, ask where the user has to decide.

use composeyard_plan::{Command, Downloads, Grant, Plan};
use composeyard_protocol::{FailureKind, Outcome, Request, SavedProject, ServerMessage};
use leptos::{prelude::*, task::spawn_local};

use super::{
    client::{Reply, Trouble},
    job::{Ending, Job, Phase, ShownPlan},
    save::NotSaved,
    store::Run,
    words,
};

/// A command that waits for the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// Its verb.
    pub verb: &'static str,
    /// What it is.
    pub command: Command,
}

/// What the user has to decide before a command goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// The project wants power over the host.
    Consent {
        /// To run again.
        pending: Pending,
        /// What it wants.
        grants: Vec<Grant>,
    },
    /// The files in the workspace are not those that this page knows.
    Stale {
        /// To run afterwards.
        pending: Pending,
        /// What is in the workspace.
        theirs: Box<SavedProject>,
    },
}

impl Run {
    /// Starts a command, unless one is under way.
    pub(super) fn launch(&self, verb: &'static str, command: Command) {
        self.go(Pending { verb, command }, Vec::new());
    }

    /// Runs a command with the consents that the user has given.
    pub(super) fn go(&self, pending: Pending, consent: Vec<String>) {
        let run = *self;
        if untrack(|| run.is_busy()) {
            return;
        }
        run.job.set(Some(Job::new(pending.verb)));
        run.plan.set(None);
        run.last.set(Some(pending.clone()));
        spawn_local(async move {
            if let Err(trouble) = run.perform(pending, consent).await {
                run.end(words::ending(trouble));
            }
        });
    }

    /// Runs the last command again, with the plan as it is now.
    pub(super) fn again(&self) {
        if let Some(pending) = self.last.get_untracked() {
            self.go(pending, Vec::new());
        }
    }

    /// Writes over what is in the workspace, then goes on.
    pub(super) fn overwrite(&self, pending: Pending, theirs: SavedProject) {
        let run = *self;
        spawn_local(async move {
            match run.write_over(Some(theirs.revision)).await {
                Ok(()) => run.go(pending, Vec::new()),
                Err(trouble) => run.end(words::ending(trouble)),
            }
        });
    }

    async fn perform(&self, pending: Pending, consent: Vec<String>) -> Result<(), Trouble> {
        match self.write().await {
            Ok(()) => {}
            Err(NotSaved::Stale(theirs)) => {
                self.end(Ending::Cancelled);
                self.question.set(Some(Question::Stale { pending, theirs }));
                return Ok(());
            }
            Err(NotSaved::Trouble(trouble)) => return Err(trouble),
        }
        self.phase(Phase::Planning);
        let shown = self.ask_for_plan(pending.verb, pending.command.clone()).await?;
        let nothing = shown.plan.is_empty();
        let fingerprint = shown.fingerprint.clone();
        self.show(shown);
        if nothing {
            self.end(Ending::NothingToDo);
            return Ok(());
        }
        self.phase(Phase::Running);
        self.carry_out(pending, fingerprint, consent).await
    }

    /// What a command would do now, with the files as last saved.
    pub(super) async fn ask_for_plan(
        &self,
        verb: &'static str,
        command: Command,
    ) -> Result<ShownPlan, Trouble> {
        let project = self.document.name().get_untracked();
        let selection = self.document.selection.get_untracked();
        let mut shown = None;
        let each = |message| {
            if let ServerMessage::Plan { plan, fingerprint, .. } = message {
                shown = Some(ShownPlan { verb, plan, fingerprint, sizes: None });
            }
        };
        self.client().request(Request::Plan { project, selection, command }).finish(each).await?;
        shown.ok_or(Trouble::Lost)
    }

    async fn carry_out(&self, pending: Pending, shown: String, consent: Vec<String>) -> Result<(), Trouble> {
        let Pending { verb, command } = pending.clone();
        let project = self.document.name().get_untracked();
        let selection = self.document.selection.get_untracked();
        let request = Request::Run { project, selection, command, shown: Some(shown), consent };
        let mut replies = self.client().request(request);
        self.running.set(Some(replies.id()));
        let mut wanted = None;
        while let Some(reply) = replies.next().await {
            match reply {
                Reply::Message(ServerMessage::Plan { plan, fingerprint, .. }) => {
                    self.show(ShownPlan { verb, plan, fingerprint, sizes: None });
                }
                Reply::Message(ServerMessage::Progress { progress, .. }) => {
                    self.update_job(|job| job.progress(progress));
                }
                Reply::Message(ServerMessage::Consent { grants, .. }) => wanted = Some(grants),
                Reply::Message(ServerMessage::Finished { outcome, .. }) => {
                    self.finish(pending, outcome, wanted);
                    return Ok(());
                }
                Reply::Message(_) | Reply::Batch(_) => {}
            }
        }
        Err(Trouble::Lost)
    }

    fn finish(&self, pending: Pending, outcome: Outcome, wanted: Option<Vec<Grant>>) {
        let denied = matches!(&outcome, Outcome::Failed { failure } if failure.kind == FailureKind::Denied);
        match wanted {
            Some(grants) if denied => {
                self.end(Ending::NeedsConsent);
                self.question.set(Some(Question::Consent { pending, grants }));
            }
            _ => {
                self.running.set(None);
                self.update_job(|job| job.end(outcome));
            }
        }
    }

    fn show(&self, mut shown: ShownPlan) {
        self.update_job(|job| job.begin(&shown.plan));
        let run = *self;
        let same = |known: &Option<ShownPlan>| {
            known.as_ref().filter(|known| known.fingerprint == shown.fingerprint).cloned()
        };
        match run.plan.with_untracked(same) {
            Some(known) => shown.sizes = known.sizes,
            None => {
                let (plan, fingerprint) = (shown.plan.clone(), shown.fingerprint.clone());
                spawn_local(async move {
                    let sizes = run.sizes_of(&plan).await;
                    run.plan.update(|now| {
                        if let Some(now) = now.as_mut().filter(|now| now.fingerprint == fingerprint) {
                            now.sizes = sizes;
                        }
                    });
                });
            }
        }
        self.plan.set(Some(shown));
    }

    /// What a plan downloads; none when it is nothing, or the agent does not say.
    pub(super) async fn sizes_of(&self, plan: &Plan) -> Option<Downloads> {
        let images: Vec<String> = plan.pulled().into_iter().map(str::to_owned).collect();
        if images.is_empty() {
            return None;
        }
        let project = self.document.name().get_untracked();
        let selection = self.document.selection.get_untracked();
        let mut found = None;
        let each = |message| {
            if let ServerMessage::Downloads { sizes, .. } = message {
                found = Some(sizes);
            }
        };
        self.client().request(Request::Downloads { project, selection, images }).finish(each).await.ok()?;
        found
    }

    fn update_job(&self, change: impl FnOnce(&mut Job)) {
        self.job.update(|job| {
            if let Some(job) = job {
                change(job);
            }
        });
    }

    fn phase(&self, phase: Phase) {
        self.update_job(|job| job.phase = phase);
    }

    fn end(&self, ending: Ending) {
        self.running.set(None);
        self.phase(Phase::Ended(ending));
    }
}

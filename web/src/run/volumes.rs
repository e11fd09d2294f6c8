//! The project's volumes and their back-ups: what there is, and what can be done with them.

use composeyard_compose::ProjectName;
use composeyard_protocol::{Backup, Progress, Request, ServerMessage, StepState, VolumeInUse};
use futures_util::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};

use super::{client::Trouble, save::NotSaved, store::Run, words};
use crate::app::{Choice, Dialogs, Question, Tone};

/// What there is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Listing {
    pub(super) volumes: Vec<VolumeInUse>,
    pub(super) backups: Vec<Backup>,
}

/// Something that is done to a volume.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Work {
    /// "Backing up data", with the bytes so far.
    Under(String, u64),
    /// It went well.
    Done(String),
    /// It did not.
    Failed(String),
}

/// The volumes of the open project. Found in the Leptos context.
#[derive(Clone, Copy)]
pub struct Volumes {
    pub(super) listing: RwSignal<Option<Listing>>,
    pub(super) work: RwSignal<Option<Work>>,
    pub(super) run: Run,
    asking: StoredValue<Option<AbortHandle>>,
}

impl Volumes {
    /// Nothing is known yet.
    pub fn new(run: Run) -> Self {
        Self { listing: RwSignal::default(), work: RwSignal::default(), run, asking: StoredValue::default() }
    }

    pub(super) fn project(&self) -> ProjectName {
        self.run.document.name().get_untracked()
    }

    pub(super) fn is_busy(&self) -> bool {
        matches!(&*self.work.read(), Some(Work::Under(..)))
    }

    /// Why a back-up cannot be restored now; none when it can.
    pub(super) fn why_not_restore(&self, backup: &Backup) -> Option<String> {
        let checked = self.run.document.checked().get();
        let declared = checked.project.as_ref().is_some_and(|it| it.volumes.contains_key(&backup.volume));
        if !declared {
            return Some(format!("The files have no volume {}.", backup.volume));
        }
        let listing = self.listing.read();
        let volumes = listing.as_ref().map(|listing| &listing.volumes).into_iter().flatten();
        volumes.filter(|volume| volume.key == backup.volume).find_map(in_use)
    }

    /// Asks the agent anew. An answer that is still on its way no longer counts.
    pub(super) fn look(&self) {
        let volumes = *self;
        let request = Request::Volumes { project: self.project() };
        let (asking, stop) = abortable(async move {
            let each = |message| {
                if let ServerMessage::Volumes { volumes: found, backups, .. } = message {
                    volumes.show(found, backups);
                }
            };
            // Without an engine the pane says so; the next change asks again.
            let _ = volumes.run.client().request(request).finish(each).await;
        });
        if let Some(before) = self.asking.try_update_value(|asking| asking.replace(stop)).flatten() {
            before.abort();
        }
        spawn_local(async move {
            let _ = asking.await;
        });
    }

    /// A size that was known stays until the new one is.
    fn show(&self, mut volumes: Vec<VolumeInUse>, backups: Vec<Backup>) {
        let before = self.listing.get_untracked().unwrap_or_default();
        for volume in volumes.iter_mut().filter(|volume| volume.size.is_none()) {
            let known = before.volumes.iter().find(|known| known.name == volume.name);
            volume.size = known.and_then(|known| known.size);
        }
        self.listing.set(Some(Listing { volumes, backups }));
    }

    /// Backs a volume up; asks first when something may write to it meanwhile.
    pub(super) fn back_up(&self, dialogs: Dialogs, volume: &VolumeInUse) {
        let (volumes, key) = (*self, volume.key.clone());
        let go = move || {
            let request = Request::BackUpVolume { project: volumes.project(), volume: key.clone() };
            volumes.perform(format!("Backing up {key}"), request, format!("Backed up {key}"));
        };
        if !volume.live {
            return go();
        }
        dialogs.ask(Question {
            title: format!("Back up {} while it is in use?", volume.key),
            body: vec![format!(
                "{} may write meanwhile, and what it writes may be torn in the copy. Pause or stop it for a sound one.",
                volume.users.join(", ")
            )],
            choices: vec![Choice::new("Back up now", Tone::Primary, go)],
        });
    }

    /// Replaces what a volume holds, after asking.
    pub(super) fn restore(&self, dialogs: Dialogs, backup: &Backup) {
        let (volumes, Backup { file, volume, .. }) = (*self, backup.clone());
        let title = format!("Replace what {volume} holds by {file}?");
        let go = move || {
            let request = Request::RestoreVolume {
                project: volumes.project(),
                selection: volumes.run.document.selection.get_untracked(),
                volume: volume.clone(),
                backup: file.clone(),
            };
            volumes.perform(format!("Restoring {volume}"), request, format!("Restored {volume} from {file}"));
        };
        dialogs.ask(Question {
            title,
            body: vec![
                "The back-up is tried out first. Then what the volume holds now is lost.".to_owned(),
                "Back it up before, to be able to go back.".to_owned(),
            ],
            choices: vec![Choice::new("Replace the data", Tone::Danger, go)],
        });
    }

    /// Removes a volume, after asking.
    pub(super) fn remove(&self, dialogs: Dialogs, key: String) {
        let volumes = *self;
        let title = format!("Remove volume {key}?");
        let label = format!("Delete the data of {key}");
        let go = move || {
            let request = Request::RemoveVolume { project: volumes.project(), volume: key.clone() };
            volumes.perform(format!("Removing {key}"), request, format!("Removed {key}"));
        };
        dialogs.ask(Question {
            title,
            body: vec!["Its data is deleted. Back-ups stay.".to_owned()],
            choices: vec![Choice::new(label, Tone::Danger, go)],
        });
    }

    /// Removes a back-up, after asking.
    pub(super) fn remove_backup(&self, dialogs: Dialogs, file: String) {
        let volumes = *self;
        let title = format!("Delete the back-up {file}?");
        let go = move || {
            let request = Request::RemoveBackup { project: volumes.project(), backup: file.clone() };
            volumes.perform(format!("Deleting {file}"), request, format!("Deleted {file}"));
        };
        dialogs.ask(Question {
            title,
            body: vec!["The file is removed from the workspace.".to_owned()],
            choices: vec![Choice::new("Delete the back-up", Tone::Danger, go)],
        });
    }

    /// Has something done, one at a time, and looks again.
    fn perform(&self, doing: String, request: Request, done: String) {
        if untrack(|| self.is_busy()) {
            return;
        }
        let volumes = *self;
        self.work.set(Some(Work::Under(doing.clone(), 0)));
        spawn_local(async move {
            let end = match volumes.ask_for(request, &doing).await {
                Ok(()) => Work::Done(format!("{done}.")),
                Err(Trouble::Failed(failure)) => Work::Failed(words::failure(&failure)),
                Err(Trouble::Cancelled) => Work::Failed("Cancelled.".to_owned()),
                Err(Trouble::Lost) => Work::Failed("The connection to the agent was lost.".to_owned()),
            };
            volumes.work.set(Some(end));
            volumes.look();
        });
    }

    async fn ask_for(&self, request: Request, doing: &str) -> Result<(), Trouble> {
        if let (Request::RestoreVolume { .. }, Err(NotSaved::Trouble(trouble))) =
            (&request, self.run.write().await)
        {
            return Err(trouble);
        }
        let each = |message| {
            if let ServerMessage::Progress { progress: Progress { state, .. }, .. } = message
                && let StepState::Running { bytes: Some((bytes, _)), .. } = state
            {
                self.work.set(Some(Work::Under(doing.to_owned(), bytes)));
            }
        };
        self.run.client().request(request).finish(each).await
    }
}

/// Why a volume can neither be removed nor filled anew; none when it can.
pub(super) fn in_use(volume: &VolumeInUse) -> Option<String> {
    let users = volume.users.join(", ");
    (!users.is_empty()).then(|| format!("Used by {users}: take the project down first, its volumes stay."))
}

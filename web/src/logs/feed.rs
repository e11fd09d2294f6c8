//! The store of lines behind signals. However much arrives between two frames, the screen is told once.

use std::collections::BTreeSet;

use composeyard_logs::line::{Cursor, SourceId};
use composeyard_protocol::LogSource;
use leptos::prelude::*;

use super::intake::Intake;
use crate::clock;

/// Whether lines come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Nobody has asked for them yet.
    Idle,
    /// As they are written.
    Live,
    /// The connection is lost: they come later, none is missed.
    Waiting,
}

/// The containers' output. A part of the run store.
#[derive(Clone, Copy)]
pub struct Logs {
    intake: StoredValue<Intake, LocalStorage>,
    scheduled: StoredValue<bool>,
    /// Grows when there is something new to show.
    pub revision: RwSignal<u64>,
    /// Whether lines come.
    pub flow: RwSignal<Flow>,
    /// Services whose lines are not shown.
    pub hidden: RwSignal<BTreeSet<String>>,
}

impl Logs {
    /// No line.
    pub fn new() -> Self {
        Self {
            intake: StoredValue::new_local(Intake::default()),
            scheduled: StoredValue::new(false),
            revision: RwSignal::new(0),
            flow: RwSignal::new(Flow::Idle),
            hidden: RwSignal::new(BTreeSet::new()),
        }
    }

    /// A subscription begins. Returns how far each container has been read.
    pub fn subscribe(&self) -> Vec<Cursor> {
        self.flow.set(Flow::Live);
        self.intake.try_update_value(|intake| intake.subscribe(clock::now())).unwrap_or_default()
    }

    /// The connection is lost.
    pub fn paused_by_link(&self) {
        if self.flow.get_untracked() == Flow::Live {
            self.flow.set(Flow::Waiting);
        }
    }

    /// A container began or ended.
    pub fn source(&self, source: LogSource) {
        self.intake.update_value(|intake| intake.source(source, clock::now()));
        self.schedule();
    }

    /// A batch of lines. One that cannot be read is left out.
    pub fn batch(&self, bytes: &[u8]) {
        let taken = self.intake.try_update_value(|intake| intake.batch(bytes));
        if let Some(Err(error)) = taken {
            leptos::logging::error!("{error}");
        }
        self.schedule();
    }

    /// Another project is opened.
    pub fn forget(&self) {
        self.intake.set_value(Intake::default());
        self.flow.set(Flow::Idle);
        self.hidden.set(BTreeSet::new());
        self.schedule();
    }

    /// The user wants an empty pane. What comes from now on is shown.
    pub fn clear(&self) {
        self.intake.update_value(|intake| intake.ring.clear());
        self.schedule();
    }

    /// Reads the store.
    pub fn with<T>(&self, read: impl FnOnce(&Intake) -> T) -> T {
        self.intake.with_value(read)
    }

    /// The services that lines came from, in the order in which they appeared. Follows the lines.
    pub fn services(&self) -> Vec<String> {
        self.revision.track();
        self.with(|intake| {
            let mut services: Vec<String> = Vec::new();
            for source in intake.sources() {
                if !services.contains(&source.service) {
                    services.push(source.service.clone());
                }
            }
            services
        })
    }

    /// Shows or hides a service's lines.
    pub fn toggle(&self, service: &str) {
        self.hidden.update(|hidden| {
            if !hidden.remove(service) {
                hidden.insert(service.to_owned());
            }
        });
    }

    /// The sources whose service is hidden.
    pub fn hidden_sources(&self) -> BTreeSet<SourceId> {
        let hidden = self.hidden.read();
        self.with(|intake| {
            let numbered = (0_u16..).zip(intake.sources());
            numbered
                .filter(|(_, source)| hidden.contains(&source.service))
                .map(|(at, _)| SourceId(at))
                .collect()
        })
    }

    fn schedule(&self) {
        let logs = *self;
        if logs.scheduled.get_value() {
            return;
        }
        logs.scheduled.set_value(true);
        request_animation_frame(move || {
            logs.scheduled.set_value(false);
            logs.revision.update(|revision| *revision += 1);
        });
    }
}

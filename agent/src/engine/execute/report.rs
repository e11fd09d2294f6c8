//! Progress of steps on its way to whoever asked for the run.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use composeyard_plan::StepId;
use composeyard_protocol::{Failure, Progress, StepState};
use tokio::{sync::mpsc, task::JoinHandle};

/// Details come in faster than anyone reads.
const BETWEEN_DETAILS: Duration = Duration::from_millis(80);
/// A line of build output is cut here, bytes.
const LONGEST_LINE: usize = 400;

/// Makes a report for each step.
#[derive(Debug)]
pub(super) struct Reports {
    sender: mpsc::UnboundedSender<Progress>,
}

impl Reports {
    /// Starts to forward reports, in order, however slow the reader is: steps never wait for it.
    pub(super) fn to(reader: mpsc::Sender<Progress>) -> (Self, JoinHandle<()>) {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let forwarding = tokio::spawn(async move {
            while let Some(progress) = receiver.recv().await {
                if reader.send(progress).await.is_err() {
                    break;
                }
            }
        });
        (Self { sender }, forwarding)
    }

    /// Says that a step has begun.
    pub(super) fn begin(&self, step: StepId) -> Report {
        let report = Report {
            step,
            sender: self.sender.clone(),
            began: Instant::now(),
            last_detail: Mutex::new(None),
        };
        report.say(StepState::Running { detail: String::new(), bytes: None });
        report
    }

    /// Says that a step will not be done.
    pub(super) fn skip(&self, step: StepId) {
        let _nobody_reads = self.sender.send(Progress { step, state: StepState::Skipped });
    }
}

/// One step's way to say how it goes.
#[derive(Debug)]
pub(in super::super) struct Report {
    step: StepId,
    sender: mpsc::UnboundedSender<Progress>,
    began: Instant,
    last_detail: Mutex<Option<Instant>>,
}

impl Report {
    fn say(&self, state: StepState) {
        let _nobody_reads = self.sender.send(Progress { step: self.step, state });
    }

    /// What the step does just now, and bytes done and in all. Dropped when the last one was a moment ago.
    pub(in super::super) fn detail(&self, detail: String, bytes: Option<(u64, u64)>) {
        let mut last = match self.last_detail.lock() {
            Ok(last) => last,
            Err(poisoned) => poisoned.into_inner(),
        };
        if last.is_none_or(|at| at.elapsed() >= BETWEEN_DETAILS) {
            *last = Some(Instant::now());
            self.say(StepState::Running { detail, bytes });
        }
    }

    /// A line of output; never dropped.
    pub(in super::super) fn line(&self, line: &str) {
        let end = (0..=LONGEST_LINE.min(line.len())).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
        self.say(StepState::Running { detail: line[..end].to_owned(), bytes: None });
    }

    pub(super) fn done(&self) {
        let took = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.say(StepState::Done { took });
    }

    pub(super) fn failed(&self, failure: Failure) {
        self.say(StepState::Failed { failure });
    }

    pub(super) fn skipped(&self) {
        self.say(StepState::Skipped);
    }
}

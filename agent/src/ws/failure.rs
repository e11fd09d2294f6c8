//! Failures in the protocol's words: what, where, what to do.

use composeyard_compose::{Diagnostic, FileSource, Severity};
use composeyard_protocol::{Failure, FailureKind, VERSION};

use crate::jobs::Busy;
use crate::workspace::WorkspaceError;

/// Findings that are spelled out.
const SHOWN_FINDINGS: usize = 3;

pub(super) fn bad_request(message: impl Into<String>) -> Failure {
    Failure { kind: FailureKind::BadRequest, message: message.into(), help: None }
}

pub(super) fn version(theirs: u32) -> Failure {
    Failure {
        kind: FailureKind::Version,
        message: format!("the page speaks version {theirs} of the protocol, this agent version {VERSION}"),
        help: Some("Reload the page; if that does not help, start the agent again.".to_owned()),
    }
}

pub(super) fn defect() -> Failure {
    Failure {
        kind: FailureKind::Workspace,
        message: "the agent failed at this request".to_owned(),
        help: Some("Its terminal shows more.".to_owned()),
    }
}

pub(super) fn busy(busy: &Busy) -> Failure {
    Failure {
        kind: FailureKind::Busy,
        message: busy.to_string(),
        help: Some("Wait for it to end, or cancel it.".to_owned()),
    }
}

pub(super) fn denied(message: String, help: &str) -> Failure {
    Failure { kind: FailureKind::Denied, message, help: Some(help.to_owned()) }
}

pub(super) fn workspace(error: &WorkspaceError) -> Failure {
    let (kind, help) = match error {
        WorkspaceError::NoProject(_) => (FailureKind::BadRequest, Some("Save the project first.")),
        WorkspaceError::Stale(_) => {
            (FailureKind::Stale, Some("Open the files on disk, or save under another name."))
        }
        WorkspaceError::Refused { .. } => (FailureKind::Workspace, None),
        WorkspaceError::Io { .. } => {
            (FailureKind::Workspace, Some("Check that the folder can be written and has room."))
        }
    };
    Failure { kind, message: error.to_string(), help: help.map(str::to_owned) }
}

/// The first errors of a project that does not load, with file and line.
pub(super) fn project(findings: &[Diagnostic], source: &dyn FileSource) -> Failure {
    let errors: Vec<&Diagnostic> =
        findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    let mut message: Vec<String> = errors
        .iter()
        .take(SHOWN_FINDINGS)
        .map(|finding| format!("{}{}", place(finding, source), finding.message))
        .collect();
    if errors.len() > SHOWN_FINDINGS {
        message.push(format!("and {} more", errors.len() - SHOWN_FINDINGS));
    }
    if message.is_empty() {
        message.push("the project does not load".to_owned());
    }
    let help = errors.first().and_then(|finding| finding.help.clone());
    Failure { kind: FailureKind::Project, message: message.join("; "), help }
}

fn place(finding: &Diagnostic, source: &dyn FileSource) -> String {
    if finding.file.is_empty() {
        return String::new();
    }
    let text = source.read(&finding.file).unwrap_or_default();
    let before = text.get(..finding.span.start).unwrap_or_default();
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    format!("{}:{line}: ", finding.file)
}

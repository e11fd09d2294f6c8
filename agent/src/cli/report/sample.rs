//! A report with one finding of each kind, for the tests of the printers.

use std::collections::BTreeMap;

use composeyard_compose::{Diagnostic, FileEdit, Fix, ProjectFiles, Related, Severity};
use composeyard_yaml::{Span, TextEdit};

use super::Report;

const TEXT: &str =
    "services:\n  größe:\n    imgae: nginx\n    ports: [\"80:80\"]\n  b:\n    ports: [\"80:81\"]\n";

fn span(of: &str) -> Span {
    let start = TEXT.find(of).unwrap();
    Span::new(start, start + of.len())
}

pub(super) fn report() -> Report {
    let file = "compose.yaml".to_owned();
    let edit =
        FileEdit { file: file.clone(), edit: TextEdit { span: span("imgae"), text: "image".to_owned() } };
    let finding = |code: &str, severity, message: &str, span| Diagnostic {
        code: code.to_owned(),
        severity,
        message: message.to_owned(),
        help: None,
        file: file.clone(),
        span,
        path: String::new(),
        related: Vec::new(),
        fixes: Vec::new(),
    };
    let unknown = Diagnostic {
        help: Some("Did you mean `image`?".to_owned()),
        path: "services.größe.imgae".to_owned(),
        fixes: vec![Fix { title: "Change to `image`".to_owned(), edits: vec![edit] }],
        ..finding("CY201", Severity::Error, "A service has no key `imgae`", span("imgae"))
    };
    let clash = Diagnostic {
        related: vec![Related {
            message: "first published here".to_owned(),
            file: file.clone(),
            span: span("\"80:80\""),
        }],
        ..finding("CY301", Severity::Warning, "Host port 80 is already published", span("\"80:81\""))
    };
    let whole =
        Diagnostic { file: String::new(), ..finding("CY100", Severity::Hint, "Nothing runs", Span::at(0)) };
    let files = ProjectFiles(BTreeMap::from([(file.clone(), TEXT.to_owned())]));
    Report::new(vec![unknown, clash, whole], &files)
}

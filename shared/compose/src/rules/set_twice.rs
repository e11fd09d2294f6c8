//! CY329: one variable twice in a list or in an env file.

use std::collections::HashMap;

use composeyard_yaml::{Document, Kind, NodeId, Span};

use crate::load::Parsed;
use crate::{Diagnostic, Severity};

use super::{Context, Rule, context::join};

pub(super) static RULE: Rule = Rule {
    code: "CY329",
    name: "set-twice",
    severity: Severity::Warning,
    what: "A list or an env file sets one variable twice.",
    why: "The later line wins without a word; whoever changes the earlier one wonders why nothing happens.",
    how: "Keep one of the lines.",
    link: "https://docs.docker.com/reference/compose-file/services/#environment",
    example: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      - LOG_LEVEL=debug\n      - LOG_LEVEL=info\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      - LOG_LEVEL=info\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (source, document) in context.documents() {
        let Some(services) = document.at(&["services"]) else { continue };
        let Kind::Mapping(entries) = &document.node(document.resolve(services)).kind else { continue };
        for entry in entries {
            let Some(name) = document.text(entry.key) else { continue };
            in_service(source, document, name, entry.value, findings);
        }
    }
    let is_source = |name: &String| context.source(name).is_some();
    for file in context.loaded.read.iter().filter(|name| !is_source(name)) {
        if let Some(text) = context.text_of(file) {
            in_env_file(file, &text, findings);
        }
    }
}

fn in_service(
    source: &Parsed,
    document: &Document,
    name: &str,
    service: NodeId,
    findings: &mut Vec<Diagnostic>,
) {
    let Kind::Mapping(entries) = &document.node(document.resolve(service)).kind else { return };
    for entry in entries {
        match document.text(entry.key) {
            Some(key @ ("environment" | "labels" | "annotations" | "sysctls")) => {
                in_list(source, document, entry.value, &["services", name, key], findings);
            }
            Some("build") => {
                for key in ["args", "labels"] {
                    let Some(entry) = document.entry(entry.value, key) else { continue };
                    in_list(source, document, entry.value, &["services", name, "build", key], findings);
                }
            }
            _ => {}
        }
    }
}

/// Looks at a list of `NAME=value`.
fn in_list(
    source: &Parsed,
    document: &Document,
    list: NodeId,
    steps: &[&str],
    findings: &mut Vec<Diagnostic>,
) {
    // An alias is looked at where its anchor stands.
    let Kind::Sequence(items) = &document.node(list).kind else { return };
    let mut seen: HashMap<&str, Span> = HashMap::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let Kind::Scalar(text) = &document.node(*item).kind else { continue };
        let span = document.node(*item).span();
        let name = text.split('=').next().unwrap_or(text);
        if let Some(first) = seen.insert(name, span) {
            let finding = RULE.at(
                &source.name,
                first,
                &format!("{}[{index}]", join(steps)),
                format!("`{name}` is set again below"),
            );
            let finding = finding.with_related("this line wins", &source.name, span);
            findings.push(without_line(finding, &source.text, first));
        }
    }
}

fn in_env_file(file: &str, text: &str, findings: &mut Vec<Diagnostic>) {
    // Values over several lines are rare, and telling their lines from others is the reader's business.
    let is_quoted_open =
        |line: &str| line.matches('"').count() % 2 == 1 || line.matches('\'').count() % 2 == 1;
    if text.lines().any(is_quoted_open) {
        return;
    }
    let mut seen: HashMap<&str, Span> = HashMap::new();
    // Where the last line begins that fills a name in.
    let mut used: HashMap<&str, usize> = HashMap::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, content) = (at, line.trim_end_matches(['\r', '\n']));
        at += line.len();
        let Some((name, value)) = content.split_once('=').filter(|_| !content.trim_start().starts_with('#'))
        else {
            continue;
        };
        let name = name.trim();
        let name = name.strip_prefix("export ").unwrap_or(name).trim();
        let span = Span::new(start, start + content.len());
        used.extend(filled_in(value).map(|name| (name, start)));
        if let Some(first) = seen.insert(name, span)
            && used.get(name).is_none_or(|line| *line <= first.start)
        {
            let finding = RULE.at(file, first, "", format!("`{name}` is set again below"));
            findings.push(without_line(finding.with_related("this line wins", file, span), text, first));
        }
    }
}

/// The names behind each `$` of a value, with and without braces.
fn filled_in(value: &str) -> impl Iterator<Item = &str> {
    value.split('$').skip(1).map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..length]
    })
}

/// Adds the removal of the earlier line, when nothing else stands on it.
fn without_line(finding: Diagnostic, text: &str, span: Span) -> Diagnostic {
    let finding = finding.with_help("Of two lines for one name the later wins. Keep one of them.");
    let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |newline| span.end + newline + 1);
    let before = text[start..span.start].trim();
    let is_alone = matches!(before, "" | "-") && text[span.end..end].trim().is_empty();
    if is_alone { finding.with_edit("Remove this line", Span::new(start, end), "") } else { finding }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{checked_files, fixed, found};

    #[test]
    fn the_line_without_effect_is_removed() {
        let app = |lines: &str| format!("services:\n  app:\n    image: a:1\n    environment:\n{lines}");
        let text = app("      - A=1\n      - B=1\n      - A=2\n");
        assert_eq!(found(&text), ["CY329 services.app.environment[2]: `A` is set again below"]);
        assert_eq!(fixed(&text), app("      - B=1\n      - A=2\n"));
        assert!(found(&app("      - A=1\n      - AB=1\n")).is_empty());
    }

    #[test]
    fn a_line_that_a_later_one_builds_on_has_its_effect() {
        for (text, count) in [
            ("OPTS=-Xmx1g\nOPTS=${OPTS} -Dx=y\n", 0),
            ("A=1\nB=$A-2\nA=3\n", 0),
            ("A=1\nA=2\nB=${A:-4}\n", 1),
            ("A=${A}1\nA=2\nB=$AB\n", 1),
        ] {
            let files = [("compose.yaml", "services:\n  app:\n    image: a:1\n"), (".env", text)];
            assert_eq!(checked_files(&files, &["compose.yaml"]).len(), count, "{text}");
        }
    }

    #[test]
    fn env_files_are_looked_at_too() {
        let files =
            [("compose.yaml", "services:\n  app:\n    image: a:1\n"), (".env", "A=1\n# A=3\nexport A=2\n")];
        let findings = checked_files(&files, &["compose.yaml"]);
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].code.as_str(), findings[0].file.as_str()), ("CY329", ".env"));
    }
}

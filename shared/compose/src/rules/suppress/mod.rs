//! What silences findings: comments (`# composeyard: ignore CY301`) and `x-composeyard: {ignore: [CY301]}`; and the two
//! rules that keep such lines honest.
//!
//! | where | what it silences |
//! |---|---|
//! | `# composeyard: ignore` beside a line | that line |
//! | the same alone on a line | the next line that is no comment |
//! | `# composeyard: ignore-file` | the file |
//! | `x-composeyard` at the top level | the file |
//! | `x-composeyard` in a service or below | that mapping |
//!
//! The comments also silence findings in the other files that services read: configurations of nginx, env files.

mod read;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use composeyard_yaml::{LineIndex, Span};

use self::read::{Reach, Silence};
use super::{Context, Rule};
use crate::{Diagnostic, Severity};

pub(super) static UNKNOWN: Rule = Rule {
    code: "CY331",
    name: "unknown-code",
    severity: Severity::Warning,
    what: "A line that silences findings names a code that no rule has.",
    why: "It silences nothing; the code is misspelt.",
    how: "Correct the code. `composeyard rules` lists them.",
    link: "https://docs.docker.com/reference/compose-file/extension/",
    example: "services:\n  web:\n    image: nginx:1.27 # composeyard: ignore CY999\n",
    good: "services:\n  web:\n    image: nginx:1.27\n",
};

pub(super) static UNUSED: Rule = Rule {
    code: "CY332",
    name: "unused-ignore",
    severity: Severity::Hint,
    what: "A line silences a finding that does not occur.",
    why: "It would hide the finding when it comes back.",
    how: "Remove it.",
    link: "https://docs.docker.com/reference/compose-file/extension/",
    example: "services:\n  web:\n    image: nginx:1.27 # composeyard: ignore CY306\n",
    good: "services:\n  web:\n    image: nginx # composeyard: ignore CY306\n",
};

/// Leaves out what the files silence, and reports lines that silence nothing. Errors of the file itself (below CY300)
/// cannot be silenced: Compose would refuse the file all the same.
pub(super) fn apply(findings: &mut Vec<Diagnostic>, context: &Context<'_>) {
    let sources = context.sources.iter().filter(|source| read::may_silence(&source.text));
    let others = other_files(findings, context);
    let mut silences: HashMap<&str, (LineIndex<'_>, Vec<Silence<'_>>)> = sources
        .map(|source| {
            let lines = LineIndex::new(&source.text);
            let silences = read::silences(source, &lines);
            (source.name.as_str(), (lines, silences))
        })
        .collect();
    silences.extend(others.iter().map(|(name, text)| {
        let lines = LineIndex::new(text);
        let silences = read::silences_of_other(text, &lines);
        (name.as_str(), (lines, silences))
    }));
    if silences.is_empty() {
        return;
    }
    let is_broken = findings.iter().any(|finding| finding.severity == Severity::Error);
    findings.retain(|finding| {
        let Some((lines, silences)) = silences.get_mut(finding.file.as_str()) else { return true };
        let mut is_silenced = false;
        for silence in silences.iter_mut().filter(|silence| silence.reach.covers(finding, lines)) {
            is_silenced |= !is_refusal(finding) && silence.uses(&finding.code);
        }
        !is_silenced
    });
    for (file, (_, silences)) in &silences {
        for silence in silences {
            unknown(file, silence, findings);
            // With errors in the files many rules have nothing to look at.
            if !is_broken && context.project().is_some() {
                unused(context, file, silence, findings);
            }
        }
    }
}

/// The files with findings that are no Compose files and may silence some, with their texts.
fn other_files(findings: &[Diagnostic], context: &Context<'_>) -> BTreeMap<String, String> {
    let names: BTreeSet<&str> = findings.iter().map(|finding| finding.file.as_str()).collect();
    let texts = names.into_iter().filter_map(|name| Some((name.to_owned(), context.other_text(name)?)));
    texts.filter(|(_, text)| read::may_silence(text)).collect()
}

fn is_refusal(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error && finding.code.as_str() < "CY300"
}

impl Reach {
    fn covers(&self, finding: &Diagnostic, lines: &LineIndex<'_>) -> bool {
        match self {
            Self::File => true,
            Self::Line(line) => lines.line(finding.span.start) == *line,
            Self::Below(span) => span.start <= finding.span.start && finding.span.start < span.end,
        }
    }
}

fn unknown(file: &str, silence: &Silence<'_>, findings: &mut Vec<Diagnostic>) {
    for (code, span, _) in &silence.codes {
        if !super::all().any(|rule| rule.code == *code) {
            let message = format!("No rule has the code `{code}`");
            findings
                .push(UNKNOWN.at(file, *span, "", message).with_help("`composeyard rules` lists all codes."));
        }
    }
}

fn unused(context: &Context<'_>, file: &str, silence: &Silence<'_>, findings: &mut Vec<Diagnostic>) {
    let known = |code: &str| super::all().find(|rule| rule.code == code);
    let idle = silence.codes.iter().filter(|(code, _, used)| !used && known(code).is_some());
    for (code, span, _) in idle {
        let is_refusal = *code < "CY300" && known(code).is_some_and(|rule| rule.severity == Severity::Error);
        let message = match is_refusal {
            true => format!("{code} cannot be silenced: Compose itself refuses such a file"),
            false => format!("There is no {code} to silence here"),
        };
        let finding = UNUSED.at(file, *span, "", message).with_help("Remove it, or it hides the next one.");
        findings.push(match (silence.comment, silence.codes.len()) {
            (Some(comment), 1) => without_comment(context, finding, comment),
            _ => finding,
        });
    }
    if silence.codes.is_empty() && !silence.silenced_any {
        let message = "There is nothing to silence here";
        let finding =
            UNUSED.at(file, silence.span, "", message).with_help("Remove it, or it hides the next finding.");
        findings.push(match silence.comment {
            Some(comment) => without_comment(context, finding, comment),
            None => finding,
        });
    }
}

/// Adds the removal of a comment: of its line when it stands alone there.
fn without_comment(context: &Context<'_>, finding: Diagnostic, comment: Span) -> Diagnostic {
    let Some(source) = context.source(&finding.file) else { return finding };
    let before = &source.text[..comment.start];
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let span = if before[line..].trim().is_empty() {
        let next = source.text[comment.end..].find('\n').map_or(source.text.len(), |at| comment.end + at + 1);
        Span::new(line, next)
    } else {
        Span::new(before.trim_end().len(), comment.end)
    };
    finding.with_edit("Remove the comment", span, "")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{checked, codes, fixed, found};
    use crate::{LoadRequest, ProjectFiles, check};

    fn file(image: &str) -> String {
        format!("services:\n  app:\n{image}")
    }

    #[test]
    fn a_comment_on_or_above_the_line_silences_the_codes_it_names() {
        assert_eq!(found(&file("    image: nginx\n")).len(), 1);
        for image in [
            "    image: nginx # composeyard: ignore CY306\n",
            "    image: nginx # composeyard: ignore\n",
            "    # composeyard: ignore CY306, CY301\n    # for the workshop\n    image: nginx\n",
        ] {
            let codes = codes(&checked(&file(image)));
            assert!(!codes.contains(&"CY306".to_owned()), "{image}: {codes:?}");
        }
        assert_eq!(
            codes(&checked(&file("    image: nginx # composeyard: ignore CY301\n"))),
            ["CY306", "CY332"]
        );
    }

    #[test]
    fn a_file_or_a_service_is_silenced_as_a_whole() {
        let two = |top: &str, of_app: &str| {
            format!("{top}services:\n  app:\n    image: nginx\n{of_app}  db:\n    image: redis\n")
        };
        assert_eq!(found(&two("", "")).len(), 2);
        assert!(found(&two("# composeyard: ignore-file CY306\n", "")).is_empty());
        assert!(found(&two("x-composeyard:\n  ignore: [CY306]\n", "")).is_empty());
        let service = two("", "    x-composeyard:\n      ignore: CY306\n");
        assert_eq!(found(&service), ["CY306 services.db.image: `redis` has no tag, so it means `latest`"]);
    }

    #[test]
    fn a_comment_in_another_file_silences_what_is_found_there() {
        let compose = "services:\n  web:\n    image: nginx:1.27\n    volumes: [./nginx.conf:/etc/nginx/nginx.conf:ro]\n";
        let checked = |conf: &str| {
            let files = [("compose.yaml", compose), ("nginx.conf", conf)];
            let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
            codes(&check(&ProjectFiles(files.into()), &LoadRequest::default()).diagnostics)
        };
        let pass = "proxy_pass http://api:8000;";
        let plain = checked(&format!("location / {{ {pass} }}\n"));
        assert!(plain.contains(&"CY318".to_owned()), "{plain:?}");
        for silenced in [
            format!("location / {{ {pass} }} # composeyard: ignore CY318\n"),
            format!("# composeyard: ignore CY318\nlocation / {{ {pass} }}\n"),
            format!("location / {{ {pass} }}\n# composeyard: ignore-file\n"),
        ] {
            let codes = checked(&silenced);
            assert_eq!(codes.len() + 1, plain.len(), "{silenced}: {codes:?}");
        }
        let idle = checked(&format!("location / {{ {pass} }} # composeyard: ignore CY306\n"));
        assert!(idle.contains(&"CY318".to_owned()) && idle.contains(&"CY332".to_owned()), "{idle:?}");
    }

    #[test]
    fn what_the_reference_refuses_cannot_be_silenced() {
        let text = file("    imgae: nginx # composeyard: ignore\n");
        assert_eq!(codes(&checked(&text)), ["CY201"]);
    }

    #[test]
    fn codes_that_no_rule_has_are_told() {
        let text = file("    image: nginx:1 # composeyard: ignore CY999\n");
        assert_eq!(found(&text), ["CY331 : No rule has the code `CY999`"]);
        assert_eq!(
            found(&format!("x-composeyard: {{ignore: [CY999]}}\n{}", file("    image: nginx:1\n"))).len(),
            1
        );
    }

    #[test]
    fn comments_that_silence_nothing_are_removed() {
        let clean = file("    image: nginx:1\n");
        assert_eq!(fixed(&file("    image: nginx:1 # composeyard: ignore CY306\n")), clean);
        assert_eq!(fixed(&file("    # composeyard: ignore\n    image: nginx:1\n")), clean);
    }
}

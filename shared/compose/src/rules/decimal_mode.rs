//! CY328: file permissions without the zero that makes them octal.

use composeyard_yaml::{Kind, Style};

use crate::{Diagnostic, Severity};

use super::context::join;
use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY328",
    name: "decimal-mode",
    severity: Severity::Warning,
    what: "File permissions are a number without a leading zero.",
    why: "YAML reads `440` as four hundred and forty, which is 0670 in octal: other permissions than meant.",
    how: "Write `0440` or `\"0440\"`.",
    link: "https://docs.docker.com/reference/compose-file/services/#secrets",
    example: "services:\n  app:\n    image: myapp:1.0\n    secrets:\n      - source: key\n        mode: 440\nsecrets:\n  key:\n    file: key.txt\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    secrets:\n      - source: key\n        mode: 0440\nsecrets:\n  key:\n    file: key.txt\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    for (name, service) in &project.services {
        let lists = [("secrets", service.secrets.len()), ("configs", service.configs.len())];
        for (list, index) in lists.into_iter().flat_map(|(list, count)| (0..count).map(move |at| (list, at)))
        {
            let item = format!("{list}[{index}]");
            findings.extend(judged(context, &["services", name.as_str(), &item, "mode"]));
        }
        for index in 0..service.volumes.len() {
            if service.volumes[index].tmpfs.as_ref().is_some_and(|tmpfs| tmpfs.mode.is_some()) {
                let item = format!("volumes[{index}]");
                findings.extend(judged(context, &["services", name.as_str(), &item, "tmpfs", "mode"]));
            }
        }
    }
}

/// Speaks up about a plain decimal number whose digits would be permissions in octal.
fn judged(context: &Context<'_>, steps: &[&str]) -> Option<Diagnostic> {
    let place = context.value(&join(steps))?;
    let source = context.source(place.file)?;
    let written = place.span.of(&source.text);
    let looks_octal = matches!(written.len(), 3 | 4) && written.bytes().all(|b| (b'0'..=b'7').contains(&b));
    let plain = |document: &composeyard_yaml::Document| {
        let node = document.node(document.spanning(place.span)?);
        Some(node.style == Style::Plain && matches!(node.kind, Kind::Scalar(_)) && node.tag().is_none())
    };
    let is_plain = source.documents.iter().find_map(plain).unwrap_or(false);
    if !looks_octal || written.starts_with('0') || !is_plain {
        return None;
    }
    let number: u32 = written.parse().ok()?;
    let message = format!("`{written}` means 0{number:o}, not 0{written}");
    let finding = context.finding(&RULE, steps, message);
    let help = "Without a leading zero YAML reads a decimal number. Permissions are octal.";
    Some(finding.with_help(help).with_edit(format!("Write 0{written}"), place.span, format!("0{written}")))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    fn mode(mode: &str) -> String {
        format!(
            "services:\n  app:\n    image: a:1\n    secrets:\n      - source: key\n        mode: {mode}\nsecrets:\n  key:\n    file: key.txt\n"
        )
    }

    #[test]
    fn a_decimal_mode_gets_its_zero() {
        let message = "CY328 services.app.secrets[0].mode: `440` means 0670, not 0440";
        assert_eq!(found(&mode("440 # group")), [message]);
        assert_eq!(fixed(&mode("440 # group")), mode("0440 # group"));
    }

    #[test]
    fn a_mode_of_four_digits_is_told_of_too() {
        let text = |mode: &str| {
            format!(
                "services:\n  app:\n    image: a:1\n    volumes:\n      - {{type: tmpfs, target: /x, tmpfs: {{mode: {mode}}}}}\n"
            )
        };
        assert_eq!(found(&text("1777")).len(), 1);
        assert_eq!(fixed(&text("1777")), text("01777"));
    }

    #[test]
    fn octal_numbers_and_texts_are_fine() {
        for text in ["0440", "\"440\"", "0o440", "288"] {
            assert!(found(&mode(text)).is_empty(), "{text}");
        }
    }
}

//! `composeyard rules`: the rules, one a line; `composeyard rules CY311`: one of them in full.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context, bail};
use composeyard_compose::Severity;
use composeyard_compose::rules::{self, Rule};

/// Which rule to explain.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Args {
    /// A code such as CY311, or a name such as health-without-check; without it all rules are listed
    rule: Option<String>,
}

/// Prints every rule with code, severity, name and what it finds; or all that one rule says.
///
/// # Errors
/// When there is no such rule, or standard output is closed.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let text = match &args.rule {
        None => list(),
        Some(wanted) => match find(wanted) {
            Some(rule) => explain(rule),
            None => bail!("there is no rule {wanted}; composeyard rules lists them"),
        },
    };
    std::io::stdout().write_all(text.as_bytes()).context("standard output is closed")?;
    Ok(ExitCode::SUCCESS)
}

fn find(wanted: &str) -> Option<&'static Rule> {
    rules::all().find(|rule| rule.code.eq_ignore_ascii_case(wanted) || rule.name.eq_ignore_ascii_case(wanted))
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

fn list() -> String {
    let mut lines = String::new();
    for rule in rules::all() {
        // Writing to a string cannot fail.
        let _ =
            writeln!(lines, "{}  {:<7}  {:<29}  {}", rule.code, word(rule.severity), rule.name, rule.what);
    }
    lines
}

fn explain(rule: &Rule) -> String {
    let mut text = format!("{} {} ({})\n\n{}\n", rule.code, rule.name, word(rule.severity), rule.what);
    let parts = [("Why", rule.why), ("What to do", rule.how), ("Reference", rule.link)];
    for (title, part) in parts {
        let _ = write!(text, "\n{title}: {part}\n");
    }
    for (title, example) in [("Example", rule.example), ("Better", rule.good)] {
        if !example.is_empty() {
            let _ = write!(text, "\n{title}:\n\n");
            for line in example.lines() {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_line() {
        let list = list();
        assert!(list.lines().any(|line| line.starts_with("CY301  error    host-port-clash")));
        assert_eq!(list.lines().count(), rules::all().count());
    }

    #[test]
    fn one_rule_is_shown_in_full_by_its_code_or_its_name() {
        let text = explain(find("cy310").unwrap());
        assert!(text.starts_with("CY310 unquoted-no (hint)\n"), "{text}");
        assert!(text.contains("Why: ") && text.contains("    restart: no\n"), "{text}");
        assert_eq!(find("unquoted-no").unwrap().code, "CY310");
        assert!(find("CY999").is_none());
    }
}

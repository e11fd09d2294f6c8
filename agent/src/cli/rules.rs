//! `composeyard rules`: the rules, one a line.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use composeyard_compose::{Severity, rules};

/// Prints every rule: code, severity, name and what it finds.
///
/// # Errors
/// When standard output is closed.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(list().as_bytes()).context("standard output is closed")?;
    Ok(ExitCode::SUCCESS)
}

fn list() -> String {
    let mut lines = String::new();
    for rule in rules::all() {
        let severity = match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{}  {severity:<7}  {:<24}  {}", rule.code, rule.name, rule.what);
    }
    lines
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_rule_has_a_line() {
        let list = super::list();
        assert!(list.lines().any(|line| line.starts_with("CY301  error    host-port-clash")));
        assert_eq!(list.lines().count(), composeyard_compose::rules::all().count());
    }
}

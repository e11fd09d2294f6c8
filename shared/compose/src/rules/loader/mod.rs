//! What the loader reports, described for docs/rules.md and `composeyard rules`. The findings themselves are made in
//! [`crate::load`], where the mistake is met.

mod files;
mod references;
mod values;
mod yaml;

use super::Rule;
use crate::Severity;

/// Every finding of the loader, by code.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    let groups: [&'static [Rule]; 4] = [&yaml::RULES, &values::RULES, &files::RULES, &references::RULES];
    groups.into_iter().flatten()
}

/// What to do about any finding of a code.
pub(crate) fn advice(code: &str) -> Option<&'static str> {
    all().find(|rule| rule.code == code).map(|rule| rule.how)
}

/// What a finding says: what it is, why it matters, what to do.
struct Says(&'static str, &'static str, &'static str);

const fn rule(
    severity: Severity,
    (code, name): (&'static str, &'static str),
    Says(what, why, how): Says,
    link: &'static str,
    example: &'static str,
) -> Rule {
    Rule { code, name, severity, what, why, how, link, example, good: "" }
}

const fn error(
    id: (&'static str, &'static str),
    says: Says,
    link: &'static str,
    example: &'static str,
) -> Rule {
    rule(Severity::Error, id, says, link, example)
}

const fn warning(
    id: (&'static str, &'static str),
    says: Says,
    link: &'static str,
    example: &'static str,
) -> Rule {
    rule(Severity::Warning, id, says, link, example)
}

/// A page of the Compose file reference.
macro_rules! page {
    ($page:literal) => {
        concat!("https://docs.docker.com/reference/compose-file/", $page)
    };
}
use page;

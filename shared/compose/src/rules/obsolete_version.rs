//! CY305: the top-level `version`.

use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY305",
    name: "obsolete-version",
    severity: Severity::Warning,
    what: "The file has a top-level `version`.",
    why: "Compose ignores it and warns on every command.",
    how: "Remove the line.",
    link: "https://docs.docker.com/reference/compose-file/version-and-name/",
    example: "version: \"3.8\"\nservices:\n  app:\n    image: nginx:1.27\n",
    good: "services:\n  app:\n    image: nginx:1.27\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (source, document) in context.documents() {
        let Some(entry) = document.root().and_then(|root| document.entry(root, "version")) else { continue };
        let span = document.node(entry.key).span();
        let mut finding = RULE.at(&source.name, span, "version", "`version` is obsolete").with_help(
            "Compose ignores it: every file is read by the current specification. Remove the line.",
        );
        finding.fixes.extend(
            context
                .remove_key("Remove the line", &["version"])
                .filter(|fix| fix.edits[0].file == source.name),
        );
        findings.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    #[test]
    fn the_version_line_can_go() {
        let text = "version: '3' # old\nservices:\n  app:\n    image: a:1\n";
        assert_eq!(found(text), ["CY305 version: `version` is obsolete"]);
        assert_eq!(fixed(text), "services:\n  app:\n    image: a:1\n");
    }
}

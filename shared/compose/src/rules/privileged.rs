//! CY314: a container with all rights on the host.

use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY314",
    name: "privileged",
    severity: Severity::Warning,
    what: "A service is `privileged`.",
    why: "Its processes can do on the host whatever root can.",
    how: "Grant only what it needs with `cap_add` or `devices`.",
    link: "https://docs.docker.com/reference/compose-file/services/#privileged",
    example: "services:\n  vpn:\n    image: myvpn:1.0\n    privileged: true\n",
    good: "services:\n  vpn:\n    image: myvpn:1.0\n    cap_add: [NET_ADMIN]\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    for (name, _) in project.services.iter().filter(|(_, service)| service.privileged) {
        let steps = ["services", name.as_str(), "privileged"];
        findings.push(context.finding(&RULE, &steps, format!("`{name}` has all rights on the host")).with_help(
            "A privileged container is not confined. Grant only what it needs, for instance `cap_add: [NET_ADMIN]` or one of `devices`.",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn all_rights_are_pointed_out() {
        let text = |value: &str| format!("services:\n  vpn:\n    image: a:1\n    privileged: {value}\n");
        assert_eq!(found(&text("true")), ["CY314 services.vpn.privileged: `vpn` has all rights on the host"]);
        assert!(found(&text("false")).is_empty());
    }
}

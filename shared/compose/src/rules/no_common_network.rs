//! CY319: an address of a service that shares no network with the caller.

use crate::edit::Intent;
use crate::{Diagnostic, Fix, Severity};

use super::reach::Call;
use super::reach::names::{Attached, share_network};
use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY319",
    name: "no-common-network",
    severity: Severity::Warning,
    what: "A variable or command names a service that is on no network of the caller.",
    why: "Containers find and reach each other only on a network that both have joined.",
    how: "Let both join one network.",
    link: "https://docs.docker.com/reference/compose-file/networks/",
    example: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      CACHE_URL: redis://cache:6379\n    networks: [front]\n  cache:\n    image: redis:7\n    networks: [back]\nnetworks:\n  front:\n  back:\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      CACHE_URL: redis://cache:6379\n    networks: [front, back]\n  cache:\n    image: redis:7\n    networks: [back]\nnetworks:\n  front:\n  back:\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(reach) = context.reach() else { return };
    for call in &reach.calls {
        let Some((name, service)) = reach.names.service(call.address.host) else { continue };
        if name == call.name {
            continue;
        }
        let caller = reach.names.attached(call.service);
        let message = match (caller, reach.names.attached(service)) {
            (Attached::Networks(a), Attached::Networks(b)) if share_network(a, b) => continue,
            (Attached::Networks(_), Attached::Networks(_)) => {
                format!("`{}` and `{name}` have no network in common", call.name)
            }
            (Attached::Host, Attached::Networks(_)) => format!(
                "`{}` is on the host's network, where `{}` cannot be looked up",
                call.name, call.address.host
            ),
            (Attached::Networks(_), Attached::Host) => {
                format!("`{name}` is on the host's network and cannot be looked up")
            }
            _ => continue,
        };
        let Some(finding) = call.finding(context, &RULE, message, None) else { continue };
        let mut finding = finding.with_help(help(caller));
        finding.fixes.extend(join_network(context, call, service.networks.keys().next()));
        findings.push(finding);
    }
}

const fn help(caller: Attached<'_>) -> &'static str {
    match caller {
        Attached::Host => {
            "Names of services only mean something on the networks of the project. Publish the port and use `localhost`, or remove `network_mode`."
        }
        _ => {
            "Containers find and reach each other only on a network that both have joined. List one network under `networks` of both."
        }
    }
}

/// A caller that lists its networks joins the other's; one on `default` would leave that by it.
fn join_network(context: &Context<'_>, call: &Call<'_>, network: Option<&String>) -> Option<Fix> {
    let network = network?;
    context.key(&["services", call.name.as_str(), "networks"])?;
    let intent = Intent::AttachNetwork { service: call.name.clone(), network: network.clone() };
    context.plan(format!("Let {} join {network}", call.name), &intent)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    fn two(app: &str, db: &str) -> String {
        format!(
            "services:\n  app:\n    image: a:1\n    environment:\n      DB_HOST: db\n    {app}\n  db:\n    image: d:1\n    {db}\nnetworks:\n  front:\n  back:\n"
        )
    }

    #[test]
    fn the_caller_joins_the_network_of_the_other() {
        let text = two("networks: [front]", "networks: [back]");
        assert_eq!(
            found(&text),
            ["CY319 services.app.environment.DB_HOST: `app` and `db` have no network in common"]
        );
        assert_eq!(fixed(&text), two("networks: [front, back]", "networks: [back]"));
    }

    #[test]
    fn names_mean_nothing_on_the_network_of_the_host() {
        let text = two("network_mode: host", "networks: [front, back]");
        assert_eq!(found(&text).len(), 1);
    }

    #[test]
    fn one_network_in_common_is_enough_and_a_shared_one_too() {
        assert!(found(&two("networks: [front, back]", "networks: [back]")).is_empty());
        assert!(found(&two("network_mode: service:db", "networks: [front, back]")).is_empty());
    }
}

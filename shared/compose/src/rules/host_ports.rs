//! CY301: two containers that want one port of the host.

use std::collections::{HashMap, HashSet};

use crate::model::Port;
use crate::{Diagnostic, Severity};

use super::context::join;
use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY301",
    name: "host-port-clash",
    severity: Severity::Error,
    what: "Two services publish the same port of the host.",
    why: "Only one program can listen on a port; the second container fails to start with \"port is already allocated\".",
    how: "Publish one of them on another port, or leave its host port out.",
    link: "https://docs.docker.com/reference/compose-file/services/#ports",
    example: "services:\n  web:\n    image: nginx:1.27\n    ports:\n      - \"8080:80\"\n  admin:\n    image: nginx:1.27\n    ports:\n      - \"8080:81\"\n",
    good: "services:\n  web:\n    image: nginx:1.27\n    ports:\n      - \"8080:80\"\n  admin:\n    image: nginx:1.27\n    ports:\n      - \"8081:81\"\n",
};

#[derive(Clone, Copy)]
struct Binding<'a> {
    service: &'a str,
    index: usize,
    port: &'a Port,
    number: u16,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    let (mut bindings, mut ranges): (Vec<Binding<'_>>, Vec<Binding<'_>>) = Default::default();
    for (name, service) in &project.services {
        if service.replicas() == 0 || service.network_mode == "host" {
            continue;
        }
        for (index, port) in service.ports.iter().enumerate() {
            let binding = |number| Binding { service: name.as_str(), index, port, number };
            match port.published.split_once('-') {
                None => bindings.extend(port.published.parse().ok().map(binding)),
                Some((first, _)) => ranges.extend(first.parse().ok().map(binding)),
            }
        }
    }
    let mut counts: HashMap<u16, u32> = HashMap::with_capacity(bindings.len());
    for binding in &bindings {
        *counts.entry(binding.number).or_default() += 1;
    }
    let taken: HashSet<u16> = counts.keys().copied().collect();
    findings.extend(ranges.iter().filter_map(|range| full_range(context, range, &bindings)));
    bindings.retain(|binding| counts.get(&binding.number).is_some_and(|count| *count > 1));
    bindings.sort_by_cached_key(|binding| place_key(context, binding));
    let mut earlier: HashMap<u16, Vec<&Binding<'_>>> = HashMap::new();
    for binding in &bindings {
        let rivals = earlier.entry(binding.number).or_default();
        if let Some(first) = rivals.iter().find(|first| clash(first, binding)) {
            findings.push(report(context, first, binding, &taken));
        }
        rivals.push(binding);
    }
}

/// The engine picks a free port from a range; here there is none left.
fn full_range(context: &Context<'_>, range: &Binding<'_>, fixed: &[Binding<'_>]) -> Option<Diagnostic> {
    let last: u16 = range.port.published.split_once('-')?.1.parse().ok()?;
    if usize::from(last.checked_sub(range.number)?) >= fixed.len() {
        return None;
    }
    let holder = |number| fixed.iter().find(|other| clash(other, &Binding { number, ..*range }));
    let holders: Vec<_> = (range.number..=last).map(holder).collect::<Option<_>>()?;
    let item = format!("ports[{}]", range.index);
    let message = format!("Every host port of {} is already published", range.port.published);
    let mut finding = context.finding(&RULE, &steps(range, &item), message).with_help(
        "The engine picks a free port from a range, and there is none left. Make the range wider, or move it.",
    );
    for holder in holders {
        let item = format!("ports[{}]", holder.index);
        let place = context.place(&["services", holder.service, &item]);
        finding =
            finding.with_related(format!("{} is published here", holder.number), place.file, place.span);
    }
    Some(finding)
}

fn steps<'a>(binding: &Binding<'a>, item: &'a str) -> [&'a str; 3] {
    ["services", binding.service, item]
}

/// Source order; the finding goes to the later one.
fn place_key<'c>(context: &'c Context<'_>, binding: &Binding<'_>) -> (&'c str, usize, usize) {
    let item = format!("ports[{}]", binding.index);
    let place = context.place(&steps(binding, &item));
    (place.file, place.span.start, binding.index)
}

fn clash<'a>(a: &Binding<'a>, b: &Binding<'a>) -> bool {
    let protocol = |port: &'a Port| if port.protocol.is_empty() { "tcp" } else { port.protocol.as_str() };
    let same_item =
        a.service == b.service && a.port.target == b.port.target && a.port.host_ip == b.port.host_ip;
    a.number == b.number
        && a.number != 0
        && protocol(a.port) == protocol(b.port)
        && !same_item
        && overlap(&a.port.host_ip, &b.port.host_ip)
}

/// True when two host addresses have an address in common. An empty one stands for all of both families.
fn overlap(a: &str, b: &str) -> bool {
    let all = |ip: &str, of: &str| match ip {
        "" => true,
        "0.0.0.0" => of.is_empty() || !of.contains(':'),
        "::" => of.is_empty() || of.contains(':'),
        _ => false,
    };
    a == b || all(a, b) || all(b, a)
}

fn report(
    context: &Context<'_>,
    first: &Binding<'_>,
    binding: &Binding<'_>,
    taken: &HashSet<u16>,
) -> Diagnostic {
    let item = format!("ports[{}]", binding.index);
    let steps = steps(binding, &item);
    let protocol = if binding.port.protocol == "udp" { " (udp)" } else { "" };
    let owner = if first.service == binding.service {
        "published twice by this service".to_owned()
    } else {
        format!("already published by `{}`", first.service)
    };
    let finding = context
        .finding(&RULE, &steps, format!("Host port {}{protocol} is {owner}", binding.number))
        .with_help(
            "Only one container can listen on a port of the host; the second fails to start. Choose another host port for one of them.",
        );
    let first_item = format!("ports[{}]", first.index);
    let other = context.place(&["services", first.service, &first_item]);
    let finding = finding.with_related("first published here", other.file, other.span);
    let free = (binding.number..=u16::MAX).find(|port| !taken.contains(port));
    match free.and_then(|free| rewritten(context, &steps, binding.number, free).map(|text| (free, text))) {
        Some((free, text)) => {
            let span = finding.span;
            finding.with_edit(format!("Publish on {free}"), span, text)
        }
        None => finding,
    }
}

/// The written port with another host port; none when the number does not stand there once and plainly.
fn rewritten(context: &Context<'_>, steps: &[&str], from: u16, to: u16) -> Option<String> {
    let written = context.written(&join(steps))?;
    let host = format!("{from}:");
    let at = written.find(&host)?;
    let starts = written[..at].chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric() && c != '-');
    (starts && !written.contains(['$', '\n'])).then(|| written.replacen(&host, &format!("{to}:"), 1))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{checked_files, fixed, found};
    use super::overlap;

    fn two(first: &str, second: &str) -> String {
        format!(
            "services:\n  a:\n    image: a:1\n    ports:\n      - {first}\n  b:\n    image: b:1\n    ports:\n      - {second}\n"
        )
    }

    #[test]
    fn the_end_of_a_range_is_not_moved_alone() {
        let text = two("\"8002:90\"", "\"8000-8002:80-82\"");
        let findings = checked_files(&[("compose.yaml", &text)], &["compose.yaml"]);
        assert!(findings.len() == 1 && findings[0].fixes.is_empty(), "{findings:?}");
    }

    #[test]
    fn the_second_service_on_a_host_port_is_named_and_moved() {
        let text = two("\"8080:80\"", "\"8080:81\" # admin");
        assert_eq!(found(&text), ["CY301 services.b.ports[0]: Host port 8080 is already published by `a`"]);
        assert_eq!(fixed(&text), two("\"8080:80\"", "\"8081:81\" # admin"));
    }

    #[test]
    fn ranges_are_compared_port_by_port() {
        assert_eq!(found(&two("8000-8002:80-82", "8001:90")).len(), 1);
        assert!(found(&two("8000-8002:80-82", "8003:90")).is_empty());
    }

    #[test]
    fn a_range_to_pick_from_does_not_clash() {
        assert!(found(&two("8000-8002:80", "8001:90")).is_empty());
    }

    #[test]
    fn a_range_without_a_free_port_clashes() {
        let text = "services:\n  a:\n    image: a:1\n    ports: [\"8000-8001:80-81\"]\n  b:\n    image: b:1\n    ports:\n      - 8000-8001:90\n";
        assert_eq!(
            found(text),
            ["CY301 services.b.ports[0]: Every host port of 8000-8001 is already published"]
        );
        assert!(found(&text.replace("81:90", "82:90").replace("8001:90", "8002:90")).is_empty());
    }

    #[test]
    fn other_protocols_and_addresses_do_not_clash() {
        assert!(found(&two("53:53/tcp", "53:53/udp")).is_empty());
        assert!(found(&two("127.0.0.1:80:80", "127.0.0.2:80:80")).is_empty());
        assert_eq!(found(&two("80:80", "127.0.0.1:80:80")).len(), 1);
    }

    #[test]
    fn all_addresses_include_each_one() {
        assert!(overlap("", "::1") && overlap("0.0.0.0", "127.0.0.1") && overlap("", "0.0.0.0"));
        assert!(!overlap("0.0.0.0", "::1") && !overlap("127.0.0.1", "127.0.0.2"));
    }

    #[test]
    fn container_ports_alone_never_clash() {
        assert!(found(&two("\"80\"", "\"80\"")).is_empty());
    }
}

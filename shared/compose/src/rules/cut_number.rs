//! CY333: a number that loses its fraction, or all of itself, on the way to the engine.

use crate::load::{
    scalar,
    tree::{Data, Value},
};
use crate::{Diagnostic, ServiceName, Severity};

use super::context::Place;
use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY333",
    name: "cut-number",
    severity: Severity::Warning,
    what: "A number has a point or an exponent where Compose keeps whole numbers only.",
    why: "Compose drops the fraction without a word: `1.5` arrives as 1. A size is dropped as a whole: `1e9` is no limit at all.",
    how: "Write a whole number; sizes may have a unit: `512m`, `1.5g`.",
    link: "https://docs.docker.com/reference/compose-file/services/#mem_limit",
    example: "services:\n  app:\n    image: myapp:1.0\n    mem_limit: 5e8\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    mem_limit: 500m\n",
};

/// Keys of a service whose fraction is dropped.
const WHOLE: [&str; 6] =
    ["cpu_shares", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "pids_limit"];
/// Keys of a service that are dropped as a whole.
const SIZES: [&str; 4] = ["mem_limit", "mem_reservation", "memswap_limit", "shm_size"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    let Some(services) = context.loaded.origins.value("services").and_then(Value::map) else { return };
    for name in project.services.keys().map(ServiceName::as_str) {
        let Some(service) = services.get(name) else { continue };
        for key in SIZES {
            lost_at(context, service, &["services", name, key], findings);
        }
        for key in WHOLE {
            cut_at(context, service, &["services", name, key], findings);
        }
        if let Some(check) = service.get("healthcheck") {
            cut_at(context, check, &["services", name, "healthcheck", "retries"], findings);
        }
        if let Some(build) = service.get("build") {
            lost_at(context, build, &["services", name, "build", "shm_size"], findings);
        }
        for (index, mount) in service.get("volumes").and_then(Value::list).into_iter().flatten().enumerate() {
            if let Some(tmpfs) = mount.get("tmpfs") {
                let item = format!("volumes[{index}]");
                lost_at(context, tmpfs, &["services", name, &item, "tmpfs", "size"], findings);
            }
        }
        for (network, value) in service.get("networks").and_then(Value::map).into_iter().flatten() {
            for key in ["priority", "gw_priority"] {
                cut_at(context, value, &["services", name, "networks", network, key], findings);
            }
        }
    }
}

/// The number under the last of the steps when it is written with a point or an exponent, and where.
fn fraction_at<'a>(
    context: &'a Context<'_>,
    parent: &Value,
    steps: &[&str],
) -> Option<(Place<'a>, &'a str, f64)> {
    let (place, written) = context.written_at(parent.get(steps.last()?)?)?;
    if !written.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        return None;
    }
    match scalar::typed(written) {
        Some(Data::Float(number)) if number.is_finite() => Some((place, written, number)),
        _ => None,
    }
}

/// A whole number that is cut, under the last of the steps.
fn cut_at(context: &Context<'_>, parent: &Value, steps: &[&str], findings: &mut Vec<Diagnostic>) {
    let Some((place, written, number)) = fraction_at(context, parent, steps) else { return };
    if number.fract() == 0.0 {
        return;
    }
    let whole = number.trunc();
    let finding = context.finding(&RULE, steps, format!("`{written}` arrives as {whole}"));
    findings.push(finding.with_edit(format!("Write {whole}"), place.span, whole.to_string()));
}

/// A size that is lost, under the last of the steps.
fn lost_at(context: &Context<'_>, parent: &Value, steps: &[&str], findings: &mut Vec<Diagnostic>) {
    let Some((_, written, _)) = fraction_at(context, parent, steps) else { return };
    let finding = context.finding(&RULE, steps, format!("`{written}` arrives as 0, as if it were not there"));
    findings.push(finding.with_help("Write a whole number of bytes, or a unit: `512m`, `1.5g`."));
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    fn service(line: &str) -> String {
        format!("services:\n  app:\n    image: a:1\n    {line}\n")
    }

    #[test]
    fn a_fraction_that_is_dropped_is_told_of_and_may_be_removed() {
        let message = "CY333 services.app.cpu_shares: `1.5` arrives as 1";
        assert_eq!(found(&service("cpu_shares: 1.5 # weight")), [message]);
        assert_eq!(fixed(&service("cpu_shares: 1.5 # weight")), service("cpu_shares: 1 # weight"));
        assert_eq!(found(&service("healthcheck: {test: x, retries: 2.5}")).len(), 1);
        assert_eq!(found(&service("networks: {default: {priority: 0.5}}")).len(), 1);
    }

    #[test]
    fn a_size_that_is_dropped_is_told_of() {
        let message = "CY333 services.app.mem_limit: `1e9` arrives as 0, as if it were not there";
        assert_eq!(found(&service("mem_limit: 1e9")), [message]);
        for line in [
            "mem_reservation: 5e8",
            "build: {context: ., shm_size: 1e9}",
            "volumes: [{type: tmpfs, target: /x, tmpfs: {size: 1e9}}]",
        ] {
            assert_eq!(found(&service(line)).len(), 1, "{line}");
        }
    }

    #[test]
    fn numbers_that_arrive_as_they_are_pass() {
        for line in
            ["cpu_shares: 2.0", "cpus: 1.5", "mem_limit: 1.5g", "mem_limit: \"1.5g\"", "pids_limit: 100"]
        {
            assert!(found(&service(line)).is_empty(), "{line}");
        }
    }
}

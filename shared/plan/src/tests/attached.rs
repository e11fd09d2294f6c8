//! `up` that stays with its containers.

use super::*;
use crate::{Attach, Until, over, printed};

fn stack() -> Project {
    project(json!({"services": {
        "init": {"depends_on": {"db": {}}},
        "app": {"depends_on": {"init": {"condition": "service_completed_successfully"}}},
        "db": {"attach": false},
        "other": {},
    }}))
}

/// With these exit codes; the others run.
fn ended(codes: &[(&str, i64)]) -> Observed {
    let mut observed = all_running(&stack());
    for container in &mut observed.containers {
        if let Some((_, code)) = codes.iter().find(|(service, _)| *service == container.service) {
            (container.state, container.exit_code) = (ContainerState::Exited, Some(*code));
        }
    }
    observed
}

fn of(named: &[&str], attach: &Attach) -> Result<Vec<String>, String> {
    let named: Vec<ServiceName> = named.iter().map(|service| name(service)).collect();
    let printed = printed(&stack(), &named, attach).map_err(|error| error.to_string())?;
    Ok(printed.iter().map(ToString::to_string).collect())
}

#[test]
fn the_named_services_are_printed_and_those_that_ask_not_to_be_only_by_name() {
    let strings = |names: &[&str]| Ok(names.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(of(&[], &Attach::default()), strings(&["app", "init", "other"]));
    assert_eq!(of(&["app"], &Attach::default()), strings(&["app"]));
    let dependencies = Attach { dependencies: true, ..Attach::default() };
    assert_eq!(of(&["app"], &dependencies), strings(&["app", "init"]));
    let without = Attach { without: vec![name("app")], ..Attach::default() };
    assert_eq!(of(&["app"], &without), strings(&[]));
    let only = Attach { only: vec![name("db")], ..Attach::default() };
    assert_eq!(of(&["app"], &only), strings(&["db"]));
}

#[test]
fn what_is_not_brought_up_cannot_be_printed() {
    let attach = Attach { only: vec![name("other")], ..Attach::default() };
    let refused = "Service other is not brought up, so nothing of it can be printed.";
    assert_eq!(of(&["app"], &attach), Err(refused.to_owned()));
}

#[test]
fn it_is_over_when_all_that_were_named_have_ended() {
    let over = |observed: &Observed, named: &[ServiceName]| over(&stack(), observed, named, Until::AllEnd);
    assert_eq!(over(&ended(&[("app", 3)]), &[]), None);
    assert_eq!(over(&ended(&[("app", 3)]), &[name("app")]), Some(0));
    assert_eq!(over(&ended(&[("app", 3), ("init", 0), ("db", 0), ("other", 0)]), &[]), Some(0));
    let mut restarting = ended(&[("app", 3)]);
    restarting.containers.iter_mut().for_each(|container| container.state = ContainerState::Restarting);
    assert_eq!(over(&restarting, &[name("app")]), None);
}

#[test]
fn the_first_to_end_or_to_fail_ends_all_with_its_code() {
    let over = |codes: &[(&str, i64)], until| over(&stack(), &ended(codes), &[], until);
    assert_eq!(over(&[("other", 0)], Until::OneEnds), Some(0));
    assert_eq!(over(&[("other", 0)], Until::OneFails), None);
    assert_eq!(over(&[("other", 0), ("app", 3)], Until::OneEnds), Some(3));
    assert_eq!(over(&[("app", 3)], Until::OneFails), Some(3));
}

#[test]
fn what_others_wait_for_until_it_has_completed_may_end_but_not_fail() {
    let over = |codes: &[(&str, i64)], until| over(&stack(), &ended(codes), &[], until);
    assert_eq!(over(&[("init", 0)], Until::OneEnds), None);
    assert_eq!(over(&[("init", 1)], Until::OneEnds), Some(1));
    let all = [("init", 0), ("app", 0), ("db", 0), ("other", 0)];
    assert_eq!(over(&all, Until::OneFails), Some(0));
}

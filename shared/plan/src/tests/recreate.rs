//! `up` where something differs from what runs.

use std::collections::BTreeMap;

use insta::assert_snapshot;

use super::*;
use crate::{MadeFrom, Recreate};

fn web(environment: &Value) -> Project {
    project(json!({"services": {
        "web": {"environment": environment, "ports": [{"target": 80, "published": "8080"}]},
        "other": {},
    }}))
}

/// What runs after an `up` of `before`, as the planner sees it when the file says `after`.
fn running(before: &Project) -> Observed {
    let mut observed = all_running(before);
    for container in &mut observed.containers {
        let service = &before.services[&name(&container.service)];
        container.made_from = Some(MadeFrom {
            environment: service.environment.iter().map(|(k, v)| (k.clone(), v.clone().unwrap())).collect(),
            ports: service
                .ports
                .iter()
                .map(|port| format!("{}:{}/tcp", port.published, port.target))
                .collect(),
            ..Default::default()
        });
    }
    observed
}

#[test]
fn a_changed_variable_replaces_just_that_service_and_says_so() {
    let observed = running(&web(&json!({"PORT": "8000"})));
    let plan = up(&web(&json!({"PORT": "8001"})), &observed);
    assert!(well_formed(&plan));
    assert_snapshot!(shown(&plan), @r"
    1 create web-1 as web1-0123456_shop-web-1 (environment PORT changed 8000 -> 8001)
    2 stop web-1 after 1 (its replacement is made)
    3 remove web-1 after 2 (its replacement is made)
    4 rename web-1 to shop-web-1 after 3 (the name is free now)
    5 start new web-1 after 4 (it is new)
    ");
}

#[test]
fn what_is_named_and_what_comes_along_as_a_dependency_are_replaced_each_by_its_own_policy() {
    let shop = |port: &str| {
        project(json!({"services": {
            "db": {"environment": {"PORT": port}},
            "web": {"environment": {"PORT": port}, "depends_on": {"db": {"condition": "service_started"}}},
        }}))
    };
    let observed = running(&shop("8000"));
    let replaced = |recreate, recreate_dependencies| {
        let services = vec![name("web")];
        let options = UpOptions { services, recreate, recreate_dependencies, ..Default::default() };
        let plan = up_with(&shop("8001"), &observed, options);
        let made = plan.steps.iter().filter(|step| matches!(step.action, Action::CreateContainer { .. }));
        made.map(|step| what(&plan, step.id)).collect::<Vec<_>>()
    };
    assert_eq!(replaced(Recreate::Never, Recreate::Never), Vec::<String>::new());
    assert_eq!(replaced(Recreate::Never, Recreate::Diverged), ["create db-1 as db1-01234567_shop-db-1"]);
}

#[test]
fn the_value_of_a_secret_is_never_in_a_reason() {
    let observed = running(&web(&json!({"DB_PASSWORD": "old-value", "URL": "redis://u:old-value@db"})));
    let plan = up(&web(&json!({"DB_PASSWORD": "new-value", "URL": "redis://u:new-value@db"})), &observed);
    assert!(!shown(&plan).contains("-value"), "{}", shown(&plan));
    assert!(plan.steps[0].reason.contains("environment DB_PASSWORD changed"));
}

#[test]
fn a_newer_local_image_replaces() {
    let project = web(&json!({}));
    let mut observed = running(&project);
    observed
        .images
        .insert("nginx".to_owned(), ObservedImage { id: "sha256:new".to_owned(), ..Default::default() });
    assert_eq!(up(&project, &observed).steps[0].reason, "nginx names a newer image than the one it runs");
}

#[test]
fn a_build_replaces_only_if_its_image_turns_out_different() {
    let project = project(json!({"services": {"app": {"build": {"context": "."}}}}));
    let options = UpOptions { build: true, ..Default::default() };
    let plan = up_with(&project, &all_running(&project), options);
    let unless = plan.steps.iter().find_map(|step| match &step.action {
        Action::CreateContainer { unless_image, .. } => unless_image.as_deref(),
        _ => None,
    });
    assert_eq!(unless, Some(IMAGE));
}

#[test]
fn a_start_waits_until_the_host_port_is_free() {
    let before =
        project(json!({"services": {"a": {"ports": [{"target": 80, "published": "8080"}]}, "b": {}}}));
    let mut observed = running(&before);
    observed.containers[0].ports =
        vec![PublishedPort { host_port: 8080, container_port: 80, ..Default::default() }];
    let after =
        project(json!({"services": {"a": {}, "b": {"ports": [{"target": 80, "published": "8080"}]}}}));
    let plan = up(&after, &observed);
    let step = |text: &str| plan.steps.iter().find(|step| what(&plan, step.id) == text).unwrap();
    assert!(step("start new b-1").after.contains(&step("stop a-1").id), "{}", shown(&plan));
}

#[test]
fn dependents_that_ask_for_it_stop_first_and_start_again() {
    let file = |port: &str| {
        project(json!({"services": {
            "db": {"environment": {"PORT": port}},
            "app": {"depends_on": {"db": {"condition": "service_started", "restart": true, "required": true}}},
        }}))
    };
    assert_snapshot!(shown(&up(&file("2"), &running(&file("1")))), @r"
    1 stop app-1 (db, which it depends on, is replaced)
    2 create db-1 as db1-01234567_shop-db-1 after 1 (environment PORT changed 1 -> 2)
    3 stop db-1 after 2 (its replacement is made)
    4 remove db-1 after 3 (its replacement is made)
    5 rename db-1 to shop-db-1 after 4 (the name is free now)
    6 start new db-1 after 5 (it is new)
    7 start app-1 after 1 6 (it was stopped for a change around it)
    ");
}

#[test]
fn a_dependent_that_was_not_asked_for_stays_as_it_is() {
    let file = |port: &str| {
        project(json!({"services": {
            "db": {"environment": {"PORT": port}},
            "app": {"depends_on": {"db": {"condition": "service_started", "restart": true, "required": true}}},
        }}))
    };
    let options = UpOptions { services: vec![name("db")], ..UpOptions::default() };
    let plan = shown(&up_with(&file("2"), &running(&file("1")), options));
    assert!(plan.contains("stop db-1") && !plan.contains("app-1"), "{plan}");
}

#[test]
fn a_changed_network_brings_back_also_what_was_not_asked_for_if_it_ran() {
    let file = |internal: bool| {
        project(json!({
            "services": {"web": {"networks": {"front": null}}, "job": {"networks": {"front": null}}},
            "networks": {"front": {"internal": internal}},
        }))
    };
    let options = UpOptions { services: vec![name("web")], ..UpOptions::default() };
    let mut observed = running(&file(false));
    let plan = shown(&up_with(&file(true), &observed, options.clone()));
    assert!(plan.contains("stop job-1") && plan.contains("start job-1"), "{plan}");
    let job = observed.containers.iter_mut().find(|container| container.service == "job");
    job.unwrap().state = ContainerState::Exited;
    let plan = shown(&up_with(&file(true), &observed, options));
    assert!(plan.contains("start web-1") && !plan.contains("start job-1"), "{plan}");
}

#[test]
fn a_changed_volume_brings_back_also_what_was_not_asked_for() {
    let file = |driver: &str| {
        let mounts = json!({"volumes": [{"type": "volume", "source": "data", "target": "/data"}]});
        project(json!({
            "services": {"web": mounts, "other": mounts},
            "volumes": {"data": {"driver_opts": {"o": driver}}},
        }))
    };
    let options = UpOptions {
        services: vec![name("web")],
        recreate_volumes: vec!["data".to_owned()],
        ..UpOptions::default()
    };
    let plan = shown(&up_with(&file("2"), &running(&file("1")), options));
    assert!(plan.contains("remove other-1") && plan.contains("start new other-1"), "{plan}");
}

#[test]
fn a_changed_network_is_made_anew_around_its_containers() {
    let file = |internal: bool| {
        project(json!({
            "services": {"web": {"networks": {"front": null}}},
            "networks": {"front": {"internal": internal}},
        }))
    };
    assert_snapshot!(shown(&up(&file(true), &running(&file(false)))), @r"
    1 stop web-1 (network front changes)
    2 disconnect web-1 from shop_front after 1 (network front is made anew)
    3 remove network front after 2 (its configuration changed)
    4 create network front after 3 (its configuration changed)
    5 connect web-1 to front after 4 (network front is made anew)
    6 start web-1 after 1 5 (it was stopped for a change around it)
    ");
}

#[test]
fn a_changed_volume_is_kept_until_the_user_agrees_to_lose_its_data() {
    let file = |size: &str| {
        project(json!({
            "services": {"db": {"volumes": [{"type": "volume", "source": "data", "target": "/data"}]}},
            "volumes": {"data": {"driver_opts": BTreeMap::from([("size", size)])}},
        }))
    };
    let observed = running(&file("1"));
    assert_snapshot!(shown(&up(&file("2"), &observed)), @"! Volume shop_data exists, but differs from the file. It is kept as it is: making it anew would lose its data.");
    let options = UpOptions { recreate_volumes: vec!["data".to_owned()], ..Default::default() };
    assert_snapshot!(shown(&up_with(&file("2"), &observed, options)), @r"
    1 stop db-1 (a volume it mounts is made anew)
    2 remove db-1 after 1 (a volume it mounts is made anew)
    3 remove volume data after 2 (its configuration changed; its data is lost as agreed)
    4 create volume data after 3 (its configuration changed)
    5 create db-1 as shop-db-1 after 4 (db has no container yet)
    6 start new db-1 after 5 (it is new)
    ");
}

/// `web` in the middle of a replacement: the new container is made, with its temporary name.
fn interrupted(project: &Project, old: &Project) -> Observed {
    let mut observed = running(old);
    let made =
        all_running(project).containers.into_iter().find(|container| container.service == "web").unwrap();
    observed.containers.push(ObservedContainer {
        id: "new".to_owned(),
        name: "0123456789ab_shop-web-1".to_owned(),
        state: ContainerState::Created,
        ..made
    });
    observed
}

#[test]
fn an_interrupted_replacement_is_brought_to_its_end() {
    let (old, new) = (web(&json!({"PORT": "8000"})), web(&json!({"PORT": "8001"})));
    let plan = up(&new, &interrupted(&new, &old));
    assert!(well_formed(&plan));
    assert_snapshot!(shown(&plan), @r"
    1 stop web-1 (an interrupted run left two of it)
    2 remove web-1 after 1 (an interrupted run left two of it)
    3 rename web-1 to shop-web-1 after 2 (an interrupted run left it a temporary name)
    4 start web-1 after 3 (it was never started)
    ");
}

#[test]
fn an_interrupted_replacement_that_nobody_wants_any_more_is_undone() {
    let (old, new) = (web(&json!({"PORT": "8000"})), web(&json!({"PORT": "8001"})));
    let plan = up(&old, &interrupted(&new, &old));
    assert!(well_formed(&plan));
    assert_snapshot!(shown(&plan), @r"
    1 stop web-1 (an interrupted run left two of it)
    2 remove web-1 after 1 (an interrupted run left two of it)
    ");
}

#[test]
fn what_an_interrupted_replacement_left_is_gone_before_the_next_one_takes_its_name() {
    let web = |port: &str| web(&json!({"PORT": port}));
    let plan = up(&web("8002"), &interrupted(&web("8001"), &web("8000")));
    assert!(well_formed(&plan));
    let shown = shown(&plan);
    let created = shown.lines().find(|line| line.contains("create web-1")).unwrap();
    assert!(created.contains("after 2 "), "{shown}");
}

#[test]
fn a_container_that_was_made_but_not_joined_is_replaced() {
    let project = project(
        json!({"services": {"web": {"networks": {"a": null, "b": null}}}, "networks": {"a": {}, "b": {}}}),
    );
    let mut observed = all_running(&project);
    let container = &mut observed.containers[0];
    container.state = ContainerState::Created;
    container.networks.truncate(1);
    container.network_ids = vec![String::new()];
    let plan = up(&project, &observed);
    assert!(plan.steps[0].reason.starts_with("it is not on network"), "{}", shown(&plan));
}

#[test]
fn an_engine_that_gives_names_for_ids_of_networks_keeps_its_containers() {
    let project =
        project(json!({"services": {"web": {"networks": {"default": null}}}, "networks": {"default": {}}}));
    let mut observed = all_running(&project);
    observed.containers[0].network_ids = observed.containers[0].networks.clone();
    assert!(up(&project, &observed).is_empty());
}

#[test]
fn renewed_volumes_are_not_those_of_the_container_that_goes() {
    let project = web(&json!({}));
    let renewed = |renew_volumes| {
        let options = UpOptions { recreate: Recreate::Force, renew_volumes, ..Default::default() };
        let plan = up_with(&project, &running(&project), options);
        let made = plan.steps.iter().filter_map(|step| match step.action {
            Action::CreateContainer { renew_volumes, .. } => Some(renew_volumes),
            _ => None,
        });
        made.collect::<Vec<_>>()
    };
    assert_eq!((renewed(false), renewed(true)), (vec![false; 2], vec![true; 2]));
}

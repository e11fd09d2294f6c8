//! `up` where nothing has to be replaced.

use insta::assert_snapshot;

use super::*;
use crate::Pull;

fn stack() -> Project {
    project(json!({
        "services": {
            "cache": {"image": "redis:7", "networks": {"back": null}, "volumes": [
                {"type": "volume", "source": "data", "target": "/data"},
            ]},
            "app": {"build": {"context": "/shop/app"}, "networks": {"back": null},
                "depends_on": {"cache": {"condition": "service_healthy"}}},
        },
        "networks": {"back": {}, "unused": {}},
        "volumes": {"data": {}, "unused": {}},
    }))
}

#[test]
fn from_nothing_makes_what_the_services_use_and_starts_in_dependency_order() {
    let plan = up(&stack(), &Observed::default());
    assert!(well_formed(&plan));
    assert_snapshot!(shown(&plan), @r"
    1 build image shop-app of app (image shop-app does not exist yet)
    2 pull image redis:7 (image redis:7 is not on this machine)
    3 create network back (network shop_back does not exist)
    4 create volume data (volume shop_data does not exist)
    5 create cache-1 as shop-cache-1 after 2 3 4 (cache has no container yet)
    6 create app-1 as shop-app-1 after 1 3 5 (app has no container yet)
    7 start new cache-1 after 5 (it is new)
    8 wait cache service_healthy after 5 7 (app depends on it)
    9 start new app-1 after 6 8 (it is new)
    ");
}

#[test]
fn networks_and_volumes_that_no_service_uses_are_made_when_all_are_asked_for() {
    let options = UpOptions { all_resources: true, ..Default::default() };
    let plan = shown(&up_with(&stack(), &Observed::default(), options));
    assert!(plan.contains("create network unused (") && plan.contains("create volume unused ("), "{plan}");
    let plan = shown(&up(&stack(), &Observed::default()));
    assert!(!plan.contains("unused"), "{plan}");
}

#[test]
fn a_second_up_has_nothing_to_do() {
    let project = stack();
    let plan = up(&project, &all_running(&project));
    assert_eq!(shown(&plan), "");
    assert!(plan.is_empty());
}

#[test]
fn new_containers_get_numbers_after_the_highest() {
    let project = project(json!({"services": {"web": {"scale": 3}}}));
    let mut observed = all_running(&project);
    observed.containers.remove(0);
    observed.containers.remove(0);
    assert_snapshot!(shown(&up(&project, &observed)), @r"
    1 create web-4 as shop-web-4 (web needs one more)
    2 create web-5 as shop-web-5 (web needs one more)
    3 start new web-4 after 1 (it is new)
    4 start new web-5 after 2 (it is new)
    ");
}

#[test]
fn scaling_down_removes_the_highest_numbers() {
    let project = project(json!({"services": {"web": {"scale": 3}}}));
    let options = UpOptions { scale: [(name("web"), 1)].into(), ..Default::default() };
    assert_snapshot!(shown(&up_with(&project, &all_running(&project), options)), @r"
    1 stop web-2 (web is scaled to 1)
    2 remove web-2 after 1 (web is scaled to 1)
    3 stop web-3 (web is scaled to 1)
    4 remove web-3 after 3 (web is scaled to 1)
    ");
}

#[test]
fn who_waits_for_a_service_waits_until_all_that_it_has_too_many_are_gone() {
    let mut project = stack();
    let mut observed = all_running(&project);
    for number in [2, 3] {
        let mut more = observed.containers.iter().find(|it| it.service == "cache").unwrap().clone();
        (more.id, more.name, more.number) = (format!("c{number}"), format!("shop-cache-{number}"), number);
        observed.containers.push(more);
    }
    std::sync::Arc::make_mut(project.services.get_mut(&name("app")).unwrap()).init = Some(true);
    assert_snapshot!(shown(&up(&project, &observed)), @r"
    1 stop cache-2 (cache is scaled to 1)
    2 remove cache-2 after 1 (cache is scaled to 1)
    3 stop cache-3 (cache is scaled to 1)
    4 remove cache-3 after 3 (cache is scaled to 1)
    5 create app-1 as app1-0123456_shop-app-1 after 4 (its configuration changed)
    6 stop app-1 after 5 (its replacement is made)
    7 remove app-1 after 6 (its replacement is made)
    8 rename app-1 to shop-app-1 after 7 (the name is free now)
    9 wait cache service_healthy after 2 4 (app depends on it)
    10 start new app-1 after 8 9 (it is new)
    ");
}

#[test]
fn a_fixed_container_name_cannot_be_scaled() {
    let project = project(json!({"services": {"web": {"container_name": "front"}}}));
    let options = UpOptions { scale: [(name("web"), 2)].into(), ..Default::default() };
    let error = crate::plan(&project, &Observed::default(), &Command::Up(options)).unwrap_err();
    assert_snapshot!(error, @"Service web cannot have 2 containers: container_name gives all of them the name front. Remove container_name.");
}

#[test]
fn named_services_bring_what_they_depend_on_and_nothing_else() {
    let project = project(json!({"services": {
        "db": {}, "api": {"depends_on": {"db": {}}}, "other": {},
    }}));
    let options = UpOptions { services: vec![name("api")], ..Default::default() };
    assert_snapshot!(shown(&up_with(&project, &images_only(&project), options)), @r"
    1 create db-1 as shop-db-1 (db has no container yet)
    2 create api-1 as shop-api-1 after 1 (api has no container yet)
    3 start new db-1 after 1 (it is new)
    4 start new api-1 after 2 3 (it is new)
    ");
}

#[test]
fn an_unknown_service_is_an_error() {
    let options = UpOptions { services: vec![name("nope")], ..Default::default() };
    let error = crate::plan(&stack(), &Observed::default(), &Command::Up(options)).unwrap_err();
    assert_snapshot!(error, @"Service nope does not exist in this project.");
}

#[test]
fn stopped_containers_are_started_and_running_ones_left() {
    let project = stack();
    let mut observed = all_running(&project);
    let app = observed.containers.iter_mut().find(|c| c.service == "app").unwrap();
    (app.state, app.exit_code) = (ContainerState::Exited, Some(137));
    assert_snapshot!(shown(&up(&project, &observed)), @r"
    1 wait cache service_healthy (app depends on it)
    2 start app-1 after 1 (it has exited (137))
    ");
}

#[test]
fn dependents_with_the_same_condition_share_one_wait() {
    let project = project(json!({"services": {
        "db": {},
        "a": {"depends_on": {"db": {"condition": "service_healthy"}}},
        "b": {"depends_on": {"db": {"condition": "service_healthy"}}},
        "c": {"depends_on": {"db": {"condition": "service_healthy", "required": false}}},
    }}));
    let plan = up(&project, &images_only(&project));
    let waits: Vec<String> =
        plan.steps.iter().map(|step| what(&plan, step.id)).filter(|text| text.starts_with("wait")).collect();
    assert_eq!(waits, ["wait db service_healthy", "wait db service_healthy if it can"]);
}

#[test]
fn images_are_fetched_or_built_once_each_as_their_policy_says() {
    let project = project(json!({"services": {
        "a": {"image": "nginx"}, "b": {"image": "nginx"},
        "c": {"image": "fresh", "pull_policy": "always"},
        "d": {"build": {"context": "."}},
        "e": {"image": "mine", "build": {"context": "."}}, "f": {"image": "mine"},
    }}));
    let mut observed = Observed::default();
    observed.images.insert("fresh".to_owned(), ObservedImage::default());
    let plan = up(&project, &observed);
    let images: Vec<String> =
        plan.steps.iter().map(|step| what(&plan, step.id)).filter(|text| text.contains("image ")).collect();
    assert_eq!(
        images,
        ["build image shop-d of d", "build image mine of e", "pull image nginx", "pull image fresh"]
    );
}

#[test]
fn a_missing_image_that_may_not_be_pulled_is_an_error() {
    let project = project(json!({"services": {"a": {"image": "local", "pull_policy": "never"}}}));
    let error = crate::plan(&project, &Observed::default(), &Command::Up(UpOptions::default())).unwrap_err();
    assert_snapshot!(error, @"Service a: image local is not on this machine and pull_policy is never. Pull it yourself or change pull_policy.");
}

#[test]
fn a_missing_external_network_is_an_error_that_says_how_to_make_it() {
    let project = project(json!({
        "services": {"a": {"networks": {"proxy": null}}},
        "networks": {"proxy": {"name": "proxy", "external": true}},
    }));
    let observed = images_only(&project);
    let error = crate::plan(&project, &observed, &Command::Up(UpOptions::default())).unwrap_err();
    assert_snapshot!(error, @"Network proxy is external, but the engine has no network named proxy. Create it (docker network create proxy) or remove external: true.");
}

#[test]
fn orphans_are_mentioned_and_removed_or_ignored_only_when_asked() {
    let project = project(json!({"services": {"web": {}}}));
    let mut observed = all_running(&project);
    observed.containers.push(ObservedContainer {
        id: "old".to_owned(),
        name: "shop-old-1".to_owned(),
        service: "old".to_owned(),
        number: 1,
        state: ContainerState::Running,
        ..Default::default()
    });
    assert_snapshot!(shown(&up(&project, &observed)), @"! Containers of services that the files no longer name: shop-old-1. They are left alone unless you remove orphans.");
    let options = UpOptions { remove_orphans: true, ..Default::default() };
    assert_snapshot!(shown(&up_with(&project, &observed, options)), @r"
    1 stop old-1 (its service is no longer in the files)
    2 remove old-1 after 1 (its service is no longer in the files)
    ");
    let options = UpOptions { ignore_orphans: true, ..Default::default() };
    assert_snapshot!(shown(&up_with(&project, &observed, options)), @"");
}

#[test]
fn of_the_containers_of_run_only_those_that_have_ended_are_orphans() {
    let project = project(json!({"services": {"web": {}}}));
    let mut observed = all_running(&project);
    for (id, state) in [("done", ContainerState::Exited), ("busy", ContainerState::Running)] {
        observed.containers.push(ObservedContainer {
            id: id.to_owned(),
            name: format!("shop-web-run-{id}"),
            service: "web".to_owned(),
            number: 1,
            oneoff: true,
            state,
            ..Default::default()
        });
    }
    assert_snapshot!(shown(&up(&project, &observed)), @"! Containers of run that have ended: shop-web-run-done. They are left alone unless you remove orphans.");
    let options = UpOptions { remove_orphans: true, ..Default::default() };
    let plan = up_with(&project, &observed, options);
    let removes = |id: &str| {
        let gone =
            Action::RemoveContainer { container: ContainerRef::Existing(id.to_owned()), volumes: false };
        plan.steps.iter().any(|step| step.action == gone)
    };
    assert!(removes("done") && !removes("busy"), "{}", shown(&plan));
}

#[test]
fn a_volume_of_someone_else_is_used_with_a_warning() {
    let project = stack();
    let mut observed = all_running(&project);
    observed.volumes.iter_mut().for_each(|volume| volume.project = "other".to_owned());
    assert_snapshot!(shown(&up(&project, &observed)), @"! Volume shop_data exists already and another project made it: it is used as it is.");
}

#[test]
fn keys_that_cannot_be_honoured_are_said_before_anything_starts() {
    let project = project(json!({"services": {"web": {
        "deploy": {"placement": {"constraints": ["node.role == manager"]}},
        "credential_spec": {"file": "spec.json"},
    }}}));
    assert_snapshot!(up(&project, &all_running(&project)).warnings.join("\n"), @r"
    Service web: deploy.placement is not honoured: only a Swarm uses it.
    Service web: credential_spec is not honoured: it is for Windows containers.
    ");
}

#[test]
fn a_port_that_somebody_else_has_is_said_with_who_it_is() {
    let project = project(json!({"services": {"web": {"ports": [
        {"target": 80, "published": "8080", "protocol": "tcp"},
        {"target": 81, "published": "8081-8082", "protocol": "tcp"},
        {"target": 82, "published": "8083", "protocol": "udp"},
        {"target": 83, "published": "8084", "protocol": "tcp", "host_ip": "127.0.0.1"},
    ]}}}));
    let holder = |container: &str, project: &str, host_ip: &str, ports: &[u16]| PortHolder {
        container: container.to_owned(),
        project: project.to_owned(),
        ports: ports
            .iter()
            .map(|port| PublishedPort {
                host_ip: host_ip.to_owned(),
                host_port: *port,
                protocol: "tcp".to_owned(),
                ..Default::default()
            })
            .collect(),
    };
    let mut observed = images_only(&project);
    observed.others = vec![
        holder("x-app-1", "x", "0.0.0.0", &[8080, 8081, 8083]),
        holder("near", "", "127.0.0.2", &[8084]),
        holder("alone", "", "127.0.0.1", &[8084]),
    ];
    assert_snapshot!(up(&project, &observed).warnings.join("\n"), @r"
    Service web: port 8080 is used by container x-app-1 of project x. Stop it, or publish a different port.
    Service web: port 8084 is used by container alone. Stop it, or publish a different port.
    ");
    let mut running = all_running(&project);
    running.others = observed.others;
    assert!(up(&project, &running).warnings.is_empty(), "what runs has its ports");
}

#[test]
fn of_two_networks_with_one_name_that_an_interrupted_run_left_the_one_in_use_stays() {
    let project = project(json!({
        "services": {"web": {"networks": {"default": null}}, "db": {"networks": {"default": null}}},
        "networks": {"default": {}},
    }));
    let mut observed = all_running(&project);
    let twin = ObservedNetwork { id: "0-made-first".to_owned(), ..observed.networks[0].clone() };
    observed.networks.insert(0, twin);
    let web = observed.containers.iter_mut().find(|container| container.service == "web").unwrap();
    web.state = ContainerState::Created;
    web.network_ids = vec![String::new()];
    let plan = up(&project, &observed);
    assert_eq!(
        shown(&plan),
        "1 remove network default (an interrupted run left two of it)\n2 start web-1 after 1 (it was never started)"
    );
    assert!(matches!(&plan.steps[0].action, Action::RemoveNetwork { id, .. } if id == "0-made-first"));

    observed.networks[1].config_hash = Some("another".to_owned());
    let plan = up(&project, &observed);
    let made = plan.steps.iter().find(|step| matches!(step.action, Action::CreateNetwork { .. })).unwrap();
    assert!(made.after.contains(&StepId(1)), "made anew once it is the only one: {}", shown(&plan));
}

#[test]
fn without_dependencies_a_service_starts_alone_and_waits_for_nobody() {
    let project = stack();
    let options = UpOptions { services: vec![name("app")], no_deps: true, ..Default::default() };
    assert_snapshot!(shown(&up_with(&project, &images_only(&project), options)), @r"
    1 create network back (network shop_back does not exist)
    2 create app-1 as shop-app-1 after 1 (app has no container yet)
    3 start new app-1 after 2 (it is new)
    ");
}

#[test]
fn without_a_start_everything_is_made_and_rests() {
    let project = stack();
    let options = UpOptions { no_start: true, wait: true, ..Default::default() };
    let plan = shown(&up_with(&project, &images_only(&project), options));
    assert!(plan.contains("create app-1") && !plan.contains("start") && !plan.contains("wait"), "{plan}");
}

#[test]
fn the_commands_pull_policy_wins_over_the_services_own() {
    let project = project(json!({"services": {
        "never": {"image": "a", "pull_policy": "never"}, "always": {"image": "b", "pull_policy": "always"},
    }}));
    let pulls = |observed: &Observed, pull| {
        let options = UpOptions { pull: Some(pull), ..Default::default() };
        let plan =
            crate::plan(&project, observed, &Command::Up(options)).map_err(|error| error.to_string())?;
        Ok(plan.steps.iter().filter(|step| matches!(step.action, Action::PullImage { .. })).count())
    };
    let (there, nothing) = (all_running(&project), Observed::default());
    assert_eq!(
        [Pull::Always, Pull::Missing, Pull::Never].map(|pull| pulls(&there, pull)),
        [Ok(2), Ok(0), Ok(0)]
    );
    assert_eq!(pulls(&nothing, Pull::Missing), Ok(2));
    let refused: Result<usize, String> = pulls(&nothing, Pull::Never);
    assert_eq!(
        refused.unwrap_err(),
        "Service always: image b is not on this machine, and no pull is wanted. Pull it first."
    );
}

#[test]
fn without_a_build_only_images_that_are_there_do() {
    let project = stack();
    let plan = |observed: &Observed| {
        let options = UpOptions { no_build: true, ..Default::default() };
        crate::plan(&project, observed, &Command::Up(options)).map_err(|error| error.to_string())
    };
    assert!(!shown(&plan(&images_only(&project)).unwrap()).contains("build"));
    assert_eq!(
        plan(&Observed::default()).unwrap_err(),
        "Service app: image shop-app does not exist, and no build is wanted. Build it first."
    );
}

#[test]
fn who_waits_for_everything_waits_for_as_many_as_the_command_asks_for() {
    let project = project(json!({"services": {"web": {}, "idle": {"scale": 0}}}));
    let scale = [(name("web"), 0), (name("idle"), 1)].into();
    let options = UpOptions { scale, wait: true, ..Default::default() };
    let plan = shown(&up_with(&project, &images_only(&project), options));
    assert!(plan.contains("wait idle up") && !plan.contains("wait web"), "{plan}");
}

#[test]
fn a_count_with_digits_too_many_is_refused_before_it_fills_the_memory() {
    let project = project(
        json!({"services": {"web": {"scale": 4_000_000_000_u32}, "db": {"scale": 4_000_000_000_u32}}}),
    );
    let error =
        crate::plan(&project, &images_only(&stack()), &Command::Up(UpOptions::default())).unwrap_err();
    assert_snapshot!(error, @"8000000000 containers are too many: 10000 are the most. Lower scale or replicas.");
}

//! `up` where nothing has to be replaced.

use insta::assert_snapshot;

use super::*;

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
fn orphans_are_mentioned_and_removed_only_when_asked() {
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

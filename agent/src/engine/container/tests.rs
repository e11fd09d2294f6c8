//! What a service becomes as the body of a create call.

use std::path::PathBuf;

use composeyard_compose::ServiceName;
use serde_json::{Value, json};

use super::{super::labels::Labels, *};

/// A project with one service `app`, whose networks and volumes are named `shop_<key>`.
fn project(service: &Value, top: &Value) -> Project {
    let mut value = json!({"name": "shop", "services": {"app": service}, "networks": {}, "volumes": {}});
    for (key, entries) in top.as_object().unwrap() {
        value[key] = entries.clone();
    }
    for kind in ["networks", "volumes"] {
        for (key, entry) in value[kind].as_object_mut().unwrap() {
            entry["name"] = json!(format!("shop_{key}"));
        }
    }
    serde_json::from_value(value).unwrap()
}

fn made(project: &Project, all_endpoints: bool) -> Result<Body, EngineError> {
    let name = ServiceName::new("app").unwrap();
    let origin =
        labels::Origin { folder: PathBuf::from("/shop"), files: vec![PathBuf::from("/shop/compose.yaml")] };
    body(&Site {
        project,
        origin: &origin,
        name: &name,
        service: &project.services[&name],
        number: 2,
        image: "nginx",
        image_id: "sha256:1",
        inherited: &[],
        replaces: None,
        links: &[],
        all_endpoints,
        one_off: None,
    })
}

/// The body's JSON, as it is sent.
pub(super) fn sent(service: &Value, top: &Value) -> Value {
    serde_json::to_value(made(&project(service, top), true).unwrap().create).unwrap()
}

#[test]
fn labels_are_composes_own_over_the_users() {
    let body = sent(
        &json!({
            "labels": {"mine": "1", "com.docker.compose.project": "stolen"},
            "depends_on": {"db": {"condition": "service_healthy", "restart": true, "required": true}, "a": {}},
        }),
        &json!({}),
    );
    let label = |key: &str| body["Labels"][key].as_str().unwrap().to_owned();
    assert_eq!(label("mine"), "1");
    assert_eq!(label(Labels::PROJECT), "shop");
    assert_eq!(label(Labels::NUMBER), "2");
    assert_eq!(label(Labels::ONEOFF), "False");
    assert_eq!(label(Labels::WORKING_DIR), "/shop");
    assert_eq!(label(Labels::CONFIG_FILES), "/shop/compose.yaml");
    assert_eq!(label(Labels::DEPENDS_ON), "a:service_started:false,db:service_healthy:true");
    assert_eq!(label(Labels::CONFIG_HASH).len(), 64);
}

#[test]
fn the_network_with_the_highest_priority_is_the_main_one() {
    let service = json!({"networks": {"a": {"priority": 10}, "b": {"priority": 1000}, "c": null}});
    let top = json!({"networks": {"a": {}, "b": {}, "c": {}}});
    assert_eq!(sent(&service, &top)["HostConfig"]["NetworkMode"], "shop_b");
    let body = made(&project(&service, &top), false).unwrap();
    let later: Vec<&str> = body.then_join.iter().map(|attachment| attachment.network.as_str()).collect();
    assert_eq!(later, ["shop_a", "shop_c"]);
}

#[test]
fn a_container_answers_to_its_name_its_service_and_its_aliases() {
    let service = json!({"networks": {"a": {"aliases": ["www"], "ipv4_address": "10.0.0.5"}}});
    let body = sent(&service, &json!({"networks": {"a": {}}}));
    let endpoint = &body["NetworkingConfig"]["EndpointsConfig"]["shop_a"];
    assert_eq!(endpoint["Aliases"], json!(["shop-app-2", "app", "www"]));
    assert_eq!(endpoint["IPAMConfig"]["IPv4Address"], "10.0.0.5");
}

#[test]
fn without_networks_there_is_no_network() {
    assert_eq!(sent(&json!({}), &json!({}))["HostConfig"]["NetworkMode"], "none");
    assert_eq!(sent(&json!({"network_mode": "host"}), &json!({}))["HostConfig"]["NetworkMode"], "host");
}

#[test]
fn binds_are_preferred_and_mounts_say_what_binds_cannot() {
    let body = sent(
        &json!({"volumes": [
            {"type": "bind", "source": "./data", "target": "/a"},
            {"type": "bind", "source": "/abs", "target": "/b", "read_only": true, "bind": {"selinux": "z"}},
            {"type": "bind", "source": "/abs", "target": "/c", "bind": {"create_host_path": false}},
            {"type": "volume", "source": "data", "target": "/d"},
            {"type": "volume", "target": "/e"},
            {"type": "volume", "source": "data", "target": "/f", "volume": {"nocopy": true}},
            {"type": "tmpfs", "target": "/g", "tmpfs": {"size": "1024"}},
        ]}),
        &json!({"volumes": {"data": {}}}),
    );
    let binds = json!(["/shop/data:/a:rw", "/abs:/b:ro,z", "shop_data:/d:rw"]);
    assert_eq!(body["HostConfig"]["Binds"], binds);
    let mounts = body["HostConfig"]["Mounts"].as_array().unwrap();
    let targets: Vec<&str> = mounts.iter().map(|mount| mount["Target"].as_str().unwrap()).collect();
    assert_eq!(targets, ["/c", "/e", "/f", "/g"]);
    assert_eq!(mounts[0]["BindOptions"]["CreateMountpoint"], false);
    assert_eq!(mounts[2]["Source"], "shop_data");
}

#[test]
fn deploy_limits_win_over_the_services_own() {
    let body = sent(
        &json!({
            "mem_limit": "1048576", "cpus": 2.0, "pids_limit": 5,
            "deploy": {"resources": {"limits": {"cpus": 0.5, "memory": "2097152"}}},
        }),
        &json!({}),
    );
    assert_eq!(body["HostConfig"]["NanoCpus"], 500_000_000);
    assert_eq!(body["HostConfig"]["Memory"], 2_097_152);
    assert_eq!(body["HostConfig"]["PidsLimit"], 5);
}

#[test]
fn a_restart_policy_of_deploy_wins_and_an_unknown_one_is_refused() {
    let policy = |service: Value| sent(&service, &json!({}))["HostConfig"]["RestartPolicy"].clone();
    assert_eq!(policy(json!({"restart": "on-failure:3"}))["MaximumRetryCount"], 3);
    let deploy = json!({"restart": "no", "deploy": {"restart_policy": {"condition": "any"}}});
    assert_eq!(policy(deploy)["Name"], "always");
    let error = made(&project(&json!({"restart": "sometimes"}), &json!({})), true).unwrap_err();
    assert!(error.to_string().contains("use no, always, on-failure[:tries] or unless-stopped"));
}

#[test]
fn environment_is_sorted_and_a_variable_without_a_value_is_bare() {
    let body = sent(&json!({"environment": {"B": "2", "A": null, "C": ""}}), &json!({}));
    assert_eq!(body["Env"], json!(["A", "B=2", "C="]));
}

#[test]
fn an_empty_command_clears_the_images_and_no_command_keeps_it() {
    assert_eq!(sent(&json!({"entrypoint": []}), &json!({}))["Entrypoint"], json!([]));
    assert!(sent(&json!({}), &json!({})).get("Entrypoint").is_none());
}

#[test]
fn ports_are_published_and_exposed() {
    let body = sent(
        &json!({
            "ports": [
                {"target": 80, "published": "8080", "protocol": "tcp"},
                {"target": 53, "published": "5300-5310", "host_ip": "127.0.0.1", "protocol": "udp"},
            ],
            "expose": ["3000-3001"],
        }),
        &json!({}),
    );
    let exposed: Vec<&String> = body["ExposedPorts"].as_object().unwrap().keys().collect();
    assert_eq!(exposed.len(), 4, "{exposed:?}");
    let bindings = &body["HostConfig"]["PortBindings"];
    assert_eq!(bindings["80/tcp"][0]["HostPort"], "8080");
    assert_eq!(bindings["53/udp"][0], json!({"HostIp": "127.0.0.1", "HostPort": "5300-5310"}));
}

#[test]
fn a_start_interval_alone_is_refused() {
    let check = json!({"healthcheck": {"test": ["CMD", "true"], "start_interval": "1s"}});
    let error = made(&project(&check, &json!({})), true).unwrap_err();
    assert!(error.to_string().contains("needs healthcheck.start_period"), "{error}");
}

#[test]
fn secrets_that_are_missing_unset_or_external_are_refused_with_what_to_do() {
    let refused = |secret: Value, service: Value| {
        let mut service = service;
        service["secrets"] = json!([{"source": "key"}]);
        let project = project(&service, &json!({"secrets": {"key": secret}}));
        let site_error = made(&project, true).err();
        site_error.map(|error| error.to_string())
    };
    assert!(
        refused(json!({"file": "/nowhere/key"}), json!({})).unwrap().contains("/nowhere/key: does not exist")
    );
    assert!(refused(json!({"external": true}), json!({})).unwrap().contains("Give it a file instead"));
}

//! Every key of a service is honoured, or named as not: the table of keys is walked, so that none is forgotten.

use composeyard_compose::facts::SERVICE;
use composeyard_plan::{ObservedEngine, not_honoured};
use serde_json::{Value, json};

use super::tests::sent;

/// Keys that do not show in the body of a create call, and who reads them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("attach", "logs"),
    ("build", "images"),
    ("depends_on", "the planner; a label"),
    ("develop", "watch, not yet: it changes nothing of a container"),
    ("env_file", "the loader: part of environment"),
    ("extends", "the loader"),
    ("label_file", "the loader: part of labels"),
    ("links", "looked up before the body is made"),
    ("external_links", "looked up before the body is made"),
    ("platform", "a parameter of the call"),
    ("post_start", "hooks"),
    ("pre_start", "hooks"),
    ("pre_stop", "hooks"),
    ("profiles", "the loader"),
    ("pull_policy", "images"),
    ("pull_refresh_after", "nobody, the reference neither: pull_policy says the age"),
    ("scale", "the planner"),
    ("image", "looked up before the body is made"),
    ("container_name", "a parameter of the call"),
];

/// A value for each key, as the model has it.
fn sample(key: &str) -> Value {
    match key {
        "annotations" | "labels" | "sysctls" | "storage_opt" => json!({"a": "1"}),
        "environment" => json!({"A": "1"}),
        "blkio_config" => json!({"weight": 300}),
        "cap_add" | "cap_drop" => json!(["NET_ADMIN"]),
        "cgroup" => json!("host"),
        "command" | "entrypoint" => json!(["true"]),
        "configs" | "secrets" => json!([{"source": "object", "target": "/object"}]),
        "cpu_percent" | "cpus" => json!(0.5),
        "cpu_count" | "cpu_period" | "cpu_quota" | "cpu_rt_period" | "cpu_rt_runtime" | "cpu_shares"
        | "oom_score_adj" | "pids_limit" => json!(100),
        "credential_spec" => json!({"file": "spec.json"}),
        "deploy" => json!({"resources": {"limits": {"cpus": 0.5}}}),
        "devices" => json!([{"source": "/dev/null", "target": "/dev/null", "permissions": "rwm"}]),
        "expose" => json!(["80"]),
        "extra_hosts" => json!(["a=10.0.0.1"]),
        "gpus" => json!([{"count": -1}]),
        "healthcheck" => json!({"test": ["CMD", "true"]}),
        "init" | "oom_kill_disable" | "privileged" | "read_only" | "stdin_open" | "tty"
        | "use_api_socket" => {
            json!(true)
        }
        "ipc" | "pid" | "uts" | "userns_mode" | "network_mode" => json!("host"),
        "logging" => json!({"driver": "none"}),
        "mem_limit" | "mem_reservation" | "mem_swappiness" | "memswap_limit" | "shm_size" => json!("1024"),
        "models" => json!({"llm": {}}),
        "networks" => json!({"back": {"aliases": ["x"]}}),
        "ports" => json!([{"target": 80, "published": "8080", "protocol": "tcp", "mode": "ingress"}]),
        "provider" => json!({"type": "cloud"}),
        "restart" => json!("always"),
        "security_opt" => json!(["no-new-privileges"]),
        "stop_grace_period" => json!("3s"),
        "ulimits" => json!({"nofile": 10}),
        "volumes" => json!([{"type": "tmpfs", "target": "/mem"}]),
        "volumes_from" | "dns" | "dns_opt" | "dns_search" | "group_add" | "tmpfs" | "device_cgroup_rules" => {
            json!(["x"])
        }
        _ => json!("x"),
    }
}

/// The body without the hash, which every key changes.
fn body(service: &Value) -> Value {
    let object = json!({"name": "shop_object", "content": "x"});
    let top = json!({"networks": {"back": {}}, "configs": {"object": object}, "secrets": {"object": object}});
    let mut body = sent(service, &top);
    body["Labels"].as_object_mut().unwrap().remove("com.docker.compose.config-hash");
    body
}

#[test]
fn every_service_key_is_honoured_or_named() {
    let engine = Some(ObservedEngine { api: (1, 41), now: 0 });
    let plain = body(&json!({"image": "nginx"}));
    let elsewhere = |key: &str| ELSEWHERE.iter().any(|(other, _)| *other == key);
    for key in SERVICE.keys.iter().map(|key| key.name).filter(|key| !elsewhere(key)) {
        let service = json!({"image": "nginx", key: sample(key)});
        let typed = serde_json::from_value(service.clone()).unwrap();
        let named = not_honoured(&typed, engine).iter().any(|lack| lack.split('.').next() == Some(key));
        // Files are written into the container when it starts.
        let written = matches!(key, "configs" | "secrets");
        let shown = body(&service) != plain;
        assert!(named || written || shown, "{key} has no effect on a container and nobody says so");
    }
}

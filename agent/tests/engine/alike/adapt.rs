//! A project of someone else's, changed as little as it takes to run here: on one small image, without what the
//! machine lacks, and beside other tests.

use std::path::Path;

use serde_json::{Map, Value, json};

/// What runs in every service.
const IMAGE: &str = "busybox:latest";
/// A program that stays, whatever its arguments are.
const STAYS: [&str; 3] = ["sh", "-c", "sleep 600"];
/// A program that ends well.
const ENDS: [&str; 3] = ["sh", "-c", "true"];
/// Host ports of the tests start here, below those that the kernel gives out.
const FIRST_PORT: usize = 20_000;

/// Where an adapted project runs.
pub(super) struct Site<'a> {
    pub(super) folder: &'a Path,
    pub(super) project: &'a str,
    /// Keeps ports of stacks that run at once apart.
    pub(super) number: usize,
}

/// Adapts a canonical configuration; returns what was changed beside image and program.
pub(super) fn adapt(config: &mut Value, site: &Site<'_>) -> Vec<String> {
    let mut notes = Notes::default();
    config["name"] = json!(site.project);
    resources(config, site, &mut notes);
    files(config, site, &mut notes);
    let awaited = awaited(config);
    let services = config["services"].as_object_mut().unwrap();
    services.retain(|name, service| {
        let kept = service.get("provider").is_none();
        if !kept {
            notes.add(name, "provider");
        }
        kept
    });
    let names: Vec<String> = services.keys().cloned().collect();
    let mut next_port = FIRST_PORT + site.number * 50;
    for (name, service) in services.iter_mut() {
        let service = service.as_object_mut().unwrap();
        program(name, service, &awaited);
        absent(name, service, &mut notes);
        ports(name, service, &mut next_port, &mut notes);
        mounts(name, service, site, &mut notes);
        limits(service);
        if let Some(own) = service.get_mut("container_name").filter(|own| own.is_string()) {
            *own = json!(format!("{}-{}", site.project, own.as_str().unwrap()));
        }
        if let Some(depends_on) = service.get_mut("depends_on").and_then(Value::as_object_mut) {
            depends_on.retain(|on, _| names.contains(on));
        }
    }
    notes.0
}

#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    fn add(&mut self, name: &str, what: &str) {
        self.0.push(format!("{name}: without {what}"));
    }
}

/// Services that others wait for, with the condition.
fn awaited(config: &Value) -> Vec<(String, String)> {
    let services = config["services"].as_object().unwrap();
    services
        .values()
        .filter_map(|service| service["depends_on"].as_object())
        .flatten()
        .map(|(on, how)| (on.clone(), how["condition"].as_str().unwrap_or_default().to_owned()))
        .collect()
}

fn program(name: &str, service: &mut Map<String, Value>, awaited: &[(String, String)]) {
    let waits_for = |condition: &str| awaited.contains(&(name.to_owned(), condition.to_owned()));
    service.remove("build");
    service.remove("pull_policy");
    service.remove("platform");
    service.insert("image".to_owned(), json!(IMAGE));
    let own: &[&str] = if waits_for("service_completed_successfully") { &ENDS } else { &STAYS };
    let mut words: Vec<Value> = own.iter().map(|word| json!(word)).collect();
    words.extend(service.get("entrypoint").and_then(Value::as_array).cloned().unwrap_or_default());
    service.insert("entrypoint".to_owned(), json!(words));
    service.entry("stop_signal").or_insert(json!("SIGKILL"));
    if waits_for("service_healthy") {
        service.insert("healthcheck".to_owned(), json!({"test": ["CMD", "true"], "interval": "500ms"}));
    }
}

/// Keys for which this machine has no device, driver, user, model or newer engine.
fn absent(name: &str, service: &mut Map<String, Value>, notes: &mut Notes) {
    const KEYS: [&str; 17] = [
        "blkio_config",
        "cgroup_parent",
        "cpu_count",
        "cpu_percent",
        "cpu_rt_period",
        "cpu_rt_runtime",
        "credential_spec",
        "device_cgroup_rules",
        "devices",
        "external_links",
        "gpus",
        "isolation",
        "models",
        "runtime",
        "storage_opt",
        "use_api_socket",
        "userns_mode",
    ];
    for key in KEYS {
        if service.remove(key).is_some() {
            notes.add(name, key);
        }
    }
    let keep = |entry: &Value, text: fn(&str) -> bool| entry.as_str().is_none_or(text);
    let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    if service.get("user").is_some_and(|user| !keep(user, numeric)) {
        service.insert("user".to_owned(), json!("1000"));
        notes.add(name, "its user's name");
    }
    let mut filter = |key: &str, text: fn(&str) -> bool| {
        if let Some(list) = service.get_mut(key).and_then(Value::as_array_mut) {
            let before = list.len();
            list.retain(|entry| keep(entry, text));
            if list.len() < before {
                notes.add(name, key);
            }
        }
    };
    filter("group_add", numeric);
    filter("security_opt", |text| text.starts_with("no-new-privileges"));
    filter("volumes_from", |text| !text.starts_with("container:"));
    if let Some(check) = service.get_mut("healthcheck").and_then(Value::as_object_mut)
        && check.remove("start_interval").is_some()
    {
        notes.add(name, "healthcheck.start_interval");
    }
    if service.get("logging").is_some_and(|logging| logging["driver"] != "json-file") {
        service.insert("logging".to_owned(), json!({"driver": "json-file"}));
        notes.add(name, "its logging driver");
    }
    for mode in ["network_mode", "ipc", "pid"] {
        let outside =
            service.get(mode).and_then(Value::as_str).is_some_and(|it| it.starts_with("container:"));
        if outside {
            service.remove(mode);
            notes.add(name, mode);
        }
    }
}

/// Each published port gets one of the test's own.
fn ports(name: &str, service: &mut Map<String, Value>, next: &mut usize, notes: &mut Notes) {
    for port in service.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
        if port.get("published").is_some() {
            port["published"] = json!(next.to_string());
            *next += 1;
        }
        let elsewhere = port.get("host_ip").is_some_and(|ip| ip != "127.0.0.1" && ip != "0.0.0.0");
        if elsewhere {
            port.as_object_mut().unwrap().remove("host_ip");
            notes.add(name, "host_ip");
        }
    }
}

/// Folders of the host become folders of the test.
fn mounts(name: &str, service: &mut Map<String, Value>, site: &Site<'_>, notes: &mut Notes) {
    let Some(list) = service.get_mut("volumes").and_then(Value::as_array_mut) else { return };
    let before = list.len();
    list.retain(|mount| {
        let subpath = mount["volume"].get("subpath").is_some();
        let windows = mount["source"].as_str().is_some_and(|path| path.contains('\\'));
        !subpath && !windows && matches!(mount["type"].as_str(), Some("bind" | "volume" | "tmpfs"))
    });
    if list.len() < before {
        notes.add(name, "volumes of other engines");
    }
    for mount in list.iter_mut().filter(|mount| mount["type"] == "bind") {
        let source = inside(mount["source"].as_str().unwrap(), site);
        if !Path::new(&source).exists() {
            std::fs::create_dir_all(&source).unwrap();
        }
        mount["source"] = json!(source);
        if let Some(bind) = mount.get_mut("bind").and_then(Value::as_object_mut) {
            bind.remove("propagation");
        }
    }
}

/// A path of the host as one below the test's folder.
fn inside(path: &str, site: &Site<'_>) -> String {
    let root = site.folder.to_string_lossy();
    if path.starts_with(root.as_ref()) {
        return path.to_owned();
    }
    format!("{root}/outside/{}", path.trim_start_matches(['/', '.', '~']))
}

/// No more than a small machine has.
fn limits(service: &mut Map<String, Value>) {
    let half = |value: &mut Value| {
        let text = value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
        if text.parse::<f64>().is_ok_and(|cpus| cpus > 1.0) {
            *value = json!("0.5");
        }
    };
    if let Some(cpus) = service.get_mut("cpus") {
        half(cpus);
    }
    if service.contains_key("cpuset") {
        service.insert("cpuset".to_owned(), json!("0"));
    }
    let Some(deploy) = service.get_mut("deploy").and_then(Value::as_object_mut) else { return };
    if deploy.get("replicas").and_then(Value::as_u64).is_some_and(|replicas| replicas > 3) {
        deploy.insert("replicas".to_owned(), json!(3));
    }
    for part in ["limits", "reservations"] {
        let Some(part) = deploy.get_mut("resources").and_then(|all| all.get_mut(part)) else { continue };
        let Some(part) = part.as_object_mut() else { continue };
        part.remove("devices");
        part.remove("generic_resources");
        if let Some(cpus) = part.get_mut("cpus") {
            half(cpus);
        }
    }
}

/// Networks and volumes belong to the test, on local drivers and without addresses.
fn resources(config: &mut Value, site: &Site<'_>, notes: &mut Notes) {
    for kind in ["networks", "volumes"] {
        let Some(declared) = config.get_mut(kind).and_then(Value::as_object_mut) else { continue };
        for (key, resource) in declared.iter_mut() {
            let Some(resource) = resource.as_object_mut() else { continue };
            for gone in ["external", "driver", "driver_opts", "ipam", "enable_ipv6", "enable_ipv4"] {
                if resource.remove(gone).is_some_and(|value| value != json!({}) && value != json!("bridge")) {
                    notes.add(&format!("{kind}.{key}"), gone);
                }
            }
            let own = format!("{}_{key}", site.project);
            if resource.get("name").is_some_and(|name| *name != json!(own)) {
                notes.add(&format!("{kind}.{key}"), "its name");
            }
            resource.insert("name".to_owned(), json!(own));
        }
    }
    for (name, service) in config["services"].as_object_mut().unwrap() {
        let endpoints = service.get_mut("networks").and_then(Value::as_object_mut).into_iter().flatten();
        for endpoint in endpoints.filter_map(|(_, endpoint)| endpoint.as_object_mut()) {
            for gone in ["ipv4_address", "ipv6_address", "link_local_ips", "driver_opts", "interface_name"] {
                if endpoint.remove(gone).is_some() {
                    notes.add(name, gone);
                }
            }
        }
    }
}

/// Secrets and configs have their files.
fn files(config: &mut Value, site: &Site<'_>, notes: &mut Notes) {
    for kind in ["secrets", "configs"] {
        let Some(declared) = config.get_mut(kind).and_then(Value::as_object_mut) else { continue };
        for (key, object) in declared.iter_mut() {
            let object = object.as_object_mut().unwrap();
            if object.remove("external").is_some() {
                notes.add(&format!("{kind}.{key}"), "external");
                object.remove("driver");
                object.insert("file".to_owned(), json!(format!("{}/{key}", site.folder.display())));
            }
            let Some(file) = object.get("file").and_then(Value::as_str) else { continue };
            let file = inside(file, site);
            if !Path::new(&file).exists() {
                std::fs::create_dir_all(Path::new(&file).parent().unwrap()).unwrap();
                std::fs::write(&file, "content\n").unwrap();
            }
            object.insert("file".to_owned(), json!(file));
        }
    }
}

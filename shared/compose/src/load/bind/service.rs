//! A service. Compose specification, 05-services.

use std::collections::BTreeMap;

use super::{
    build,
    deploy::{deploy, device_request},
    fields::{Fields, Misfit, bytes, cut, int, limit, text, wrong_kind},
    hosts,
    mounts::{mount, object_mount},
    resource, shellwords,
};
use crate::{
    ServiceName,
    load::{
        findings::Findings,
        path::Path,
        tree::{Data, Place, Value},
    },
    model::{Condition, Dependency, Device, EnvFile, Healthcheck, Hook, Logging, Port, Service, Ulimit},
};

pub(super) fn bind(mut f: Fields<'_>) -> Service {
    Service {
        profiles: f.texts("profiles"),
        annotations: f.labels("annotations"),
        attach: f.flag_option("attach"),
        build: f.nested("build", build::bind).map(Box::new),
        develop: develop(&mut f).map(Box::new),
        blkio_config: block_io(&mut f).map(Box::new),
        cap_add: f.texts("cap_add"),
        cap_drop: f.texts("cap_drop"),
        cgroup_parent: f.text("cgroup_parent"),
        cgroup: f.text("cgroup"),
        cpu_count: f.int("cpu_count"),
        cpu_percent: f.float("cpu_percent"),
        cpu_period: f.int("cpu_period"),
        cpu_quota: f.int("cpu_quota"),
        cpu_rt_period: f.int("cpu_rt_period"),
        cpu_rt_runtime: f.int("cpu_rt_runtime"),
        cpus: f.float("cpus"),
        cpuset: f.text("cpuset"),
        cpu_shares: f.int("cpu_shares"),
        command: command(&mut f, "command"),
        configs: f.each("configs", object_mount),
        container_name: f.text("container_name"),
        credential_spec: f.json("credential_spec").map(Box::new),
        depends_on: depends_on(&mut f),
        deploy: f.nested("deploy", deploy).map(Box::new),
        device_cgroup_rules: f.texts("device_cgroup_rules"),
        devices: f.each("devices", device),
        dns: f.texts("dns"),
        dns_opt: f.texts("dns_opt"),
        dns_search: f.texts("dns_search"),
        domainname: f.text("domainname"),
        entrypoint: command(&mut f, "entrypoint"),
        provider: provider(&f).map(Box::new),
        environment: f.variables("environment"),
        env_file: f.each("env_file", env_file),
        expose: f.texts("expose"),
        external_links: f.texts("external_links"),
        extra_hosts: hosts::bind(&mut f),
        group_add: f.texts("group_add"),
        gpus: f.each("gpus", device_request),
        hostname: f.text("hostname"),
        healthcheck: f.nested("healthcheck", healthcheck),
        image: f.text("image"),
        init: f.flag_option("init"),
        ipc: f.text("ipc"),
        isolation: f.text("isolation"),
        labels: f.labels("labels"),
        label_file: f.texts("label_file"),
        links: f.texts("links"),
        logging: f.nested("logging", |mut f| Logging {
            driver: f.text("driver"),
            options: f.labels("options"),
            extra: f.extra(),
        }),
        mem_limit: f.bytes("mem_limit"),
        mem_reservation: f.whole_bytes("mem_reservation"),
        memswap_limit: f.bytes("memswap_limit"),
        mem_swappiness: f.bytes("mem_swappiness"),
        mac_address: f.text("mac_address"),
        models: f.entries("models", |value, _, _| Some(value.to_json())),
        network_mode: f.text("network_mode"),
        networks: f.entries("networks", resource::endpoint),
        oom_kill_disable: f.flag("oom_kill_disable"),
        oom_score_adj: f.int("oom_score_adj"),
        pid: f.text("pid"),
        pids_limit: f.int("pids_limit"),
        platform: f.text("platform"),
        ports: f.each("ports", port),
        privileged: f.flag("privileged"),
        pull_policy: f.text("pull_policy"),
        read_only: f.flag("read_only"),
        restart: f.text("restart"),
        runtime: f.text("runtime"),
        scale: f.int_option("scale"),
        secrets: f.each("secrets", object_mount),
        security_opt: f.texts("security_opt"),
        shm_size: f.bytes("shm_size"),
        stdin_open: f.flag("stdin_open"),
        stop_grace_period: f.duration("stop_grace_period"),
        stop_signal: f.text("stop_signal"),
        storage_opt: f.options("storage_opt"),
        sysctls: f.labels("sysctls"),
        tmpfs: f.texts("tmpfs"),
        tty: f.flag("tty"),
        ulimits: f.entries("ulimits", ulimit),
        use_api_socket: f.flag("use_api_socket"),
        user: f.text("user"),
        userns_mode: f.text("userns_mode"),
        uts: f.text("uts"),
        volumes: f.each("volumes", mount),
        volumes_from: f.texts("volumes_from"),
        working_dir: f.text("working_dir"),
        pre_start: f.each("pre_start", hook),
        post_start: f.each("post_start", hook),
        pre_stop: f.each("pre_stop", hook),
        extra: f.extra(),
    }
}

/// Kept as data, with every option a list of texts.
fn provider(f: &Fields<'_>) -> Option<serde_json::Value> {
    let value = f.get("provider")?;
    let mut data = value.to_json();
    for (name, option) in value.get("options").and_then(Value::map).into_iter().flatten() {
        let texts: Vec<String> = match &option.data {
            Data::List(list) => list.iter().filter_map(Value::scalar).collect(),
            _ => option.scalar().into_iter().collect(),
        };
        if texts.is_empty() {
            data["options"].as_object_mut().map(|options| options.remove(name.as_str()));
        } else {
            data["options"][name.as_str()] = texts.into();
        }
    }
    Some(data)
}

/// Kept as data, with the commands of its rules split and their variables by name.
fn develop(f: &mut Fields<'_>) -> Option<serde_json::Value> {
    let value = f.get("develop")?;
    let mut data = value.to_json();
    let Some(Data::List(rules)) = value.get("watch").map(|watch| &watch.data) else { return Some(data) };
    let develop = f.path.key("develop");
    let path = develop.key("watch");
    for (index, rule) in rules.iter().enumerate() {
        let rule_path = path.item(index);
        let Some(exec) = rule.get("exec") else { continue };
        let mut exec = Fields::of(exec, rule_path.key("exec"), f.findings);
        let command = command(&mut exec, "command");
        let environment = exec.variables("environment");
        let privileged = exec.flag_option("privileged");
        let bound = &mut data["watch"][index]["exec"];
        if bound.is_null() {
            *bound = serde_json::json!({});
        }
        let Some(bound) = bound.as_object_mut() else { continue };
        if let Some(privileged) = privileged {
            bound.insert("privileged".to_owned(), privileged.into());
        }
        bound.insert("command".to_owned(), serde_json::json!(command));
        if let Some(bound) = bound.get_mut("environment") {
            *bound = serde_json::json!(environment);
        }
    }
    Some(data)
}

/// Kept as data, with the rates as plain numbers of bytes. The reference keeps 16 bits of a weight.
fn block_io(f: &mut Fields<'_>) -> Option<serde_json::Value> {
    let value = f.get("blkio_config")?;
    let path = f.path.key("blkio_config");
    let mut data = value.to_json();
    for key in ["device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops"] {
        let Some(Data::List(devices)) = value.get(key).map(|list| &list.data) else { continue };
        for (index, device) in devices.iter().enumerate() {
            let Some(rate) = device.get("rate") else { continue };
            let list = path.key(key);
            match bytes(rate) {
                Ok(rate) => data[key][index]["rate"] = rate.to_string().into(),
                Err(misfit) => misfit.report(rate, &list.item(index), f.findings),
            }
        }
    }
    for (index, device) in value.get("weight_device").and_then(Value::list).into_iter().flatten().enumerate()
    {
        if let Some(weight) = device.get("weight").and_then(|weight| small(weight, &path, f.findings)) {
            data["weight_device"][index]["weight"] = weight.into();
        }
    }
    if let Some(weight) = value.get("weight").and_then(|weight| small(weight, &path, f.findings)) {
        data["weight"] = weight.into();
    }
    Some(data)
}

fn small(value: &Value, path: &Path<'_>, findings: &mut Findings) -> Option<u16> {
    let path = path.key("weight");
    let number = match &value.data {
        Data::Int(number) => *number,
        Data::Float(number) if *number >= 0.0 => return Some(cut(*number) as u16),
        Data::Float(number) => cut(*number),
        Data::Null => return None,
        _ => {
            wrong_kind(value, "a number", &path, findings);
            return None;
        }
    };
    if number < 0 {
        Misfit::Number(format!("{number} must not be negative")).report(value, &path, findings);
    }
    Some(number as u16)
}

/// A text is split as a shell would; absent and null keep the image's.
fn command(f: &mut Fields<'_>, key: &str) -> Option<Vec<String>> {
    let value = f.get(key)?;
    let path = f.path.key(key);
    let Data::Text(line) = &value.data else {
        return Some(texts(value, &path, f.findings));
    };
    match shellwords::split(line) {
        Ok(words) => Some(words),
        Err(message) => {
            f.findings.error("CY028", value.place, path, message).help =
                Some("Close the quote, or write a list of arguments.".to_owned());
            None
        }
    }
}

fn texts(value: &Value, path: &Path<'_>, findings: &mut Findings) -> Vec<String> {
    let Data::List(list) = &value.data else {
        wrong_kind(value, "text or a list", path, findings);
        return Vec::new();
    };
    let mut texts = Vec::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        match text(item) {
            Ok(text) => texts.push(text),
            Err(misfit) => misfit.report(item, &path.item(index), findings),
        }
    }
    texts
}

fn depends_on(f: &mut Fields<'_>) -> BTreeMap<ServiceName, Dependency> {
    let entries = f.entries("depends_on", dependency);
    let mut dependencies = BTreeMap::new();
    for (name, dependency) in entries {
        match ServiceName::new(name.as_str()) {
            Ok(name) => {
                dependencies.insert(name, dependency);
            }
            Err(error) => {
                let path = f.path.key("depends_on");
                let place = f.get("depends_on").map_or(Place::NOWHERE, |value| value.place);
                f.findings.error("CY027", place, path.key(&name), error.to_string());
            }
        }
    }
    dependencies
}

fn dependency(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<Dependency> {
    let mut f = Fields::of(value, path, findings);
    let written = f.get("condition");
    let condition = match written.and_then(Value::text) {
        None | Some("service_started") => Condition::ServiceStarted,
        Some("service_healthy") => Condition::ServiceHealthy,
        Some("service_completed_successfully") => Condition::ServiceCompletedSuccessfully,
        Some(other) => {
            let message = format!("the condition {other:?} is unknown");
            let place = written.map_or(Place::NOWHERE, |value| value.place);
            f.findings.error("CY071", place, path.key("condition"), message).help =
                Some("Use service_started, service_healthy or service_completed_successfully.".to_owned());
            Condition::ServiceStarted
        }
    };
    Some(Dependency {
        condition,
        restart: f.flag("restart"),
        required: f.flag_option("required").unwrap_or(true),
        extra: f.extra(),
    })
}

fn healthcheck(mut f: Fields<'_>) -> Healthcheck {
    Healthcheck {
        test: healthcheck_test(&mut f),
        timeout: f.duration("timeout"),
        interval: f.duration("interval"),
        retries: f.unsigned("retries"),
        start_period: f.duration("start_period"),
        start_interval: f.duration("start_interval"),
        disable: f.flag("disable"),
        extra: f.extra(),
    }
}

fn healthcheck_test(f: &mut Fields<'_>) -> Vec<String> {
    let Some(value) = f.get("test") else { return Vec::new() };
    match value.text() {
        Some(line) => vec!["CMD-SHELL".to_owned(), line.to_owned()],
        None => texts(value, &f.path.key("test"), f.findings),
    }
}

fn port(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<Port> {
    let place = value.place;
    let mut f = Fields::of(value, path, findings);
    let target = f.get("target");
    let Some(target) = target else {
        f.findings.error("CY032", place, path, "the port has no target: the port in the container");
        return None;
    };
    let number = int(target).ok().and_then(|number| u32::try_from(number).ok());
    if number.is_none() {
        let message = format!("{} is not a port number", target.scalar().unwrap_or_default());
        f.findings.error("CY021", target.place, path.key("target"), message);
    }
    Some(Port {
        name: f.text("name"),
        mode: f.text("mode"),
        host_ip: f.text("host_ip"),
        target: number?,
        published: f.text("published"),
        protocol: f.text("protocol"),
        app_protocol: f.text("app_protocol"),
        extra: f.extra(),
    })
}

fn device(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<Device> {
    let place = value.place;
    let mut f = Fields::of(value, path, findings);
    if f.get("target").is_none() {
        f.findings.error("CY032", place, path, "the device has no target: its path in the container").help =
            Some("Add target.".to_owned());
    }
    Some(Device {
        source: f.text("source"),
        target: f.text("target"),
        permissions: f.text("permissions"),
        extra: f.extra(),
    })
}

fn env_file(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<EnvFile> {
    let mut f = Fields::of(value, path, findings);
    Some(EnvFile {
        path: f.text("path"),
        required: f.flag_option("required").unwrap_or(true),
        format: f.text("format"),
    })
}

/// A process limit of a service or build.
pub(super) fn ulimit(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<Ulimit> {
    if value.map().is_some() {
        let mut f = Fields::of(value, path, findings);
        return Some(Ulimit::Range { soft: f.limit("soft"), hard: f.limit("hard") });
    }
    match limit(value) {
        Ok(limit) => Some(Ulimit::Single(limit)),
        Err(misfit) => {
            misfit.report(value, &path, findings);
            None
        }
    }
}

fn hook(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<Hook> {
    let mut f = Fields::of(value, path, findings);
    Some(Hook {
        command: command(&mut f, "command"),
        user: f.text("user"),
        privileged: f.flag("privileged"),
        working_dir: f.text("working_dir"),
        environment: f.variables("environment"),
        image: f.text("image"),
        per_replica: f.flag("per_replica"),
        extra: f.extra(),
    })
}

//! `deploy`. Compose specification, deploy.md.

use super::fields::{Fields, Misfit, int, whole};
use crate::{
    load::{findings::Findings, path::Path, tree::Value},
    model::{Deploy, DeviceRequest, Placement, Resource, Resources, RestartPolicy, UpdateConfig},
};

pub(super) fn deploy(mut f: Fields<'_>) -> Deploy {
    Deploy {
        mode: f.text("mode"),
        replicas: f.int_option("replicas"),
        labels: f.labels("labels"),
        update_config: f.nested("update_config", update).map(Box::new),
        rollback_config: f.nested("rollback_config", update).map(Box::new),
        resources: f.nested("resources", resources).unwrap_or_default(),
        restart_policy: f.nested("restart_policy", restart_policy).map(Box::new),
        placement: f.nested("placement", placement).unwrap_or_default(),
        endpoint_mode: f.text("endpoint_mode"),
        extra: f.extra(),
    }
}

fn update(mut f: Fields<'_>) -> UpdateConfig {
    UpdateConfig {
        parallelism: f.unsigned("parallelism"),
        delay: f.duration("delay"),
        failure_action: f.text("failure_action"),
        monitor: f.duration("monitor"),
        max_failure_ratio: f.float("max_failure_ratio"),
        order: f.text("order"),
        extra: f.extra(),
    }
}

fn restart_policy(mut f: Fields<'_>) -> RestartPolicy {
    RestartPolicy {
        condition: f.text("condition"),
        delay: f.duration("delay"),
        max_attempts: f.unsigned("max_attempts"),
        window: f.duration("window"),
        extra: f.extra(),
    }
}

fn placement(mut f: Fields<'_>) -> Placement {
    Placement {
        constraints: f.texts("constraints"),
        preferences: f.each("preferences", |value, _, _| Some(value.to_json())),
        max_replicas_per_node: f.unsigned("max_replicas_per_node").unwrap_or_default(),
        extra: f.extra(),
    }
}

fn resources(mut f: Fields<'_>) -> Resources {
    Resources {
        limits: f.nested("limits", resource).map(Box::new),
        reservations: f.nested("reservations", resource).map(Box::new),
        extra: f.extra(),
    }
}

fn resource(mut f: Fields<'_>) -> Resource {
    Resource {
        cpus: f.float("cpus"),
        memory: f.bytes("memory"),
        pids: f.int("pids"),
        devices: f.each("devices", device_request),
        generic_resources: f.each("generic_resources", generic_resource),
        extra: f.extra(),
    }
}

/// Kept as data, with a whole number as its value.
fn generic_resource(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<serde_json::Value> {
    let mut data = value.to_json();
    let spec = value.get("discrete_resource_spec");
    if let Some(amount) = spec.and_then(|spec| spec.get("value")).filter(|amount| !amount.is_null()) {
        match int(amount) {
            Ok(amount) => data["discrete_resource_spec"]["value"] = amount.into(),
            Err(misfit) => misfit.report(amount, &path, findings),
        }
    }
    Some(data)
}

/// One entry of `gpus` or of the reserved devices.
pub(super) fn device_request(
    value: &Value,
    path: Path<'_>,
    findings: &mut Findings,
) -> Option<DeviceRequest> {
    let mut f = Fields::of(value, path, findings);
    let count = f.get("count");
    let count = match count.map(|value| (value, value.text())) {
        None => 0,
        Some((_, Some(all))) if all.eq_ignore_ascii_case("all") => -1,
        Some((value, _)) => whole(value).unwrap_or_else(|_| {
            let message = "the count of devices is a number or \"all\"".to_owned();
            Misfit::Number(message).report(value, &path.key("count"), f.findings);
            0
        }),
    };
    Some(DeviceRequest {
        capabilities: f.texts("capabilities"),
        driver: f.text("driver"),
        count,
        device_ids: f.texts("device_ids"),
        options: f.labels("options"),
    })
}

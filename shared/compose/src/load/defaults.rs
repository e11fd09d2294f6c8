//! Values that stand in for what was left out. The reference's defaults step.

use super::tree::{Data, Map, Value};

/// Fills in defaults that do not depend on the environment.
pub(crate) fn set_defaults(model: &mut Value) {
    let Some(services) = model.get_mut("services").and_then(Value::map_mut) else { return };
    for service in services.values_mut() {
        with(service.get_mut("build"), "context", || text("."));
        each(service.get_mut("secrets"), secret);
        each(service.get_mut("ports"), |port| {
            with(Some(&mut *port), "protocol", || text("tcp"));
            with(Some(port), "mode", || text("ingress"));
        });
        each(service.get_mut("gpus"), device_request);
        let reservations = ["deploy", "resources", "reservations", "devices"]
            .iter()
            .try_fold(&mut *service, |value, key| value.get_mut(key));
        each(reservations, device_request);
    }
}

fn text(text: &str) -> Data {
    Data::Text(text.into())
}

fn with(value: Option<&mut Value>, key: &str, default: impl Fn() -> Data) {
    let Some(value) = value else { return };
    let at = value.with(Data::Null);
    if let Some(map) = value.map_mut()
        && !map.contains_key(key)
    {
        map.insert(key, at.with(default()));
    }
}

fn each(list: Option<&mut Value>, step: impl Fn(&mut Value)) {
    if let Some(list) = list.and_then(Value::list_mut) {
        list.iter_mut().for_each(step);
    }
}

fn secret(secret: &mut Value) {
    let source = secret.get("source").and_then(Value::scalar).unwrap_or_default();
    with(Some(secret), "target", || Data::Text(format!("/run/secrets/{source}").into()));
}

fn device_request(request: &mut Value) {
    let counted = |map: &Map| map.contains_key("count") || map.contains_key("device_ids");
    if !request.map().is_none_or(counted) {
        with(Some(request), "count", || text("all"));
    }
}

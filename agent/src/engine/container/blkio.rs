//! `blkio_config`: shares and limits of block devices. Compose specification, 05-services.

use bollard::models::{HostConfig, ResourcesBlkioWeightDevice, ThrottleDevice};
use serde_json::Value;

/// Sets what the key asks for.
pub(super) fn apply(wanted: &Value, config: &mut HostConfig) {
    config.blkio_weight = number(&wanted["weight"]).and_then(|weight| u16::try_from(weight).ok());
    config.blkio_weight_device = devices(&wanted["weight_device"], |device| ResourcesBlkioWeightDevice {
        path: path(device),
        weight: number(&device["weight"]).and_then(|weight| usize::try_from(weight).ok()),
    });
    let rates = |key: &str| {
        devices(&wanted[key], |device| ThrottleDevice { path: path(device), rate: number(&device["rate"]) })
    };
    config.blkio_device_read_bps = rates("device_read_bps");
    config.blkio_device_read_iops = rates("device_read_iops");
    config.blkio_device_write_bps = rates("device_write_bps");
    config.blkio_device_write_iops = rates("device_write_iops");
}

fn devices<T>(list: &Value, device: impl Fn(&Value) -> T) -> Option<Vec<T>> {
    let list = list.as_array().filter(|list| !list.is_empty())?;
    Some(list.iter().map(device).collect())
}

fn path(device: &Value) -> Option<String> {
    device["path"].as_str().map(str::to_owned)
}

/// A number, or one in a string: sizes are written so in canonical form.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

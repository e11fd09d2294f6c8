//! `environment`: a mapping, or a list of `NAME=value`.

use composeyard_yaml::edit::{Path, Value};

use super::{
    Refusal,
    desk::{Desk, service_path},
    keys,
};
use crate::ServiceName;

pub(super) fn set(
    desk: &mut Desk,
    service: &ServiceName,
    name: &str,
    value: Option<&str>,
) -> Result<(), Refusal> {
    if name.is_empty() || name.contains(['=', '\0', '\n']) {
        return Err(Refusal::new(format!(
            "{name:?} is not a variable name; it must not be empty or contain ="
        )));
    }
    keys::set(desk, &variable(service, name), &value.map_or_else(Value::null, Value::text))
}

pub(super) fn remove(desk: &mut Desk, service: &ServiceName, name: &str) -> Result<(), Refusal> {
    keys::unset(desk, &variable(service, name))
}

fn variable(service: &ServiceName, name: &str) -> Path {
    service_path(service).key("environment").key(name)
}

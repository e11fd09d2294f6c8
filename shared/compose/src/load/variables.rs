//! Lists of `KEY=value` to mappings, and names without a value to what the environment holds.

use super::{
    convert::pairs_to_map,
    findings::Findings,
    path::Path,
    template::Lookup,
    tree::{Data, Value},
};

/// Turns every list of pairs into a mapping. A name alone in an `environment` list takes the environment's value.
pub(crate) fn pairs_to_maps(model: &mut Value, lookup: &Lookup<'_>) {
    each(model, "services", |service| {
        for key in ["labels", "annotations", "sysctls"] {
            maps(service.get_mut(key), &empty());
        }
        if let Some(environment) = service.get_mut("environment")
            && matches!(environment.data, Data::List(_))
        {
            pairs_to_map(environment, &Data::Null);
            fill_in(Some(environment), lookup, false);
        }
        maps(service.get_mut("deploy").and_then(|deploy| deploy.get_mut("labels")), &empty());
        if let Some(build) = service.get_mut("build") {
            maps(build.get_mut("args"), &Data::Null);
            maps(build.get_mut("labels"), &empty());
        }
        for hooks in ["pre_start", "post_start", "pre_stop"] {
            for hook in service.get_mut(hooks).and_then(Value::list_mut).into_iter().flatten() {
                maps(hook.get_mut("environment"), &Data::Null);
            }
        }
        let watch = service.get_mut("develop").and_then(|develop| develop.get_mut("watch"));
        for rule in watch.and_then(Value::list_mut).into_iter().flatten() {
            maps(rule.get_mut("exec").and_then(|exec| exec.get_mut("environment")), &Data::Null);
        }
        for mount in service.get_mut("volumes").and_then(Value::list_mut).into_iter().flatten() {
            maps(mount.get_mut("volume").and_then(|volume| volume.get_mut("labels")), &empty());
        }
    });
    for section in ["networks", "volumes", "secrets", "configs"] {
        each(model, section, |resource| maps(resource.get_mut("labels"), &empty()));
    }
    from_environment(model, "secrets", "x-#value", lookup);
    from_environment(model, "configs", "content", lookup);
}

/// Refuses names with a blank at their end in lists of pairs; in mappings the reference takes them.
pub(crate) fn check_names(model: &Value, findings: &mut Findings) {
    let root = Path::Root;
    let section = root.key("services");
    for (name, service) in model.get("services").and_then(Value::map).into_iter().flatten() {
        let path = section.key(name);
        check_list(service.get("environment"), &path.key("environment"), false, findings);
        if let Some(build) = service.get("build") {
            check_list(build.get("args"), &path.key("build").key("args"), true, findings);
        }
        for hooks in ["pre_start", "post_start", "pre_stop"] {
            let path = path.key(hooks);
            for (index, hook) in service.get(hooks).and_then(Value::list).into_iter().flatten().enumerate() {
                let path = path.item(index);
                check_list(hook.get("environment"), &path.key("environment"), false, findings);
            }
        }
    }
}

/// With `given` only names that have a value count: the others may be dropped.
fn check_list(list: Option<&Value>, path: &Path<'_>, given: bool, findings: &mut Findings) {
    for (index, item) in list.and_then(Value::list).into_iter().flatten().enumerate() {
        let Some(text) = item.text() else { continue };
        let (name, has_value) = text.split_once('=').map_or((text, false), |(name, _)| (name, true));
        if name.ends_with(char::is_whitespace) && (has_value || !given) {
            let message = format!("environment variable {name:?} is declared with a trailing space");
            findings.error("CY029", item.place, path.item(index), message);
        }
    }
}

fn empty() -> Data {
    Data::Text("".into())
}

fn maps(value: Option<&mut Value>, absent: &Data) {
    if let Some(value) = value {
        pairs_to_map(value, absent);
    }
}

fn each(model: &mut Value, section: &str, step: impl Fn(&mut Value)) {
    if let Some(entries) = model.get_mut(section).and_then(Value::map_mut) {
        entries.values_mut().for_each(step);
    }
}

/// The content of a secret or config whose `environment` names a variable.
fn from_environment(model: &mut Value, section: &str, key: &str, lookup: &Lookup<'_>) {
    each(model, section, |object| {
        let Some(name) = object.get("environment").cloned() else { return };
        let content = name.text().and_then(lookup);
        if let (Some(content), Some(map)) = (content, object.map_mut()) {
            map.insert(key, name.with(Data::Text(content.into())));
        }
    });
}

/// Gives names without a value what the environment holds; drops the others when asked.
pub(crate) fn fill_in(value: Option<&mut Value>, lookup: &Lookup<'_>, drop_unknown: bool) {
    let Some(map) = value.and_then(Value::map_mut) else { return };
    for (name, value) in map.iter_mut() {
        if value.is_null()
            && let Some(known) = lookup(name)
        {
            value.data = Data::Text(known.into());
        }
    }
    if drop_unknown {
        map.retain(|_, value| !value.is_null());
    }
}

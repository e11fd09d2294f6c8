//! `image`, and its tag alone.

use composeyard_yaml::edit::Value;

use super::{
    Intent, Refusal,
    desk::{Desk, node_at, service_path},
    keys,
};
use crate::ServiceName;

/// Changes what stands behind the last `:` of the name, or adds it.
pub(super) fn set_tag(desk: &mut Desk, service: &ServiceName, tag: &str) -> Result<(), Refusal> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if tag.is_empty() || tag.len() > 128 || tag.starts_with(['.', '-']) || !tag.chars().all(fits) {
        return Err(Refusal::new(format!(
            "{tag:?} is not a tag; use letters, digits, dots, hyphens and underscores"
        )));
    }
    desk.home(service)?;
    let path = service_path(service).key("image");
    let written = desk.with(&path).last().and_then(|file| {
        let document = desk.document(*file);
        document.text(node_at(document, &path)?).map(str::to_owned)
    });
    let Some(image) = written else {
        return Err(Refusal::new(format!("{path} is not set here; name an image first")));
    };
    let set = |image: String| Intent::SetImage { service: service.clone(), image };
    if let Some((name, _)) = image.split_once('@') {
        let refusal = Refusal::new(format!("{path} is pinned to a digest, which a tag does not change"));
        return Err(refusal.or(format!("Use the tag {tag} instead of the digest"), [set(tagged(name, tag))]));
    }
    if let Some((name, variable)) = tag_variable(&image) {
        let refusal = Refusal::new(format!("the tag of {path} comes from the variable {variable}"));
        return Err(refusal
            .or(
                format!("Make {tag} the default of {variable}"),
                [set(format!("{name}:${{{variable}:-{tag}}}"))],
            )
            .or(format!("Write {tag} instead of the variable"), [set(format!("{name}:{tag}"))]));
    }
    if image.rsplit('/').next().is_some_and(|last| last.contains('$')) {
        return Err(Refusal::new(format!("{path} is made of variables; change it as text")));
    }
    keys::set(desk, &path, &Value::text(tagged(&image, tag)))
}

/// The name with this tag; a `:` before a `/` belongs to the registry.
fn tagged(image: &str, tag: &str) -> String {
    let base = match image.rsplit_once(':') {
        Some((base, old)) if !old.contains('/') => base,
        _ => image,
    };
    format!("{base}:{tag}")
}

/// Name and variable of `name:${TAG}` and `name:$TAG`, also with a default.
fn tag_variable(image: &str) -> Option<(&str, &str)> {
    let (name, variable) = image.split_once(":$")?;
    let inner = variable.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(variable);
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
    let (variable, rest) = inner.split_at(end);
    let simple =
        rest.is_empty() || (rest.starts_with([':', '-', '?']) && !rest.contains(['$', '{', '}', '/']));
    (!variable.is_empty() && simple && !name.contains('$')).then_some((name, variable))
}

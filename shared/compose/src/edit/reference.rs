//! Where services name a service.

use composeyard_yaml::{Document, edit::Path, tree::Kind};

use super::desk::{items, node_at, service_path, services};
use crate::ServiceName;

/// One place that names a service.
pub(super) enum Reference {
    /// A key: `depends_on` in long form.
    Key(Path),
    /// A scalar, with what stands around the name: `service:` … ``, `` … `:ro`.
    Text { path: Path, before: String, after: String },
    /// `extends` of the same file; without the service the one that extends it cannot be built.
    Extends { path: Path, before: String, after: String },
}

impl Reference {
    pub(super) const fn path(&self) -> &Path {
        match self {
            Self::Key(path) | Self::Text { path, .. } | Self::Extends { path, .. } => path,
        }
    }

    pub(super) const fn is_extends(&self) -> bool {
        matches!(self, Self::Extends { .. })
    }
}

/// Every reference to a service in one file.
pub(super) fn all(document: &Document, name: &ServiceName) -> Vec<Reference> {
    let services = services(document).into_iter().filter_map(|service| ServiceName::new(service).ok());
    services.flat_map(|service| of_service(document, &service_path(&service), name.as_str())).collect()
}

fn of_service(document: &Document, service: &Path, name: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let depends_on = service.key("depends_on");
    if let Some(node) = node_at(document, &depends_on)
        && matches!(document.node(document.resolve(node)).kind, Kind::Mapping(_))
        && document.entry(node, name).is_some()
    {
        found.push(Reference::Key(depends_on.key(name)));
    }
    for key in ["depends_on", "links", "volumes_from"] {
        let list = service.key(key);
        for index in 0..items(document, &list).len() {
            found.extend(text(document, list.item(index), "", name));
        }
    }
    for key in ["network_mode", "ipc", "pid"] {
        found.extend(text(document, service.key(key), "service:", name));
    }
    let extends = service.key("extends");
    if node_at(document, &extends.key("file")).is_none() {
        let places = [extends.key("service"), extends];
        let texts = places.into_iter().filter_map(|path| text(document, path, "", name));
        found.extend(texts.map(|reference| match reference {
            Reference::Text { path, before, after } => Reference::Extends { path, before, after },
            other => other,
        }));
    }
    found
}

/// A scalar `before` + name, alone or up to a `:`.
fn text(document: &Document, path: Path, before: &str, name: &str) -> Option<Reference> {
    let scalar = document.text(node_at(document, &path)?)?;
    let after = scalar.strip_prefix(before)?.strip_prefix(name)?;
    (after.is_empty() || after.starts_with(':')).then(|| Reference::Text {
        before: before.to_owned(),
        after: after.to_owned(),
        path,
    })
}

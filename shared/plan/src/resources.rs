//! What networks and volumes have in common: a name, and labels that say whose they are.

use crate::{ObservedNetwork, ObservedVolume, draft::Draft};

/// A network or a volume on the engine.
pub(crate) trait Resource {
    /// How people call it.
    const KIND: &'static str;
    /// Engine name.
    fn name(&self) -> &str;
    /// Its key in its project; empty when Compose did not make it.
    fn key(&self) -> &str;
    /// Its project; empty when Compose did not make it.
    fn project(&self) -> &str;
}

impl Resource for ObservedNetwork {
    const KIND: &'static str = "Network";

    fn name(&self) -> &str {
        &self.name
    }

    fn key(&self) -> &str {
        &self.key
    }

    fn project(&self) -> &str {
        &self.project
    }
}

impl Resource for ObservedVolume {
    const KIND: &'static str = "Volume";

    fn name(&self) -> &str {
        &self.name
    }

    fn key(&self) -> &str {
        &self.key
    }

    fn project(&self) -> &str {
        &self.project
    }
}

/// The live one for a key: the declared name first, else the first by name that carries the key's label.
pub(crate) fn live<'a, R: Resource>(all: &'a [R], project: &str, key: &str, name: &str) -> Option<&'a R> {
    let named = all.iter().find(|found| found.name() == name);
    named.or_else(|| labelled(all, project, key).min_by_key(|found| found.name()))
}

fn labelled<'a, R: Resource>(all: &'a [R], project: &str, key: &str) -> impl Iterator<Item = &'a R> {
    all.iter().filter(move |found| found.key() == key && found.project() == project)
}

/// Says that others which carry the key's label are left alone.
pub(crate) fn warn_about_others<R: Resource>(draft: &mut Draft<'_>, all: &[R], key: &str, chosen: &R) {
    let project = draft.project.name.as_str();
    for other in labelled(all, project, key).filter(|other| other.name() != chosen.name()) {
        draft.warnings.push(format!(
            "{} {} was made for {key}, but {} is used. It is left alone.",
            R::KIND,
            other.name(),
            chosen.name()
        ));
    }
}

/// True for one of the project; says so of any other.
pub(crate) fn is_ours<R: Resource>(draft: &mut Draft<'_>, live: &R) -> bool {
    let ours = live.project() == draft.project.name.as_str();
    if !ours {
        let owner = match live.project() {
            "" => "Compose did not make it",
            _ => "another project made it",
        };
        draft.warnings.push(format!(
            "{} {} exists already and {owner}: it is used as it is.",
            R::KIND,
            live.name()
        ));
    }
    ours
}

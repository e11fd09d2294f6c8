//! What a service has from the one it `extends`.

use composeyard_yaml::edit::{Path, Step};

use super::{
    Refusal,
    desk::{Desk, node_at},
    keys::last_key,
    mention::extends,
    walk,
};

/// Longer chains are circles.
const MAX_CHAIN: usize = 64;

/// Where an inherited value is written.
pub(super) struct Inherited {
    pub(super) file: usize,
    pub(super) path: Path,
    /// The service that writes it.
    base: String,
}

/// The nearest service up the chain of `extends` that writes a key of a service.
pub(super) fn find(desk: &Desk, path: &Path) -> Option<Inherited> {
    let [Step::Key(section), Step::Key(service), rest @ ..] = path.0.as_slice() else { return None };
    if section != "services" || rest.is_empty() {
        return None;
    }
    let (mut file, mut name) = (desk.home_of(path).ok()?, service.clone());
    for _ in 0..MAX_CHAIN {
        let document = desk.document(file);
        let node = document.at(&["services"]).and_then(|services| walk::field(document, services, &name))?;
        let extends = extends(document, node)?;
        file = desk.extended_file(file, extends.file)?;
        extends.service.clone_into(&mut name);
        let mut origin = Path::of(["services", &name]);
        origin.0.extend_from_slice(rest);
        if node_at(desk.document(file), &origin).is_some() {
            return Some(Inherited { file, path: origin, base: name });
        }
    }
    None
}

impl Inherited {
    /// Both ways are open.
    pub(super) fn refusal(&self, desk: &Desk, path: &Path) -> Refusal {
        self.reason(desk, path).here("Write it here, on top").at_origin(self.title(desk))
    }

    /// It can be taken away here, or there for all.
    pub(super) fn removal_refusal(&self, desk: &Desk, path: &Path) -> Refusal {
        let refusal = self.reason(desk, path).here("Take it away here with !reset");
        refusal.at_origin(format!("Remove it from {}", self.base))
    }

    fn reason(&self, desk: &Desk, path: &Path) -> Refusal {
        let (base, file) = (&self.base, desk.name(self.file));
        Refusal::new(format!("{path} comes from {base} in {file} through extends"))
    }

    fn title(&self, desk: &Desk) -> String {
        format!("Change {} of {} in {}", last_key(&self.path), self.base, desk.name(self.file))
    }
}

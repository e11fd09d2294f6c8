//! What runs, as the files that a person would have written for it: for projects on the engine whose own files cannot
//! be read.
//!
//! Only what differs from the image's and the engine's defaults is written, in short forms. What looks like a secret
//! goes to `.env`.
//!
//! | module | what it writes |
//! |---|---|
//! | [`inspection`] | nothing: it is what is known, in the Engine API's shape |
//! | `site` | which container is which service, which name is which key |
//! | `service` | a service: the order of its keys, image, dependencies |
//! | `process` | what runs in it: program, user, health check |
//! | `host` | limits, rights, namespaces, restart policy |
//! | `ports`, `mounts`, `networks` | what their names say, the project's volumes and networks included |
//! | `secrets` | `environment`, and `.env` |
//! | `sheet`, `write` | values and text |

mod host;
pub mod inspection;
mod mounts;
mod networks;
mod ports;
mod process;
mod secrets;
mod service;
mod sheet;
mod site;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use inspection::{Inspection, read};

use self::{sheet::Sheet, site::Site};
use crate::{ProjectFiles, settings};

/// The file that the project is written to.
pub const FILE: &str = "compose.yaml";

const ABOUT: &str = "\
# Rebuilt from what runs on the engine. The engine does not know comments, variables, build sections, profiles,
# hooks and files with variables: none of them is here, whatever the original file had.
";

/// The files of a running project: `compose.yaml`, and `.env` when there are secrets.
///
/// The project is loaded from them with the same names of containers, networks and volumes. Services without a
/// container cannot be seen. Containers of one service are taken to be alike: the first one stands for all.
pub fn rebuild(seen: &Inspection) -> ProjectFiles {
    let site = Site::new(seen);
    let mut services = Sheet::default();
    for (name, containers) in &site.services {
        services.put(name.as_str(), service::service(name, containers, &site));
    }
    let mut top = Sheet::default();
    top.put("name", seen.project.as_str());
    top.put("services", services);
    for (section, mut entries) in [("networks", networks::top(&site)), ("volumes", mounts::top(&site))] {
        entries.entries_mut().for_each(|(_, entry)| sheet::double_dollars(entry));
        top.put(section, entries);
    }
    let text = format!("{ABOUT}{}{}", built_here(&site), write::text(top));
    let mut files = BTreeMap::from([(FILE.to_owned(), text)]);
    files.extend(site.secrets.file().map(|text| (settings::FILE.to_owned(), text)));
    ProjectFiles(files)
}

/// A comment that names the services whose images Compose built: somewhere there is source for them.
fn built_here(site: &Site<'_>) -> String {
    let built: Vec<&str> = site
        .services
        .iter()
        .filter(|(_, containers)| {
            let image = containers.first().and_then(|container| site.image(container));
            image.is_some_and(|image| image.config.labels.contains_key(site::label::SERVICE))
        })
        .map(|(name, _)| name.as_str())
        .collect();
    if built.is_empty() {
        String::new()
    } else {
        format!("# Built from source that is not here: {}.\n", built.join(", "))
    }
}

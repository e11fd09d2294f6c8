//! What the parts of a project say about each other. The reference's consistency checks; every fault is reported, not
//! only the first.

mod limits;
mod references;
mod service;

pub(crate) use service::check_container_names;

use std::sync::Arc;

use super::{
    findings::Findings,
    path::Path,
    tree::{Place, Value},
};
use crate::{
    Project, ServiceName,
    model::Service,
    threads::{self, AT_ONCE},
};

/// A service with `scale` has as many `deploy.replicas`, when it has `deploy` at all.
pub(crate) fn settle_replicas(project: &mut Project) {
    for service in project.services.values_mut() {
        let Some(scale) = service.scale.filter(|_| service.deploy.is_some()) else { continue };
        if let Some(deploy) = &mut Arc::make_mut(service).deploy {
            deploy.replicas = Some(scale);
        }
    }
}

/// Checks the active services of a project; `model` is the tree it was bound from.
pub(crate) fn check(project: &Project, model: &Value, findings: &mut Findings) {
    let services: Vec<_> = project.services.iter().collect();
    if !all_agree(project, model, &services, findings) {
        check_services(project, model, &services, findings);
    }
    references::check_secrets(project, model, findings);
    references::check_cycles(project, model, findings);
}

/// True when it is sure, sooner than one after the other can tell, that there is nothing to report of many services.
fn all_agree(
    project: &Project,
    model: &Value,
    services: &[(&ServiceName, &Arc<Service>)],
    findings: &Findings,
) -> bool {
    if !threads::are_worth_two(services.len()) {
        return false;
    }
    let parts: Vec<_> = services.chunks(AT_ONCE).collect();
    let agree = threads::each(&parts, |part| {
        let mut found = findings.of_the_same_files();
        check_services(project, model, part, &mut found);
        found.list.is_empty()
    });
    !agree.contains(&false)
}

fn check_services(
    project: &Project,
    model: &Value,
    services: &[(&ServiceName, &Arc<Service>)],
    findings: &mut Findings,
) {
    let Some(trees) = model.get("services") else { return };
    let path = Path::Root;
    let path = path.key("services");
    for (name, service) in services {
        let Some(tree) = trees.get(name.as_str()) else { continue };
        let mut checked = Checked {
            project,
            model,
            name: name.as_str(),
            service,
            tree,
            path: path.key(name.as_str()),
            findings,
        };
        service::check(&mut checked);
        references::check(&mut checked);
        limits::check(&mut checked);
    }
}

/// A service under check.
struct Checked<'a> {
    project: &'a Project,
    model: &'a Value,
    name: &'a str,
    service: &'a Service,
    tree: &'a Value,
    path: Path<'a>,
    findings: &'a mut Findings,
}

impl Checked<'_> {
    /// Where a key of the service stands; the service's own key when it is not written.
    fn key_place(&self, key: &str) -> Place {
        self.tree.get(key).map(|value| value.key).filter(|place| place.is_known()).unwrap_or(self.tree.key)
    }

    fn value_place(&self, keys: &[&str]) -> Place {
        let value = keys.iter().try_fold(self.tree, |value, key| value.get(key));
        value.map(|value| value.place).filter(|place| place.is_known()).unwrap_or(self.tree.key)
    }

    fn error(
        &mut self,
        code: &str,
        place: Place,
        key: &str,
        message: impl Into<String>,
    ) -> &mut crate::Diagnostic {
        let path = self.path;
        self.findings.error(code, place, path.key(key), message)
    }
}

//! CY315: a declared network, volume, secret or config that no service uses.

use foldhash::{HashSet, HashSetExt};

use crate::edit::{Intent, Resource};
use crate::model::MountType;
use crate::{Diagnostic, Fix, Project, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY315",
    name: "unused-resource",
    severity: Severity::Hint,
    what: "A top-level network, volume, secret or config is used by no service.",
    why: "Compose does not create it; most often a service forgot to use it, or its name is misspelt.",
    how: "Use it in a service, or remove it.",
    link: "https://docs.docker.com/reference/compose-file/",
    example: "services:\n  app:\n    image: myapp:1.0\nvolumes:\n  data:\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    volumes:\n      - data:/data\nvolumes:\n  data:\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    let used = Used::of(project);
    let mut look = |section: &str, one: &str, declared: Vec<&String>, used: &HashSet<&str>| {
        for name in declared.into_iter().filter(|name| !used.contains(name.as_str())) {
            // Networks that Compose adds by itself stand in no file.
            if context.key(&[section, name]).is_some() {
                findings.push(report(context, section, one, name));
            }
        }
    };
    look("networks", "network", project.networks.keys().collect(), &used.networks);
    look("volumes", "volume", project.volumes.keys().collect(), &used.volumes);
    look("secrets", "secret", project.secrets.keys().collect(), &used.secrets);
    look("configs", "config", project.configs.keys().collect(), &used.configs);
}

/// The names that services use, services of inactive profiles included.
struct Used<'p> {
    networks: HashSet<&'p str>,
    volumes: HashSet<&'p str>,
    secrets: HashSet<&'p str>,
    configs: HashSet<&'p str>,
}

impl<'p> Used<'p> {
    fn of(project: &'p Project) -> Self {
        let mut used = Self {
            networks: HashSet::from_iter(["default"]),
            volumes: HashSet::new(),
            secrets: HashSet::new(),
            configs: HashSet::new(),
        };
        for service in project.services.values().chain(project.disabled_services.values()) {
            let mounts = service.volumes.iter().filter(|mount| {
                matches!(mount.kind, MountType::Volume | MountType::Cluster) && !mount.source.is_empty()
            });
            used.networks.extend(service.networks.keys().map(String::as_str));
            used.volumes.extend(mounts.map(|mount| mount.source.as_str()));
            used.secrets.extend(service.secrets.iter().map(|secret| secret.source.as_str()));
            used.configs.extend(service.configs.iter().map(|config| config.source.as_str()));
            if let Some(build) = &service.build {
                used.secrets.extend(build.secrets.iter().map(|secret| secret.source.as_str()));
                used.networks.insert(&build.network);
            }
            let credentials = service.credential_spec.as_ref().and_then(|spec| spec["config"].as_str());
            used.configs.extend(credentials);
        }
        used
    }
}

fn report(context: &Context<'_>, section: &str, one: &str, name: &str) -> Diagnostic {
    let steps = [section, name];
    let message = format!("No service uses the {one} `{name}`");
    let mut finding = match context.key(&steps) {
        Some(place) => RULE.at(place.file, place.span, &steps.join("."), message),
        None => context.finding(&RULE, &steps, message),
    };
    finding.help = Some(format!("Name it under `{section}` of a service, or remove it."));
    finding.fixes.extend(removal(context, section, name));
    finding
}

fn removal(context: &Context<'_>, section: &str, name: &str) -> Option<Fix> {
    let title = format!("Remove `{name}`");
    match Resource::of_section(section) {
        Some(resource) => context.plan(title, &Intent::RemoveResource { resource, name: name.to_owned() }),
        None => context.remove_key(title, &[section, name]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn what_nobody_uses_is_named() {
        let text = "services:\n  app:\n    image: a:1\n    networks: [back]\nnetworks:\n  back:\n  front:\nvolumes:\n  data:\nsecrets:\n  key:\n    file: k\nconfigs:\n  conf:\n    content: x\n";
        assert_eq!(
            found(text),
            [
                "CY315 networks.front: No service uses the network `front`",
                "CY315 volumes.data: No service uses the volume `data`",
                "CY315 secrets.key: No service uses the secret `key`",
                "CY315 configs.conf: No service uses the config `conf`",
            ]
        );
    }

    #[test]
    fn services_of_inactive_profiles_use_things_too() {
        let text = "services:\n  app:\n    image: a:1\n  tool:\n    image: b:1\n    profiles: [tools]\n    volumes: [data:/data]\nvolumes:\n  data:\n";
        assert!(found(text).is_empty());
    }

    #[test]
    fn the_default_network_is_used_by_being_declared() {
        assert!(
            found("services:\n  app:\n    image: a:1\nnetworks:\n  default:\n    driver: bridge\n")
                .is_empty()
        );
    }
}

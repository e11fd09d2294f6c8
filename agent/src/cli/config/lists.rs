//! Lists of one thing, a line each.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use composeyard_compose::{Loaded, Project, ServiceName, render};

/// Print just one thing.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Only {
    /// Print nothing; the exit code tells whether the files load
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Print the services, each after those it depends on
    #[arg(id = "list_services", long = "services")]
    services: bool,
    /// Print the volumes
    #[arg(long)]
    volumes: bool,
    /// Print the networks
    #[arg(long)]
    networks: bool,
    /// Print the models
    #[arg(long)]
    models: bool,
    /// Print the images
    #[arg(long)]
    images: bool,
    /// Print the profiles
    #[arg(id = "list_profiles", long = "profiles")]
    profiles: bool,
    /// Print the variables that the files use, and what takes the place of those that are not set
    #[arg(long)]
    pub(super) variables: bool,
    /// Print the variables that ${…} is filled in from
    #[arg(long)]
    pub(super) environment: bool,
    /// Print the configuration hash of these services, or of all: '*'
    #[arg(long, value_name = "SERVICE")]
    pub(super) hash: Option<String>,
}

impl Only {
    /// True when a list is wanted instead of the project.
    pub(super) const fn is_list(&self) -> bool {
        let of_names = self.services || self.volumes || self.networks || self.models;
        of_names || self.images || self.profiles || self.variables || self.hash.is_some()
    }

    /// The one thing that was asked for, a line each; none for the whole project.
    pub(super) fn print(&self, project: &Project) -> anyhow::Result<Option<String>> {
        let services = project.services.iter();
        let lines: Vec<String> = if self.services {
            in_order(project).into_iter().map(ToString::to_string).collect()
        } else if self.volumes {
            project.volumes.keys().cloned().collect()
        } else if self.networks {
            project.networks.keys().cloned().collect()
        } else if self.models {
            models(project)
        } else if self.images {
            services.map(|(name, service)| composeyard_plan::image_of(&project.name, name, service)).collect()
        } else if self.profiles {
            let all = services.chain(&project.disabled_services).flat_map(|(_, service)| &service.profiles);
            all.collect::<BTreeSet<_>>().into_iter().cloned().collect()
        } else if let Some(wanted) = &self.hash {
            hashes(project, wanted)?
        } else {
            return Ok(None);
        };
        Ok(Some(lines.iter().map(|line| format!("{line}\n")).collect()))
    }

    /// As [`Only::print`], of a project whose variables are not filled in: only its services are known by name.
    pub(super) fn print_tree(&self, loaded: &Loaded) -> anyhow::Result<Option<String>> {
        if self.services {
            let tree = render::tree(loaded);
            let services = tree.as_ref().and_then(|tree| tree.get("services")?.as_object());
            let names = services.into_iter().flat_map(serde_json::Map::keys);
            return Ok(Some(names.map(|name| format!("{name}\n")).collect()));
        }
        if self.volumes || self.networks || self.models || self.images || self.profiles || self.hash.is_some()
        {
            bail!("this list needs the variables: drop --no-interpolate");
        }
        Ok(None)
    }
}

/// The images of the models that services use.
fn models(project: &Project) -> Vec<String> {
    let models = project.extra.get("models").and_then(serde_json::Value::as_object);
    let named = models.into_iter().flat_map(serde_json::Map::values);
    let images = named.filter_map(|model| model.get("model")?.as_str());
    images.filter(|image| !image.is_empty()).map(str::to_owned).collect()
}

fn hashes(project: &Project, wanted: &str) -> anyhow::Result<Vec<String>> {
    let line = |name: &ServiceName| {
        let service = project.services.get(name).with_context(|| format!("no such service: {name}"))?;
        Ok(format!("{name} {}", render::printed_hash(service)))
    };
    if wanted == "*" {
        return project.services.keys().map(line).collect();
    }
    let names: Result<BTreeSet<ServiceName>, _> = wanted.split(',').map(str::parse).collect();
    match names {
        Ok(names) => names.iter().map(line).collect(),
        Err(error) => bail!("no such service: {error}"),
    }
}

/// Services, each after those it depends on. A circle was refused when the project was loaded.
fn in_order(project: &Project) -> Vec<&ServiceName> {
    let mut ordered = Vec::new();
    for name in project.services.keys() {
        visit(project, name, &mut ordered);
    }
    ordered
}

fn visit<'a>(project: &'a Project, name: &'a ServiceName, ordered: &mut Vec<&'a ServiceName>) {
    let Some((name, service)) = project.services.get_key_value(name) else { return };
    if ordered.contains(&name) {
        return;
    }
    for dependency in service.depends_on.keys() {
        visit(project, dependency, ordered);
    }
    ordered.push(name);
}

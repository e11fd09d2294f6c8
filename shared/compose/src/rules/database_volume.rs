//! CY307: a database that keeps its data in its container.

use crate::edit::Intent;
use crate::facts::images;
use crate::model::Service;
use crate::{Diagnostic, ServiceName, Severity, image};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY307",
    name: "database-without-volume",
    severity: Severity::Hint,
    what: "A database has no volume for its data.",
    why: "The data is gone when the container is removed, for instance by `down`.",
    how: "Mount a named volume where the database keeps its data.",
    link: "https://docs.docker.com/engine/storage/volumes/",
    example: "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/db\n",
    good: "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/db\n    volumes:\n      - data:/var/lib/postgresql/data\nvolumes:\n  data:\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    for (name, service) in &project.services {
        let known = images::find(&service.image).filter(|image| image.is_database);
        if let Some((database, folder)) = known.and_then(|image| Some((image.name, image.data?)))
            && let folder = data_folder(service, folder)
            && !keeps_data(service, folder)
        {
            findings.push(report(context, name, database, folder));
        }
    }
}

/// A mount at, above or below the folder counts; so does a tmpfs, since then nobody wants to keep it.
fn keeps_data(service: &Service, folder: &str) -> bool {
    let is_below = |path: &str, above: &str| {
        path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let near = |target: &str| {
        let target = target.trim_end_matches('/');
        is_below(folder, target) || is_below(target, folder)
    };
    service.volumes.iter().any(|mount| near(&mount.target))
        || service.tmpfs.iter().any(|tmpfs| near(tmpfs.split(':').next().unwrap_or_default()))
        || !service.volumes_from.is_empty()
        || service.environment.contains_key("PGDATA")
}

/// Two databases moved their data: postgres one folder up in version 18, influxdb in version 2.
fn data_folder(service: &Service, folder: &'static str) -> &'static str {
    let version =
        image::tag(&service.image).and_then(|tag| tag.split(['.', '-']).next()?.parse::<u32>().ok());
    match folder {
        "/var/lib/postgresql/data" if version.is_some_and(|version| version >= 18) => "/var/lib/postgresql",
        "/var/lib/influxdb2" if version.is_some_and(|version| version < 2) => "/var/lib/influxdb",
        _ => folder,
    }
}

fn report(context: &Context<'_>, service: &ServiceName, database: &str, folder: &str) -> Diagnostic {
    let steps = ["services", service.as_str(), "image"];
    let mut finding = context
        .finding(&RULE, &steps, format!("The data of `{service}` is lost with its container"))
        .with_help(format!("{database} keeps its data in `{folder}`. Mount a named volume there."));
    let intent = Intent::AttachVolume {
        service: service.clone(),
        volume: format!("{service}-data"),
        target: folder.to_owned(),
    };
    finding.fixes.extend(context.plan(format!("Keep the data in the volume {service}-data"), &intent));
    finding
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    #[test]
    fn a_database_gets_a_volume_for_its_data() {
        let text = "services:\n  db:\n    image: postgres:17\n";
        assert_eq!(found(text), ["CY307 services.db.image: The data of `db` is lost with its container"]);
        assert!(fixed(text).contains("db-data:/var/lib/postgresql/data"));
        assert!(found(&fixed(text)).is_empty());
    }

    #[test]
    fn the_folder_is_that_of_the_version() {
        let folder = |image: &str| {
            let fixed = fixed(&format!("services:\n  db:\n    image: {image}\n"));
            let start = fixed.find("db-data:/").unwrap() + "db-data:".len();
            fixed[start..].lines().next().unwrap().to_owned()
        };
        assert_eq!(folder("postgres:18"), "/var/lib/postgresql");
        assert_eq!(folder("postgres:17-alpine"), "/var/lib/postgresql/data");
        assert_eq!(folder("influxdb:1.8"), "/var/lib/influxdb");
        assert_eq!(folder("influxdb:2.7-alpine"), "/var/lib/influxdb2");
    }

    #[test]
    fn volumes_folders_and_memory_all_count() {
        for mount in ["volumes: [./pg:/var/lib/postgresql]", "tmpfs: /var/lib/postgresql/data"] {
            assert!(found(&format!("services:\n  db:\n    image: postgres:17\n    {mount}\n")).is_empty());
        }
    }

    #[test]
    fn a_folder_with_a_longer_name_is_another_one() {
        for (image, target) in [
            ("influxdb:2.7", "/var/lib/influxdb"),
            ("influxdb:1.8", "/var/lib/influxdb2"),
            ("mysql:8.4", "/var/lib/mysql-files"),
        ] {
            let text = format!("services:\n  db:\n    image: {image}\n    volumes: [\"./db:{target}\"]\n");
            assert_eq!(found(&text).len(), 1, "{image} {target}");
        }
    }

    #[test]
    fn caches_and_other_peoples_images_are_left_alone() {
        assert!(found("services:\n  a:\n    image: redis:7\n  b:\n    image: me/postgres:1\n").is_empty());
    }
}

//! What the descriptions say in numbers and names, and where a stack differs, what its README says it has instead.

use std::collections::BTreeSet;

use composeyard_compose::{
    Project,
    model::{Condition, Service},
    settings,
};

use crate::{cards, file, files, project};

/// Template, variant, and each service in one line.
const SERVICES: [(&str, &str, &str); 14] = [
    (
        "hello-multiapp",
        "default",
        "api | 8000:8000 | health 10s 5s 3 | multiapp-network
         frontend | 3000:80 | after api | multiapp-network",
    ),
    (
        "hello-multiapp",
        "wait",
        "api | 8000:8000 | health 2s 5s 3 10s | multiapp-network
         frontend | 3000:80 | after api: healthy | multiapp-network",
    ),
    (
        "hello-multiapp",
        "scale",
        "api | health 2s 5s 3 10s | multiapp-network | x3
         frontend | health 2s 3s 3 10s | after api: healthy | multiapp-network | x2
         lb | 3000:80 8000:8000 | after api: healthy, frontend: healthy | multiapp-network",
    ),
    (
        "flask-redis-nginx",
        "default",
        "app | health 5s 5s 3 10s | after redis: healthy | unless-stopped | at most 0.5 CPU 256M | app-network
         nginx | 8080:80 | health 5s 3s 3 5s | after app: healthy | unless-stopped | at most 0.25 CPU 64M | app-network
         redis | health 5s 3s 5 | unless-stopped | at most 0.25 CPU 128M | redis-data | app-network",
    ),
    (
        "flask-redis-nginx",
        "dev",
        "app | 5000:5000 | health 5s 5s 3 10s | after redis: healthy | unless-stopped | at most 0.5 CPU 256M | app-network
         nginx | 8080:80 | health 5s 3s 3 5s | after app: healthy | unless-stopped | at most 0.25 CPU 64M | app-network
         redis | health 5s 3s 5 | unless-stopped | at most 0.25 CPU 128M | redis-data | app-network",
    ),
    (
        "flask-redis-nginx",
        "prod",
        "app | health 5s 5s 3 10s | after redis: healthy | always | at most 0.5 CPU 512M | at least 0.25 CPU 256M | app-network | x3
         nginx | 8080:80 | health 5s 3s 3 5s | after app: healthy | always | at most 0.25 CPU 64M | app-network
         redis | health 5s 3s 5 | always | at most 0.25 CPU 128M | redis-data | app-network",
    ),
    (
        "unified-stack",
        "default",
        "backend | 127.0.0.1:8000:8000 | health 5s 5s 5 40s | after db: healthy, redis: healthy | unless-stopped | at most 2 CPU 1024M | at least 0.5 CPU 512M | app-backend-media app-backend-static | app-network
         db | 127.0.0.1:5432:5432 | health 5s 5s 5 10s | unless-stopped | at most 1 CPU 512M | at least 0.5 CPU 256M | app-postgres-data | app-network
         frontend | 127.0.0.1:5173:5173 | health 5s 5s 5 30s | after backend: healthy | unless-stopped | at most 2 CPU 2048M | at least 1 CPU 512M | app-frontend-node-modules | app-network
         proxy | 80:80 | health 5s 3s 5 10s | after backend: healthy, frontend: healthy | unless-stopped | at most 0.5 CPU 256M | at least 0.25 CPU 128M | app-proxy-logs | app-network
         redis | 127.0.0.1:6379:6379 | health 5s 3s 5 10s | unless-stopped | at most 0.5 CPU 256M | at least 0.25 CPU 128M | app-redis-data | app-network",
    ),
    (
        "compose-examples",
        "basic",
        "api | 127.0.0.1:8000:8000 | health 5s 10s 3 40s | after db: healthy, redis: healthy | unless-stopped | basic-stack-network
         db | health 5s 10s 3 40s | unless-stopped | docker_examples_db_data docker_examples_db_logs | basic-stack-network
         redis | health 5s 10s 3 40s | unless-stopped | basic-stack-network
         web | 3000:3000 | health 5s 10s 3 40s | after api: healthy | unless-stopped | basic-stack-network",
    ),
    (
        "compose-examples",
        "cluster",
        "api | health 5s 10s 3 40s | after db: healthy, redis: healthy | unless-stopped | at most 0.5 CPU 256M | cluster-network | x3
         db | health 5s 10s 3 40s | unless-stopped | at most 1 CPU 512M | docker_examples_db_data docker_examples_db_logs | cluster-network
         nginx | 80:8080 | health 5s 10s 3 10s | after api: healthy, web: healthy | unless-stopped | at most 0.25 CPU 64M | cluster-network
         redis | health 5s 10s 3 40s | unless-stopped | at most 0.25 CPU 128M | cluster-network
         web | health 5s 10s 3 40s | after api: healthy | unless-stopped | at most 0.5 CPU 128M | cluster-network",
    ),
    (
        "compose-examples",
        "swarm",
        "api | health 30s 10s 3 40s | at most 0.5 CPU 256M | at least 128M | swarm-overlay | x3
         db | health 30s 10s 3 40s | at most 1 CPU 512M | at least 256M | docker_examples_db_data docker_examples_db_logs | swarm-overlay
         nginx | 80:8080 | health 30s 10s 3 40s | at most 0.25 CPU 64M | at least 32M | swarm-overlay | x2
         redis | health 30s 10s 3 40s | at most 0.25 CPU 128M | at least 64M | swarm-overlay
         web | health 30s 10s 3 40s | at most 0.5 CPU 128M | at least 64M | swarm-overlay | x2",
    ),
    (
        "loc8",
        "dev",
        "backend | 127.0.0.1:8000:8000 | health 5s 5s 3 20s | after postgres: healthy if on, redis: healthy if on | unless-stopped | backend_data | loc8-network
         frontend | 127.0.0.1:3000:3000 | health 5s 5s 3 20s | unless-stopped | loc8-network
         nginx | 80:80 | health 5s 3s 3 10s | after backend: healthy, frontend: healthy | unless-stopped | loc8-network",
    ),
    (
        "loc8",
        "dev-data",
        "backend | 127.0.0.1:8000:8000 | health 5s 5s 3 20s | after postgres: healthy if on, redis: healthy if on | unless-stopped | backend_data | loc8-network
         frontend | 127.0.0.1:3000:3000 | health 5s 5s 3 20s | unless-stopped | loc8-network
         nginx | 80:80 | health 5s 3s 3 10s | after backend: healthy, frontend: healthy | unless-stopped | loc8-network
         postgres | health 5s 5s 5 10s | unless-stopped | postgres_data | loc8-network | in database
         redis | health 5s 3s 5 | unless-stopped | loc8-network | in cache",
    ),
    (
        "loc8",
        "prod",
        "backend | health 5s 5s 3 20s | after postgres: healthy if on, redis: healthy if on | unless-stopped | at most 1 CPU 512M | at least 0.25 CPU 256M | backend_data | loc8-network
         frontend | health 5s 5s 3 20s | unless-stopped | at most 1 CPU 512M | at least 0.1 CPU 64M | loc8-network
         nginx | 80:80 | health 5s 3s 3 10s | after backend: healthy, frontend: healthy | unless-stopped | at most 0.5 CPU 128M | at least 0.1 CPU 32M | loc8-network",
    ),
    (
        "loc8",
        "prod-data",
        "backend | health 5s 5s 3 20s | after postgres: healthy if on, redis: healthy if on | unless-stopped | at most 1 CPU 512M | at least 0.25 CPU 256M | backend_data | loc8-network
         frontend | health 5s 5s 3 20s | unless-stopped | at most 1 CPU 512M | at least 0.1 CPU 64M | loc8-network
         nginx | 80:80 | health 5s 3s 3 10s | after backend: healthy, frontend: healthy | unless-stopped | at most 0.5 CPU 128M | at least 0.1 CPU 32M | loc8-network
         postgres | health 5s 5s 5 10s | unless-stopped | at most 1 CPU 512M | at least 0.25 CPU 256M | postgres_data | loc8-network | in database
         redis | health 5s 3s 5 | unless-stopped | at most 0.25 CPU 128M | at least 0.1 CPU 64M | loc8-network | in cache",
    ),
];

/// The worker: the one service that does not come back by itself.
const CELERY: &str = "celery | health 15s 15s 3 30s | after db: healthy, redis: healthy | at most 1 CPU 512M | at least 0.25 CPU 256M | app-backend-media app-backend-static | app-network | in with-celery";

/// Template, variant, and the names of networks and volumes on the engine.
const NAMES: [(&str, &str, &[&str], &[&str]); 7] = [
    ("hello-multiapp", "default", &["hello-multiapp_multiapp-network bridge"], &[]),
    (
        "flask-redis-nginx",
        "default",
        &["flask-redis-nginx_app-network bridge"],
        &["flask-redis-nginx_redis-data"],
    ),
    (
        "unified-stack",
        "default",
        &["unified-stack_app-network bridge"],
        &[
            "unified-stack_app-backend-media",
            "unified-stack_app-backend-static",
            "unified-stack_app-frontend-node-modules",
            "unified-stack_app-postgres-data",
            "unified-stack_app-proxy-logs",
            "unified-stack_app-redis-data",
        ],
    ),
    (
        "compose-examples",
        "basic",
        &["compose-examples_basic-stack-network bridge"],
        &["compose-examples_docker_examples_db_data", "compose-examples_docker_examples_db_logs"],
    ),
    (
        "compose-examples",
        "cluster",
        &["compose-examples_cluster-network bridge"],
        &["compose-examples_docker_examples_db_data", "compose-examples_docker_examples_db_logs"],
    ),
    (
        "compose-examples",
        "swarm",
        &["compose-examples_swarm-overlay overlay"],
        &["compose-examples_docker_examples_db_data", "compose-examples_docker_examples_db_logs"],
    ),
    ("loc8", "prod", &["loc8_loc8-network bridge"], &["loc8_backend_data", "loc8_postgres_data"]),
];

/// Dockerfile, stages, and the user that its containers run as; none where the image's own is needed: Nginx opens port 80
/// as root, PostgreSQL owns its volume.
const IMAGES: [(&str, usize, Option<&str>); 12] = [
    ("hello-multiapp/hello-multiapp-api/Dockerfile", 1, Some("app")),
    ("hello-multiapp/hello-multiapp-frontend/Dockerfile", 1, None),
    ("flask-redis-nginx/app/Dockerfile", 2, Some("app")),
    ("unified-stack/backend/Dockerfile", 1, Some("app")),
    ("unified-stack/frontend/Dockerfile", 1, Some("1000:1000")),
    ("compose-examples/api/Dockerfile", 1, Some("1001:1001")),
    ("compose-examples/db/Dockerfile", 1, None),
    ("compose-examples/web/Dockerfile", 2, Some("1001:1001")),
    ("loc8/Backend/Dockerfile", 1, Some("appuser")),
    ("loc8/Backend/Dockerfile.backend.prod", 2, Some("appuser")),
    ("loc8/Frontend/Dockerfile", 1, Some("1000:1000")),
    ("loc8/Frontend/Dockerfile.frontend.prod", 2, None),
];

#[test]
fn images_have_the_stages_of_the_description_and_are_not_root() {
    let known: Vec<&str> = IMAGES.iter().map(|(path, ..)| *path).collect();
    for card in cards() {
        for path in card.files.iter().filter(|path| path.contains("Dockerfile")) {
            assert!(known.contains(&&*format!("{}/{path}", card.name)), "{} {path}", card.name);
        }
    }
    for (path, stages, user) in IMAGES {
        let text = file(".", path);
        assert_eq!(text.lines().filter(|line| line.starts_with("FROM ")).count(), stages, "{path}");
        assert_eq!(text.lines().rev().find_map(|line| line.strip_prefix("USER ")), user, "{path}");
    }
}

#[test]
fn each_service_has_the_numbers_of_the_description() {
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    for (template, variant, expected) in SERVICES {
        assert_eq!(described(&project(template, variant, None)), lines(expected), "{template} {variant}");
    }
    let mut with_worker = described(&project("unified-stack", "with-celery", None));
    assert_eq!(with_worker.remove(1), CELERY);
    assert_eq!(with_worker, described(&project("unified-stack", "default", None)));

    let known: BTreeSet<(&str, &str)> =
        SERVICES.iter().map(|(template, variant, _)| (*template, *variant)).collect();
    for card in cards() {
        for variant in card.variants.iter().filter(|variant| variant.name != "with-celery") {
            assert!(known.contains(&(card.name.as_str(), &variant.name)), "{} {}", card.name, variant.name);
        }
    }
}

#[test]
fn networks_and_volumes_have_the_names_of_the_description_after_the_project() {
    for (template, variant, networks, volumes) in NAMES {
        let project = project(template, variant, None);
        let found: Vec<String> =
            project.networks.values().map(|network| format!("{} {}", network.name, network.driver)).collect();
        assert_eq!(found, networks, "{template} {variant}");
        let found: Vec<&String> = project.volumes.values().map(|volume| &volume.name).collect();
        assert_eq!(found, volumes, "{template} {variant}");
    }
}

#[test]
fn the_example_of_env_holds_the_defaults() {
    for card in cards() {
        let example = file(card.name.as_str(), ".env.example");
        for variant in &card.variants {
            // What production requires is left to the user there.
            let secrets: String = variant.generate.iter().map(|name| format!("{name}=secret\n")).collect();
            let usual = project(card.name.as_str(), &variant.name, None);
            let copied = project(card.name.as_str(), &variant.name, Some(&format!("{example}\n{secrets}")));
            assert_eq!(copied, usual, "{} {}", card.name, variant.name);
        }
    }
}

#[test]
fn every_variable_of_the_example_is_in_the_form_explained_and_does_something() {
    let mut count = 0;
    for card in cards() {
        let name = card.name.as_str();
        let names = file(name, ".env.example")
            .lines()
            .filter_map(|line| line.trim_start_matches('#').split_once('='))
            .map(|(name, _)| name.to_owned())
            .filter(|name| name != "COMPOSE_PROFILES" && !name.contains(' '))
            .collect::<Vec<_>>();
        for variable in names {
            let is_used = card.variants.iter().any(|variant| {
                let other = if variable.ends_with("PORT") { "4321" } else { "other" };
                let rest = variant.generate.iter().filter(|it| **it != variable);
                let secrets: String = rest.map(|name| format!("{name}=secret\n")).collect();
                let changed = project(name, &variant.name, Some(&format!("{secrets}{variable}={other}\n")));
                changed != project(name, &variant.name, None)
            });
            assert!(is_used, "{name}: {variable} changes nothing");
            let form = settings::settings(&files(&card), &card.files);
            let field = form.iter().find(|setting| setting.name == variable);
            assert!(field.is_some_and(|field| !field.about.is_empty()), "{name}: {variable} in the form");
            count += 1;
        }
    }
    assert!(count > 25, "{count} variables");
}

fn described(project: &Project) -> Vec<String> {
    project.services.iter().map(|(name, service)| line(name.as_str(), service)).collect()
}

/// Ports, health check (interval, timeout, retries, start period), what it waits for, restart policy, limits,
/// reservations, named volumes, networks, containers, profiles: what there is of them.
fn line(name: &str, service: &Service) -> String {
    let ports = service.ports.iter().map(|port| {
        let address = if port.host_ip.is_empty() { String::new() } else { format!("{}:", port.host_ip) };
        format!("{address}{}:{}", port.published, port.target)
    });
    let health = service.healthcheck.as_ref().map(|check| {
        let times = [check.interval, check.timeout].map(|time| time.unwrap().to_string());
        let start = check.start_period.map(|time| format!(" {time}")).unwrap_or_default();
        format!("health {} {}{start}", times.join(" "), check.retries.unwrap())
    });
    let after = service.depends_on.iter().map(|(to, dependency)| {
        let until = match dependency.condition {
            Condition::ServiceStarted => "",
            Condition::ServiceHealthy => ": healthy",
            Condition::ServiceCompletedSuccessfully => ": completed",
        };
        format!("{to}{until}{}", if dependency.required { "" } else { " if on" })
    });
    let amount = |word: &str, cpus: f64, memory: i64| match (cpus, memory >> 20) {
        (0.0, 0) => String::new(),
        (0.0, memory) => format!("{word} {memory}M"),
        (cpus, memory) => format!("{word} {cpus} CPU {memory}M"),
    };
    let (limits, promised) = (service.limits(), service.reservations());
    let volumes = service.volumes.iter().filter(|mount| !mount.source.starts_with(['.', '/']));
    let parts = [
        name.to_owned(),
        ports.collect::<Vec<_>>().join(" "),
        health.unwrap_or_default(),
        listed("after ", &after.collect::<Vec<_>>()),
        service.restart.clone(),
        amount("at most", limits.cpus, limits.memory.0),
        amount("at least", promised.cpus, promised.memory.0),
        volumes
            .map(|mount| mount.source.clone())
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        service.networks.keys().cloned().collect::<Vec<_>>().join(" "),
        if service.replicas() == 1 { String::new() } else { format!("x{}", service.replicas()) },
        listed("in ", &service.profiles),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" | ")
}

fn listed(before: &str, items: &[String]) -> String {
    if items.is_empty() { String::new() } else { format!("{before}{}", items.join(", ")) }
}

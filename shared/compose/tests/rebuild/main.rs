//! The law of rebuilding: what a project's containers show is enough to write files that load as the same project.
#![allow(missing_docs, clippy::unwrap_used)]

mod engine;

use std::sync::Arc;

use composeyard_compose::{
    LoadRequest, Project, ProjectFiles, load,
    model::{Condition, Dependency, Endpoint, Mount, MountType, Network, Port, Service, Volume},
    rebuild::rebuild,
};
use proptest::{
    collection::btree_map, collection::vec, option, prelude::*, sample::select, sample::subsequence,
};

const NAMES: [&str; 4] = ["api", "db", "seed_job", "web-1"];

/// Text of any kind that a variable, a label or an argument may hold.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~äß€\n\t]{0,12}", "[$'\"#:{}\\-!&*|>%@` 0-9a-f]{0,8}", Just("no".to_owned())]
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9=./-]{1,8}", any_text()]
}

fn port() -> impl Strategy<Value = Port> {
    let ip = select(vec!["", "127.0.0.1", "::1"]);
    let published = select(vec!["", "8080", "9000-9010"]);
    (1..9000_u32, ip, published, select(vec!["tcp", "udp"])).prop_map(|(target, ip, published, protocol)| {
        Port {
            mode: "ingress".to_owned(),
            host_ip: ip.to_owned(),
            target,
            published: published.to_owned(),
            protocol: protocol.to_owned(),
            ..Port::default()
        }
    })
}

fn mount(target: usize) -> impl Strategy<Value = Mount> {
    let source = select(vec!["data", "cache", "/srv/site", ""]);
    (source, any::<bool>()).prop_map(move |(source, read_only)| {
        let is_bind = source.starts_with('/');
        Mount {
            kind: if is_bind { MountType::Bind } else { MountType::Volume },
            source: source.to_owned(),
            target: format!("/mnt/{target}"),
            read_only: read_only && !source.is_empty(),
            bind: is_bind.then(Box::default),
            volume: (!is_bind).then(Default::default),
            ..Mount::default()
        }
    })
}

fn service() -> impl Strategy<Value = Service> {
    let networks = subsequence(vec!["back", "default", "front"], 1..=3);
    let process = (option::of(vec(word(), 0..4)), option::of(vec(word(), 1..3)));
    let maps = (
        btree_map("[A-Z_]{1,6}(PASSWORD|TOKEN)?", option::of(any_text()), 0..5),
        btree_map("[a-z.]{1,6}", any_text(), 0..3),
    );
    let mounts = (mount(0), mount(1), 0..=2_usize);
    (process, maps, vec(port(), 0..3), mounts, networks, vec("[a-z]{3,5}", 0..2)).prop_map(
        |((command, entrypoint), (environment, labels), ports, (first, second, count), networks, aliases)| {
            let endpoint = Endpoint { aliases, ..Endpoint::default() };
            let network = |key: &str| {
                let aliased = key == "back" && !endpoint.aliases.is_empty();
                (key.to_owned(), aliased.then(|| endpoint.clone()))
            };
            Service {
                image: "app:1".to_owned(),
                command: command.filter(|words| !words.is_empty()),
                entrypoint,
                environment,
                labels,
                ports: one_of_each(ports),
                volumes: [first, second].into_iter().take(count).collect(),
                networks: networks
                    .into_iter()
                    .map(network)
                    .map(|(key, endpoint)| (key, endpoint.map(Box::new)))
                    .collect(),
                ..Service::default()
            }
        },
    )
}

/// The same container port twice on one address would be a duplicate.
fn one_of_each(mut ports: Vec<Port>) -> Vec<Port> {
    ports.sort_by_key(|port| port.target);
    ports.dedup_by_key(|port| port.target);
    ports
}

fn project() -> impl Strategy<Value = Project> {
    let conditions = select(vec![
        Condition::ServiceStarted,
        Condition::ServiceHealthy,
        Condition::ServiceCompletedSuccessfully,
    ]);
    (vec(service(), 1..=NAMES.len()), vec((conditions, any::<bool>()), NAMES.len())).prop_map(
        |(services, dependencies)| {
            let mut project = Project::named("shop".parse().unwrap());
            let mut before: Option<&str> = None;
            for ((name, mut service), (condition, restart)) in NAMES.iter().zip(services).zip(dependencies) {
                let dependency = Dependency { condition, restart, ..Dependency::default() };
                service.depends_on =
                    before.map(|name| (name.parse().unwrap(), dependency)).into_iter().collect();
                before = Some(name);
                for key in service.networks.keys() {
                    let network = Network { name: format!("shop_{key}"), ..Network::default() };
                    project.networks.insert(key.clone(), network);
                }
                for mount in
                    service.volumes.iter().filter(|it| it.kind == MountType::Volume && !it.source.is_empty())
                {
                    let name = format!("shop_{}", mount.source);
                    project.volumes.insert(mount.source.clone(), Volume { name, ..Volume::default() });
                }
                project.services.insert(name.parse().unwrap(), Arc::new(service));
            }
            project
        },
    )
}

fn loaded(files: &ProjectFiles) -> Project {
    let loaded = load(files, &LoadRequest { project_name: Some("shop".into()), ..LoadRequest::default() });
    assert!(loaded.diagnostics.is_empty(), "{:#?}", loaded.diagnostics);
    loaded.project.unwrap()
}

/// The order of what has none.
fn sorted(mut project: Project) -> Project {
    for service in project.services.values_mut().map(Arc::make_mut) {
        service.ports.sort_by_key(|port| port.target);
        service.volumes.sort_by(|a, b| a.target.cmp(&b.target));
        service.networks.values_mut().for_each(|endpoint| {
            // The order of joining shows in the engine; an endpoint without more is none.
            let plain = endpoint.take().map(|endpoint| Endpoint { priority: 0, ..*endpoint });
            *endpoint = plain.filter(|endpoint| *endpoint != Endpoint::default()).map(Box::new);
        });
    }
    project
}

proptest! {
    #[test]
    fn what_is_rebuilt_loads_as_the_project_that_runs(project in project()) {
        let files = rebuild(&engine::shown(&project));
        let text = files.0.values().map(String::as_str).collect::<String>();
        prop_assert_eq!(sorted(loaded(&files)), sorted(project), "{}", text);
    }

    #[test]
    fn rebuilding_what_was_rebuilt_changes_nothing(project in project()) {
        let files = rebuild(&engine::shown(&project));
        prop_assert_eq!(rebuild(&engine::shown(&loaded(&files))), files);
    }
}

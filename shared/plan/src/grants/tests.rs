use std::{collections::BTreeMap, sync::Arc};

use composeyard_compose::model::{Build, FileObject, Mount, MountType, Service};
use composeyard_compose::{Project, ProjectName, ServiceName};

use super::{Grant, grants};

fn project(service: Service) -> Project {
    let services = BTreeMap::from([(ServiceName::new("app").unwrap(), Arc::new(service))]);
    Project {
        name: ProjectName::new("demo").unwrap(),
        services,
        networks: BTreeMap::new(),
        volumes: BTreeMap::new(),
        secrets: BTreeMap::new(),
        configs: BTreeMap::new(),
        disabled_services: BTreeMap::new(),
        extra: BTreeMap::new(),
    }
}

fn keys(project: &Project) -> Vec<String> {
    let found = grants(project, &|path| path.starts_with("/srv/demo/"));
    found.into_iter().map(|Grant { key, .. }| key).collect()
}

fn bind(source: &str) -> Service {
    let mount = Mount { kind: MountType::Bind, source: source.to_owned(), ..Mount::default() };
    Service { volumes: vec![mount], ..Service::default() }
}

#[test]
fn a_plain_service_needs_no_consent() {
    let service =
        Service { image: "nginx".to_owned(), cap_add: vec!["CHOWN".to_owned()], ..bind("/srv/demo/site") };
    assert_eq!(keys(&project(service)), Vec::<String>::new());
}

#[test]
fn rights_on_the_host_are_found() {
    let service = Service {
        privileged: true,
        cap_add: vec!["cap_sys_admin".to_owned(), "ALL".to_owned()],
        security_opt: vec!["seccomp=unconfined".to_owned()],
        ..Service::default()
    };
    assert_eq!(
        keys(&project(service)),
        [
            "app: capability ALL",
            "app: capability SYS_ADMIN",
            "app: privileged",
            "app: security_opt seccomp=unconfined"
        ]
    );
}

#[test]
fn namespaces_of_the_host_and_of_other_containers_are_found() {
    let service = Service {
        network_mode: "host".to_owned(),
        pid: "host".to_owned(),
        ipc: "container:other".to_owned(),
        ..Service::default()
    };
    assert_eq!(
        keys(&project(service)),
        ["app: host network", "app: host pid", "app: ipc of container:other"]
    );
}

#[test]
fn binds_outside_the_project_and_the_engine_socket_are_found() {
    assert_eq!(keys(&project(bind("/etc"))), ["app: bind /etc"]);
    assert_eq!(keys(&project(bind("/var/run/docker.sock"))), ["app: engine socket"]);
    assert_eq!(keys(&project(bind("/srv/demo/docker.sock"))), ["app: engine socket"]);
}

#[test]
fn files_of_secrets_outside_the_project_are_found() {
    let mut project = project(Service::default());
    let file = FileObject { file: "/etc/shadow".to_owned(), ..FileObject::default() };
    project.secrets.insert("key".to_owned(), file);
    assert_eq!(keys(&project), ["secret key: /etc/shadow"]);
}

#[test]
fn a_great_number_of_containers_is_found() {
    let service = Service { scale: Some(100_000), ..Service::default() };
    assert_eq!(keys(&project(service)), ["app: 100000 containers"]);
}

#[test]
fn builds_that_read_outside_the_project_are_found() {
    let build = |context: &str, dockerfile: &str| {
        let build = Build { context: context.into(), dockerfile: dockerfile.into(), ..Build::default() };
        keys(&project(Service { build: Some(Box::new(build)), ..Service::default() }))
    };
    assert_eq!(build("/srv/demo/app", "Dockerfile"), [""; 0]);
    assert_eq!(build("/srv", "Dockerfile"), ["app: build from /srv"]);
    assert_eq!(build("/srv/demo/app", "/etc/passwd"), ["app: Dockerfile /etc/passwd"]);
}

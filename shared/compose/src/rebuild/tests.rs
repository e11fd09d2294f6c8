//! Each form, from what the engine shows to what is written.

use serde_json::{Value, json};

use super::{Inspection, inspection::Defaults, read, rebuild};
use crate::{LoadRequest, ProjectFiles, load};

const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The container `shop-NAME-1`, on the default network, with further fields laid over it.
fn container(name: &str, over: &Value) -> Value {
    let mut container = json!({
        "Id": format!("{name}{ID}"),
        "Name": format!("/shop-{name}-1"),
        "Image": "sha256:app",
        "Config": {
            "Image": "app:1",
            "Labels": {
                "com.docker.compose.project": "shop",
                "com.docker.compose.service": name,
                "com.docker.compose.container-number": "1",
                "com.docker.compose.oneoff": "False",
            },
        },
        "HostConfig": {"NetworkMode": "shop_default", "ShmSize": 67_108_864, "IpcMode": "private", "Runtime": "runc"},
        "NetworkSettings": {"Networks": {"shop_default": {}}},
    });
    lay(&mut container, over);
    container
}

fn lay(under: &mut Value, over: &Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                lay(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over.clone(),
    }
}

fn list<T: serde::de::DeserializeOwned>(values: Vec<Value>) -> Vec<T> {
    values.into_iter().map(|value| read(value).unwrap()).collect()
}

/// A project of these containers, all made from one image.
fn seen(containers: Vec<Value>, image: &Value, networks: Vec<Value>, volumes: Vec<Value>) -> Inspection {
    let own = |kind: &str, key: &str| json!({"com.docker.compose.project": "shop", (format!("com.docker.compose.{kind}")): key});
    let default = json!({
        "Name": "shop_default", "Driver": "bridge", "IPAM": {"Driver": "default"}, "Labels": own("network", "default"),
    });
    Inspection {
        project: "shop".parse().unwrap(),
        containers: list(containers),
        images: list(vec![json!({"Id": "sha256:app", "RepoTags": ["app:1"], "Config": image})]),
        networks: list([vec![default], networks].concat()),
        volumes: list(volumes),
        defaults: Defaults { cgroup_version: "2".to_owned(), ..Defaults::default() },
    }
}

/// The file below its comments; it must load.
fn text(seen: &Inspection) -> String {
    let files = rebuild(seen);
    let loaded = load(&files, &LoadRequest { project_name: Some("shop".into()), ..LoadRequest::default() });
    assert!(loaded.diagnostics.is_empty(), "{:#?}\n{files:?}", loaded.diagnostics);
    let text = files.get("compose.yaml").unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

/// The keys of the only service, below its image.
fn service_of(over: &Value, image: &Value) -> String {
    let text = text(&seen(vec![container("app", over)], image, Vec::new(), Vec::new()));
    let start = "name: shop\n\nservices:\n  app:\n    image: app:1\n";
    let keys = text.strip_prefix(start).unwrap_or_else(|| panic!("{text}"));
    keys.lines().map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect()
}

fn service(over: &Value) -> String {
    service_of(over, &json!({}))
}

#[test]
fn what_the_image_and_the_engine_give_by_themselves_is_not_written() {
    let image = json!({
        "Env": ["PATH=/bin"], "Cmd": ["serve"], "Entrypoint": ["/entry.sh"], "User": "app", "WorkingDir": "/srv",
        "Labels": {"of": "image"}, "StopSignal": "SIGQUIT", "ExposedPorts": {"80/tcp": {}}, "Volumes": {"/var/data": {}},
        "Healthcheck": {"Test": ["CMD", "true"], "Interval": 1_000_000_000},
    });
    let mut config = image.clone();
    config["Hostname"] = json!("app012345678");
    let labels =
        json!({"Labels": {"com.docker.compose.image": "sha256:app", "desktop.docker.io/binds": "x"}});
    lay(&mut config, &labels);
    let over = json!({
        "Config": config,
        "HostConfig": {
            "LogConfig": {"Type": "json-file", "Config": {}},
            "RestartPolicy": {"Name": "no"},
            "CgroupnsMode": "private",
            "MaskedPaths": ["/proc/acpi"],
            "PidsLimit": null,
        },
        "Mounts": [{"Type": "volume", "Name": ID, "Destination": "/var/data"}],
    });
    assert_eq!(service_of(&over, &image), "");
}

#[test]
fn commands_are_short_where_they_can_be_and_an_entrypoint_clears_the_images_command() {
    let with = |entrypoint: Value, command: Value| {
        service_of(
            &json!({"Config": {"Entrypoint": entrypoint, "Cmd": command}}),
            &json!({"Entrypoint": ["/entry.sh"], "Cmd": ["serve"]}),
        )
    };
    assert_eq!(with(json!(["/entry.sh"]), json!(["serve"])), "");
    assert_eq!(with(json!(["/entry.sh"]), json!(["serve", "--port", "80"])), "command: serve --port 80\n");
    assert_eq!(with(json!(["/entry.sh"]), json!([])), "entrypoint: /entry.sh\n");
    assert_eq!(with(json!(["sh", "-c"]), json!(["a b"])), "entrypoint: sh -c\ncommand:\n- a b\n");
    assert_eq!(with(json!([]), json!(["serve"])), "entrypoint: []\n");
}

#[test]
fn dollars_are_doubled_and_look_alikes_are_quoted() {
    let over = json!({"Config": {
        "Env": ["PRICE=$5", "PORT=8000", "FLAG=no", "GONE"], "Cmd": ["sh", "-c", "echo $HOME"],
    }});
    let command = "command:\n- sh\n- -c\n- echo $$HOME\n";
    let environment = "environment:\n  FLAG: \"no\"\n  GONE: null\n  PORT: \"8000\"\n  PRICE: $$5\n";
    assert_eq!(service(&over), format!("{command}{environment}"));
}

#[test]
fn ports_are_short_and_in_order() {
    let over = json!({
        "Config": {"ExposedPorts": {"80/tcp": {}, "443/tcp": {}, "53/udp": {}, "9000/tcp": {}, "9001/udp": {}}},
        "HostConfig": {"PortBindings": {
            "80/tcp": [{"HostIp": "", "HostPort": "8080"}],
            "443/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}, {"HostIp": "::1", "HostPort": "8443"}],
            "53/udp": [{"HostIp": "", "HostPort": ""}],
        }},
    });
    assert_eq!(
        service(&over),
        "ports:\n- \"53/udp\"\n- \"8080:80\"\n- \"127.0.0.1::443\"\n- \"[::1]:8443:443\"\nexpose:\n- \"9000\"\n- \"9001/udp\"\n"
    );
}

#[test]
fn mounts_are_short_where_that_says_the_same_and_in_order() {
    let over = json!({
        "HostConfig": {
            "Binds": ["/srv/site:/site:ro", "shop_data:/data:rw", "far:/far:ro,z"],
            "Mounts": [
                {"Type": "volume", "Target": "/scratch"},
                {"Type": "volume", "Source": "shop_data", "Target": "/again", "VolumeOptions": {"NoCopy": true}},
                {"Type": "bind", "Source": "/srv/key", "Target": "/run/secrets/key", "ReadOnly": true},
                {"Type": "tmpfs", "Target": "/mem", "TmpfsOptions": {"SizeBytes": 1_048_576, "Mode": 0o777}},
            ],
            "Tmpfs": {"/run": "size=64m"},
        },
        "Mounts": [
            {"Type": "volume", "Name": "shop_data", "Destination": "/data"},
            {"Type": "volume", "Name": "far", "Destination": "/far"},
            {"Type": "volume", "Name": ID, "Destination": "/scratch"},
        ],
    });
    let labels = json!({
        "com.docker.compose.project": "shop", "com.docker.compose.volume": "data", "com.docker.compose.version": "2",
        "keep": "me",
    });
    let data = json!({"Name": "shop_data", "Driver": "local", "Labels": labels});
    let far = json!({"Name": "far", "Driver": "nfs", "Labels": {}});
    let seen = seen(vec![container("app", &over)], &json!({}), Vec::new(), vec![data, far]);
    assert_eq!(
        text(&seen),
        "\
name: shop

services:
  app:
    image: app:1
    volumes:
    - data:/again:nocopy
    - data:/data
    - far:/far:ro,z
    - type: tmpfs
      target: /mem
      tmpfs:
        size: 1M
        mode: 0777
    - type: bind
      source: /srv/key
      target: /run/secrets/key
      read_only: true
      bind:
        create_host_path: false
    - /scratch
    - /srv/site:/site:ro
    tmpfs: /run:size=64m

volumes:
  data:
    labels:
      keep: me
  far:
    external: true
"
    );
}

#[test]
fn networks_have_only_what_their_people_gave_them() {
    let over = json!({
        "Config": {"Hostname": "app"},
        "HostConfig": {"NetworkMode": "shop_default"},
        "NetworkSettings": {"Networks": {
            "shop_default": {"Aliases": ["shop-app-1", "app", "app012345678"]},
            "shop_back": {
                "Aliases": ["app", "store", "shop-app-1"], "IPAMConfig": {"IPv4Address": "172.20.0.9"},
            },
            "far": {"Aliases": ["app"]},
        }},
    });
    let back = json!({
        "Name": "shop_back", "Driver": "bridge", "Internal": true,
        "Options": {"com.docker.network.enable_ipv4": "true", "com.docker.network.bridge.name": "b0"},
        "IPAM": {"Driver": "default", "Config": [{"Subnet": "172.20.0.0/16", "Gateway": "172.20.0.1"}]},
        "Labels": {"com.docker.compose.project": "shop", "com.docker.compose.network": "back"},
    });
    let seen =
        seen(vec![container("app", &over)], &json!({}), vec![back, json!({"Name": "far"})], Vec::new());
    assert_eq!(
        text(&seen),
        "\
name: shop

services:
  app:
    image: app:1
    hostname: app
    networks:
      back:
        aliases:
        - store
        ipv4_address: 172.20.0.9
      default:
        priority: 1
      far: {}

networks:
  back:
    driver_opts:
      com.docker.network.bridge.name: b0
    internal: true
    ipam:
      config:
      - subnet: 172.20.0.0/16
        gateway: 172.20.0.1
  far:
    external: true
"
    );
}

#[test]
fn a_subnet_that_the_engine_chose_is_not_written() {
    let with_subnet = |subnet: &str| {
        let mut seen = seen(vec![container("app", &json!({}))], &json!({}), Vec::new(), Vec::new());
        let ipam = json!({"Driver": "default", "Config": [{"Subnet": subnet, "Gateway": "10.0.0.1"}]});
        seen.networks[0].ipam = read(ipam).unwrap();
        text(&seen)
    };
    assert!(!with_subnet("172.31.0.0/16").contains("subnet"));
    assert!(!with_subnet("192.168.16.0/20").contains("subnet"));
    assert!(with_subnet("172.31.5.0/24").contains("subnet"));
    assert!(with_subnet("10.9.0.0/16").contains("subnet"));
}

#[test]
fn what_is_shared_with_another_container_names_its_service() {
    let other = format!("db{ID}");
    let over = json!({
        "Config": {"Hostname": "db", "Labels": {"com.docker.compose.depends_on": "db:service_started:true"}},
        "HostConfig": {
            "NetworkMode": format!("container:{other}"), "PidMode": format!("container:{other}"),
            "IpcMode": "container:elsewhere", "VolumesFrom": [format!("{other}:ro")],
        },
        "NetworkSettings": {"Networks": {}},
    });
    let containers = vec![container("app", &over), container("db", &json!({}))];
    let text = text(&seen(containers, &json!({}), Vec::new(), Vec::new()));
    assert_eq!(
        text,
        "name: shop\n\nservices:\n  app:\n    image: app:1\n    volumes_from:\n    - db:ro\n    network_mode: service:db\n    ipc: container:elsewhere\n    pid: service:db\n\n  db:\n    image: app:1\n"
    );
}

#[test]
fn links_have_one_name_each() {
    let links = ["shop-db-1:database", "shop-db-1:db-1", "shop-db-1:shop-db-1", "far:away"];
    let over = json!({
        "Config": {"Labels": {"com.docker.compose.depends_on": "db:service_started:true"}},
        "NetworkSettings": {"Networks": {"shop_default": {"Links": links}}},
    });
    let containers = vec![container("app", &over), container("db", &json!({}))];
    let text = text(&seen(containers, &json!({}), Vec::new(), Vec::new()));
    assert!(
        text.contains("    links:\n    - db:database\n    external_links:\n    - far:away\n\n"),
        "{text}"
    );
}

#[test]
fn dependencies_come_from_the_label() {
    let with = |label: &str| {
        let over = json!({"Config": {"Labels": {"com.docker.compose.depends_on": label}}});
        let others = ["db", "seed"].map(|name| container(name, &json!({})));
        let containers = [vec![container("app", &over)], others.to_vec()].concat();
        text(&seen(containers, &json!({}), Vec::new(), Vec::new()))
    };
    let written =
        with("db:service_healthy:true,seed:service_completed_successfully:false,gone:service_started:false");
    let wanted = "    depends_on:\n      db:\n        condition: service_healthy\n        restart: true\n      seed:\n        condition: service_completed_successfully\n\n";
    assert!(written.contains(wanted), "{written}");
    let written = with("db:service_started:false,seed:service_started:false");
    assert!(written.contains("    depends_on:\n    - db\n    - seed\n\n"), "{written}");
}

#[test]
fn limits_rights_and_replicas_are_written() {
    let over = json!({
        "HostConfig": {
            "NanoCpus": 500_000_000, "Memory": 134_217_728, "MemorySwap": 268_435_456, "MemoryReservation": 1_000,
            "PidsLimit": 50, "MemorySwappiness": -1,
            "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
            "CapAdd": ["CAP_NET_ADMIN"], "CapDrop": ["ALL"], "Privileged": false, "ReadonlyRootfs": true, "Init": true,
            "SecurityOpt": ["no-new-privileges:true", "seccomp={\"x\":1}"], "MaskedPaths": [],
            "Devices": [
                {"PathOnHost": "/dev/null", "PathInContainer": "/dev/zilch", "CgroupPermissions": "r"},
                {"PathOnHost": "/dev/kvm", "PathInContainer": "/dev/kvm", "CgroupPermissions": "rwm"},
            ],
            "DeviceRequests": [{"Driver": "nvidia", "Count": -1, "Capabilities": [["gpu"]]}],
            "Ulimits": [{"Name": "nofile", "Soft": 10, "Hard": 20}, {"Name": "nproc", "Soft": 5, "Hard": 5}],
            "Sysctls": {"net.core.somaxconn": "512"}, "Dns": ["1.1.1.1"], "ExtraHosts": ["a:10.0.0.1", "b:::1"],
            "LogConfig": {"Type": "local", "Config": {"max-size": "1m"}},
        },
        "Config": {"StopSignal": "SIGINT", "StopTimeout": 90, "Labels": {"own": "1"}},
    });
    let mut second = container("app", &over);
    lay(
        &mut second,
        &json!({"Name": "/shop-app-2", "Config": {"Labels": {"com.docker.compose.container-number": "2"}}}),
    );
    let text = text(&seen(vec![second, container("app", &over)], &json!({}), Vec::new(), Vec::new()));
    let wanted = "\
    dns: 1.1.1.1
    extra_hosts:
    - a:10.0.0.1
    - b=::1
    restart: on-failure:3
    stop_signal: SIGINT
    stop_grace_period: 1m30s
    logging:
      driver: local
      options:
        max-size: 1m
    labels:
      own: \"1\"
    read_only: true
    cap_add:
    - NET_ADMIN
    cap_drop:
    - ALL
    security_opt:
    - no-new-privileges:true
    - systempaths=unconfined
    devices:
    - /dev/null:/dev/zilch:r
    - /dev/kvm:/dev/kvm
    init: true
    ulimits:
      nofile:
        soft: 10
        hard: 20
      nproc: 5
    sysctls:
      net.core.somaxconn: \"512\"
    deploy:
      replicas: 2
      resources:
        limits:
          cpus: \"0.5\"
          memory: 128M
          pids: 50
        reservations:
          memory: \"1000\"
          devices:
          - driver: nvidia
            count: all
            capabilities:
            - gpu
";
    assert!(text.ends_with(wanted), "{text}");
}

#[test]
fn a_health_check_says_only_what_differs_from_the_images() {
    let image =
        json!({"Healthcheck": {"Test": ["CMD", "check"], "Interval": 5_000_000_000_u64, "Retries": 3}});
    let with = |check: Value| service_of(&json!({"Config": {"Healthcheck": check}}), &image);
    assert_eq!(with(json!({"Test": ["NONE"]})), "healthcheck:\n  disable: true\n");
    let other = json!({"Test": ["CMD-SHELL", "a || b"], "Interval": 90_000_000_000_u64, "Retries": 3});
    assert_eq!(with(other), "healthcheck:\n  test: a || b\n  interval: 1m30s\n");
}

#[test]
fn a_name_is_written_only_when_compose_would_not_give_it() {
    let named = |name: &str| service(&json!({"Name": name}));
    assert_eq!(named("/shop-app-1"), "");
    assert_eq!(named("/shop_app_1"), "");
    assert_eq!(named("/0123456789ab_shop-app-1"), "");
    assert_eq!(named("/boss"), "container_name: boss\n");
}

#[test]
fn one_off_runs_and_strangers_are_left_out() {
    let oneoff = json!({"Config": {"Labels": {"com.docker.compose.oneoff": "True"}}});
    let containers = vec![container("app", &json!({})), container("once", &oneoff)];
    assert!(!text(&seen(containers, &json!({}), Vec::new(), Vec::new())).contains("once"));
}

fn environment(service: &str, lines: &[&str]) -> Value {
    container(service, &json!({"Config": {"Env": lines}}))
}

fn files(containers: Vec<Value>) -> ProjectFiles {
    rebuild(&seen(containers, &json!({"Env": ["OF_IMAGE_TOKEN=public"]}), Vec::new(), Vec::new()))
}

#[test]
fn secrets_are_variables_whose_values_are_in_the_env_file() {
    let app = environment("app", &["DB_PASSWORD=pa$$ wo'rd", "OF_IMAGE_TOKEN=public", "EMPTY_TOKEN="]);
    let other = environment("other", &["DB_PASSWORD=pa$$ wo'rd", "API_TOKEN=one"]);
    let third = environment("third", &["API_TOKEN=two", "URL=pg://me:two@db/x"]);
    let files = files(vec![app, other, third]);
    let text = files.get("compose.yaml").unwrap();
    assert!(!text.contains("wo'rd") && !text.contains(":two@"), "{text}");
    let request = LoadRequest { project_name: Some("shop".into()), ..LoadRequest::default() };
    let project = load(&files, &request).project.unwrap();
    let value = |service: &str, name: &str| {
        let service = &project.services[&service.parse().unwrap()];
        service.environment.get(name).cloned().flatten()
    };
    assert_eq!(value("app", "DB_PASSWORD").as_deref(), Some("pa$$ wo'rd"));
    assert_eq!(value("other", "API_TOKEN").as_deref(), Some("one"));
    assert_eq!(value("third", "API_TOKEN").as_deref(), Some("two"));
    assert_eq!(value("third", "URL").as_deref(), Some("pg://me:two@db/x"));
    let names: Vec<String> = crate::settings::values(&files).into_keys().collect();
    assert_eq!(names, ["API_TOKEN", "DB_PASSWORD", "THIRD_API_TOKEN"]);
    assert!(text.contains("URL: pg://me:${THIRD_API_TOKEN}@db/x"), "{text}");
}

#[test]
fn a_variable_without_a_value_gets_none_from_the_env_file() {
    let files = files(vec![environment("app", &["API_TOKEN"]), environment("other", &["API_TOKEN=one"])]);
    let names: Vec<String> = crate::settings::values(&files).into_keys().collect();
    assert_eq!(names, ["OTHER_API_TOKEN"]);
}

#[test]
fn without_secrets_there_is_no_env_file() {
    let files = files(vec![environment("app", &["PORT=80"])]);
    assert_eq!(files.0.keys().collect::<Vec<_>>(), ["compose.yaml"]);
}

#[test]
fn the_text_says_that_it_is_rebuilt_and_what_was_built() {
    let image = json!({"Labels": {"com.docker.compose.service": "app"}});
    let files = rebuild(&seen(vec![container("app", &json!({}))], &image, Vec::new(), Vec::new()));
    let comments: Vec<&str> =
        files.get("compose.yaml").unwrap().lines().filter(|line| line.starts_with('#')).collect();
    assert!(comments[0].starts_with("# Rebuilt from what runs on the engine."));
    assert_eq!(comments.last(), Some(&"# Built from source that is not here: app."));
}

//! What loading promises of one file; `several_files.rs` says how files come together.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "support/growth.rs"]
mod growth;
#[path = "support/loading.rs"]
mod loading;

use std::collections::BTreeMap;

use composeyard_compose::{
    Diagnostic, LoadRequest, Loaded, Project, ProjectFiles, Severity, load, load::Skip,
};
use growth::growth;
use loading::{files, json, load_files};

fn loaded(text: &str) -> Loaded {
    load_files(&[("compose.yaml", text)], &["compose.yaml"])
}

fn project(text: &str) -> Project {
    let loaded = loaded(text);
    assert_eq!(shown(&loaded, text), "");
    loaded.project.unwrap()
}

/// One line a finding: code, path, the text it points at, message.
fn shown(loaded: &Loaded, text: &str) -> String {
    let line = |d: &Diagnostic| format!("{} {} {:?} {}", d.code, d.path, d.span.of(text), d.message);
    loaded.diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn findings(text: &str) -> String {
    shown(&loaded(text), text)
}

#[test]
fn short_forms_become_long_ones_with_defaults() {
    let project = project(
        "services:\n  app:\n    build: ./app\n    command: gunicorn 'app:app'\n    ports: ['127.0.0.1:8080:80/udp']\n    volumes: ['data:/data:ro', './src:/src']\n    environment: [A=1, B]\n    depends_on: [db]\n    mem_limit: 64m\n    healthcheck: {test: curl x, interval: 90s}\n  db:\n    image: redis\nvolumes: {data: }\n",
    );
    insta::assert_json_snapshot!(json(&project, "app"));
    assert_eq!(project.networks["default"].name, "shop_default");
    assert_eq!(project.volumes["data"].name, "shop_data");
}

#[test]
fn variables_come_from_the_request_then_dot_env() {
    let files = files(&[
        ("compose.yaml", "services:\n  app:\n    image: x:${TAG}\n    scale: ${N:-2}\n    hostname: ${H}\n"),
        (".env", "TAG=env\nH=env\n"),
    ]);
    let request = LoadRequest {
        environment: BTreeMap::from([("TAG".to_owned(), "given".to_owned())]),
        ..LoadRequest::default()
    };
    let project = load(&files, &request).project.unwrap();
    let app = &project.services[&"app".parse().unwrap()];
    assert_eq!((app.image.as_str(), app.scale, app.hostname.as_str()), ("x:given", Some(2), "env"));
}

#[test]
fn anchors_and_merge_keys_are_expanded() {
    let project = project(
        "x-base: &base\n  image: nginx\n  environment: {A: 1}\nservices:\n  a:\n    <<: *base\n    hostname: h\n  b:\n    <<: [*base]\n    image: redis\n",
    );
    assert_eq!(json(&project, "a")["image"], "nginx");
    assert_eq!(json(&project, "b")["image"], "redis");
    assert_eq!(json(&project, "b")["environment"]["A"], "1");
}

#[test]
fn an_empty_file_of_a_secret_is_the_project_folder() {
    let file = "services: {a: {image: a, secrets: [b]}}\nsecrets: {b: {file: ''}}\n";
    let loaded = load_files(&[("compose.yaml", file)], &["compose.yaml"]);
    assert_eq!(loaded.project.unwrap().secrets["b"].file, ".");
}

#[test]
fn an_empty_device_of_a_bound_volume_is_the_project_folder() {
    let device = |device: &str| {
        let options = format!("driver_opts: {{type: none, o: bind, device: {device}}}");
        let text = format!(
            "services:\n  app: {{image: redis, volumes: ['data:/data']}}\nvolumes:\n  data: {{driver: local, {options}}}\n"
        );
        project(&text).volumes["data"].driver_opts["device"].clone()
    };
    assert_eq!(["''", ".", "sub", "/srv"].map(device), [".", ".", "./sub", "/srv"]);
}

#[test]
fn a_service_is_moved_with_all_its_lines_also_those_behind_a_lone_carriage_return() {
    assert_eq!(moved("services:\ntest:\n    image: foo\n \r    command: x\n"), [10, 16, 33]);
}

#[test]
fn a_service_is_moved_behind_one_without_a_value_and_not_behind_a_key_without_its_colon() {
    assert_eq!(moved("services:\n  a:\ntest:\n  image: foo\n"), [15, 21]);
    assert_eq!(moved("services:\n  ? a\ntest:\n  image: foo\n"), [0; 0]);
}

/// Where the fix for a service at the top level puts blanks.
fn moved(text: &str) -> Vec<usize> {
    let found = loaded(text).diagnostics;
    let fixes = found.iter().filter(|finding| finding.code == "CY201").flat_map(|finding| &finding.fixes);
    fixes.flat_map(|fix| &fix.edits).map(|file_edit| file_edit.edit.span.start).collect()
}

#[test]
fn numbers_that_do_not_fit_are_cut_as_the_reference_cuts_them() {
    let file = "services: {a: {image: a, blkio_config: {weight: 99999999999999999999}, secrets: [{source: b, mode: -1}]}}\nsecrets: {b: {file: b}}\n";
    let app = json(&load_files(&[("compose.yaml", file)], &["compose.yaml"]).project.unwrap(), "a");
    assert_eq!((&app["blkio_config"]["weight"], &app["secrets"][0]["mode"]), (&0.into(), &"0-1".into()));
}

#[test]
fn the_old_external_form_takes_any_key_but_a_name_is_text() {
    let file =
        |external: &str| format!("services: {{a: {{image: a}}}}\nconfigs: {{b: {{external: {external}}}}}\n");
    let refused = |external: &str| {
        let loaded = load_files(&[("compose.yaml", &file(external))], &["compose.yaml"]);
        loaded.diagnostics.iter().any(|finding| finding.severity == Severity::Error)
    };
    assert!(refused("{name: 5}"));
    assert!(!refused("{name: c, other: 5}"));
}

#[test]
fn profiles_decide_which_services_are_active() {
    let text = "services:\n  app: {image: a}\n  tool: {image: b, profiles: [debug]}\n";
    let project = project(text);
    assert_eq!(project.services.len(), 1);
    assert_eq!(project.disabled_services.len(), 1);
}

#[test]
fn a_service_that_is_enabled_by_name_brings_its_profiles_and_leaves_the_others() {
    let text = "services:\n  app: {image: a}\n  tool: {image: b, profiles: [debug]}\n  \
                shell: {image: c, profiles: [debug]}\n  other: {image: d, profiles: [other]}\n";
    let files = files(&[("compose.yaml", text)]);
    let active = |enable: &[&str]| {
        let request = LoadRequest {
            files: vec!["compose.yaml".to_owned()],
            enable: enable.iter().map(|name| (*name).to_owned()).collect(),
            ..LoadRequest::default()
        };
        let project = load(&files, &request).project.unwrap();
        project.services.keys().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(active(&["tool"]), ["app", "shell", "tool"]);
    assert_eq!(active(&["app"]), ["app"]);
    assert_eq!(active(&["nobody"]), ["app"]);
}

#[test]
fn env_files_fill_the_environment_below_what_the_service_says() {
    let loaded = load_files(
        &[
            (
                "compose.yaml",
                "services:\n  app:\n    image: a\n    env_file: app.env\n    environment: {A: own}\n",
            ),
            ("app.env", "A=file\nB='x y'\n"),
        ],
        &["compose.yaml"],
    );
    assert_eq!(loaded.diagnostics, []);
    let app = json(&loaded.project.unwrap(), "app");
    assert_eq!(app["environment"], serde_json::json!({"A": "own", "B": "x y"}));
}

#[test]
fn every_fault_is_found_at_its_place() {
    let text = "services:
  app:
    image: x:${TAG}
    image: y
    ports: ['x:80', 8080]
    healthcheck: {interval: 5 minutes, test: [curl]}
    mem_limit: 12q
    depends_on: [dbs, app]
    networks: [frnt]
    volumes: ['data:/x', '/x']
    command: echo 'a
    hostname: [a]
  db:
    network_mode: host
    networks: [front]
  old: *nope
networks:
  front:
";
    insta::assert_snapshot!(findings(text));
}

#[test]
fn names_that_nothing_declares_come_with_fixes() {
    let text = "services:\n  app:\n    image: a\n    networks: [frnt]\n    depends_on: [dbs]\n    volumes: ['data:/d']\n  db: {image: b}\nnetworks:\n  front:\n";
    let loaded = loaded(text);
    let fixes: Vec<String> = loaded
        .diagnostics
        .iter()
        .flat_map(|finding| &finding.fixes)
        .map(|fix| {
            let edits: Vec<_> = fix.edits.iter().map(|edit| edit.edit.clone()).collect();
            format!("{}\n{}", fix.title, composeyard_yaml::edit::apply(text, &edits).unwrap())
        })
        .collect();
    insta::assert_snapshot!(fixes.join("---\n"));
    assert!(loaded.project.is_some(), "semantic faults leave a project to draw");
}

#[test]
fn broken_yaml_gives_no_project_and_one_clear_finding() {
    let text = "services:\n  app:\n\timage: x\n";
    let loaded = loaded(text);
    assert!(loaded.project.is_none());
    assert_eq!(shown(&loaded, text), "CY001  \"\\t\" a tab is used for indentation; use spaces instead");
}

/// So many services in a circle.
fn circle_of(services: usize) -> String {
    let mut text = "services:\n".to_owned();
    for n in 0..services {
        text.push_str(&format!(
            "  s{n}:\n    image: nginx:{n}\n    ports: ['{}:80']\n    environment:\n      A: ${{HOME:-x}}\n      B: b\n    depends_on: [s{}]\n    volumes: ['./a:/a', 'data:/d']\n    healthcheck: {{test: [CMD, x], interval: 5s}}\n    networks: [net]\n",
            10_000 + n,
            (n + services - 1) % services,
        ));
    }
    text.push_str("networks: {net: }\nvolumes: {data: }\n");
    text
}

#[test]
fn the_time_of_a_load_grows_with_the_number_of_services() {
    let load = |text: &str| assert_eq!(loaded(text).diagnostics.len(), 1, "only the cycle");
    let (small, large) = (circle_of(200), circle_of(1_000));
    let times = growth(10.0, || load(&small), || load(&large));
    assert!(times <= 10.0, "{times:.1} times the time for 5 times the services");
}

/// The codes of the errors of a load.
fn refusals(files: &[(&str, &str)]) -> Vec<String> {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let loaded = load(&ProjectFiles(files.collect()), &LoadRequest::default());
    let errors = loaded.diagnostics.into_iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.code).collect()
}

#[test]
fn a_base_that_is_no_mapping_cannot_be_extended() {
    let main = "services: {app: {image: a, extends: {file: base.yaml, service: base}}}";
    assert_eq!(refusals(&[("compose.yaml", main), ("base.yaml", "services: {base: text}")]), ["CY020"]);
    assert!(refusals(&[("compose.yaml", main), ("base.yaml", "services: {base: }")]).is_empty());
}

#[test]
fn names_in_raw_env_files_hold_no_blanks() {
    let main = "services: {app: {image: a, env_file: [{path: a.env, format: raw}]}}";
    assert_eq!(refusals(&[("compose.yaml", main), ("a.env", "# note\nA='x' $Y\nB: text\n")]), ["CY014"]);
    assert!(refusals(&[("compose.yaml", main), ("a.env", "# note\nA='x' $Y\nUNKNOWN\n")]).is_empty());
}

#[test]
fn unknown_keys_of_a_gpu_request_are_left_out_and_told_of() {
    let text = "services: {app: {image: a, gpus: [{driver: nvidia, drivr: x}]}}";
    assert!(refusals(&[("compose.yaml", text)]).is_empty());
    let files = ProjectFiles([("compose.yaml".to_owned(), text.to_owned())].into());
    let advice = composeyard_compose::check(&files, &LoadRequest::default()).diagnostics;
    assert!(advice.iter().any(|finding| finding.code == "CY201" && finding.severity == Severity::Warning));
}

#[test]
fn a_tag_that_yaml_does_not_know_makes_text() {
    assert_eq!(
        refusals(&[("compose.yaml", "services: {a: {image: a}}\nnetworks: {n: !override null}")]),
        ["CY020"]
    );
}

#[test]
fn a_name_that_no_resource_may_have_is_never_proposed() {
    let text = "services:\n  web:\n    image: nginx:1.27\n    networks: [front]\nnetworks:\n  fron{t:\n";
    let loaded = loaded(text);
    let undefined = loaded.diagnostics.iter().find(|finding| finding.code == "CY102").unwrap();
    assert!(undefined.fixes.iter().all(|fix| !fix.title.contains("fron{t")), "{undefined:?}");
}

#[test]
fn services_that_are_nothing_are_refused_wherever_they_stand() {
    let main = "services: {a: {image: a}}";
    assert_eq!(refusals(&[("compose.yaml", "name: x\nservices:\n")]), ["CY208"]);
    let loaded = load_files(&[("a.yaml", main), ("b.yaml", "services:\n")], &["a.yaml", "b.yaml"]);
    assert_eq!(loaded.diagnostics.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["CY020"]);
}

#[test]
fn what_reset_takes_away_may_have_any_name() {
    let text = "services: {a: {image: a, foo: !reset 5, blkio_config: {device_read_iops: [{path: /x, rate: 5, foo: !reset }]}}}";
    assert!(refusals(&[("compose.yaml", text)]).is_empty());
}

#[test]
fn ports_are_one_port_only_when_they_are_written_alike() {
    let ports = |list: &str| {
        let text = format!("services: {{a: {{image: a, ports: {list}}}}}");
        let project = loaded(&text).project.unwrap();
        project.services[&"a".parse().unwrap()].ports.len()
    };
    assert_eq!(ports("[{published: '80', target: 80}, '80:80/tcp']"), 1);
    assert_eq!(ports("[{published: 80, target: 80}, '80:80/tcp']"), 2);
    assert_eq!(ports("[{published: '', target: 80}, '80/tcp']"), 2);
}

#[test]
fn weights_of_disks_are_numbers_and_secrets_name_their_source() {
    let weight = |weight: &str| format!("services: {{a: {{image: a, blkio_config: {{weight: {weight}}}}}}}");
    assert_eq!(refusals(&[("compose.yaml", &weight("x"))]), ["CY020"]);
    assert_eq!(refusals(&[("compose.yaml", &weight("'5'"))]), ["CY020"]);
    assert!(refusals(&[("compose.yaml", &weight("300"))]).is_empty());
    let secret = "services: {a: {image: a, secrets: [s]}}\nsecrets: {s: {environment: '${NONE}'}}";
    assert_eq!(refusals(&[("compose.yaml", secret)]), ["CY121"]);
}

#[test]
fn a_watch_rule_may_hold_anything_below_exec_without_a_crash() {
    for exec in ["[a]", "text", "", "{command: a b}"] {
        let text = format!(
            "services: {{a: {{image: a, develop: {{watch: [{{action: sync+exec, path: ., target: /x, exec: {exec}}}]}}}}}}"
        );
        let loaded = loaded(&text);
        assert!(loaded.project.is_some() || !loaded.diagnostics.is_empty(), "{exec}");
    }
}

#[test]
fn a_name_that_leaves_nothing_is_no_reason_to_take_the_folders() {
    for name in ["'!!'", "${NONE}"] {
        assert_eq!(
            refusals(&[("compose.yaml", &format!("name: {name}\nservices: {{a: {{image: a}}}}"))]),
            ["CY030"],
            "{name}"
        );
    }
    assert!(refusals(&[("compose.yaml", "name: ''\nservices: {a: {image: a}}")]).is_empty());
    let long = format!("name: {}\nservices: {{a: {{image: a}}}}", "x".repeat(200));
    assert!(refusals(&[("compose.yaml", &long)]).is_empty());
}

#[test]
fn some_sizes_have_no_fraction() {
    let service = |keys: &str| format!("services: {{a: {{image: a, {keys}}}}}");
    for keys in ["mem_reservation: 1.5", "build: {context: ., shm_size: 1.5}"] {
        assert_eq!(refusals(&[("compose.yaml", &service(keys))]), ["CY023"], "{keys}");
    }
    assert!(refusals(&[("compose.yaml", &service("mem_reservation: 1.5g"))]).is_empty());
}

#[test]
fn limits_of_processes_are_whole_numbers() {
    for limit in ["1e3", "{soft: 5.0, hard: 5}"] {
        let text = format!("services: {{a: {{image: a, ulimits: {{core: {limit}}}}}}}");
        assert_eq!(refusals(&[("compose.yaml", &text)]), ["CY026"], "{limit}");
    }
    let limits = |text: &str| refusals(&[("compose.yaml", text)]);
    assert!(limits("services: {a: {image: a, ulimits: {core: '5'}}}").is_empty());
    assert_eq!(limits("services: {a: {build: {context: ., ulimits: {core: '5'}}}}"), ["CY020"]);
}

#[test]
fn a_tree_keeps_its_variables_and_what_cannot_be_read_because_of_them() {
    let text = "services: {a: {image: \"a:${TAG}\", ports: ['80:80', '${P}:81'], volumes: ['${V}:/v', './x:/x'], environment: [TAG, A=1], mem_limit: \"${MEM}\"}}";
    let request = LoadRequest {
        untyped: true,
        no_interpolate: true,
        environment: BTreeMap::from([("TAG".to_owned(), "1".to_owned())]),
        ..LoadRequest::default()
    };
    let loaded = load(&files(&[("compose.yaml", text)]), &request);
    assert_eq!(shown(&loaded, text), "");
    assert!(loaded.project.is_none());
    insta::assert_snapshot!(composeyard_compose::render::tree_yaml(&loaded).unwrap(), @r#"
    name: project
    networks:
      default:
        name: project_default
    services:
      a:
        environment:
          - TAG
          - A=1
        image: a:${TAG}
        mem_limit: ${MEM}
        networks:
          default: null
        ports:
          - 80:80
          - ${P}:81
        volumes:
          - source: ${V}
            target: /v
            type: volume
            volume: {}
          - bind:
              create_host_path: true
            source: ./x
            target: /x
            type: bind
    "#);
}

#[test]
fn names_of_variables_end_without_a_blank_in_lists() {
    let service = |keys: &str| format!("services: {{a: {{image: a, {keys}}}}}");
    for keys in [
        "environment: ['A =1']",
        "build: {context: ., args: ['A =1']}",
        "post_start: [{command: x, environment: ['A ']}]",
    ] {
        assert_eq!(refusals(&[("compose.yaml", &service(keys))]), ["CY029"], "{keys}");
    }
    for keys in ["environment: {'A ': 1}", "labels: ['A =1']", "build: {context: ., args: ['A ']}"] {
        assert!(refusals(&[("compose.yaml", &service(keys))]).is_empty(), "{keys}");
    }
}

#[test]
fn requests_for_devices_take_pairs_and_whole_counts() {
    let devices = |request: &str| {
        format!(
            "services: {{a: {{image: a, deploy: {{resources: {{reservations: {{devices: [{request}]}}}}}}}}}}"
        )
    };
    let project = project(&devices("{capabilities: [gpu], options: [a=b, c]}"));
    let request = &json(&project, "a")["deploy"]["resources"]["reservations"]["devices"][0];
    assert_eq!(request["options"], serde_json::json!({"a": "b", "c": ""}));
    assert_eq!(refusals(&[("compose.yaml", &devices("{capabilities: [gpu], count: 1e3}"))]), ["CY026"]);
    let kinds = "services: {a: {image: a, deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: k, value: 1.5}}]}}}}}";
    let spec = &json(&loaded(kinds).project.unwrap(), "a")["deploy"]["resources"]["reservations"]["generic_resources"]
        [0];
    assert_eq!(spec["discrete_resource_spec"]["value"], 1);
}

#[test]
fn a_service_whose_profile_is_empty_is_active_by_default() {
    let text = "services: {a: {image: a, profiles: ['', debug]}, b: {image: b, profiles: [debug]}}";
    let active = |profiles: &[&str]| {
        let request = LoadRequest {
            profiles: profiles.iter().map(|profile| (*profile).to_owned()).collect(),
            ..LoadRequest::default()
        };
        load(&files(&[("compose.yaml", text)]), &request).project.unwrap().services.len()
    };
    assert_eq!(active(&[]), 1);
    assert_eq!(active(&["other"]), 0);
    assert_eq!(active(&["debug"]), 2);
}

#[test]
fn a_service_whose_network_is_joined_has_to_run() {
    let joins = |target: &str, depends: &str| {
        format!(
            "services:\n  app:\n    image: a\n    network_mode: service:{target}\n{depends}  vpn: {{image: v, profiles: [vpn]}}\n"
        )
    };
    let optional = "    depends_on: {vpn: {condition: service_started, required: false}}\n";
    assert_eq!(
        findings(&joins("vpn", optional)),
        "CY108 services.app.network_mode \"vpn\" service \"app\" joins the network of vpn, which no active profile enables"
    );
    assert_eq!(findings(&joins("vpn", "")).lines().count(), 1);
    assert_eq!(findings(&joins("none", "")).lines().count(), 1);
    let request = |skip| LoadRequest { skip, ..LoadRequest::default() };
    let unnormalized = request(Skip { normalize: true, ..Skip::default() });
    let codes = |target: &str| {
        let loaded = load(&files(&[("compose.yaml", &joins(target, ""))]), &unnormalized);
        loaded.diagnostics.into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!((codes("vpn"), codes("none")), (vec!["CY108".into()], vec!["CY101".into()]));
}

#[test]
fn what_says_that_it_is_external_keeps_its_name_where_nothing_is_cast() {
    let name = |external: &str| {
        let text = format!(
            "services: {{a: {{image: a, networks: [n]}}}}\nnetworks: {{n: {{external: '{external}'}}}}\n"
        );
        let request = LoadRequest { untyped: true, no_interpolate: true, ..LoadRequest::default() };
        let loaded = load(&files(&[("compose.yaml", &text)]), &request);
        let tree = composeyard_compose::render::tree_json(&loaded).unwrap();
        serde_json::from_str::<serde_json::Value>(&tree).unwrap()["networks"]["n"]["name"].clone()
    };
    assert_eq!((name("true"), name("false")), ("n".into(), "project_n".into()));
}

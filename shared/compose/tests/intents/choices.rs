//! What is refused, and the choices that come with it; each of them works.

use composeyard_compose::{
    LoadRequest,
    edit::{Approach, Intent, plan, plan_all},
    load,
};
use composeyard_yaml::edit::{Path, Value};
use insta::assert_snapshot;

use crate::support::{choices, project, service, text};

const ANCHORS: &str = "\
x-base: &base
  image: nginx # shared
  environment: &env
    A: b
    C: d
services:
  a:
    <<: *base
  b:
    image: y
    environment: *env
  c:
    <<: *base
    user: root
";

const EXTENDS: &str = "\
services:
  base:
    image: x:1
    environment: {A: b}
  web:
    extends: base
    user: me
  job:
    extends: {service: base}
    command: run
";

fn one(source: &str, intent: &Intent) -> String {
    choices(&[("compose.yaml", source)], intent)
}

#[test]
fn a_value_from_an_anchor_can_be_written_here_or_changed_for_all() {
    let image = Intent::SetImage { service: service("a"), image: text("new") };
    assert_snapshot!(one(ANCHORS, &image), @r"
    compose.yaml: services.a.image comes from &base; change it there, or write it here without *base
    [Write it here, on top]
    +    image: new
    [Change it in &base, at x-base.image; this also changes c]
    -  image: nginx # shared
    +  image: new # shared
    ");
    let variable =
        |name| Intent::SetEnvironment { service: service(name), name: text("A"), value: Some(text("z")) };
    assert_snapshot!(one(ANCHORS, &variable("a")), @r"
    compose.yaml: services.a.environment.A comes from &base; change it there, or write it here without *base
    [Write it here, on top]
    +    environment:
    +      A: z
    +      C: d
    [Change it in &base, at x-base.environment.A; this also changes b and c]
    -    A: b
    +    A: z
    ");
    assert_snapshot!(one(ANCHORS, &variable("b")), @r"
    compose.yaml: services.b.environment.A comes from &env; change it there, or write it here without *env
    [Write it here, on top]
    -    environment: *env
    +    environment:
    +      A: z
    +      C: d
    [Change it in &env, at x-base.environment.A; this also changes a and c]
    -    A: b
    +    A: z
    ");
    let gone = Intent::UnsetKey { path: Path::of(["services", "a", "image"]) };
    assert_snapshot!(one(ANCHORS, &gone), @r"
    compose.yaml: services.a.image comes from &base; change it there, or write it here without *base
    [Change it in &base, at x-base.image; this also changes c]
    -  image: nginx # shared
    ");
}

#[test]
fn a_value_through_extends_can_be_written_here_or_changed_for_all() {
    let image = Intent::SetImage { service: service("web"), image: text("x:2") };
    assert_snapshot!(one(EXTENDS, &image), @r"
    services.web.image comes from base in compose.yaml through extends
    [Write it here, on top]
    +    image: x:2
    [Change image of base in compose.yaml; this also changes base and job]
    -    image: x:1
    +    image: x:2
    ");
    let gone = Intent::RemoveEnvironment { service: service("web"), name: text("A") };
    assert_snapshot!(one(EXTENDS, &gone), @r"
    services.web.environment.A comes from base in compose.yaml through extends
    [Take it away here with !reset]
    +    environment:
    +      A: !reset null
    [Remove it from base; this also changes base and job]
    -    environment: {A: b}
    ");
    let files = [
        ("compose.yaml", "services:\n  web:\n    extends: {file: common.yaml, service: base}\n"),
        ("common.yaml", "services:\n  base:\n    image: x\n    restart: always\n"),
    ];
    let restart = Intent::SetKey { path: Path::of(["services", "web", "restart"]), value: Value::text("no") };
    assert_snapshot!(choices(&files, &restart), @r#"
    services.web.restart comes from base in common.yaml through extends
    [Write it here, on top]
    compose.yaml
    +    restart: "no"
    [Change restart of base in common.yaml]
    common.yaml
    -    restart: always
    +    restart: "no"
    "#);
}

#[test]
fn a_service_that_others_extend_goes_only_with_a_decision() {
    assert_snapshot!(one(EXTENDS, &Intent::RemoveService { name: service("base") }), @r"
    web and job cannot be built without base, because of extends
    [Copy base into web and job, then remove it]
    -  base:
    -    image: x:1
    -    environment: {A: b}
    -    extends: base
    +    image: x:1
    +    environment:
    +      A: b
    -    extends: {service: base}
    +    image: x:1
    +    environment:
    +      A: b
    [Remove web and job too]
    -services:
    -  base:
    -    image: x:1
    -    environment: {A: b}
    -  web:
    -    extends: base
    -    user: me
    -  job:
    -    extends: {service: base}
    -    command: run
    +services: {}
    [Remove only extends from web and job]
    -  base:
    -    image: x:1
    -    environment: {A: b}
    -    extends: base
    -    extends: {service: base}
    ");
}

#[test]
fn a_tag_behind_a_digest_or_a_variable_is_a_decision() {
    let tag = Intent::SetImageTag { service: service("a"), tag: text("1.28") };
    let image = |image: &str| format!("services:\n  a:\n    image: {image} # pinned\n");
    assert_snapshot!(one(&image("nginx@sha256:00"), &tag), @r"
    services.a.image is pinned to a digest, which a tag does not change
    [Use the tag 1.28 instead of the digest]
    -    image: nginx@sha256:00 # pinned
    +    image: nginx:1.28 # pinned
    ");
    assert_snapshot!(one(&image("nginx:${TAG:-1.27}"), &tag), @r"
    the tag of services.a.image comes from the variable TAG
    [Make 1.28 the default of TAG]
    -    image: nginx:${TAG:-1.27} # pinned
    +    image: nginx:${TAG:-1.28} # pinned
    [Write 1.28 instead of the variable]
    -    image: nginx:${TAG:-1.27} # pinned
    +    image: nginx:1.28 # pinned
    ");
    assert_snapshot!(one(&image("${IMAGE}"), &tag), @"services.a.image is made of variables; change it as text");
}

#[test]
fn network_mode_gives_way_to_a_network_when_told() {
    let attach = Intent::AttachNetwork { service: service("a"), network: text("back") };
    assert_snapshot!(one("services:\n  a:\n    image: x\n    network_mode: host\n", &attach), @r"
    a has network_mode: host, which excludes networks
    [Join back instead]
    -    network_mode: host
    +    networks:
    +      - back
    +
    +networks:
    +  back:
    ");
}

#[test]
fn what_is_taken_away_with_reset_is_gone_there_and_nowhere_else() {
    let without = |key: &[&str]| {
        let gone = Intent::UnsetKey { path: Path::of([&["services", "web"], key].concat()) };
        let (files, names) = project(&[("compose.yaml", EXTENDS)]);
        let refusal = plan(&files, &names, &gone).unwrap_err();
        let here = refusal.choices.iter().find(|choice| choice.approach == Approach::Here).unwrap();
        let after = plan_all(&files, &names, &here.intents, here.approach).unwrap().applied_to(&files);
        load(&after, &LoadRequest::default()).project.unwrap().services
    };
    let services = without(&["image"]);
    assert_eq!(services[&service("web")].image, "");
    assert_eq!(services[&service("job")].image, "x:1");
    let services = without(&["environment", "A"]);
    assert!(services[&service("web")].environment.is_empty());
    assert_eq!(services[&service("base")].environment.len(), 1);
}

#[test]
fn a_list_offers_no_reset_of_one_item() {
    let source = EXTENDS.replace("user: me", "environment: [B=c]");
    let gone = Intent::RemoveEnvironment { service: service("web"), name: text("A") };
    assert_snapshot!(one(&source, &gone), @r"
    services.web.environment.A comes from base in compose.yaml through extends
    [Remove it from base; this also changes base and job]
    -    environment: {A: b}
    ");
}

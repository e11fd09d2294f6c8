//! The planner against the corpus of reference plans, when `COMPOSEYARD_CORPUS` names its folder.

use std::path::PathBuf;

use composeyard_compose::model::MountType;
use serde_json::{Value, json};

use super::*;
use crate::{Recreate, draft::Draft, networks, order, volumes};

fn vectors(category: &str) -> Vec<Value> {
    let Some(folder) = std::env::var_os("COMPOSEYARD_CORPUS") else {
        println!("skipped: COMPOSEYARD_CORPUS is not set");
        return Vec::new();
    };
    let path = PathBuf::from(folder).join("vectors").join(format!("{category}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn plans_equal_the_reference_up_to_renumbering() {
    let mut wrong = Vec::new();
    for case in vectors("plan") {
        if let Err(difference) = check(&case) {
            wrong.push(format!("{} {}: {difference}", case["id"], case["test"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn services_are_visited_in_the_reference_order() {
    for case in vectors("order") {
        let dependencies: order::Dependencies = case["depends_on"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, needs)| (name(key), texts(needs).iter().map(|need| name(need)).collect()))
            .collect();
        if let Some(expected) = case.get("expected") {
            let order = match case["direction"].as_str() {
                Some("down") => order::downwards(&dependencies),
                _ => order::upwards(&dependencies),
            };
            assert_eq!(json!(order), *expected, "{}", case["id"]);
        }
        if let Some(expected) = case.get("expected_set") {
            let selected: Vec<_> = texts(&case["selected"]).iter().map(|key| name(key)).collect();
            assert_eq!(json!(order::with_dependents(&dependencies, &selected)), *expected, "{}", case["id"]);
        }
    }
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn check(case: &Value) -> Result<(), String> {
    let project = wanted(&case["project"]);
    let observed = existing(&case["observed"], &project);
    let plan = create_stage(case, &project, &observed);
    let lines = lines(&plan, &project, &observed);
    let ours: Vec<(String, String)> = lines.iter().map(|line| (line.what.clone(), String::new())).collect();
    let ours_text = lines.iter().map(|line| format!("{line:?}")).collect::<Vec<_>>().join("\n  ");
    for part in texts(&case["plan_contains"]) {
        if !ours.iter().any(|(what, _)| *what == part) {
            return Err(format!("no {part} in\n  {ours_text}"));
        }
    }
    for part in texts(&case["plan_not_contains"]) {
        if ours.iter().any(|(what, _)| *what == part) {
            return Err(format!("{part} in\n  {ours_text}"));
        }
    }
    for (part, count) in case["plan_count"].as_object().into_iter().flatten() {
        let found = ours.iter().filter(|(what, _)| what == part).count();
        if Some(found as u64) != count.as_u64() {
            return Err(format!("{found} times {part}, not {count}"));
        }
    }
    if let Some(warned) = case["warns_about"].as_str()
        && !plan.warnings.iter().any(|warning| warning.contains(warned))
    {
        return Err(format!("no warning about {warned}: {:?}", plan.warnings));
    }
    let Some(expected) = case.get("expected_plan") else { return Ok(()) };
    let expected: Vec<Line> = texts(expected).iter().map(|line| parse(line)).collect();
    if shapes(&lines) == shapes(&expected) {
        Ok(())
    } else {
        Err(format!("expected {expected:#?}\nfound\n  {ours_text}"))
    }
}

fn create_stage(case: &Value, project: &Project, observed: &Observed) -> Plan {
    let policy = |key: &str| match case["options"][key].as_str() {
        Some("force") => Recreate::Force,
        Some("never") => Recreate::Never,
        _ => Recreate::Diverged,
    };
    let mut answers = texts(&case["prompt_answers"]).into_iter();
    let diverged = project.volumes.iter().filter(|(_, volume)| {
        let stale = |live: &ObservedVolume| live.config_hash.as_deref() == Some("stale");
        !volume.external && observed.volumes.iter().any(|live| live.name == volume.name && stale(live))
    });
    let options = UpOptions {
        services: texts(&case["options"]["services"]).iter().map(|key| name(key)).collect(),
        recreate: policy("recreate"),
        recreate_dependencies: policy("recreate_deps"),
        remove_orphans: case["options"]["remove_orphans"].as_bool().unwrap_or(false),
        recreate_volumes: diverged
            .filter(|_| answers.next().as_deref() == Some("yes"))
            .map(|(key, _)| key.clone())
            .collect(),
        ..Default::default()
    };
    let mut draft = Draft::new(project, observed);
    networks::plan(&mut draft, |_| true).unwrap();
    volumes::plan(&mut draft, &options.recreate_volumes, |_| true).unwrap();
    let order = order::upwards(&order::dependencies(project));
    crate::up::reconcile(&mut draft, &order, &options, None).unwrap();
    draft.finish()
}

/// The vector's short forms as a canonical project.
fn wanted(value: &Value) -> Project {
    let mut value = value.clone();
    if value["services"].is_null() {
        value["services"] = json!({});
    }
    for service in value["services"].as_object_mut().unwrap().values_mut() {
        let networks: serde_json::Map<_, _> =
            texts(&service["networks"]).into_iter().map(|key| (key, Value::Null)).collect();
        let mounts: Vec<Value> = texts(&service["volumes"])
            .into_iter()
            .map(|key| json!({"type": MountType::Volume, "source": key, "target": "/data"}))
            .collect();
        service["networks"] = json!(networks);
        service["volumes"] = json!(mounts);
    }
    let mut wanted = project(value.clone());
    wanted.name = serde_json::from_value(value["name"].clone()).unwrap();
    wanted
}

fn existing(value: &Value, project: &Project) -> Observed {
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let hash = |value: &Value, fresh: String| match value["config"].as_str() {
        Some("match") => Some(fresh),
        Some("stale") => Some("stale".to_owned()),
        _ => None,
    };
    let mut observed = Observed { images: all_running(project).images, ..Default::default() };
    for (service, containers) in value["containers"].as_object().into_iter().flatten() {
        for entry in containers.as_array().into_iter().flatten() {
            let joined = entry["networks"].as_object().into_iter().flatten();
            observed.containers.push(ObservedContainer {
                id: text(entry, "id"),
                name: entry["name"]
                    .as_str()
                    .map_or_else(|| format!("{}-{service}-{}", project.name, entry["number"]), str::to_owned),
                service: service.clone(),
                number: entry["number"].as_u64().unwrap_or(1) as u32,
                state: serde_json::from_value(entry["state"].clone()).unwrap_or(ContainerState::Running),
                image_id: IMAGE.to_owned(),
                networks: joined.clone().map(|(key, _)| key.clone()).collect(),
                network_ids: joined.filter_map(|(_, id)| id.as_str().map(str::to_owned)).collect(),
                volumes: texts(&entry["volumes"]),
                ..Default::default()
            });
        }
    }
    let entries = value["containers"]
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(_, list)| list.as_array().into_iter().flatten().cloned().collect::<Vec<_>>());
    for (at, entry) in entries.enumerate() {
        let service = project.services.get(&name(&observed.containers[at].service));
        let fresh = service.map(|service| hashes::wanted(service, &observed)).unwrap_or_default();
        observed.containers[at].config_hash = hash(&entry, fresh);
    }
    for (key, entries) in value["networks"].as_object().into_iter().flatten() {
        for entry in entries.as_array().into_iter().flatten() {
            observed.networks.push(ObservedNetwork {
                id: text(entry, "id"),
                name: text(entry, "name"),
                key: key.clone(),
                project: project.name.to_string(),
                config_hash: hash(
                    entry,
                    project.networks.get(key).map(render::network_hash).unwrap_or_default(),
                ),
            });
        }
    }
    for (key, entries) in value["volumes"].as_object().into_iter().flatten() {
        for entry in entries.as_array().into_iter().flatten() {
            observed.volumes.push(ObservedVolume {
                name: text(entry, "name"),
                key: key.clone(),
                project: project.name.to_string(),
                config_hash: hash(
                    entry,
                    project.volumes.get(key).map(render::volume_hash).unwrap_or_default(),
                ),
                ..Default::default()
            });
        }
    }
    // The reference looks for external resources before it plans.
    for volume in project.volumes.values().filter(|volume| volume.external) {
        observed.volumes.push(ObservedVolume { name: volume.name.clone(), ..Default::default() });
    }
    for network in project.networks.values().filter(|network| network.external) {
        observed.networks.push(ObservedNetwork { name: network.name.clone(), ..Default::default() });
    }
    observed
}

#[derive(Debug)]
struct Line {
    id: u32,
    after: Vec<u32>,
    what: String,
    group: String,
}

/// `[1,5] -> #7 service:web:1, RemoveContainer, cause [group]`
fn parse(line: &str) -> Line {
    let (after, rest) = line.split_once(" -> #").unwrap();
    let (id, rest) = rest.split_once(' ').unwrap();
    let mut parts = rest.splitn(3, ", ");
    let what = format!("{}, {}", parts.next().unwrap(), parts.next().unwrap());
    let cause = parts.next().unwrap_or_default();
    let group = cause.rsplit_once(" [").map_or("", |(_, group)| group.trim_end_matches(']'));
    Line {
        id: id.parse().unwrap(),
        after: after.trim_matches(['[', ']']).split(',').filter_map(|id| id.trim().parse().ok()).collect(),
        what,
        group: group.to_owned(),
    }
}

fn lines(plan: &Plan, project: &Project, observed: &Observed) -> Vec<Line> {
    plan.steps
        .iter()
        .map(|step| {
            let resource = match &step.target {
                Target::Container { service, number } if project.services.contains_key(&name(service)) => {
                    format!("service:{service}:{number}")
                }
                Target::Container { service, number } => {
                    let same = |c: &&ObservedContainer| c.service == *service && c.number == *number;
                    format!("orphan:{}", observed.containers.iter().find(same).unwrap().name)
                }
                Target::Network(key) => format!("network:{key}"),
                Target::Volume(key) => format!("volume:{key}"),
                Target::Image(image) => format!("image:{image}"),
            };
            let debug = format!("{:?}", step.action);
            let operation = debug.split([' ', '{']).next().unwrap();
            Line {
                id: step.id.0,
                after: step.after.iter().map(|id| id.0).collect(),
                what: format!("{resource}, {operation}"),
                group: step.group.clone(),
            }
        })
        .collect()
}

/// Each step as what it is and what it waits for, all the way down: equal for equal graphs, whatever the numbers.
fn shapes(lines: &[Line]) -> Vec<String> {
    fn shape(lines: &[Line], line: &Line) -> String {
        let find = |id: &u32| lines.iter().find(|line| line.id == *id).unwrap();
        let mut after: Vec<String> = line.after.iter().map(|id| shape(lines, find(id))).collect();
        after.sort();
        format!("{} [{}] <- ({})", line.what, line.group, after.join(" + "))
    }
    let mut shapes: Vec<String> = lines.iter().map(|line| shape(lines, line)).collect();
    shapes.sort();
    shapes
}

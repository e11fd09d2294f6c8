//! The intents to try on a project, and what each means for the canonical model.

use composeyard_compose::{
    ServiceName,
    edit::{Intent, Resource},
    model::Condition,
};
use composeyard_yaml::edit::{Path, Value as Written, looks_typed};
use serde_json::{Map, Value, json};

type Meant = Box<dyn Fn(&mut Value)>;

/// One intent with what is known of it.
pub(crate) struct Case {
    pub(crate) intent: Intent,
    /// What it does to the model, if that is simple to say.
    pub(crate) meant: Option<Meant>,
    /// It removes nothing, so no comment may go.
    pub(crate) keeps_comments: bool,
    /// Doing it again changes nothing.
    pub(crate) settles: bool,
    /// Gives the bytes from before.
    pub(crate) back: Option<Intent>,
}

impl Case {
    fn new(intent: Intent) -> Self {
        Self { intent, meant: None, keeps_comments: true, settles: false, back: None }
    }

    fn means(mut self, meant: impl Fn(&mut Value) + 'static) -> Self {
        self.meant = Some(Box::new(meant));
        self
    }

    const fn settles(mut self) -> Self {
        self.settles = true;
        self
    }

    fn back(mut self, back: Intent) -> Self {
        self.back = Some(back);
        self
    }

    const fn removes(mut self) -> Self {
        self.keeps_comments = false;
        self
    }

    pub(crate) fn without_back(mut self) -> Self {
        self.back = None;
        self
    }

    pub(crate) fn without_meaning(mut self) -> Self {
        self.meant = None;
        self
    }
}

/// The same up to what follows from other things: the default network, empty and absent collections, and `scale` and
/// `deploy.replicas` being one thing.
pub(crate) fn comparable(mut model: Value) -> Value {
    if let Some(services) = model["services"].as_object_mut() {
        for service in services.values_mut() {
            if let Some(networks) = service["networks"].as_object_mut() {
                networks.remove("default");
                // An empty one is kept: being on a network is the point.
                networks.values_mut().filter(|it| it.is_null()).for_each(|it| *it = json!("joined"));
            }
            let scale = service.get("scale").cloned().filter(|it| !it.is_null());
            let replicas = scale.or_else(|| service.pointer("/deploy/replicas").cloned());
            service["scale"] = replicas.unwrap_or(json!(1));
            if let Some(deploy) = service["deploy"].as_object_mut() {
                deploy.remove("replicas");
            }
        }
    }
    if let Some(networks) = model["networks"].as_object_mut() {
        networks.remove("default");
    }
    prune(&mut model);
    model
}

fn prune(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(prune);
            map.retain(|_, value| match value {
                Value::Null => false,
                Value::Object(map) => !map.is_empty(),
                Value::Array(items) => !items.is_empty(),
                _ => true,
            });
        }
        Value::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// A place in the model, made when it is missing.
fn at<'v>(model: &'v mut Value, keys: &[&str]) -> &'v mut Value {
    keys.iter().fold(model, |value, key| {
        if !value.is_object() {
            *value = Value::Object(Map::new());
        }
        &mut value[*key]
    })
}

fn push(list: &mut Value, item: Value) {
    match list {
        Value::Array(items) => items.push(item),
        other => *other = json!([item]),
    }
}

/// Everything to try. `all` when the file is known to hold nothing odd, so that removals can be compared too.
pub(crate) fn cases(model: &Value, all: bool) -> Vec<Case> {
    let mut found = of_project(model);
    for (name, service) in model["services"].as_object().into_iter().flatten() {
        let Ok(name) = ServiceName::new(name.as_str()) else { continue };
        let of_it = [of_service(&name, service), of_keys(&name, service), of_entries(&name, service, all)];
        // A service that was written as nothing at all is `{}` once a key came and went.
        let bare = service["image"].is_null() && service["build"].is_null();
        let cases = of_it.into_iter().flatten();
        found.extend(cases.map(|case| if bare { case.without_back() } else { case }));
        found.extend(renames(&name, all));
    }
    found
}

fn of_project(model: &Value) -> Vec<Case> {
    let mut found = vec![Case::new(Intent::AddService {
        name: ServiceName::new("cy-new").unwrap(),
        image: text("new/image:1"),
    })];
    for resource in Resource::ALL {
        let section = resource.section();
        let declared = model[section].as_object().into_iter().flatten().map(|(name, _)| name);
        for name in declared.filter(|name| *name != "default") {
            let rename =
                |from: &str, to: &str| Intent::RenameResource { resource, from: text(from), to: text(to) };
            found.push(Case::new(rename(name, "cy-renamed")).back(rename("cy-renamed", name)));
            found.push(Case::new(Intent::RemoveResource { resource, name: name.clone() }).removes());
        }
        let add = Intent::AddResource { resource, name: text("cy-added"), source: None };
        found.push(Case::new(add).means(move |model| {
            let declared = match resource {
                Resource::Network => json!({"name": "p_cy-added", "ipam": {}}),
                Resource::Volume => json!({"name": "p_cy-added"}),
                Resource::Secret | Resource::Config => {
                    json!({"name": "p_cy-added", "file": "./cy-added.txt"})
                }
                // The canonical form has only the models that a service uses.
                Resource::Model => return,
            };
            *at(model, &[section, "cy-added"]) = declared;
        }));
    }
    found
}

fn renames(name: &ServiceName, all: bool) -> Vec<Case> {
    let rename =
        |from: &ServiceName, to: &ServiceName| Intent::RenameService { from: from.clone(), to: to.clone() };
    let new = ServiceName::new("cy-renamed").unwrap();
    let there = Case::new(rename(name, &new));
    // Such a name comes back in quotes.
    let there = if looks_typed(name.as_str()) { there } else { there.back(rename(&new, name)) };
    let from = name.to_string();
    let meant = move |model: &mut Value| {
        let written = model.to_string().replace(&from, "cy-renamed");
        *model = serde_json::from_str(&written).unwrap();
    };
    vec![
        if all { there.means(meant) } else { there },
        Case::new(Intent::RemoveService { name: name.clone() }).removes(),
    ]
}

fn of_service(name: &ServiceName, service: &Value) -> Vec<Case> {
    let key = name.to_string();
    let new = || ServiceName::new("cy-new").unwrap();
    let of = move |path: &'static [&'static str], value: Value| {
        let key = key.clone();
        move |model: &mut Value| {
            let keys: Vec<&str> = ["services", key.as_str()].iter().chain(path).copied().collect();
            *at(model, &keys) = value.clone();
        }
    };
    let key = name.to_string();
    let pushed = move |list: &'static str, item: Value| {
        let key = key.clone();
        move |model: &mut Value| push(at(model, &["services", &key, list]), item.clone())
    };
    let port = json!({"mode": "ingress", "target": 64998, "published": "64999", "protocol": "tcp"});
    let key = name.to_string();
    let mut found = vec![
        Case::new(Intent::SetImage { service: name.clone(), image: text("new/image:1") })
            .means(of(&["image"], json!("new/image:1")))
            .settles(),
        Case::new(Intent::SetEnvironment {
            service: name.clone(),
            name: text("CY_NEW"),
            value: Some(text("a: b")),
        })
        .means(of(&["environment", "CY_NEW"], json!("a: b")))
        .settles()
        .back(Intent::RemoveEnvironment { service: name.clone(), name: text("CY_NEW") }),
        Case::new(Intent::SetReplicas { service: name.clone(), replicas: 3 })
            .means(of(&["scale"], json!(3)))
            .settles(),
        Case::new(Intent::Connect {
            service: name.clone(),
            dependency: new(),
            condition: Condition::ServiceHealthy,
        })
        .settles(),
        Case::new(Intent::AddPort { service: name.clone(), port: text("64999:64998") })
            .means(pushed("ports", port)),
        Case::new(Intent::AttachNetwork { service: name.clone(), network: text("cy-net") })
            .means(move |model| {
                *at(model, &["services", &key, "networks", "cy-net"]) = Value::Null;
                *at(model, &["networks", "cy-net"]) = json!({"name": "p_cy-net", "ipam": {}});
            })
            .settles(),
    ];
    let volume = json!({"type": "volume", "source": "cy-vol", "target": "/cy", "volume": {}});
    let mounted = pushed("volumes", volume);
    let attach = Intent::AttachVolume { service: name.clone(), volume: text("cy-vol"), target: text("/cy") };
    found.push(
        Case::new(attach)
            .means(move |model| {
                mounted(model);
                *at(model, &["volumes", "cy-vol"]) = json!({"name": "p_cy-vol"});
            })
            .settles(),
    );
    let secret = pushed("secrets", json!({"source": "cy-sec", "target": "/x"}));
    let attach =
        Intent::AttachSecret { service: name.clone(), secret: text("cy-sec"), target: Some(text("/x")) };
    found.push(
        Case::new(attach)
            .means(move |model| {
                secret(model);
                *at(model, &["secrets", "cy-sec"]) = json!({"name": "p_cy-sec", "file": "./cy-sec.txt"});
            })
            .settles(),
    );
    if service["image"].as_str().is_some_and(|image| !image.contains(['@', '$'])) {
        found.push(Case::new(Intent::SetImageTag { service: name.clone(), tag: text("cy1") }).settles());
    }
    found
}

fn of_keys(name: &ServiceName, service: &Value) -> Vec<Case> {
    let mut found = Vec::new();
    let mut set = |keys: &[&str], value: Written, means: Value| {
        let path = Path::of(["services", name.as_str()].iter().chain(keys).copied());
        let pointer: String = keys.iter().map(|key| format!("/{key}")).collect();
        let steps: Vec<String> = [text("services"), name.to_string()]
            .into_iter()
            .chain(keys.iter().map(|key| text(key)))
            .collect();
        let mut case = Case::new(Intent::SetKey { path: path.clone(), value })
            .means(move |model| {
                let keys: Vec<&str> = steps.iter().map(String::as_str).collect();
                *at(model, &keys) = means.clone();
            })
            .settles();
        if service.pointer(&pointer).is_none_or(Value::is_null)
            && service.get(keys[0]).is_none_or(Value::is_null)
        {
            case = case.back(Intent::UnsetKey { path });
        }
        found.push(case);
    };
    set(&["healthcheck", "retries"], Written::Typed(text("7")), json!(7));
    set(&["restart"], Written::text("no"), json!("no"));
    set(&["init"], Written::Typed(text("true")), json!(true));
    set(&["labels", "cy"], Written::text("ключ # x"), json!("ключ # x"));
    set(&["deploy", "resources", "limits", "memory"], Written::text("64M"), json!("67108864"));
    set(&["command"], Written::typed_in(r#"["a b", 'c']"#), json!(["a b", "c"]));
    set(&["stop_signal"], Written::text("SIGTERM"), json!("SIGTERM"));
    if service["build"].is_object() {
        set(&["build", "target"], Written::text("dev"), json!("dev"));
    }
    for network in service["networks"].as_object().into_iter().flatten().map(|(name, _)| name) {
        if network != "default" {
            set(&["networks", network, "priority"], Written::Typed(text("5")), json!(5));
        }
    }
    for key in ["restart", "user", "command", "healthcheck", "stop_signal", "hostname", "labels"] {
        if !service.get(key).is_none_or(Value::is_null) {
            let (path, owner) = (Path::of(["services", name.as_str(), key]), name.to_string());
            let meant = move |model: &mut Value| *at(model, &["services", &owner, key]) = Value::Null;
            found.push(Case::new(Intent::UnsetKey { path }).means(meant).removes());
        }
    }
    found
}

fn of_entries(name: &ServiceName, service: &Value, all: bool) -> Vec<Case> {
    let mut found = Vec::new();
    let keys = |key: &str| -> Vec<String> {
        service[key].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    let gone = |section: &'static str, entry: String| {
        let owner = name.to_string();
        move |model: &mut Value| {
            if let Some(map) = at(model, &["services", &owner, section]).as_object_mut() {
                map.remove(&entry);
            }
        }
    };
    let implied =
        ["links", "volumes_from", "network_mode", "ipc", "pid"].iter().any(|key| !service[*key].is_null());
    for variable in keys("environment") {
        let intent = Intent::RemoveEnvironment { service: name.clone(), name: variable.clone() };
        found.push(Case::new(intent).removes().means(gone("environment", variable.clone())));
        let owner = name.to_string();
        let intent = Intent::SetEnvironment {
            service: name.clone(),
            name: variable.clone(),
            value: Some(text("cy new")),
        };
        found.push(Case::new(intent).settles().means(move |model| {
            *at(model, &["services", &owner, "environment", &variable]) = json!("cy new");
        }));
    }
    for dependency in keys("depends_on") {
        let Ok(other) = ServiceName::new(dependency.as_str()) else { continue };
        let case = Case::new(Intent::Disconnect { service: name.clone(), dependency: other }).removes();
        found.push(if implied { case } else { case.means(gone("depends_on", dependency)) });
    }
    for network in keys("networks").into_iter().filter(|network| network != "default") {
        let intent = Intent::DetachNetwork { service: name.clone(), network: network.clone() };
        found.push(Case::new(intent).removes().means(gone("networks", network)));
    }
    if service["ports"].as_array().is_some_and(|ports| !ports.is_empty()) {
        let case = Case::new(Intent::RemovePort { service: name.clone(), index: 0 }).removes();
        let owner = name.to_string();
        let meant = move |model: &mut Value| {
            if let Some(ports) = at(model, &["services", &owner, "ports"]).as_array_mut() {
                ports.remove(0);
            }
        };
        found.push(if all { case.means(meant) } else { case });
    }
    found.extend(of_list(name, service));
    found
}

fn of_list(name: &ServiceName, service: &Value) -> Vec<Case> {
    let path = Path::of(["services", name.as_str(), "cap_add"]);
    let owner = name.to_string();
    let list = move |change: fn(&mut Vec<Value>)| {
        let owner = owner.clone();
        move |model: &mut Value| {
            let list = at(model, &["services", &owner, "cap_add"]);
            if list.is_null() {
                *list = json!([]);
            }
            change(list.as_array_mut().unwrap());
            if list.as_array().is_some_and(Vec::is_empty) {
                *list = Value::Null;
            }
        }
    };
    let count = service["cap_add"].as_array().map_or(0, Vec::len);
    let add = Intent::AddItem { path: path.clone(), value: Written::text("CY") };
    let mut found = vec![
        Case::new(add)
            .means(list(|list| list.push(json!("CY"))))
            .back(Intent::RemoveItem { path: path.clone(), index: count }),
    ];
    if count > 0 {
        let remove = Intent::RemoveItem { path: path.clone(), index: 0 };
        found.push(Case::new(remove).means(list(|list| drop(list.remove(0)))).removes());
    }
    if count > 1 {
        let last = count - 1;
        found.push(
            Case::new(Intent::MoveItem { path: path.clone(), from: 0, to: last })
                .means(list(|list| list.rotate_left(1)))
                .back(Intent::MoveItem { path, from: last, to: 0 }),
        );
    }
    found
}

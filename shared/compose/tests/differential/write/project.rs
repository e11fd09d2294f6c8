//! A whole project: one to three files, what they include and extend, and how it is loaded.

use std::collections::BTreeMap;

use super::{mutate::mutate, scalars, service, stores, variables};
use crate::{
    dice::Dice,
    tree::{Node, raw},
};

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Yaml(Node),
    Text(String),
}

impl Content {
    pub fn text(&self) -> String {
        match self {
            Self::Yaml(node) => node.file(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// A project and how to load it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// By path below the project folder.
    pub files: BTreeMap<String, Content>,
    /// `-f`, in order.
    pub compose: Vec<String>,
    /// `--profile`.
    pub profiles: Vec<&'static str>,
}

const SERVICES: [&str; 5] = ["db", "api", "web", "cache", "job.x"];

/// A project from these dice.
pub fn case(dice: &mut Dice) -> Case {
    let count = 1 + dice.below(3);
    dice.services = SERVICES[..count].to_vec();
    dice.networks = dice.some(&["front", "back"], 40);
    dice.volumes = dice.some(&["data", "logs"], 45);
    dice.secrets = dice.some(&["token", "key"], 30);
    dice.configs = dice.some(&["conf", "page"], 30);
    let mut files: BTreeMap<String, Content> = variables::files(dice)
        .into_iter()
        .map(|(path, text)| (path.to_owned(), Content::Text(text)))
        .collect();
    let mut compose = vec!["compose.yaml".to_owned()];
    files.insert("compose.yaml".to_owned(), Content::Yaml(main_file(dice)));
    if dice.chance(30) {
        files.insert("over.yaml".to_owned(), Content::Yaml(override_file(dice)));
        compose.push("over.yaml".to_owned());
        if dice.chance(30) {
            files.insert("third.yaml".to_owned(), Content::Yaml(override_file(dice)));
            compose.push("third.yaml".to_owned());
        }
    }
    if dice.chance(12) {
        extend(dice, &mut files);
    }
    if dice.chance(12) {
        include(dice, &mut files);
    }
    if dice.chance(30) {
        files.insert(".env".to_owned(), Content::Text(variables::dot_env(dice)));
    }
    let changes = dice.pick(&[0, 0, 0, 1, 1, 1, 2, 3]);
    for _ in 0..changes {
        let path = if dice.chance(70) {
            compose[dice.below(compose.len())].clone()
        } else {
            yaml_file(dice, &files)
        };
        if let Some(Content::Yaml(root)) = files.get_mut(&path) {
            mutate(dice, root);
        }
    }
    let profiles = dice.some(&["dev", "prod"], 25);
    Case { files, compose, profiles }
}

fn yaml_file(dice: &mut Dice, files: &BTreeMap<String, Content>) -> String {
    let yaml: Vec<&String> = files
        .iter()
        .filter(|(_, content)| matches!(content, Content::Yaml(_)))
        .map(|(path, _)| path)
        .collect();
    yaml[dice.below(yaml.len())].clone()
}

fn main_file(dice: &mut Dice) -> Node {
    let mut root = Vec::new();
    if dice.chance(15) {
        root.push(("name".to_owned(), dice.text(&["proj", "My_Proj", "${NAME}", "x-${UNSET:-y}"])));
    }
    if dice.chance(5) {
        root.push(("version".to_owned(), raw("\"3.8\"")));
    }
    let names = dice.services.clone();
    let shared = dice.chance(15);
    if shared {
        let common = service::part(dice);
        root.push(("x-common".to_owned(), Node::Mark("&common".to_owned(), Box::new(common))));
    } else if dice.chance(10) {
        root.push(("x-top".to_owned(), scalars::extension(dice)));
    }
    let mut services = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let mut node = service::service(dice, &names[..at]);
        if let Node::Map(entries) = &mut node {
            if shared && dice.chance(70) {
                let value = dice.pick(&["*common", "*common", "[*common]"]);
                entries.insert(dice.below(entries.len() + 1), ("<<".to_owned(), raw(value)));
            }
            if at > 0 && dice.chance(10) {
                let base = dice.pick(&names[..at]);
                let extends =
                    if dice.chance(50) { raw(base) } else { crate::tree::map([("service", raw(base))]) };
                entries.push(("extends".to_owned(), extends));
            }
        }
        services.push(((*name).to_owned(), node));
    }
    root.push(("services".to_owned(), Node::Map(services)));
    resources(dice, &mut root, 100);
    Node::Map(root)
}

fn resources(dice: &mut Dice, root: &mut Vec<(String, Node)>, percent: u64) {
    type Make = fn(&mut Dice) -> Node;
    let sections: [(&str, Vec<&'static str>, Make); 4] = [
        ("networks", dice.networks.clone(), stores::network),
        ("volumes", dice.volumes.clone(), stores::volume),
        ("secrets", dice.secrets.clone(), stores::secret),
        ("configs", dice.configs.clone(), stores::config),
    ];
    for (section, names, make) in sections {
        let chosen = dice.some(&names, percent);
        if !chosen.is_empty() {
            let entries = chosen.into_iter().map(|name| (name.to_owned(), make(dice))).collect();
            root.push((section.to_owned(), Node::Map(entries)));
        }
    }
    if dice.chance(percent / 25) {
        root.push(("models".to_owned(), Node::Map(vec![("llm".to_owned(), stores::model(dice))])));
    }
}

fn override_file(dice: &mut Dice) -> Node {
    let names = dice.services.clone();
    let mut services = Vec::new();
    for name in dice.some(&names, 70) {
        services.push((name.to_owned(), service::part(dice)));
    }
    let mut root = vec![("services".to_owned(), Node::Map(services))];
    resources(dice, &mut root, 6);
    Node::Map(root)
}

/// Lets a service extend one of another file, in another folder.
fn extend(dice: &mut Dice, files: &mut BTreeMap<String, Content>) {
    let path = dice.pick(&["base.yaml", "lib/base.yaml"]);
    let base = crate::tree::map([("services", crate::tree::map([("base", service::part(dice))]))]);
    files.insert(path.to_owned(), Content::Yaml(base));
    let Some(Content::Yaml(Node::Map(root))) = files.get_mut("compose.yaml") else { return };
    let Some((_, Node::Map(services))) = root.iter_mut().find(|(key, _)| key == "services") else { return };
    if let Some((_, Node::Map(service))) = services.last_mut() {
        service.retain(|(key, _)| key != "extends");
        service
            .push(("extends".to_owned(), crate::tree::map([("file", raw(path)), ("service", raw("base"))])));
    }
}

/// Adds another file by `include`.
fn include(dice: &mut Dice, files: &mut BTreeMap<String, Content>) {
    let path = dice.pick(&["inc.yaml", "sub/inc.yaml"]);
    let node = service::service(dice, &[]);
    let mut root = vec![("services".to_owned(), crate::tree::map([("included", node)]))];
    if dice.chance(60) {
        // What both files declare is refused by the reference, so the main file leaves it to the included one.
        if let Some(Content::Yaml(Node::Map(main))) = files.get_mut("compose.yaml") {
            main.retain(|(key, _)| !matches!(key.as_str(), "networks" | "volumes" | "secrets" | "configs"));
        }
    }
    resources(dice, &mut root, 100);
    files.insert(path.to_owned(), Content::Yaml(Node::Map(root)));
    for file in ["sub/app.env", "sub/more.env", "sub/app.labels"] {
        files.insert(file.to_owned(), Content::Text("SUB=1\n".to_owned()));
    }
    let entry = if dice.chance(50) {
        raw(path)
    } else {
        let mut entry = vec![("path".to_owned(), raw(path))];
        if dice.chance(40) {
            entry.push(("project_directory".to_owned(), dice.text(&[".", "sub", "./sub", ""])));
        }
        if dice.chance(40) {
            let none = Node::List(Vec::new());
            let file = dice.text(&["app.env", "more.env", "/dev/null"]);
            entry.push(("env_file".to_owned(), if dice.chance(20) { none } else { file }));
        }
        Node::Map(entry)
    };
    if let Some(Content::Yaml(Node::Map(root))) = files.get_mut("compose.yaml") {
        root.insert(0, ("include".to_owned(), Node::List(vec![entry])));
    }
}

//! Volumes, tmpfs, secrets and configs of a service.

use super::scalars;
use crate::{
    dice::Dice,
    tree::{Node, raw},
};

const SHORT: [&str; 22] = [
    "./data:/data",
    "/etc/hosts:/hosts:ro",
    "~/x:/x",
    "../up:/up",
    "/anon",
    "./a:/a:rw,z",
    "/b:/b:rshared",
    "C:\\x:/x",
    "./c:/c:ro,Z",
    ".:/app",
    "/s:/s:cached",
    "/t/:/t/",
    "/a/../b:/c//d",
    "./q:/q:nocopy",
    "${DIR:-./dir}:/dir",
    "./data:/data:ro",
    "/x",
    "./sp ace:/sp",
    "a",
    "/a:/b:c:d",
    "::",
    "./x:",
];

pub fn volumes(dice: &mut Dice) -> Node {
    dice.list(4, |dice| dice.form(&[short, short, named, long_bind, long_volume, long_other]))
}

fn short(dice: &mut Dice) -> Node {
    let count = if dice.chance(2) { SHORT.len() } else { SHORT.len() - 3 };
    let text = SHORT[dice.below(count)];
    dice.written(text)
}

fn volume_name(dice: &mut Dice) -> String {
    if dice.volumes.is_empty() || dice.chance(1) {
        return "missing".to_owned();
    }
    let volumes = dice.volumes.clone();
    dice.pick(&volumes).to_owned()
}

fn named(dice: &mut Dice) -> Node {
    if dice.volumes.is_empty() {
        return dice.text(&["/only", "./b:/b"]);
    }
    let name = volume_name(dice);
    let rest = dice.pick(&[
        ":/var",
        ":/var:ro",
        ":/v2:nocopy",
        ":/v3:z",
        ":/v4:rw,nocopy",
        ":/var/",
        ":/v5:what",
        ":/p:rprivate",
    ]);
    dice.written(&format!("{name}{rest}"))
}

fn target(dice: &mut Dice) -> Node {
    dice.text(&["/t", "/t/", "/a/../b", "/data", "rel", "/var"])
}

fn common(dice: &mut Dice, kind: &str, source: Option<Node>) -> Vec<(String, Node)> {
    let mut entries = vec![("type".to_owned(), raw(kind)), ("target".to_owned(), target(dice))];
    entries.extend(source.map(|source| ("source".to_owned(), source)));
    if let Node::Map(more) = dice.keys(
        20,
        &[
            ("read_only", scalars::flag),
            ("consistency", |dice| dice.text(&["cached", "consistent", "any"])),
            ("x-mount", scalars::extension),
        ],
    ) {
        entries.extend(more);
    }
    entries
}

fn long_bind(dice: &mut Dice) -> Node {
    let source = dice.text(&["./src", "/abs", "~/home", "${DIR:-./d}", ".", "C:/win", "plain"]);
    let mut entries = common(dice, "bind", Some(source));
    if dice.chance(50) {
        let bind = dice.keys(
            40,
            &[
                ("propagation", |dice| dice.text(&["rprivate", "shared"])),
                ("create_host_path", |dice| dice.raw(&["true", "false", "\"true\""])),
                ("selinux", |dice| dice.text(&["z", "Z"])),
                ("recursive", |dice| dice.text(&["enabled", "disabled", "writable", "readonly"])),
                ("x-bind", scalars::extension),
            ],
        );
        entries.push(("bind".to_owned(), bind));
    }
    Node::Map(entries)
}

fn long_volume(dice: &mut Dice) -> Node {
    let source = if dice.volumes.is_empty() { None } else { Some(raw(volume_name(dice))) };
    let mut entries = common(dice, "volume", source);
    if dice.chance(50) {
        let volume = dice.keys(
            40,
            &[
                ("nocopy", scalars::flag),
                ("subpath", |dice| dice.text(&["sub", "a/b"])),
                ("labels", scalars::pairs),
            ],
        );
        entries.push(("volume".to_owned(), volume));
    }
    Node::Map(entries)
}

fn long_other(dice: &mut Dice) -> Node {
    dice.form(&[
        |dice| {
            let mut entries = common(dice, "tmpfs", None);
            let tmpfs = dice.keys(
                50,
                &[
                    ("size", |dice| dice.raw(&["64m", "1048576", "\"1g\"", "0"])),
                    ("mode", |dice| dice.raw(&["0755", "493", "\"755\"", "0o1777", "755", "0"])),
                ],
            );
            entries.push(("tmpfs".to_owned(), tmpfs));
            Node::Map(entries)
        },
        |dice| {
            let mut entries = common(dice, "image", Some(raw("busybox")));
            entries
                .push(("image".to_owned(), dice.keys(50, &[("subpath", |dice| dice.text(&["a", "b/c"]))])));
            Node::Map(entries)
        },
        |dice| Node::Map(common(dice, "npipe", Some(raw("\"\\\\\\\\.\\\\pipe\\\\x\"")))),
        |dice| Node::Map(common(dice, "cluster", Some(raw("cl")))),
    ])
}

pub fn tmpfs(dice: &mut Dice) -> Node {
    scalars::text_or_texts(dice, &["/run", "/tmp:size=64m", "/run:mode=755,uid=1", "/cache", "/t"])
}

pub fn secrets(dice: &mut Dice) -> Node {
    let names = dice.secrets.clone();
    objects(dice, &names)
}

pub fn configs(dice: &mut Dice) -> Node {
    let names = dice.configs.clone();
    objects(dice, &names)
}

fn objects(dice: &mut Dice, names: &[&'static str]) -> Node {
    if names.is_empty() {
        return if dice.chance(95) { Node::List(Vec::new()) } else { Node::List(vec![raw("missing")]) };
    }
    dice.list(3, |dice| {
        let name = dice.pick(names);
        if dice.chance(50) {
            return raw(name);
        }
        let mut node = dice.keys(
            35,
            &[
                ("target", |dice| dice.text(&["file", "/abs/file", "other"])),
                ("uid", |dice| dice.raw(&["\"1000\"", "\"0\""])),
                ("gid", |dice| dice.raw(&["\"1000\"", "\"0\""])),
                ("mode", |dice| dice.raw(&["0440", "\"0440\"", "288", "0o400", "\"400\"", "0"])),
            ],
        );
        if let Node::Map(entries) = &mut node {
            entries.push(("source".to_owned(), raw(name)));
        }
        node
    })
}

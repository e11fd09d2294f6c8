//! Top-level networks, volumes, secrets, configs and models.

use super::scalars;
use crate::{
    dice::Dice,
    tree::{Node, raw},
};

pub fn network(dice: &mut Dice) -> Node {
    match dice.below(5) {
        0 => dice.raw(&["", "{}", "null"]),
        1 => external(dice),
        _ => dice.keys(
            25,
            &[
                ("name", |dice| dice.text(&["fixed-net", "${NAME}", "a b"])),
                ("driver", |dice| dice.text(&["bridge", "overlay", "macvlan"])),
                ("driver_opts", scalars::options),
                ("internal", scalars::flag),
                ("attachable", scalars::flag),
                ("enable_ipv4", scalars::flag),
                ("enable_ipv6", scalars::flag),
                ("labels", scalars::pairs),
                ("ipam", ipam),
                ("x-network", scalars::extension),
            ],
        ),
    }
}

fn external(dice: &mut Dice) -> Node {
    let mut entries =
        vec![("external".to_owned(), dice.raw(&["true", "true", "false", "\"true\"", "{name: old}"]))];
    if dice.chance(30) {
        entries.push(("name".to_owned(), dice.text(&["outer", "old"])));
    }
    Node::Map(entries)
}

fn ipam(dice: &mut Dice) -> Node {
    dice.keys(
        60,
        &[
            ("driver", |dice| dice.text(&["default", "custom"])),
            ("options", |dice| {
                dice.keys(
                    50,
                    &[("foo", |dice| dice.text(&["bar", "baz"])), ("n", |dice| dice.raw(&["\"1\"", "x"]))],
                )
            }),
            ("config", |dice| {
                dice.list(2, |dice| {
                    dice.keys(
                        60,
                        &[
                            ("subnet", |dice| {
                                dice.text(&["172.16.238.0/24", "2001:3984:3989::/64", "10.0.0.0/8"])
                            }),
                            ("gateway", |dice| dice.text(&["172.16.238.1"])),
                            ("ip_range", |dice| dice.text(&["172.16.238.0/25"])),
                            ("aux_addresses", |dice| {
                                dice.keys(60, &[("host1", |dice| dice.text(&["172.16.238.5"]))])
                            }),
                        ],
                    )
                })
            }),
            ("x-ipam", scalars::extension),
        ],
    )
}

pub fn volume(dice: &mut Dice) -> Node {
    match dice.below(5) {
        0 | 1 => dice.raw(&["", "{}", "null"]),
        2 => external(dice),
        _ => dice.keys(
            35,
            &[
                ("name", |dice| dice.text(&["fixed-vol", "${NAME}"])),
                ("driver", |dice| dice.text(&["local", "nfs"])),
                ("driver_opts", |dice| {
                    dice.keys(
                        60,
                        &[
                            ("type", |dice| dice.text(&["none", "nfs"])),
                            ("o", |dice| dice.text(&["bind", "addr=1.2.3.4,rw"])),
                            ("device", |dice| dice.text(&["./local", "/abs", ":/path"])),
                            ("n", |dice| dice.raw(&["5", "1.5"])),
                        ],
                    )
                }),
                ("labels", scalars::pairs),
                ("x-volume", scalars::extension),
            ],
        ),
    }
}

pub fn secret(dice: &mut Dice) -> Node {
    let mut node = match dice.below(6) {
        0 => Node::Map(vec![("environment".to_owned(), dice.text(&["NAME", "UNSET", "TWO"]))]),
        1 => external(dice),
        _ => Node::Map(vec![("file".to_owned(), dice.text(&["./secret.txt", "/abs/s", "~/s", "x/y"]))]),
    };
    labelled(dice, &mut node);
    node
}

pub fn config(dice: &mut Dice) -> Node {
    let mut node = match dice.below(6) {
        0 => Node::Map(vec![("environment".to_owned(), dice.text(&["NAME", "UNSET", "TWO"]))]),
        1 => external(dice),
        2 | 3 => Node::Map(vec![(
            "content".to_owned(),
            dice.form(&[
                |dice| dice.text(&["one", "${NAME}\n", "a $$b", "  lead", "x: y\n"]),
                |_| Node::Block("key=${NAME}\n# note\n  deep\n".to_owned()),
            ]),
        )]),
        _ => Node::Map(vec![("file".to_owned(), dice.text(&["./config.txt", "/abs/c"]))]),
    };
    labelled(dice, &mut node);
    node
}

fn labelled(dice: &mut Dice, node: &mut Node) {
    let more = dice.keys(
        15,
        &[
            ("labels", scalars::pairs),
            ("name", |dice| dice.text(&["fixed", "${NAME}"])),
            ("template_driver", |dice| dice.text(&["golang"])),
            ("x-object", scalars::extension),
        ],
    );
    if let (Node::Map(entries), Node::Map(more)) = (node, more) {
        let fresh: Vec<_> =
            more.into_iter().filter(|(key, _)| entries.iter().all(|(known, _)| known != key)).collect();
        entries.extend(fresh);
    }
}

pub fn model(dice: &mut Dice) -> Node {
    let mut node = dice.keys(
        40,
        &[
            ("context_size", |dice| dice.raw(&["1024", "0"])),
            ("runtime_flags", |dice| scalars::texts(dice, &["--a", "-b c"])),
            ("name", |dice| dice.text(&["llm"])),
            ("x-model", scalars::extension),
        ],
    );
    if let Node::Map(entries) = &mut node {
        entries.push(("model".to_owned(), raw("ai/smollm2")));
    }
    node
}

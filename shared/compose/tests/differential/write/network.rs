//! What ties services together: networks, dependencies, hosts, shared namespaces.

use super::scalars;
use crate::{
    dice::Dice,
    tree::{Node, raw},
};

pub fn networks(dice: &mut Dice) -> Node {
    let mut names = dice.networks.clone();
    if dice.chance(30) {
        names.push("default");
    }
    let mut chosen = dice.some(&names, 60);
    if dice.chance(2) {
        chosen.push("missing");
    }
    if dice.chance(40) {
        return Node::List(chosen.into_iter().map(raw).collect());
    }
    Node::Map(chosen.into_iter().map(|name| (name.to_owned(), endpoint(dice))).collect())
}

fn endpoint(dice: &mut Dice) -> Node {
    if dice.chance(40) {
        return dice.raw(&["", "null", "{}", "~"]);
    }
    dice.keys(
        30,
        &[
            ("aliases", |dice| scalars::texts(dice, &["one", "two.local", "3"])),
            ("ipv4_address", |dice| dice.text(&["172.16.238.10", "10.0.0.5"])),
            ("ipv6_address", |dice| dice.text(&["2001:db8::5"])),
            ("link_local_ips", |dice| scalars::texts(dice, &["57.123.22.11", "57.123.22.13"])),
            ("mac_address", |dice| dice.text(&["02:42:ac:11:65:43"])),
            ("priority", |dice| dice.raw(&["100", "0", "-5"])),
            ("gw_priority", |dice| dice.raw(&["1", "0"])),
            ("interface_name", |dice| dice.text(&["eth0"])),
            ("driver_opts", scalars::options),
            ("x-endpoint", scalars::extension),
        ],
    )
}

/// Only on services named earlier, so that there is no cycle.
pub fn depends_on(dice: &mut Dice, earlier: &[&'static str]) -> Node {
    let mut chosen = dice.some(earlier, 60);
    if dice.chance(2) {
        chosen.push("nobody");
    }
    if dice.chance(40) {
        return Node::List(chosen.into_iter().map(raw).collect());
    }
    let entry = |dice: &mut Dice| {
        let mut node = dice.keys(30, &[("restart", scalars::flag), ("required", scalars::flag)]);
        if let Node::Map(entries) = &mut node {
            let conditions = ["service_started", "service_healthy", "service_completed_successfully"];
            entries.push(("condition".to_owned(), dice.text(&conditions)));
        }
        node
    };
    Node::Map(chosen.into_iter().map(|name| (name.to_owned(), entry(dice))).collect())
}

pub fn extra_hosts(dice: &mut Dice) -> Node {
    if dice.chance(60) {
        return scalars::texts(
            dice,
            &[
                "a:1.2.3.4",
                "b=5.6.7.8",
                "c:::1",
                "d=[::1]",
                "e:host-gateway",
                "a:9.9.9.9",
                "f=1.1.1.1,2.2.2.2",
            ],
        );
    }
    dice.keys(
        50,
        &[
            ("a", |dice| dice.text(&["1.2.3.4", "::1", "[::1]"])),
            ("b", |dice| dice.text(&["host-gateway"])),
            ("c", |dice| scalars::texts(dice, &["1.1.1.1", "2.2.2.2"])),
        ],
    )
}

/// `links`, `volumes_from`, `network_mode: service:x` on services named earlier.
pub fn shared(dice: &mut Dice, earlier: &[&'static str], entries: &mut Vec<(String, Node)>) {
    if earlier.is_empty() {
        return;
    }
    let other = dice.pick(earlier);
    match dice.below(9) {
        0 => entries.push((
            "links".to_owned(),
            Node::List(vec![dice.written(&format!("{other}:alias")), raw(other)]),
        )),
        1 => {
            let suffix = dice.pick(&["", ":ro", ":rw"]);
            entries.push(("volumes_from".to_owned(), Node::List(vec![raw(format!("{other}{suffix}"))])));
        }
        2 => entries.push(("network_mode".to_owned(), dice.written(&format!("service:{other}")))),
        3 => entries.push(("ipc".to_owned(), dice.written(&format!("service:{other}")))),
        4 => entries.push(("pid".to_owned(), dice.written(&format!("service:{other}")))),
        5 => {
            entries
                .push(("network_mode".to_owned(), dice.text(&["host", "none", "bridge", "container:abc"])));
        }
        6 => entries.push(("volumes_from".to_owned(), Node::List(vec![raw("container:abc:ro")]))),
        _ => {}
    }
}

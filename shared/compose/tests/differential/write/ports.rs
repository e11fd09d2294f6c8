//! Ports, short and long, and what else names ports.

use crate::{dice::Dice, tree::Node};

const SHORT: [&str; 34] = [
    "80",
    "8080:80",
    "127.0.0.1:8080:80",
    "127.0.0.1::80",
    "[::1]:8080:80",
    "8000-8001:80-81",
    "8000-8009:80",
    "53:53/udp",
    "80/tcp",
    "90-92",
    "0.0.0.0:80:80",
    "443:443/TCP",
    "9000-9001:9000-9001/udp",
    "::1:81:81",
    "3000-3005",
    "65535:65535",
    "127.0.0.1:5000-5010:5000-5010",
    "${PORT}:80",
    "${PORT:-9090}:90",
    "80:80",
    "6060:6060/sctp",
    "127.0.0.1:8000-8009:80",
    "8080:80/udp",
    "1-1:2",
    "[2001:db8::1]:80:80",
    "0:80",
    ":80",
    "8080:80/http",
    "host:80:80",
    "70000:80",
    "80-70:80",
    "8000-8002:80-81",
    "8080:",
    "a:b:c:d",
];

pub fn ports(dice: &mut Dice) -> Node {
    dice.list(4, |dice| dice.form(&[short, short, short, number, long]))
}

fn short(dice: &mut Dice) -> Node {
    // The last few are refused; they are rare here, since mutations make refusals too.
    let count = if dice.chance(2) { SHORT.len() } else { SHORT.len() - 7 };
    let text = SHORT[dice.below(count)];
    dice.written(text)
}

fn number(dice: &mut Dice) -> Node {
    dice.raw(&["80", "3000", "0x50", "443"])
}

fn long(dice: &mut Dice) -> Node {
    let mut node = dice.keys(
        35,
        &[
            ("name", |dice| dice.text(&["http", "admin"])),
            ("published", |dice| dice.raw(&["8080", "\"8080\"", "\"8000-8005\"", "\"\"", "0", "${PORT}"])),
            ("protocol", |dice| dice.text(&["tcp", "udp", "TCP", "sctp"])),
            ("mode", |dice| dice.text(&["host", "ingress"])),
            ("host_ip", |dice| dice.text(&["127.0.0.1", "::1", "0.0.0.0", "${IP:-10.0.0.1}"])),
            ("app_protocol", |dice| dice.text(&["http", "h2"])),
            ("x-port", super::scalars::extension),
        ],
    );
    if let Node::Map(entries) = &mut node {
        entries.push(("target".to_owned(), dice.raw(&["80", "80", "443", "\"80\"", "${PORT}", "8080"])));
    }
    node
}

pub fn expose(dice: &mut Dice) -> Node {
    dice.list(3, |dice| {
        dice.raw(&["80", "\"80\"", "\"3000-3005\"", "\"53/udp\"", "8080", "${PORT}", "\"80/tcp\""])
    })
}

//! The process in the container: health, limits, hooks, logging, devices.

use super::scalars;
use crate::{
    dice::Dice,
    tree::{Node, raw},
};

pub fn healthcheck(dice: &mut Dice) -> Node {
    dice.keys(
        40,
        &[
            ("test", |dice| {
                dice.form(&[
                    |dice| dice.text(&["curl -f http://localhost", "exit 0", "test \"$$X\" = y"]),
                    |dice| {
                        let kind = dice.pick(&["CMD", "CMD-SHELL", "NONE"]);
                        Node::List(vec![raw(kind), dice.text(&["curl", "a b", "${NAME}"])])
                    },
                ])
            }),
            ("interval", scalars::duration),
            ("timeout", scalars::duration),
            ("retries", scalars::number),
            ("start_period", scalars::duration),
            ("start_interval", scalars::duration),
            ("disable", scalars::flag),
            ("x-health", scalars::extension),
        ],
    )
}

pub fn ulimits(dice: &mut Dice) -> Node {
    fn limit(dice: &mut Dice) -> Node {
        match dice.below(3) {
            0 => dice.raw(&["100", "\"65535\"", "-1", "0"]),
            _ => {
                let mut entries = vec![("soft".to_owned(), dice.raw(&["10", "\"20\"", "0", "-1"]))];
                entries.push(("hard".to_owned(), dice.raw(&["30", "\"40\"", "-1", "0"])));
                Node::Map(entries)
            }
        }
    }
    dice.keys(50, &[("nofile", limit), ("nproc", limit), ("core", limit)])
}

/// As [`ulimits`], where no step makes numbers of texts.
pub fn plain_ulimits(dice: &mut Dice) -> Node {
    dice.keys(
        50,
        &[
            ("nofile", |dice| dice.raw(&["100", "65535"])),
            ("core", |dice| {
                dice.keys(
                    100,
                    &[("soft", |dice| dice.raw(&["0", "1"])), ("hard", |dice| dice.raw(&["2", "-1"]))],
                )
            }),
        ],
    )
}

pub fn hooks(dice: &mut Dice) -> Node {
    dice.list(2, |dice| {
        let mut node = dice.keys(
            35,
            &[
                ("user", |dice| dice.text(&["root", "1000"])),
                ("privileged", scalars::flag),
                ("working_dir", |dice| dice.text(&["/w"])),
                ("environment", scalars::pairs),
                ("x-hook", scalars::extension),
            ],
        );
        if let Node::Map(entries) = &mut node {
            entries.push(("command".to_owned(), scalars::command(dice)));
        }
        node
    })
}

pub fn logging(dice: &mut Dice) -> Node {
    dice.keys(
        70,
        &[
            ("driver", |dice| dice.text(&["json-file", "syslog", "none"])),
            ("options", scalars::options),
            ("x-logging", scalars::extension),
        ],
    )
}

pub fn devices(dice: &mut Dice) -> Node {
    dice.list(3, |dice| {
        dice.form(&[
            |dice| {
                dice.text(&[
                    "/dev/a:/dev/b",
                    "/dev/a",
                    "/dev/c:/dev/c:r",
                    "nvidia.com/gpu=all",
                    "/dev/x:/dev/y:rwm",
                    "/dev/q::r",
                ])
            },
            |dice| {
                let mut node = dice.keys(50, &[("permissions", |dice| dice.text(&["r", "rw"]))]);
                if let Node::Map(entries) = &mut node {
                    entries.push(("source".to_owned(), dice.text(&["/dev/s", "/dev/a"])));
                    entries.push(("target".to_owned(), dice.text(&["/dev/t", "/dev/b"])));
                }
                node
            },
        ])
    })
}

pub fn provider(dice: &mut Dice) -> Node {
    Node::Map(vec![
        ("type".to_owned(), raw("cloud")),
        (
            "options".to_owned(),
            dice.keys(
                60,
                &[
                    ("name", |dice| dice.raw(&["x", "5", "true", "1.5"])),
                    ("list", |dice| dice.list(3, |dice| dice.raw(&["a", "1", "true", "\"b c\""]))),
                ],
            ),
        ),
    ])
}

pub fn credential_spec(dice: &mut Dice) -> Node {
    dice.keys(
        50,
        &[
            ("config", |dice| dice.text(&["cfg"])),
            ("file", |dice| dice.text(&["spec.json", "./x/spec.json"])),
            ("registry", |dice| dice.text(&["reg"])),
        ],
    )
}

//! `deploy`, `gpus` and the limits that also stand beside it.

use super::scalars;
use crate::{
    dice::Dice,
    tree::{Node, raw},
};

pub fn deploy(dice: &mut Dice) -> Node {
    dice.keys(
        25,
        &[
            ("mode", |dice| dice.text(&["replicated", "global", "replicated-job"])),
            ("replicas", |dice| dice.raw(&["1", "0", "2", "\"3\"", "${TWO}"])),
            ("labels", scalars::pairs),
            ("endpoint_mode", |dice| dice.text(&["vip", "dnsrr"])),
            ("update_config", update),
            ("rollback_config", update),
            ("resources", resources),
            ("restart_policy", |dice| {
                dice.keys(
                    50,
                    &[
                        ("condition", |dice| dice.text(&["on-failure", "any", "none"])),
                        ("delay", scalars::duration),
                        ("max_attempts", scalars::number),
                        ("window", scalars::duration),
                    ],
                )
            }),
            ("placement", |dice| {
                dice.keys(
                    50,
                    &[
                        ("constraints", |dice| {
                            scalars::texts(dice, &["node.role==manager", "node.labels.x == y"])
                        }),
                        ("preferences", |dice| {
                            dice.list(2, |dice| {
                                dice.keys(80, &[("spread", |dice| dice.text(&["node.labels.zone", "x"]))])
                            })
                        }),
                        ("max_replicas_per_node", scalars::number),
                    ],
                )
            }),
            ("x-deploy", scalars::extension),
        ],
    )
}

fn update(dice: &mut Dice) -> Node {
    dice.keys(
        40,
        &[
            ("parallelism", scalars::number),
            ("delay", scalars::duration),
            ("failure_action", |dice| dice.text(&["pause", "continue", "rollback"])),
            ("monitor", scalars::duration),
            ("max_failure_ratio", scalars::fraction),
            ("order", |dice| dice.text(&["start-first", "stop-first"])),
        ],
    )
}

fn resources(dice: &mut Dice) -> Node {
    dice.keys(
        60,
        &[
            ("limits", |dice| {
                dice.keys(
                    45,
                    &[
                        ("cpus", scalars::fraction),
                        ("memory", |dice| dice.raw(&["64m", "1g", "\"512\"", "0.5g"])),
                        ("pids", |dice| dice.raw(&["10", "\"20\"", "0"])),
                    ],
                )
            }),
            ("reservations", |dice| {
                dice.keys(
                    40,
                    &[
                        ("cpus", scalars::fraction),
                        ("memory", |dice| dice.raw(&["64m", "1g", "\"512\""])),
                        ("devices", |dice| dice.list(2, request)),
                        ("generic_resources", |dice| {
                            dice.list(2, |dice| {
                                dice.keys(
                                    90,
                                    &[("discrete_resource_spec", |dice| {
                                        dice.keys(
                                            90,
                                            &[
                                                ("kind", |dice| dice.text(&["gpu", "ssd"])),
                                                ("value", |dice| dice.raw(&["2", "\"3\""])),
                                            ],
                                        )
                                    })],
                                )
                            })
                        }),
                    ],
                )
            }),
        ],
    )
}

fn request(dice: &mut Dice) -> Node {
    let mut node = dice.keys(
        30,
        &[
            ("driver", |dice| dice.text(&["nvidia", "cdi"])),
            ("count", |dice| dice.raw(&["all", "1", "\"2\"", "-1", "0"])),
            ("options", scalars::options),
        ],
    );
    if let Node::Map(entries) = &mut node {
        entries.push(("capabilities".to_owned(), scalars::texts(dice, &["gpu", "compute", "utility"])));
        if dice.chance(30) && entries.iter().all(|(key, _)| key != "count") {
            entries.push(("device_ids".to_owned(), scalars::texts(dice, &["0", "GPU-1"])));
        }
    }
    node
}

pub fn gpus(dice: &mut Dice) -> Node {
    if dice.chance(30) { raw("all") } else { dice.list(2, request) }
}

pub fn blkio(dice: &mut Dice) -> Node {
    fn rates(dice: &mut Dice) -> Node {
        dice.list(2, |dice| {
            dice.keys(
                90,
                &[
                    ("path", |dice| dice.text(&["/dev/sda", "/dev/sdb"])),
                    ("rate", |dice| dice.raw(&["12mb", "1024k", "100", "\"30\"", "0"])),
                ],
            )
        })
    }
    dice.keys(
        40,
        &[
            ("weight", |dice| dice.raw(&["300", "10", "0"])),
            ("weight_device", |dice| {
                dice.list(2, |dice| {
                    dice.keys(
                        90,
                        &[
                            ("path", |dice| dice.text(&["/dev/sda"])),
                            ("weight", |dice| dice.raw(&["400", "500"])),
                        ],
                    )
                })
            }),
            ("device_read_bps", rates),
            ("device_read_iops", rates),
            ("device_write_bps", rates),
            ("device_write_iops", rates),
        ],
    )
}

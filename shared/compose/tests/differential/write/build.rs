//! `build` and `develop`.

use super::scalars;
use crate::{dice::Dice, tree::Node};

pub fn build(dice: &mut Dice) -> Node {
    if dice.chance(25) {
        return dice.text(&[
            ".",
            "./app",
            "../up",
            "https://github.com/a/b.git",
            "git@github.com:a/b.git",
            "/abs",
            "~/src",
            "${DIR:-ctx}",
            "./a/../b/",
        ]);
    }
    let mut node = dice.keys(
        14,
        &[
            ("context", |dice| {
                dice.text(&[
                    ".",
                    "./app",
                    "app",
                    "https://example.com/x.git#main",
                    "github.com/a/b",
                    "/abs/dir",
                ])
            }),
            ("dockerfile", |dice| dice.text(&["Dockerfile", "dev.Dockerfile", "../D", "/abs/D"])),
            ("args", scalars::pairs),
            ("ssh", |dice| {
                dice.form(&[
                    |dice| scalars::texts(dice, &["default", "id=./key", "x=/abs/key"]),
                    |dice| {
                        dice.keys(
                            60,
                            &[
                                ("default", |_| crate::tree::raw("null")),
                                ("k", |dice| dice.text(&["./key", "~/k"])),
                            ],
                        )
                    },
                ])
            }),
            ("labels", scalars::pairs),
            ("cache_from", |dice| scalars::texts(dice, &["a:b", "type=local,src=x", "a:b"])),
            ("cache_to", |dice| scalars::texts(dice, &["type=inline", "user/x:cache"])),
            ("no_cache", scalars::flag),
            ("additional_contexts", |dice| {
                dice.form(&[
                    |dice| {
                        scalars::texts(
                            dice,
                            &[
                                "a=./dir",
                                "b=https://example.com",
                                "c=docker-image://alpine",
                                "d=/abs",
                                "e=service:nope",
                            ],
                        )
                    },
                    |dice| {
                        dice.keys(
                            60,
                            &[
                                ("a", |dice| dice.text(&["./dir", "../x"])),
                                ("b", |dice| dice.text(&["docker-image://alpine", "oci-layout://x"])),
                            ],
                        )
                    },
                ])
            }),
            ("network", |dice| dice.text(&["host", "none", "net"])),
            ("pull", scalars::flag),
            ("target", |dice| dice.text(&["prod", "${NAME}"])),
            ("shm_size", scalars::size),
            ("extra_hosts", super::network::extra_hosts),
            ("isolation", |dice| dice.text(&["default", "hyperv"])),
            ("privileged", scalars::flag),
            ("secrets", super::mounts::secrets),
            ("tags", |dice| scalars::texts(dice, &["a:1", "b:2", "c=d:3"])),
            ("ulimits", super::process::plain_ulimits),
            ("platforms", |dice| scalars::texts(dice, &["linux/amd64", "linux/arm64"])),
            ("entitlements", |dice| scalars::texts(dice, &["network.host", "security.insecure"])),
            ("provenance", |dice| dice.raw(&["true", "mode=max", "false", "\"true\""])),
            ("sbom", |dice| dice.raw(&["true", "generator=x", "false"])),
            ("x-build", scalars::extension),
        ],
    );
    if let Node::Map(entries) = &mut node
        && entries.iter().all(|(key, _)| key != "dockerfile")
        && dice.chance(15)
    {
        entries.push(("dockerfile_inline".to_owned(), Node::Block("FROM alpine\nRUN echo $$X\n".to_owned())));
    }
    node
}

pub fn develop(dice: &mut Dice) -> Node {
    let watch = dice.list(2, |dice| {
        let mut node = dice.keys(
            40,
            &[
                ("target", |dice| dice.text(&["/app", "/x/"])),
                ("ignore", |dice| scalars::text_or_list(dice, &["node_modules/", "*.tmp"])),
                ("include", |dice| scalars::text_or_list(dice, &["*.rs", "src"])),
                ("initial_sync", |dice| dice.raw(&["true", "false"])),
                ("exec", |dice| {
                    dice.keys(
                        60,
                        &[
                            ("user", |dice| dice.text(&["root"])),
                            ("environment", scalars::pairs),
                            ("working_dir", |dice| dice.text(&["/w"])),
                            ("privileged", scalars::flag),
                        ],
                    )
                    .with("command", scalars::command(dice))
                }),
                ("x-watch", scalars::extension),
            ],
        );
        if let Node::Map(entries) = &mut node {
            entries.push(("path".to_owned(), dice.text(&["./src", ".", "/abs", "package.json"])));
            let actions = ["rebuild", "restart", "rebuild", "restart", "sync"];
            entries.push(("action".to_owned(), dice.text(&actions)));
        }
        node
    });
    let mut entries = vec![("watch".to_owned(), watch)];
    if dice.chance(10) {
        entries.push(("x-develop".to_owned(), scalars::extension(dice)));
    }
    Node::Map(entries)
}

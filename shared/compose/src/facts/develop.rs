//! `develop` of a service. <https://docs.docker.com/reference/compose-file/develop/>

use super::grants::HOOK;
use super::shape::{BARE_FLAG, Key, Object, PATH, Shape, TEXT, TEXT_OR_TEXTS, choice};

/// What `watch` does.
pub(super) static DEVELOP: Object = Object::page(
    "develop",
    "develop",
    &[Key::new("watch", Shape::List(&Shape::Object(&WATCH)), "What to do when files change.")],
);

static WATCH: Object = Object::page(
    "watch rule",
    "develop",
    &[
        Key::new("path", PATH, "The file or folder to watch.").required(),
        Key::new(
            "action",
            choice(&["rebuild", "sync", "restart", "sync+restart", "sync+exec"]),
            "What a change brings about.",
        )
        .required(),
        Key::new("target", TEXT, "Where synced files go in the container."),
        Key::new("ignore", TEXT_OR_TEXTS, "Patterns below `path` to leave out."),
        Key::new("include", TEXT_OR_TEXTS, "Patterns below `path` to take.").since("2.32"),
        Key::new("exec", Shape::Object(&HOOK), "What to run after a sync, for `sync+exec`.").since("2.32.2"),
        Key::new("initial_sync", BARE_FLAG, "Syncs once before watching.").default("false"),
    ],
);

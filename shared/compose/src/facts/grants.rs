//! What a service is given: secrets, configs, devices of a kind, process limits; and the commands around its life.

use super::forms::{DEVICE_COUNT, FILE_MODE};
use super::shape::{
    COMMAND, FLAG, INTEGER, Key, Names, Object, PAIRS, Shape, TEXT, TEXTS, choice, form_or_number,
};

/// `secrets` and `configs` of a service: names, or names with a place and an owner.
pub(super) const FILES: Shape = Shape::List(&Shape::OneOf(&[TEXT, Shape::Object(&FILE)]));

static FILE: Object = Object::section(
    "secret or config of a service",
    "services",
    "secrets",
    &[
        Key::new("source", TEXT, "The key under the top-level `secrets` or `configs`."),
        Key::new("target", TEXT, "The path in the container.")
            .default("`/run/secrets/<source>` for a secret, `/<source>` for a config"),
        Key::new("uid", TEXT, "The owner's number, in quotes.").default("\"0\""),
        Key::new("gid", TEXT, "The group's number, in quotes.").default("\"0\""),
        Key::new("mode", form_or_number(&FILE_MODE), "Permissions in octal.").default("0444"),
    ],
);

macro_rules! device_request {
    ($capabilities:expr) => {
        &[
            $capabilities,
            Key::new("driver", TEXT, "The device driver, such as `nvidia`."),
            Key::new("count", form_or_number(&DEVICE_COUNT), "How many; not together with `device_ids`.")
                .default("all"),
            Key::new("device_ids", TEXTS, "Which ones; not together with `count`."),
            Key::new("options", PAIRS, "Options of the driver."),
        ]
    };
}

const CAPABILITIES: Key =
    Key::new("capabilities", TEXTS, "What the device must be able to do, such as `gpu`.");

/// An item of `deploy.resources.reservations.devices`.
pub(super) static DEVICE_REQUEST: Object =
    Object::section("device request", "deploy", "devices", device_request!(CAPABILITIES.required()));

/// `gpus` of a service: `all`, or requests.
pub(super) const GPUS: Shape = Shape::OneOf(&[choice(&["all"]), Shape::List(&Shape::Object(&GPU))]);

// The schema closes the list instead of its items.
static GPU: Object = Object::section("GPU request", "services", "gpus", device_request!(CAPABILITIES)).open();

/// `ulimits`: one number for both limits, or soft and hard.
pub(super) const ULIMITS: Shape =
    Shape::Map { names: Names::Any, values: &Shape::OneOf(&[INTEGER, Shape::Object(&ULIMIT)]) };

static ULIMIT: Object = Object::section(
    "limit",
    "services",
    "ulimits",
    &[
        Key::new("soft", INTEGER, "The limit at first.").required(),
        Key::new("hard", INTEGER, "The limit that the process may raise it to.").required(),
    ],
);

/// An item of `post_start` and `pre_stop`, and `exec` of a watch rule.
pub(super) static HOOK: Object = Object::section(
    "hook",
    "services",
    "post_start",
    &[
        Key::new("command", COMMAND, "What to run in the container.").required(),
        Key::new("user", TEXT, "Who runs it.").default("the user of the container"),
        Key::new("privileged", FLAG, "Runs it with all rights.").default("false"),
        Key::new("working_dir", TEXT, "The folder to run it in."),
        Key::new("environment", PAIRS, "Further variables."),
    ],
);

/// An item of `pre_start`.
pub(super) static PRE_START: Object = Object::section(
    "hook before the start",
    "services",
    "pre_start",
    &[
        Key::new("command", COMMAND, "What to run in a container of its own, to its end."),
        Key::new("image", TEXT, "The image to run it in.").default("the image of the service"),
        Key::new("user", TEXT, "Who runs it."),
        Key::new("privileged", FLAG, "Runs it with all rights.").default("false"),
        Key::new("working_dir", TEXT, "The folder to run it in."),
        Key::new("environment", PAIRS, "Further variables."),
        Key::new("per_replica", FLAG, "Runs it once for each container of the service.").default("false"),
    ],
);

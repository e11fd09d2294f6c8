//! `deploy` of a service. <https://docs.docker.com/reference/compose-file/deploy/>

use super::forms::Form;
use super::grants::DEVICE_REQUEST;
use super::shape::{
    COUNT, DURATION, INTEGER, Key, NUMBER, Object, PAIRS, SIZE_TEXT, Shape, TEXT, TEXTS, choice, form,
};

static MODE: Form = Form {
    name: "a mode",
    looks_like: "`replicated` or `global`",
    words: &["replicated", "global", "replicated-job", "global-job"],
    accepts: |text| matches!(text, "" | "replicated" | "global" | "replicated-job" | "global-job"),
    loads: super::forms::ANY,
};

static ENDPOINT_MODE: Form = Form {
    name: "an endpoint mode",
    looks_like: "`vip` or `dnsrr`",
    words: &["vip", "dnsrr"],
    accepts: |_| true,
    loads: super::forms::ANY,
};

/// Replicas, limits, and what only Swarm acts on.
pub(super) static DEPLOY: Object = Object::page(
    "deploy",
    "deploy",
    &[
        Key::new("mode", form(&MODE), "One container on each node, or a number of them.")
            .default("replicated")
            .swarm(),
        Key::new("replicas", COUNT, "How many containers the service has.").default("1"),
        Key::new("resources", Shape::Object(&RESOURCES), "How much it may use, and how much it is promised."),
        Key::new(
            "restart_policy",
            Shape::Object(&RESTART_POLICY),
            "When to start a container again; overrides `restart`.",
        ),
        Key::new("labels", PAIRS, "Labels of the Swarm service, not of its containers.").swarm(),
        Key::new("endpoint_mode", form(&ENDPOINT_MODE), "How clients find the service.").swarm(),
        Key::new("placement", Shape::Object(&PLACEMENT), "Which nodes may run it.").swarm(),
        Key::new("update_config", Shape::Object(&UPDATE), "How a new version rolls out.").swarm(),
        Key::new("rollback_config", Shape::Object(&ROLLBACK), "How a failed update rolls back.").swarm(),
    ],
);

static RESOURCES: Object = Object::section(
    "resources",
    "deploy",
    "resources",
    &[
        Key::new("limits", Shape::Object(&LIMITS), "What each container may use at most."),
        Key::new("reservations", Shape::Object(&RESERVATIONS), "What each container is promised."),
    ],
);

const CPUS: Key = Key::new("cpus", NUMBER, "Processors, fractions included: `0.5`.");
const MEMORY: Key = Key::new("memory", SIZE_TEXT, "Memory, such as `512M`.");

static LIMITS: Object = Object::section(
    "limits",
    "deploy",
    "resources",
    &[CPUS, MEMORY, Key::new("pids", INTEGER, "Processes.")],
);

static RESERVATIONS: Object = Object::section(
    "reservations",
    "deploy",
    "resources",
    &[
        CPUS,
        MEMORY,
        Key::new("devices", Shape::List(&Shape::Object(&DEVICE_REQUEST)), "Devices such as GPUs."),
        Key::new(
            "generic_resources",
            Shape::List(&Shape::Object(&GENERIC)),
            "Resources that the nodes of a swarm announce.",
        )
        .swarm(),
    ],
);

static GENERIC: Object = Object::section(
    "generic resource",
    "deploy",
    "resources",
    &[Key::new("discrete_resource_spec", Shape::Object(&DISCRETE), "A countable resource.")],
);

static DISCRETE: Object = Object::section(
    "countable resource",
    "deploy",
    "resources",
    &[Key::new("kind", TEXT, "Its name."), Key::new("value", NUMBER, "How many.")],
);

static RESTART_POLICY: Object = Object::section(
    "restart policy",
    "deploy",
    "restart_policy",
    &[
        Key::new("condition", choice(&["none", "on-failure", "any"]), "After which ends to start again.")
            .default("any"),
        Key::new("delay", DURATION, "How long to wait first.").default("0s").swarm(),
        Key::new("max_attempts", INTEGER, "How often to try.").default("without end"),
        Key::new("window", DURATION, "How long it must run to count as started.").default("0s").swarm(),
    ],
);

static PLACEMENT: Object = Object::section(
    "placement",
    "deploy",
    "placement",
    &[
        Key::new("constraints", TEXTS, "What a node must be, such as `node.role==manager`."),
        Key::new("preferences", Shape::List(&Shape::Object(&PREFERENCE)), "How to spread over nodes."),
        Key::new("max_replicas_per_node", INTEGER, "At most so many on one node."),
    ],
);

static PREFERENCE: Object = Object::section(
    "placement preference",
    "deploy",
    "placement",
    &[Key::new("spread", TEXT, "The node label to spread over.")],
);

macro_rules! roll_out {
    ($failure:literal, $actions:expr) => {
        &[
            Key::new("parallelism", INTEGER, "How many containers at a time; 0 for all.").default("1"),
            Key::new("delay", DURATION, "How long to wait between two groups.").default("0s"),
            Key::new("failure_action", choice($actions), $failure).default("pause"),
            Key::new("monitor", DURATION, "How long to watch each container for failure.").default("5s"),
            Key::new("max_failure_ratio", NUMBER, "The share of failures to accept.").default("0"),
            Key::new(
                "order",
                choice(&["stop-first", "start-first"]),
                "Which goes first, the old or the new one.",
            )
            .default("stop-first"),
        ]
    };
}

static UPDATE: Object = Object::section(
    "update configuration",
    "deploy",
    "update_config",
    roll_out!("What to do when an update fails.", &["pause", "continue", "rollback"]),
);

static ROLLBACK: Object = Object::section(
    "roll-back configuration",
    "deploy",
    "rollback_config",
    roll_out!("What to do when a roll-back fails.", &["pause", "continue"]),
);

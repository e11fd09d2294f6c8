//! `healthcheck` of a service. <https://docs.docker.com/reference/compose-file/services/#healthcheck>

use super::shape::{DURATION, FLAG, Key, NUMBER, Object, TEXT_OR_TEXTS};

/// How to tell that a container works.
pub(super) static HEALTHCHECK: Object = Object::section(
    "health check",
    "services",
    "healthcheck",
    &[
        Key::new(
            "test",
            TEXT_OR_TEXTS,
            "The command: a shell line, or a list that starts with `CMD`, `CMD-SHELL` or `NONE`.",
        )
        .spelt("curl -f http://localhost:8000/", "\n- CMD\n- curl\n- -f\n- http://localhost:8000/"),
        Key::new("interval", DURATION, "Time between two checks.").default("30s"),
        Key::new("timeout", DURATION, "A check that takes longer has failed.").default("30s"),
        Key::new("retries", NUMBER, "So many failures in a row make the container unhealthy.").default("3"),
        Key::new("start_period", DURATION, "Failures in this time after the start do not count.")
            .default("0s"),
        Key::new("start_interval", DURATION, "Time between two checks during `start_period`.")
            .default("5s")
            .since("2.20.2"),
        Key::new("disable", FLAG, "Switches the image's own health check off.").default("false"),
    ],
);

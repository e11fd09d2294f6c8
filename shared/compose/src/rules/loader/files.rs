//! CY050 to CY073: env files, mounts, secrets and configs, commands.

use super::{Says, error, page, warning};
use crate::rules::Rule;

const REFUSED: &str = "Compose refuses the file.";

pub(super) static RULES: [Rule; 16] = [
    error(
        ("CY050", "missing-env-file"),
        Says(
            "A service's env file does not exist.",
            "Compose does not start a service without its variables.",
            "Create the file, or set `required: false`.",
        ),
        page!("services/#env_file"),
        "services:\n  app:\n    image: nginx:1.27\n    env_file: missing.env\n",
    ),
    error(
        ("CY051", "missing-label-file"),
        Says("A service's label file does not exist.", REFUSED, "Create the file, or correct the path."),
        page!("services/#label_file"),
        "services:\n  app:\n    image: nginx:1.27\n    label_file: missing.labels\n",
    ),
    error(
        ("CY052", "unknown-env-file-format"),
        Says("An env file has an unknown `format`.", REFUSED, "Leave `format` out, or write `raw`."),
        page!("services/#env_file"),
        "",
    ),
    error(
        ("CY060", "external-volume-with-options"),
        Says(
            "An external volume has options.",
            "It was made elsewhere, so its options cannot be chosen here.",
            "Remove the options, or remove `external`.",
        ),
        page!("volumes/#external"),
        "services:\n  app:\n    image: nginx:1.27\n    volumes: [data:/data]\nvolumes:\n  data:\n    external: true\n    driver: local\n",
    ),
    error(
        ("CY061", "two-sources"),
        Says(
            "A secret or config has two sources.",
            "Only one of `file`, `environment` and `content` can be its value.",
            "Keep one of them.",
        ),
        page!("configs/"),
        "services:\n  app:\n    image: nginx:1.27\n    configs: [c]\nconfigs:\n  c:\n    file: ./c\n    content: x\n",
    ),
    error(
        ("CY062", "no-source"),
        Says(
            "A secret or config has no source.",
            "There would be nothing to give to the service.",
            "Add `file`, `environment` or, for a config, `content`.",
        ),
        page!("configs/"),
        "services:\n  app:\n    image: nginx:1.27\n    configs: [c]\nconfigs:\n  c: {}\n",
    ),
    error(
        ("CY063", "invalid-host-address"),
        Says("The `host_ip` of a port is no IP address.", REFUSED, "Write an address such as `127.0.0.1`."),
        page!("services/#ports"),
        "services:\n  app:\n    image: nginx:1.27\n    ports:\n      - target: 80\n        published: \"8080\"\n        host_ip: localhost\n",
    ),
    error(
        ("CY064", "count-and-device-ids"),
        Says(
            "A device request has `count` and `device_ids`.",
            "They contradict each other.",
            "Keep one of them.",
        ),
        page!("deploy/#devices"),
        "services:\n  app:\n    image: nginx:1.27\n    gpus:\n      - capabilities: [gpu]\n        count: 1\n        device_ids: [\"0\"]\n",
    ),
    error(
        ("CY065", "blank-watch-path"),
        Says("A watch rule has an empty path.", "There would be nothing to watch.", "Name a file or folder."),
        page!("develop/#path"),
        "services:\n  app:\n    image: nginx:1.27\n    develop:\n      watch:\n        - path: \"\"\n          action: rebuild\n",
    ),
    error(
        ("CY066", "bind-without-source"),
        Says(
            "A bind mount has no source.",
            "There would be nothing to mount.",
            "Add `source`, a path on the host.",
        ),
        page!("services/#volumes"),
        "services:\n  app:\n    image: nginx:1.27\n    volumes:\n      - type: bind\n        target: /data\n",
    ),
    warning(
        ("CY067", "old-external-name"),
        Says(
            "`external` is a mapping with a name.",
            "The form is outdated; newer tools may drop it.",
            "Write `external: true` and `name` beside it.",
        ),
        page!("networks/#external"),
        "services:\n  app:\n    image: nginx:1.27\n    networks: [back]\nnetworks:\n  back:\n    external:\n      name: shared\n",
    ),
    error(
        ("CY068", "two-external-names"),
        Says("A resource has `name` and `external.name`.", "They contradict each other.", "Keep `name`."),
        page!("networks/#external"),
        "",
    ),
    warning(
        ("CY069", "unknown-mount-option"),
        Says(
            "A volume in short form has an unknown option.",
            "Compose ignores it without a word.",
            "Correct the option: `ro`, `rw`, `nocopy`, `z`, `Z` or a propagation.",
        ),
        page!("services/#volumes"),
        "services:\n  app:\n    image: nginx:1.27\n    volumes:\n      - data:/data:readonly\nvolumes:\n  data:\n",
    ),
    error(
        ("CY071", "unknown-condition"),
        Says(
            "A dependency has an unknown condition.",
            REFUSED,
            "Use `service_started`, `service_healthy` or `service_completed_successfully`.",
        ),
        page!("services/#depends_on"),
        "",
    ),
    error(
        ("CY072", "unknown-mount-type"),
        Says(
            "A mount has no type, or an unknown one.",
            REFUSED,
            "Use `bind`, `volume`, `tmpfs`, `image`, `npipe` or `cluster`.",
        ),
        page!("services/#volumes"),
        "",
    ),
    error(
        ("CY073", "invalid-extra-host"),
        Says("A line of `extra_hosts` cannot be read.", REFUSED, "Write `host=address`."),
        page!("services/#extra_hosts"),
        "services:\n  app:\n    image: nginx:1.27\n    extra_hosts:\n      - somehost\n",
    ),
];

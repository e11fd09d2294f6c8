//! CY101 to CY122: what services name and what excludes what.

use super::{Says, error, page};
use crate::rules::Rule;

const REFUSED: &str = "Compose refuses the project.";

pub(super) static RULES: [Rule; 21] = [
    error(
        ("CY101", "undefined-service"),
        Says(
            "A service depends on one that does not exist.",
            REFUSED,
            "Correct the name, or add the service.",
        ),
        page!("services/#depends_on"),
        "services:\n  app:\n    image: nginx:1.27\n    depends_on: [db]\n",
    ),
    error(
        ("CY102", "undefined-network"),
        Says(
            "A service joins a network that is not declared.",
            REFUSED,
            "Declare it under the top-level `networks`, or correct the name.",
        ),
        page!("networks/"),
        "services:\n  app:\n    image: nginx:1.27\n    networks: [back]\n",
    ),
    error(
        ("CY103", "undefined-volume"),
        Says(
            "A service mounts a volume that is not declared.",
            REFUSED,
            "Declare it under the top-level `volumes`. A folder of the project starts with `./`.",
        ),
        page!("volumes/"),
        "services:\n  app:\n    image: nginx:1.27\n    volumes:\n      - data:/data\n",
    ),
    error(
        ("CY104", "undefined-secret"),
        Says(
            "A service uses a secret that is not declared.",
            REFUSED,
            "Declare it under the top-level `secrets`, or correct the name.",
        ),
        page!("secrets/"),
        "services:\n  app:\n    image: nginx:1.27\n    secrets: [key]\n",
    ),
    error(
        ("CY105", "undefined-config"),
        Says(
            "A service uses a config that is not declared.",
            REFUSED,
            "Declare it under the top-level `configs`, or correct the name.",
        ),
        page!("configs/"),
        "services:\n  app:\n    image: nginx:1.27\n    configs: [conf]\n",
    ),
    error(
        ("CY106", "dependency-cycle"),
        Says(
            "Services wait for each other in a circle.",
            "None of them could ever start.",
            "Remove one of the dependencies.",
        ),
        page!("services/#depends_on"),
        "services:\n  a:\n    image: nginx:1.27\n    depends_on: [b]\n  b:\n    image: nginx:1.27\n    depends_on: [a]\n",
    ),
    error(
        ("CY107", "undefined-model"),
        Says(
            "A service uses a model that is not declared.",
            REFUSED,
            "Declare it under the top-level `models`.",
        ),
        page!("models/"),
        "services:\n  app:\n    image: nginx:1.27\n    models: [llm]\n",
    ),
    error(
        ("CY108", "disabled-dependency"),
        Says(
            "A service depends on one that no active profile enables.",
            "The dependency would not be there.",
            "Enable one of its profiles, or set `required: false`.",
        ),
        page!("profiles/"),
        "services:\n  app:\n    image: nginx:1.27\n    depends_on: [db]\n  db:\n    image: redis:7\n    profiles: [data]\n",
    ),
    error(
        ("CY109", "no-such-service"),
        Says(
            "A service was asked for that the project does not have.",
            "There is nothing to start or stop.",
            "Correct the name; `composeyard config --services` lists them.",
        ),
        page!("services/"),
        "",
    ),
    error(
        ("CY110", "no-image"),
        Says(
            "A service has neither an image nor a build context.",
            "There is nothing to run.",
            "Add `image` or `build`.",
        ),
        page!("services/#image"),
        "services:\n  app:\n    environment:\n      A: b\n",
    ),
    error(
        ("CY111", "two-dockerfiles"),
        Says(
            "A build has `dockerfile` and `dockerfile_inline`.",
            "Only one of them can be built.",
            "Keep one of them.",
        ),
        page!("build/#dockerfile_inline"),
        "services:\n  app:\n    build:\n      dockerfile: Dockerfile.dev\n      dockerfile_inline: FROM busybox\n",
    ),
    error(
        ("CY112", "platform-not-built"),
        Says(
            "A service runs on a platform that its build leaves out.",
            "The image would not run there.",
            "Add the platform to `build.platforms`.",
        ),
        page!("build/#platforms"),
        "services:\n  app:\n    platform: linux/riscv64\n    build:\n      context: .\n      platforms: [linux/amd64]\n",
    ),
    error(
        ("CY113", "network-mode-and-networks"),
        Says(
            "A service has `network_mode` and `networks`.",
            "One says that it joins no network, the other names some.",
            "Keep one of them.",
        ),
        page!("services/#network_mode"),
        "services:\n  app:\n    image: nginx:1.27\n    network_mode: host\n    networks: [back]\nnetworks:\n  back:\n",
    ),
    error(
        ("CY114", "invalid-health-test"),
        Says(
            "The test of a health check starts with an unknown word.",
            REFUSED,
            "Start the list with `CMD`, `CMD-SHELL` or `NONE`, or write one text for a shell.",
        ),
        page!("services/#healthcheck"),
        "services:\n  app:\n    image: nginx:1.27\n    healthcheck:\n      test: [curl, localhost]\n",
    ),
    error(
        ("CY115", "two-values"),
        Says(
            "A limit or number stands at the service and under `deploy`, with different values.",
            "Nobody could tell which one counts.",
            "Remove one of them, or give both the same value.",
        ),
        page!("deploy/"),
        "services:\n  app:\n    image: nginx:1.27\n    scale: 2\n    deploy:\n      replicas: 3\n",
    ),
    error(
        ("CY116", "negative-scale"),
        Says("A number of containers is negative.", REFUSED, "Write 0 or more."),
        page!("services/#scale"),
        "",
    ),
    error(
        ("CY118", "shared-container-name"),
        Says(
            "Several containers would have one name.",
            "Container names are unique on an engine.",
            "Remove `container_name`, or run one container.",
        ),
        page!("services/#container_name"),
        "",
    ),
    error(
        ("CY119", "watch-without-target"),
        Says(
            "A watch rule that syncs has no `target`.",
            "Compose would not know where the files go.",
            "Add `target`, a path in the container.",
        ),
        page!("develop/#target"),
        "services:\n  app:\n    image: nginx:1.27\n    develop:\n      watch:\n        - path: ./src\n          action: sync\n",
    ),
    error(
        ("CY120", "target-taken"),
        Says(
            "Two mounts of a service have the same target.",
            "Only one of them can be there.",
            "Choose another target for one of them.",
        ),
        page!("services/#volumes"),
        "services:\n  app:\n    image: nginx:1.27\n    volumes: [data:/data]\n    tmpfs: [/data]\nvolumes:\n  data:\n",
    ),
    error(
        ("CY121", "secret-without-source"),
        Says(
            "A secret has no source that a local engine can read.",
            "There would be nothing to give to the service.",
            "Add `file` or `environment`.",
        ),
        page!("secrets/"),
        "",
    ),
    error(
        ("CY122", "container-name-taken"),
        Says(
            "Two services have the same `container_name`.",
            "Container names are unique on an engine.",
            "Rename one of them, or leave the names to Compose.",
        ),
        page!("services/#container_name"),
        "services:\n  a:\n    image: nginx:1.27\n    container_name: web\n  b:\n    image: nginx:1.27\n    container_name: web\n",
    ),
];

//! A service. <https://docs.docker.com/reference/compose-file/services/>

use super::build::{BUILD, EXTRA_HOSTS};
use super::deploy::DEPLOY;
use super::develop::DEVELOP;
use super::forms::{CONTAINER_NAME, Form, PULL_AGE, PULL_POLICY, RATE, RESTART};
use super::grants::{FILES, GPUS, HOOK, PRE_START, ULIMITS};
use super::healthcheck::HEALTHCHECK;
use super::models::SERVICE_MODELS;
use super::mounts::{DEVICES, VOLUMES};
use super::network::SERVICE_NETWORKS;
use super::ports::PORTS;
use super::shape::{
    BARE_FLAG, COMMAND, COUNT, DURATION, FLAG, INTEGER, Key, NULL, NUMBER, Names, Object, PAIRS, PATH,
    PATH_OR_PATHS, SIZE, Scalar, Shape, TEXT, TEXT_OR_NULL, TEXT_OR_NUMBER, TEXT_OR_TEXTS, TEXTS, choice,
    form, form_or_number, integer,
};

/// One kind of container.
pub static SERVICE: Object = Object::page(
    "service",
    "services",
    &[
        Key::new("annotations", PAIRS, "Annotations of the container."),
        Key::new("attach", FLAG, "Shows its log when `up` runs in the foreground.")
            .default("true")
            .since("2.20"),
        Key::new("build", BUILD, "How to make the image from source.")
            .spelt("./app", "\ncontext: ./app\ndockerfile: Dockerfile"),
        Key::new("blkio_config", Shape::Object(&BLKIO), "Limits on disk access."),
        Key::new("cpu_count", COUNT, "How many processors, on Windows."),
        Key::new("cpu_percent", integer(0, 100), "Share of the processors, on Windows."),
        Key::new("cpu_shares", NUMBER, "Weight against other containers when processors are scarce.")
            .default("1024"),
        Key::new("cpu_period", NUMBER, "Length of the scheduler's period, in microseconds."),
        Key::new("cpu_quota", NUMBER, "Processor time in each period, in microseconds."),
        Key::new("cpu_rt_runtime", TEXT_OR_NUMBER, "Real-time processor time in each period."),
        Key::new("cpu_rt_period", TEXT_OR_NUMBER, "Length of the real-time period."),
        Key::new("cpus", NUMBER, "Processors at most, fractions included: `0.5`."),
        Key::new("cpuset", TEXT, "Which processors: `0-3` or `0,1`."),
        Key::new("cap_add", TEXTS, "Linux capabilities to grant."),
        Key::new("cap_drop", TEXTS, "Linux capabilities to take away; `ALL` for all."),
        Key::new("cgroup", choice(&["host", "private"]), "The control group namespace.").since("2.15"),
        Key::new("cgroup_parent", TEXT, "The parent control group."),
        Key::new("command", COMMAND, "Replaces the image's `CMD`.")
            .spelt("./serve --port 8000", "\n- ./serve\n- --port\n- \"8000\""),
        Key::new("configs", FILES, "Configs that it receives as files.")
            .spelt("\n- settings", "\n- source: settings\n  target: /etc/app.conf"),
        Key::new("container_name", form(&CONTAINER_NAME), "A fixed name; such a service cannot be scaled.")
            .default("<project>-<service>-<number>"),
        Key::new("credential_spec", Shape::Object(&CREDENTIALS), "Managed service account, on Windows."),
        Key::new("depends_on", DEPENDS_ON, "Services that must be up before it starts, and how far up.")
            .spelt("\n- db", "\ndb:\n  condition: service_healthy"),
        Key::new("deploy", Shape::OneOf(&[Shape::Object(&DEPLOY), NULL]), "Replicas and limits."),
        Key::new(
            "develop",
            Shape::OneOf(&[Shape::Object(&DEVELOP), NULL]),
            "What to do when source files change.",
        )
        .since("2.22"),
        Key::new("device_cgroup_rules", TEXTS, "Rules for devices that appear later."),
        Key::new("devices", DEVICES, "Host devices that it may use.")
            .spelt("\n- /dev/ttyUSB0:/dev/ttyUSB0", "\n- source: /dev/ttyUSB0\n  target: /dev/ttyUSB0"),
        Key::new("dns", TEXT_OR_TEXTS, "DNS servers."),
        Key::new("dns_opt", TEXTS, "Options of the resolver."),
        Key::new("dns_search", TEXT_OR_TEXTS, "Search domains."),
        Key::new("domainname", TEXT, "The container's domain name."),
        Key::new("entrypoint", COMMAND, "Replaces the image's `ENTRYPOINT`, and clears its `CMD`.")
            .spelt("/entrypoint.sh", "\n- /entrypoint.sh\n- --verbose"),
        Key::new("env_file", ENV_FILE, "Files with environment variables; `environment` wins over them.")
            .spelt("app.env", "\n- path: app.env\n  required: false"),
        Key::new(
            "environment",
            PAIRS,
            "Environment variables; a name without value is passed on from outside.",
        ),
        Key::new(
            "expose",
            Shape::List(&TEXT_OR_NUMBER),
            "Ports for other containers only, for people to read.",
        ),
        Key::new("extends", EXTENDS, "Takes over the definition of another service.")
            .spelt("base", "\nservice: base\nfile: common.yaml"),
        Key::new("external_links", TEXTS, "Containers of other projects to link to."),
        Key::new("extra_hosts", EXTRA_HOSTS, "Further lines of `/etc/hosts`.")
            .spelt("\n- host.docker.internal=host-gateway", "\nhost.docker.internal: host-gateway"),
        Key::new("gpus", GPUS, "GPUs that it may use.")
            .spelt("all", "\n- driver: nvidia\n  count: 1")
            .since("2.30"),
        Key::new("group_add", Shape::List(&TEXT_OR_NUMBER), "Further groups of its user."),
        Key::new("healthcheck", Shape::Object(&HEALTHCHECK), "How to tell that it works.")
            .default("the image's own, if any"),
        Key::new("hostname", TEXT, "The container's host name.").default("the container's id"),
        Key::new("image", TEXT, "The image to run: `name:tag`."),
        Key::new("init", FLAG, "Runs a small init process first, which reaps zombies and passes signals on.")
            .default("false"),
        Key::new("ipc", TEXT, "The IPC namespace: `shareable`, `host`, `service:name`."),
        Key::new("isolation", TEXT, "How Windows isolates the container."),
        Key::new("labels", PAIRS, "Labels of the container."),
        Key::new("label_file", PATH_OR_PATHS, "Files with labels.").since("2.32.2"),
        Key::new("links", TEXTS, "Outdated: services on one network reach each other by name without it."),
        Key::new("logging", Shape::Object(&LOGGING), "Where its log goes."),
        Key::new("mac_address", TEXT, "The container's MAC address."),
        Key::new("mem_limit", SIZE, "Memory at most, such as `512m`."),
        Key::new("mem_reservation", SIZE, "Memory to leave it when memory is scarce."),
        Key::new("mem_swappiness", integer(0, 100), "How readily its memory is swapped out."),
        Key::new("memswap_limit", SIZE, "Memory and swap together; -1 for no limit."),
        Key::new("models", SERVICE_MODELS, "Language models that it uses.")
            .spelt("\n- llm", "\nllm:\n  endpoint_var: LLM_URL")
            .since("2.38"),
        Key::new(
            "network_mode",
            form(&NETWORK_MODE),
            "Shares a network instead of joining one; not together with `networks`.",
        ),
        Key::new("networks", SERVICE_NETWORKS, "Networks that it joins.")
            .spelt("\n- back", "\nback:\n  aliases: [api]")
            .default("`default`"),
        Key::new("oom_kill_disable", FLAG, "Keeps it alive when memory runs out.").default("false"),
        Key::new("oom_score_adj", integer(-1000, 1000), "How likely it is killed when memory runs out.")
            .default("0"),
        Key::new("pid", TEXT_OR_NULL, "The process namespace: `host`, `service:name`."),
        Key::new("pids_limit", NUMBER, "Processes at most; -1 for no limit."),
        Key::new("platform", TEXT, "The platform to run, such as `linux/amd64`."),
        Key::new("ports", PORTS, "Ports of the container that are open on the host.")
            .spelt("\n- \"8080:80\"", "\n- target: 80\n  published: \"8080\""),
        Key::new(
            "post_start",
            Shape::List(&Shape::Object(&HOOK)),
            "Commands to run in the container after its start.",
        )
        .since("2.30"),
        Key::new(
            "pre_start",
            Shape::List(&Shape::Object(&PRE_START)),
            "Containers that run to their end before it starts.",
        )
        .since("5.0"),
        Key::new(
            "pre_stop",
            Shape::List(&Shape::Object(&HOOK)),
            "Commands to run in the container before it is stopped.",
        )
        .since("2.30"),
        Key::new("privileged", FLAG, "Gives it all rights on the host.").default("false"),
        Key::new("profiles", TEXTS, "It starts only when one of these profiles is active."),
        Key::new("provider", Shape::Object(&PROVIDER), "A program outside Docker that provides the service.")
            .since("2.36"),
        Key::new("pull_policy", form(&PULL_POLICY), "When to pull the image.").default("missing"),
        Key::new(
            "pull_refresh_after",
            form(&PULL_AGE),
            "How old a pulled image may be, with `pull_policy: refresh`.",
        ),
        Key::new("read_only", FLAG, "Makes the container's own file system read-only.").default("false"),
        Key::new("restart", form(&RESTART), "When to start it again after it ended.").default("\"no\""),
        Key::new("runtime", TEXT, "The OCI runtime, such as `runc`."),
        Key::new("scale", COUNT, "How many containers; `deploy.replicas` is the newer way.").default("1"),
        Key::new("secrets", FILES, "Secrets that it receives as files.")
            .spelt("\n- password", "\n- source: password\n  target: db_password\n  mode: \"0440\""),
        Key::new("security_opt", TEXTS, "Security options, such as `no-new-privileges:true`."),
        Key::new("shm_size", SIZE, "Size of `/dev/shm`.").default("64m"),
        Key::new("stdin_open", FLAG, "Keeps standard input open.").default("false"),
        Key::new("stop_grace_period", DURATION, "How long it may take to stop before it is killed.")
            .default("10s"),
        Key::new("stop_signal", TEXT, "The signal that asks it to stop.").default("SIGTERM"),
        Key::new(
            "storage_opt",
            Shape::Map { names: Names::Any, values: &Shape::Any },
            "Options of the storage driver.",
        ),
        Key::new("sysctls", PAIRS, "Kernel parameters of the container."),
        Key::new("tmpfs", TEXT_OR_TEXTS, "Folders that live in memory."),
        Key::new("tty", FLAG, "Gives it a terminal.").default("false"),
        Key::new("ulimits", ULIMITS, "Process limits.")
            .spelt("\nnofile: 65536", "\nnofile:\n  soft: 20000\n  hard: 40000"),
        Key::new("use_api_socket", BARE_FLAG, "Gives it the engine's socket and the user's registry logins.")
            .default("false"),
        Key::new("user", TEXT, "Who runs its process: a name, or `\"1000:1000\"`.")
            .default("the image's user"),
        Key::new("userns_mode", TEXT, "The user namespace."),
        Key::new("uts", TEXT, "The UTS namespace; `host` shares the host's name.").since("2.15.1"),
        Key::new("volumes", VOLUMES, "Host folders and volumes that it sees.")
            .spelt("\n- data:/var/lib/data", "\n- type: volume\n  source: data\n  target: /var/lib/data"),
        Key::new("volumes_from", TEXTS, "Takes over the mounts of other services."),
        Key::new("working_dir", TEXT, "The folder its process starts in."),
    ],
);

static NETWORK_MODE: Form = Form {
    name: "a network mode",
    looks_like: "`host`, `none`, `bridge`, `service:name` or `container:name`",
    words: &["host", "none", "bridge", "service:"],
    accepts: |_| true,
    loads: super::forms::ANY,
};

/// Names, or names with what to wait for.
const DEPENDS_ON: Shape =
    Shape::OneOf(&[TEXTS, Shape::Map { names: Names::Resource, values: &Shape::Object(&DEPENDENCY) }]);

static DEPENDENCY: Object = Object::section(
    "dependency",
    "services",
    "depends_on",
    &[
        Key::new(
            "condition",
            choice(&["service_started", "service_healthy", "service_completed_successfully"]),
            "When the dependency counts as met.",
        )
        .required(),
        Key::new("restart", FLAG, "Restarts this service when the dependency is restarted.")
            .default("false")
            .since("2.17"),
        Key::new("required", BARE_FLAG, "Fails when the dependency is missing; otherwise warns.")
            .default("true")
            .since("2.20"),
    ],
);

/// A path, or a list of paths and of paths with options.
const ENV_FILE: Shape =
    Shape::OneOf(&[PATH, Shape::List(&Shape::OneOf(&[PATH, Shape::Object(&ENV_FILE_LONG)]))]);

static ENV_FILE_LONG: Object = Object::section(
    "env file",
    "services",
    "env_file",
    &[
        Key::new("path", PATH, "The file.").required(),
        Key::new("required", FLAG, "Fails when the file is missing.").default("true").since("2.24"),
        Key::new("format", TEXT, "`raw` takes values as they stand, without quotes and `${…}`.")
            .since("2.30"),
    ],
)
.without_extensions();

/// The name of a service of this file, or of a service of another file.
const EXTENDS: Shape = Shape::OneOf(&[TEXT, Shape::Object(&EXTENDS_LONG)]);

static EXTENDS_LONG: Object = Object::section(
    "extends",
    "services",
    "extends",
    &[
        Key::new("service", TEXT, "The service to take over.").required(),
        Key::new("file", PATH, "The Compose file it stands in.").default("this file"),
    ],
)
.without_extensions()
.open();

static LOGGING: Object = Object::section(
    "logging",
    "services",
    "logging",
    &[
        Key::new("driver", form(&LOG_DRIVER), "The log driver.").default("json-file"),
        Key::new(
            "options",
            Shape::Map {
                names: Names::Any,
                values: &Shape::Scalar(Scalar {
                    text: true,
                    number: true,
                    boolean: false,
                    null: true,
                    meaning: super::Meaning::Text,
                }),
            },
            "Options of the driver, such as `max-size: 10m`.",
        ),
    ],
);

static LOG_DRIVER: Form = Form {
    name: "a log driver",
    looks_like: "the name of a driver",
    words: &["json-file", "local", "journald", "syslog", "fluentd", "none"],
    accepts: |_| true,
    loads: super::forms::ANY,
};

static CREDENTIALS: Object = Object::section(
    "credential spec",
    "services",
    "credential_spec",
    &[
        Key::new("config", TEXT, "A config that holds it."),
        Key::new("file", TEXT, "A file that holds it."),
        Key::new("registry", TEXT, "A registry value that holds it."),
    ],
);

static PROVIDER: Object = Object::section(
    "provider",
    "services",
    "provider",
    &[
        Key::new("type", TEXT, "The program: a Docker CLI plug-in or a command in the path.").required(),
        Key::new(
            "options",
            Shape::Map {
                names: Names::Any,
                values: &Shape::OneOf(&[PROVIDER_VALUE, Shape::List(&PROVIDER_VALUE)]),
            },
            "Options of the program.",
        )
        .spelt("\nsize: small", "\nregion: [eu, us]"),
    ],
);

const PROVIDER_VALUE: Shape = Shape::Scalar(Scalar {
    text: true,
    number: true,
    boolean: true,
    null: false,
    meaning: super::Meaning::Text,
});

static BLKIO: Object = Object::section(
    "set of disk limits",
    "services",
    "blkio_config",
    &[
        Key::new("weight", integer(10, 1000), "Weight against other containers.").default("500"),
        Key::new("weight_device", Shape::List(&Shape::Object(&WEIGHT)), "Weight for each device."),
        Key::new("device_read_bps", LIMITS, "Bytes a second that it may read."),
        Key::new("device_read_iops", LIMITS, "Reads a second."),
        Key::new("device_write_bps", LIMITS, "Bytes a second that it may write."),
        Key::new("device_write_iops", LIMITS, "Writes a second."),
    ],
)
.without_extensions();

const LIMITS: Shape = Shape::List(&Shape::Object(&LIMIT));

static LIMIT: Object = Object::section(
    "device limit",
    "services",
    "blkio_config",
    &[
        Key::new("path", TEXT, "The device, such as `/dev/sda`."),
        Key::new("rate", form_or_number(&RATE), "The limit."),
    ],
)
.without_extensions();

static WEIGHT: Object = Object::section(
    "device weight",
    "services",
    "blkio_config",
    &[
        Key::new("path", TEXT, "The device, such as `/dev/sda`."),
        Key::new("weight", INTEGER, "From 10 to 1000."),
    ],
)
.without_extensions();

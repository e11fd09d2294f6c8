//! `volumes`, `devices` and `tmpfs` of a service. <https://docs.docker.com/reference/compose-file/services/#volumes>

use super::forms::{FILE_MODE, Form, WHOLE_BYTES};
use super::shape::{FLAG, Key, Object, PAIRS, Shape, TEXT, choice, form, form_or_number};

/// `source:target:options`, or a mapping that names each part.
pub(super) const VOLUMES: Shape = Shape::List(&Shape::OneOf(&[TEXT, Shape::Object(&LONG)]));

static LONG: Object = Object::section(
    "mount",
    "services",
    "volumes",
    &[
        Key::new(
            "type",
            choice(&["bind", "volume", "tmpfs", "cluster", "npipe", "image"]),
            "What is mounted: a host folder, a volume, memory, an image.",
        )
        .required(),
        Key::new("source", TEXT, "The host path, the volume's name or the image."),
        Key::new("target", TEXT, "The path in the container."),
        Key::new("read_only", FLAG, "The container cannot write to it.").default("false"),
        Key::new("consistency", TEXT, "Ignored by current engines."),
        Key::new("bind", Shape::Object(&BIND), "Options of a bind mount."),
        Key::new("volume", Shape::Object(&VOLUME), "Options of a volume mount."),
        Key::new("tmpfs", Shape::Object(&TMPFS), "Options of a mount in memory."),
        Key::new("image", Shape::Object(&IMAGE), "Options of an image mount.").since("2.35"),
    ],
);

static PROPAGATION: Form = Form {
    name: "a mount propagation",
    looks_like: "`shared`, `slave`, `private`, `rshared`, `rslave` or `rprivate`",
    words: &["rprivate", "private", "rshared", "shared", "rslave", "slave"],
    accepts: |_| true,
    loads: super::forms::ANY,
};

static BIND: Object = Object::section(
    "bind mount",
    "services",
    "volumes",
    &[
        Key::new("propagation", form(&PROPAGATION), "How mounts below it spread.").default("rprivate"),
        Key::new("create_host_path", FLAG, "Makes the host folder when it is missing.").default("true"),
        Key::new(
            "recursive",
            choice(&["enabled", "disabled", "writable", "readonly"]),
            "What happens to mounts below it.",
        )
        .default("enabled"),
        Key::new("selinux", choice(&["z", "Z"]), "Relabels for SELinux: `z` shared, `Z` private."),
    ],
);

static VOLUME: Object = Object::section(
    "volume mount",
    "services",
    "volumes",
    &[
        Key::new("labels", PAIRS, "Labels of an anonymous volume."),
        Key::new("nocopy", FLAG, "Does not fill a new volume with the image's files.").default("false"),
        Key::new("subpath", TEXT, "Mounts a folder inside the volume.").since("2.26"),
    ],
);

static TMPFS: Object = Object::section(
    "tmpfs mount",
    "services",
    "volumes",
    &[
        Key::new("size", form_or_number(&WHOLE_BYTES), "Bytes at most."),
        Key::new("mode", form_or_number(&FILE_MODE), "Permissions in octal."),
    ],
);

static IMAGE: Object = Object::section(
    "image mount",
    "services",
    "volumes",
    &[Key::new("subpath", TEXT, "Mounts a folder inside the image.")],
);

/// `/dev/x:/dev/y:rwm`, or a mapping that names each part.
pub(super) const DEVICES: Shape = Shape::List(&Shape::OneOf(&[TEXT, Shape::Object(&DEVICE)]));

static DEVICE: Object = Object::section(
    "device",
    "services",
    "devices",
    &[
        Key::new("source", TEXT, "The device on the host, or a CDI name.").required(),
        Key::new("target", TEXT, "The device in the container."),
        Key::new("permissions", TEXT, "Read, write, make nodes.").default("rwm"),
    ],
);

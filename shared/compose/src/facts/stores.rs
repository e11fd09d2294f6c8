//! Top-level volumes, secrets and configs.
//! <https://docs.docker.com/reference/compose-file/volumes/>, <https://docs.docker.com/reference/compose-file/secrets/>

use super::shape::{DRIVER_OPTIONS, FLAG, Key, Object, PAIRS, PATH, Shape, TEXT};

/// `external`: true, or the old form with a name.
pub(super) const EXTERNAL: Shape = Shape::OneOf(&[FLAG, Shape::Object(&OLD_EXTERNAL)]);

static OLD_EXTERNAL: Object = Object::section(
    "external",
    "volumes",
    "external",
    &[Key::new("name", TEXT, "Outdated: write `name` beside `external: true`.")],
);

/// `external` of secrets and configs, whose old form takes any further key.
const OPEN_EXTERNAL: Shape = Shape::OneOf(&[FLAG, Shape::Object(&OPEN_OLD_EXTERNAL)]);

static OPEN_OLD_EXTERNAL: Object =
    Object::section("external", "secrets", "external", OLD_EXTERNAL.keys).open();

/// A top-level volume.
pub(super) static VOLUME: Object = Object::page(
    "volume",
    "volumes",
    &[
        Key::new("driver", TEXT, "The volume driver.").default("local"),
        Key::new("driver_opts", DRIVER_OPTIONS, "Options of the driver."),
        Key::new("external", EXTERNAL, "The volume exists already; Compose neither makes nor removes it.")
            .default("false"),
        Key::new("labels", PAIRS, "Labels of the volume."),
        Key::new("name", TEXT, "The volume's name outside the project.").default("<project>_<key>"),
    ],
);

/// A top-level secret.
pub(super) static SECRET: Object = Object::section(
    "secret",
    "secrets",
    "attributes",
    &[
        Key::new("file", PATH, "The file that holds the value."),
        Key::new("environment", TEXT, "The variable that holds the value."),
        Key::new("external", OPEN_EXTERNAL, "The secret exists already; a local engine has none of these.")
            .default("false"),
        Key::new("labels", PAIRS, "Labels of the secret.").swarm(),
        Key::new("name", TEXT, "The secret's name outside the project.").default("<project>_<key>"),
        Key::new("driver", TEXT, "The secret driver.").swarm(),
        Key::new("driver_opts", DRIVER_OPTIONS, "Options of the driver.").swarm(),
        Key::new("template_driver", TEXT, "The driver that fills a template in.").swarm(),
    ],
);

/// A top-level config.
pub(super) static CONFIG: Object = Object::section(
    "config",
    "configs",
    "attributes",
    &[
        Key::new("file", PATH, "The file that holds the content."),
        Key::new("content", TEXT, "The content itself.").since("2.23.1"),
        Key::new("environment", TEXT, "The variable that holds the content.").since("2.23.1"),
        Key::new("external", OPEN_EXTERNAL, "The config exists already; a local engine has none of these.")
            .default("false"),
        Key::new("labels", PAIRS, "Labels of the config.").swarm(),
        Key::new("name", TEXT, "The config's name outside the project.").default("<project>_<key>"),
        Key::new("template_driver", TEXT, "The driver that fills a template in.").swarm(),
    ],
);

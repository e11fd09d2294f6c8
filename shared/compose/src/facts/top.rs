//! The top level of a Compose file. <https://docs.docker.com/reference/compose-file/>

use super::include::INCLUDE;
use super::models::MODEL;
use super::network::NETWORK;
use super::service::SERVICE;
use super::shape::{Key, NULL, Names, Object, Shape, TEXT};
use super::stores::{CONFIG, SECRET, VOLUME};

const fn named(values: &'static Shape) -> Shape {
    Shape::Map { names: Names::Resource, values }
}

/// The top level.
pub static TOP: Object = Object::page(
    "Compose file",
    "",
    &[
        Key::new("version", TEXT, "Ignored. Older tools read the file format from it; remove it."),
        Key::new("name", TEXT, "The project's name: prefix of its containers, networks and volumes.")
            .default("the name of the folder"),
        Key::new("include", Shape::List(&INCLUDE), "Other Compose files that belong to this project.")
            .spelt("\n- ./db/compose.yaml", "\n- path: ./db/compose.yaml\n  env_file: ./db/.env")
            .since("2.20"),
        Key::new(
            "services",
            named(&Shape::Object(&SERVICE)),
            "The containers of the project, one entry a kind.",
        ),
        Key::new("models", named(&Shape::Object(&MODEL)), "Language models that services use.").since("2.38"),
        Key::new(
            "networks",
            named(&Shape::OneOf(&[Shape::Object(&NETWORK), NULL])),
            "Networks that services join to reach each other by name.",
        )
        .default("one network, `default`, for all services"),
        Key::new(
            "volumes",
            named(&Shape::OneOf(&[Shape::Object(&VOLUME), NULL])),
            "Named volumes: data that outlives its containers.",
        ),
        Key::new(
            "secrets",
            named(&Shape::Object(&SECRET)),
            "Sensitive values that services receive as files.",
        ),
        Key::new("configs", named(&Shape::Object(&CONFIG)), "Configuration that services receive as files."),
    ],
);

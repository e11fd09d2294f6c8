//! `models`, at the top level and of a service. <https://docs.docker.com/reference/compose-file/models/>

use super::shape::{BARE_INTEGER, Key, NULL, Names, Object, Shape, TEXT, TEXTS};

/// A top-level model.
pub(super) static MODEL: Object = Object::page(
    "model",
    "models",
    &[
        Key::new("name", TEXT, "The model's name outside the project."),
        Key::new("model", TEXT, "The model as an image reference, such as `ai/smollm2`.").required(),
        Key::new("context_size", BARE_INTEGER, "How many tokens the model keeps in view."),
        Key::new("runtime_flags", TEXTS, "Flags passed to the engine that runs the model."),
    ],
);

/// `models` of a service: names, or names with the variables that tell the service about them.
pub(super) const SERVICE_MODELS: Shape = Shape::OneOf(&[
    TEXTS,
    Shape::Map { names: Names::Resource, values: &Shape::OneOf(&[Shape::Object(&USE), NULL]) },
]);

static USE: Object = Object::section(
    "model of a service",
    "services",
    "models",
    &[
        Key::new("endpoint_var", TEXT, "The variable that receives the model's address."),
        Key::new("model_var", TEXT, "The variable that receives the model's name."),
    ],
);

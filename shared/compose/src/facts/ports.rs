//! `ports` of a service. <https://docs.docker.com/reference/compose-file/services/#ports>

use super::forms::{PORT, PORT_OR_RANGE, PROTOCOL};
use super::shape::{Key, Object, Shape, TEXT, TEXT_OR_NUMBER, choice, form, form_or_number};

/// `8080:80`, or a mapping that names each part.
pub(super) const PORTS: Shape = Shape::List(&Shape::OneOf(&[TEXT_OR_NUMBER, Shape::Object(&LONG)]));

static LONG: Object = Object::section(
    "port",
    "services",
    "ports",
    &[
        Key::new("target", form_or_number(&PORT), "The port inside the container."),
        Key::new(
            "published",
            form_or_number(&PORT_OR_RANGE),
            "The port on the host, or a range to pick one from; without it the engine picks any.",
        ),
        Key::new("host_ip", TEXT, "The host address to listen on.").default("all addresses"),
        Key::new("protocol", form(&PROTOCOL), "The transport protocol.").default("tcp"),
        Key::new("app_protocol", TEXT, "The application protocol, for people and tools, such as `http`.")
            .since("2.26"),
        Key::new("mode", choice(&["host", "ingress"]), "How Swarm publishes the port.")
            .default("ingress")
            .swarm(),
        Key::new("name", TEXT, "A name for people."),
    ],
);

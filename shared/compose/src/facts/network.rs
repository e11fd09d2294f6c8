//! Networks, at the top level and of a service. <https://docs.docker.com/reference/compose-file/networks/>

use super::shape::{
    BARE_NUMBER, DRIVER_OPTIONS, FLAG, Key, NULL, Names, Object, PAIRS, Shape, TEXT, TEXTS, form,
};
use super::{forms::Form, stores::EXTERNAL};

static DRIVER: Form = Form {
    name: "a network driver",
    looks_like: "the name of a driver",
    words: &["bridge", "overlay", "macvlan", "ipvlan", "host", "none"],
    accepts: |_| true,
    loads: super::forms::ANY,
};

/// A top-level network.
pub(super) static NETWORK: Object = Object::page(
    "network",
    "networks",
    &[
        Key::new("attachable", FLAG, "Lets containers of other projects join.").default("false"),
        Key::new("driver", form(&DRIVER), "The network driver.").default("bridge"),
        Key::new("driver_opts", DRIVER_OPTIONS, "Options of the driver."),
        Key::new("enable_ipv4", FLAG, "Gives containers IPv4 addresses.").default("true").since("2.33.1"),
        Key::new("enable_ipv6", FLAG, "Gives containers IPv6 addresses.").default("false"),
        Key::new("external", EXTERNAL, "The network exists already; Compose neither makes nor removes it.")
            .default("false"),
        Key::new("internal", FLAG, "Cuts the network off from the outside.").default("false"),
        Key::new("ipam", Shape::Object(&IPAM), "Address ranges."),
        Key::new("labels", PAIRS, "Labels of the network."),
        Key::new("name", TEXT, "The network's name outside the project.").default("<project>_<key>"),
    ],
);

const TEXT_MAP: Shape = Shape::Map { names: Names::Given, values: &TEXT };

static IPAM: Object = Object::section(
    "address management",
    "networks",
    "ipam",
    &[
        Key::new("driver", TEXT, "The driver that manages addresses.").default("default"),
        Key::new("config", Shape::List(&Shape::Object(&POOL)), "Address pools."),
        Key::new("options", TEXT_MAP, "Options of the driver."),
    ],
);

static POOL: Object = Object::section(
    "address pool",
    "networks",
    "ipam",
    &[
        Key::new("subnet", TEXT, "The range in CIDR notation, such as `172.28.0.0/16`."),
        Key::new("ip_range", TEXT, "The part of the range that containers get addresses from."),
        Key::new("gateway", TEXT, "The gateway's address."),
        Key::new("aux_addresses", TEXT_MAP, "Addresses that containers do not get, by host name."),
    ],
);

/// `networks` of a service: names, or names with the service's place on them.
pub(super) const SERVICE_NETWORKS: Shape = Shape::OneOf(&[
    TEXTS,
    Shape::Map { names: Names::Resource, values: &Shape::OneOf(&[Shape::Object(&ENDPOINT), NULL]) },
]);

static ENDPOINT: Object = Object::section(
    "network of a service",
    "services",
    "networks",
    &[
        Key::new("aliases", TEXTS, "Further names of the service on this network."),
        Key::new("interface_name", TEXT, "The name of the network interface in the container.").since("2.36"),
        Key::new("ipv4_address", TEXT, "A fixed IPv4 address; the network needs an `ipam` range."),
        Key::new("ipv6_address", TEXT, "A fixed IPv6 address; the network needs an `ipam` range."),
        Key::new("link_local_ips", TEXTS, "Link-local addresses."),
        Key::new("mac_address", TEXT, "The MAC address on this network.").since("2.23.2"),
        Key::new("driver_opts", DRIVER_OPTIONS, "Options for the driver.").since("2.27.1"),
        Key::new("gw_priority", BARE_NUMBER, "The network with the highest value is the default gateway.")
            .default("0")
            .since("2.33.1"),
        Key::new("priority", BARE_NUMBER, "Networks are joined in this order, the highest first.")
            .default("0"),
    ],
);

//! The project as a picture: service, network and volume nodes, `depends_on` edges, and a layered layout.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Project, ServiceName, model::Condition};

/// What a node stands for; also its stable key across edits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKey {
    /// A service.
    Service(ServiceName),
    /// A top-level volume.
    Volume(String),
    /// A top-level secret.
    Secret(String),
    /// A top-level config.
    Config(String),
    /// A top-level network: a lane, never one of [`Graph::nodes`], but it can be selected.
    Network(String),
}

/// A line between two nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edge {
    /// `from` waits for `to`.
    DependsOn { from: ServiceName, to: ServiceName, condition: Condition, required: bool },
    /// A service mounts a volume, secret or config at a path.
    Mounts { service: ServiceName, resource: NodeKey, target: String, read_only: bool },
}

/// A network and its members, drawn as a lane around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Key of the network.
    pub network: String,
    /// `bridge`, …; empty for the default.
    pub driver: String,
    /// No way out.
    pub internal: bool,
    /// Made by someone else.
    pub external: bool,
    /// Services on it.
    pub members: Vec<ServiceName>,
}

/// The picture's content, in source order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// Nodes.
    pub nodes: Vec<NodeKey>,
    /// Edges.
    pub edges: Vec<Edge>,
    /// Networks.
    pub lanes: Vec<Lane>,
}

/// A point in canvas units (CSS pixels at 100 %).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// Width and height in canvas units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// To the right.
    pub width: f64,
    /// Down.
    pub height: f64,
}

/// A rectangle in canvas units, `at` its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// Upper left.
    pub at: Point,
    /// Extent.
    pub size: Size,
}

/// Where everything goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Each node's place.
    pub nodes: BTreeMap<NodeKey, Rect>,
    /// Each network's lane, in the order of [`Graph::lanes`]: the smallest box around its members with room for
    /// the label; lanes of different networks do not share an edge line.
    pub lanes: Vec<Rect>,
    /// The box around all.
    pub bounds: Rect,
}

/// The picture of a project.
pub fn graph(_project: &Project) -> Graph {
    Graph::default()
}

/// Lays a graph out in columns from left to right: a service stands right of those that depend on it, volumes last.
/// Pinned nodes stay where they are; no two nodes overlap. Deterministic.
pub fn layout(
    _graph: &Graph,
    _size: &dyn Fn(&NodeKey) -> Size,
    _pinned: &BTreeMap<NodeKey, Point>,
) -> Layout {
    Layout::default()
}

/// Lanes and bounds for nodes that the user has moved, without moving them.
pub fn lanes(_graph: &Graph, _nodes: &BTreeMap<NodeKey, Rect>) -> (Vec<Rect>, Rect) {
    (Vec::new(), Rect::default())
}

//! The project as a picture: service, network and volume nodes, `depends_on` edges, and a layered layout.
//!
//! | module | what it does |
//! |---|---|
//! | `build` | project to [`Graph`], and what of it is off |
//! | `layout` | [`Graph`] to [`Layout`], through the steps below |
//! | `geometry` | points, sizes, rectangles |
//! | `plot` | names to numbers, and room for lines over several columns |
//! | `columns` | ranks by longest path, order by barycentre |
//! | `rows` | heights, level with neighbours |
//! | `lanes` | boxes around the members of networks |
//! | `pins` | room for what the user placed |

mod build;
mod columns;
mod geometry;
mod lanes;
mod layout;
mod pins;
mod plot;
mod rows;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use build::{graph, off};
pub use geometry::{Point, Rect, Size};
pub use lanes::lanes;
pub use layout::{layout, layout_down};

use crate::{ServiceName, model::Condition};

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
    DependsOn {
        /// The one that waits.
        from: ServiceName,
        /// The one waited for.
        to: ServiceName,
        /// Until when.
        condition: Condition,
        /// False when `from` may start without it.
        required: bool,
    },
    /// A service mounts a volume, secret or config at a path.
    Mounts {
        /// Who sees it.
        service: ServiceName,
        /// What is mounted.
        resource: NodeKey,
        /// Path in the container.
        target: String,
        /// Not writable.
        read_only: bool,
    },
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

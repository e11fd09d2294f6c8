//! The graph with numbers for names, as the layout steps need it.

use std::collections::BTreeMap;

use super::{Edge, Graph, NodeKey, Size};

/// Nodes are their index in [`Graph::nodes`].
pub(super) struct Plot {
    pub(super) sizes: Vec<Size>,
    pub(super) is_service: Vec<bool>,
    /// From the one that needs to what it needs: `depends_on` and mounts.
    pub(super) needs: Vec<Vec<usize>>,
    /// The same edges, seen from the other end.
    pub(super) needed_by: Vec<Vec<usize>>,
    /// The lanes a node is in, as indexes of [`Graph::lanes`].
    pub(super) lanes: Vec<Vec<usize>>,
}

impl Plot {
    pub(super) fn new(graph: &Graph, size: &dyn Fn(&NodeKey) -> Size) -> Self {
        let index: BTreeMap<&NodeKey, usize> =
            graph.nodes.iter().enumerate().map(|(at, key)| (key, at)).collect();
        let count = graph.nodes.len();
        let mut plot = Self {
            sizes: graph.nodes.iter().map(size).collect(),
            is_service: graph.nodes.iter().map(|key| matches!(key, NodeKey::Service(_))).collect(),
            needs: vec![Vec::new(); count],
            needed_by: vec![Vec::new(); count],
            lanes: vec![Vec::new(); count],
        };
        for edge in &graph.edges {
            let (from, to) = match edge {
                Edge::DependsOn { from, to, .. } => (from, NodeKey::Service(to.clone())),
                Edge::Mounts { service, resource, .. } => (service, resource.clone()),
            };
            let ends = (index.get(&NodeKey::Service(from.clone())), index.get(&to));
            if let (Some(&from), Some(&to)) = ends
                && from != to
            {
                plot.needs[from].push(to);
                plot.needed_by[to].push(from);
            }
        }
        for (lane, network) in graph.lanes.iter().enumerate() {
            for member in &network.members {
                if let Some(&node) = index.get(&NodeKey::Service(member.clone())) {
                    plot.lanes[node].push(lane);
                }
            }
        }
        plot
    }

    pub(super) fn len(&self) -> usize {
        self.sizes.len()
    }
}

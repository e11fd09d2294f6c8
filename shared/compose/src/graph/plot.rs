//! The graph with numbers for names, as the layout steps need it.

use std::collections::BTreeMap;

use super::{Edge, Graph, NodeKey, Size};

/// Stops are left out when there would be more than this many for each node: the picture is a tangle either way.
const MAX_STOPS_PER_NODE: usize = 4;

/// What stands at a place of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Service,
    /// A volume, secret or config.
    Resource,
    /// Nothing: room for a line that crosses the column.
    Stop,
}

/// Nodes are their index in [`Graph::nodes`]; stops follow behind them.
pub(super) struct Plot {
    pub(super) sizes: Vec<Size>,
    pub(super) roles: Vec<Role>,
    /// From the one that needs to what it needs: `depends_on` and mounts.
    pub(super) needs: Vec<Vec<usize>>,
    /// The same edges, seen from the other end.
    pub(super) needed_by: Vec<Vec<usize>>,
    /// The lanes a node is in, as indexes of [`Graph::lanes`]; a resource and a stop go with the service they belong
    /// to.
    pub(super) lanes: Vec<Vec<usize>>,
}

impl Plot {
    pub(super) fn new(graph: &Graph, size: &dyn Fn(&NodeKey) -> Size) -> Self {
        let index: BTreeMap<&NodeKey, usize> =
            graph.nodes.iter().enumerate().map(|(at, key)| (key, at)).collect();
        let mut plot = Self {
            sizes: Vec::new(),
            roles: Vec::new(),
            needs: Vec::new(),
            needed_by: Vec::new(),
            lanes: Vec::new(),
        };
        for key in &graph.nodes {
            let role = if matches!(key, NodeKey::Service(_)) { Role::Service } else { Role::Resource };
            plot.add(role, size(key), Vec::new());
        }
        for (lane, network) in graph.lanes.iter().enumerate() {
            for member in &network.members {
                if let Some(&node) = index.get(&NodeKey::Service(member.clone())) {
                    plot.lanes[node].push(lane);
                }
            }
        }
        for edge in &graph.edges {
            let (from, to) = edge.ends();
            if let (Some(&from), Some(&to)) = (index.get(&from), index.get(&to))
                && from != to
            {
                plot.connect(from, to);
                if plot.roles[to] == Role::Resource && plot.needed_by[to].len() == 1 {
                    plot.lanes[to] = plot.lanes[from].clone();
                }
            }
        }
        plot
    }

    pub(super) fn len(&self) -> usize {
        self.sizes.len()
    }

    fn add(&mut self, role: Role, size: Size, lanes: Vec<usize>) -> usize {
        self.sizes.push(size);
        self.roles.push(role);
        self.lanes.push(lanes);
        self.needs.push(Vec::new());
        self.needed_by.push(Vec::new());
        self.len() - 1
    }

    fn connect(&mut self, from: usize, to: usize) {
        self.needs[from].push(to);
        self.needed_by[to].push(from);
    }

    /// Gives every edge that spans several ranks a stop in each rank between, so that its line does not run behind
    /// other nodes.
    pub(super) fn add_stops(&mut self, ranks: &mut Vec<usize>) {
        let edges: Vec<(usize, usize)> =
            (0..self.len()).flat_map(|from| self.needs[from].iter().map(move |to| (from, *to))).collect();
        let between = |(from, to): &(usize, usize)| ranks[*to].saturating_sub(ranks[*from] + 1);
        if edges.iter().map(between).sum::<usize>() > MAX_STOPS_PER_NODE * self.len() {
            return;
        }
        self.needs.iter_mut().chain(&mut self.needed_by).for_each(Vec::clear);
        for (from, to) in edges {
            let mut last = from;
            for rank in ranks[from] + 1..ranks[to] {
                let stop = self.add(Role::Stop, Size::default(), self.lanes[from].clone());
                ranks.push(rank);
                self.connect(last, stop);
                last = stop;
            }
            self.connect(last, to);
        }
    }
}

impl Edge {
    /// The one that needs, and what it needs.
    pub(super) fn ends(&self) -> (NodeKey, NodeKey) {
        match self {
            Self::DependsOn { from, to, .. } => {
                (NodeKey::Service(from.clone()), NodeKey::Service(to.clone()))
            }
            Self::Mounts { service, resource, .. } => (NodeKey::Service(service.clone()), resource.clone()),
        }
    }
}

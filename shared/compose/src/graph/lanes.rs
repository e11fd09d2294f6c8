//! Networks as boxes around their members. Boxes of different networks may cross but never share an edge line.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edge, Graph, Lane, NodeKey, Rect};

/// Between a member and the left, right and lower border of its innermost lane.
const PADDING: f64 = 22.0;
/// Between a member and the upper border, which carries the label.
const LABEL_PADDING: f64 = 34.0;
/// How much further out the next lane goes: left, right and below.
const STEP: f64 = 12.0;
/// How much further up the next lane goes: a label must fit.
const LABEL_STEP: f64 = 24.0;
/// Parallel borders keep at least this apart.
const CLEAR: f64 = 8.0;
/// A network without members: its width, its height and the gap above it.
const EMPTY: (f64, f64, f64) = (220.0, 64.0, 40.0);

/// Lanes and bounds for nodes that the user has moved, without moving them.
pub fn lanes(graph: &Graph, nodes: &BTreeMap<NodeKey, Rect>) -> (Vec<Rect>, Rect) {
    let cores: Vec<Option<Rect>> = graph.lanes.iter().map(|lane| core(graph, lane, nodes)).collect();
    let mut placed = pad(&cores);
    let filled = Rect::around(nodes.values().chain(placed.iter().flatten()));
    let mut bottom = filled.map_or(0.0, |bounds| bounds.bottom());
    let left = filled.map_or(0.0, |bounds| bounds.at.x);
    for lane in placed.iter_mut().filter(|lane| lane.is_none()) {
        let (width, height, gap) = EMPTY;
        *lane = Some(Rect::from_edges(left, bottom + gap, left + width, bottom + gap + height));
        bottom += gap + height;
    }
    let placed: Vec<Rect> = placed.into_iter().flatten().collect();
    let bounds = Rect::around(nodes.values().chain(&placed)).unwrap_or_default();
    (placed, bounds)
}

/// The box around a lane's members, and around what only they mount where that would stand on the border.
fn core(graph: &Graph, lane: &Lane, nodes: &BTreeMap<NodeKey, Rect>) -> Option<Rect> {
    let members = lane.members.iter().filter_map(|name| nodes.get(&NodeKey::Service(name.clone())));
    let mut core = Rect::around(members)?;
    let mut foreign = BTreeSet::new();
    let mut own = BTreeSet::new();
    for edge in &graph.edges {
        if let Edge::Mounts { service, resource, .. } = edge {
            let users = if lane.members.contains(service) { &mut own } else { &mut foreign };
            users.insert(resource);
        }
    }
    let mut resources: Vec<&Rect> = own.difference(&foreign).filter_map(|key| nodes.get(key)).collect();
    while let Some(at) = resources.iter().position(|rect| padded(&core, 0.0).overlaps(rect)) {
        core = core.union(resources.remove(at));
    }
    Some(core)
}

/// Pads each core, small ones first, as little as keeps its borders clear of those already drawn.
fn pad(cores: &[Option<Rect>]) -> Vec<Option<Rect>> {
    let area = |rect: &Rect| rect.size.width * rect.size.height;
    let mut order: Vec<(usize, Rect)> =
        cores.iter().enumerate().filter_map(|(lane, core)| Some((lane, (*core)?))).collect();
    order.sort_by(|(a, x), (b, y)| area(x).total_cmp(&area(y)).then(a.cmp(b)));
    let mut placed: Vec<Option<Rect>> = vec![None; cores.len()];
    for (lane, core) in order {
        let clear = |rect: &Rect| placed.iter().flatten().all(|other| !borders_meet(rect, other));
        placed[lane] = (0_u32..).map(|level| padded(&core, f64::from(level))).find(clear);
    }
    placed
}

fn padded(core: &Rect, level: f64) -> Rect {
    let side = PADDING + STEP * level;
    let top = LABEL_PADDING + LABEL_STEP * level;
    Rect::from_edges(core.at.x - side, core.at.y - top, core.right() + side, core.bottom() + side)
}

fn borders_meet(a: &Rect, b: &Rect) -> bool {
    let near = |x: f64, y: f64| (x - y).abs() < CLEAR;
    let beside = a.at.x < b.right() + CLEAR && b.at.x < a.right() + CLEAR;
    let level = a.at.y < b.bottom() + CLEAR && b.at.y < a.bottom() + CLEAR;
    let upright = [a.at.x, a.right()].iter().any(|x| near(*x, b.at.x) || near(*x, b.right()));
    let flat = [a.at.y, a.bottom()].iter().any(|y| near(*y, b.at.y) || near(*y, b.bottom()));
    (level && upright) || (beside && flat)
}

/// How many services stand in a lane that is not theirs.
pub(super) fn strangers(graph: &Graph, nodes: &BTreeMap<NodeKey, Rect>) -> usize {
    let (rects, _) = lanes(graph, nodes);
    let services = || {
        nodes.iter().filter_map(|(key, rect)| match key {
            NodeKey::Service(name) => Some((name, rect)),
            _ => None,
        })
    };
    let inside = |(lane, rect): (&Lane, &Rect)| {
        services().filter(|(name, node)| node.overlaps(rect) && !lane.members.contains(name)).count()
    };
    graph.lanes.iter().zip(&rects).filter(|(lane, _)| !lane.members.is_empty()).map(inside).sum()
}

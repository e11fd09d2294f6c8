//! The layered layout: ranks, order, rows; in one band, or in a band for each set of networks when that keeps
//! services out of lanes that are not theirs.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Graph, Layout, NodeKey, Point, Rect, Size,
    columns::{Column, columns, ranks},
    lanes::{lanes, strangers},
    pins::pin,
    plot::Plot,
    rows::{LANE_GAP, tops},
};

/// Between two columns: an arrow with its label and the borders of lanes.
const COLUMN_GAP: f64 = 112.0;
/// The same between two ranks that lie one below the other: a label is wider than high.
const RANK_GAP: f64 = 76.0;
/// Above this many sets of networks only one order of them is tried.
const MAX_SEARCHED: usize = 24;

/// Lays a graph out in columns from left to right: a service stands right of those that depend on it, volumes last.
/// Pinned nodes stay where they are; no two nodes overlap. Deterministic.
pub fn layout(graph: &Graph, size: &dyn Fn(&NodeKey) -> Size, pinned: &BTreeMap<NodeKey, Point>) -> Layout {
    finish(graph, place(graph, Plot::new(graph, size), COLUMN_GAP), pinned)
}

/// The same in rows from top to bottom, for a board that is higher than wide.
pub fn layout_down(
    graph: &Graph,
    size: &dyn Fn(&NodeKey) -> Size,
    pinned: &BTreeMap<NodeKey, Point>,
) -> Layout {
    let turned_size = |key: &NodeKey| turn_size(size(key));
    let turned = place(graph, Plot::new(graph, &turned_size), RANK_GAP);
    let turn = |(key, Rect { at, size }): (NodeKey, Rect)| {
        (key, Rect { at: Point { x: at.y, y: at.x }, size: turn_size(size) })
    };
    finish(graph, turned.into_iter().map(turn).collect(), pinned)
}

const fn turn_size(size: Size) -> Size {
    Size { width: size.height, height: size.width }
}

fn place(graph: &Graph, mut plot: Plot, gap: f64) -> BTreeMap<NodeKey, Rect> {
    let mut ranks = ranks(&plot);
    plot.add_stops(&mut ranks);
    let everything: Vec<usize> = (0..plot.len()).collect();
    let compact = arrange(graph, &plot, &ranks, &[everything], gap);
    let found = strangers(graph, &compact);
    if found == 0 {
        return compact;
    }
    let banded = arrange(graph, &plot, &ranks, &bands(&plot), gap);
    if strangers(graph, &banded) < found { banded } else { compact }
}

fn finish(graph: &Graph, placed: BTreeMap<NodeKey, Rect>, pinned: &BTreeMap<NodeKey, Point>) -> Layout {
    let nodes = pin(placed, pinned);
    let (lanes, bounds) = lanes(graph, &nodes);
    Layout { nodes, lanes, bounds }
}

/// Places the nodes of each band below those of the band before; columns run through all bands.
fn arrange(
    graph: &Graph,
    plot: &Plot,
    ranks: &[usize],
    bands: &[Vec<usize>],
    gap: f64,
) -> BTreeMap<NodeKey, Rect> {
    let bands: Vec<BTreeMap<Column, Vec<usize>>> =
        bands.iter().map(|band| columns(plot, ranks, band)).collect();
    let lefts = lefts(plot, &bands, gap);
    let mut placed = BTreeMap::new();
    let mut top = 0.0;
    for band in &bands {
        let tops = tops(plot, band);
        let mut bottom: f64 = top;
        for (column, node) in
            band.iter().flat_map(|(column, nodes)| nodes.iter().map(move |node| (column, *node)))
        {
            let (Some(key), Some(x), Some(y)) = (graph.nodes.get(node), lefts.get(column), tops.get(&node))
            else {
                // A stop: its room is all it needs.
                continue;
            };
            let rect = Rect { at: Point { x: *x, y: top + y }, size: plot.sizes[node] };
            bottom = bottom.max(rect.bottom());
            placed.insert(key.clone(), rect);
        }
        top = bottom + LANE_GAP;
    }
    placed
}

/// The left edge of each column.
fn lefts(plot: &Plot, bands: &[BTreeMap<Column, Vec<usize>>], gap: f64) -> BTreeMap<Column, f64> {
    let mut widths: BTreeMap<Column, f64> = BTreeMap::new();
    for (column, node) in
        bands.iter().flatten().flat_map(|(column, nodes)| nodes.iter().map(move |n| (column, n)))
    {
        let width = widths.entry(*column).or_default();
        *width = width.max(plot.sizes[*node].width);
    }
    let mut x = 0.0;
    let place = |(column, width)| {
        let left = x;
        x += width + gap;
        (column, left)
    };
    widths.into_iter().map(place).collect()
}

/// One band for each set of networks that some service is on, ordered so that a lane crosses few bands that are not
/// its own. What is mounted goes with the first service that mounts it.
fn bands(plot: &Plot) -> Vec<Vec<usize>> {
    let mut members: BTreeMap<&Vec<usize>, Vec<usize>> = BTreeMap::new();
    for node in 0..plot.len() {
        members.entry(&plot.lanes[node]).or_default().push(node);
    }
    let sets: Vec<Band> =
        members.iter().map(|(networks, nodes)| (networks.as_slice(), nodes.len())).collect();
    let starts = if sets.len() <= MAX_SEARCHED { sets.len() } else { 1 };
    let chains = (0..starts).map(|start| chain(&sets, start));
    let order = chains.min_by_key(|order| crossed(order)).unwrap_or_default();
    order.into_iter().filter_map(|(networks, _)| members.remove(&networks.to_vec())).collect()
}

/// A set of networks and how many nodes are on exactly these.
type Band<'plot> = (&'plot [usize], usize);

/// The bands from `start` on, each followed by the one left that shares most networks with it and brings fewest new.
fn chain<'plot>(sets: &[Band<'plot>], start: usize) -> Vec<Band<'plot>> {
    let mut left = sets.to_vec();
    let mut order = vec![left.remove(start)];
    while let Some((last, _)) = order.last().filter(|_| !left.is_empty()) {
        let kinship = |(networks, _): &Band| {
            let shared = networks.iter().filter(|lane| last.contains(lane)).count();
            (std::cmp::Reverse(shared), networks.len() - shared)
        };
        let next = (0..left.len()).min_by_key(|at| kinship(&left[*at])).unwrap_or(0);
        order.push(left.remove(next));
    }
    order
}

/// How many nodes lie between the first and the last band of a lane without being on it, over all lanes.
fn crossed(order: &[Band]) -> usize {
    let all: BTreeSet<usize> = order.iter().flat_map(|(networks, _)| networks.iter().copied()).collect();
    let strangers = |lane: &usize| {
        let on = |(networks, _): &Band| networks.contains(lane);
        let first = order.iter().position(on).unwrap_or(0);
        let last = order.iter().rposition(on).unwrap_or(0);
        order[first..=last].iter().filter(|band| !on(band)).map(|(_, count)| count).sum::<usize>()
    };
    all.iter().map(strangers).sum()
}

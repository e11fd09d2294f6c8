//! Which column a node stands in, and in which order the nodes of a column follow each other.

use std::collections::BTreeMap;

use super::plot::{Plot, Role};

/// How often the order is improved from left to right and back; more changes little.
const SWEEPS: usize = 4;
/// A rank with at most this many nodes is never split into several columns.
const MIN_ROWS: usize = 6;

/// A column: its rank, and which part of the rank when that is split.
pub(super) type Column = (usize, usize);

/// The rank of each node: one more than the highest of those that need it. An edge that closes a cycle does not
/// count. What nobody mounts stands in the last rank.
pub(super) fn ranks(plot: &Plot) -> Vec<usize> {
    let mut ranks = vec![0; plot.len()];
    for (from, needs) in acyclic_order(plot) {
        for to in needs {
            ranks[to] = ranks[to].max(ranks[from] + 1);
        }
    }
    let last =
        (0..plot.len()).filter(|node| plot.roles[*node] == Role::Service).map(|node| ranks[node] + 1).max();
    for (node, rank) in ranks.iter_mut().enumerate() {
        if plot.roles[node] == Role::Resource && plot.needed_by[node].is_empty() {
            *rank = last.unwrap_or(0);
        }
    }
    ranks
}

/// Nodes so that each comes after all that need it, with the edges that do not close a cycle. The walk is by hand:
/// a chain of thousands of services must not exhaust the stack.
fn acyclic_order(plot: &Plot) -> Vec<(usize, Vec<usize>)> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; plot.len()];
    let mut order = Vec::with_capacity(plot.len());
    for start in 0..plot.len() {
        if marks[start] != Mark::New {
            continue;
        }
        marks[start] = Mark::Open;
        let mut open = vec![(start, 0, Vec::new())];
        while let Some((node, next, kept)) = open.last_mut() {
            let Some(&to) = plot.needs[*node].get(*next) else {
                marks[*node] = Mark::Done;
                order.push((*node, std::mem::take(kept)));
                open.pop();
                continue;
            };
            *next += 1;
            if marks[to] != Mark::Open {
                kept.push(to);
            }
            if marks[to] == Mark::New {
                marks[to] = Mark::Open;
                open.push((to, 0, Vec::new()));
            }
        }
    }
    order.reverse();
    order
}

/// The nodes of a band by column, each column ordered so that edges cross little. Ranks with many nodes are split:
/// forty services that know nothing of each other make a block, not a tower.
pub(super) fn columns(plot: &Plot, ranks: &[usize], band: &[usize]) -> BTreeMap<Column, Vec<usize>> {
    let mut by_rank: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &node in band {
        by_rank.entry(ranks[node]).or_default().push(node);
    }
    let mut layers: Vec<(usize, Vec<usize>)> = by_rank.into_iter().collect();
    for (_, layer) in &mut layers {
        layer.sort_by(|a, b| plot.lanes[*a].cmp(&plot.lanes[*b]).then(a.cmp(b)));
    }
    reduce_crossings(plot, &mut layers);
    let rows = MIN_ROWS.max((band.len() as f64).sqrt().ceil() as usize);
    let split = |(rank, layer): (usize, Vec<usize>)| {
        let parts: Vec<_> = layer.chunks(rows).map(<[usize]>::to_vec).collect();
        parts.into_iter().enumerate().map(move |(part, nodes)| ((rank, part), nodes))
    };
    layers.into_iter().flat_map(split).collect()
}

/// Barycentre sweeps: each node moves to the mean place of its neighbours on the side the sweep comes from.
fn reduce_crossings(plot: &Plot, layers: &mut [(usize, Vec<usize>)]) {
    let mut place: Vec<Option<f64>> = vec![None; plot.len()];
    let note = |layer: &[usize], place: &mut Vec<Option<f64>>| {
        let middle = (layer.len() as f64 - 1.0) / 2.0;
        for (row, node) in layer.iter().enumerate() {
            place[*node] = Some(row as f64 - middle);
        }
    };
    for (_, layer) in layers.iter() {
        note(layer, &mut place);
    }
    for sweep in 0..SWEEPS {
        let rightward = sweep % 2 == 0;
        for step in 0..layers.len() {
            let at = if rightward { step } else { layers.len() - 1 - step };
            let layer = &mut layers[at].1;
            let side = if rightward { &plot.needed_by } else { &plot.needs };
            let wish = |node: &usize| {
                mean(side[*node].iter().filter_map(|other| place[*other])).or(place[*node]).unwrap_or(0.0)
            };
            let mut wishes: Vec<(f64, usize)> = layer.iter().map(|node| (wish(node), *node)).collect();
            wishes.sort_by(|a, b| a.0.total_cmp(&b.0));
            *layer = wishes.into_iter().map(|(_, node)| node).collect();
            note(layer, &mut place);
        }
    }
}

/// The mean of numbers; none of nothing.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

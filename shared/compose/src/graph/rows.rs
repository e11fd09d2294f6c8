//! How far down each node of a band stands: as level with its neighbours as the others of its column allow.

use std::collections::BTreeMap;

use super::{
    columns::{Column, mean},
    plot::{Plot, Role},
};

/// Between two nodes of a column.
pub(super) const ROW_GAP: f64 = 32.0;
/// Between a node and a line that crosses its column.
const LINE_GAP: f64 = 24.0;
/// Between two nodes of a column that are on different networks: borders of lanes pass here.
pub(super) const LANE_GAP: f64 = 84.0;

/// The upper edge of each node of `columns`, the highest at 0.
pub(super) fn tops(plot: &Plot, columns: &BTreeMap<Column, Vec<usize>>) -> BTreeMap<usize, f64> {
    let mut centers: Vec<Option<f64>> = vec![None; plot.len()];
    for column in columns.values() {
        stack(plot, column, &mut centers);
    }
    let all: Vec<&Vec<usize>> = columns.values().collect();
    for column in &all {
        settle(plot, column, &mut centers, |node| &plot.needed_by[node]);
    }
    for column in all.iter().rev() {
        settle(plot, column, &mut centers, |node| &plot.needs[node]);
    }
    for column in &all {
        settle(plot, column, &mut centers, |node| &plot.needed_by[node]);
    }
    let top = |node: usize| centers[node].map(|center| (node, center - plot.sizes[node].height / 2.0));
    let tops: Vec<(usize, f64)> = columns.values().flatten().filter_map(|node| top(*node)).collect();
    let highest = tops.iter().map(|(_, top)| *top).fold(f64::INFINITY, f64::min);
    tops.into_iter().map(|(node, top)| (node, (top - highest).round())).collect()
}

fn gap(plot: &Plot, above: usize, below: usize) -> f64 {
    match (plot.roles[above], plot.roles[below]) {
        (Role::Stop, _) | (_, Role::Stop) => LINE_GAP,
        _ if plot.lanes[above] != plot.lanes[below] => LANE_GAP,
        _ => ROW_GAP,
    }
}

/// How strongly a node pulls its neighbours to its height: a line over several columns is kept straight first.
fn strength(plot: &Plot, node: usize) -> usize {
    if plot.roles[node] == Role::Stop { 4 } else { 1 }
}

/// The distance of each node's centre from the first one's when the column is as tight as it may be.
fn tight(plot: &Plot, column: &[usize]) -> Vec<f64> {
    let half = |node: usize| plot.sizes[node].height / 2.0;
    let mut at = 0.0;
    let mut offsets = vec![0.0; column.len().min(1)];
    for pair in column.windows(2) {
        at += half(pair[0]) + gap(plot, pair[0], pair[1]) + half(pair[1]);
        offsets.push(at);
    }
    offsets
}

/// The column as one tight stack, its middle at 0.
fn stack(plot: &Plot, column: &[usize], centers: &mut [Option<f64>]) {
    let offsets = tight(plot, column);
    let middle = offsets.last().copied().unwrap_or(0.0) / 2.0;
    for (node, offset) in column.iter().zip(offsets) {
        centers[*node] = Some(offset - middle);
    }
}

/// Moves each node of a column to the mean height of its neighbours on one side, or the nearest place that keeps the
/// order and the gaps: least squares under those limits (pool adjacent violators).
fn settle<'p>(
    plot: &Plot,
    column: &[usize],
    centers: &mut [Option<f64>],
    side: impl Fn(usize) -> &'p Vec<usize>,
) {
    /// Nodes without a neighbour on that side give way.
    const INDIFFERENT: f64 = 0.01;
    let offsets = tight(plot, column);
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (node, offset) in column.iter().zip(&offsets) {
        let pulls = side(*node).iter().filter_map(|other| {
            centers[*other].map(|center| std::iter::repeat_n(center, strength(plot, *other)))
        });
        let wish = mean(pulls.flatten());
        let (wish, weight) = match wish {
            Some(wish) => (wish, strength(plot, *node) as f64),
            None => (centers[*node].unwrap_or(0.0), INDIFFERENT),
        };
        let mut pool = (wish - offset, weight, 1);
        while let Some((value, weight, count)) = pools.pop_if(|last| last.0 > pool.0) {
            let total = weight + pool.1;
            pool = ((value * weight + pool.0 * pool.1) / total, total, count + pool.2);
        }
        pools.push(pool);
    }
    let values = pools.iter().flat_map(|(value, _, count)| std::iter::repeat_n(*value, *count));
    for ((node, offset), value) in column.iter().zip(&offsets).zip(values) {
        centers[*node] = Some(value + offset);
    }
}

//! A small picture of a stack: its graph with names alone.

use std::collections::BTreeMap;

use composeyard_compose::graph::{Edge, Graph, Layout, NodeKey, Point, Rect, Size, layout};
use leptos::prelude::*;

/// Room around the picture, in canvas units.
const MARGIN: f64 = 16.0;
/// Characters that fit a box.
const LONGEST: usize = 12;

/// The picture.
#[component]
pub fn Picture(graph: Graph) -> impl IntoView {
    let size = |key: &NodeKey| match key {
        NodeKey::Service(_) => Size { width: 150.0, height: 62.0 },
        _ => Size { width: 130.0, height: 44.0 },
    };
    let Layout { nodes, lanes, bounds } = layout(&graph, &size, &BTreeMap::new());
    let view_box = format!(
        "{} {} {} {}",
        bounds.at.x - MARGIN,
        bounds.at.y - MARGIN,
        (bounds.size.width + 2.0 * MARGIN).max(1.0),
        (bounds.size.height + 2.0 * MARGIN).max(1.0)
    );
    let lines = graph
        .edges
        .iter()
        .filter_map(|edge| line(edge, &nodes))
        .map(|path| view! { <path class="edge" d=path></path> });
    let lines = lines.collect_view();
    view! {
        <svg class="picture" viewBox=view_box aria-hidden="true" focusable="false" preserveAspectRatio="xMidYMid meet">
            {lanes.into_iter().map(|lane| view! { <Shape class="lane" rect=lane radius=16.0/> }).collect_view()}
            {lines}
            {nodes.into_iter().map(|(key, rect)| view! { <Node key rect/> }).collect_view()}
        </svg>
    }
}

#[component]
fn Shape(class: &'static str, rect: Rect, radius: f64) -> impl IntoView {
    let Rect { at, size } = rect;
    view! { <rect class=class x=at.x y=at.y width=size.width height=size.height rx=radius></rect> }
}

#[component]
fn Node(key: NodeKey, rect: Rect) -> impl IntoView {
    let Rect { at, size } = rect;
    view! {
        <Shape class=class(&key) rect radius=9.0/>
        <text x=at.x + size.width / 2.0 y=at.y + size.height / 2.0>{short(name(&key))}</text>
    }
}

fn name(key: &NodeKey) -> &str {
    match key {
        NodeKey::Service(name) => name.as_str(),
        NodeKey::Volume(name) | NodeKey::Network(name) | NodeKey::Secret(name) | NodeKey::Config(name) => {
            name
        }
    }
}

/// As much of a name as fits a box.
fn short(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    name.chars().take(LONGEST - 1).chain(['…']).collect()
}

const fn class(key: &NodeKey) -> &'static str {
    match key {
        NodeKey::Service(_) => "service",
        NodeKey::Volume(_) => "volume",
        NodeKey::Network(_) => "network",
        NodeKey::Secret(_) => "secret",
        NodeKey::Config(_) => "config",
    }
}

/// A curve from the right of one node to the left of the other, as the canvas draws it.
fn line(edge: &Edge, nodes: &BTreeMap<NodeKey, Rect>) -> Option<String> {
    let (from, to) = match edge {
        Edge::DependsOn { from, to, .. } => (NodeKey::Service(from.clone()), NodeKey::Service(to.clone())),
        Edge::Mounts { service, resource, .. } => (NodeKey::Service(service.clone()), resource.clone()),
    };
    let (from, to) = (nodes.get(&from)?, nodes.get(&to)?);
    let start = Point { x: from.at.x + from.size.width, y: from.at.y + from.size.height / 2.0 };
    let end = Point { x: to.at.x, y: to.at.y + to.size.height / 2.0 };
    let bend = ((end.x - start.x) / 2.0).abs().max(20.0);
    Some(format!(
        "M{} {}C{} {} {} {} {} {}",
        start.x,
        start.y,
        start.x + bend,
        start.y,
        end.x - bend,
        end.y,
        end.x,
        end.y
    ))
}

//! A small picture of a stack: its graph with names, and how many containers each service has.

use std::collections::BTreeMap;

use composeyard_compose::{
    Project,
    graph::{Edge, Layout, NodeKey, Point, Rect, Size, graph, layout, off},
};
use leptos::prelude::*;

/// Room around the picture, in canvas units.
const MARGIN: f64 = 16.0;
/// Characters that fit a box.
const LONGEST: usize = 11;

/// The picture. What no active profile needs is drawn faintly, in the place it has when one does.
#[component]
pub fn Picture(project: Project) -> impl IntoView {
    let graph = graph(&project);
    let off = off(&project, &graph);
    let size = |key: &NodeKey| match key {
        NodeKey::Service(_) => Size { width: 150.0, height: 62.0 },
        _ => Size { width: 150.0, height: 44.0 },
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
        .filter_map(|edge| {
            let (from, to) = ends(edge);
            let (path, off) =
                (line(nodes.get(&from)?, nodes.get(&to)?), off.contains(&from) || off.contains(&to));
            Some(view! { <path class="edge" class:off=off d=path></path> })
        })
        .collect_view();
    let node = |(key, rect)| {
        let (label, off) = (label(&key, &project), off.contains(&key));
        view! { <Node class=class(&key) label rect off/> }
    };
    view! {
        <svg class="picture" viewBox=view_box aria-hidden="true" focusable="false" preserveAspectRatio="xMidYMid meet">
            {lanes.into_iter().map(|lane| view! { <Shape class="lane" rect=lane radius=16.0 off=false/> }).collect_view()}
            {lines}
            {nodes.into_iter().map(node).collect_view()}
        </svg>
    }
}

#[component]
fn Shape(class: &'static str, rect: Rect, radius: f64, off: bool) -> impl IntoView {
    let Rect { at, size } = rect;
    view! { <rect class=class class:off=off x=at.x y=at.y width=size.width height=size.height rx=radius></rect> }
}

#[component]
fn Node(class: &'static str, label: String, rect: Rect, off: bool) -> impl IntoView {
    let Rect { at, size } = rect;
    view! {
        <Shape class rect radius=9.0 off/>
        <text class:off=off x=at.x + size.width / 2.0 y=at.y + size.height / 2.0>{label}</text>
    }
}

/// `app`, and `app ×3` for a service with three containers.
fn label(key: &NodeKey, project: &Project) -> String {
    match key {
        NodeKey::Service(name) => match project.services.get(name).map_or(1, |service| service.replicas()) {
            1 => short(name.as_str()),
            count => format!("{} ×{count}", short(name.as_str())),
        },
        NodeKey::Volume(name) | NodeKey::Network(name) | NodeKey::Secret(name) | NodeKey::Config(name) => {
            short(name)
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

fn ends(edge: &Edge) -> (NodeKey, NodeKey) {
    match edge {
        Edge::DependsOn { from, to, .. } => (NodeKey::Service(from.clone()), NodeKey::Service(to.clone())),
        Edge::Mounts { service, resource, .. } => (NodeKey::Service(service.clone()), resource.clone()),
    }
}

/// A curve from the right of one node to the left of the other, as the canvas draws it.
fn line(from: &Rect, to: &Rect) -> String {
    let start = Point { x: from.at.x + from.size.width, y: from.at.y + from.size.height / 2.0 };
    let end = Point { x: to.at.x, y: to.at.y + to.size.height / 2.0 };
    let bend = ((end.x - start.x) / 2.0).abs().max(20.0);
    format!(
        "M{} {}C{} {} {} {} {} {}",
        start.x,
        start.y,
        start.x + bend,
        start.y,
        end.x - bend,
        end.y,
        end.x,
        end.y
    )
}

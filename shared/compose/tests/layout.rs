//! What the picture of a project promises: nothing overlaps, arrows go right, pins hold, lanes enclose their own.
#![expect(clippy::unwrap_used, reason = "a test says where it fails")]

#[path = "support/growth.rs"]
mod growth;

use std::collections::BTreeMap;

use composeyard_compose::{
    Project, ProjectName, ServiceName,
    graph::{Edge, Graph, Lane, Layout, NodeKey, Point, Rect, Size, graph, lanes, layout, layout_down, off},
    model::{Condition, Dependency, Mount, Network, Service, Volume},
};
use growth::growth;
use proptest::prelude::*;

fn name(text: &str) -> ServiceName {
    ServiceName::new(text).unwrap()
}

fn key(text: &str) -> NodeKey {
    NodeKey::Service(name(text))
}

fn size(key: &NodeKey) -> Size {
    match key {
        NodeKey::Service(name) => {
            Size { width: 196.0, height: 96.0 + 8.0 * (name.as_str().len() % 4) as f64 }
        }
        _ => Size { width: 140.0, height: 44.0 },
    }
}

/// A picture from `depends_on` pairs, volume mounts and networks with their members.
fn picture(
    services: &[&str],
    needs: &[(&str, &str)],
    mounts: &[(&str, &str)],
    networks: &[(&str, &[&str])],
) -> Graph {
    let services = services.iter().map(|text| key(text));
    let volumes: std::collections::BTreeSet<_> =
        mounts.iter().map(|(_, volume)| NodeKey::Volume((*volume).to_owned())).collect();
    let depends = needs.iter().map(|(from, to)| Edge::DependsOn {
        from: name(from),
        to: name(to),
        condition: Condition::ServiceStarted,
        required: true,
    });
    let mounts = mounts.iter().map(|(service, volume)| Edge::Mounts {
        service: name(service),
        resource: NodeKey::Volume((*volume).to_owned()),
        target: "/data".to_owned(),
        read_only: false,
    });
    let lane = |(network, members): &(&str, &[&str])| Lane {
        network: (*network).to_owned(),
        driver: String::new(),
        internal: false,
        external: false,
        members: members.iter().map(|text| name(text)).collect(),
    };
    Graph {
        nodes: services.chain(volumes).collect(),
        edges: depends.chain(mounts).collect(),
        lanes: networks.iter().map(lane).collect(),
    }
}

fn place(graph: &Graph) -> Layout {
    layout(graph, &size, &BTreeMap::new())
}

fn overlapping(layout: &Layout) -> Option<(&NodeKey, &NodeKey)> {
    let nodes: Vec<_> = layout.nodes.iter().collect();
    nodes
        .iter()
        .enumerate()
        .find_map(|(at, (a, x))| nodes[at + 1..].iter().find(|(_, y)| x.overlaps(y)).map(|(b, _)| (*a, *b)))
}

fn borders(rect: &Rect) -> ([f64; 2], [f64; 2]) {
    ([rect.at.x, rect.right()], [rect.at.y, rect.bottom()])
}

#[test]
fn the_visit_counter_reads_from_left_to_right() {
    let graph = picture(
        &["app", "nginx", "redis"],
        &[("nginx", "app"), ("app", "redis")],
        &[("redis", "data")],
        &[("net", &["app", "nginx", "redis"])],
    );
    let layout = place(&graph);
    let x = |node: &NodeKey| layout.nodes[node].at.x;
    assert!(x(&key("nginx")) < x(&key("app")));
    assert!(x(&key("app")) < x(&key("redis")));
    assert!(x(&key("redis")) < x(&NodeKey::Volume("data".to_owned())));
    let heights: Vec<f64> = layout.nodes.values().map(|rect| rect.center().y).collect();
    assert!(heights.iter().all(|y| (y - heights[0]).abs() <= 1.0), "a chain is level: {heights:?}");
}

#[test]
fn on_a_high_board_the_visit_counter_reads_from_top_to_bottom() {
    let graph = picture(
        &["app", "nginx", "redis"],
        &[("nginx", "app"), ("app", "redis")],
        &[],
        &[("net", &["app", "nginx", "redis"])],
    );
    let layout = layout_down(&graph, &size, &BTreeMap::new());
    let rect = |service: &str| layout.nodes[&key(service)];
    assert!(rect("nginx").bottom() < rect("app").at.y);
    assert!(rect("app").bottom() < rect("redis").at.y);
    assert!((rect("nginx").center().x - rect("redis").center().x).abs() <= 1.0);
    assert_eq!(rect("app").size, size(&key("app")));
}

#[test]
fn a_cycle_is_drawn_and_does_not_hang() {
    let graph = picture(&["a", "b", "c"], &[("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")], &[], &[]);
    let layout = place(&graph);
    assert_eq!(layout.nodes.len(), 3);
    assert_eq!(overlapping(&layout), None);
}

#[test]
fn a_chain_of_ten_thousand_does_not_exhaust_the_stack() {
    let names: Vec<String> = (0..10_000).map(|at| format!("s{at:05}")).collect();
    let texts: Vec<&str> = names.iter().map(String::as_str).collect();
    let needs: Vec<_> = texts.windows(2).map(|pair| (pair[0], pair[1])).collect();
    assert_eq!(place(&picture(&texts, &needs, &[], &[])).nodes.len(), 10_000);
}

#[test]
fn nothing_gives_an_empty_picture() {
    assert_eq!(place(&Graph::default()), Layout::default());
}

#[test]
fn services_of_three_tiers_stand_only_in_their_own_lanes() {
    let graph = picture(
        &["adminer", "api", "db", "proxy", "worker"],
        &[("proxy", "api"), ("api", "db"), ("worker", "db"), ("adminer", "db")],
        &[("db", "data")],
        &[
            ("backend", &["api", "db", "worker"]),
            ("frontend", &["api", "proxy"]),
            ("tools", &["adminer", "db"]),
        ],
    );
    let layout = place(&graph);
    for (lane, rect) in graph.lanes.iter().zip(&layout.lanes) {
        for (key, node) in &layout.nodes {
            let NodeKey::Service(service) = key else { continue };
            let member = lane.members.contains(service);
            assert_eq!(rect.overlaps(node), member, "{service} and {}", lane.network);
            assert!(!member || rect.contains(node));
        }
    }
}

#[test]
fn no_lane_border_runs_through_a_volume() {
    let graph = picture(
        &["web", "api", "db"],
        &[("web", "api"), ("api", "db")],
        &[("db", "data"), ("api", "uploads"), ("web", "conf")],
        &[("back", &["api", "db"]), ("front", &["web", "api"])],
    );
    let layout = place(&graph);
    for (key, node) in &layout.nodes {
        for lane in &layout.lanes {
            assert!(lane.contains(node) || !lane.overlaps(node), "{key:?}");
        }
    }
}

#[test]
fn a_line_over_several_columns_has_room_beside_the_nodes_between() {
    let graph = picture(&["a", "b", "c"], &[("a", "b"), ("b", "c"), ("a", "c")], &[], &[]);
    let layout = place(&graph);
    let (a, b, c) = (&layout.nodes[&key("a")], &layout.nodes[&key("b")], &layout.nodes[&key("c")]);
    let middle = f64::midpoint(a.center().y, c.center().y);
    assert!(middle < b.at.y || b.bottom() < middle, "{layout:?}");
}

#[test]
fn lanes_around_the_same_members_nest_with_room_for_both_labels() {
    let graph = picture(&["a", "b"], &[], &[], &[("one", &["a", "b"]), ("two", &["a", "b"])]);
    let layout = place(&graph);
    let (inner, outer) = (&layout.lanes[0], &layout.lanes[1]);
    assert!(outer.contains(inner));
    assert!(inner.at.y - outer.at.y >= 20.0);
}

#[test]
fn a_network_without_members_still_gets_a_box_below() {
    let layout = place(&picture(&["a"], &[], &[], &[("lonely", &[])]));
    let lane = layout.lanes[0];
    assert!(lane.at.y > layout.nodes[&key("a")].bottom());
    assert!(layout.bounds.contains(&lane));
}

#[test]
fn lanes_follow_nodes_that_were_moved() {
    let graph = picture(&["a", "b"], &[], &[], &[("net", &["a", "b"])]);
    let mut nodes = place(&graph).nodes;
    nodes.get_mut(&key("b")).unwrap().at = Point { x: 900.0, y: -400.0 };
    let (rects, bounds) = lanes(&graph, &nodes);
    assert!(nodes.values().all(|node| rects[0].contains(node)));
    assert!(bounds.contains(&rects[0]));
}

#[test]
fn many_unrelated_services_make_a_block_not_a_tower() {
    let names: Vec<String> = (0..40).map(|at| format!("s{at}")).collect();
    let texts: Vec<&str> = names.iter().map(String::as_str).collect();
    let bounds = place(&picture(&texts, &[], &[], &[])).bounds.size;
    assert!(bounds.height < 1.5 * bounds.width, "{bounds:?}");
}

/// A tree of services, all on one network and some on another.
fn tree_of(services: usize) -> Graph {
    let names: Vec<String> = (0..services).map(|at| format!("s{at:04}")).collect();
    let texts: Vec<&str> = names.iter().map(String::as_str).collect();
    let needs: Vec<_> = (1..services).map(|at| (texts[at / 3], texts[at])).collect();
    picture(&texts, &needs, &[], &[("all", &texts), ("some", &texts[10..services / 5])])
}

#[test]
fn many_services_are_placed_without_overlaps_in_a_time_that_grows_with_their_number() {
    let (small, large) = (tree_of(200), tree_of(1_000));
    assert_eq!(overlapping(&place(&large)), None);
    let times = growth(10.0, || drop(place(&small)), || drop(place(&large)));
    assert!(times <= 10.0, "{times:.1} times the time for 5 times the services");
}

#[test]
fn the_graph_holds_what_is_declared_and_what_is_used() {
    let service = |networks: &[&str], mounts: &[&str], depends_on: &[&str]| Service {
        networks: networks.iter().map(|network| ((*network).to_owned(), None)).collect(),
        volumes: mounts
            .iter()
            .map(|source| Mount { source: (*source).to_owned(), target: "/d".to_owned(), ..Mount::default() })
            .collect(),
        depends_on: depends_on.iter().map(|text| (name(text), Dependency::default())).collect(),
        ..Service::default()
    };
    let project = Project {
        name: ProjectName::new("p").unwrap(),
        services: [(name("app"), service(&["net"], &["undeclared", ""], &["debug", "missing"]).into())]
            .into(),
        networks: [("net".to_owned(), Network { internal: true, ..Network::default() })].into(),
        volumes: [("unused".to_owned(), Volume::default())].into(),
        secrets: BTreeMap::new(),
        configs: BTreeMap::new(),
        disabled_services: [(name("debug"), service(&["ghost"], &[], &[]).into())].into(),
        extra: BTreeMap::new(),
    };
    let graph = graph(&project);
    let volume = |text: &str| NodeKey::Volume(text.to_owned());
    assert_eq!(graph.nodes, [key("app"), key("debug"), volume("undeclared"), volume("unused")]);
    assert_eq!(graph.edges.len(), 2, "one wait, one mount; nothing to a service that does not exist");
    let lanes: Vec<_> = graph.lanes.iter().map(|lane| (lane.network.as_str(), lane.internal)).collect();
    assert_eq!(lanes, [("ghost", false), ("net", true)]);
}

#[test]
fn off_is_what_no_active_service_needs() {
    let service = |volumes: &[&str]| {
        let mount = |source: &&str| Mount { source: (*source).to_owned(), ..Mount::default() };
        Service { volumes: volumes.iter().map(mount).collect(), ..Service::default() }.into()
    };
    let mut project = Project {
        services: [(name("app"), service(&["own", "shared"]))].into(),
        disabled_services: [(name("debug"), service(&["shared", "traces"]))].into(),
        volumes: [("unused".to_owned(), Volume::default())].into(),
        ..Project::named(ProjectName::new("p").unwrap())
    };
    let all = graph(&project);
    assert_eq!(off(&project, &all), [key("debug"), NodeKey::Volume("traces".to_owned())].into());

    let on = std::mem::take(&mut project.disabled_services);
    project.services.extend(on);
    assert_eq!(graph(&project), all, "a profile changes nothing in the picture but this");
    assert_eq!(off(&project, &all), [].into());
}

prop_compose! {
    fn any_graph()(count in 1_usize..24)(
        count in Just(count),
        needs in prop::collection::vec((0..count, 0..count), 0..40),
        mounts in prop::collection::vec((0..count, 0..5_usize), 0..10),
        networks in prop::collection::vec(prop::collection::btree_set(0..count, 0..count), 0..5),
        pins in prop::collection::btree_map(0..count, (-500..1500_i32, -500..1500_i32), 0..4),
    ) -> (Graph, BTreeMap<NodeKey, Point>) {
        let text = |at: &usize| format!("s{at:02}");
        let services: Vec<String> = (0..count).map(|at| text(&at)).collect();
        let needs: Vec<(String, String)> = needs.iter().map(|(a, b)| (text(a), text(b))).collect();
        let mounts: Vec<(String, String)> = mounts.iter().map(|(a, b)| (text(a), format!("v{b}"))).collect();
        let members: Vec<Vec<String>> = networks.iter().map(|set| set.iter().map(text).collect()).collect();
        let members: Vec<Vec<&str>> =
            members.iter().map(|set| set.iter().map(String::as_str).collect()).collect();
        let labels: Vec<String> = (0..members.len()).map(|at| format!("n{at}")).collect();
        fn pairs(list: &[(String, String)]) -> Vec<(&str, &str)> {
            list.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect()
        }
        let graph = picture(
            &services.iter().map(String::as_str).collect::<Vec<_>>(),
            &pairs(&needs),
            &pairs(&mounts),
            &labels.iter().map(String::as_str).zip(members.iter().map(Vec::as_slice)).collect::<Vec<_>>(),
        );
        let pins = pins
            .iter()
            .map(|(at, (x, y))| (key(&text(at)), Point { x: f64::from(*x), y: f64::from(*y) }))
            .collect();
        (graph, pins)
    }
}

proptest! {
    #[test]
    fn no_two_nodes_overlap((graph, _) in any_graph()) {
        for layout in [place(&graph), layout_down(&graph, &size, &BTreeMap::new())] {
            prop_assert_eq!(overlapping(&layout), None);
        }
    }

    #[test]
    fn only_pins_overlap_pins((graph, pins) in any_graph()) {
        let mut layout = layout(&graph, &size, &pins);
        for (key, at) in &pins {
            prop_assert_eq!(layout.nodes[key].at, *at);
        }
        let first = pins.keys().next().cloned();
        layout.nodes.retain(|key, _| !pins.contains_key(key) || Some(key) == first.as_ref());
        prop_assert_eq!(overlapping(&layout), None);
    }

    #[test]
    fn the_same_graph_gives_the_same_picture((graph, pins) in any_graph()) {
        prop_assert_eq!(layout(&graph, &size, &pins), layout(&graph, &size, &pins));
    }

    #[test]
    fn arrows_of_an_acyclic_graph_go_right((mut graph, _) in any_graph()) {
        graph.edges.retain(|edge| !matches!(edge, Edge::DependsOn { from, to, .. } if from >= to));
        let layout = place(&graph);
        for edge in &graph.edges {
            let (from, to) = match edge {
                Edge::DependsOn { from, to, .. } => (from, NodeKey::Service(to.clone())),
                Edge::Mounts { service, resource, .. } => (service, resource.clone()),
            };
            prop_assert!(layout.nodes[&NodeKey::Service(from.clone())].right() < layout.nodes[&to].at.x);
        }
    }

    #[test]
    fn lanes_hold_their_members_and_never_share_a_border_line((graph, pins) in any_graph()) {
        let layout = layout(&graph, &size, &pins);
        for (lane, rect) in graph.lanes.iter().zip(&layout.lanes) {
            for member in &lane.members {
                prop_assert!(rect.contains(&layout.nodes[&NodeKey::Service(member.clone())]));
            }
        }
        for (at, a) in layout.lanes.iter().enumerate() {
            for b in layout.lanes[at + 1..].iter().filter(|b| a.overlaps(b)) {
                let ((ax, ay), (bx, by)) = (borders(a), borders(b));
                prop_assert!(ax.iter().all(|x| !bx.contains(x)) && ay.iter().all(|y| !by.contains(y)));
            }
        }
    }
}

//! Dependency order.

use proptest::prelude::*;

use super::*;
use crate::order::{Dependencies, dependencies, downwards, upwards};

#[test]
fn shared_namespaces_and_volumes_count_as_dependencies() {
    let project = project(json!({"services": {
        "a": {"network_mode": "service:b", "volumes_from": ["c:ro", "container:else"]},
        "b": {}, "c": {"pid": "service:b"},
    }}));
    assert_eq!(upwards(&dependencies(&project)), [name("b"), name("c"), name("a")]);
}

#[test]
fn a_cycle_leaves_its_members_out_and_ends() {
    let project = project(json!({"services": {
        "a": {"depends_on": {"b": {}}}, "b": {"depends_on": {"a": {}}}, "c": {},
    }}));
    assert_eq!(upwards(&dependencies(&project)), [name("c")]);
}

proptest! {
    #[test]
    fn each_service_stands_after_all_it_depends_on(edges in prop::collection::vec((0..12_usize, 0..12_usize), 0..40)) {
        let key = |at: usize| name(&format!("s{at:02}"));
        let mut graph: Dependencies = (0..12).map(|at| (key(at), Default::default())).collect();
        for (a, b) in edges.into_iter().filter(|(a, b)| a != b) {
            graph.get_mut(&key(a.max(b))).unwrap().insert(key(a.min(b)));
        }
        let order = upwards(&graph);
        prop_assert_eq!(order.len(), graph.len());
        let place = |service: &ServiceName| order.iter().position(|other| other == service).unwrap();
        for (service, needs) in &graph {
            prop_assert!(needs.iter().all(|need| place(need) < place(service)));
        }
        let mut reverse = downwards(&graph);
        reverse.reverse();
        prop_assert_eq!(reverse, order);
    }
}

//! Dependency cycles.

use std::collections::BTreeMap;

/// Finds the cycles of a graph, each once and starting at its first name in order: `[a, b, a]`.
pub(crate) fn cycles<'a>(edges: &BTreeMap<&'a str, Vec<&'a str>>) -> Vec<Vec<&'a str>> {
    let names: Vec<&str> = edges.keys().copied().collect();
    let number = |name: &&str| names.binary_search(name).ok();
    let edges = edges.values().map(|targets| targets.iter().filter_map(number).collect()).collect();
    let mut search =
        Search { edges, states: vec![State::New; names.len()], trail: Vec::new(), found: Vec::new() };
    for start in 0..names.len() {
        search.from(start);
    }
    let named = |cycle: Vec<usize>| cycle.into_iter().map(|node| names[node]).collect();
    search.found.into_iter().map(named).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    /// On the trail.
    Open,
    /// All below it is known.
    Done,
}

/// A walk over numbered nodes.
struct Search {
    edges: Vec<Vec<usize>>,
    states: Vec<State>,
    /// The way to the current node, with the number of edges taken at each.
    trail: Vec<(usize, usize)>,
    found: Vec<Vec<usize>>,
}

impl Search {
    fn from(&mut self, start: usize) {
        if self.states[start] != State::New {
            return;
        }
        self.enter(start);
        while let Some((node, taken)) = self.trail.last_mut() {
            let next = self.edges[*node].get(*taken).copied();
            *taken += 1;
            match next {
                Some(next) => match self.states[next] {
                    State::New => self.enter(next),
                    State::Open => self.close(next),
                    State::Done => {}
                },
                None => {
                    self.states[*node] = State::Done;
                    self.trail.pop();
                }
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.states[node] = State::Open;
        self.trail.push((node, 0));
    }

    fn close(&mut self, node: usize) {
        let start = self.trail.iter().position(|(other, _)| *other == node).unwrap_or_default();
        let around = self.trail[start..].iter().map(|(other, _)| *other);
        self.found.push(around.chain([node]).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cycle_is_found_once_however_deep() {
        let edges =
            BTreeMap::from([("a", vec!["b"]), ("b", vec!["c", "d"]), ("c", vec!["a"]), ("d", vec!["d"])]);
        assert_eq!(cycles(&edges), [vec!["a", "b", "c", "a"], vec!["d", "d"]]);
        let names: Vec<String> = (0..50_000).map(|n| n.to_string()).collect();
        let chain = names.windows(2).map(|pair| (pair[0].as_str(), vec![pair[1].as_str()])).collect();
        assert!(cycles(&chain).is_empty());
    }
}

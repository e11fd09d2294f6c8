//! Dependency cycles.

use std::collections::BTreeMap;

/// Finds the cycles of a graph, each once and starting at its first name in order: `[a, b, a]`.
pub(crate) fn cycles<'a>(edges: &BTreeMap<&'a str, Vec<&'a str>>) -> Vec<Vec<&'a str>> {
    let mut search = Search { edges, done: BTreeMap::new(), trail: Vec::new(), found: Vec::new() };
    for start in edges.keys() {
        search.from(start);
    }
    search.found
}

struct Search<'a, 'e> {
    edges: &'e BTreeMap<&'a str, Vec<&'a str>>,
    /// False while a node is on the trail, true when all below it is known.
    done: BTreeMap<&'a str, bool>,
    /// The way to the current node, with the number of edges taken at each.
    trail: Vec<(&'a str, usize)>,
    found: Vec<Vec<&'a str>>,
}

impl<'a> Search<'a, '_> {
    fn from(&mut self, start: &'a str) {
        if self.done.contains_key(start) {
            return;
        }
        self.enter(start);
        while let Some((node, taken)) = self.trail.last_mut() {
            let next = self.edges.get(node).and_then(|targets| targets.get(*taken)).copied();
            *taken += 1;
            match next {
                Some(next) => match self.done.get(next) {
                    None => self.enter(next),
                    Some(false) => self.close(next),
                    Some(true) => {}
                },
                None => {
                    self.done.insert(node, true);
                    self.trail.pop();
                }
            }
        }
    }

    fn enter(&mut self, node: &'a str) {
        self.done.insert(node, false);
        self.trail.push((node, 0));
    }

    fn close(&mut self, node: &'a str) {
        let start = self.trail.iter().position(|(name, _)| *name == node).unwrap_or_default();
        let mut cycle: Vec<&str> = self.trail[start..].iter().map(|(name, _)| *name).collect();
        cycle.push(node);
        self.found.push(cycle);
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

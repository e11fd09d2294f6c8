//! `!reset` and `!override`: paths that are taken out of what earlier files gave. Compose specification, 13-merge.

use super::{
    path::Path,
    tree::{Data, Value},
};

/// The paths of one document that carry `!reset` or `!override`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resets(Vec<Vec<String>>);

impl Resets {
    pub(crate) fn add(&mut self, path: &Path<'_>) {
        self.0.push(path.steps().into_iter().map(str::to_owned).collect());
    }

    /// Removes the paths from a tree whose root stands at `at` in the model. List items are never removed.
    pub(crate) fn apply(&self, tree: &mut Value, at: &[&str]) {
        for path in &self.0 {
            let below = path.len() > at.len() && path.iter().zip(at).all(|(step, own)| step == own);
            if below {
                remove(tree, &path[at.len()..]);
            }
        }
    }
}

fn remove(tree: &mut Value, path: &[String]) {
    match (path, &mut tree.data) {
        ([last], Data::Map(map)) => {
            map.shift_remove(last);
        }
        ([first, rest @ ..], Data::Map(map)) => {
            if let Some(child) = map.get_mut(first) {
                remove(child, rest);
            }
        }
        _ => {}
    }
}

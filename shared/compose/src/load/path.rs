//! Key paths (`services.app.ports[0]`), built on the stack while a step walks the tree and spelled out only for a
//! finding.

use std::fmt;

/// A place in the model.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'a> {
    Root,
    Key(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    pub(crate) const fn key(&'a self, key: &'a str) -> Self {
        Self::Key(self, key)
    }

    pub(crate) const fn item(&'a self, index: usize) -> Self {
        Self::Item(self, index)
    }

    /// The keys from the root, `[]` for a list item.
    pub(crate) fn steps(&self) -> Vec<&'a str> {
        let mut steps = Vec::new();
        let mut at = *self;
        loop {
            match at {
                Path::Root => break,
                Path::Key(parent, key) => {
                    steps.push(key);
                    at = *parent;
                }
                Path::Item(parent, _) => {
                    steps.push("[]");
                    at = *parent;
                }
            }
        }
        steps.reverse();
        steps
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Key(Path::Root, key) => f.write_str(key),
            Path::Key(parent, key) => write!(f, "{parent}.{key}"),
            Path::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

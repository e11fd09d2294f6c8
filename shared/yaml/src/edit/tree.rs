//! What a text means, for the comparison of before and after: no spans, no styles, mappings without order.

use crate::tree::{Document, Kind, NodeId, Style};

use super::{
    change::{Change, EditError, Path, Step},
    scalar::looks_typed,
    splice::spliced,
    value::Value,
};

/// With aliases expanded a small file may stand for a huge tree; beyond this many nodes it is not compared.
const MAX_RESOLVED: usize = 200_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tree {
    tag: Option<String>,
    anchor: Option<String>,
    kind: Shape,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    /// A plain scalar with a type of its own.
    Typed(String),
    Text(String),
    List(Vec<Tree>),
    /// Sorted by key; duplicates in source order.
    Map(Vec<(String, Tree)>),
    Alias(String),
}

impl Tree {
    /// The tree as it is written: anchors and aliases are part of it.
    pub(super) fn written(document: &Document) -> Self {
        document.root().map_or_else(Self::empty, |root| Reader { document, budget: None }.read_written(root))
    }

    /// The tree with aliases expanded and `<<` merged; none when that grows too large.
    pub(super) fn resolved(document: &Document) -> Option<Self> {
        let Some(root) = document.root() else { return Some(Self::empty()) };
        Reader { document, budget: Some(MAX_RESOLVED) }.read(root)
    }

    fn of(kind: Shape) -> Self {
        Self { tag: None, anchor: None, kind }
    }

    fn empty() -> Self {
        Self::of(Shape::Map(Vec::new()))
    }

    fn is_null(&self) -> bool {
        matches!(&self.kind, Shape::Typed(text) if matches!(text.as_str(), "" | "~" | "null"))
    }

    fn is_empty(&self) -> bool {
        match &self.kind {
            Shape::List(items) => items.is_empty(),
            Shape::Map(entries) => entries.is_empty(),
            _ => false,
        }
    }

    fn child(&mut self, step: &Step) -> Option<&mut Self> {
        match (&mut self.kind, step) {
            (Shape::Map(entries), Step::Key(key)) => {
                entries.iter_mut().rev().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            (Shape::List(items), Step::Index(index)) => items.get_mut(*index),
            _ => None,
        }
    }

    fn at(&mut self, steps: &[Step]) -> Option<&mut Self> {
        steps.iter().try_fold(self, |tree, step| tree.child(step))
    }

    fn insert(&mut self, key: &str, value: Self) {
        if let Shape::Map(entries) = &mut self.kind {
            let at = entries.partition_point(|(name, _)| name.as_str() <= key);
            entries.insert(at, (key.to_owned(), value));
        }
    }

    fn take(&mut self, step: &Step) -> Option<Self> {
        match (&mut self.kind, step) {
            (Shape::Map(entries), Step::Key(key)) => {
                let at = entries.iter().rposition(|(name, _)| name == key)?;
                Some(entries.remove(at).1)
            }
            (Shape::List(items), Step::Index(index)) if *index < items.len() => Some(items.remove(*index)),
            _ => None,
        }
    }

    /// Makes the change: the definition of what every edit must achieve.
    pub(super) fn change(&mut self, change: &Change) -> Result<(), EditError> {
        let path = change.path();
        let missing = || EditError::Missing(path.clone());
        match change {
            Change::Put { value, .. } | Change::Override { value, .. } => self.put(path, value.into()),
            Change::Move { from, to, .. } => {
                let Some(Shape::List(items)) = self.at(&path.0).map(|list| &mut list.kind) else {
                    return Err(missing());
                };
                if *from >= items.len() || *to >= items.len() {
                    return Err(missing());
                }
                let item = items.remove(*from);
                items.insert(*to, item);
                Ok(())
            }
            Change::Push { value, .. } => {
                if self.at(&path.0).is_none() {
                    self.put(path, Self::null())?;
                }
                let list = self.at(&path.0).ok_or_else(missing)?;
                if list.is_null() {
                    list.kind = Shape::List(Vec::new());
                }
                match &mut list.kind {
                    Shape::List(items) => items.push(value.into()),
                    _ => return Err(EditError::Unfit { path: path.clone(), wanted: "list" }),
                }
                Ok(())
            }
            Change::Remove { keep, .. } => {
                for depth in (1..=path.0.len()).rev() {
                    let (parents, last) = (&path.0[..depth - 1], &path.0[depth - 1]);
                    let parent = self.at(parents).ok_or_else(missing)?;
                    parent.take(last).ok_or_else(missing)?;
                    if !parent.is_empty() || depth - 1 <= *keep {
                        break;
                    }
                }
                Ok(())
            }
            Change::Rename { key, .. } => {
                let (last, parents) = path.0.split_last().ok_or_else(missing)?;
                let parent = self.at(parents).ok_or_else(missing)?;
                let value = parent.take(last).ok_or_else(missing)?;
                parent.insert(key, value);
                Ok(())
            }
            Change::Splice { old, at, new, .. } => {
                let unfit = || EditError::Unfit { path: path.clone(), wanted: "text" };
                let scalar = self.at(&path.0).ok_or_else(missing)?;
                let (Shape::Text(text) | Shape::Typed(text)) = &scalar.kind else { return Err(unfit()) };
                scalar.kind = Shape::Text(spliced(text, old, at, new).ok_or_else(unfit)?);
                Ok(())
            }
            Change::Retype { entries, .. } => {
                let list = self.at(&path.0).ok_or_else(missing)?;
                list.kind = Self::from(&Value::Map(entries.clone())).kind;
                Ok(())
            }
        }
    }

    fn null() -> Self {
        Self::of(Shape::Typed(String::new()))
    }

    fn put(&mut self, path: &Path, value: Self) -> Result<(), EditError> {
        let mut tree = self;
        for (depth, step) in path.0.iter().enumerate() {
            if tree.is_null() {
                tree.kind = Shape::Map(Vec::new());
            }
            let unfit = || EditError::Unfit { path: Path(path.0[..depth].to_vec()), wanted: "mapping" };
            if tree.child(step).is_none() {
                match (step, &tree.kind) {
                    (Step::Key(key), Shape::Map(_)) => tree.insert(key, Self::null()),
                    (Step::Key(_), _) => return Err(unfit()),
                    (Step::Index(_), _) => return Err(EditError::Missing(path.clone())),
                }
            }
            tree = tree.child(step).ok_or_else(unfit)?;
        }
        tree.kind = value.kind;
        // A tag that stands there stays, as it does in the text.
        tree.tag = value.tag.or(tree.tag.take());
        Ok(())
    }
}

impl From<&Value> for Tree {
    fn from(value: &Value) -> Self {
        Self::of(match value {
            Value::Typed(text) => Shape::Typed(text.clone()),
            Value::Text(text) | Value::Quoted(text) => Shape::Text(text.clone()),
            Value::Flow(value) => return Self::from(value.as_ref()),
            Value::Tagged(tag, value) => {
                return Self { tag: Some(tag.clone()), ..Self::from(value.as_ref()) };
            }
            Value::List(items) => Shape::List(items.iter().map(Self::from).collect()),
            Value::Map(entries) => {
                let mut map = Self::empty();
                for (key, value) in entries {
                    map.insert(key, value.into());
                }
                map.kind
            }
        })
    }
}

struct Reader<'a> {
    document: &'a Document,
    /// Nodes left to read when resolving; none when reading what is written.
    budget: Option<usize>,
}

impl Reader<'_> {
    fn read_written(mut self, root: NodeId) -> Tree {
        self.read(root).unwrap_or_else(Tree::empty)
    }

    /// None when the budget is used up.
    fn read(&mut self, id: NodeId) -> Option<Tree> {
        let resolving = self.budget.is_some();
        if let Some(budget) = &mut self.budget {
            *budget = budget.checked_sub(1)?;
        }
        let id = if resolving { self.document.resolve(id) } else { id };
        let node = self.document.node(id);
        let kind = match &node.kind {
            Kind::Scalar(text) if node.style == Style::Plain && looks_typed(text) => {
                Shape::Typed(text.to_string())
            }
            Kind::Scalar(text) => Shape::Text(text.to_string()),
            Kind::Sequence(items) => {
                Shape::List(items.iter().map(|item| self.read(*item)).collect::<Option<_>>()?)
            }
            Kind::Mapping(_) => self.read_mapping(id)?,
            Kind::Alias(alias) => Shape::Alias(alias.name.clone()),
        };
        let anchor = node.anchor().filter(|_| !resolving).map(|(name, _)| name.clone());
        Some(Tree { tag: node.tag().map(|tag| tag.text.clone()), anchor, kind })
    }

    fn read_mapping(&mut self, id: NodeId) -> Option<Shape> {
        let Kind::Mapping(entries) = &self.document.node(id).kind else { return None };
        let mut map = Tree::empty();
        let mut merged = Vec::new();
        for entry in entries {
            let key = self.key(entry.key);
            let value = self.read(entry.value)?;
            if self.budget.is_some() && key == "<<" {
                merged.push(value);
            } else {
                map.insert(&key, value);
            }
        }
        for source in merged {
            let sources = match source.kind {
                Shape::List(sources) => sources,
                _ => vec![source],
            };
            for source in sources {
                let Shape::Map(inherited) = source.kind else { continue };
                for (key, value) in inherited {
                    if map.child(&Step::Key(key.clone())).is_none() {
                        map.insert(&key, value);
                    }
                }
            }
        }
        Some(map.kind)
    }

    fn key(&self, id: NodeId) -> String {
        self.document.text(id).map_or_else(|| format!("{:?}", self.document.node(id).kind), str::to_owned)
    }
}

//! YAML to be written: a tree of nodes, how it is printed, and how it is made smaller.

/// A node of a file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A scalar or an alias, as it stands in the file.
    Raw(String),
    /// A literal block.
    Block(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    /// `!reset`, `&name`: what stands before a node.
    Mark(String, Box<Node>),
}

pub fn raw(text: impl Into<String>) -> Node {
    Node::Raw(text.into())
}

/// Text in double quotes.
pub fn quoted(text: &str) -> Node {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
    raw(format!("\"{escaped}\""))
}

pub fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Node::Map(entries.map(|(key, value)| (key.to_owned(), value)).into())
}

impl Node {
    /// The node as the text of a file.
    pub fn file(&self) -> String {
        let mut out = String::new();
        match self {
            Self::Map(entries) if !entries.is_empty() => write_map(entries, 0, &mut out),
            other => other.write(0, &mut out),
        }
        out
    }

    /// Writes a value after its key or dash; `indent` is where its children go.
    fn write(&self, indent: usize, out: &mut String) {
        match self {
            Self::Raw(text) => out.push_str(&format!(" {text}\n")),
            Self::Block(text) => {
                out.push_str(" |\n");
                for line in text.lines() {
                    out.push_str(&format!("{}{line}\n", " ".repeat(indent.max(1))));
                }
            }
            Self::List(items) if items.is_empty() => out.push_str(" []\n"),
            Self::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
            Self::List(items) => {
                out.push('\n');
                for item in items {
                    out.push_str(&format!("{}-", " ".repeat(indent)));
                    item.write(indent + 2, out);
                }
            }
            Self::Map(entries) => {
                out.push('\n');
                write_map(entries, indent, out);
            }
            Self::Mark(mark, node) => {
                out.push_str(&format!(" {mark}"));
                node.write(indent, out);
            }
        }
    }

    /// The mapping with one more entry.
    pub fn with(mut self, key: &str, value: Self) -> Self {
        if let Self::Map(entries) = &mut self {
            entries.push((key.to_owned(), value));
        }
        self
    }

    /// How many nodes there are.
    pub fn size(&self) -> usize {
        1 + self.children().iter().map(|child| child.size()).sum::<usize>()
    }

    fn children(&self) -> Vec<&Node> {
        match self {
            Self::Raw(_) | Self::Block(_) => Vec::new(),
            Self::List(items) => items.iter().collect(),
            Self::Map(entries) => entries.iter().map(|(_, node)| node).collect(),
            Self::Mark(_, node) => vec![node],
        }
    }

    /// The node with this number, counted from the root down.
    pub fn nth(&mut self, number: usize) -> Option<&mut Node> {
        let mut rest = number;
        self.seek(&mut rest)
    }

    fn seek(&mut self, rest: &mut usize) -> Option<&mut Node> {
        if *rest == 0 {
            return Some(self);
        }
        *rest -= 1;
        match self {
            Self::Raw(_) | Self::Block(_) => None,
            Self::List(items) => items.iter_mut().find_map(|item| item.seek(rest)),
            Self::Map(entries) => entries.iter_mut().find_map(|(_, node)| node.seek(rest)),
            Self::Mark(_, node) => node.seek(rest),
        }
    }

    /// The same tree with one thing less, in all ways there are; large cuts first.
    pub fn smaller(&self) -> Vec<Node> {
        let mut cuts = Vec::new();
        for number in 0..self.size() {
            let mut copy = self.clone();
            let Some(node) = copy.nth(number) else { continue };
            let (length, weight) = match node {
                Self::List(items) => (items.len(), node.size()),
                Self::Map(entries) => (entries.len(), node.size()),
                Self::Mark(_, inner) => {
                    *node = (**inner).clone();
                    cuts.push((1, copy));
                    continue;
                }
                Self::Raw(_) | Self::Block(_) => continue,
            };
            for at in 0..length {
                let mut copy = self.clone();
                let cut = match copy.nth(number) {
                    Some(Self::List(items)) => items.remove(at).size(),
                    Some(Self::Map(entries)) => entries.remove(at).1.size(),
                    _ => weight,
                };
                cuts.push((cut, copy));
            }
        }
        cuts.sort_by_key(|(cut, _)| std::cmp::Reverse(*cut));
        cuts.into_iter().map(|(_, node)| node).collect()
    }
}

fn write_map(entries: &[(String, Node)], indent: usize, out: &mut String) {
    for (key, value) in entries {
        out.push_str(&format!("{}{key}:", " ".repeat(indent)));
        value.write(indent + 2, out);
    }
}

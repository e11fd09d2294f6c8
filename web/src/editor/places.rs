//! Where the nodes of the picture stand in the text of one compose file, and back.

use composeyard_compose::{ServiceName, graph::NodeKey};
use composeyard_yaml::{Document, Entry, Kind, Span};

/// Each node of a file and the bytes from its key to the end of its value, in source order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places(Vec<(NodeKey, Span)>);

impl Places {
    /// Reads a file; what stands before a syntax error counts.
    pub(crate) fn of(text: &str) -> Self {
        let (documents, _) = composeyard_yaml::parse(text);
        Self(documents.iter().flat_map(sections).collect())
    }

    /// The node around a byte.
    pub(crate) fn at(&self, offset: usize) -> Option<&NodeKey> {
        self.0.iter().find(|(_, span)| span.touches(offset)).map(|(key, _)| key)
    }

    /// Where a node stands.
    pub(crate) fn span(&self, key: &NodeKey) -> Option<Span> {
        self.0.iter().find(|(it, _)| it == key).map(|(_, span)| *span)
    }
}

type KeyOf = fn(&str) -> Option<NodeKey>;

fn sections(document: &Document) -> Vec<(NodeKey, Span)> {
    let named: [(&str, KeyOf); 5] = [
        ("services", |name| ServiceName::new(name).ok().map(NodeKey::Service)),
        ("networks", |name| Some(NodeKey::Network(name.to_owned()))),
        ("volumes", |name| Some(NodeKey::Volume(name.to_owned()))),
        ("secrets", |name| Some(NodeKey::Secret(name.to_owned()))),
        ("configs", |name| Some(NodeKey::Config(name.to_owned()))),
    ];
    let mut found = Vec::new();
    for (section, key) in named {
        for entry in entries(document, section) {
            let span = document.node(entry.key).span().to(document.node(entry.value).span());
            let name = document.text(entry.key).and_then(key);
            found.extend(name.map(|key| (key, span)));
        }
    }
    found
}

fn entries<'document>(document: &'document Document, section: &str) -> &'document [Entry] {
    let section = document.at(&[section]).map(|id| &document.node(document.resolve(id)).kind);
    match section {
        Some(Kind::Mapping(entries)) => entries,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "services:\n  web:\n    image: nginx\n  app:\n    build: .\nvolumes:\n  data:\n";

    fn service(name: &str) -> NodeKey {
        NodeKey::Service(ServiceName::new(name).unwrap())
    }

    #[test]
    fn a_node_reaches_from_its_key_to_the_end_of_its_value() {
        let span = Places::of(FILE).span(&service("web")).unwrap();
        assert_eq!(span.of(FILE), "web:\n    image: nginx");
    }

    #[test]
    fn a_cursor_finds_the_node_it_is_in() {
        let places = Places::of(FILE);
        assert_eq!(places.at(FILE.find("build").unwrap()), Some(&service("app")));
        assert_eq!(places.at(FILE.find("data").unwrap()), Some(&NodeKey::Volume("data".into())));
        assert_eq!(places.at(2), None);
    }

    #[test]
    fn a_broken_text_still_has_the_nodes_before_the_break() {
        let broken = format!("{FILE}networks: [\n");
        assert!(Places::of(&broken).span(&service("web")).is_some());
    }
}

//! Values: the words of the table, names of the project, files, images, anchors.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::paths::written_in;
use super::super::symbols::{Kind, expected, mentions};
use super::style::scalar;
use super::{Completion, Cursor, What};
use crate::facts::{Meaning, Shape, images};

impl Cursor<'_, '_> {
    /// What may stand as a value or item of a shape at a path.
    pub(super) fn values(&self, shape: &'static Shape, path: &[&str]) -> Vec<Completion> {
        let mut found = self.hints(path);
        if let Some((kind, before)) = expected(path) {
            found.extend(self.names_for(kind, before, path));
        }
        if let ["services", _, "image"] = path {
            found.extend(self.images());
        }
        let own = shape.scalar().map(|scalar| scalar.meaning.words()).unwrap_or_default();
        for word in own.iter().filter(|word| !word.ends_with(':')) {
            found.push(Completion::new(What::Value, *word, self.written(word, shape)));
        }
        if shape.scalar().is_some_and(|scalar| matches!(scalar.meaning, Meaning::Path)) {
            found.extend(self.files(path));
        }
        found
    }

    /// A value in the quotes it needs.
    fn written(&self, text: &str, shape: &Shape) -> String {
        if self.place.quoted { text.to_owned() } else { scalar(text, shape, self.place.in_flow) }
    }

    /// Names of the project that are not in the list yet; a service never depends on itself.
    fn names_for(&self, kind: Kind, before: &str, path: &[&str]) -> Vec<Completion> {
        let own = self.service().map(|(name, _)| name).filter(|_| kind == Kind::Service);
        let taken = if path.last() == Some(&"[]") { self.items() } else { HashSet::new() };
        let about = self.about(kind);
        let names = self.names(kind, true).into_iter();
        let names = names.filter(|name| Some(name.as_str()) != own && !taken.contains(name.as_str()));
        names
            .map(|name| {
                let text = format!("{before}{name}");
                Completion::new(What::Name(kind), &text, &text)
                    .detail(about.get(name.as_str()).copied().unwrap_or_default())
            })
            .collect()
    }

    /// What the list around the cursor holds already.
    fn items(&self) -> HashSet<&str> {
        let list = match self.place.parent {
            Some(parent) if self.sketch.nodes[parent].key.of(self.sketch.text) == "-" => {
                self.sketch.nodes[parent].parent
            }
            parent => parent,
        };
        let items = self.sketch.children(list);
        let items =
            items.map(|item| self.sketch.scalar(item)).filter(|span| span.start != self.place.word.start);
        items.map(|span| span.of(self.sketch.text)).collect()
    }

    /// A few words about each name of a kind in this file: a service's image, a resource's driver.
    pub(super) fn about(&self, kind: Kind) -> HashMap<&str, &str> {
        let keys: &[&str] = match kind {
            Kind::Service => &["image", "build"],
            _ => &["driver", "file"],
        };
        let section = kind.section().and_then(|section| self.sketch.child(None, section));
        let named = section.into_iter().flat_map(|section| self.sketch.children(Some(section)));
        let words = |node: usize| {
            let value = keys.iter().find_map(|key| self.sketch.child(Some(node), key))?;
            Some((
                self.sketch.name(node).of(self.sketch.text),
                self.sketch.scalar(value).of(self.sketch.text),
            ))
        };
        named.filter_map(words).collect()
    }

    /// Images that the project uses, then the well-known ones.
    fn images(&self) -> Vec<Completion> {
        let used: BTreeSet<&str> = (0..self.sketch.nodes.len())
            .filter(|node| self.sketch.name(*node).of(self.sketch.text) == "image")
            .map(|node| self.sketch.scalar(node))
            .filter(|span| !span.touches(self.place.word.start))
            .map(|span| span.of(self.sketch.text))
            .filter(|image| !image.is_empty() && !image.contains('$'))
            .collect();
        let used = used.into_iter().map(|image| {
            let what = images::find(image).map_or("", |known| known.what);
            Completion::new(What::Image, image, image).detail("in this file").doc(what)
        });
        let known = images::proposed().map(|(reference, image)| {
            Completion::new(What::Image, reference.as_str(), reference.as_str()).detail(image.what)
        });
        used.chain(known).collect()
    }

    /// Files and folders of the project; folders where a folder is meant.
    fn files(&self, path: &[&str]) -> Vec<Completion> {
        let names = self.assistant.files.0.keys().map(String::as_str).filter(|name| *name != self.file);
        let folder_meant = matches!(path, [.., "build"] | [.., "build", "context"]);
        let yaml_meant = path.first() == Some(&"include") || matches!(path, [.., "extends", "file"]);
        let base = self.assistant.folder_of(self.file);
        let mut found: BTreeSet<String> = BTreeSet::new();
        for name in names {
            if folder_meant {
                let folder = name.rsplit_once('/').map(|(folder, _)| folder);
                let folder = folder.or_else(|| name.starts_with("Dockerfile").then_some(""));
                found.extend(folder.map(|folder| written_in(base, folder)));
            } else if !yaml_meant || super::is_yaml(name) {
                found.insert(written_in(base, name));
            }
        }
        found.into_iter().map(|name| Completion::new(What::File, &name, &name)).collect()
    }

    /// Anchors of this file, once a `*` is typed.
    pub(super) fn anchors(&self) -> Vec<Completion> {
        if !self.place.word.of(self.sketch.text).starts_with('*') {
            return Vec::new();
        }
        let anchors = mentions(self.sketch).into_iter().filter(|it| it.kind == Kind::Anchor && it.declares);
        anchors
            .map(|anchor| {
                let text = format!("*{}", anchor.name);
                Completion::new(What::Name(Kind::Anchor), &text, &text)
            })
            .collect()
    }
}

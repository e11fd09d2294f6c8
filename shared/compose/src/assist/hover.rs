//! What a thing means: documentation of its key, what its value comes to and where that was written, who uses a
//! name, why a finding matters.

use composeyard_yaml::{LineIndex, Span};

use super::complete::value_of;
use super::sketch::{Sketch, Step};
use super::symbols::{Kind, Mention, mentions, words};
use super::uses::Use;
use super::{Assistant, ENV_FILE, Location, is_yaml, place};
use crate::facts::{Key, Shape, images};
use crate::load::Origin;
use crate::load::tree::{Data, Value};
use crate::{render, rules};

/// A card about the thing under the pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The bytes it is about.
    pub span: Span,
    /// `image`, `service web`, `${TAG}`.
    pub title: String,
    /// What it means, one line.
    pub doc: String,
    /// What else is known, the most telling first.
    pub facts: Vec<Fact>,
    /// How it may be written.
    pub examples: Vec<String>,
    /// Where it is documented.
    pub link: Option<String>,
}

/// One line of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// `value`, `default`, `used by`.
    pub label: &'static str,
    /// What holds; several lines for a collection.
    pub text: String,
    /// Where that was written, with its line from 1.
    pub from: Option<(Location, u32)>,
}

impl Fact {
    fn new(label: &'static str, text: impl Into<String>) -> Self {
        Self { label, text: text.into(), from: None }
    }
}

/// A collection longer than this is cut.
const MOST_LINES: usize = 12;

impl Assistant<'_> {
    /// What the thing at a byte of a file means; none where nothing is known about it.
    pub fn hover(&self, file: &str, offset: usize) -> Option<Hover> {
        let text = self.text(file).filter(|_| is_yaml(file))?;
        let sketch = Sketch::of(text);
        let named = mentions(&sketch).into_iter().find(|mention| mention.span.touches(offset));
        let mut hover = match named {
            Some(mention) if mention.kind == Kind::Variable => self.variable(&mention, text),
            Some(mention) => self.name(file, &mention),
            None => self.node(file, &sketch, offset)?,
        };
        hover.facts.extend(self.reasons(file, hover.span));
        Some(hover)
    }

    fn variable(&self, mention: &Mention<'_>, text: &str) -> Hover {
        let env = self.text(ENV_FILE).unwrap_or_default();
        let mut facts = Vec::new();
        match value_of(env, mention.name) {
            Some(value) => {
                let from = self.definition_of(Kind::Variable, mention.name, ENV_FILE).pop();
                let from = from.map(|location| self.with_line(location));
                facts.push(Fact { from, ..Fact::new("value", value) });
            }
            None => facts.push(Fact::new("value", "not set in .env")),
        }
        let rest = &text[mention.span.end..];
        let operator =
            [(":-", "when empty"), ("-", "when unset"), (":?", "must be set"), ("?", "must be set")];
        let found = operator.iter().find_map(|(sign, label)| Some((label, rest.strip_prefix(sign)?)));
        if let Some((label, argument)) = found {
            facts.push(Fact::new(label, argument.split('}').next().unwrap_or_default()));
        }
        Hover {
            span: mention.span,
            title: format!("${{{}}}", mention.name),
            doc: "A variable, filled in before the file is read.".to_owned(),
            facts,
            examples: Vec::new(),
            link: Some("https://docs.docker.com/reference/compose-file/interpolation/".to_owned()),
        }
    }

    fn name(&self, file: &str, mention: &Mention<'_>) -> Hover {
        let mut facts = Vec::new();
        if let Some(section) = mention.kind.section() {
            facts.extend(self.resolved_keys(section, mention.name));
        }
        let uses = self.uses_of(mention.kind, mention.name, file);
        let mut users: Vec<String> =
            uses.iter().filter(|it| !it.declares()).map(|it| it.holder.clone()).collect();
        users.retain(|user| !user.is_empty());
        users.dedup();
        if !users.is_empty() {
            facts.push(Fact::new("used by", users.join(", ")));
        } else if mention.kind.section().is_some() && mention.kind != Kind::Service {
            facts.push(Fact::new("used by", "nobody"));
        }
        if !mention.declares
            && let Some(declared) = uses.into_iter().find(Use::declares)
        {
            facts.push(Fact { from: Some((declared.location, declared.line)), ..Fact::new("declared", "") });
        }
        let key = mention.kind.section().and_then(|section| crate::facts::TOP.key(section));
        Hover {
            span: mention.span,
            title: format!("{} {}", mention.kind.word(), mention.name),
            doc: key.map_or_else(String::new, |key| key.doc.to_owned()),
            facts,
            examples: Vec::new(),
            link: key.map(|key| crate::facts::TOP.link(key)),
        }
    }

    /// What a service or resource comes to, the keys one looks for first.
    fn resolved_keys(&self, section: &str, name: &str) -> Vec<Fact> {
        let mut facts = Vec::new();
        for key in ["image", "driver", "external", "file", "environment"] {
            let value = self.loaded.origins.value(&format!("{section}.{name}.{key}"));
            if let Some(text) = value.and_then(Value::scalar) {
                facts.push(Fact::new(key, text));
            }
        }
        let ports = self.loaded.origins.value(&format!("{section}.{name}.ports"));
        if let Some(Value { data: Data::List(ports), .. }) = ports {
            let part = |port: &Value, key: &str| port.get(key).and_then(Value::scalar);
            let port = |port: &Value| {
                let target = part(port, "target")?;
                Some(
                    part(port, "published").map_or_else(|| target.clone(), |host| format!("{host}:{target}")),
                )
            };
            facts.push(Fact::new("ports", ports.iter().filter_map(port).collect::<Vec<_>>().join(", ")));
        }
        facts.retain(|fact| !fact.text.is_empty());
        facts
    }

    fn node(&self, file: &str, sketch: &Sketch<'_>, offset: usize) -> Option<Hover> {
        let node = sketch.before(offset + 1)?;
        let node = sketch.ancestors(node).find(|node| {
            let it = &sketch.nodes[*node];
            it.key.touches(offset) || (it.value.touches(offset) && !it.value.of(sketch.text).contains('\n'))
        })?;
        let on_key =
            sketch.nodes[node].key.touches(offset) && matches!(sketch.nodes[node].step, Step::Key(_));
        let path = sketch.path(node);
        let described = described(&path);
        let mut facts: Vec<Fact> = self.resolved(file, sketch, node).into_iter().collect();
        if !on_key && words(&path).last() == Some(&"image") {
            let image = images::find(sketch.scalar(node).of(sketch.text));
            facts.extend(image.into_iter().flat_map(about_image));
        }
        let (title, doc, examples, link) = match described {
            Some((key, link)) => {
                facts.extend(about_key(key));
                (key.name.to_owned(), key.doc.to_owned(), key.examples(), Some(link))
            }
            None if facts.is_empty() => return None,
            None => {
                (words(&path).last().copied().unwrap_or_default().to_owned(), String::new(), Vec::new(), None)
            }
        };
        let span = if on_key { sketch.nodes[node].key } else { sketch.nodes[node].value };
        Some(Hover { span, title, doc, facts, examples: if on_key { examples } else { Vec::new() }, link })
    }

    /// What a value comes to, when that is not what stands there.
    fn resolved(&self, file: &str, sketch: &Sketch<'_>, node: usize) -> Option<Fact> {
        let value = self.value_at(file, sketch, node)?;
        let text = match &value.data {
            Data::List(_) | Data::Map(_) => shortened(&render::data_yaml(&value.to_json())),
            _ => value.scalar()?,
        };
        let origin = self.loaded.origins.of(value);
        let here = origin.is_some_and(|it| {
            it.file == file
                && it.span.start >= sketch.nodes[node].key.start
                && it.span.end <= sketch.nodes[node].end.max(it.span.start)
        });
        if here && text == sketch.scalar(node).of(sketch.text) {
            return None;
        }
        let from = origin
            .filter(|_| !here)
            .map(|Origin { file, span }| self.with_line(Location { file: file.to_owned(), span }));
        Some(Fact { from, ..Fact::new("value", text) })
    }

    /// The value of the loaded project that a node became part of. Lists are searched by place: merging moves items.
    fn value_at(&self, file: &str, sketch: &Sketch<'_>, node: usize) -> Option<&Value> {
        let mut chain: Vec<usize> = sketch.ancestors(node).collect();
        chain.reverse();
        let first = *chain.first()?;
        let mut value = self.loaded.origins.value(sketch.name(first).of(sketch.text))?;
        for node in chain.into_iter().skip(1) {
            value = match (sketch.nodes[node].step, &value.data) {
                (Step::Key(key), Data::Map(map)) => map.get(key)?,
                (Step::Item(_), Data::List(list)) => {
                    let it = &sketch.nodes[node];
                    let stands_here = |value: &&Value| {
                        self.loaded.origins.of(value).is_some_and(|origin| {
                            origin.file == file
                                && it.key.start <= origin.span.start
                                && origin.span.end <= it.end
                        })
                    };
                    list.iter().find(stands_here)?
                }
                _ => return None,
            };
        }
        Some(value)
    }

    /// Why the findings at a place matter.
    fn reasons(&self, file: &str, span: Span) -> Vec<Fact> {
        let here = self.loaded.diagnostics.iter().filter(|finding| {
            finding.file == file && finding.span.start <= span.end && span.start <= finding.span.end
        });
        let mut codes: Vec<&str> = here.map(|finding| finding.code.as_str()).collect();
        codes.dedup();
        let rule = |code: &str| rules::all().find(|rule| rule.code == code);
        codes.into_iter().filter_map(rule).map(|rule| Fact::new(rule.code, rule.why)).collect()
    }

    pub(super) fn with_line(&self, location: Location) -> (Location, u32) {
        let text = self.text(&location.file).unwrap_or_default();
        let line = LineIndex::new(text).line(location.span.start);
        (location, line)
    }
}

/// The table's row for the last key of a path that it knows, and where it is documented.
fn described(path: &[Step<'_>]) -> Option<(&'static Key, String)> {
    (1..=path.len()).rev().find_map(|length| {
        let Step::Key(name) = path[length - 1] else { return None };
        let object = place::shape(&path[..length - 1]).and_then(Shape::object)?;
        let key = object.key(name)?;
        Some((key, object.link(key)))
    })
}

fn about_key(key: &Key) -> Vec<Fact> {
    let mut facts = vec![Fact::new("takes", key.shape.takes())];
    let words = key.shape.words();
    if words.len() > 2 {
        facts.push(Fact::new("one of", words.join(", ")));
    }
    facts.extend(key.default.map(|value| Fact::new("default", value)));
    facts.extend(key.since.map(|version| Fact::new("since", format!("Docker Compose {version}"))));
    if key.swarm {
        facts.push(Fact::new("note", "Only Swarm acts on it."));
    }
    facts.retain(|fact| !fact.text.is_empty());
    facts
}

fn about_image(image: &'static images::Image) -> Vec<Fact> {
    let mut facts = vec![Fact::new("image", image.what)];
    facts.extend(image.port().map(|port| Fact::new("listens on", port.to_string())));
    facts.extend(image.data.map(|folder| Fact::new("keeps data in", folder)));
    facts
}

fn shortened(yaml: &str) -> String {
    let lines: Vec<&str> = yaml.lines().collect();
    if lines.len() <= MOST_LINES {
        return lines.join("\n");
    }
    format!("{}\n… {} more lines", lines[..MOST_LINES].join("\n"), lines.len() - MOST_LINES)
}

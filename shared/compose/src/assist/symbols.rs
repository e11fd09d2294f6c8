//! Names of the project: where each is declared and where it is used, in every file, broken ones too.

use composeyard_yaml::Span;

use super::sketch::{Sketch, Step, elsewhere_file};
use crate::ServiceName;
use crate::edit::{Resource, Subject};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A service.
    Service,
    /// A network.
    Network,
    /// A named volume.
    Volume,
    /// A secret.
    Secret,
    /// A config.
    Config,
    /// A language model.
    Model,
    /// A profile; the services that have it declare it.
    Profile,
    /// A variable of `${…}`; `.env` declares it.
    Variable,
    /// A YAML anchor, of one file.
    Anchor,
}

impl Kind {
    /// The top-level section that declares such names.
    pub const fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::Service => "services",
            Self::Network => "networks",
            Self::Volume => "volumes",
            Self::Secret => "secrets",
            Self::Config => "configs",
            Self::Model => "models",
            Self::Profile | Self::Variable | Self::Anchor => return None,
        })
    }

    /// What one calls it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Network => "network",
            Self::Volume => "volume",
            Self::Secret => "secret",
            Self::Config => "config",
            Self::Model => "model",
            Self::Profile => "profile",
            Self::Variable => "variable",
            Self::Anchor => "anchor",
        }
    }

    /// What the designer knows by this kind and a name.
    pub(super) fn subject(self, name: &str) -> Option<Subject> {
        let resource = |resource| Some(Subject::Resource(resource, name.to_owned()));
        match self {
            Self::Service => ServiceName::new(name).ok().map(Subject::Service),
            Self::Network => resource(Resource::Network),
            Self::Volume => resource(Resource::Volume),
            Self::Secret => resource(Resource::Secret),
            Self::Config => resource(Resource::Config),
            Self::Model => resource(Resource::Model),
            Self::Profile | Self::Variable | Self::Anchor => None,
        }
    }

    pub(super) fn of_section(section: &str) -> Option<Self> {
        [Self::Service, Self::Network, Self::Volume, Self::Secret, Self::Config, Self::Model]
            .into_iter()
            .find(|kind| kind.section() == Some(section))
    }
}

/// A name at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mention<'t> {
    pub(crate) kind: Kind,
    pub(crate) name: &'t str,
    /// The bytes of the name alone.
    pub(crate) span: Span,
    /// True where the name is declared.
    pub(crate) declares: bool,
}

/// Steps as words; `[]` is a list item.
pub(crate) fn words<'t>(path: &[Step<'t>]) -> Vec<&'t str> {
    let word = |step: &Step<'t>| match step {
        Step::Key(key) => *key,
        Step::Item(_) => "[]",
    };
    path.iter().map(word).collect()
}

/// Which names may stand as a value, item or key at the end of a path, and what is written before them.
pub(crate) fn expected(path: &[&str]) -> Option<(Kind, &'static str)> {
    let kind = match path {
        ["services", _, "depends_on" | "links" | "volumes_from", _] => Kind::Service,
        ["services", _, "extends"] | ["services", _, "extends", "service"] => Kind::Service,
        ["services", _, "network_mode" | "ipc" | "pid"] => return Some((Kind::Service, "service:")),
        ["services", _, "build", "additional_contexts", _] => return Some((Kind::Service, "service:")),
        ["services", _, "networks", _] => Kind::Network,
        ["services", _, "volumes", "[]"] | ["services", _, "volumes", "[]", "source"] => Kind::Volume,
        ["services", _, "secrets", "[]"] | ["services", _, "secrets", "[]", "source"] => Kind::Secret,
        ["services", _, "build", "secrets", "[]"] | ["services", _, "build", "secrets", "[]", "source"] => {
            Kind::Secret
        }
        ["services", _, "configs", "[]"] | ["services", _, "configs", "[]", "source"] => Kind::Config,
        ["services", _, "credential_spec", "config"] => Kind::Config,
        ["services", _, "models", _] => Kind::Model,
        ["services", _, "profiles", "[]"] => Kind::Profile,
        _ => return None,
    };
    Some((kind, ""))
}

/// Every name in the keys and values of a file, in source order, and its variables and anchors.
pub(crate) fn mentions<'t>(sketch: &Sketch<'t>) -> Vec<Mention<'t>> {
    let mut found: Vec<_> = (0..sketch.nodes.len()).filter_map(|node| of_node(sketch, node)).collect();
    found.extend(marked(sketch.text));
    found.sort_by_key(|mention| mention.span);
    found
}

/// Names below the top of a section, and places that name them, are never deeper than this.
const DEEPEST: usize = 6;

fn of_node<'t>(sketch: &Sketch<'t>, node: usize) -> Option<Mention<'t>> {
    if sketch.ancestors(node).take(DEEPEST + 1).count() > DEEPEST {
        return None;
    }
    let path = words(&sketch.path(node));
    let step = sketch.nodes[node].step;
    if let [section, name] = path[..]
        && let (Step::Key(_), Some(kind)) = (step, Kind::of_section(section))
    {
        return Some(Mention { kind, name, span: sketch.name(node), declares: true });
    }
    let (kind, before) = expected(&path)?;
    let is_key = matches!(step, Step::Key(_))
        && path.len() == 4
        && matches!(path[2], "depends_on" | "networks" | "models");
    let span = if is_key { sketch.name(node) } else { named(sketch, node, &path, before)? };
    let name = span.of(sketch.text);
    let declares = kind == Kind::Profile;
    (!name.is_empty()).then_some(Mention { kind, name, span, declares })
}

/// The bytes of the name in a scalar: behind `service:`, before the mode of a link or mount.
fn named(sketch: &Sketch<'_>, node: usize, path: &[&str], before: &str) -> Option<Span> {
    let span = sketch.scalar(node);
    let text = span.of(sketch.text).strip_prefix(before)?;
    let start = span.end - text.len();
    if path.contains(&"extends") && elsewhere_file(sketch, node).is_some() {
        return None;
    }
    let length = match path {
        [.., "links" | "volumes_from", "[]"] => text.find(':').unwrap_or(text.len()),
        [_, _, "volumes", "[]"] => text.find(':').filter(|_| is_volume(text))?,
        [_, _, "volumes", "[]", "source"] => text.len() * usize::from(is_volume(text)),
        _ => text.len(),
    };
    (!text.contains('$')).then_some(Span::new(start, start + length))
}

/// True for `data:/x`, false for a path.
fn is_volume(text: &str) -> bool {
    !text.starts_with(['.', '/', '~', '\\', '$']) && text.get(1..3) != Some(":\\")
}

/// Variables and anchors, which are marked by a character and stand anywhere but in comments.
fn marked(text: &str) -> Vec<Mention<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim_start().starts_with('#') && line.contains(['$', '&', '*']) {
            variables(line, start, &mut found);
            anchors(line, start, &mut found);
        }
        start += line.len();
    }
    found
}

fn variables<'t>(line: &'t str, start: usize, found: &mut Vec<Mention<'t>>) {
    let mut at = 0;
    while let Some(dollar) = line[at..].find('$').map(|found| at + found) {
        let rest = &line[dollar + 1..];
        let (skip, rest) = match rest.strip_prefix('{') {
            Some(rest) => (2, rest),
            None => (1, rest),
        };
        let length = name_length(rest);
        if rest.starts_with('$') {
            at = dollar + 2;
            continue;
        }
        at = dollar + skip;
        if length > 0 {
            let span = Span::new(start + at, start + at + length);
            found.push(Mention { kind: Kind::Variable, name: &rest[..length], span, declares: false });
        }
    }
}

fn anchors<'t>(line: &'t str, start: usize, found: &mut Vec<Mention<'t>>) {
    for (at, mark) in line.match_indices(['&', '*']) {
        let opens = line[..at].ends_with([' ', '[', ',', '{']) && (mark == "*" || !line[..at].contains('"'));
        let rest = &line[at + 1..];
        let length = rest.find(|c: char| c.is_whitespace() || ",[]{}".contains(c)).unwrap_or(rest.len());
        let name = &rest[..length];
        if opens && !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c)) {
            let span = Span::new(start + at + 1, start + at + 1 + length);
            found.push(Mention { kind: Kind::Anchor, name, span, declares: mark == "&" });
        }
    }
}

/// How long the variable's name at the start of a text is.
pub(crate) fn name_length(text: &str) -> usize {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) { 0 } else { end }
}

/// The variables that a `.env` file declares, each with the bytes of its name.
pub(crate) fn declared_variables(text: &str) -> impl Iterator<Item = Mention<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let from = start;
        start += line.len();
        let lead = line.len() - line.trim_start().len();
        let export = line[lead..].strip_prefix("export ").map_or(0, |_| "export ".len());
        let at = lead + export;
        let length = name_length(&line[at..]);
        let declares = length > 0 && line[at + length..].trim_start().starts_with('=');
        declares.then(|| Mention {
            kind: Kind::Variable,
            name: &line[at..at + length],
            span: Span::new(from + at, from + at + length),
            declares: true,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let sketch = Sketch::of(text);
        let drawn = |mention: &Mention<'_>| {
            assert_eq!(mention.span.of(text), mention.name);
            let mark = if mention.declares { "=" } else { "" };
            format!("{}{mark} {}", mention.kind.word(), mention.name)
        };
        mentions(&sketch).iter().map(drawn).collect()
    }

    #[test]
    fn every_way_to_name_a_service_is_known() {
        let text = "services:\n  a:\n    depends_on: {b: {condition: x}}\n    links: [b:alias]\n    network_mode: service:b\n    volumes_from:\n      - b:ro\n    extends:\n      service: b\n";
        let expected = ["service= a", "service b", "service b", "service b", "service b", "service b"];
        assert_eq!(found(text), expected);
    }

    #[test]
    fn a_service_of_another_file_is_not_one_of_this_project() {
        assert_eq!(
            found("services:\n  a:\n    extends:\n      file: x.yaml\n      service: b\n"),
            ["service= a"]
        );
    }

    #[test]
    fn mounts_name_volumes_and_paths_do_not() {
        let text = "services:\n  a:\n    volumes:\n      - data:/x\n      - ./src:/y\n      - /z\n      - type: volume\n        source: cache\nvolumes:\n  data:\n";
        assert_eq!(found(text), ["service= a", "volume data", "volume cache", "volume= data"]);
    }

    #[test]
    fn variables_and_anchors_are_found_anywhere_but_in_comments() {
        let text = "x-a: &base\n  image: a:${TAG:-1}\n  b: $PORT $${NO} # x\n  <<: *base\n# ${NO}\n";
        assert_eq!(found(text), ["anchor= base", "variable TAG", "variable PORT", "anchor base"]);
    }

    #[test]
    fn an_env_file_declares_variables() {
        let names: Vec<_> = declared_variables("A=1\n# B=2\nexport C = 3\nD\n").map(|it| it.name).collect();
        assert_eq!(names, ["A", "C"]);
    }
}

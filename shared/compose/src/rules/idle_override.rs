//! CY330: a value in an override file that an earlier file has already.

use composeyard_yaml::{Document, Entry, Kind, NodeId, Style};

use crate::load::Parsed;
use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY330",
    name: "idle-override",
    severity: Severity::Hint,
    what: "An override file repeats what an earlier file says.",
    why: "It changes nothing today, and hides later changes of the earlier file.",
    how: "Remove it from the override.",
    link: "https://docs.docker.com/reference/compose-file/merge/",
    example: "# file: compose.yaml\nservices:\n  app:\n    image: myapp:1.0\n    init: true\n# file: compose.override.yaml\nservices:\n  app:\n    init: true\n    tty: true\n",
    good: "# file: compose.yaml\nservices:\n  app:\n    image: myapp:1.0\n    init: true\n# file: compose.override.yaml\nservices:\n  app:\n    tty: true\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let files: Vec<&Parsed> = context.compose_files.iter().filter_map(|name| context.source(name)).collect();
    for (at, file) in files.iter().enumerate().skip(1) {
        for document in &file.documents {
            let earlier =
                files[..at].iter().flat_map(|file| file.documents.iter().map(|document| (*file, document)));
            let bases: Vec<_> =
                earlier.filter_map(|(file, document)| Some((file, document, document.root()?))).collect();
            let Some(root) = document.root() else { continue };
            let mut walk = Walk { file, document, path: Vec::new(), anchors: 0, findings: Vec::new() };
            walk.mapping(root, &bases);
            findings.extend(walk.findings);
        }
    }
}

/// A place in an earlier file that says something at the path at hand.
type Base<'a> = (&'a Parsed, &'a Document, NodeId);

struct Walk<'a> {
    file: &'a Parsed,
    document: &'a Document,
    path: Vec<&'a str>,
    /// How many of the mappings around have an anchor.
    anchors: usize,
    findings: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    /// Reports the entries of a mapping that repeat what stands below one of the bases. True when all of them do.
    fn mapping(&mut self, node: NodeId, bases: &[Base<'a>]) -> bool {
        let Kind::Mapping(entries) = &self.document.node(node).kind else { return false };
        // What comes in from elsewhere lies between the two: without the line it would win.
        if takes_over(self.document, node) {
            return false;
        }
        let from = bases.iter().rposition(|(_, document, base)| takes_over(document, *base)).unwrap_or(0);
        let bases = &bases[from..];
        let is_anchored = self.document.node(node).anchor().is_some();
        self.anchors += usize::from(is_anchored);
        let mut repeats = Vec::new();
        for entry in entries {
            let Some(key) = self.document.text(entry.key) else { continue };
            // What is included is read before anything is merged; `version` means nothing anyway.
            if key.starts_with("x-") || matches!(key, "include" | "version") {
                continue;
            }
            let below: Vec<Base<'a>> = bases
                .iter()
                .filter_map(|(file, document, base)| {
                    Some((*file, *document, document.entry(*base, key)?.value))
                })
                .collect();
            self.path.push(key);
            if !below.is_empty() && self.repeats(entry.value, &below) {
                repeats.push(*entry);
            }
            self.path.pop();
        }
        // A line below an anchor speaks for all who name that.
        let is_for_others = self.anchors > 0;
        self.anchors -= usize::from(is_anchored);
        // A whole mapping that repeats is told once, where a service or resource is its name.
        let all = repeats.len() == entries.len() && !entries.is_empty();
        if all && self.path.len() >= 2 {
            return true;
        }
        if !is_for_others {
            for entry in repeats {
                self.report(node, entry, bases);
            }
        }
        false
    }

    fn repeats(&mut self, node: NodeId, bases: &[Base<'a>]) -> bool {
        let Some((_, document, base)) = bases.last() else { return false };
        let (own, other) = (self.document.node(node), document.node(document.resolve(*base)));
        let has_tag = |(_, document, base): &Base<'a>| document.node(*base).tag().is_some();
        if own.tag().is_some() || bases.iter().any(has_tag) {
            return false;
        }
        match (&own.kind, &other.kind) {
            (Kind::Mapping(_), Kind::Mapping(_)) => self.mapping(node, bases),
            (Kind::Scalar(a), Kind::Scalar(b)) => {
                a == b && !a.is_empty() && (own.style == Style::Plain) == (other.style == Style::Plain)
            }
            _ => false,
        }
    }

    fn report(&mut self, parent: NodeId, entry: Entry, bases: &[Base<'a>]) {
        let Some(key) = self.document.text(entry.key) else { return };
        let Some((base, at)) = bases.iter().rev().find_map(|(file, document, base)| {
            Some((*file, document.node(document.entry(*base, key)?.key).span()))
        }) else {
            return;
        };
        let path = self.path.iter().copied().chain([key]).collect::<Vec<_>>().join(".");
        let span = self.document.node(entry.key).span();
        let mut finding = RULE
            .at(&self.file.name, span, &path, format!("`{key}` changes nothing: {} says the same", base.name))
            .with_help("Remove it here, so that a change of the other file is not hidden.")
            .with_related("it stands here already", &base.name, at);
        let fix = Context::remove_entry(format!("Remove `{key}`"), (self.file, self.document), parent, entry);
        finding.fixes.extend(fix);
        self.findings.push(finding);
    }
}

/// True where a mapping takes over what stands elsewhere.
fn takes_over(document: &Document, mapping: NodeId) -> bool {
    ["<<", "extends"].iter().any(|key| document.entry(mapping, key).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::tests::checked_files;

    const BASE: &str =
        "services:\n  app:\n    image: a:1\n    init: true\n    environment:\n      A: x\n      B: y\n";

    fn told(over: &str) -> Vec<String> {
        let files = [("compose.yaml", BASE), ("over.yaml", over)];
        let findings = checked_files(&files, &["compose.yaml", "over.yaml"]);
        findings.into_iter().map(|finding| format!("{} {}", finding.code, finding.path)).collect()
    }

    #[test]
    fn a_repeated_value_is_pointed_out_once() {
        assert_eq!(told("services:\n  app:\n    init: true\n    tty: true\n"), ["CY330 services.app.init"]);
        assert_eq!(
            told("services:\n  app:\n    environment:\n      A: x\n      B: z\n"),
            ["CY330 services.app.environment.A"]
        );
        assert_eq!(told("services:\n  app:\n    image: a:1\n    init: true\n"), ["CY330 services.app"]);
    }

    #[test]
    fn a_line_with_an_anchor_that_others_name_stays() {
        let anchored = "services:\n  app:\n    tty: true\n    environment: &e\n      A: x\n  b:\n    image: b:1\n    environment: *e\n";
        let files = [("compose.yaml", BASE), ("over.yaml", anchored)];
        let findings = checked_files(&files, &["compose.yaml", "over.yaml"]);
        let repeated = findings.iter().find(|finding| finding.path == "services.app.environment").unwrap();
        assert!(repeated.fixes.is_empty());
    }

    #[test]
    fn what_an_earlier_override_extends_or_merges_lies_between_too() {
        let over = "services:\n  app:\n    init: true\n    environment:\n      A: x\n      C: z\n";
        for brings in [
            "x-d: &d {init: false}\nservices:\n  app:\n    <<: *d\n    environment:\n      D: z\n",
            "services:\n  other:\n    image: b:1\n    init: false\n    environment:\n      A: q\n  app:\n    extends: other\n    environment:\n      D: z\n",
        ] {
            let files = [("compose.yaml", BASE), ("brings.yaml", brings), ("over.yaml", over)];
            let findings = checked_files(&files, &["compose.yaml", "brings.yaml", "over.yaml"]);
            assert!(findings.iter().all(|finding| finding.code != "CY330"), "{brings}{findings:#?}");
        }
        let says = "services:\n  other:\n    image: b:1\n  app:\n    extends: other\n    init: true\n";
        let files = [("compose.yaml", BASE), ("says.yaml", says), ("over.yaml", over)];
        let findings = checked_files(&files, &["compose.yaml", "says.yaml", "over.yaml"]);
        assert!(findings.iter().any(|f| f.path == "services.app.init" && f.file == "over.yaml"));
    }

    #[test]
    fn a_line_below_an_anchor_that_others_name_speaks_for_them_too() {
        for over in [
            "services:\n  app: &a\n    tty: true\n    init: true\n  b:\n    <<: *a\n    image: b:1\n",
            "services:\n  app: &a\n    tty: true\n    environment:\n      A: x\n      C: z\n  b:\n    <<: *a\n    image: b:1\n",
        ] {
            assert!(told(over).is_empty(), "{over}");
        }
    }

    #[test]
    fn what_changes_or_adds_is_fine() {
        for over in [
            "x-d: &d\n  init: false\nservices:\n  app:\n    <<: *d\n    init: true\n",
            "services:\n  app:\n    extends: other\n    init: true\n  other:\n    image: b:1\n    init: false\n",
            "services:\n  app:\n    init: false\n",
            "services:\n  app:\n    init: !reset null\n",
            "services:\n  app:\n    environment: !override\n      A: x\n",
            "services:\n  app:\n    ports: [\"80\"]\n",
        ] {
            assert!(told(over).is_empty(), "{over}");
        }
    }
}

//! What the list needs to know of a finding: its place for people, and the node it is about.

use composeyard_compose::{
    Diagnostic, ProjectFiles, Severity,
    graph::{Graph, NodeKey},
};
use composeyard_yaml::{LineIndex, Position};

/// A finding in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The finding.
    pub finding: Diagnostic,
    /// Line and column; none when it concerns the project as a whole.
    pub at: Option<Position>,
    /// The node to select; none when no node of the picture is meant.
    pub node: Option<NodeKey>,
}

impl Problem {
    /// Tells one row from all others.
    pub fn key(&self) -> String {
        let Diagnostic { code, file, span, message, .. } = &self.finding;
        format!("{code} {file} {}-{} {message}", span.start, span.end)
    }
}

/// The word for a severity.
pub const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Hint => "Hint",
    }
}

/// All findings, the worst first, then by file and place.
pub fn problems(findings: &[Diagnostic], files: &ProjectFiles, graph: &Graph) -> Vec<Problem> {
    let mut sorted: Vec<&Diagnostic> = findings.iter().collect();
    sorted.sort_by_key(|finding| (finding.severity, &finding.file, finding.span));
    let place = |finding: &Diagnostic| {
        let text = files.get(&finding.file)?;
        Some(LineIndex::new(text).position(finding.span.start))
    };
    let problem = |finding: &Diagnostic| Problem {
        at: place(finding),
        node: node(&finding.path, graph),
        finding: finding.clone(),
    };
    sorted.into_iter().map(problem).collect()
}

/// The node that a key path lies in. Names may hold dots, so the longest name that fits wins.
fn node(path: &str, graph: &Graph) -> Option<NodeKey> {
    let length = |key: &NodeKey| {
        let (section, name) = match key {
            NodeKey::Service(name) => ("services", name.as_str()),
            NodeKey::Volume(name) => ("volumes", name.as_str()),
            NodeKey::Network(name) => ("networks", name.as_str()),
            NodeKey::Secret(name) => ("secrets", name.as_str()),
            NodeKey::Config(name) => ("configs", name.as_str()),
        };
        let rest = path.strip_prefix(section)?.strip_prefix('.')?.strip_prefix(name)?;
        (rest.is_empty() || rest.starts_with(['.', '['])).then_some(name.len())
    };
    let networks = graph.lanes.iter().map(|lane| NodeKey::Network(lane.network.clone()));
    let keys = graph.nodes.iter().cloned().chain(networks);
    let fitting = keys.filter_map(|key| Some((length(&key)?, key)));
    fitting.max_by_key(|(length, _)| *length).map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use composeyard_compose::ServiceName;
    use composeyard_yaml::Span;

    use super::*;

    fn finding(severity: Severity, file: &str, start: usize) -> Diagnostic {
        Diagnostic {
            code: "CY000".to_owned(),
            severity,
            message: String::new(),
            help: None,
            file: file.to_owned(),
            span: Span::at(start),
            path: String::new(),
            related: Vec::new(),
            fixes: Vec::new(),
        }
    }

    fn service(name: &str) -> NodeKey {
        NodeKey::Service(ServiceName::new(name).expect("a name"))
    }

    #[test]
    fn the_worst_finding_comes_first_then_the_one_nearest_the_top() {
        let files = ProjectFiles([("a".to_owned(), "x\ny\n".to_owned())].into());
        let findings = [
            finding(Severity::Hint, "a", 0),
            finding(Severity::Error, "a", 2),
            finding(Severity::Error, "a", 0),
        ];
        let sorted = problems(&findings, &files, &Graph::default());
        let places: Vec<_> =
            sorted.iter().map(|problem| (problem.finding.severity, problem.at.map(|at| at.line))).collect();
        assert_eq!(
            places,
            [(Severity::Error, Some(1)), (Severity::Error, Some(2)), (Severity::Hint, Some(1))]
        );
    }

    #[test]
    fn a_path_finds_its_node_even_when_names_hold_dots() {
        let graph =
            Graph { nodes: vec![service("web"), service("web.v2"), service("we")], ..Graph::default() };
        assert_eq!(node("services.web.ports[0]", &graph), Some(service("web")));
        assert_eq!(node("services.web.v2.image", &graph), Some(service("web.v2")));
        assert_eq!(node("services.webb", &graph), None);
        assert_eq!(node("", &graph), None);
    }
}

//! Wrong indentation, recognised by what stands where: a service at the top level, a top-level key among the services.
//! Reported as CY201, with the block moved as the fix.

use composeyard_yaml::{Kind, NodeId, Span, Style, TextEdit};

use super::unknown_key::RULE;
use super::{Pair, Walk};
use crate::facts::{Object, SERVICE, TOP};
use crate::{FileEdit, Fix};

/// Keys that only a service has, so that a mapping with one of them is meant as a service.
const SERVICE_SIGNS: [&str; 8] =
    ["image", "build", "ports", "depends_on", "environment", "container_name", "command", "healthcheck"];

impl<'a> Walk<'a> {
    /// A service that stands at the top level.
    pub(super) fn lost_its_indent(
        &mut self,
        object: &'static Object,
        pair: &Pair<'a>,
        siblings: &[Pair<'a>],
    ) -> bool {
        if !std::ptr::eq(object, &TOP) || !self.looks_like_a_service(pair.value) {
            return false;
        }
        let message = format!("The service `{}` stands at the top level", pair.name);
        let help = "Services stand below `services:`, indented deeper than it.";
        let mut finding = RULE.at(self.file, self.key_span(pair), &self.path, message).with_help(help);
        let before = siblings.iter().take_while(|sibling| sibling.key != pair.key);
        let mut since = before.skip_while(|sibling| sibling.name != "services");
        let has_services = since.next().is_some();
        // What stands between would take it for a part of itself, so that goes along.
        let between: Vec<&Pair<'a>> = since.collect();
        let follows_services =
            has_services && between.iter().all(|sibling| self.looks_like_a_service(sibling.value));
        // A key of no letters has no line of its own that could be moved.
        let follows_services = follows_services && !pair.name.is_empty();
        let services = siblings.iter().find(|sibling| sibling.name == "services");
        // One that a merge key brings in stands deeper, and so do the lines around it.
        let is_beside = |services: &&Pair<'a>| {
            between.iter().copied().chain([pair]).all(|moved| self.column(moved) == self.column(services))
        };
        let takes_it = |services: &&Pair<'a>| {
            follows_services && self.takes_lines(services.value) && !self.has_tabs_behind(pair)
        };
        if let Some(services) = services.filter(takes_it).filter(is_beside) {
            let step = self.indent_below(services).unwrap_or(2);
            finding.fixes.push(Fix {
                title: format!("Move `{}` below `services`", pair.name),
                edits: between
                    .into_iter()
                    .chain([pair])
                    .flat_map(|pair| self.indent_lines(pair, step))
                    .collect(),
            });
        }
        self.report(finding);
        true
    }

    /// True for a block mapping or nothing at all: what lines can be added to.
    fn takes_lines(&self, services: NodeId) -> bool {
        let node = self.document.node(services);
        match (&node.kind, node.style) {
            (Kind::Mapping(entries), Style::Block) => {
                entries.last().is_none_or(|last| self.has_its_colon(last.key, last.value))
            }
            _ => is_absent(node),
        }
    }

    /// True where a blank line behind a value holds a tab: below deeper lines it would be one of them, wrongly indented.
    fn has_tabs_behind(&self, pair: &Pair<'a>) -> bool {
        let end = self.document.node(pair.value).span().end;
        let rest = &self.text[end..];
        rest[..rest.len() - rest.trim_start().len()].contains('\t')
    }

    /// False for `? key` alone, to which the next deeper line would belong.
    fn has_its_colon(&self, key: NodeId, value: NodeId) -> bool {
        let behind = self.document.node(key).span().end;
        !is_absent(self.document.node(value))
            || self.text[behind..].trim_start_matches([' ', '\t']).starts_with(':')
    }

    fn looks_like_a_service(&self, value: NodeId) -> bool {
        SERVICE_SIGNS.iter().any(|sign| self.document.entry(value, sign).is_some())
    }

    /// The blanks before the first service; an anchor, a tag or a `?` may stand between them and its name.
    fn indent_below(&self, services: &Pair<'a>) -> Option<usize> {
        let Kind::Mapping(entries) = &self.document.node(services.value).kind else { return None };
        let key = self.document.node(entries.first()?.key).span().start;
        let line = &self.text[self.line_start(key)..key];
        Some(line.len() - line.trim_start_matches(' ').len()).filter(|indent| *indent > 0)
    }

    fn column(&self, pair: &Pair<'a>) -> usize {
        let key = self.key_span(pair).start;
        key - self.line_start(key)
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind(['\n', '\r']).map_or(0, |newline| newline + 1)
    }

    /// Moves a key with all lines of its value to the right.
    fn indent_lines(&self, pair: &Pair<'a>, step: usize) -> Vec<FileEdit> {
        let start = self.line_start(self.key_span(pair).start);
        let end = self.document.node(pair.value).span().end.max(self.key_span(pair).end);
        let mut edits = Vec::new();
        let mut at = start;
        // A carriage return ends a line also where it stands alone.
        for line in self.text[start..end].split_inclusive(['\n', '\r']) {
            if !line.trim().is_empty() {
                let edit = TextEdit { span: Span::at(at), text: " ".repeat(step) };
                edits.push(FileEdit { file: self.file.to_owned(), edit });
            }
            at += line.len();
        }
        edits
    }

    /// An entry of `services` that is no service: a key of a service without its service, or a top-level key that is
    /// indented like one. True when it was reported.
    pub(super) fn stands_too_deep(&mut self, pair: &Pair<'a>) -> bool {
        if self.path.strip_prefix("services.") != Some(pair.name) {
            return false;
        }
        let value = self.document.node(self.document.resolve(pair.value));
        let is_mapping = matches!(value.kind, Kind::Mapping(_));
        let (message, help) = match (TOP.key(pair.name), SERVICE.key(pair.name)) {
            (Some(_), _) if is_mapping && !self.has_a_service_key(pair.value) => (
                format!("`{}` stands among the services, so it is read as a service", pair.name),
                format!("Start the line with `{}:` without indentation, like `services:`.", pair.name),
            ),
            (_, Some(_)) if !is_mapping && !is_absent(value) => (
                format!("`{}` stands where a service's name belongs", pair.name),
                format!("Put a service's name above it and indent `{}` below that.", pair.name),
            ),
            _ => return false,
        };
        self.report(RULE.at(self.file, self.key_span(pair), &self.path, message).with_help(help));
        true
    }

    fn has_a_service_key(&self, value: NodeId) -> bool {
        let Kind::Mapping(entries) = &self.document.node(self.document.resolve(value)).kind else {
            return false;
        };
        let known =
            |key| self.document.text(key).is_some_and(|key| key == "<<" || SERVICE.key(key).is_some());
        entries.is_empty() || entries.iter().any(|entry| known(entry.key))
    }
}

fn is_absent(node: &composeyard_yaml::Node) -> bool {
    node.style == Style::Plain && node.span().start == node.span().end
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, fixed, last_fixed};

    #[test]
    fn several_that_forgot_their_indent_go_together() {
        let text = "services:\none:\n  image: a:1\ntwo:\n  image: b:1\n";
        let mended = "services:\n  one:\n    image: a:1\n  two:\n    image: b:1\n";
        assert_eq!(last_fixed(text), mended);
    }

    #[test]
    fn what_stands_before_services_is_not_moved_below_it() {
        let text = "version: '3'\nredis:\n  image: redis:7\nservices:\n  app:\n    image: a:1\n";
        assert_eq!(check(text), ["CY201 redis: The service `redis` stands at the top level"]);
        assert_eq!(fixed(text), text);
    }

    #[test]
    fn a_service_without_a_name_is_told_of_and_left_where_it_is() {
        let text = "services:\n  app: {image: a:1}\n:\n\n    image: b:1\n";
        assert_eq!(check(text), ["CY201 : The service `` stands at the top level"]);
        assert_eq!(fixed(text), text);
    }

    #[test]
    fn services_that_forgot_their_indent_are_moved_below_services() {
        let text =
            "services:\n  app:\n    image: a:1\nredis:\n  image: redis:7\n  # keep\n  ports:\n    - 6379\n";
        assert_eq!(check(text), ["CY201 redis: The service `redis` stands at the top level"]);
        assert_eq!(
            fixed(text),
            "services:\n  app:\n    image: a:1\n  redis:\n    image: redis:7\n    # keep\n    ports:\n      - 6379\n"
        );
    }

    #[test]
    fn a_service_moves_as_far_as_the_first_one_with_all_that_stands_before_its_name() {
        for name in ["&a app:", "!x app:", "? app\n  :"] {
            let services = format!("services:\n  {name}\n    image: a:1\n");
            let text = format!("{services}redis:\n  image: redis:7\n");
            assert_eq!(fixed(&text), format!("{services}  redis:\n    image: redis:7\n"));
        }
    }

    #[test]
    fn nothing_is_moved_before_a_blank_line_with_a_tab() {
        let text = "services:\napp:\n  image: a:1\n   \t\nname: demo\n";
        assert_eq!(fixed(text), text);
    }

    #[test]
    fn nothing_is_moved_below_what_takes_no_lines() {
        for services in ["services:\n  a...\n", "services: {a: {image: a:1}}\n"] {
            let text = format!("{services}app:\n  image: a:1\n");
            assert_eq!(fixed(&text), text);
        }
    }

    #[test]
    fn what_a_merge_key_brings_in_stays_where_it_is() {
        let text = "services:\n  app:\n    image: a:1\n<<:\n  redis:\n    image: redis:7\n";
        assert_eq!(fixed(text), text);
    }

    #[test]
    fn a_key_without_its_service_is_recognised() {
        let text = "services:\n  image: nginx:1.27\n  ports:\n    - 80:80\n";
        assert_eq!(
            check(text),
            [
                "CY201 services.image: `image` stands where a service's name belongs",
                "CY201 services.ports: `ports` stands where a service's name belongs",
            ]
        );
    }

    #[test]
    fn top_level_volumes_among_the_services_are_recognised() {
        let text = "services:\n  app:\n    image: a:1\n  volumes:\n    data: {}\n";
        assert_eq!(
            check(text),
            ["CY201 services.volumes: `volumes` stands among the services, so it is read as a service"]
        );
    }

    #[test]
    fn a_service_may_be_called_configs() {
        assert!(
            check("services:\n  configs:\n    image: a:1\n  secrets:\n    provider:\n      type: vault\n")
                .is_empty()
        );
    }
}

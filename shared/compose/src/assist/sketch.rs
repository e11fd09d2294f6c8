//! A tree that can be read from any text, broken or not: block structure by indentation, flow collections by their
//! brackets. Assistance works on it, because the text is broken at the very place where somebody types.

use composeyard_yaml::Span;

use super::flow;

/// What leads from a node to its child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'t> {
    /// A key, without its quotes.
    Key(&'t str),
    /// An item of a list, from 0.
    Item(usize),
}

/// A key or a list item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'t> {
    pub(crate) parent: Option<usize>,
    pub(crate) step: Step<'t>,
    /// The key with its quotes, or the dash; empty before an item in brackets.
    pub(crate) key: Span,
    /// The value on the same line without comment, anchor and tag, to the closing bracket in flow style; empty when
    /// there is none.
    pub(crate) value: Span,
    /// In characters that YAML counts as indentation, from 0.
    pub(crate) column: usize,
    /// True inside brackets.
    pub(crate) in_flow: bool,
    /// One past the last byte of the node with everything below it.
    pub(crate) end: usize,
}

/// The nodes of one text, in source order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sketch<'t> {
    pub(crate) text: &'t str,
    pub(crate) nodes: Vec<Node<'t>>,
}

impl<'t> Sketch<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let mut builder = Builder { sketch: Self { text, nodes: Vec::new() }, open: Vec::new(), block: None };
        let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        while at < text.len() {
            at = builder.line(at);
        }
        builder.sketch.close_parents();
        builder.sketch
    }

    /// The steps from the top to a node, itself included.
    pub(crate) fn path(&self, node: usize) -> Vec<Step<'t>> {
        let mut steps: Vec<_> = self.ancestors(node).map(|node| self.nodes[node].step).collect();
        steps.reverse();
        steps
    }

    /// A node, what holds it, and so on to the top.
    pub(crate) fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(node), |node| self.nodes[*node].parent)
    }

    /// What stands directly below a node, or at the top.
    pub(crate) fn children(&self, parent: Option<usize>) -> impl Iterator<Item = usize> {
        let first = parent.map_or(0, |parent| parent + 1);
        let end = parent.map_or(usize::MAX, |parent| self.nodes[parent].end);
        let below = self.nodes[first..].iter().take_while(move |node| node.key.start <= end);
        below.zip(first..).filter(move |(node, _)| node.parent == parent).map(|(_, index)| index)
    }

    /// The node below another with this key.
    pub(crate) fn child(&self, parent: Option<usize>, key: &str) -> Option<usize> {
        self.children(parent).find(|node| self.nodes[*node].step == Step::Key(key))
    }

    /// The last node that starts before a byte.
    pub(crate) fn before(&self, offset: usize) -> Option<usize> {
        self.nodes.partition_point(|node| node.key.start < offset).checked_sub(1)
    }

    /// The scalar of a node as it stands between its quotes; empty for collections.
    pub(crate) fn scalar(&self, node: usize) -> Span {
        let span = self.nodes[node].value;
        let text = span.of(self.text);
        match text.as_bytes().first() {
            Some(b'[' | b'{' | b'|' | b'>' | b'*') => Span::at(span.start),
            Some(_) => inside_quotes(self.text, span),
            None => span,
        }
    }

    /// The bytes of a key's name, without quotes; those of the dash for an item.
    pub(crate) fn name(&self, node: usize) -> Span {
        inside_quotes(self.text, self.nodes[node].key)
    }

    fn close_parents(&mut self) {
        for index in (0..self.nodes.len()).rev() {
            let Node { parent, end, .. } = self.nodes[index];
            if let Some(parent) = parent {
                let above = &mut self.nodes[parent].end;
                *above = (*above).max(end);
            }
        }
    }
}

/// A span without the quotes around it; an unclosed quote is left out too.
pub(crate) fn inside_quotes(text: &str, span: Span) -> Span {
    let written = span.of(text);
    match written.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let closed = written.len() > 1 && written.ends_with(quote);
            Span::new(span.start + 1, span.end - usize::from(closed))
        }
        _ => span,
    }
}

/// The file that an `extends` names beside its `service`: the service stands there.
pub(crate) fn elsewhere_file<'t>(sketch: &Sketch<'t>, node: usize) -> Option<&'t str> {
    let parent = sketch.nodes[node].parent?;
    let is_extends = sketch.nodes[parent].step == Step::Key("extends");
    let file = sketch
        .child(Some(parent), "file")
        .filter(|_| is_extends && sketch.nodes[node].step == Step::Key("service"))?;
    Some(sketch.scalar(file).of(sketch.text))
}

/// Where the colon behind a key stands in the rest of a line; none when the text is no key.
pub(crate) fn colon(rest: &str) -> Option<usize> {
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
    let from = match quote {
        Some(quote) => 2 + rest[1..].find(quote)?,
        None if rest.starts_with(['[', '{', '#', '*', '&', '!', '|', '>', '%', '@']) => return None,
        None => 0,
    };
    let bytes = rest.as_bytes();
    for at in from..bytes.len() {
        match bytes[at] {
            b':' if matches!(bytes.get(at + 1), None | Some(b' ' | b'\t' | b'\r' | b'\n')) => {
                return Some(at);
            }
            b'#' if at > 0 && bytes[at - 1] == b' ' => return None,
            b' ' | b'\t' => {}
            _ if quote.is_some() => return None,
            _ => {}
        }
    }
    None
}

/// Where the value of a line ends: before its comment and the blanks around it.
pub(crate) fn value_end(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut quote = None;
    let mut end = bytes.len();
    for (at, byte) in bytes.iter().copied().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') if at == 0 => quote = Some(byte),
            (Some(open), byte) if byte == open && (byte != b'"' || bytes[at - 1] != b'\\') => quote = None,
            (None, b'#') if at == 0 || bytes[at - 1] == b' ' => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    rest[..end].trim_end().len()
}

struct Builder<'t> {
    sketch: Sketch<'t>,
    /// Block nodes that the next line may belong to, and how many items each has so far.
    open: Vec<(usize, usize)>,
    /// The column that the lines of a `|` or `>` text stand to the right of.
    block: Option<usize>,
}

impl<'t> Builder<'t> {
    /// Reads the line that starts at `start`; returns where the next one starts.
    fn line(&mut self, start: usize) -> usize {
        let text = self.sketch.text;
        let next = text[start..].find('\n').map_or(text.len(), |end| start + end + 1);
        let line = text[start..next].trim_end();
        let indent = line.len() - line.trim_start().len();
        let content = &line[indent..];
        if content.is_empty() || content.starts_with('#') {
            return next;
        }
        if self.block.is_some_and(|column| indent > column) {
            return next;
        }
        self.block = None;
        if indent == 0 && (content.starts_with("---") || content.starts_with("...")) {
            self.open.clear();
            return next;
        }
        let end = self.elements(start, indent, start + line.len());
        text[end..].find('\n').map_or(text.len(), |length| end + length + 1)
    }

    /// Reads dashes, key and value of a line; returns where the value ends.
    fn elements(&mut self, start: usize, indent: usize, end: usize) -> usize {
        let text = self.sketch.text;
        let mut at = start + indent;
        let mut item = None;
        while text[at..end].starts_with("- ") || &text[at..end] == "-" {
            item = Some(self.item(at, at - start));
            at += 1;
            at += text[at..end].len() - text[at..end].trim_start().len();
        }
        at = skip_properties(text, at, end);
        match (colon(&text[at..end]), item) {
            (Some(colon), _) => {
                let node = self.key(Span::new(at, at + colon), at - start);
                self.value(node, at + colon + 1, end)
            }
            (None, Some(item)) => self.value(item, at, end),
            (None, None) => end,
        }
    }

    fn item(&mut self, at: usize, column: usize) -> usize {
        while let Some((top, _)) = self.open.last() {
            let node = &self.sketch.nodes[*top];
            if node.column < column || (node.column == column && matches!(node.step, Step::Key(_))) {
                break;
            }
            self.open.pop();
        }
        let count = self.open.last_mut().map_or(0, |(_, items)| {
            *items += 1;
            *items - 1
        });
        self.push(Step::Item(count), Span::new(at, at + 1), column)
    }

    fn key(&mut self, span: Span, column: usize) -> usize {
        while self.open.last().is_some_and(|(top, _)| self.sketch.nodes[*top].column >= column) {
            self.open.pop();
        }
        let span = Span::new(span.start, span.start + span.of(self.sketch.text).trim_end().len());
        let name = inside_quotes(self.sketch.text, span).of(self.sketch.text);
        self.push(Step::Key(name), span, column)
    }

    fn push(&mut self, step: Step<'t>, key: Span, column: usize) -> usize {
        let index = self.sketch.nodes.len();
        let parent = self.open.last().map(|(top, _)| *top);
        let value = Span::at(key.end);
        self.sketch.nodes.push(Node { parent, step, key, value, column, in_flow: false, end: key.end });
        self.open.push((index, 0));
        index
    }

    fn value(&mut self, node: usize, from: usize, end: usize) -> usize {
        let text = self.sketch.text;
        let blanks = text[from..end].len() - text[from..end].trim_start().len();
        let at = skip_properties(text, from + blanks, end);
        let span = match text.as_bytes()[at..end].first() {
            None | Some(b'#') => return end,
            Some(b'[' | b'{') => {
                let column = self.sketch.nodes[node].column;
                Span::new(at, flow::read(&mut self.sketch, node, at, column))
            }
            Some(first) => {
                if matches!(first, b'|' | b'>') {
                    self.block = Some(self.holder(node));
                }
                Span::new(at, at + value_end(&text[at..end]))
            }
        };
        let node = &mut self.sketch.nodes[node];
        node.value = span;
        node.end = span.end;
        span.end
    }

    /// The column of the line that a node stands on: that of its first dash.
    fn holder(&self, node: usize) -> usize {
        let text = self.sketch.text;
        let start = text[..self.sketch.nodes[node].key.start].rfind('\n').map_or(0, |at| at + 1);
        text[start..].len() - text[start..].trim_start_matches(' ').len()
    }
}

/// Behind `&anchor` and `!tag`.
fn skip_properties(text: &str, mut at: usize, end: usize) -> usize {
    while text[at..end].starts_with(['&', '!']) {
        let word = text[at..end].find([' ', '\t']).map_or(end, |length| at + length);
        at = word + text[word..end].len() - text[word..end].trim_start().len();
    }
    at
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// One line a node: its path and its value.
    fn drawn(text: &str) -> String {
        let sketch = Sketch::of(text);
        let mut drawn = String::new();
        for index in 0..sketch.nodes.len() {
            for step in sketch.path(index) {
                match step {
                    Step::Key(key) => write!(drawn, "/{key}").unwrap(),
                    Step::Item(item) => write!(drawn, "/{item}").unwrap(),
                }
            }
            writeln!(drawn, " {}", sketch.nodes[index].value.of(text)).unwrap();
        }
        drawn
    }

    #[test]
    fn block_structure_follows_from_indentation() {
        let text = "services:\n  web: # front\n    image: \"nginx\" # v1\n    ports:\n    - \"80:80\"\n    - target: 1\n      published: 2\n  db: &db\n    command: |\n      a: b\n    build: .\n";
        insta::assert_snapshot!(drawn(text), @r#"
        /services 
        /services/web 
        /services/web/image "nginx"
        /services/web/ports 
        /services/web/ports/0 "80:80"
        /services/web/ports/1 
        /services/web/ports/1/target 1
        /services/web/ports/1/published 2
        /services/db 
        /services/db/command |
        /services/db/build .
        "#);
    }

    #[test]
    fn what_follows_a_broken_line_is_still_read() {
        let text = "services:\n  web:\n    ima\n    depends_on: [db,\n    image: 'x\n  db:\n    build: {context: ., args: [a\n";
        insta::assert_snapshot!(drawn(text), @"
        /services 
        /services/web 
        /services/web/depends_on [db,
        /services/web/depends_on/0 db
        /services/web/image 'x
        /services/db 
        /services/db/build {context: ., args: [a
        /services/db/build/context .
        /services/db/build/args [a
        /services/db/build/args/0 a
        ");
    }

    #[test]
    fn flow_collections_may_span_lines_below_their_key() {
        let text = "networks: {a: {driver: bridge},\n  \"b\": }\nx: [1, [2, '3, 4']]\n";
        insta::assert_snapshot!(drawn(text), @r#"
        /networks {a: {driver: bridge},
          "b": }
        /networks/a {driver: bridge}
        /networks/a/driver bridge
        /networks/b 
        /x [1, [2, '3, 4']]
        /x/0 1
        /x/1 [2, '3, 4']
        /x/1/0 2
        /x/1/1 '3, 4'
        "#);
    }

    #[test]
    fn a_node_ends_where_what_is_below_it_ends() {
        let text = "services:\n  web:\n    image: a\n  db:\n    image: b\nvolumes:\n";
        let sketch = Sketch::of(text);
        let web = sketch.child(Some(0), "web").unwrap();
        assert_eq!(
            Span::new(sketch.nodes[web].key.start, sketch.nodes[web].end).of(text),
            "web:\n    image: a"
        );
        assert_eq!(sketch.children(Some(0)).count(), 2);
        assert_eq!(sketch.children(None).count(), 2);
    }
}

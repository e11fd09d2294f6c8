//! Where a cursor stands: below which node, in which role, and which bytes it is about to replace.

use composeyard_yaml::Span;

use super::sketch::{Sketch, Step, colon, inside_quotes, value_end};
use crate::facts::{self, Shape};

/// What is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role<'t> {
    /// A key of the mapping that [`Place::parent`] holds, or the first dash of its list.
    Entry,
    /// The text of a list item.
    Item,
    /// The value of this key of [`Place::parent`].
    Value(&'t str),
}

/// Where a cursor stands.
#[derive(Clone, Debug)]
pub(crate) struct Place<'t> {
    /// The node around what is typed; for an item, the item itself or, in brackets, the list.
    pub(crate) parent: Option<usize>,
    pub(crate) role: Role<'t>,
    /// What a choice replaces.
    pub(crate) word: Span,
    /// Where the entry starts on its line.
    pub(crate) column: usize,
    /// True inside brackets.
    pub(crate) in_flow: bool,
    /// True between quotes.
    pub(crate) quoted: bool,
    /// True when a colon follows the key.
    pub(crate) has_colon: bool,
    /// True when a blank has to come first: the cursor touches a colon or a dash.
    pub(crate) touches: bool,
}

impl<'t> Place<'t> {
    /// None in comments and in the text of a `|` or `>` value.
    pub(crate) fn at(sketch: &Sketch<'t>, offset: usize) -> Option<Self> {
        if sketch.text.get(..offset).is_none() || in_comment(sketch.text, offset) {
            return None;
        }
        enclosing(sketch, offset)
            .map(|(node, start)| in_flow(sketch, node, start, offset))
            .unwrap_or_else(|| in_block(sketch, offset))
    }

    /// The steps to the value, item or mapping that is typed in.
    pub(crate) fn path(&self, sketch: &Sketch<'t>) -> Vec<Step<'t>> {
        let mut path = self.parent.map(|parent| sketch.path(parent)).unwrap_or_default();
        match self.role {
            Role::Value(key) => path.push(Step::Key(key)),
            Role::Item if self.in_flow => path.push(Step::Item(0)),
            Role::Item | Role::Entry => {}
        }
        path
    }
}

/// What may stand at the end of some steps.
pub(crate) fn shape(path: &[Step<'_>]) -> Option<&'static Shape> {
    path.iter().try_fold(&facts::ROOT, |shape, step| match step {
        Step::Item(_) => shape.items(),
        Step::Key(name) => match shape.object().and_then(|object| object.key(name)) {
            Some(key) => Some(&key.shape),
            None => shape.values(),
        },
    })
}

fn line_around(text: &str, offset: usize) -> Span {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    Span::new(start, start + text[start..end].trim_end_matches('\r').len())
}

fn in_comment(text: &str, offset: usize) -> bool {
    let line = line_around(text, offset);
    let (mut quote, mut before) = (None, ' ');
    for c in text[line.start..offset.min(line.end)].chars() {
        match (quote, c) {
            (None, '#') if before.is_whitespace() => return true,
            (None, '"' | '\'') if before.is_whitespace() || "[{,".contains(before) => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        before = c;
    }
    false
}

/// The innermost node whose brackets hold a byte, and where they open.
fn enclosing(sketch: &Sketch<'_>, offset: usize) -> Option<(usize, usize)> {
    let last = sketch.before(offset)?;
    sketch.ancestors(last).find_map(|node| {
        let span = sketch.nodes[node].value;
        let text = span.of(sketch.text);
        let open = text.chars().next().filter(|first| matches!(first, '[' | '{'))?;
        let closed = text.len() > 1 && text.ends_with(if open == '[' { ']' } else { '}' });
        let inside = span.start < offset
            && (offset < span.end || (!closed && same_line(sketch.text, span.end, offset)));
        inside.then_some((node, span.start))
    })
}

fn same_line(text: &str, end: usize, offset: usize) -> bool {
    end <= offset && text[end..offset].trim().is_empty() && !text[end..offset].contains('\n')
}

fn in_flow<'t>(sketch: &Sketch<'t>, node: usize, open: usize, offset: usize) -> Option<Place<'t>> {
    let text: &'t str = sketch.text;
    // The entry starts behind the last comma between here and the bracket that is in no deeper bracket.
    let done = sketch.children(Some(node)).filter(|child| sketch.nodes[*child].end < offset);
    let done = done.map(|child| sketch.nodes[child].end).last().unwrap_or(open + 1);
    let comma = text[done..offset].rfind(',').map(|at| done + at + 1);
    let start = comma.unwrap_or_else(|| {
        let current =
            sketch.children(Some(node)).filter(|child| sketch.nodes[*child].key.start < offset).last();
        current.map_or(open + 1, |child| sketch.nodes[child].key.start)
    });
    let entry = &text[start..offset];
    let start = start + entry.len() - entry.trim_start().len();
    let stop = text[offset..].find([',', ']', '}', '\n']).map_or(text.len(), |at| offset + at);
    let written = text[start..stop].trim_end();
    let is_map = text[open..].starts_with('{');
    let column = sketch.nodes[node].column;
    let colon = colon(written).filter(|_| is_map).map(|at| start + at);
    let (role, from) = match colon {
        Some(colon) if offset > colon => {
            let value = &text[colon + 1..offset];
            let name = inside_quotes(text, Span::new(start, colon)).of(text).trim_end();
            (Role::Value(name), colon + 1 + value.len() - value.trim_start().len())
        }
        _ if is_map => (Role::Entry, start),
        _ => (Role::Item, start),
    };
    let to = match (role, colon) {
        (Role::Entry, Some(colon)) => colon,
        _ => (start + written.len()).max(offset),
    };
    let (word, quoted) = word(text, Span::new(from, to.max(from)), offset);
    Some(Place {
        parent: Some(node),
        role,
        word,
        column,
        in_flow: true,
        quoted,
        has_colon: role == Role::Entry && colon.is_some(),
        touches: text[..from].ends_with(':'),
    })
}

fn in_block<'t>(sketch: &Sketch<'t>, offset: usize) -> Option<Place<'t>> {
    let text: &'t str = sketch.text;
    let line = line_around(text, offset);
    if in_block_text(sketch, line, offset) {
        return None;
    }
    let mut start = line.start + leading(text, line.start, line.end);
    let mut item = None;
    while start < offset && (text[start..line.end].starts_with("- ") || &text[start..line.end] == "-") {
        item = Some(start);
        start += 1;
        start += leading(text, start, line.end);
    }
    let touches_dash = item.is_some_and(|dash| offset == dash + 1);
    // On an empty line the cursor itself says how far to the right the entry stands.
    let start =
        if start >= line.end { start.max(offset.min(line.end)).min(offset.max(line.start)) } else { start };
    if offset < start {
        return None;
    }
    let column = start - line.start;
    let parent = match item {
        Some(dash) => sketch.before(dash + 1),
        None => holder(sketch, line.start, column, text[start..line.end].starts_with('-')),
    };
    let content = &text[start..line.end];
    let colon = colon(content).map(|at| start + at);
    let (role, span, touches) = match colon {
        Some(colon) if offset > colon => {
            let name = inside_quotes(text, Span::new(start, colon)).of(text).trim_end();
            let from = (colon + 1 + leading(text, colon + 1, offset)).min(offset);
            let to = from + value_end(&text[from..line.end]);
            (Role::Value(name), Span::new(from, to.max(offset.min(line.end)).max(from)), offset == colon + 1)
        }
        Some(colon) => (entry(item), Span::new(start, colon), false),
        None => {
            let to = start + value_end(content);
            (entry(item), Span::new(start, to.max(offset)), touches_dash)
        }
    };
    let (word, quoted) = word(text, span, offset);
    Some(Place { parent, role, word, column, in_flow: false, quoted, has_colon: colon.is_some(), touches })
}

const fn entry(item: Option<usize>) -> Role<'static> {
    if item.is_some() { Role::Item } else { Role::Entry }
}

/// True in the lines of a `|` or `>` value.
fn in_block_text(sketch: &Sketch<'_>, line: Span, offset: usize) -> bool {
    let text = sketch.text;
    let Some(last) = sketch.before(line.start) else { return false };
    if !text[sketch.nodes[last].value.start..].starts_with(['|', '>'])
        || sketch.nodes[last].value.end == sketch.nodes[last].value.start
    {
        return false;
    }
    let owner = line_around(text, sketch.nodes[last].key.start);
    let column = leading(text, owner.start, owner.end);
    let is_blank = line.of(text).trim().is_empty();
    let indent = if is_blank { offset - line.start } else { leading(text, line.start, line.end) };
    indent > column
}

/// The node that holds an entry in some column of a line.
fn holder(sketch: &Sketch<'_>, line: usize, column: usize, is_dash: bool) -> Option<usize> {
    let last = (0..sketch.before(line)? + 1).rev().find(|node| !sketch.nodes[*node].in_flow)?;
    sketch.ancestors(last).find(|node| {
        let node = &sketch.nodes[*node];
        node.column < column || (is_dash && node.column == column && matches!(node.step, Step::Key(_)))
    })
}

/// The span between the quotes when the cursor is inside, and whether it is.
fn word(text: &str, span: Span, offset: usize) -> (Span, bool) {
    let inner = inside_quotes(text, span);
    let quoted = inner != span && inner.touches(offset);
    (if quoted { inner } else { span }, quoted)
}

fn leading(text: &str, start: usize, end: usize) -> usize {
    text[start..end].len() - text[start..end].trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// What stands at the `|` of a text: the path, the role, the word.
    fn place(marked: &str) -> String {
        let offset = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        let sketch = Sketch::of(&text);
        let Some(place) = Place::at(&sketch, offset) else { return "nowhere".to_owned() };
        let mut drawn = String::new();
        for step in place.path(&sketch) {
            match step {
                Step::Key(key) => write!(drawn, "/{key}").unwrap(),
                Step::Item(_) => drawn.push_str("/-"),
            }
        }
        let role = match place.role {
            Role::Entry => "entry",
            Role::Item => "item",
            Role::Value(_) => "value",
        };
        format!("{drawn} {role} [{}]", place.word.of(&text))
    }

    #[test]
    fn a_word_at_the_margin_is_a_key_of_the_file() {
        assert_eq!(place("ser|"), " entry [ser]");
        assert_eq!(place("|"), " entry []");
        assert_eq!(place("services:\n  a:\n    image: b\nvol|"), " entry [vol]");
    }

    #[test]
    fn a_key_being_typed_belongs_to_what_stands_further_left() {
        let text = "services:\n  web:\n    image: nginx\n    por|\n  db:\n    image: x\n";
        assert_eq!(place(text), "/services/web entry [por]");
        assert_eq!(place("services:\n  web:\n    ports:\n      - tar|"), "/services/web/ports/- item [tar]");
        assert_eq!(
            place("services:\n  web:\n    ports:\n      - target: 1\n        |"),
            "/services/web/ports/- entry []"
        );
        assert_eq!(place("services:\n  web:\n    im|age: nginx\n"), "/services/web entry [image]");
    }

    #[test]
    fn the_column_of_an_empty_line_decides() {
        let text = "services:\n  web:\n    depends_on:\n";
        assert_eq!(place(&format!("{text}      |")), "/services/web/depends_on entry []");
        assert_eq!(place(&format!("{text}    |")), "/services/web entry []");
        assert_eq!(place(&format!("{text}  |")), "/services entry []");
        assert_eq!(place(&format!("{text}|")), " entry []");
    }

    #[test]
    fn a_value_is_known_by_its_key() {
        assert_eq!(place("services:\n  web:\n    image: |"), "/services/web/image value []");
        assert_eq!(place("services:\n  web:\n    image:|"), "/services/web/image value []");
        assert_eq!(place("services:\n  web:\n    image: \"ng|\" # x"), "/services/web/image value [ng]");
        assert_eq!(
            place("services:\n  web:\n    restart: al|ways\n"),
            "/services/web/restart value [always]"
        );
    }

    #[test]
    fn items_are_known_in_every_style() {
        assert_eq!(
            place("services:\n  web:\n    depends_on:\n      - |"),
            "/services/web/depends_on/- item []"
        );
        assert_eq!(
            place("services:\n  web:\n    depends_on:\n    - d|"),
            "/services/web/depends_on/- item [d]"
        );
        assert_eq!(place("services:\n  web:\n    depends_on: [a, |]"), "/services/web/depends_on/- item []");
        assert_eq!(place("services:\n  web:\n    depends_on: [a, b|"), "/services/web/depends_on/- item [b]");
        assert_eq!(place("services:\n  web:\n    depends_on: [|"), "/services/web/depends_on/- item []");
        assert_eq!(
            place("services:\n  web:\n    depends_on: {db: {con|"),
            "/services/web/depends_on/db entry [con]"
        );
        let value = place("services:\n  web:\n    depends_on: {db: {condition: |}}");
        assert_eq!(value, "/services/web/depends_on/db/condition value []");
    }

    #[test]
    fn comments_and_block_texts_are_left_alone() {
        assert_eq!(place("services: # see |"), "nowhere");
        assert_eq!(place("# |"), "nowhere");
        assert_eq!(place("services:\n  web:\n    command: >\n      ec|\n    image: x"), "nowhere");
        assert_eq!(place("services:\n  web:\n    command: >\n      ec\n    im|"), "/services/web entry [im]");
    }
}

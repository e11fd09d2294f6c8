//! Flow collections of a sketch: `[a, b]`, `{a: b}`. An unclosed one ends where a line stands no further right than
//! its owner, so that a bracket just typed does not swallow the file.

use composeyard_yaml::Span;

use super::sketch::{Node, Sketch, Step, inside_quotes};

/// Reads the collection that starts at `at` as the value of `owner`, which stands in `column`; returns its end.
pub(super) fn read<'t>(sketch: &mut Sketch<'t>, owner: usize, at: usize, column: usize) -> usize {
    let mut reader = Reader { sketch, at, column, levels: Vec::new() };
    reader.open(owner);
    while !reader.levels.is_empty() {
        if !reader.token() {
            break;
        }
    }
    let end = reader.at;
    for level in std::mem::take(&mut reader.levels) {
        reader.finish(level.owner, level.start, end);
    }
    at + sketch.text[at..end].trim_end().len()
}

struct Level {
    owner: usize,
    start: usize,
    is_map: bool,
    items: usize,
    /// The key or item whose value is being read.
    current: Option<usize>,
}

struct Reader<'s, 't> {
    sketch: &'s mut Sketch<'t>,
    at: usize,
    column: usize,
    levels: Vec<Level>,
}

/// Collections inside collections; deeper ones are not looked into.
const MAX_DEPTH: usize = 64;

impl<'t> Reader<'_, 't> {
    fn open(&mut self, owner: usize) {
        let is_map = self.sketch.text[self.at..].starts_with('{');
        self.levels.push(Level { owner, start: self.at, is_map, items: 0, current: None });
        self.at += 1;
    }

    /// Reads one token; false where the collection is given up.
    fn token(&mut self) -> bool {
        let text: &'t str = self.sketch.text;
        let Some(next) = text[self.at..].chars().next() else { return false };
        match next {
            '\n' => return self.line_break(),
            ' ' | '\t' | '\r' => self.at += 1,
            '#' => self.at += text[self.at..].find('\n').unwrap_or(text.len() - self.at),
            '[' | '{' => {
                let owner = self.entry(Span::at(self.at));
                if self.levels.len() >= MAX_DEPTH {
                    return false;
                }
                self.open(owner);
            }
            ']' | '}' => {
                self.at += 1;
                if let Some(level) = self.levels.pop() {
                    self.finish(level.owner, level.start, self.at);
                }
            }
            ',' => {
                self.at += 1;
                if let Some(level) = self.levels.last_mut() {
                    level.current = None;
                }
            }
            ':' => self.at += 1,
            _ => self.scalar(),
        }
        true
    }

    /// True when the next line still belongs to the collection.
    fn line_break(&mut self) -> bool {
        let rest = &self.sketch.text[self.at + 1..];
        let line = rest.split('\n').next().unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        let closes = line.trim_start().starts_with([']', '}']);
        if line.trim().is_empty() || indent > self.column || closes {
            self.at += 1;
            return true;
        }
        false
    }

    fn scalar(&mut self) {
        let text = self.sketch.text;
        let rest = &text[self.at..];
        let length = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let line = rest.find('\n').unwrap_or(rest.len());
                rest[1..line].find(quote).map_or(line, |end| end + 2)
            }
            _ => plain_length(rest),
        };
        let span = Span::new(self.at, self.at + rest[..length].trim_end().len());
        self.at += length;
        self.entry(span);
    }

    /// A scalar or an opening bracket: the value of the current key, a new key, or a new item.
    fn entry(&mut self, span: Span) -> usize {
        let text: &'t str = self.sketch.text;
        let Some(level) = self.levels.last_mut() else { return 0 };
        if let Some(current) = level.current {
            self.sketch.nodes[current].value = span;
            self.sketch.nodes[current].end = span.end;
            return current;
        }
        let (step, key, value) = if level.is_map {
            (Step::Key(inside_quotes(text, span).of(text)), span, Span::at(span.end))
        } else {
            level.items += 1;
            (Step::Item(level.items - 1), Span::at(span.start), span)
        };
        let index = self.sketch.nodes.len();
        let parent = Some(level.owner);
        level.current = Some(index);
        self.sketch.nodes.push(Node {
            parent,
            step,
            key,
            value,
            column: self.column + 1,
            in_flow: true,
            end: span.end,
        });
        index
    }

    fn finish(&mut self, owner: usize, start: usize, end: usize) {
        let end = start + self.sketch.text[start..end].trim_end().len();
        self.sketch.nodes[owner].value = Span::new(start, end);
        self.sketch.nodes[owner].end = end;
    }
}

/// How far a plain scalar inside brackets goes.
fn plain_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut variable = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' if at > 0 && bytes[at - 1] == b'$' => variable += 1,
            b'}' if variable > 0 => variable -= 1,
            b'\n' | b',' | b'[' | b']' | b'{' | b'}' => return at,
            b':' if matches!(bytes.get(at + 1), None | Some(b' ' | b'\n' | b'\r' | b',' | b']' | b'}')) => {
                return at;
            }
            b'#' if at > 0 && bytes[at - 1] == b' ' => return at,
            _ => {}
        }
    }
    rest.len()
}

//! Literal and folded blocks: `|`, `|-`, `>` and `>-`, with lines that are all indented alike or deeper.

use super::{Reader, scalar::Scalar};
use crate::{Span, Style};

impl Reader<'_> {
    pub(super) fn is_block_scalar(&self) -> bool {
        matches!(self.peek(0), Some(b'|' | b'>'))
    }

    /// A block below a key or dash at a column, up to the next thing in the file.
    pub(super) fn block_scalar(&mut self, column: usize) -> Option<()> {
        let header = self.at;
        let style = if self.peek(0)? == b'|' { Style::Literal } else { Style::Folded };
        self.at += 1;
        let strips = self.peek(0)? == b'-';
        self.at += usize::from(strips);
        if self.peek(0)? != b'\n' {
            return None;
        }
        let indent = self.text[self.at + 1..].bytes().take_while(|byte| *byte == b' ').count();
        if indent <= column {
            return None;
        }
        let (mut text, mut end, mut blank_lines) = (String::new(), header, 0);
        loop {
            let start = self.at + 1;
            let line = &self.text[start..];
            let line = &line[..line.find('\n')?];
            let content = line.trim_start_matches(' ');
            let depth = line.len() - content.len();
            if content.is_empty() {
                // Blanks beyond the indentation would be text.
                if depth > indent || end == header || style == Style::Folded {
                    return None;
                }
                blank_lines += 1;
            } else if depth < indent {
                if depth > column {
                    return None;
                }
                break;
            } else {
                if end > header {
                    match style {
                        Style::Literal => text.extend(std::iter::repeat_n('\n', blank_lines + 1)),
                        _ if depth > indent => return None,
                        _ => text.push(' '),
                    }
                } else if depth > indent {
                    return None;
                }
                blank_lines = 0;
                text.push_str(&line[indent..]);
                end = start + line.trim_end_matches(' ').len();
            }
            self.at = start + line.len();
            if self.at + 1 == self.text.len() {
                break;
            }
        }
        if !strips {
            text.push('\n');
        }
        self.at += 1;
        self.line = self.at;
        self.scalar_leaf(Scalar { text: text.into(), style, span: Span::new(header, end) })?;
        self.next_line();
        Some(())
    }
}

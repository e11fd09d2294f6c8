//! Byte offsets to lines and columns, and to the UTF-16 units that browsers count in.

use serde::{Deserialize, Serialize};

/// A place in a text; line and column count from 1, the column in characters, the offset in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in Unicode characters.
    pub column: u32,
    /// In bytes from the start of the file.
    pub offset: usize,
}

/// Where each line of a text starts.
#[derive(Clone, Debug)]
pub struct LineIndex<'text> {
    text: &'text str,
    starts: Vec<usize>,
}

impl<'text> LineIndex<'text> {
    /// Scans the text once; `\n` ends a line, so `\r\n` does too.
    pub fn new(text: &'text str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// The position of a byte offset; offsets past the end or inside a character fall back to the nearest
    /// character before them.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let column = self.text[self.starts[line]..offset].chars().count() + 1;
        Position { line: line as u32 + 1, column: column as u32, offset }
    }

    /// The line (from 1) of a byte offset.
    pub fn line(&self, offset: usize) -> u32 {
        self.starts.partition_point(|start| *start <= offset.min(self.text.len())) as u32
    }

    /// The byte offset at which a line (from 1) starts; the text's length past the last line.
    pub fn line_start(&self, line: u32) -> usize {
        self.starts.get(line.saturating_sub(1) as usize).copied().unwrap_or(self.text.len())
    }

    /// The number of lines.
    pub fn count(&self) -> usize {
        self.starts.len()
    }
}

/// The UTF-16 offset (as CodeMirror counts) of a byte offset.
pub fn to_utf16(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).map(|(_, c)| c.len_utf16()).sum()
}

/// The byte offset of a UTF-16 offset; the text's length when past the end.
pub fn from_utf16(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += c.len_utf16();
    }
    text.len()
}

//! Flow collections, over several lines too.

use super::Reader;
use crate::{Kind, Span, Style};

impl Reader<'_> {
    pub(super) fn flow_sequence(&mut self) -> Option<()> {
        self.open(Kind::Sequence(Box::default()), Style::Flow, self.at)?;
        self.at += 1;
        self.skip_between()?;
        while self.peek(0) != Some(b']') {
            self.flow_value()?;
            self.next_item(b']')?;
        }
        self.close()
    }

    pub(super) fn flow_mapping(&mut self) -> Option<()> {
        self.open(Kind::Mapping(Box::default()), Style::Flow, self.at)?;
        self.at += 1;
        self.skip_between()?;
        while self.peek(0) != Some(b'}') {
            let key = self.flow_scalar()?;
            if !self.is_colon() {
                return None;
            }
            self.scalar_leaf(key)?;
            self.at += 1;
            self.skip_between()?;
            self.flow_value()?;
            self.next_item(b'}')?;
        }
        self.close()
    }

    fn flow_value(&mut self) -> Option<()> {
        match self.peek(0)? {
            b'[' => self.flow_sequence(),
            b'{' => self.flow_mapping(),
            b'*' => self.alias(),
            _ => {
                let scalar = self.flow_scalar()?;
                self.scalar_leaf(scalar)
            }
        }
    }

    /// Past blanks, line breaks and comments between two parts; each line must stand deeper than what holds
    /// them.
    fn skip_between(&mut self) -> Option<()> {
        let start = self.at;
        self.skip_blanks();
        match self.peek(0)? {
            b'\n' => {}
            b'#' if self.at > start => {}
            _ => return Some(()),
        }
        self.next_line();
        let column = self.at - self.line;
        // The last bracket may stand below the key.
        let may_close = matches!(self.peek(0)?, b']' | b'}') && column > 0;
        (column > self.column || may_close && column == self.column).then_some(())
    }

    /// Past a comma with another item behind it, or to the closing bracket.
    fn next_item(&mut self, close: u8) -> Option<()> {
        self.skip_between()?;
        match self.peek(0)? {
            b',' => {
                self.at += 1;
                self.skip_between()?;
                // A comma may stand behind the last item.
                self.peek(0).map(drop)
            }
            byte => (byte == close).then_some(()),
        }
    }

    fn close(&mut self) -> Option<()> {
        self.at += 1;
        self.builder.end(Span::at(self.at));
        Some(())
    }
}

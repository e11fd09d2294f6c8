//! Flow collections of one line.

use super::Reader;
use crate::{Kind, Span, Style};

impl Reader<'_> {
    pub(super) fn flow_sequence(&mut self) -> Option<()> {
        self.open(Kind::Sequence(Vec::new()), Style::Flow, self.at)?;
        self.at += 1;
        self.skip_blanks();
        while self.peek(0) != Some(b']') {
            self.flow_value()?;
            self.next_item(b']')?;
        }
        self.close()
    }

    pub(super) fn flow_mapping(&mut self) -> Option<()> {
        self.open(Kind::Mapping(Vec::new()), Style::Flow, self.at)?;
        self.at += 1;
        self.skip_blanks();
        while self.peek(0) != Some(b'}') {
            let key = self.flow_scalar()?;
            if !self.is_colon() {
                return None;
            }
            self.scalar_leaf(key)?;
            self.at += 1;
            self.skip_blanks();
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

    /// Past a comma with another item behind it, or to the closing bracket.
    fn next_item(&mut self, close: u8) -> Option<()> {
        self.skip_blanks();
        match self.peek(0)? {
            b',' => {
                self.at += 1;
                self.skip_blanks();
                (self.peek(0)? != close).then_some(())
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

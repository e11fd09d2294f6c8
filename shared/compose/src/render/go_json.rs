//! JSON text as Go's `encoding/json` writes it: `<`, `>`, `&` and two line separators are escaped, whole floats have
//! no point.

use std::io;

use serde::Serialize;
use serde_json::{
    Serializer,
    ser::{CompactFormatter, Formatter, PrettyFormatter},
};

/// Without blanks, as hashes are taken of it.
pub(super) fn compact(value: &impl Serialize) -> String {
    written(value, CompactFormatter)
}

/// Indented by two blanks.
pub(super) fn pretty(value: &impl Serialize) -> String {
    written(value, PrettyFormatter::new())
}

fn written(value: &impl Serialize, inner: impl Formatter) -> String {
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, Go(inner));
    // Writing a tree with text keys to memory has no way to fail.
    let outcome = value.serialize(&mut serializer);
    debug_assert!(outcome.is_ok());
    String::from_utf8(out).unwrap_or_default()
}

struct Go<F>(F);

macro_rules! forward {
    ($($name:ident($($arg:ident: $kind:ty),*);)*) => {
        $(fn $name<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $arg: $kind)*) -> io::Result<()> {
            self.0.$name(writer $(, $arg)*)
        })*
    };
}

impl<F: Formatter> Formatter for Go<F> {
    forward! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        let magnitude = value.abs();
        if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
            let text = format!("{value:e}");
            return writer.write_all(text.replace('e', if magnitude < 1.0 { "e" } else { "e+" }).as_bytes());
        }
        write!(writer, "{value}")
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let special = |c: char| matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}');
        let mut rest = fragment;
        while let Some(at) = rest.find(special) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let Some(c) = rest[at..].chars().next() else { break };
            write!(writer, "\\u{:04x}", u32::from(c))?;
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn text_and_numbers_are_written_as_go_writes_them() {
        let value = serde_json::json!({"a": "<b>&\u{2028}é\n", "n": [2.0, 0.5, 1e21, 1e-7]});
        assert_eq!(compact(&value), r#"{"a":"\u003cb\u003e\u0026\u2028é\n","n":[2,0.5,1e+21,1e-7]}"#);
    }
}

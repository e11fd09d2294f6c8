//! What a plain scalar is to the reference's YAML reader.

use composeyard_yaml::{Kind, Node, Style};

use crate::load::scalar;
use crate::load::tree::Data;

/// The YAML type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Null,
    Bool,
    Integer,
    Float,
    Text,
    List,
    Mapping,
}

impl Found {
    /// The type of a node. Quoted and block scalars are text, `yes` and `off` too.
    pub(super) fn of(node: &Node) -> Self {
        let tag = node.tag().map(|tag| tag.text.as_str());
        match &node.kind {
            Kind::Sequence(_) => Self::List,
            Kind::Mapping(_) => Self::Mapping,
            Kind::Scalar(text) if node.style == Style::Plain && tag != Some("!!str") => plain(text),
            Kind::Scalar(_) | Kind::Alias(_) => Self::Text,
        }
    }

    /// With an article.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool => "a boolean",
            Self::Integer | Self::Float => "a number",
            Self::Text => "text",
            Self::List => "a list",
            Self::Mapping => "a mapping",
        }
    }
}

fn plain(text: &str) -> Found {
    match scalar::typed(text) {
        Some(Data::Null) => Found::Null,
        Some(Data::Bool(_)) => Found::Bool,
        Some(Data::Int(_) | Data::Huge(_)) => Found::Integer,
        Some(Data::Float(_)) => Found::Float,
        Some(Data::Text(_) | Data::List(_) | Data::Map(_)) | None => Found::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, plain};

    #[test]
    fn plain_scalars_are_typed_as_the_reference_types_them() {
        for text in ["", "~", "null"] {
            assert_eq!(plain(text), Found::Null, "{text}");
        }
        for text in ["80", "-1", "0440", "0o17", "0x1F", "1_000", "18446744073709551615"] {
            assert_eq!(plain(text), Found::Integer, "{text}");
        }
        for text in ["1.5", ".5", "1e9"] {
            assert_eq!(plain(text), Found::Float, "{text}");
        }
        for text in ["yes", "off", "80:80", "1.2.3", "2024-01-01", "-", "_1", "e9"] {
            assert_eq!(plain(text), Found::Text, "{text}");
        }
    }
}

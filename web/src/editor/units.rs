//! Offsets across the border: bytes here, UTF-16 units in the browser.

use composeyard_yaml::lines;

/// The UTF-16 offset of a byte offset.
pub(super) fn to_units(text: &str, byte: usize) -> usize {
    if text.is_ascii() { byte } else { lines::to_utf16(text, byte) }
}

/// The byte offset of a UTF-16 offset.
pub(super) fn to_bytes(text: &str, units: usize) -> usize {
    if text.is_ascii() { units.min(text.len()) } else { lines::from_utf16(text, units) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_survive_the_border_in_any_script() {
        let text = "# 🐳 größe\nimage: x";
        let byte = text.find("image").unwrap();
        assert_eq!(to_units(text, byte), 11);
        assert_eq!(to_bytes(text, 11), byte);
    }
}

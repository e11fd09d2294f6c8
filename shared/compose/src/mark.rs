//! A mark for each key, so that a look at a few bits answers most questions for keys that are not there.

/// Different marks; keys share them.
pub(crate) const MARKS: usize = 64;

/// One of [`MARKS`], chosen by what is cheap to look at.
#[inline]
pub(crate) const fn mark(key: &str) -> usize {
    let (Some(first), Some(last)) = (key.as_bytes().first(), key.as_bytes().last()) else { return 0 };
    (*first as usize * 31 + *last as usize * 7 + key.len()) % MARKS
}

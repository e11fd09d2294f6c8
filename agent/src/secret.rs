//! Unguessable values, and comparing them without telling how much was right.

use std::fmt;
use std::io;

use subtle::ConstantTimeEq;

/// A value that must not appear in logs: it prints as dots.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// 256 new random bits.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new() -> io::Result<Self> {
        random_hex::<32>().map(Self)
    }

    /// True for the same value, in a time that depends on lengths alone.
    pub fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// The value, for the one place that hands it out.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// `N` random bytes as hexadecimal text.
///
/// # Errors
/// When the system has no randomness to give.
pub fn random_hex<const N: usize>() -> io::Result<String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

//! A small generator (xorshift), so that a seed means the same everywhere.

/// Numbers that look random.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Seeds that differ little give sequences that differ much.
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number from 0 up to, not including, `limit`; 0 for a limit of 0.
    pub const fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        if limit == 0 { 0 } else { (self.0 % limit as u64) as usize }
    }

    /// One of several; none of an empty list.
    pub fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> Option<&'a T> {
        of.get(self.below(of.len())).copied()
    }
}

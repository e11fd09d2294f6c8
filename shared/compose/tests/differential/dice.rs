//! Seeded choices (SplitMix64), and the names that the parts of a generated project use for each other.

use super::tree::{Node, quoted, raw};

/// Makes the value of a key.
pub type Make = fn(&mut Dice) -> Node;

pub struct Dice {
    state: u64,
    /// Services of the project.
    pub services: Vec<&'static str>,
    /// Top-level networks, volumes, secrets, configs.
    pub networks: Vec<&'static str>,
    pub volumes: Vec<&'static str>,
    pub secrets: Vec<&'static str>,
    pub configs: Vec<&'static str>,
}

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut dice = Self {
            state: seed,
            services: Vec::new(),
            networks: Vec::new(),
            volumes: Vec::new(),
            secrets: Vec::new(),
            configs: Vec::new(),
        };
        dice.next();
        dice
    }

    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or(0)
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Some of them, each once, in their order.
    pub fn some<T: Copy>(&mut self, from: &[T], percent: u64) -> Vec<T> {
        from.iter().copied().filter(|_| self.chance(percent)).collect()
    }

    /// One of these scalars, as they stand.
    pub fn raw(&mut self, from: &[&str]) -> Node {
        raw(self.pick(from))
    }

    /// One of these texts, plain where YAML takes it so, else in quotes.
    pub fn text(&mut self, from: &[&str]) -> Node {
        let text = self.pick(from);
        self.written(text)
    }

    pub fn written(&mut self, text: &str) -> Node {
        let plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || "/.$~".contains(c))
            && !text.contains(": ")
            && !text.contains(" #")
            && !text.contains('\n')
            && !text.ends_with([':', ' '])
            && !matches!(text, "true" | "false" | "null" | "~" | "no" | "yes");
        if plain && !self.chance(25) {
            raw(text)
        } else if !text.contains(['\n', '\t', '\\']) && self.chance(50) {
            raw(format!("'{}'", text.replace('\'', "''")))
        } else {
            quoted(text)
        }
    }

    /// Up to `most` things.
    pub fn list(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> Node) -> Node {
        let count = self.below(most + 1);
        Node::List((0..count).map(|_| make(self)).collect())
    }

    /// A mapping of some of these keys.
    pub fn keys(&mut self, percent: u64, keys: &[(&str, Make)]) -> Node {
        let mut entries = Vec::new();
        for (key, make) in keys {
            if self.chance(percent) {
                entries.push(((*key).to_owned(), make(self)));
            }
        }
        Node::Map(entries)
    }

    /// One of these, by chance alone.
    pub fn form(&mut self, forms: &[Make]) -> Node {
        let form = self.pick(forms);
        form(self)
    }
}

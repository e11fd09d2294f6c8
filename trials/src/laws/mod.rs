//! What holds for every text. Each law is tried on real files with parts cut, doubled, moved and replaced.
//!
//! A case is a number: it makes the text and every choice in the law, so that a failure can be played again.

mod again;
mod check;
mod corpus;
mod edit;
mod interpolate;
mod mutate;
mod parse;
mod short_forms;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::random::Random;

pub use corpus::Corpus;

/// One law.
#[derive(Clone, Copy, Debug)]
pub struct Law {
    /// What `cargo xtask fuzz` calls it.
    pub name: &'static str,
    /// What it promises.
    pub promise: &'static str,
    /// The text of a case.
    input: fn(&mut Random, &Corpus) -> String,
    /// Fails with what is wrong.
    holds: fn(&str, &mut Random) -> Result<(), String>,
}

/// Every law.
pub static LAWS: [Law; 6] = [
    Law {
        name: "parse",
        promise: "any text gives a tree whose places lie in the text, or a message at a place",
        input: mutate::any_file,
        holds: parse::holds,
    },
    Law {
        name: "edit",
        promise: "a change is refused, or yields what was asked for, and can be undone to the byte",
        input: mutate::any_file,
        holds: edit::holds,
    },
    Law {
        name: "interpolate",
        promise: "a text without variables stays as it is, and doubling its dollars takes all meaning from them",
        input: interpolate::input,
        holds: interpolate::holds,
    },
    Law {
        name: "short-forms",
        promise: "the long form that a short one stands for loads again to the same project",
        input: short_forms::input,
        holds: short_forms::holds,
    },
    Law {
        name: "check",
        promise: "findings lie in their files, fixes apply, and what loads can be drawn and printed",
        input: mutate::any_file,
        holds: check::holds,
    },
    Law {
        name: "again",
        promise: "a check that remembers the one before finds what a check without a memory finds",
        input: again::input,
        holds: again::holds,
    },
];

/// A case in which a law does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The number that makes it again.
    pub case: u64,
    /// What is wrong.
    pub message: String,
    /// The text.
    pub input: String,
}

impl Law {
    /// Tries one case; a panic counts as a fault.
    ///
    /// # Errors
    /// The case, when the law does not hold in it.
    pub fn try_case(&self, case: u64, corpus: &Corpus) -> Result<(), Fault> {
        let mut random = Random::new(case);
        let input = (self.input)(&mut random, corpus);
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.holds)(&input, &mut random)));
        let message = match outcome {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(message)) => message,
            Err(_) => "panic".to_owned(),
        };
        Err(Fault { case, message, input })
    }
}

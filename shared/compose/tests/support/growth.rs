//! How the time of some work grows with what is worked on.

use std::time::Instant;

/// Tries, until one is as quick as it should be: other work on the machine can slow down any of them.
const TRIES: usize = 12;

/// How many times as long `large` takes as `small`. Looks no further once it is `most` or less.
pub(crate) fn growth(most: f64, mut small: impl FnMut(), mut large: impl FnMut()) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..TRIES {
        let begun = Instant::now();
        small();
        let between = Instant::now();
        large();
        let ratio = between.elapsed().as_secs_f64() / (between - begun).as_secs_f64();
        least = least.min(ratio);
        if least <= most {
            break;
        }
    }
    least
}

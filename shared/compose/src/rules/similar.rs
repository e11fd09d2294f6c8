//! "Did you mean": the nearest of some words, if any is near enough to be worth a guess.

/// Below this a guess would annoy.
const FLOOR: f64 = 0.72;

/// The word that is most like the given one. Case, hyphens and underscores do not count.
pub(super) fn closest<'w>(given: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let mut best: Option<(f64, &str)> = None;
    for word in words {
        let score = likeness(given, word);
        if score >= FLOOR && best.is_none_or(|(known, _)| score > known) {
            best = Some((score, word));
        }
    }
    best.map(|(_, word)| word)
}

/// From 0, nothing in common, to 1, the same but for case, hyphens and underscores.
pub(super) fn likeness(a: &str, b: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&fold(a), &fold(b))
}

fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn slips_of_the_finger_and_other_spellings_are_recognised() {
        let words = ["image", "ports", "container_name", "depends_on", "networks"];
        for (given, meant) in [
            ("imgae", "image"),
            ("port", "ports"),
            ("containerName", "container_name"),
            ("depends-on", "depends_on"),
            ("netwroks", "networks"),
        ] {
            assert_eq!(closest(given, words.into_iter()), Some(meant));
        }
    }

    #[test]
    fn a_far_fetched_guess_is_not_made() {
        assert_eq!(closest("frobnicate", ["image", "ports"].into_iter()), None);
        assert_eq!(closest("cmd", ["cpus", "pid", "dns"].into_iter()), None);
    }
}

//! What `docker compose` takes before every verb and from variables: how many steps at once, colours or not, and what
//! becomes of orphans.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use anyhow::{Context, bail};
use clap::ValueEnum;

use super::progress::Lines;

/// When escape sequences for colours are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Ansi {
    /// Nowhere
    Never,
    /// Everywhere
    Always,
    /// On a terminal
    #[default]
    Auto,
}

impl Ansi {
    /// The flag, else `COMPOSE_ANSI`, else on a terminal. A word that is none of the three there is `never` to the
    /// reference, and here.
    pub(super) fn chosen(flag: Option<Self>, variable: Option<&str>) -> Self {
        let listed = variable.map(|text| Self::from_str(text, false).unwrap_or(Self::Never));
        flag.or(listed).unwrap_or_default()
    }

    /// Whether colours are printed to what is, or is no, terminal; nowhere with `NO_COLOR`.
    pub(super) fn colours(self, is_terminal: bool) -> bool {
        let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_asked_for = match self {
            Self::Never => false,
            Self::Always => true,
            Self::Auto => is_terminal,
        };
        is_asked_for && !is_unwanted
    }

    /// Refuses a way to print steps that asks for the opposite, in the reference's words.
    ///
    /// # Errors
    /// For `never` with `tty`, and `always` with `plain`.
    pub(super) fn agrees_with(self, lines: Lines) -> anyhow::Result<()> {
        match (self, lines) {
            (Self::Never, Lines::Tty) => bail!("can't use --progress tty while ANSI support is disabled"),
            (Self::Always, Lines::Plain) => bail!("can't use --progress plain while ANSI support is forced"),
            _ => Ok(()),
        }
    }
}

/// `--parallel`, else `COMPOSE_PARALLEL_LIMIT`; none for no limit, which every number below 1 stands for.
///
/// # Errors
/// When the variable is no number.
pub(super) fn at_most(flag: Option<i64>, variable: Option<&str>) -> anyhow::Result<Option<NonZeroUsize>> {
    let number = match (flag, variable) {
        (Some(number), _) => number,
        (None, None) => return Ok(None),
        (None, Some(text)) => text.parse().with_context(|| {
            format!("COMPOSE_PARALLEL_LIMIT={text} is no number: write how many steps run at once, or -1")
        })?,
    };
    Ok(usize::try_from(number).ok().and_then(NonZeroUsize::new))
}

/// What `up` does with containers of services that the files no longer name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Orphans {
    /// They are mentioned.
    Stay,
    /// They are not even mentioned.
    Ignored,
    Removed,
}

impl Orphans {
    /// `--remove-orphans` or `COMPOSE_REMOVE_ORPHANS`, else `COMPOSE_IGNORE_ORPHANS`.
    ///
    /// # Errors
    /// When both are asked for.
    pub(super) fn of_up(flag: bool, variables: &BTreeMap<String, String>) -> anyhow::Result<Self> {
        Self::of_create(flag || says_yes(variables, "COMPOSE_REMOVE_ORPHANS"), variables)
    }

    /// As [`Self::of_up`], removed only by the flag.
    ///
    /// # Errors
    /// As [`Self::of_up`].
    pub(super) fn of_create(flag: bool, variables: &BTreeMap<String, String>) -> anyhow::Result<Self> {
        match (flag, says_yes(variables, "COMPOSE_IGNORE_ORPHANS")) {
            (true, true) => {
                bail!("COMPOSE_IGNORE_ORPHANS cannot be combined with removing orphans: unset it")
            }
            (true, false) => Ok(Self::Removed),
            (false, true) => Ok(Self::Ignored),
            (false, false) => Ok(Self::Stay),
        }
    }
}

/// True for the words that mean yes to the reference in a variable of its own; all others mean no.
fn says_yes(variables: &BTreeMap<String, String>, name: &str) -> bool {
    let word = variables.get(name).map(|word| word.trim().to_lowercase());
    matches!(word.as_deref(), Some("1" | "t" | "true" | "y"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orphans_go_by_the_flag_or_the_variables_and_never_by_two_that_disagree() {
        let chosen = |remove, variables: &[(&str, &str)]| {
            let pairs = variables.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned()));
            Orphans::of_up(remove, &pairs.collect()).ok()
        };
        let (remove, ignore) = ("COMPOSE_REMOVE_ORPHANS", "COMPOSE_IGNORE_ORPHANS");
        assert_eq!(chosen(false, &[]), Some(Orphans::Stay));
        assert_eq!(chosen(true, &[]), Some(Orphans::Removed));
        assert_eq!(chosen(false, &[(remove, "1")]), Some(Orphans::Removed));
        assert_eq!(chosen(false, &[(ignore, " True ")]), Some(Orphans::Ignored));
        assert_eq!(
            chosen(false, &[(remove, "yes"), (ignore, "")]),
            Some(Orphans::Stay),
            "as with the reference"
        );
        assert_eq!(chosen(true, &[(ignore, "y")]), None);
        assert_eq!(chosen(false, &[(remove, "t"), (ignore, "1")]), None);
        let variables = BTreeMap::from([(remove.to_owned(), "1".to_owned())]);
        assert_eq!(Orphans::of_create(false, &variables).unwrap(), Orphans::Stay);
    }

    #[test]
    fn as_many_steps_at_once_as_the_flag_says_else_the_variable() {
        let at_most = |flag, variable| at_most(flag, variable).unwrap().map(NonZeroUsize::get);
        assert_eq!(at_most(None, None), None);
        assert_eq!(at_most(None, Some("2")), Some(2));
        assert_eq!(at_most(Some(3), Some("2")), Some(3));
        assert_eq!(at_most(Some(3), Some("x")), Some(3), "the reference does not look at it then");
    }

    #[test]
    fn no_number_above_0_is_no_limit_as_with_the_reference() {
        for number in [-2, -1, 0] {
            assert_eq!(at_most(Some(number), None).unwrap(), None, "{number}");
            assert_eq!(at_most(None, Some(&number.to_string())).unwrap(), None, "{number}");
        }
    }

    #[test]
    fn a_variable_that_is_no_number_is_refused() {
        for text in ["x", "", " 2", "1.5"] {
            let error = at_most(None, Some(text)).unwrap_err();
            assert!(
                error.to_string().starts_with(&format!("COMPOSE_PARALLEL_LIMIT={text} is no number")),
                "{error}"
            );
        }
    }

    #[test]
    fn colours_are_where_the_flag_wants_them_else_where_the_variable_does() {
        let colours = |flag, variable, terminal| Ansi::chosen(flag, variable).colours(terminal);
        assert!(colours(Some(Ansi::Always), None, false) && colours(None, Some("always"), false));
        assert!(!colours(Some(Ansi::Never), Some("always"), true) && !colours(None, Some("never"), true));
        assert!(!colours(None, None, false) && !colours(None, Some("auto"), false));
        assert!(!colours(None, Some("sometimes"), true), "as with the reference");
    }
}

//! What `docker compose` takes before every verb and from the shell: how many steps at once, and colours or not.

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

#[cfg(test)]
mod tests {
    use super::*;

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

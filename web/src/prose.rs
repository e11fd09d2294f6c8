//! Sentences with pieces of files in them: what stands between backticks is shown as code.

use leptos::prelude::*;

/// Words and pieces of files by turns, words first. A backtick without a partner stays what it is.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let Some((words, code, after)) = text
            .split_once('`')
            .and_then(|(words, code)| code.split_once('`').map(|(code, after)| (words, code, after)))
        else {
            return Some((text, None));
        };
        rest = Some(after).filter(|after| !after.is_empty());
        Some((words, Some(code)))
    })
}

/// A sentence as elements.
pub fn prose(text: &str) -> impl IntoView + use<> {
    let piece = |(words, code): (&str, Option<&str>)| {
        (words.to_owned(), code.map(|code| view! { <code>{code.to_owned()}</code> }))
    };
    pieces(text).map(piece).collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(&str, Option<&str>)> {
        pieces(text).collect()
    }

    #[test]
    fn what_stands_between_backticks_is_code() {
        assert_eq!(
            all("`web` waits for `app`, not long"),
            [("", Some("web")), (" waits for ", Some("app")), (", not long", None)]
        );
        assert_eq!(all("Change to `image`"), [("Change to ", Some("image"))]);
    }

    #[test]
    fn a_backtick_without_a_partner_is_kept() {
        assert_eq!(all("a ` b"), [("a ` b", None)]);
        assert_eq!(all("`a` ` b"), [("", Some("a")), (" ` b", None)]);
        assert_eq!(all(""), [("", None)]);
    }
}

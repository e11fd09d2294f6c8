//! Short and long forms: how a value of a key may be written, by example; and what it takes, in words.

use super::{Key, Meaning, Scalar, Shape};
use crate::words;

/// One value in two forms. A text that starts with a line break is a block below its key.
#[derive(Clone, Copy, Debug)]
pub struct Spellings {
    /// The shorter form.
    pub short: &'static str,
    /// The form that names each part.
    pub long: &'static str,
}

const PAIRS: Spellings = Spellings { short: "\n- NAME=value", long: "\nNAME: value" };
const WORDS: Spellings = Spellings { short: "one", long: "\n- one\n- two" };

impl Key {
    /// The key with an example value in each of its forms, the short one first; nothing when it has one form only.
    pub fn examples(&self) -> Vec<String> {
        let spellings = self.spellings.or_else(|| self.shape.usual_spellings());
        let with_key = |value: &str| match value.strip_prefix('\n') {
            Some(block) => format!("{}:\n  {}", self.name, block.replace('\n', "\n  ")),
            None => format!("{}: {value}", self.name),
        };
        spellings.map_or_else(Vec::new, |both| vec![with_key(both.short), with_key(both.long)])
    }
}

impl Shape {
    /// What it takes, with articles: `text or a list`. Empty when anything is welcome.
    pub fn takes(&self) -> String {
        let mut kinds = Vec::new();
        if let Some(scalar) = self.scalar() {
            kinds.extend(scalar.takes().map(str::to_owned));
        }
        if self.items().is_some() {
            kinds.push("a list".to_owned());
        }
        if self.mapping().is_some() {
            kinds.push("a mapping".to_owned());
        }
        words::list(&kinds, "or")
    }

    /// The values to offer: all of a closed choice, the common ones of a form, those of list items too.
    pub fn words(&self) -> &'static [&'static str] {
        let own = self.scalar().map(|scalar| scalar.meaning.words()).unwrap_or_default();
        match self.items() {
            Some(items) if own.is_empty() => {
                items.scalar().map(|item| item.meaning.words()).unwrap_or_default()
            }
            _ => own,
        }
    }

    /// The two forms that many keys share.
    fn usual_spellings(&self) -> Option<Spellings> {
        let takes_text = |shape: &Shape| shape.scalar().is_some_and(|scalar| scalar.text);
        let items = self.items().is_some_and(takes_text);
        let values = self.values().is_some_and(|values| takes_text(values) && values.object().is_none());
        match (takes_text(self), items, values) {
            (false, true, true) => Some(PAIRS),
            (true, true, false) => Some(WORDS),
            _ => None,
        }
    }
}

impl Scalar {
    /// What it takes, with an article.
    pub fn takes(&self) -> Option<&'static str> {
        Some(match (self.meaning, self.text, self.number) {
            (Meaning::Flag, ..) => "`true` or `false`",
            (Meaning::Integer(..), ..) => "a whole number",
            (Meaning::Number, ..) => "a number",
            (Meaning::Duration, ..) => "a duration such as `30s`",
            (Meaning::Size, true, false) => "a size with a unit or in quotes, such as `512M`",
            (Meaning::Size, ..) => "a size such as `512m`",
            (Meaning::Form(form), ..) => form.name,
            (_, true, true) => "text or a number",
            (_, true, false) => "text",
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::facts::each;
    use crate::rules::structure;

    /// True when the shape, or what it holds, can be written in more than one form.
    fn has_forms(shape: &Shape) -> bool {
        let text = shape.scalar().is_some_and(|scalar| scalar.text);
        let forms = [text, shape.items().is_some(), shape.mapping().is_some()];
        forms.into_iter().filter(|form| *form).count() > 1
            || shape.items().or_else(|| shape.values()).is_some_and(has_forms)
    }

    /// A file with a key at a path pattern, in one of its spellings.
    fn file(pattern: &str, example: &str) -> String {
        let (mut text, mut depth, mut lead) = (String::new(), 0, String::new());
        let holder = pattern.rsplit_once('.').map_or("", |(holder, _)| holder);
        for step in holder.split('.').filter(|step| !step.is_empty()) {
            writeln!(text, "{lead}{}:", step.trim_end_matches("[]").replace('*', "any")).unwrap();
            depth += 2;
            lead = " ".repeat(depth);
            if step.ends_with("[]") {
                lead.push_str("- ");
                depth += 2;
            }
        }
        let example = example.replace('\n', &format!("\n{}", " ".repeat(depth)));
        format!("{text}{lead}{example}\n")
    }

    #[test]
    fn every_key_with_two_forms_shows_both_of_them() {
        let mut lacking = Vec::new();
        each(&mut |path, key| {
            // The mapping form of `external` is outdated; nobody should learn it.
            let expected = if has_forms(&key.shape) && key.name != "external" { 2 } else { 0 };
            if key.examples().len() != expected {
                lacking.push(path.to_owned());
            }
        });
        assert!(lacking.is_empty(), "{lacking:#?}");
    }

    #[test]
    fn every_example_is_written_as_the_table_wants_it() {
        let mut wrong = Vec::new();
        each(&mut |path, key| {
            for example in key.examples() {
                let text = file(path, &example);
                let (documents, error) = composeyard_yaml::parse(&text);
                let findings: Vec<_> = documents
                    .iter()
                    .flat_map(|document| structure::check("compose.yaml", &text, document).refused)
                    // The objects around the key lack the keys that they need.
                    .filter(|finding| finding.code != "CY205")
                    .collect();
                if error.is_some() || !findings.is_empty() {
                    wrong.push(format!("{path}\n{text}{findings:#?}"));
                }
            }
        });
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_key_says_what_it_takes_and_which_words_it_knows() {
        let at = |path| super::super::at(path).unwrap();
        assert_eq!(at("services.app.ports").shape.takes(), "a list");
        assert_eq!(at("services.app.command").shape.takes(), "text or a list");
        assert_eq!(at("services.app.restart").shape.words()[1], "always");
        assert_eq!(
            at("services.app.ports").examples(),
            ["ports:\n  - \"8080:80\"", "ports:\n  - target: 80\n    published: \"8080\""]
        );
    }
}

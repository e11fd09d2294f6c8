//! What `${…}` may name: the variables of `.env`, then those that the files use.

use composeyard_yaml::Span;

use super::super::symbols::{Kind, Mention, declared_variables, mentions, name_length};
use super::super::{Assistant, ENV_FILE};
use super::{Completion, Completions, What};

/// The choices when the cursor stands in the name of a variable.
pub(super) fn complete(
    assistant: &Assistant<'_>,
    file: &str,
    text: &str,
    offset: usize,
) -> Option<Completions> {
    let before = text.get(..offset)?;
    let typed = before.len() - before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
    let start = offset - typed;
    let braced = before[..start].ends_with("${");
    let dollar = before[..start].strip_suffix(if braced { "${" } else { "$" })?.len();
    let escapes = text[..dollar].len() - text[..dollar].trim_end_matches('$').len();
    if escapes % 2 == 1 {
        return None;
    }
    let length = name_length(&text[start..]);
    let closed = matches!(text[start + length..].chars().next(), Some('}' | ':' | '-' | '?' | '+'));
    let end = if braced && !closed { "}" } else { "" };
    let (open, end) = if braced { ("", end) } else { ("{", "}") };
    let env = assistant.text(ENV_FILE).unwrap_or_default();
    let mut items: Vec<Completion> = Vec::new();
    for name in names(assistant, file, env, Span::new(start, start + length)) {
        let value = value_of(env, &name);
        let detail = value.map_or_else(|| "not in .env".to_owned(), |value| format!("= {value}"));
        items.push(
            Completion::new(What::Name(Kind::Variable), &name, format!("{open}{name}{end}")).detail(detail),
        );
    }
    Some(Completions { replace: Span::new(start, start + length), items })
}

fn names(assistant: &Assistant<'_>, file: &str, env: &str, own: Span) -> Vec<String> {
    let mut names: Vec<String> = declared_variables(env).map(|it| it.name.to_owned()).collect();
    for (name, sketch) in assistant.sketches(file) {
        let is_other = |it: &Mention<'_>| it.kind == Kind::Variable && !(name == file && it.span == own);
        names.extend(mentions(&sketch).into_iter().filter(is_other).map(|it| it.name.to_owned()));
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// What a line of `.env` gives a variable, as written.
pub(crate) fn value_of<'e>(env: &'e str, name: &str) -> Option<&'e str> {
    let declared = declared_variables(env).filter(|it| it.name == name).last()?;
    let line = env[declared.span.end..].lines().next()?;
    Some(line.trim_start().strip_prefix('=')?.trim())
}

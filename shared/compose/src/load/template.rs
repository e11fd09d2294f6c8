//! `${VAR:-default}` in one text. Compose specification, 12-interpolation.

/// What stands in for a variable; none when it is not set.
pub(crate) type Lookup<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// Why a text could not be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TemplateError {
    /// A `${` that is not a variable.
    Invalid,
    /// `${NAME:?reason}` without a value.
    Required { name: String, reason: String },
    /// Defaults inside defaults without end.
    TooDeep,
}

/// A text with its variables filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expansion {
    pub(crate) text: String,
    /// Plain variables that are not set, in order.
    pub(crate) unset: Vec<String>,
}

const MAX_DEPTH: usize = 64;

/// Fills in a text.
pub(crate) fn expand(text: &str, lookup: &Lookup<'_>) -> Result<Expansion, TemplateError> {
    let mut expansion = Expansion::default();
    expand_into(text, lookup, &mut expansion, 0)?;
    Ok(expansion)
}

/// A variable as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Variable<'a> {
    pub(crate) name: &'a str,
    /// `:-`, `-`, `:?`, `?`, `:+`, `+`, or empty.
    pub(crate) operator: &'a str,
    /// What follows the operator.
    pub(crate) argument: &'a str,
}

/// One `$…` at the start of a text, and its length.
#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    Dollar,
    Variable(Variable<'a>, usize),
    Text,
    Invalid,
}

/// Every variable of a text, those in defaults included; what is malformed is passed over.
pub(crate) fn variables(text: &str) -> Vec<Variable<'_>> {
    let mut line = Line::default();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find('$') {
        at += next;
        at += match token(text, at, &mut line) {
            Token::Dollar => 2,
            Token::Text | Token::Invalid => 1,
            Token::Variable(variable, length) => {
                found.push(variable);
                // Only the name is done with: what follows may hold variables of its own.
                length.min(2 + variable.name.len())
            }
        };
    }
    found
}

fn expand_into(
    text: &str,
    lookup: &Lookup<'_>,
    out: &mut Expansion,
    depth: usize,
) -> Result<(), TemplateError> {
    if depth > MAX_DEPTH {
        return Err(TemplateError::TooDeep);
    }
    let mut line = Line::default();
    let mut at = 0;
    while let Some(found) = text[at..].find('$') {
        out.text.push_str(&text[at..at + found]);
        at += found;
        match token(text, at, &mut line) {
            Token::Dollar => {
                out.text.push('$');
                at += 2;
            }
            Token::Text => {
                out.text.push('$');
                at += 1;
            }
            Token::Variable(variable, length) => {
                value(variable, lookup, out, depth)?;
                at += length;
            }
            Token::Invalid => return Err(TemplateError::Invalid),
        }
    }
    out.text.push_str(&text[at..]);
    Ok(())
}

fn value(
    variable: Variable<'_>,
    lookup: &Lookup<'_>,
    out: &mut Expansion,
    depth: usize,
) -> Result<(), TemplateError> {
    let Variable { name, operator, argument } = variable;
    let set = lookup(name);
    let counts = |value: &String| !operator.starts_with(':') || !value.is_empty();
    match (operator.trim_start_matches(':'), set) {
        ("-", Some(value)) if counts(&value) => out.text.push_str(&value),
        ("-", _) => return expand_into(argument, lookup, out, depth + 1),
        ("?", Some(value)) if counts(&value) => out.text.push_str(&value),
        ("?", _) => {
            let mut reason = Expansion::default();
            expand_into(argument, lookup, &mut reason, depth + 1)?;
            return Err(TemplateError::Required { name: name.to_owned(), reason: reason.text });
        }
        ("+", Some(value)) if counts(&value) => return expand_into(argument, lookup, out, depth + 1),
        ("+", set) => out.text.push_str(&set.unwrap_or_default()),
        (_, Some(value)) => out.text.push_str(&value),
        (_, None) => out.unset.push(name.to_owned()),
    }
    Ok(())
}

/// The last `}` of the line around a place, found once a line.
#[derive(Default)]
struct Line {
    end: usize,
    last_brace: Option<usize>,
}

impl Line {
    fn last_brace(&mut self, text: &str, at: usize) -> Option<usize> {
        if at >= self.end {
            self.end = text[at..].find('\n').map_or(text.len(), |end| at + end);
            self.last_brace = text[at..self.end].rfind('}').map(|brace| at + brace);
        }
        self.last_brace.filter(|brace| *brace > at)
    }
}

fn token<'a>(text: &'a str, at: usize, line: &mut Line) -> Token<'a> {
    let rest = &text[at + 1..];
    if rest.starts_with('$') {
        return Token::Dollar;
    }
    if let Some(braced) = rest.strip_prefix('{') {
        return self::braced(text, at, braced, line);
    }
    match name(rest) {
        "" => Token::Text,
        name => Token::Variable(Variable { name, operator: "", argument: "" }, 1 + name.len()),
    }
}

/// `NAME}` or `NAME<operator>argument}`, the `${` of which stands at `at`.
fn braced<'a>(text: &'a str, at: usize, inner: &'a str, line: &mut Line) -> Token<'a> {
    let name = name(inner);
    let after = &inner[name.len()..];
    if name.is_empty() {
        return Token::Invalid;
    }
    if after.starts_with('}') {
        return Token::Variable(Variable { name, operator: "", argument: "" }, name.len() + 3);
    }
    let operator = operator(after);
    if operator.is_empty() {
        return Token::Invalid;
    }
    let start = at + 2 + name.len() + operator.len();
    let Some(last) = line.last_brace(text, at).filter(|brace| *brace >= start) else { return Token::Invalid };
    let close = closing_brace(&text[at..=last]).map_or(last, |brace| at + brace);
    let argument = text.get(start..close).unwrap_or_default();
    Token::Variable(Variable { name, operator, argument }, close + 1 - at)
}

/// The longest variable name at the start of a text.
fn name(text: &str) -> &str {
    let fits = |(index, byte): (usize, u8)| {
        byte == b'_' || byte.is_ascii_alphabetic() || (index > 0 && byte.is_ascii_digit())
    };
    let length = text.bytes().enumerate().take_while(|pair| fits(*pair)).count();
    &text[..length]
}

/// The operator at the start of a text; empty when there is none.
pub(crate) fn operator(text: &str) -> &str {
    [":-", ":?", ":+", "-", "?", "+"].into_iter().find(|known| text.starts_with(known)).unwrap_or("")
}

/// The brace that balances the first one. As in the reference, the byte after an opening brace does not count.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'}' if open == 1 => return Some(at),
            b'}' => open = open.saturating_sub(1),
            b'{' => {
                open += 1;
                bytes.next();
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, TemplateError> {
        let lookup = |name: &str| match name {
            "SET" => Some("set".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        expand(text, &lookup).map(|expansion| expansion.text)
    }

    #[test]
    fn every_operator_knows_unset_empty_and_set() {
        for (operator, unset, empty, set) in [
            (":-x", "x", "x", "set"),
            ("-x", "x", "", "set"),
            (":+x", "", "", "x"),
            ("+x", "", "x", "x"),
            ("", "", "", "set"),
        ] {
            assert_eq!(filled(&format!("${{NO{operator}}}")).as_deref(), Ok(unset), "{operator}");
            assert_eq!(filled(&format!("${{EMPTY{operator}}}")).as_deref(), Ok(empty), "{operator}");
            assert_eq!(filled(&format!("${{SET{operator}}}")).as_deref(), Ok(set), "{operator}");
        }
    }

    #[test]
    fn required_variables_fail_with_their_reason() {
        let required = |name: &str, reason: &str| {
            Err(TemplateError::Required { name: name.to_owned(), reason: reason.to_owned() })
        };
        assert_eq!(filled("${NO:?set ${SET}}"), required("NO", "set set"));
        assert_eq!(filled("${EMPTY:?}"), required("EMPTY", ""));
        assert_eq!(filled("${EMPTY?x}").as_deref(), Ok(""));
    }

    #[test]
    fn defaults_nest_and_keep_balanced_braces() {
        assert_eq!(filled("${NO:-${NADA:-${SET}}}!").as_deref(), Ok("set!"));
        assert_eq!(filled("${NO:-{\"a\": 1}} ${SET}").as_deref(), Ok("{\"a\": 1} set"));
        assert_eq!(filled("${NO-a}${NO-b}").as_deref(), Ok("ab"));
    }

    #[test]
    fn dollars_that_are_no_variables_stay_and_doubled_ones_halve() {
        assert_eq!(filled("$$SET $SET $1 $ $").as_deref(), Ok("$SET set $1 $ $"));
    }

    #[test]
    fn malformed_variables_are_refused() {
        for text in ["${}", "${ x}", "${1}", "${x!}", "${x", "${x:-a\nb}"] {
            assert_eq!(filled(text), Err(TemplateError::Invalid), "{text}");
        }
    }

    #[test]
    fn nesting_without_end_is_refused_quickly() {
        let text = format!("{}x{}", "${A:-".repeat(5000), "}".repeat(5000));
        assert_eq!(filled(&text), Err(TemplateError::TooDeep));
        assert!(filled(&"${A:-x}".repeat(20_000)).is_ok());
    }
}

//! A command line to words, as the reference splits it: quotes and backslashes, no expansion, and everything from an
//! unquoted `;`, `&`, `|`, `<` or `>` on is dropped.

/// The words of a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) words: Vec<String>,
    /// The text that no one will run, if any.
    pub(crate) dropped: Option<String>,
}

/// Splits a command line.
pub(crate) fn split(line: &str) -> Result<Words, String> {
    let mut splitter = Splitter::default();
    for (at, c) in line.char_indices() {
        if splitter.accept(c, line)? {
            splitter.dropped = Some(line[at..].to_owned());
            break;
        }
    }
    splitter.finish(line)
}

#[derive(Default)]
struct Splitter {
    words: Vec<String>,
    word: String,
    /// The word has begun, even if it is empty yet.
    begun: bool,
    escaped: bool,
    single: bool,
    double: bool,
    /// Inside backquotes or `$(`.
    back_quote: bool,
    dollar: bool,
    previous: Option<char>,
    dropped: Option<String>,
}

impl Splitter {
    /// Takes a character; true when the rest is to be dropped.
    fn accept(&mut self, c: char, line: &str) -> Result<bool, String> {
        let previous = self.previous.replace(c);
        if self.escaped {
            self.escaped = false;
            self.push(match c {
                't' => '\t',
                'n' => '\n',
                other => other,
            });
            return Ok(false);
        }
        if c == '\\' && !self.single {
            self.escaped = true;
            return Ok(false);
        }
        let quoted = self.single || self.double || self.back_quote || self.dollar;
        match c {
            ' ' | '\t' | '\r' | '\n' if !quoted => {
                self.end_word();
                return Ok(false);
            }
            '`' if !self.single && !self.double && !self.dollar => self.back_quote = !self.back_quote,
            ')' if !self.single && !self.double && !self.back_quote && self.dollar => self.dollar = false,
            '(' if !self.single && !self.double && !self.back_quote => {
                if self.dollar || previous != Some('$') {
                    return Err(invalid(line));
                }
                self.dollar = true;
            }
            '"' if !self.single && !self.dollar && !self.back_quote => {
                self.double = !self.double;
                self.begun = true;
                return Ok(false);
            }
            '\'' if !self.double && !self.dollar && !self.back_quote => {
                self.single = !self.single;
                self.begun = true;
                return Ok(false);
            }
            ')' if !quoted => return Err(invalid(line)),
            ';' | '&' | '|' | '<' | '>' if !quoted => {
                return Ok(self.stop(c));
            }
            _ => {}
        }
        self.push(c);
        Ok(false)
    }

    /// The number before `>` names a stream and goes with it.
    fn stop(&mut self, c: char) -> bool {
        if c == '>' && self.word.chars().next().is_some_and(|first| first.is_ascii_digit()) {
            self.begun = false;
            self.word.clear();
        }
        true
    }

    fn push(&mut self, c: char) {
        self.word.push(c);
        self.begun = true;
    }

    fn end_word(&mut self) {
        if self.begun {
            self.words.push(std::mem::take(&mut self.word));
            self.begun = false;
        }
    }

    fn finish(mut self, line: &str) -> Result<Words, String> {
        if self.escaped || self.single || self.double || self.back_quote || self.dollar {
            return Err(invalid(line));
        }
        self.end_word();
        Ok(Words { words: self.words, dropped: self.dropped })
    }
}

fn invalid(line: &str) -> String {
    let kind = if line.matches(['"', '\'']).count() % 2 == 1 { ": a quote is not closed" } else { "" };
    format!("invalid command line string{kind}")
}

#[cfg(test)]
mod tests {
    use super::split;

    fn words(line: &str) -> Vec<String> {
        split(line).unwrap_or_default().words
    }

    #[test]
    fn quotes_and_backslashes_keep_blanks() {
        assert_eq!(words(r#"a "b c" 'd e' f\ g"#), ["a", "b c", "d e", "f g"]);
        assert_eq!(words(r#"a "" x"y"z"#), ["a", "", "xyz"]);
    }

    #[test]
    fn shell_operators_end_the_command_and_say_what_is_lost() {
        let command = split("echo a && echo b").unwrap_or_default();
        assert_eq!(command.words, ["echo", "a"]);
        assert_eq!(command.dropped.as_deref(), Some("&& echo b"));
    }

    #[test]
    fn an_open_quote_is_refused() {
        assert!(split("echo \"a").is_err());
        assert!(split("echo a)").is_err());
    }
}

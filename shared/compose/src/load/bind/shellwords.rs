//! A command line to words, as the reference splits it: quotes and backslashes, no expansion, and everything from an
//! unquoted `;`, `&`, `|`, `<` or `>` on is dropped.

/// Splits a command line.
pub(crate) fn split(line: &str) -> Result<Vec<String>, String> {
    let mut splitter = Splitter::default();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        // What stands behind a backslash is taken by itself.
        let run = if splitter.escaped { 0 } else { plain(rest) };
        let taken = if run > 0 {
            splitter.push_run(&rest[..run]);
            run
        } else if splitter.accept(c, line)? {
            break;
        } else {
            c.len_utf8()
        };
        rest = &rest[taken..];
    }
    splitter.finish(line)
}

/// The length of what a text begins with that means itself everywhere: most of any command line.
fn plain(text: &str) -> usize {
    let means_itself = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./:=,".contains(byte);
    text.as_bytes().iter().take_while(|byte| means_itself(byte)).count()
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

    /// Takes what means itself.
    fn push_run(&mut self, run: &str) {
        if !run.is_empty() {
            self.word.push_str(run);
            self.begun = true;
            self.previous = run.chars().next_back();
        }
    }

    fn end_word(&mut self) {
        if self.begun {
            self.words.push(std::mem::take(&mut self.word));
            self.begun = false;
        }
    }

    fn finish(mut self, line: &str) -> Result<Vec<String>, String> {
        if self.escaped || self.single || self.double || self.back_quote || self.dollar {
            return Err(invalid(line));
        }
        self.end_word();
        Ok(self.words)
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
        split(line).unwrap_or_default()
    }

    #[test]
    fn quotes_and_backslashes_keep_blanks() {
        assert_eq!(words(r#"a "b c" 'd e' f\ g"#), ["a", "b c", "d e", "f g"]);
        assert_eq!(words(r#"a "" x"y"z"#), ["a", "", "xyz"]);
        assert_eq!(words(r"a\nb \\ \é"), ["a\nb", "\\", "é"]);
    }

    #[test]
    fn shell_operators_end_the_command() {
        assert_eq!(words("echo a && echo b"), ["echo", "a"]);
    }

    #[test]
    fn an_open_quote_is_refused() {
        assert!(split("echo \"a").is_err());
        assert!(split("echo a)").is_err());
    }
}

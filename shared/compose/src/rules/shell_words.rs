//! CY316: shell operators in a command that no shell runs.

use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY316",
    name: "no-shell",
    severity: Severity::Warning,
    what: "A command has `&&`, `|`, `;` or `>`, but no shell runs it.",
    why: "Compose splits the command into words itself and drops everything from the operator on, without a word.",
    how: "Run a shell: `sh -c \"first && second\"`.",
    link: "https://docs.docker.com/reference/compose-file/services/#command",
    example: "services:\n  app:\n    image: myapp:1.0\n    command: ./migrate && ./serve\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    command: sh -c \"./migrate && ./serve\"\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    let Some(services) = context.loaded.origins.value("services") else { return };
    for name in project.services.keys() {
        let Some(service) = services.get(name.as_str()) else { continue };
        for key in ["command", "entrypoint"] {
            let steps = ["services", name.as_str(), key];
            let Some((place, _)) = service.get(key).and_then(|value| context.written_at(value)) else {
                continue;
            };
            let Some(text) = scalar_at(context, place.file, place.span) else { continue };
            let Some(operator) = operator(&text) else { continue };
            let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
            let finding = context
                .finding(&RULE, &steps, format!("No shell reads the `{operator}` in this {key}"))
                .with_help("Compose drops everything from there on. Run a shell: `sh -c \"…\"`.");
            let is_one_line = !text.contains('\n') && key == "command";
            findings.push(if is_one_line {
                finding.with_edit("Run it in a shell", place.span, format!("[sh, -c, \"{quoted}\"]"))
            } else {
                finding
            });
        }
    }
}

/// The text of the scalar node at a place.
fn scalar_at(context: &Context<'_>, file: &str, span: composeyard_yaml::Span) -> Option<String> {
    let source = context.source(file)?;
    source.documents.iter().find_map(|document| document.text(document.spanning(span)?).map(str::to_owned))
}

/// The first operator outside quotes.
fn operator(command: &str) -> Option<&'static str> {
    let mut quote = None;
    let mut characters = command.char_indices();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (None | Some('"'), '\\') => {
                characters.next();
            }
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            (None, '&' | '|' | ';' | '>' | '<') => {
                let rest = &command[at..];
                let found =
                    ["&&", "||", ";", "|", "&", ">", "<"].into_iter().find(|op| rest.starts_with(op))?;
                // With nothing behind it nothing is lost.
                return (!rest[found.len()..].trim().is_empty()).then_some(found);
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    fn command(command: &str) -> String {
        format!("services:\n  app:\n    image: a:1\n    command: {command}\n")
    }

    #[test]
    fn an_operator_without_a_shell_is_pointed_out_and_given_one() {
        let text = command("./migrate && ./serve");
        assert_eq!(found(&text), ["CY316 services.app.command: No shell reads the `&&` in this command"]);
        assert_eq!(fixed(&text), command("[sh, -c, \"./migrate && ./serve\"]"));
    }

    #[test]
    fn letters_of_every_alphabet_may_stand_outside_quotes() {
        assert!(found(&command("greet Zoë 日本 \\é")).is_empty());
        assert_eq!(found(&command("greet Zoë && wave")).len(), 1);
    }

    #[test]
    fn a_shell_a_list_and_quoted_operators_are_fine() {
        for line in ["sh -c \"a && b\"", "[sh, -c, \"a | b\"]", "echo 'a > b'", "serve --port 80"] {
            assert!(found(&command(line)).is_empty(), "{line}");
        }
    }
}

//! CY312: a password or key written out in the environment.

use crate::{Diagnostic, Severity};

use super::context::join;
use super::{Context, Rule, reach::ends_with};

pub(super) static RULE: Rule = Rule {
    code: "CY312",
    name: "plain-secret",
    severity: Severity::Hint,
    what: "A password, token or key is written out in `environment`.",
    why: "It ends up in version control, and `docker inspect` shows it to everyone with access to the engine.",
    how: "Use a secret (many images take `NAME_FILE`), or take it from `.env` with `${NAME:?}` and keep that file out of version control.",
    link: "https://docs.docker.com/compose/how-tos/use-secrets/",
    example: "services:\n  db:\n    image: redis:7\n    environment:\n      REDIS_PASSWORD: s3cret\n",
    good: "services:\n  db:\n    image: redis:7\n    environment:\n      REDIS_PASSWORD: ${REDIS_PASSWORD:-}\n",
};

const WORDS: [&str; 9] =
    ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    for (name, service) in &project.services {
        for (variable, value) in &service.environment {
            let Some(value) = value.as_deref().filter(|value| is_secret(variable, value)) else { continue };
            let steps = ["services", name.as_str(), "environment", variable];
            // Values from variables and env files are where they should be.
            let literal = context
                .written(&join(&steps))
                .is_some_and(|text| !text.contains('$') && text.contains(value));
            if literal {
                findings.push(
                    context.finding(&RULE, &steps, format!("`{variable}` is written out in the file")).with_help(format!(
                        "Anyone who can read the file or inspect the container sees it. Use a secret, or `{variable}: ${{{variable}:?}}` with the value in `.env`."
                    )),
                );
            }
        }
    }
}

/// A telling name with a value that could be one. Switches and paths are none.
fn is_secret(variable: &str, value: &str) -> bool {
    const SWITCHES: [&str; 10] = ["", "true", "false", "yes", "no", "on", "off", "0", "1", "none"];
    WORDS.iter().any(|word| ends_with(variable, word))
        && !variable.to_ascii_uppercase().starts_with("ALLOW_")
        && !SWITCHES.iter().any(|switch| value.eq_ignore_ascii_case(switch))
        && !value.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    fn environment(line: &str) -> Vec<String> {
        found(&format!("services:\n  app:\n    image: a:1\n    environment:\n      {line}\n"))
    }

    #[test]
    fn a_password_in_the_file_is_pointed_out_in_both_forms() {
        let message = "CY312 services.app.environment.DB_PASSWORD: `DB_PASSWORD` is written out in the file";
        assert_eq!(environment("DB_PASSWORD: s3cret"), [message]);
        assert_eq!(environment("- DB_PASSWORD=s3cret"), [message]);
    }

    #[test]
    fn variables_files_and_switches_are_fine() {
        for line in [
            "DB_PASSWORD: ${DB_PASSWORD:-x}",
            "DB_PASSWORD_FILE: /run/secrets/db",
            "DB_PASSWORD:",
            "ALLOW_EMPTY_PASSWORD: demo",
            "USE_TOKEN: 'yes'",
            "TOKENIZER: bert",
        ] {
            assert!(environment(line).is_empty(), "{line}");
        }
    }
}

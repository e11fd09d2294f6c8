//! One address, who holds it and where: what findings about it point at.

use composeyard_yaml::Span;

use super::address::Address;
use super::mounted::Origin;
use crate::model::Service;
use crate::rules::context::{Context, Place, join};
use crate::rules::rule::Rule;
use crate::{Diagnostic, ServiceName};

/// An address in a service's variables or command, or in a configuration that it is given.
#[derive(Clone, Copy)]
pub(crate) struct Call<'p> {
    pub(crate) name: &'p ServiceName,
    pub(crate) service: &'p Service,
    pub(crate) address: Address<'p>,
    pub(super) holder: Holder<'p>,
}

/// What holds an address.
#[derive(Clone, Copy)]
pub(super) enum Holder<'p> {
    Variable {
        name: &'p str,
        /// The variable that has the port, when the address is a host alone: `DB_PORT` beside `DB_HOST`.
        port: Option<&'p str>,
    },
    /// `command` or `entrypoint`.
    Words(&'static str),
    /// A configuration of nginx, and where the address stands in its text.
    Mounted(&'p Origin, usize),
}

impl<'p> Call<'p> {
    /// The variable that holds the address.
    pub(crate) const fn variable(&self) -> Option<&'p str> {
        match self.holder {
            Holder::Variable { name, .. } => Some(name),
            _ => None,
        }
    }

    /// True for what a proxy hands requests to: a host to connect to and nothing else.
    pub(crate) const fn is_proxied(&self) -> bool {
        matches!(self.holder, Holder::Mounted(..))
    }

    /// True for a bare `name:number` in a command, which may be a user and a group as well.
    pub(crate) const fn is_loose(&self) -> bool {
        matches!(self.holder, Holder::Words(_)) && self.address.scheme.is_none()
    }

    /// The key path of the value, or of what brings it.
    fn steps(&self) -> Vec<&'p str> {
        let of_service = |key| vec!["services", self.name.as_str(), key];
        match self.holder {
            Holder::Variable { name, .. } => vec!["services", self.name.as_str(), "environment", name],
            Holder::Words(key) => of_service(key),
            Holder::Mounted(Origin::File(_), _) => of_service("volumes"),
            Holder::Mounted(Origin::Content(config), _) => vec!["configs", config, "content"],
        }
    }

    /// A finding at the address itself, with the fix to write another in its place; none when no file holds the
    /// value.
    pub(crate) fn finding(
        &self,
        context: &Context<'_>,
        rule: &Rule,
        message: impl Into<String>,
        other: Option<String>,
    ) -> Option<Diagnostic> {
        if let Holder::Mounted(Origin::File(file), at) = self.holder {
            let span = Span::new(at, at + self.address.text.len());
            return Some(with_fix(rule.at(file, span, &join(&self.steps()), message), span, other));
        }
        self.finding_at(context, rule, &self.steps(), self.address.text, message, other)
    }

    /// As [`Self::finding`], at the port: that of the address, or of the variable that has it.
    pub(crate) fn port_finding(
        &self,
        context: &Context<'_>,
        rule: &Rule,
        message: impl Into<String>,
        other: Option<u16>,
    ) -> Option<Diagnostic> {
        if let (Holder::Variable { port: Some(variable), .. }, Some(port)) = (self.holder, self.address.port)
        {
            let steps = ["services", self.name.as_str(), "environment", variable];
            let other = other.map(|port| port.to_string());
            return self.finding_at(context, rule, &steps, &port.to_string(), message, other);
        }
        let names_port = self.address.text.contains(':') || self.address.scheme.is_some();
        let other = other.filter(|_| names_port).map(|port| format!("{}:{port}", self.address.host));
        self.finding(context, rule, message, other)
    }

    /// A finding at a text in the value of a key, or in the env file that brings it.
    fn finding_at(
        &self,
        context: &Context<'_>,
        rule: &Rule,
        steps: &[&str],
        text: &str,
        message: impl Into<String>,
        other: Option<String>,
    ) -> Option<Diagnostic> {
        let path = join(steps);
        let Some(value) = context.value(&path) else {
            let variable = steps.get(3)?;
            let (file, span) = self.in_env_file(context, variable, text)?;
            return Some(with_fix(rule.at(&file, span, &path, message), span, other));
        };
        let Some(span) = context.written(&path).and_then(|written| alone(text, written, value.span.start))
        else {
            return Some(context.finding(rule, steps, message));
        };
        let Place { file, .. } = value;
        Some(with_fix(rule.at(file, span, &path, message), span, other))
    }

    /// Where the last env file that sets a variable writes a text in it.
    fn in_env_file(&self, context: &Context<'_>, variable: &str, text: &str) -> Option<(String, Span)> {
        self.service.env_file.iter().rev().find_map(|file| {
            let content = context.text_of(&file.path)?;
            let mut at = 0;
            let lines = content.split_inclusive('\n').map(|line| {
                at += line.len();
                (at - line.len(), line.trim_end())
            });
            let (start, line) = lines.filter(|(_, line)| sets(line, variable)).last()?;
            let span = alone(text, line, start)?;
            Some((file.path.trim_start_matches("./").to_owned(), span))
        })
    }

    /// The address with another host and, if there is one, another port.
    pub(crate) fn rewritten(&self, host: &str, port: Option<u16>) -> String {
        // A host without a port in the text keeps it so: `DB_HOST` has its port in `DB_PORT`.
        let has_port = self.address.text.contains(':');
        match port.or(self.address.port).filter(|_| has_port) {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }
}

/// True for a line of an env file that sets a variable.
fn sets(line: &str, variable: &str) -> bool {
    line.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim();
        name.strip_prefix("export ").unwrap_or(name).trim() == variable
    })
}

fn with_fix(finding: Diagnostic, span: Span, other: Option<String>) -> Diagnostic {
    match other {
        Some(other) => finding.with_edit(format!("Write {other}"), span, other),
        None => finding,
    }
}

/// The bytes of a text in what is written at `start`, when it stands there once and for itself.
fn alone(text: &str, written: &str, start: usize) -> Option<Span> {
    let stands_alone = |at: &usize| {
        let (before, after) = (&written[..*at], &written[at + text.len()..]);
        let starts =
            before.is_empty() || before.ends_with("//") || before.ends_with(['@', ',', '=', '"', '\'', ' ']);
        starts && !after.starts_with(|c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c))
    };
    let mut found = written.match_indices(text).map(|(at, _)| at).filter(stands_alone);
    let at = start + found.next()?;
    found.next().is_none().then(|| Span::new(at, at + text.len()))
}

#[cfg(test)]
mod tests {
    use composeyard_yaml::edit::apply;

    use crate::rules::tests::checked_files;

    /// Code, file and the text that is pointed at, of all findings but hints; and each file as its first fix leaves it.
    fn told(files: &[(&str, &str)]) -> Vec<(String, String)> {
        let findings = checked_files(files, &["compose.yaml"]).into_iter();
        let findings =
            findings.filter(|finding| matches!(&*finding.code, "CY318" | "CY319" | "CY320" | "CY321"));
        let shown = findings.map(|finding| {
            let text = files.iter().find(|(name, _)| *name == finding.file).unwrap().1;
            let edits: Vec<_> =
                finding.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.edit.clone()).collect();
            let mended = apply(text, &edits).unwrap();
            let line =
                mended.lines().find(|line| text.lines().all(|old| old != *line)).unwrap_or_default().trim();
            (format!("{} {} {}", finding.code, finding.file, finding.span.of(text)), line.to_owned())
        });
        shown.collect()
    }

    fn pair(told: &str, mended: &str) -> (String, String) {
        (told.to_owned(), mended.to_owned())
    }

    const API: &str = "  api:\n    image: b:1\n    ports:\n      - \"8080:80\"\n";

    #[test]
    fn an_address_of_an_env_file_is_told_and_mended_there() {
        let compose = format!("services:\n  app:\n    image: a:1\n    env_file: [app.env]\n{API}");
        let env = "# how\nexport API='http://api:8080/v1'\nOTHER=http://apii:80 # no\n";
        assert_eq!(
            told(&[("compose.yaml", &compose), ("app.env", env)]),
            [
                pair("CY320 app.env api:8080", "export API='http://api:80/v1'"),
                pair("CY318 app.env apii:80", "OTHER=http://api:80 # no"),
            ]
        );
    }

    #[test]
    fn a_port_in_a_variable_of_its_own_is_told_and_mended_there() {
        let compose = format!(
            "services:\n  app:\n    image: a:1\n    environment:\n      API_HOST: api\n      API_PORT: \"8080\"\n{API}"
        );
        assert_eq!(
            told(&[("compose.yaml", &compose)]),
            [pair("CY320 compose.yaml 8080", "API_PORT: \"80\"")]
        );
        let listed = compose
            .replace("API_HOST: api", "- API_HOST=api")
            .replace("API_PORT: \"8080\"", "- API_PORT=8080");
        assert_eq!(told(&[("compose.yaml", &listed)]), [pair("CY320 compose.yaml 8080", "- API_PORT=80")]);
    }

    #[test]
    fn a_mounted_configuration_of_nginx_is_read() {
        let compose = |mount: &str| {
            format!("services:\n  web:\n    image: nginx:1.27\n    volumes: ['{mount}:ro']\n{API}")
        };
        let conf = "server {\n  location /a { proxy_pass http://api:8080/; }\n  location /b { proxy_pass http://apii; }\n}\n";
        let expected = [
            pair("CY320 nginx/default.conf api:8080", "location /a { proxy_pass http://api:80/; }"),
            pair("CY318 nginx/default.conf apii", "location /b { proxy_pass http://api; }"),
        ];
        for mount in ["./nginx/default.conf:/etc/nginx/conf.d/default.conf", "./nginx:/etc/nginx/conf.d"] {
            assert_eq!(told(&[("compose.yaml", &compose(mount)), ("nginx/default.conf", conf)]), expected);
        }
        let elsewhere = compose("./nginx/default.conf:/usr/share/doc/x.conf");
        assert_eq!(told(&[("compose.yaml", &elsewhere), ("nginx/default.conf", conf)]), []);
    }

    #[test]
    fn a_configuration_that_stands_in_the_file_is_read() {
        let compose = format!(
            "services:\n  web:\n    image: nginx:1.27\n    configs: [{{source: conf, target: /etc/nginx/nginx.conf}}]\n{API}configs:\n  conf:\n    content: |\n      upstream app {{\n        server api:8080;\n      }}\n"
        );
        assert_eq!(
            told(&[("compose.yaml", &compose)]),
            [pair("CY320 compose.yaml api:8080", "server api:80;")]
        );
    }
}

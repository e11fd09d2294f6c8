//! Fills in variables in all values of a document and casts the results where a key wants more than text.
//! Compose specification, 12-interpolation.

use super::{
    findings::Findings,
    path::Path,
    template::{Lookup, TemplateError, expand},
    tree::{Data, Place, Value},
};

/// Fills in a document; `source` is the text it was read from, to point at the variable itself.
pub(crate) fn interpolate(value: &mut Value, lookup: &Lookup<'_>, source: &str, findings: &mut Findings) {
    interpolate_as(value, lookup, &cast_for, source, findings);
}

/// As [`interpolate`], with other casts than those of the Compose language.
pub(super) fn interpolate_as(
    value: &mut Value,
    lookup: &Lookup<'_>,
    casts: &dyn Fn(&Path<'_>) -> Option<Cast>,
    source: &str,
    findings: &mut Findings,
) {
    Interpolation { lookup, casts, source, findings }.walk(value, &Path::Root);
}

struct Interpolation<'a> {
    lookup: &'a Lookup<'a>,
    casts: &'a dyn Fn(&Path<'_>) -> Option<Cast>,
    source: &'a str,
    findings: &'a mut Findings,
}

impl Interpolation<'_> {
    fn walk(&mut self, value: &mut Value, path: &Path<'_>) {
        match &mut value.data {
            Data::Text(_) => self.text(value, path),
            Data::List(list) => {
                for (index, item) in list.iter_mut().enumerate() {
                    self.walk(item, &path.item(index));
                }
            }
            Data::Map(map) => {
                for (key, child) in map.iter_mut() {
                    self.walk(child, &path.key(key));
                }
            }
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Huge(_) | Data::Float(_) => {}
        }
    }

    fn text(&mut self, value: &mut Value, path: &Path<'_>) {
        let Data::Text(text) = &mut value.data else { return };
        if text.contains('$') {
            match expand(text, self.lookup) {
                Ok(expansion) => {
                    for name in &expansion.unset {
                        self.unset(name, value.place, path);
                    }
                    *text = expansion.text.into();
                }
                Err(error) => return self.failed(&error, value.place, path),
            }
        }
        if let Some(cast) = (self.casts)(path) {
            match cast.apply(text) {
                Ok(data) => value.data = data,
                Err(message) => {
                    let message = format!("{message} for {path}");
                    self.findings.error("CY013", value.place, path, message).help =
                        Some(cast.help().to_owned());
                    value.data = Data::Null;
                }
            }
        }
    }

    fn unset(&mut self, name: &str, place: Place, path: &Path<'_>) {
        let place = self.variable_place(name, place);
        let message = format!("the variable {name} is not set; an empty text takes its place");
        self.findings.warning("CY012", place, path, message).help =
            Some(format!("Set {name} in .env, or give a default: ${{{name}:-…}}."));
    }

    fn failed(&mut self, error: &TemplateError, place: Place, path: &Path<'_>) {
        match error {
            TemplateError::Invalid => {
                self.findings.error("CY010", place, path, "this is not a valid variable reference").help =
                    Some("Write ${NAME} or ${NAME:-default}; write $$ for a plain $.".to_owned());
            }
            TemplateError::TooDeep => {
                self.findings.error("CY010", place, path, "defaults are nested more than 64 levels deep");
            }
            TemplateError::Required { name, reason } => {
                let place = self.variable_place(name, place);
                let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
                let message = format!("required variable {name} is missing a value{reason}");
                self.findings.error("CY011", place, path, message).help =
                    Some(format!("Set {name} in .env or in the environment."));
            }
        }
    }

    /// The bytes of `$NAME` or `${NAME…` in the source, or the whole value's.
    fn variable_place(&self, name: &str, place: Place) -> Place {
        let raw = place.span().of(self.source);
        let found = raw.match_indices('$').find_map(|(at, _)| {
            let rest = &raw[at + 1..];
            let inner = rest.strip_prefix('{').unwrap_or(rest);
            let after = inner.strip_prefix(name)?;
            let ends = !after.starts_with(|c: char| c == '_' || c.is_ascii_alphanumeric());
            let braced = rest.starts_with('{');
            ends.then(|| {
                (at, 1 + usize::from(braced) + name.len() + usize::from(braced && after.starts_with('}')))
            })
        });
        found.map_or(place, |(at, length)| place.part(at, length))
    }
}

/// What a key wants instead of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cast {
    Int,
    Float,
    Bool,
}

impl Cast {
    pub(crate) fn apply(self, text: &str) -> Result<Data, String> {
        match self {
            Self::Int => text.parse().map(Data::Int).map_err(|_| format!("{text:?} is not a whole number")),
            Self::Float => text.parse().map(Data::Float).map_err(|_| format!("{text:?} is not a number")),
            Self::Bool => match text.to_lowercase().as_str() {
                "true" | "y" | "yes" | "on" => Ok(Data::Bool(true)),
                "false" | "n" | "no" | "off" => Ok(Data::Bool(false)),
                _ => Err(format!("{text:?} is not true or false")),
            },
        }
    }

    const fn help(self) -> &'static str {
        match self {
            Self::Int => "Write a whole number, or set the variable to one.",
            Self::Float => "Write a number, or set the variable to one.",
            Self::Bool => "Write true or false.",
        }
    }
}

fn cast_for(path: &Path<'_>) -> Option<Cast> {
    let last = match path {
        Path::Key(_, key) => *key,
        Path::Item(..) | Path::Root => return None,
    };
    if !may_be_cast(last) && !matches!(path, Path::Key(Path::Key(_, "ulimits"), _)) {
        return None;
    }
    match path.steps()[..] {
        ["services", _, ref rest @ ..] => service_cast(rest),
        ["networks", _, "external" | "internal" | "attachable" | "enable_ipv4" | "enable_ipv6"]
        | ["volumes" | "secrets" | "configs", _, "external"] => Some(Cast::Bool),
        _ => None,
    }
}

/// A quick look before the whole path is compared.
fn may_be_cast(key: &str) -> bool {
    matches!(
        key,
        "cpu_count"
            | "cpu_percent"
            | "cpu_period"
            | "cpu_quota"
            | "cpu_rt_period"
            | "cpu_rt_runtime"
            | "cpus"
            | "cpu_shares"
            | "init"
            | "required"
            | "restart"
            | "replicas"
            | "parallelism"
            | "max_failure_ratio"
            | "max_attempts"
            | "max_replicas_per_node"
            | "retries"
            | "disable"
            | "oom_kill_disable"
            | "oom_score_adj"
            | "pids_limit"
            | "target"
            | "privileged"
            | "read_only"
            | "scale"
            | "stdin_open"
            | "tty"
            | "hard"
            | "soft"
            | "nocopy"
            | "external"
            | "internal"
            | "attachable"
            | "enable_ipv4"
            | "enable_ipv6"
    )
}

fn service_cast(path: &[&str]) -> Option<Cast> {
    match path {
        [
            "cpu_count" | "cpu_period" | "cpu_quota" | "cpu_rt_period" | "cpu_rt_runtime" | "cpu_shares"
            | "oom_score_adj" | "pids_limit" | "scale",
        ]
        | ["deploy", "replicas"]
        | ["deploy", "update_config" | "rollback_config", "parallelism"]
        | ["deploy", "restart_policy", "max_attempts"]
        | ["deploy", "placement", "max_replicas_per_node"]
        | ["healthcheck", "retries"]
        | ["ports", "[]", "target"]
        | ["ulimits", _]
        | ["ulimits", _, "hard" | "soft"] => Some(Cast::Int),
        ["cpu_percent" | "cpus"] | ["deploy", "update_config" | "rollback_config", "max_failure_ratio"] => {
            Some(Cast::Float)
        }
        ["init" | "oom_kill_disable" | "privileged" | "read_only" | "stdin_open" | "tty"]
        | ["depends_on", _, "required" | "restart"]
        | ["healthcheck", "disable"]
        | ["volumes", "[]", "read_only"]
        | ["volumes", "[]", "volume", "nocopy"] => Some(Cast::Bool),
        _ => None,
    }
}

//! `ps --format`: the part of Go's templates that names fields, as scripts write it for the reference.

use std::str::FromStr;

use serde_json::Value;

use super::table;

/// Each field with the title of its column.
const FIELDS: [(&str, &str); 15] = [
    ("ID", "CONTAINER ID"),
    ("Name", "NAME"),
    ("Names", "NAMES"),
    ("Service", "SERVICE"),
    ("Project", "PROJECT"),
    ("Image", "IMAGE"),
    ("Command", "COMMAND"),
    ("State", "STATE"),
    ("Status", "STATUS"),
    ("Health", "HEALTH"),
    ("ExitCode", "EXIT CODE"),
    ("RunningFor", "CREATED"),
    ("CreatedAt", "CREATED AT"),
    ("Ports", "PORTS"),
    ("Networks", "NETWORKS"),
];

/// How containers are printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Columns, for people.
    Table,
    /// One object a line, for programs.
    Json,
    /// As the user has it.
    Template(Template),
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "" | "table" => Ok(Self::Table),
            "json" => Ok(Self::Json),
            _ => match text.strip_prefix("table ") {
                Some(columns) => Template::parse(columns, true).map(Self::Template),
                None => Template::parse(text, false).map(Self::Template),
            },
        }
    }
}

/// A line for each container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template {
    /// Under titles, with tabs between columns.
    is_table: bool,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// By its place in [`FIELDS`].
    Field(usize),
    JsonField(usize),
    /// All of the container.
    Json,
}

impl Template {
    fn parse(text: &str, is_table: bool) -> Result<Self, String> {
        let text = text.replace("\\t", "\t").replace("\\n", "\n");
        let (mut parts, mut rest) = (Vec::new(), text.as_str());
        while let Some((before, behind)) = rest.split_once("{{") {
            let (action, after) =
                behind.split_once("}}").ok_or_else(|| format!("{{{{{behind}: a }}}} is missing"))?;
            parts.extend([Part::Text(before.to_owned()), Part::parse(action)?]);
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self { is_table, parts })
    }

    /// The containers, as `--format json` has them.
    pub(super) fn print(&self, containers: &[Value]) -> String {
        let lines = containers.iter().map(|container| self.line(|part| part.of(container)));
        if !self.is_table {
            return lines.map(|line| line + "\n").collect();
        }
        let titles = self.line(Part::title);
        let rows: Vec<Vec<String>> = std::iter::once(titles)
            .chain(lines)
            .map(|line| line.split('\t').map(str::to_owned).collect())
            .collect();
        table::table(&rows, 10, 3)
    }

    fn line(&self, text: impl Fn(&Part) -> String) -> String {
        self.parts.iter().map(text).collect()
    }
}

impl Part {
    /// What stands between the braces.
    fn parse(action: &str) -> Result<Self, String> {
        let words: Vec<&str> = action.split_whitespace().collect();
        match words[..] {
            ["json", "."] => Ok(Self::Json),
            ["json", field] => position(field).map(Self::JsonField),
            [field] => position(field).map(Self::Field),
            _ => Err(format!(
                "{{{{{action}}}}}: only {{{{.Name}}}}, {{{{json .Name}}}} and {{{{json .}}}} are understood"
            )),
        }
    }

    fn of(&self, container: &Value) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Field(at) => match &container[FIELDS[*at].0] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            },
            Self::JsonField(at) => container[FIELDS[*at].0].to_string(),
            Self::Json => container.to_string(),
        }
    }

    fn title(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Field(at) | Self::JsonField(at) => FIELDS[*at].1.to_owned(),
            Self::Json => String::new(),
        }
    }
}

/// Of a field as `.Name`.
fn position(field: &str) -> Result<usize, String> {
    let known = field.strip_prefix('.').and_then(|name| FIELDS.iter().position(|(known, _)| *known == name));
    known.ok_or_else(|| {
        let names: Vec<String> = FIELDS.iter().map(|(name, _)| format!(".{name}")).collect();
        format!("{field} is no field; there are {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(format: &str) -> Result<String, String> {
        let containers = [("web", 0), ("db-of-the-shop", 137)]
            .map(|(name, code)| json!({"Name": name, "State": "exited", "ExitCode": code}));
        match format.parse()? {
            Format::Template(template) => Ok(template.print(&containers)),
            other => Ok(format!("{other:?}")),
        }
    }

    #[test]
    fn fields_stand_in_lines_of_the_users_own() {
        assert_eq!(
            printed("{{.Name}}=\\t{{ .ExitCode }}!"),
            Ok("web=\t0!\ndb-of-the-shop=\t137!\n".to_owned())
        );
        assert_eq!(printed("{{json .Name}}"), Ok("\"web\"\n\"db-of-the-shop\"\n".to_owned()));
        let whole = printed("{{json .}}").unwrap();
        assert_eq!(serde_json::from_str::<Value>(whole.lines().next().unwrap()).unwrap()["Name"], "web");
    }

    #[test]
    fn a_table_has_titles_and_columns() {
        insta::assert_snapshot!(printed("table {{.Name}}\\t{{.State}}\\t{{.ExitCode}}").unwrap(), @r"
        NAME             STATE     EXIT CODE
        web              exited    0
        db-of-the-shop   exited    137
        ");
        assert_eq!(
            [printed("table"), printed(""), printed("json")].map(Result::unwrap),
            ["Table", "Table", "Json"]
        );
    }

    #[test]
    fn what_is_not_understood_is_refused_with_what_is() {
        for (format, why) in [
            ("{{.Nope}}", ".Nope is no field; there are .ID, .Name, "),
            ("{{Name}}", "Name is no field"),
            ("{{.Name", "a }} is missing"),
            ("{{if .Health}}x{{end}}", "{{if .Health}}: only"),
            ("{{upper .Name}}", "only {{.Name}}, {{json .Name}} and {{json .}} are understood"),
        ] {
            let said = printed(format).unwrap_err();
            assert!(said.contains(why), "{format}: {said}");
        }
    }
}

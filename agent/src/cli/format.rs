//! `--format` of `ps` and `volumes`: the part of Go's templates that names fields, as scripts write it for the reference.

use serde_json::Value;

use super::table;

/// What a list can tell of a thing: each field with the title of its column.
pub(super) type Fields = &'static [(&'static str, &'static str)];

/// How a list is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Columns, for people.
    Table,
    /// One object a line, for programs.
    Json,
    /// As the user has it.
    Template(Template),
}

impl Format {
    /// `table`, `json`, or a template of these fields.
    ///
    /// # Errors
    /// What of the template is not understood, and what would be.
    pub(super) fn parse(text: &str, fields: Fields) -> Result<Self, String> {
        match text {
            "" | "table" => Ok(Self::Table),
            "json" => Ok(Self::Json),
            _ => match text.strip_prefix("table ") {
                Some(columns) => Template::parse(columns, fields, true).map(Self::Template),
                None => Template::parse(text, fields, false).map(Self::Template),
            },
        }
    }
}

/// A line for each thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template {
    fields: Fields,
    /// Under titles, with tabs between columns.
    is_table: bool,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// By its place in the fields.
    Field(usize),
    JsonField(usize),
    /// All of the thing.
    Json,
}

impl Template {
    fn parse(text: &str, fields: Fields, is_table: bool) -> Result<Self, String> {
        let text = text.replace("\\t", "\t").replace("\\n", "\n");
        let (mut parts, mut rest) = (Vec::new(), text.as_str());
        while let Some((before, behind)) = rest.split_once("{{") {
            let (action, after) =
                behind.split_once("}}").ok_or_else(|| format!("{{{{{behind}: a }}}} is missing"))?;
            parts.extend([Part::Text(before.to_owned()), Part::parse(action, fields)?]);
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self { fields, is_table, parts })
    }

    /// The things, as `--format json` has them.
    pub(super) fn print(&self, objects: &[Value]) -> String {
        let lines = objects.iter().map(|object| self.line(|part| part.of(object, self.fields)));
        if !self.is_table {
            return lines.map(|line| line + "\n").collect();
        }
        let titles = self.line(|part| part.title(self.fields));
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
    fn parse(action: &str, fields: Fields) -> Result<Self, String> {
        let words: Vec<&str> = action.split_whitespace().collect();
        match words[..] {
            ["json", "."] => Ok(Self::Json),
            ["json", field] => position(field, fields).map(Self::JsonField),
            [field] => position(field, fields).map(Self::Field),
            _ => Err(format!(
                "{{{{{action}}}}}: only {{{{.Name}}}}, {{{{json .Name}}}} and {{{{json .}}}} are understood"
            )),
        }
    }

    fn of(&self, object: &Value, fields: Fields) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Field(at) => match &object[fields[*at].0] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            },
            Self::JsonField(at) => object[fields[*at].0].to_string(),
            Self::Json => object.to_string(),
        }
    }

    fn title(&self, fields: Fields) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Field(at) | Self::JsonField(at) => fields[*at].1.to_owned(),
            Self::Json => String::new(),
        }
    }
}

/// Of a field as `.Name`.
fn position(field: &str, fields: Fields) -> Result<usize, String> {
    let known = field.strip_prefix('.').and_then(|name| fields.iter().position(|(known, _)| *known == name));
    known.ok_or_else(|| {
        let names: Vec<String> = fields.iter().map(|(name, _)| format!(".{name}")).collect();
        format!("{field} is no field; there are {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIELDS: Fields = &[
        ("ID", "CONTAINER ID"),
        ("Name", "NAME"),
        ("State", "STATE"),
        ("Health", "HEALTH"),
        ("ExitCode", "EXIT CODE"),
    ];

    fn printed(format: &str) -> Result<String, String> {
        let containers = [("web", 0), ("db-of-the-shop", 137)]
            .map(|(name, code)| json!({"Name": name, "State": "exited", "ExitCode": code}));
        match Format::parse(format, FIELDS)? {
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

//! The merged model against the table of keys, as the reference holds it against its JSON schema: after each document,
//! with variables filled in. The structural check of single files has better words for most of it; what counts is
//! what this one finds, since an override may complete what looks unfinished and clear what looks wrong.

use std::collections::HashMap;

use super::{
    findings::Findings,
    path::Path,
    tree::{Data, Map, Place, Value},
};
use crate::Severity;
use crate::facts::{self, Meaning, Names, Object, Shape};

/// Lists that may hold an item twice; all others of the schema may not.
const REPEATING: [&str; 28] = [
    "runtime_flags",
    "config",
    "device_read_bps",
    "device_read_iops",
    "device_write_bps",
    "device_write_iops",
    "weight_device",
    "cache_from",
    "cache_to",
    "entitlements",
    "platforms",
    "secrets",
    "tags",
    "command",
    "configs",
    "constraints",
    "preferences",
    "devices",
    "generic_resources",
    "watch",
    "entrypoint",
    "env_file",
    "gpus",
    "test",
    "label_file",
    "post_start",
    "pre_stop",
    "pre_start",
];

/// Whole numbers that the schema holds against bounds.
const BOUNDED: [&str; 3] = ["cpu_count", "cpu_percent", "oom_score_adj"];

/// Nobody reads more findings than these.
const MOST: usize = 200;

/// Codes of the structural check that an override may put right.
const UNFINISHED: [&str; 3] = ["CY202", "CY205", "CY208"];

/// Checks a merged model; `open` when its variables are not filled in.
pub(crate) fn check(model: &Value, findings: &mut Findings, open: bool) {
    Check { findings, open }.value(model, &facts::ROOT, &Path::Root);
}

/// Leaves out what the structural check found in a file and the merged model does not have, and what both found.
pub(crate) fn settle(findings: &mut Findings, merged: Findings) {
    let merged = merged.list;
    let same = |a: &str, b: &str| anonymous(a) == anonymous(b);
    findings.list.retain(|finding| {
        !UNFINISHED.contains(&finding.code.as_str())
            || merged.iter().any(|other| same(&other.path, &finding.path))
    });
    for finding in merged {
        let told = findings.list.iter().any(|known| {
            (known.code.starts_with("CY2") && same(&known.path, &finding.path))
                || (known.severity == Severity::Error
                    && known.file == finding.file
                    && known.span == finding.span)
        });
        if !told {
            findings.list.push(finding);
        }
    }
}

/// A path without the numbers of list items, which a merge shifts.
fn anonymous(path: &str) -> String {
    let mut steps = path.split('[');
    let mut plain = steps.next().unwrap_or_default().to_owned();
    for step in steps {
        plain.push_str("[]");
        plain.push_str(step.split_once(']').map_or("", |(_, rest)| rest));
    }
    plain
}

struct Check<'a> {
    findings: &'a mut Findings,
    /// Whatever has a `$` may yet become what its form wants.
    open: bool,
}

impl Check<'_> {
    fn value(&mut self, value: &Value, shape: &'static Shape, path: &Path<'_>) {
        if shape.is_any() || self.findings.list.len() > MOST {
            return;
        }
        match &value.data {
            Data::List(items) => match shape.items() {
                Some(item) => self.list(items, item, path),
                None => self.misfit(value, shape, path),
            },
            Data::Map(map) => match shape.mapping() {
                Some(Shape::Object(object)) => self.object(value, map, object, path),
                Some(Shape::Map { names, values }) => self.map(map, *names, values, path),
                _ => self.misfit(value, shape, path),
            },
            _ => self.scalar(value, shape, path),
        }
    }

    fn scalar(&mut self, value: &Value, shape: &'static Shape, path: &Path<'_>) {
        let Some(scalar) = shape.scalar() else { return self.misfit(value, shape, path) };
        let fits = match value.data {
            Data::Null => scalar.null,
            Data::Bool(_) => scalar.boolean,
            Data::Int(_) | Data::Huge(_) | Data::Float(_) => scalar.number,
            _ => scalar.text,
        };
        if !fits {
            return self.misfit(value, shape, path);
        }
        let bounded = |key: &str| BOUNDED.contains(&key);
        let problem = match (scalar.meaning, &value.data) {
            (Meaning::Form(_), Data::Text(text)) if self.open && text.contains('$') => None,
            (Meaning::Integer(..), Data::Float(number)) if number.fract() != 0.0 => {
                Some(format!("{number} is not a whole number"))
            }
            (Meaning::Integer(least, most), Data::Int(number))
                if last(path).is_some_and(bounded) && !(least..=most).contains(number) =>
            {
                Some(format!("{number} is not from {least} to {most}"))
            }
            (Meaning::Integer(least, most), Data::Huge(number))
                if last(path).is_some_and(bounded) && most < i64::MAX =>
            {
                Some(format!("{number} is not from {least} to {most}"))
            }
            (Meaning::Integer(least, most), Data::Float(number))
                if last(path).is_some_and(bounded)
                    && (*number < least as f64 || most < i64::MAX && *number > most as f64) =>
            {
                Some(format!("{number} is not from {least} to {most}"))
            }
            (Meaning::Choice(words), Data::Text(text)) if !words.contains(&text.as_str()) => {
                Some(format!("{text:?} is none of {}", words.join(", ")))
            }
            (Meaning::Form(form), _) if value.scalar().is_some_and(|text| !(form.loads)(&text)) => {
                Some(format!("{} is not {}", value.scalar().unwrap_or_default(), form.name))
            }
            _ => None,
        };
        if let Some(problem) = problem {
            self.findings.error("CY020", place(value), path, format!("{path}: {problem}"));
        }
    }

    fn list(&mut self, items: &[Value], shape: &'static Shape, path: &Path<'_>) {
        for (index, item) in items.iter().enumerate() {
            self.value(item, shape, &path.item(index));
        }
        if items.len() > 1 && !may_repeat(path) {
            self.twins(items, path);
        }
    }

    fn twins(&mut self, items: &[Value], path: &Path<'_>) {
        let mut seen = HashMap::with_capacity(items.len());
        let twin = items.iter().enumerate().find_map(|(at, item)| {
            let (kind, text) = (item.kind(), item.scalar()?);
            // `1` and `"1"` are two things, but the reference takes a number for the text of it that came before.
            let of_text = |text: &String| seen.get(&("text", text.clone())).copied();
            let same = if kind == "a number" { of_text(&text) } else { None };
            let first = same.or(seen.insert((kind, text), item))?;
            Some((at, item, first))
        });
        if let Some((at, item, first)) = twin {
            let related = self.findings.related(first.place, "first given here");
            let message = format!("{path} has the item {} twice", item.scalar().unwrap_or_default());
            let finding = self.findings.error("CY033", item.place, path.item(at), message);
            finding.help = Some("Remove one of them.".to_owned());
            finding.related.push(related);
        }
    }

    fn object(&mut self, value: &Value, map: &Map, object: &'static Object, path: &Path<'_>) {
        for (name, value) in map {
            let path = path.key(name);
            match object.key(name) {
                Some(key) => self.value(value, &key.shape, &path),
                None if object.open || (object.extensions && name.starts_with("x-")) => {}
                None => {
                    let message = format!("{name} is not a key of a {}", object.name);
                    self.findings.error("CY020", value.key, path, message);
                }
            }
        }
        for key in object.keys.iter().filter(|key| key.required && !map.contains_key(key.name)) {
            let message = format!("{path} needs {}", key.name);
            self.findings.error("CY020", place(value), path.key(key.name), message);
        }
    }

    fn map(&mut self, map: &Map, names: Names, values: &'static Shape, path: &Path<'_>) {
        for (name, value) in map {
            let path = path.key(name);
            if !names.accept(name) {
                self.findings.error("CY020", value.key, path, format!("{name:?} cannot be a name here"));
            }
            self.value(value, values, &path);
        }
    }

    fn misfit(&mut self, value: &Value, shape: &'static Shape, path: &Path<'_>) {
        let message = format!("{path} must be {}, not {}", shape.takes(), value.kind());
        self.findings.error("CY020", place(value), path, message);
    }
}

/// Where a value stands; an absent one at its key.
fn place(value: &Value) -> Place {
    let span = value.place.span();
    if span.start == span.end { value.key } else { value.place }
}

fn last<'a>(path: &Path<'a>) -> Option<&'a str> {
    match path {
        Path::Key(_, key) => Some(key),
        _ => None,
    }
}

fn may_repeat(path: &Path<'_>) -> bool {
    match path {
        Path::Key(Path::Key(_, parent), _) if matches!(*parent, "extra_hosts" | "options") => true,
        path => last(path).is_none_or(|key| REPEATING.contains(&key)),
    }
}

#[cfg(test)]
mod tests {
    use crate::{LoadRequest, ProjectFiles, Severity, load};

    /// Codes and paths of what is refused in files that are merged.
    fn refused(files: &[&str]) -> Vec<String> {
        let names: Vec<String> = (0..files.len()).map(|at| format!("{at}.yaml")).collect();
        let request = LoadRequest { files: names.clone(), ..LoadRequest::default() };
        let files =
            ProjectFiles(names.into_iter().zip(files.iter().map(|text| (*text).to_owned())).collect());
        let findings = load(&files, &request).diagnostics.into_iter();
        let errors = findings.filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| format!("{} {} in {}", finding.code, finding.path, finding.file)).collect()
    }

    fn service(keys: &str) -> String {
        format!("services: {{a: {{image: a, {keys}}}}}")
    }

    #[test]
    fn an_override_completes_what_looks_unfinished() {
        let base = service("healthcheck: {test: x}, volumes: [{type: bind, source: /x, target: /x}]");
        assert!(refused(&[&base, &service("healthcheck: {interval: 5s}")]).is_empty());
        let base = service("credential_spec: {file: x}, blkio_config: {weight: 300}");
        assert!(refused(&[&base]).is_empty());
    }

    #[test]
    fn what_a_variable_gives_is_held_against_the_table_too() {
        let found = refused(&[&service("depends_on: {b: {condition: \"${NONE:-sometime}\"}}")]);
        assert!(
            found.iter().any(|found| found.ends_with(" services.a.depends_on.b.condition in 0.yaml")),
            "{found:?}"
        );
    }

    #[test]
    fn an_item_may_stand_twice_only_where_lists_repeat() {
        assert_eq!(refused(&[&service("group_add: [x, x]")]), ["CY033 services.a.group_add[1] in 0.yaml"]);
        assert_eq!(
            refused(&[&service("group_add: [x]"), &service("group_add: [x]")]),
            ["CY033 services.a.group_add[1] in 1.yaml"]
        );
        assert!(refused(&[&service("command: [x, x]")]).is_empty());
    }

    #[test]
    fn a_number_is_the_twin_of_the_text_before_it_but_not_behind_it() {
        assert_eq!(refused(&[&service("group_add: ['5', 5]")]).len(), 1);
        assert!(refused(&[&service("group_add: [5, '5']")]).is_empty());
    }

    #[test]
    fn whole_numbers_stay_within_their_bounds() {
        assert_eq!(refused(&[&service("oom_score_adj: 1001")]), ["CY020 services.a.oom_score_adj in 0.yaml"]);
        assert_eq!(refused(&[&service("cpu_percent: 1e3")]).len(), 1);
        assert!(refused(&[&service("cpu_count: 99999999999999999999")]).is_empty());
        assert_eq!(refused(&[&service("scale: 1.5")]).len(), 1);
        assert!(refused(&[&service("scale: 2.0")]).is_empty());
    }

    #[test]
    fn one_mistake_is_told_once() {
        assert_eq!(refused(&[&service("imgae: x")]).len(), 1);
        assert_eq!(refused(&[&service("ports: text")]).len(), 1);
    }
}

//! The table of every Compose key: what it takes, what it means, since when, where it is documented.
//!
//! Findings, completion, hover, inspector forms and the reference docs all read this one table. It is `static` data:
//! no parsing at start, no regular expressions. One file describes one object of the Compose file.

mod build;
mod deploy;
mod develop;
mod forms;
mod grants;
mod healthcheck;
pub mod images;
mod include;
mod models;
mod mounts;
mod network;
mod ports;
mod service;
mod shape;
mod spelling;
mod stores;
mod top;

#[cfg(test)]
mod schema_test;

pub use forms::Form;
pub use service::SERVICE;
pub use shape::{Key, Meaning, Names, Object, Scalar, Shape};
pub use spelling::Spellings;
pub use top::TOP;

/// The whole Compose file.
pub static ROOT: Shape = Shape::Object(&TOP);

/// Calls `visit` with the path pattern and the description of every key: `services.*.ports[].target`. `*` stands for
/// a name that the user chooses, `[]` for a list item.
pub fn each(visit: &mut dyn FnMut(&str, &'static Key)) {
    each_below(&ROOT, &mut String::new(), visit);
}

fn each_below(shape: &'static Shape, path: &mut String, visit: &mut dyn FnMut(&str, &'static Key)) {
    let length = path.len();
    match shape {
        Shape::Scalar(_) | Shape::Any => {}
        Shape::List(item) => {
            path.push_str("[]");
            each_below(item, path, visit);
        }
        Shape::Map { values, .. } => {
            path.push_str(if length == 0 { "*" } else { ".*" });
            each_below(values, path, visit);
        }
        Shape::Object(object) => {
            for key in object.keys {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(key.name);
                visit(path, key);
                each_below(&key.shape, path, visit);
                path.truncate(length);
            }
        }
        Shape::OneOf(shapes) => shapes.iter().for_each(|shape| each_below(shape, path, visit)),
    }
    path.truncate(length);
}

/// The description of the key at a path of a real file: `services.app.ports[0].target`. None for names that the user
/// chooses, for `x-` keys and for paths the table does not know.
pub fn at(path: &str) -> Option<&'static Key> {
    let mut shape = &ROOT;
    let mut found = None;
    for step in steps(path) {
        (shape, found) = match step {
            Step::Item => (shape.items()?, None),
            Step::Name(name) => match shape.object().and_then(|object| object.key(name)) {
                Some(key) => (&key.shape, Some(key)),
                None => (shape.values()?, None),
            },
        };
    }
    found
}

/// The shape that stands at a path of a real file, names and list items included.
pub fn shape_at(path: &str) -> Option<&'static Shape> {
    steps(path).try_fold(&ROOT, |shape, step| match step {
        Step::Item => shape.items(),
        Step::Name(name) => match shape.object().and_then(|object| object.key(name)) {
            Some(key) => Some(&key.shape),
            None => shape.values(),
        },
    })
}

enum Step<'path> {
    Name(&'path str),
    Item,
}

fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    path.split('.').filter(|part| !part.is_empty()).flat_map(|part| {
        let (name, items) = part.split_at(part.find('[').unwrap_or(part.len()));
        let name = (!name.is_empty()).then_some(Step::Name(name));
        name.into_iter().chain(items.matches('[').map(|_| Step::Item))
    })
}

/// Where a key of this name is known: path patterns without the key itself, nearest to the top first; the top level
/// is the empty pattern. Each place is named once.
pub fn homes(name: &str) -> Vec<String> {
    let mut homes: Vec<String> = Vec::new();
    each(&mut |path, key| {
        if key.name == name {
            let home = path.strip_suffix(name).unwrap_or(path).trim_end_matches('.');
            if !homes.iter().any(|known| known == home) {
                homes.push(home.to_owned());
            }
        }
    });
    homes.sort_by_key(|home| home.matches(['.', '[']).count());
    homes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_its_path_in_a_real_file() {
        assert_eq!(at("services.app.image").map(|key| key.name), Some("image"));
        assert_eq!(at("services.app.ports[0].target").map(|key| key.name), Some("target"));
        assert_eq!(at("services.app.networks.back.aliases").map(|key| key.name), Some("aliases"));
        assert!(at("services.app").is_none());
        assert!(at("services.app.x-note").is_none());
        assert!(at("services.app.environment.PORT").is_none());
    }

    #[test]
    fn the_shape_behind_a_chosen_name_is_found() {
        assert!(matches!(shape_at("services.app"), Some(Shape::Object(object)) if object.name == "service"));
        assert!(matches!(shape_at("services.app.environment.PORT"), Some(Shape::Scalar(_))));
        assert!(shape_at("services.app.image.deeper").is_none());
    }

    #[test]
    fn a_misplaced_key_is_told_where_it_belongs() {
        assert_eq!(homes("replicas"), ["services.*.deploy"]);
        assert_eq!(homes("services"), [""]);
        assert!(homes("imgae").is_empty());
    }

    #[test]
    fn every_key_has_one_line_of_documentation_and_a_link() {
        each(&mut |path, key| {
            assert!(!key.doc.is_empty() && !key.doc.contains('\n'), "{path}");
            assert!(key.doc.ends_with('.'), "{path}: {}", key.doc);
        });
        for name in ["image", "depends_on"] {
            let object = Shape::object(shape_at("services.app").unwrap()).unwrap();
            let link = object.link(object.key(name).unwrap());
            assert_eq!(link, format!("https://docs.docker.com/reference/compose-file/services/#{name}"));
        }
    }

    #[test]
    fn no_object_lists_a_key_twice() {
        let mut seen = std::collections::BTreeMap::new();
        each(&mut |path, key| {
            let before = seen.insert(path.to_owned(), std::ptr::from_ref(key));
            assert!(before.is_none_or(|before| before == std::ptr::from_ref(key)), "{path} stands twice");
        });
    }
}

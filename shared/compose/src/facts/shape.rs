//! What a key takes: the types of the table and the short names that its rows are written with.

use super::{Form, Spellings};
use crate::mark::{MARKS, mark};

/// One key of an object.
#[derive(Debug)]
pub struct Key {
    /// As written in the file.
    pub name: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// What it does, one line.
    pub doc: &'static str,
    /// What holds when it is left out.
    pub default: Option<&'static str>,
    /// True when the object is not valid without it.
    pub required: bool,
    /// The Docker Compose version that brought it; none when it is older than 2.15.
    pub since: Option<&'static str>,
    /// True when only Swarm acts on it; a local engine ignores it.
    pub swarm: bool,
    /// Its short and long form by example; none when it has one form, or the usual ones. See [`Key::examples`].
    pub(super) spellings: Option<Spellings>,
}

impl Key {
    /// A key that may be left out, with no default worth naming.
    pub const fn new(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { name, shape, doc, default: None, required: false, since: None, swarm: false, spellings: None }
    }

    pub(super) const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn since(mut self, version: &'static str) -> Self {
        self.since = Some(version);
        self
    }

    pub(super) const fn spelt(mut self, short: &'static str, long: &'static str) -> Self {
        self.spellings = Some(Spellings { short, long });
        self
    }

    pub(super) const fn swarm(mut self) -> Self {
        self.swarm = true;
        self
    }
}

/// A mapping with fixed keys.
#[derive(Debug)]
pub struct Object {
    /// What one calls it, without an article: `service`, `health check`.
    pub name: &'static str,
    /// Its keys, in the order of the reference documentation.
    pub keys: &'static [Key],
    /// True when `x-…` keys are welcome.
    pub extensions: bool,
    /// True when the reference takes any key, and leaves out those that it does not know.
    pub open: bool,
    /// The page of the Compose file reference, and the section when the keys have none of their own. At the top level
    /// each key has its own page.
    pub page: (&'static str, Option<&'static str>),
    /// For each mark the place of the first key that has it, or [`NO_KEY`]: keys are looked up for every line of a file.
    firsts: [u8; MARKS],
}

const NO_KEY: u8 = u8::MAX;

const fn firsts(keys: &[Key]) -> [u8; MARKS] {
    assert!(keys.len() < NO_KEY as usize);
    let mut firsts = [NO_KEY; MARKS];
    let mut at = keys.len();
    while at > 0 {
        at -= 1;
        firsts[mark(keys[at].name)] = at as u8;
    }
    firsts
}

impl Object {
    /// An object that takes `x-…` keys and whose keys each have a section on a page of the reference.
    pub(super) const fn page(name: &'static str, page: &'static str, keys: &'static [Key]) -> Self {
        Self { name, keys, extensions: true, open: false, page: (page, None), firsts: firsts(keys) }
    }

    /// An object that takes `x-…` keys and is described in one section of a page of the reference.
    pub(super) const fn section(
        name: &'static str,
        page: &'static str,
        section: &'static str,
        keys: &'static [Key],
    ) -> Self {
        Self { name, keys, extensions: true, open: false, page: (page, Some(section)), firsts: firsts(keys) }
    }

    pub(super) const fn open(mut self) -> Self {
        self.open = true;
        self
    }

    pub(super) const fn without_extensions(mut self) -> Self {
        self.extensions = false;
        self
    }

    /// The row of a key.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        let keys = self.keys.get(usize::from(self.firsts[mark(name)])..)?;
        keys.iter().find(|key| key.name == name)
    }

    /// Where the Compose file reference describes a key of this object.
    pub fn link(&self, key: &Key) -> String {
        const REFERENCE: &str = "https://docs.docker.com/reference/compose-file";
        match self.page {
            ("", _) if matches!(key.name, "version" | "name") => format!("{REFERENCE}/version-and-name/"),
            ("", _) => format!("{REFERENCE}/{}/", key.name),
            (page, section) => format!("{REFERENCE}/{page}/#{}", section.unwrap_or(key.name)),
        }
    }
}

/// What may stand somewhere.
#[derive(Debug)]
pub enum Shape {
    /// One value.
    Scalar(Scalar),
    /// A list of one kind of item.
    List(&'static Shape),
    /// A mapping whose keys the user chooses.
    Map {
        /// What the keys must look like.
        names: Names,
        /// What each of them takes.
        values: &'static Shape,
    },
    /// A mapping with fixed keys.
    Object(&'static Object),
    /// Short and long forms. At most one of them is a value, one a list and one a mapping.
    OneOf(&'static [Shape]),
    /// Anything at all.
    Any,
}

impl Shape {
    fn forms(&self) -> &[Self] {
        match self {
            Self::OneOf(forms) => forms,
            one => std::slice::from_ref(one),
        }
    }

    /// The one-value form, if there is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        self.forms().iter().find_map(|form| match form {
            Self::Scalar(scalar) => Some(scalar),
            _ => None,
        })
    }

    /// What the items of the list form take, if there is one.
    pub fn items(&self) -> Option<&'static Shape> {
        self.forms().iter().find_map(|form| match form {
            Self::List(item) => Some(*item),
            _ => None,
        })
    }

    /// What the chosen names of the mapping form take, if there is one.
    pub fn values(&self) -> Option<&'static Shape> {
        self.forms().iter().find_map(|form| match form {
            Self::Map { values, .. } => Some(*values),
            _ => None,
        })
    }

    /// The mapping form with fixed keys, if there is one.
    pub fn object(&self) -> Option<&'static Object> {
        self.forms().iter().find_map(|form| match form {
            Self::Object(object) => Some(*object),
            _ => None,
        })
    }

    /// The form that a mapping is read as.
    pub fn mapping(&self) -> Option<&Self> {
        self.forms().iter().find(|form| matches!(form, Self::Map { .. } | Self::Object(_)))
    }

    /// True when anything is welcome.
    pub const fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }
}

/// What the keys of a mapping must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// `[a-zA-Z0-9._-]+`: services, networks, volumes and their like.
    Resource,
    /// Anything but nothing: variables, labels.
    Given,
    /// Anything.
    Any,
}

impl Names {
    /// True when a key may be called so.
    pub fn accept(self, name: &str) -> bool {
        match self {
            Self::Resource => {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
            }
            Self::Given => !name.is_empty(),
            Self::Any => true,
        }
    }
}

/// One value: which YAML types may carry it and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Scalar {
    /// A string is fine.
    pub text: bool,
    /// A number is fine.
    pub number: bool,
    /// `true` and `false` are fine.
    pub boolean: bool,
    /// Nothing at all is fine.
    pub null: bool,
    /// What the value means, however it is carried.
    pub meaning: Meaning,
}

/// What a value means.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// Words.
    Text,
    /// A path on the machine of the project, relative to the project's folder.
    Path,
    /// True or false.
    Flag,
    /// A whole number within bounds.
    Integer(i64, i64),
    /// A number.
    Number,
    /// `30s`, `1m30s`.
    Duration,
    /// Bytes: `512m`.
    Size,
    /// One of these words and no other.
    Choice(&'static [&'static str]),
    /// Text of a certain form.
    Form(&'static Form),
}

impl Meaning {
    /// The words to offer: all of a choice, the common ones of a form.
    pub const fn words(&self) -> &'static [&'static str] {
        match self {
            Self::Choice(words) => words,
            Self::Form(form) => form.words,
            Self::Flag => &["true", "false"],
            _ => &[],
        }
    }
}

const NOTHING: Scalar =
    Scalar { text: false, number: false, boolean: false, null: false, meaning: Meaning::Text };

const fn text(meaning: Meaning) -> Shape {
    Shape::Scalar(Scalar { text: true, meaning, ..NOTHING })
}

const fn text_or_number(meaning: Meaning) -> Shape {
    Shape::Scalar(Scalar { text: true, number: true, meaning, ..NOTHING })
}

/// A string.
pub(super) const TEXT: Shape = text(Meaning::Text);
/// A string that names a file or folder of the project.
pub(super) const PATH: Shape = text(Meaning::Path);
/// A string like `30s`.
pub(super) const DURATION: Shape = text(Meaning::Duration);
/// A string like `512m`, never a bare number.
pub(super) const SIZE_TEXT: Shape = text(Meaning::Size);
/// A number of bytes, or a string like `512m`.
pub(super) const SIZE: Shape = text_or_number(Meaning::Size);
/// A whole number, or a string that holds one.
pub(super) const INTEGER: Shape = integer(i64::MIN, i64::MAX);
/// A whole number that is not negative.
pub(super) const COUNT: Shape = integer(0, i64::MAX);
/// A number, or a string that holds one.
pub(super) const NUMBER: Shape = text_or_number(Meaning::Number);
/// A number and nothing else.
pub(super) const BARE_NUMBER: Shape =
    Shape::Scalar(Scalar { number: true, meaning: Meaning::Number, ..NOTHING });
/// A whole number and nothing else.
pub(super) const BARE_INTEGER: Shape =
    Shape::Scalar(Scalar { number: true, meaning: Meaning::Integer(i64::MIN, i64::MAX), ..NOTHING });
/// `true` or `false` and nothing else.
pub(super) const BARE_FLAG: Shape =
    Shape::Scalar(Scalar { boolean: true, meaning: Meaning::Flag, ..NOTHING });
/// True or false, or a string that says so.
pub(super) const FLAG: Shape =
    Shape::Scalar(Scalar { text: true, boolean: true, meaning: Meaning::Flag, ..NOTHING });
/// True or false, or any string.
pub(super) const FLAG_OR_TEXT: Shape =
    Shape::Scalar(Scalar { text: true, boolean: true, meaning: Meaning::Text, ..NOTHING });
/// A string or a number, taken as text.
pub(super) const TEXT_OR_NUMBER: Shape = text_or_number(Meaning::Text);
/// A string or nothing.
pub(super) const TEXT_OR_NULL: Shape = Shape::Scalar(Scalar { text: true, null: true, ..NOTHING });
/// Any one value, nothing included: an environment variable, a label.
pub(super) const VALUE: Shape =
    Shape::Scalar(Scalar { text: true, number: true, boolean: true, null: true, meaning: Meaning::Text });
/// Nothing.
pub(super) const NULL: Shape = Shape::Scalar(Scalar { null: true, ..NOTHING });

/// A whole number within bounds, or a string that holds one.
pub(super) const fn integer(least: i64, most: i64) -> Shape {
    text_or_number(Meaning::Integer(least, most))
}

/// A string out of a closed set.
pub(super) const fn choice(words: &'static [&'static str]) -> Shape {
    text(Meaning::Choice(words))
}

/// A string of a certain form.
pub(super) const fn form(form: &'static Form) -> Shape {
    text(Meaning::Form(form))
}

/// A string or a number of a certain form.
pub(super) const fn form_or_number(form: &'static Form) -> Shape {
    text_or_number(Meaning::Form(form))
}

/// A list of strings.
pub(super) const TEXTS: Shape = Shape::List(&TEXT);
/// One string or a list of them.
pub(super) const TEXT_OR_TEXTS: Shape = Shape::OneOf(&[TEXT, TEXTS]);
/// One path or a list of them.
pub(super) const PATH_OR_PATHS: Shape = Shape::OneOf(&[PATH, Shape::List(&PATH)]);
/// `KEY: value` or a list of `KEY=value`.
pub(super) const PAIRS: Shape = Shape::OneOf(&[Shape::Map { names: Names::Given, values: &VALUE }, TEXTS]);
/// Options of a driver: strings and numbers by name.
pub(super) const DRIVER_OPTIONS: Shape = Shape::Map { names: Names::Any, values: &TEXT_OR_NUMBER };
/// A shell line, a list of arguments, or nothing for what the image says.
pub(super) const COMMAND: Shape = Shape::OneOf(&[TEXT_OR_NULL, TEXTS]);

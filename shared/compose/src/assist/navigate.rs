//! From a name to its declaration; rename.

use composeyard_yaml::{Span, TextEdit};

use super::place;
use super::sketch::{Sketch, elsewhere_file};
use super::symbols::{Kind, Mention, declared_variables, mentions};
use super::uses::Use;
use super::{Assistant, ENV_FILE, Location, is_yaml};
use crate::edit::{self, Intent, Refusal};
use crate::facts::{Meaning, Shape};
use crate::{FileEdit, ProjectFiles};

impl Assistant<'_> {
    /// Where the thing at a byte is declared: a name's own entry in every file that has one, a variable's line in
    /// `.env`, an anchor, the start of a file.
    pub fn definition(&self, file: &str, offset: usize) -> Vec<Location> {
        let Some(text) = self.text(file).filter(|_| is_yaml(file)) else { return Vec::new() };
        let sketch = Sketch::of(text);
        match mention_at(&sketch, offset) {
            Some(mention) if mention.kind == Kind::Anchor => {
                let is_meant = |it: &Mention<'_>| {
                    it.kind == Kind::Anchor
                        && it.declares
                        && it.name == mention.name
                        && it.span <= mention.span
                };
                let declared = mentions(&sketch).into_iter().rfind(is_meant);
                declared.map(|it| Location { file: file.to_owned(), span: it.span }).into_iter().collect()
            }
            Some(mention) => self.definition_of(mention.kind, mention.name, file),
            None => self.file_at(file, &sketch, offset).into_iter().collect(),
        }
    }

    /// The name at a byte, what it stands for, and its bytes.
    pub fn named_at(&self, file: &str, offset: usize) -> Option<(Kind, String, Span)> {
        let text = self.text(file)?;
        let mention = if file == ENV_FILE {
            declared_variables(text).find(|it| it.span.touches(offset))
        } else {
            mention_at(&Sketch::of(text), offset)
        };
        mention.map(|it| (it.kind, it.name.to_owned(), it.span))
    }

    /// The edits that give the thing at a byte another name, everywhere.
    ///
    /// # Errors
    /// When nothing there has a name, or the new one is taken or not allowed.
    pub fn rename(&self, file: &str, offset: usize, to: &str) -> Result<Vec<FileEdit>, Refusal> {
        let nothing = || Refusal::new("There is no name at the cursor.");
        let (kind, from, _) = self.named_at(file, offset).ok_or_else(nothing)?;
        if from == to {
            return Ok(Vec::new());
        }
        match intent(kind, &from, to)? {
            Some(intent) => edit::plan(self.files, self.compose_files, &intent).map(|plan| plan.edits),
            None => self.replace_all(kind, &from, to, file),
        }
    }

    /// Replaces a name that is nothing but its text.
    fn replace_all(&self, kind: Kind, from: &str, to: &str, file: &str) -> Result<Vec<FileEdit>, Refusal> {
        let is_word = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let starts_well = kind != Kind::Variable || super::symbols::name_length(to) == to.len();
        if to.is_empty() || !to.chars().all(is_word) || !starts_well {
            return Err(Refusal::new(format!("{to:?} cannot be the name of a {}.", kind.word())));
        }
        if !self.uses_of(kind, to, file).is_empty() {
            return Err(Refusal::new(format!("There is a {} {to} already.", kind.word())));
        }
        let uses = self.uses_of(kind, from, file).into_iter();
        let edit = |place: Use| FileEdit {
            file: place.location.file,
            edit: TextEdit { span: place.location.span, text: to.to_owned() },
        };
        Ok(uses.map(edit).collect())
    }

    /// The file that a path at a byte means.
    fn file_at(&self, file: &str, sketch: &Sketch<'_>, offset: usize) -> Option<Location> {
        let node = sketch.before(offset + 1)?;
        let node = sketch.ancestors(node).find(|node| sketch.scalar(*node).touches(offset))?;
        let text = sketch.scalar(node).of(sketch.text);
        let takes_path = place::shape(&sketch.path(node)).and_then(Shape::scalar);
        let is_path = takes_path.is_some_and(|scalar| matches!(scalar.meaning, Meaning::Path));
        let folder = self.folder_of(file);
        if let Some(other) = elsewhere_file(sketch, node) {
            let other = ProjectFiles::normalize(format!("{folder}/{other}").trim_start_matches('/'))?;
            let found = self.definition_of(Kind::Service, text, &other);
            return found.into_iter().find(|place| place.file == other);
        }
        let path = ProjectFiles::normalize(format!("{folder}/{text}").trim_start_matches('/'))?;
        let docker_file =
            if path.is_empty() { "Dockerfile".to_owned() } else { format!("{path}/Dockerfile") };
        let path = [path, docker_file].into_iter().find(|path| self.text(path).is_some())?;
        (is_path || text.contains(['/', '.'])).then_some(Location { file: path, span: Span::at(0) })
    }
}

fn mention_at<'t>(sketch: &Sketch<'t>, offset: usize) -> Option<Mention<'t>> {
    mentions(sketch).into_iter().find(|mention| mention.span.touches(offset))
}

/// The designer's own way to rename, which knows every reference and refuses what is not safe; none for names that
/// are nothing but text.
fn intent(kind: Kind, from: &str, to: &str) -> Result<Option<Intent>, Refusal> {
    let renaming = |subject| Intent::renaming(subject, to).map_err(|error| Refusal::new(error.to_string()));
    kind.subject(from).map(renaming).transpose()
}

//! The findings of one load, and the names of the files they are in.

use std::{collections::HashMap, fmt::Display, sync::Arc};

use composeyard_yaml::Span;

use super::tree::Place;
use crate::{Diagnostic, Related, Severity};

/// Collects findings; every step adds to it and goes on.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// Name and text of every file that was read, in the order they were first met.
    files: Vec<(String, Arc<String>)>,
    pub(crate) list: Vec<Diagnostic>,
    /// Findings of each code so far.
    counts: HashMap<String, usize>,
    /// Takes what goes beyond [`MOST_OF_A_KIND`].
    surplus: Option<Diagnostic>,
}

/// Nobody reads more findings of one code; they would only fill the memory.
pub(crate) const MOST_OF_A_KIND: usize = 100;

impl Findings {
    /// Notes a file and gives the number that its places carry.
    pub(crate) fn add_file(&mut self, name: &str, text: Arc<String>) -> u32 {
        let known = self.files.iter().position(|(file, _)| file == name);
        let index = known.unwrap_or_else(|| {
            self.files.push((name.to_owned(), text));
            self.files.len() - 1
        });
        index as u32
    }

    /// Nothing found yet, in the same files.
    pub(crate) fn of_the_same_files(&self) -> Self {
        Self { files: self.files.clone(), ..Self::default() }
    }

    /// Learns of the files that another collection met since.
    pub(crate) fn follow(&mut self, other: &Self) {
        self.files.extend_from_slice(&other.files[self.files.len()..]);
    }

    /// Counts findings that were made elsewhere.
    pub(crate) fn count(&mut self, found: &[Diagnostic]) {
        for finding in found {
            *self.counts.entry(finding.code.clone()).or_default() += 1;
        }
    }

    /// True when a code has as many findings as are shown: which of them those are depends on who made them first.
    pub(crate) fn is_full(&self) -> bool {
        self.counts.values().any(|count| *count >= MOST_OF_A_KIND)
    }

    /// The file of a place.
    pub(crate) fn file_name(&self, place: Place) -> &str {
        self.files.get(place.file as usize).map_or("", |(name, _)| name)
    }

    /// The text of a place's file.
    pub(crate) fn source(&self, place: Place) -> &str {
        self.files.get(place.file as usize).map_or("", |(_, text)| text)
    }

    /// The names of all files.
    pub(crate) fn into_parts(self) -> (Vec<String>, Vec<Diagnostic>) {
        (self.files.into_iter().map(|(name, _)| name).collect(), self.list)
    }

    pub(crate) fn error(
        &mut self,
        code: &str,
        place: Place,
        path: impl Display,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.add(Severity::Error, code, place, path, message)
    }

    pub(crate) fn warning(
        &mut self,
        code: &str,
        place: Place,
        path: impl Display,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.add(Severity::Warning, code, place, path, message)
    }

    fn add(
        &mut self,
        severity: Severity,
        code: &str,
        place: Place,
        path: impl Display,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let finding = Diagnostic {
            code: code.to_owned(),
            severity,
            message: message.into(),
            help: None,
            file: self.file_name(place).to_owned(),
            span: place.span(),
            path: path.to_string(),
            related: Vec::new(),
            fixes: Vec::new(),
        };
        let count = self.counts.entry(code.to_owned()).or_default();
        *count += 1;
        if *count > MOST_OF_A_KIND {
            return self.surplus.insert(finding);
        }
        let at = self.list.len();
        self.list.push(finding);
        &mut self.list[at]
    }

    /// A finding about the project as a whole.
    pub(crate) fn project_error(&mut self, code: &str, message: impl Into<String>) -> &mut Diagnostic {
        let finding = self.error(code, Place::NOWHERE, "", message);
        finding.file = String::new();
        finding.span = Span::at(0);
        finding
    }

    pub(crate) fn related(&self, place: Place, message: impl Into<String>) -> Related {
        Related { message: message.into(), file: self.file_name(place).to_owned(), span: place.span() }
    }

    /// True when nothing can be built from what was read.
    pub(crate) fn has_code(&self, codes: &[&str]) -> bool {
        self.list.iter().any(|finding| codes.contains(&finding.code.as_str()))
    }
}

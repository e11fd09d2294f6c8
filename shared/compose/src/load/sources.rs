//! The compose files of a model: which they are, what each holds, and what is wrong with each by itself.

use std::sync::Arc;

use composeyard_yaml::{Document, Kind, Span, Style};

use super::{
    naming::Written,
    path::Path,
    paths::join,
    pipeline::Loader,
    scalar::typed,
    tree::{Data, Place},
};
use crate::{Diagnostic, files::ReadError, rules::structure, threads};

/// What a load leaves for the rules.
#[derive(Default)]
pub(crate) struct Sources {
    /// Every compose file that was read, broken ones too.
    pub(crate) parsed: Vec<Arc<Parsed>>,
    /// Findings about single values that the reference takes.
    pub(crate) advice: Vec<Diagnostic>,
}

/// A parsed compose file.
pub(crate) struct Parsed {
    pub(crate) name: String,
    pub(crate) file: u32,
    pub(crate) text: Arc<String>,
    /// Those before the mistake when the text is not YAML.
    pub(crate) documents: Vec<Document>,
    /// True when the text is YAML to its end.
    pub(crate) is_whole: bool,
}

impl Parsed {
    /// The project name that a document holds.
    pub(super) fn written_name(&self, document: &Document) -> Option<Written> {
        let node = document.node(document.resolve(document.at(&["name"])?));
        let Kind::Scalar(text) = &node.kind else { return None };
        let is_given = !text.is_empty() && (node.style != Style::Plain || typed(text) != Some(Data::Null));
        is_given.then(|| Written { text: text.clone(), place: Place::new(self.file, node.span()) })
    }
}

impl Loader<'_> {
    /// The request's files, or the default ones that are there.
    pub(super) fn compose_files(&mut self) -> Option<Vec<String>> {
        let files = self.request.files_or_default(|path| self.source.read(path).is_ok());
        if files.is_empty() {
            self.findings.project_error("CY009", "no configuration file provided: not found").help =
                Some("Add a compose.yaml.".to_owned());
            return None;
        }
        Some(files)
    }

    /// Reads, parses and checks the compose files of one model.
    pub(crate) fn parse_all(&mut self, files: &[String], asked: Place, at: &str) -> Vec<Arc<Parsed>> {
        let parsed = self.parse_files(files, asked, at);
        self.check_structure(&parsed);
        parsed
    }

    pub(super) fn parse_files(&mut self, files: &[String], asked: Place, at: &str) -> Vec<Arc<Parsed>> {
        files.iter().filter_map(|file| self.parse(file, asked, at)).collect()
    }

    /// Checks each file by itself against the table of keys.
    pub(super) fn check_structure(&mut self, parsed: &[Arc<Parsed>]) {
        if self.request.skip.validate {
            return;
        }
        for parsed in parsed {
            for document in &parsed.documents {
                let found = structure::check(&parsed.name, &parsed.text, document);
                self.findings.list.extend(found.refused);
                self.sources.advice.extend(found.advice);
            }
        }
    }

    /// Reads and parses a compose file that is asked for at `asked`.
    pub(crate) fn parse(&mut self, path: &str, asked: Place, at: &str) -> Option<Arc<Parsed>> {
        let text = match self.source.read(path) {
            Ok(text) => Arc::new(text),
            Err(error) => {
                self.unreadable(path, &error, asked, at);
                return None;
            }
        };
        let file = self.findings.add_file(path, Arc::clone(&text));
        threads::get_ready(text.len());
        let (documents, error) = composeyard_yaml::parse(&text);
        let parsed =
            Arc::new(Parsed { name: path.to_owned(), file, text, documents, is_whole: error.is_none() });
        if self.sources.parsed.iter().all(|known| known.file != file) {
            self.sources.parsed.push(Arc::clone(&parsed));
        }
        if let Some(error) = error {
            self.findings.error("CY001", Place::new(file, error.span), "", error.message);
            return None;
        }
        self.empty_documents(&parsed);
        Some(parsed)
    }

    /// Of several documents in a file none may be empty, not even behind a last `---`.
    fn empty_documents(&mut self, parsed: &Parsed) {
        if parsed.documents.len() < 2 {
            return;
        }
        let mut end = 0;
        for document in &parsed.documents {
            let root = document.root().map(|root| document.node(root));
            let is_empty = root.is_none_or(
                |root| matches!(&root.kind, Kind::Scalar(text) if typed(text) == Some(Data::Null)),
            );
            let marker = parsed.text[end..].find("---").map_or(end, |at| end + at);
            end = root.map_or(marker + 3, |root| root.span().end).min(parsed.text.len());
            if is_empty {
                let place = Place::new(parsed.file, Span::new(marker, end));
                self.findings.error("CY015", place, Path::Root, "a document of this file is empty").help =
                    Some("Remove its `---`.".to_owned());
            }
        }
    }

    fn unreadable(&mut self, path: &str, error: &ReadError, asked: Place, at: &str) {
        let message = format!("{path} cannot be read: {error}");
        let finding = if asked.is_known() {
            self.findings.error("CY008", asked, at, message)
        } else {
            self.findings.project_error("CY009", message)
        };
        finding.help = Some("Create the file, or name another one.".to_owned());
    }

    /// The path under which a file that a model names is read.
    pub(crate) fn file_path(folder: &str, path: &str) -> String {
        if path.starts_with('/') {
            return path.to_owned();
        }
        let joined = join(folder, path);
        joined.strip_prefix("./").map(str::to_owned).unwrap_or(joined)
    }
}

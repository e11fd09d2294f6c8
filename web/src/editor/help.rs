//! Answers the view's questions about the text, and leads to other places of the project.

use composeyard_compose::assist::{Assistant, Completion, Hover, Kind, Location, Use, What};
use composeyard_yaml::Span;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{
    bridge::{list, object},
    units::{to_bytes, to_units},
};
use crate::document::Document;

/// What is open above the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sheet {
    /// The named things of the file.
    Outline,
    /// Every place that names something.
    Uses {
        /// `service db`.
        title: String,
        /// The places.
        uses: Vec<Use>,
    },
    /// A field for another name.
    Rename {
        /// What is renamed: `service`.
        kind: Kind,
        /// Its name now.
        name: String,
        /// The file and byte that name it.
        at: (String, usize),
    },
}

/// Handle on the help around the text. Found in the Leptos context of the editor.
#[derive(Clone, Copy)]
pub(super) struct Help {
    pub(super) document: Document,
    /// The cursor's byte in the active file.
    pub(super) cursor: RwSignal<usize>,
    /// What is open above the text.
    pub(super) sheet: RwSignal<Option<Sheet>>,
    /// True while the resolved project is beside the text.
    pub(super) resolved: RwSignal<bool>,
    /// Places that the card on screen speaks of, by the number of their line in it.
    places: StoredValue<Vec<Option<Location>>>,
}

impl Help {
    pub(super) fn new(document: Document) -> Self {
        Self {
            document,
            cursor: RwSignal::new(0),
            sheet: RwSignal::new(None),
            resolved: RwSignal::new(false),
            places: StoredValue::default(),
        }
    }

    /// Asks about the active file: its name, its text and the help for it.
    pub(super) fn ask<T>(self, question: impl FnOnce(&Assistant<'_>, &str, &str) -> T) -> T {
        let files = self.document.files().get_untracked();
        let checked = self.document.checked().get_untracked();
        let file = self.document.active_file.get_untracked();
        let compose_files = self.document.selection.read_untracked().files.clone();
        question(
            &Assistant::new(&files, &compose_files, &checked.loaded),
            &file,
            files.get(&file).unwrap_or_default(),
        )
    }

    /// The choices at the cursor, for the view.
    pub(super) fn complete(self, units: usize) -> JsValue {
        self.ask(|assistant, file, text| {
            let found = assistant.completion(file, to_bytes(text, units));
            object(&[
                ("from", to_units(text, found.replace.start).into()),
                ("to", to_units(text, found.replace.end).into()),
                ("options", list(found.items.iter().map(option))),
            ])
        })
    }

    /// The card about the thing at an offset, for the view; null when there is none.
    pub(super) fn hover(self, units: usize) -> JsValue {
        self.ask(|assistant, file, text| {
            let Some(card) = assistant.hover(file, to_bytes(text, units)) else { return JsValue::NULL };
            let places = card.facts.iter().map(|fact| fact.from.as_ref().map(|(at, _)| at.clone()));
            self.places.set_value(places.collect());
            drawn(&card, text)
        })
    }

    /// Leads to the place in a line of the card.
    pub(super) fn open(self, line: usize) {
        if let Some(place) = self.places.with_value(|places| places.get(line).cloned().flatten()) {
            self.show(&place);
        }
    }

    /// Does what a key asks for at an offset; false when there is nothing to do it with.
    pub(super) fn go(self, what: &str, units: usize) -> bool {
        let at = self.ask(|_, file, text| (file.to_owned(), to_bytes(text, units)));
        match what {
            "declaration" => self.declaration(&at.0, at.1),
            "uses" => self.uses(&at.0, at.1),
            "rename" => self.rename(at),
            _ => self.toggle(Sheet::Outline),
        }
    }

    fn declaration(self, file: &str, offset: usize) -> bool {
        let found = self.ask(|assistant, _, _| assistant.definition(file, offset));
        let here = |place: &Location| place.file == file && place.span.touches(offset);
        let Some(first) = found.iter().find(|place| !here(place)) else {
            // On the declaration itself the uses are what one wants.
            return !found.is_empty() && self.uses(file, offset);
        };
        if found.len() > 1 {
            return self.uses(file, offset);
        }
        self.show(first);
        true
    }

    fn uses(self, file: &str, offset: usize) -> bool {
        let (named, uses) = self
            .ask(|assistant, _, _| (assistant.named_at(file, offset), assistant.references(file, offset)));
        let Some((kind, name, _)) = named else { return false };
        self.sheet.set(Some(Sheet::Uses { title: format!("{} {name}", kind.word()), uses }));
        true
    }

    fn rename(self, at: (String, usize)) -> bool {
        let Some((kind, name, _)) = self.ask(|assistant, _, _| assistant.named_at(&at.0, at.1)) else {
            return false;
        };
        self.sheet.set(Some(Sheet::Rename { kind, name, at }));
        true
    }

    /// Opens a sheet, or closes it when it is open.
    pub(super) fn toggle(self, sheet: Sheet) -> bool {
        self.sheet.update(|open| *open = if open.as_ref() == Some(&sheet) { None } else { Some(sheet) });
        true
    }

    /// Shows a place in the text, in whichever file it is.
    pub(super) fn show(self, place: &Location) {
        if self.document.files().read_untracked().get(&place.file).is_some() {
            self.document.reveal.set(Some((place.file.clone(), place.span)));
        }
    }

    /// Puts the keyboard back into the text, where it was.
    pub(super) fn back_to_text(self) {
        let file = self.document.active_file.get_untracked();
        let cursor = Span::at(self.cursor.get_untracked());
        self.document.reveal.set(Some((file, cursor)));
    }
}

fn option(item: &Completion) -> JsValue {
    object(&[
        ("label", item.label.as_str().into()),
        ("detail", item.detail.replace('`', "").into()),
        ("doc", item.doc.as_str().into()),
        ("kind", kind(item.what).into()),
        ("insert", item.insert.as_str().into()),
        ("caret", to_units(&item.insert, item.caret).into()),
        ("again", item.again.into()),
    ])
}

fn drawn(card: &Hover, text: &str) -> JsValue {
    let fact = |fact: &composeyard_compose::assist::Fact| {
        let place = fact.from.as_ref().map(|(at, line)| format!("{}:{line}", at.file));
        object(&[
            ("label", fact.label.into()),
            ("text", fact.text.as_str().into()),
            ("place", place.as_deref().into()),
        ])
    };
    object(&[
        ("from", to_units(text, card.span.start).into()),
        ("to", to_units(text, card.span.end).into()),
        ("title", card.title.as_str().into()),
        ("doc", card.doc.as_str().into()),
        ("facts", list(card.facts.iter().map(fact))),
        ("examples", list(card.examples.iter().map(|example| JsValue::from_str(example)))),
        ("link", card.link.as_deref().into()),
    ])
}

/// The part of a class name that colours a choice.
const fn kind(what: What) -> &'static str {
    match what {
        What::Key => "key",
        What::Value => "value",
        What::Image => "image",
        What::File => "file",
        What::Name(kind) => kind.word(),
    }
}

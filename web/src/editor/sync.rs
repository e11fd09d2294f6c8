//! Keeps the view and the document the same: the user's typing goes one way, everything else the other.

use std::sync::Arc;

use composeyard_compose::{Diagnostic, Severity, graph::NodeKey};
use composeyard_yaml::Span;
use leptos::{html, prelude::*, task::spawn_local};

use super::{
    bridge::{self, Change, Handlers, Mark, Report, View},
    help::Help,
    language::language,
    places::Places,
    plain::PlainText,
    units::{to_bytes, to_units},
};
use crate::document::{Document, Origin};

/// What the view shows now.
#[derive(Default)]
struct Shown {
    file: String,
    epoch: u64,
    findings: Vec<Diagnostic>,
    /// The node whose lines are coloured.
    selected: Option<NodeKey>,
    /// The node that the cursor chose: its lines are in view already.
    chosen_by_cursor: Option<NodeKey>,
}

/// Handle on the view.
#[derive(Clone, Copy)]
struct Code {
    document: Document,
    help: Help,
    view: RwSignal<Option<View>, LocalStorage>,
    shown: StoredValue<Shown>,
    places: Memo<Arc<Places>>,
}

impl Code {
    fn new(help: Help) -> Self {
        let document = help.document;
        let places = Memo::new(move |_| {
            let file = document.active_file.get();
            match language(&file) {
                "yaml" => Arc::new(Places::of(document.files().get().get(&file).unwrap_or_default())),
                _ => Arc::default(),
            }
        });
        Self { document, help, view: RwSignal::new_local(None), shown: StoredValue::default(), places }
    }

    /// What the view reports.
    fn report(self) -> Report {
        let document = self.document;
        let change = move |text| {
            let file = self.shown.with_value(|shown| shown.file.clone());
            document.set_text(&file, text, Origin::Editor);
        };
        let history = move |command: String| match command.as_str() {
            "undo" => document.undo(),
            _ => document.redo(),
        };
        Report::of_editor(Handlers {
            change: Box::new(change),
            cursor: Box::new(move |units| self.cursor(units)),
            history: Box::new(history),
            fix: Box::new(move |finding, fix| self.fix(finding, fix)),
            go: Box::new(move |what, units| self.help.go(&what, units)),
            complete: Box::new(move |units| self.help.complete(units)),
            hover: Box::new(move |units| self.help.hover(units)),
            open: Box::new(move |line| self.help.open(line)),
        })
    }

    /// The cursor selects the node it is in.
    fn cursor(self, units: usize) {
        let files = self.document.files().get_untracked();
        let text = files.get(&self.document.active_file.read_untracked()).unwrap_or_default().to_owned();
        let offset = to_bytes(&text, units);
        self.help.cursor.set(offset);
        let Some(key) = self.places.get_untracked().at(offset).cloned() else { return };
        if self.document.selected.read_untracked().as_ref() != Some(&key) {
            self.shown.update_value(|shown| shown.chosen_by_cursor = Some(key.clone()));
            self.document.selected.set(Some(key));
        }
    }

    fn fix(self, finding: usize, fix: usize) {
        let edits = self.shown.with_value(|shown| {
            shown
                .findings
                .get(finding)
                .and_then(|finding| finding.fixes.get(fix))
                .map(|fix| fix.edits.clone())
        });
        if let Some(edits) = edits {
            // A fix that no longer fits is about to be replaced by the findings of the text as it stands.
            let _ = self.document.apply_edits(&edits, Origin::Intent);
        }
    }

    /// Brings the text of the active file into the view.
    fn sync_text(self, view: &View) {
        let document = self.document;
        let (file, epoch) = (document.active_file.get(), document.epoch().get());
        let files = document.files().get();
        let text = files.get(&file).unwrap_or_default();
        let (same_file, same_project) =
            self.shown.with_value(|shown| (shown.file == file, shown.epoch == epoch));
        if !same_project {
            view.forget();
        }
        if !(same_file && same_project) {
            view.show(&file, text, language(&file), &format!("Text of {file}"));
            self.help.cursor.set(0);
            self.shown.update_value(|shown| {
                shown.file = file;
                shown.epoch = epoch;
            });
            return;
        }
        let before = view.text();
        if before == text {
            return;
        }
        let edits = document.last_edits.get_untracked();
        let planned: Vec<Change> = edits
            .iter()
            .flat_map(|batch| &batch.edits)
            .filter(|edit| edit.file == file)
            .map(|edit| change(&before, edit.edit.span, edit.edit.text.clone()))
            .collect();
        if !planned.is_empty() && view.apply(&planned) && view.text() == text {
            return;
        }
        let now = view.text();
        view.apply(&[difference_as_change(&now, text)]);
    }

    fn sync_findings(self, view: &View) {
        let file = self.document.active_file.get();
        let checked = self.document.checked().get();
        let findings: Vec<Diagnostic> =
            checked.loaded.diagnostics.iter().filter(|finding| finding.file == file).cloned().collect();
        let files = self.document.files().get();
        let text = files.get(&file).unwrap_or_default();
        view.mark(&findings.iter().map(|finding| mark(text, finding)).collect::<Vec<_>>());
        self.shown.update_value(|shown| shown.findings = findings);
    }

    /// Shows the place that was asked for, in whichever file it is.
    fn sync_reveal(self, view: &View) {
        let Some((file, span)) = self.document.reveal.get() else { return };
        if *self.document.active_file.read_untracked() != file {
            return self.document.active_file.set(file);
        }
        let files = self.document.files().get_untracked();
        let text = files.get(&file).unwrap_or_default();
        view.reveal(to_units(text, span.start), to_units(text, span.end), true);
        self.help.cursor.set(span.start);
        self.document.reveal.set(None);
    }

    /// Colours the lines of the selected node, and brings them into view when it was selected elsewhere.
    fn sync_selection(self, view: &View) {
        let selected = self.document.selected.get();
        let places = self.places.get();
        let files = self.document.files().get_untracked();
        let text = files.get(&self.document.active_file.read_untracked()).unwrap_or_default().to_owned();
        let span = selected.as_ref().and_then(|key| places.span(key)).unwrap_or_default();
        let chosen = |shown: &mut Shown| {
            let by_cursor = shown.chosen_by_cursor.take();
            let before = std::mem::replace(&mut shown.selected, selected.clone());
            before != selected && by_cursor != selected
        };
        let scroll = self.shown.try_update_value(chosen).unwrap_or_default();
        view.highlight_range(to_units(&text, span.start), to_units(&text, span.end), scroll);
    }

    /// Opens the compose file that has a node which the active file has not.
    fn find_selected(self) {
        let Some(selected) = self.document.selected.get() else { return };
        if self.places.get_untracked().span(&selected).is_some() {
            return;
        }
        let files = self.document.files().get_untracked();
        let in_use = self.document.selection.read_untracked().files.clone();
        let has =
            |file: &&String| files.get(file).is_some_and(|text| Places::of(text).span(&selected).is_some());
        if let Some(file) = in_use.iter().find(has) {
            self.document.active_file.set(file.clone());
        }
    }
}

fn mark(text: &str, finding: &Diagnostic) -> Mark {
    Mark {
        from: to_units(text, finding.span.start),
        to: to_units(text, finding.span.end),
        severity: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        },
        code: finding.code.clone(),
        message: finding.message.clone(),
        help: finding.help.clone(),
        fixes: finding.fixes.iter().map(|fix| fix.title.clone()).collect(),
    }
}

fn change(text: &str, span: Span, insert: String) -> Change {
    Change { from: to_units(text, span.start), to: to_units(text, span.end), insert }
}

/// The smallest replacement that turns one text into the other.
fn difference<'text>(before: &str, after: &'text str) -> (Span, &'text str) {
    let same = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let start = same(&mut before.chars().zip(after.chars()));
    let end = same(&mut before[start..].chars().rev().zip(after[start..].chars().rev()));
    (Span::new(start, before.len() - end), &after[start..after.len() - end])
}

/// The smallest replacement that turns one text into the other, for the view.
pub(super) fn difference_as_change(before: &str, after: &str) -> Change {
    let (span, insert) = difference(before, after);
    change(before, span, insert.to_owned())
}

/// The nonce that the page's policy asks of style sheets.
pub(super) fn nonce() -> String {
    let meta = document().query_selector("meta[name=csp-nonce]").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

/// The view, or a plain text field as long as there is none.
#[component]
pub(super) fn CodeView() -> impl IntoView {
    let code = Code::new(expect_context::<Help>());
    let host = NodeRef::<html::Div>::new();
    let failed = RwSignal::new(None::<String>);
    let report = StoredValue::new_local(code.report());

    Effect::new(move |_| {
        let Some(host) = host.get() else { return };
        spawn_local(async move {
            let Some(report) = report.try_with_value(Report::functions) else { return };
            match bridge::open(&host, &nonce(), &report, false).await {
                Ok(view) if code.view.is_disposed() => view.destroy(),
                Ok(view) => code.view.set(Some(view)),
                Err(reason) => failed.set(Some(reason)),
            }
        });
    });
    // One effect for all, in this order: places in a text mean something only once it is shown.
    Effect::new(move |_| {
        let Some(view) = code.view.get() else { return };
        code.sync_text(&view);
        code.sync_findings(&view);
        code.sync_selection(&view);
        code.sync_reveal(&view);
    });
    Effect::new(move |_| code.find_selected());
    on_cleanup(move || {
        if let Some(view) = code.view.get_untracked() {
            view.destroy();
        }
    });

    let loaded = move || code.view.read().is_some();
    view! {
        <div id="editor-panel" class="editor-panel" role="tabpanel" data-testid="editor">
            <Show when=move || !loaded()>
                <PlainText failed=failed.into() />
            </Show>
            <div class="code" class:loading=move || !loaded() node_ref=host></div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_of_two_texts_is_the_part_that_differs() {
        assert_eq!(difference("image: nginx\n", "image: redis\n"), (Span::new(7, 12), "redis"));
        assert_eq!(difference("aa", "aaa"), (Span::new(2, 2), "a"));
        assert_eq!(difference("é", "è"), (Span::new(0, 2), "è"));
    }
}

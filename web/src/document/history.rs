//! Undo and redo of text. A step is what one action did to the files; typing in one place is one step.

use composeyard_compose::{FileEdit, ProjectFiles};
use composeyard_yaml::{Span, TextEdit};

/// Typing goes on as one step while the pauses stay below this many milliseconds.
const PAUSE: f64 = 900.0;
/// Steps kept; the oldest go first.
const LIMIT: usize = 1000;

/// What happened to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A part of its text was replaced.
    Edit {
        /// The file.
        file: String,
        /// First byte.
        at: usize,
        /// What stood there.
        removed: String,
        /// What stands there now.
        inserted: String,
    },
    /// It came into being.
    Create {
        /// The file.
        file: String,
        /// Its text.
        text: String,
    },
    /// It is gone.
    Delete {
        /// The file.
        file: String,
        /// Its last text.
        text: String,
    },
}

impl Change {
    /// The smallest replacement that turns one text into the other; none when they are equal.
    pub fn between(file: &str, before: &str, after: &str) -> Option<Self> {
        if before == after {
            return None;
        }
        let start = common_prefix(before, after);
        let end = common_suffix(&before[start..], &after[start..]);
        Some(Self::Edit {
            file: file.to_owned(),
            at: start,
            removed: before[start..before.len() - end].to_owned(),
            inserted: after[start..after.len() - end].to_owned(),
        })
    }

    /// Does it to the files. Returns the edit for an open editor; none for whole files and for a change that does
    /// not fit the text.
    pub fn apply(&self, files: &mut ProjectFiles) -> Option<FileEdit> {
        match self {
            Self::Create { file, text } => {
                files.0.insert(file.clone(), text.clone());
                None
            }
            Self::Delete { file, .. } => {
                files.0.remove(file);
                None
            }
            Self::Edit { file, at, removed, inserted } => {
                let text = files.0.get_mut(file)?;
                let span = Span::new(*at, at + removed.len());
                if text.get(span.start..span.end)? != removed {
                    return None;
                }
                text.replace_range(span.start..span.end, inserted);
                Some(FileEdit { file: file.clone(), edit: TextEdit { span, text: inserted.clone() } })
            }
        }
    }

    /// The change that takes this one back.
    fn inverse(&self) -> Self {
        match self.clone() {
            Self::Create { file, text } => Self::Delete { file, text },
            Self::Delete { file, text } => Self::Create { file, text },
            Self::Edit { file, at, removed, inserted } => {
                Self::Edit { file, at, removed: inserted, inserted: removed }
            }
        }
    }

    /// Takes `next` into this change when both are one stroke of typing: letters one after the other, or deleting
    /// backwards. A line break ends a stroke.
    fn absorb(&mut self, next: &Self) -> bool {
        let (
            Self::Edit { file, at, removed, inserted },
            Self::Edit { file: next_file, at: next_at, removed: next_removed, inserted: next_inserted },
        ) = (self, next)
        else {
            return false;
        };
        if file != next_file || inserted.ends_with('\n') || next_inserted.contains('\n') {
            return false;
        }
        let typing = next_removed.is_empty() && *next_at == *at + inserted.len();
        let erasing = inserted.is_empty() && next_inserted.is_empty() && next_at + next_removed.len() == *at;
        if typing {
            inserted.push_str(next_inserted);
        } else if erasing {
            removed.insert_str(0, next_removed);
            *at = *next_at;
        }
        typing || erasing
    }
}

fn common_prefix(a: &str, b: &str) -> usize {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
    same.map(|(c, _)| c.len_utf8()).sum()
}

fn common_suffix(a: &str, b: &str) -> usize {
    let same = a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b);
    same.map(|(c, _)| c.len_utf8()).sum()
}

/// One undoable action.
#[derive(Clone, Debug)]
struct Step {
    changes: Vec<Change>,
    /// When it was last typed into, in milliseconds; none for a step that is complete.
    typed: Option<f64>,
}

/// What was done and what was undone.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
}

impl History {
    /// Notes a complete action.
    pub fn record(&mut self, changes: Vec<Change>) {
        self.push(Step { changes, typed: None });
    }

    /// Notes a key press at a time in milliseconds, as part of the step before when it continues it.
    pub fn record_typing(&mut self, change: Change, now: f64) {
        if let Some(step) = self.done.last_mut()
            && step.typed.is_some_and(|typed| now - typed < PAUSE)
            && self.undone.is_empty()
            && let [last] = step.changes.as_mut_slice()
            && last.absorb(&change)
        {
            step.typed = Some(now);
            return;
        }
        self.push(Step { changes: vec![change], typed: Some(now) });
    }

    fn push(&mut self, step: Step) {
        if step.changes.is_empty() {
            return;
        }
        self.undone.clear();
        self.done.push(step);
        if self.done.len() > LIMIT {
            self.done.remove(0);
        }
    }

    /// The changes that take the last action back, in the order to apply them.
    pub fn undo(&mut self) -> Option<Vec<Change>> {
        let mut step = self.done.pop()?;
        step.typed = None;
        let changes = step.changes.iter().rev().map(Change::inverse).collect();
        self.undone.push(step);
        Some(changes)
    }

    /// The changes that do the last undone action again.
    pub fn redo(&mut self) -> Option<Vec<Change>> {
        let step = self.undone.pop()?;
        let changes = step.changes.clone();
        self.done.push(step);
        Some(changes)
    }

    /// True when there is something to take back.
    pub const fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// True when there is something to do again.
    pub const fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> ProjectFiles {
        ProjectFiles([("a".to_owned(), text.to_owned())].into())
    }

    /// Applies edits to a text as a user would, one after the other.
    struct Session {
        files: ProjectFiles,
        history: History,
        now: f64,
    }

    impl Session {
        fn new(text: &str) -> Self {
            Self { files: files(text), history: History::default(), now: 0.0 }
        }

        fn text(&self) -> &str {
            self.files.get("a").unwrap_or_default()
        }

        fn typed(&mut self, after: &str, pause: f64) {
            self.now += pause;
            let change = Change::between("a", self.text(), after).expect("a change");
            change.apply(&mut self.files);
            self.history.record_typing(change, self.now);
        }

        fn undo(&mut self) -> bool {
            let Some(changes) = self.history.undo() else { return false };
            for change in changes {
                change.apply(&mut self.files);
            }
            true
        }

        fn redo(&mut self) {
            for change in self.history.redo().expect("something undone") {
                change.apply(&mut self.files);
            }
        }
    }

    #[test]
    fn typing_without_a_pause_is_one_step() {
        let mut session = Session::new("image: ");
        for text in ["image: r", "image: re", "image: red"] {
            session.typed(text, 100.0);
        }
        assert!(session.undo());
        assert_eq!(session.text(), "image: ");
        assert!(!session.undo());
    }

    #[test]
    fn a_pause_or_a_line_break_begins_a_new_step() {
        let mut session = Session::new("");
        session.typed("a", 10.0);
        session.typed("ab", PAUSE + 1.0);
        session.typed("ab\n", 10.0);
        session.typed("ab\nc", 10.0);
        for left in ["ab\n", "ab", "a", ""] {
            assert!(session.undo());
            assert_eq!(session.text(), left);
        }
    }

    #[test]
    fn deleting_backwards_is_one_step() {
        let mut session = Session::new("redis");
        session.typed("redi", 10.0);
        session.typed("red", 10.0);
        session.undo();
        assert_eq!(session.text(), "redis");
    }

    #[test]
    fn redo_brings_back_what_undo_took_until_something_new_is_done() {
        let mut session = Session::new("x");
        session.typed("xy", 10.0);
        session.undo();
        session.redo();
        assert_eq!(session.text(), "xy");
        session.undo();
        session.typed("xz", 10.0);
        assert!(!session.history.can_redo());
    }

    #[test]
    fn a_change_touches_whole_characters_only() {
        let change = Change::between("a", "ä€", "ä€€").expect("a change");
        assert_eq!(
            change,
            Change::Edit { file: "a".into(), at: 5, removed: String::new(), inserted: "€".into() }
        );
        assert_eq!(
            Change::between("a", "é", "è")
                .expect("a change")
                .apply(&mut files("é"))
                .map(|edit| edit.edit.span),
            Some(Span::new(0, 2))
        );
    }

    #[test]
    fn a_deleted_file_comes_back_with_its_text() {
        let mut session = Session::new("kept");
        let change = Change::Delete { file: "a".into(), text: "kept".into() };
        change.apply(&mut session.files);
        session.history.record(vec![change]);
        assert!(session.files.get("a").is_none());
        session.undo();
        assert_eq!(session.text(), "kept");
    }
}

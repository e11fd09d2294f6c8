//! The virtual list: which rows are on screen, and how the list scrolls.

use composeyard_logs::view::{Matches, View};
use leptos::{html, prelude::*};

use super::feed::Logs;

/// Height of a row in CSS pixels; `logs.css` has the same number.
pub const ROW: f64 = 20.0;
/// Rows drawn beyond both edges.
const BEYOND: usize = 20;

/// State of the list. Copies share it.
#[derive(Clone, Copy)]
pub struct List {
    pub logs: Logs,
    view: StoredValue<View, LocalStorage>,
    pub matches: StoredValue<Option<Matches>, LocalStorage>,
    /// The element that scrolls, and the one as high as all rows.
    pub scroller: NodeRef<html::Div>,
    pub spacer: NodeRef<html::Div>,
    /// Numbers of the rows to draw, and the place of the first one.
    pub shown: RwSignal<(usize, Vec<u64>)>,
    /// The end stays in sight.
    pub follow: RwSignal<bool>,
    /// Rows there were when following ended.
    left_at: RwSignal<u64>,
    /// Rows that came since.
    pub unseen: RwSignal<usize>,
    /// Rows in all.
    pub total: RwSignal<usize>,
    /// Grows with each new search text.
    pub searched: RwSignal<u64>,
    /// The row of the current match.
    pub current: RwSignal<Option<u64>>,
    last_top: StoredValue<f64>,
    first: StoredValue<u64>,
}

impl List {
    /// An empty list that follows.
    pub fn new(logs: Logs) -> Self {
        Self {
            logs,
            view: StoredValue::new_local(View::default()),
            matches: StoredValue::new_local(None),
            scroller: NodeRef::new(),
            spacer: NodeRef::new(),
            shown: RwSignal::new((0, Vec::new())),
            follow: RwSignal::new(true),
            left_at: RwSignal::new(0),
            unseen: RwSignal::new(0),
            total: RwSignal::new(0),
            searched: RwSignal::new(0),
            current: RwSignal::new(None),
            last_top: StoredValue::new(0.0),
            first: StoredValue::new(0),
        }
    }

    /// Takes over another filter.
    pub fn refilter(&self) {
        let hidden = self.logs.hidden_sources();
        self.logs.with(|intake| self.view.update_value(|view| view.hide(hidden, &intake.ring)));
        self.layout();
    }

    /// Takes over what came, and draws what is in sight.
    pub fn layout(&self) {
        let hidden = untrack(|| self.logs.hidden_sources());
        let (rows, next, gone) = self.logs.with(|intake| {
            let gone = self.rows_gone(intake.ring.first());
            self.view.update_value(|view| {
                if view.hidden() == &hidden {
                    view.update(&intake.ring);
                } else {
                    view.hide(hidden, &intake.ring);
                }
            });
            (self.view.with_value(View::len), intake.ring.next(), gone)
        });
        self.total.set(rows);
        if !self.follow.get_untracked() {
            let unseen = usize::try_from(next - self.left_at.get_untracked().min(next)).unwrap_or(0);
            self.unseen.set(unseen.min(rows));
        }
        let (Some(scroller), Some(spacer)) = (self.scroller.get_untracked(), self.spacer.get_untracked())
        else {
            return;
        };
        let height = rows as f64 * ROW;
        // Fails only for properties that do not exist.
        let _ = web_sys::HtmlElement::style(&spacer).set_property("height", &format!("{height}px"));
        if self.follow.get_untracked() {
            scroller.set_scroll_top(height as i32);
        } else if gone > 0 {
            scroller.set_scroll_top(scroller.scroll_top() - (gone as f64 * ROW) as i32);
        }
        self.last_top.set_value(f64::from(scroller.scroll_top()));
        self.draw(f64::from(scroller.scroll_top()), f64::from(scroller.client_height()));
    }

    /// The user scrolled: up ends following, the end begins it again.
    pub fn scrolled(&self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let (top, height) = (f64::from(scroller.scroll_top()), f64::from(scroller.client_height()));
        let end = self.total.get_untracked() as f64 * ROW;
        if top + height >= end - ROW / 2.0 {
            self.follow_end();
        } else if top < self.last_top.get_value() - 1.0 {
            self.stop_following();
        }
        self.last_top.set_value(top);
        self.draw(top, height);
    }

    /// Keeps the end in sight.
    pub fn follow_end(&self) {
        if !self.follow.get_untracked() {
            self.follow.set(true);
            self.unseen.set(0);
            self.layout();
        }
    }

    /// Lets the rows stand still while more come.
    pub fn stop_following(&self) {
        if self.follow.get_untracked() {
            self.follow.set(false);
            self.unseen.set(0);
            self.left_at.set(self.logs.with(|intake| intake.ring.next()));
        }
    }

    /// Brings a row into the middle.
    pub fn reveal(&self, seq: u64) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        self.stop_following();
        let index = self.view.with_value(|view| view.index_of(seq));
        let middle = index as f64 * ROW - f64::from(scroller.client_height()) / 2.0;
        scroller.set_scroll_top(middle.max(0.0) as i32);
        self.scrolled_by_program();
    }

    /// The next or previous match.
    pub fn go_to_match(&self, forward: bool) {
        let from = self.current.get_untracked();
        let found = self.matches.with_value(|matches| {
            let matches = matches.as_ref()?;
            if forward { matches.after(from) } else { matches.before(from) }
        });
        if let Some(seq) = found {
            self.current.set(Some(seq));
            self.reveal(seq);
        }
    }

    /// Looks through more of what is loaded; true when all of it has been looked at.
    pub fn search_some(&self, rows: usize) -> bool {
        self.logs.with(|intake| {
            self.view.with_value(|view| {
                let mut done = true;
                self.matches.update_value(|matches| {
                    done = matches.as_mut().is_none_or(|matches| matches.scan(&intake.ring, view, rows));
                });
                done
            })
        })
    }

    fn scrolled_by_program(&self) {
        if let Some(scroller) = self.scroller.get_untracked() {
            let top = f64::from(scroller.scroll_top());
            self.last_top.set_value(top);
            self.draw(top, f64::from(scroller.client_height()));
        }
    }

    /// How many rows in view have been dropped since the last layout.
    fn rows_gone(&self, first: u64) -> usize {
        let before = self.first.get_value();
        self.first.set_value(first);
        if before == first { 0 } else { self.view.with_value(|view| view.index_of(first)) }
    }

    fn draw(&self, top: f64, height: f64) {
        let first = ((top / ROW) as usize).saturating_sub(BEYOND);
        let count = (height / ROW) as usize + 1 + 2 * BEYOND;
        let rows: Vec<u64> =
            self.view.with_value(|view| (first..first + count).map_while(|index| view.at(index)).collect());
        if self.shown.with_untracked(|shown| shown.0 != first || shown.1 != rows) {
            self.shown.set((first, rows));
        }
    }
}

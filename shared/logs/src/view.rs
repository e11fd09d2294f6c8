//! What is shown of a ring: the rows that a filter lets through, and those among them that a search finds.

use std::collections::{BTreeSet, VecDeque};

use crate::ansi;
use crate::line::SourceId;
use crate::ring::{Kind, Ring, Row};
use crate::search::Needle;

/// The rows of the sources that are not hidden.
#[derive(Clone, Debug, Default)]
pub struct View {
    hidden: BTreeSet<SourceId>,
    /// Numbers of the rows; unused while nothing is hidden.
    rows: VecDeque<u64>,
    first: u64,
    next: u64,
}

impl View {
    /// Hides these sources and shows all others.
    pub fn hide(&mut self, hidden: BTreeSet<SourceId>, ring: &Ring) {
        self.hidden = hidden;
        self.rows.clear();
        self.next = ring.first();
        self.update(ring);
    }

    /// The sources that are hidden.
    pub fn hidden(&self) -> &BTreeSet<SourceId> {
        &self.hidden
    }

    /// Takes over what came and went.
    pub fn update(&mut self, ring: &Ring) {
        self.first = ring.first();
        if !self.hidden.is_empty() {
            while self.rows.front().is_some_and(|&seq| seq < self.first) {
                self.rows.pop_front();
            }
            let from = ring.rows_from(self.next);
            self.rows.extend(from.filter(|row| !self.hidden.contains(&row.source)).map(|row| row.seq));
        }
        self.next = ring.next();
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        if self.hidden.is_empty() {
            usize::try_from(self.next - self.first).unwrap_or(0)
        } else {
            self.rows.len()
        }
    }

    /// There is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the row at a place.
    pub fn at(&self, index: usize) -> Option<u64> {
        if self.hidden.is_empty() {
            Some(self.first + index as u64).filter(|&seq| seq < self.next)
        } else {
            self.rows.get(index).copied()
        }
    }

    /// The place of a row, or where it would stand.
    pub fn index_of(&self, seq: u64) -> usize {
        if self.hidden.is_empty() {
            usize::try_from(seq.saturating_sub(self.first)).unwrap_or(0).min(self.len())
        } else {
            self.rows.partition_point(|&row| row < seq)
        }
    }

    fn shows(&self, row: &Row<'_>) -> bool {
        !self.hidden.contains(&row.source)
    }
}

/// The rows of a view that a search finds, collected a slice at a time.
#[derive(Clone, Debug)]
pub struct Matches {
    needle: Needle,
    found: VecDeque<u64>,
    next: u64,
}

impl Matches {
    /// None has been found yet.
    pub fn new(needle: Needle) -> Self {
        Self { needle, found: VecDeque::new(), next: 0 }
    }

    /// Looks at up to `budget` more rows; true when there are none left.
    pub fn scan(&mut self, ring: &Ring, view: &View, budget: usize) -> bool {
        while self.found.front().is_some_and(|&seq| seq < ring.first()) {
            self.found.pop_front();
        }
        let from = self.next.max(ring.first());
        for row in ring.rows_from(from).take(budget) {
            if row.kind != Kind::Mark && view.shows(&row) && self.needle.is_in(&ansi::plain(row.text)) {
                self.found.push_back(row.seq);
            }
        }
        self.next = (from + budget as u64).min(ring.next());
        self.next == ring.next()
    }

    /// What is looked for.
    pub fn needle(&self) -> &Needle {
        &self.needle
    }

    /// How many rows match so far.
    pub fn count(&self) -> usize {
        self.found.len()
    }

    /// The place of a row among the matches, from 1.
    pub fn place(&self, seq: u64) -> Option<usize> {
        self.found.binary_search(&seq).ok().map(|index| index + 1)
    }

    /// The next match after a row, or the first one when there is none after it.
    pub fn after(&self, seq: Option<u64>) -> Option<u64> {
        let index = seq.map_or(0, |seq| self.found.partition_point(|&found| found <= seq));
        self.found.get(index).or_else(|| self.found.front()).copied()
    }

    /// The match before a row, or the last one when there is none before it.
    pub fn before(&self, seq: Option<u64>) -> Option<u64> {
        let index = seq.map_or(0, |seq| self.found.partition_point(|&found| found < seq));
        index.checked_sub(1).and_then(|index| self.found.get(index)).or_else(|| self.found.back()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::Stream;
    use proptest::prelude::*;

    const OUT: Kind = Kind::Line { stream: Stream::Stdout, cut: false };

    fn ring(lines: &[(u16, &str)], max: usize) -> Ring {
        let mut ring = Ring::new(max, usize::MAX);
        for (source, text) in lines {
            ring.push(SourceId(*source), 0, OUT, text.as_bytes());
        }
        ring
    }

    fn search(text: &str, ring: &Ring, view: &View) -> Matches {
        let mut matches = Matches::new(Needle::new(text).unwrap());
        while !matches.scan(ring, view, 1) {}
        matches
    }

    #[test]
    fn a_search_goes_round_in_both_directions() {
        let ring = ring(&[(1, "a x"), (1, "b"), (2, "c X"), (1, "\x1b[31mx")], 10);
        let mut view = View::default();
        view.update(&ring);
        let matches = search("x", &ring, &view);
        assert_eq!((matches.count(), matches.place(2), matches.place(1)), (3, Some(2), None));
        assert_eq!(
            [None, Some(0), Some(1), Some(3)].map(|at| matches.after(at)),
            [Some(0), Some(2), Some(2), Some(0)]
        );
        assert_eq!(
            [None, Some(0), Some(1), Some(3)].map(|at| matches.before(at)),
            [Some(3), Some(3), Some(0), Some(2)]
        );
    }

    #[test]
    fn hidden_sources_are_not_searched() {
        let ring = ring(&[(1, "x"), (2, "x")], 10);
        let mut view = View::default();
        view.hide([SourceId(1)].into(), &ring);
        assert_eq!(search("x", &ring, &view).after(None), Some(1));
    }

    #[test]
    fn colours_do_not_stand_between_letters() {
        let ring = ring(&[(1, "he\x1b[1mllo")], 10);
        let mut view = View::default();
        view.update(&ring);
        assert_eq!(search("hello", &ring, &view).count(), 1);
    }

    proptest! {
        #[test]
        fn a_view_that_follows_equals_one_made_anew(
            batches in prop::collection::vec(prop::collection::vec(0..4_u16, 0..20), 0..10),
            hidden in prop::collection::btree_set(0..4_u16, 0..4),
        ) {
            let hidden: BTreeSet<SourceId> = hidden.into_iter().map(SourceId).collect();
            let mut ring = Ring::new(30, usize::MAX);
            let mut view = View::default();
            view.hide(hidden.clone(), &ring);
            for batch in batches {
                for source in batch {
                    ring.push(SourceId(source), 0, OUT, b"x");
                }
                view.update(&ring);
                let wanted: Vec<u64> = ring.rows_from(0).filter(|r| !hidden.contains(&r.source)).map(|r| r.seq).collect();
                let rows: Vec<u64> = (0..view.len()).filter_map(|i| view.at(i)).collect();
                prop_assert!(rows.iter().enumerate().all(|(i, &seq)| view.index_of(seq) == i));
                prop_assert_eq!(rows, wanted);
            }
        }
    }
}

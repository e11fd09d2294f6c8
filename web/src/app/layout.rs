//! Which panes are shown and how large they are, for each mode, remembered by the browser.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::storage;

const KEY: &str = "layout";
/// Raised when the shape of [`Kept`] changes; an older layout is forgotten.
const VERSION: u32 = 1;

/// What fills the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Templates and the kept projects.
    Gallery,
    /// The open project.
    Workbench,
}

/// What the user is about to do: each mode has its own arrangement of panes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Canvas, text and inspector.
    Design,
    /// Canvas, inspector and a tall dock with plan and logs.
    Run,
}

/// A part of the workbench that can be folded away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Pane {
    /// The list of files.
    Files,
    /// The graph.
    Canvas,
    /// The text.
    Editor,
    /// The selected node's settings.
    Inspector,
    /// Problems, plan and logs.
    Dock,
}

impl Pane {
    /// Least, usual and greatest extent in CSS pixels: a width, the dock's height.
    pub const fn extent(self) -> (f64, f64, f64) {
        match self {
            Self::Files => (160.0, 210.0, 420.0),
            Self::Canvas => (200.0, 600.0, 4000.0),
            Self::Editor => (240.0, 430.0, 1100.0),
            Self::Inspector => (220.0, 300.0, 560.0),
            Self::Dock => (90.0, 232.0, 900.0),
        }
    }

    /// The element's id, for `aria-controls`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Files => "files-pane",
            Self::Canvas => "main",
            Self::Editor => "editor-pane",
            Self::Inspector => "inspector-pane",
            Self::Dock => "dock",
        }
    }
}

/// A tab of the dock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DockTab {
    /// Findings.
    Problems,
    /// What Up would do.
    Plan,
    /// Output of the containers.
    Logs,
    /// What happens to the containers.
    Events,
    /// Volumes and their back-ups.
    Volumes,
    /// A shell in a container.
    Terminal,
}

/// One mode's panes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Arrangement {
    folded: BTreeSet<Pane>,
    sizes: Vec<(Pane, f64)>,
    tab: DockTab,
}

impl Arrangement {
    fn design() -> Self {
        Self { folded: [Pane::Files].into(), sizes: Vec::new(), tab: DockTab::Problems }
    }

    fn run() -> Self {
        Self {
            folded: [Pane::Files, Pane::Editor].into(),
            sizes: vec![(Pane::Dock, 340.0)],
            tab: DockTab::Logs,
        }
    }

    fn size(&self, pane: Pane) -> f64 {
        let kept = self.sizes.iter().find(|(kept, _)| *kept == pane);
        kept.map_or(pane.extent().1, |(_, size)| *size)
    }

    fn resize(&mut self, pane: Pane, size: f64) {
        let (least, _, greatest) = pane.extent();
        let mut sizes: BTreeMap<Pane, f64> = self.sizes.iter().copied().collect();
        sizes.insert(pane, size.clamp(least, greatest).round());
        self.sizes = sizes.into_iter().collect();
    }
}

/// What storage holds.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    mode: Mode,
    design: Arrangement,
    run: Arrangement,
}

/// The layout store. Found in the Leptos context.
#[derive(Clone, Copy)]
pub struct Layout {
    /// Gallery or workbench.
    pub screen: RwSignal<Screen>,
    /// Design or run.
    pub mode: RwSignal<Mode>,
    /// The one pane that a phone shows.
    pub phone: RwSignal<Pane>,
    design: RwSignal<Arrangement>,
    run: RwSignal<Arrangement>,
}

impl Layout {
    /// As the page was left, or the usual layout; keeps it from now on.
    pub fn restore(screen: Screen) -> Self {
        let kept = storage::get(KEY).and_then(|text| serde_json::from_str::<Kept>(&text).ok());
        let kept = kept.filter(|kept| kept.version == VERSION).unwrap_or_else(|| Kept {
            version: VERSION,
            mode: Mode::Design,
            design: Arrangement::design(),
            run: Arrangement::run(),
        });
        let layout = Self {
            screen: RwSignal::new(screen),
            mode: RwSignal::new(kept.mode),
            phone: RwSignal::new(Pane::Canvas),
            design: RwSignal::new(kept.design),
            run: RwSignal::new(kept.run),
        };
        Effect::new(move |_| layout.keep());
        layout
    }

    fn keep(self) {
        let kept =
            Kept { version: VERSION, mode: self.mode.get(), design: self.design.get(), run: self.run.get() };
        if let Ok(text) = serde_json::to_string(&kept) {
            // A layout that cannot be kept is no loss; the project's own state says when storage fails.
            let _ = storage::set(KEY, &text);
        }
    }

    fn arrangement(&self) -> RwSignal<Arrangement> {
        match self.mode.get() {
            Mode::Design => self.design,
            Mode::Run => self.run,
        }
    }

    /// True when a pane is shown.
    pub fn shows(&self, pane: Pane) -> bool {
        !self.arrangement().read().folded.contains(&pane)
    }

    /// Shows or folds a pane.
    pub fn toggle(&self, pane: Pane) {
        untrack(|| self.arrangement()).update(|arrangement| {
            if !arrangement.folded.remove(&pane) {
                arrangement.folded.insert(pane);
            }
        });
    }

    /// Shows a pane, on a phone in place of the one before.
    pub fn show(&self, pane: Pane) {
        self.phone.set(pane);
        let arrangement = untrack(|| self.arrangement());
        if arrangement.read_untracked().folded.contains(&pane) {
            arrangement.update(|arrangement| {
                arrangement.folded.remove(&pane);
            });
        }
    }

    /// A pane's extent in CSS pixels.
    pub fn size(&self, pane: Pane) -> f64 {
        self.arrangement().read().size(pane)
    }

    /// Changes a pane's extent, within its limits.
    pub fn resize(&self, pane: Pane, size: f64) {
        untrack(|| self.arrangement()).update(|arrangement| arrangement.resize(pane, size));
    }

    /// The dock's open tab.
    pub fn tab(&self) -> DockTab {
        self.arrangement().read().tab
    }

    /// Opens a tab of the dock.
    pub fn show_tab(&self, tab: DockTab) {
        untrack(|| self.arrangement()).update(|arrangement| arrangement.tab = tab);
        self.show(Pane::Dock);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pane_keeps_within_its_limits() {
        let mut arrangement = Arrangement::design();
        arrangement.resize(Pane::Files, 5000.0);
        assert_eq!(arrangement.size(Pane::Files), Pane::Files.extent().2);
        arrangement.resize(Pane::Files, 1.0);
        assert_eq!(arrangement.size(Pane::Files), Pane::Files.extent().0);
    }
}

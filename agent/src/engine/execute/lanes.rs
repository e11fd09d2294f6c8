//! How many steps run at once: what costs the engine work has few places, what passes its time in waiting has many.

use composeyard_plan::Action;

/// What limits a step.
#[derive(Clone, Copy)]
pub(super) enum Lane {
    /// The engine works for it, and gains nothing from more of its kind.
    Work,
    /// A container is given time to end, up to its grace period. Each holds a connection to the engine, and a process
    /// may have about 1,000.
    Stop,
    /// It listens to what this process hears anyway.
    Wait,
}

/// Steps that have begun and not ended, by lane.
#[derive(Default)]
pub(super) struct Lanes([usize; 3]);

impl Lane {
    pub(super) fn of(action: &Action) -> Self {
        match action {
            Action::StopContainer { .. } => Self::Stop,
            action if action.only_waits() => Self::Wait,
            _ => Self::Work,
        }
    }

    fn places(self) -> usize {
        match self {
            Self::Work => 16,
            Self::Stop => 256,
            Self::Wait => usize::MAX,
        }
    }
}

impl Lanes {
    /// Takes a place; false when there is none.
    pub(super) fn enter(&mut self, lane: Lane) -> bool {
        let taken = &mut self.0[lane as usize];
        let free = *taken < lane.places();
        *taken += usize::from(free);
        free
    }

    /// Gives the place back.
    pub(super) fn leave(&mut self, lane: Lane) {
        self.0[lane as usize] -= 1;
    }
}

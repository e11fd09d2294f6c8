//! How many steps run at once: what costs the engine work has few places, what passes its time in waiting has many. A
//! limit that is asked for counts all that the engine is asked to do, and leaves waiting alone: a wait that kept others
//! from their place would wait for them in vain.

use std::num::NonZeroUsize;

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

/// Steps that have begun and not ended.
#[derive(Default)]
pub(super) struct Lanes {
    taken: [usize; 3],
    /// Steps that may be under way at once, besides waits; none for no limit.
    at_most: Option<NonZeroUsize>,
}

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
    pub(super) fn at_most(at_most: Option<NonZeroUsize>) -> Self {
        Self { at_most, ..Self::default() }
    }

    /// Takes a place; false when there is none.
    pub(super) fn enter(&mut self, lane: Lane) -> bool {
        let free = self.taken[lane as usize] < lane.places() && self.is_within_limit(lane);
        self.taken[lane as usize] += usize::from(free);
        free
    }

    fn is_within_limit(&self, lane: Lane) -> bool {
        let working = self.taken[Lane::Work as usize] + self.taken[Lane::Stop as usize];
        matches!(lane, Lane::Wait) || self.at_most.is_none_or(|most| working < most.get())
    }

    /// Gives the place back.
    pub(super) fn leave(&mut self, lane: Lane) {
        self.taken[lane as usize] -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_counts_work_and_stops_together_and_waits_not_at_all() {
        let mut lanes = Lanes::at_most(NonZeroUsize::new(2));
        assert!(lanes.enter(Lane::Stop) && lanes.enter(Lane::Work));
        assert!(!lanes.enter(Lane::Work) && !lanes.enter(Lane::Stop));
        assert!(lanes.enter(Lane::Wait));
        lanes.leave(Lane::Stop);
        assert!(lanes.enter(Lane::Work));
        assert!(!lanes.enter(Lane::Work));
    }

    #[test]
    fn a_limit_beyond_the_places_of_a_lane_adds_none() {
        let mut lanes = Lanes::at_most(NonZeroUsize::new(1_000));
        let entered = (0..1_000).filter(|_| lanes.enter(Lane::Work)).count();
        assert_eq!(entered, Lane::Work.places());
    }
}

//! Lines of several containers in the order of their stamps.

use std::collections::BTreeMap;

use crate::line::Line;

/// Sorts lines by time. Lines of one container never change places, whatever their stamps say.
pub fn by_time(lines: &mut Vec<Line>) {
    let mut newest = BTreeMap::new();
    let keyed = std::mem::take(lines).into_iter().map(|line| {
        let time: &mut i64 = newest.entry(line.source).or_insert(line.time);
        *time = line.time.max(*time);
        (*time, line)
    });
    let mut keyed: Vec<(i64, Line)> = keyed.collect();
    keyed.sort_by_key(|(time, _)| *time);
    lines.extend(keyed.into_iter().map(|(_, line)| line));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::SourceId;
    use proptest::prelude::*;

    fn of(lines: &[Line], source: u16) -> Vec<&Line> {
        lines.iter().filter(|line| line.source.0 == source).collect()
    }

    proptest! {
        #[test]
        fn each_containers_own_order_stays(lines in prop::collection::vec((0..3_u16, 0..20_i64), 0..50)) {
            let line = |(n, &(source, time)): (usize, &(u16, i64))| {
                Line { source: SourceId(source), time, text: n.to_string().into(), ..Line::default() }
            };
            let before: Vec<Line> = lines.iter().enumerate().map(line).collect();
            let mut after = before.clone();
            by_time(&mut after);
            for source in 0..3 {
                prop_assert_eq!(of(&after, source), of(&before, source));
            }
        }

        #[test]
        fn stamps_that_never_go_back_end_up_sorted(steps in prop::collection::vec((0..3_u16, 0..5_i64), 0..50)) {
            let mut clocks = [0; 3];
            let mut lines: Vec<Line> = steps.into_iter().map(|(source, step)| {
                clocks[usize::from(source)] += step;
                Line { source: SourceId(source), time: clocks[usize::from(source)], ..Line::default() }
            }).collect();
            by_time(&mut lines);
            prop_assert!(lines.is_sorted_by_key(|line| line.time));
        }
    }
}

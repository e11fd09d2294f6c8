//! What a plan fetches, in numbers: how many images, how many bytes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Action, Plan};

/// One part of an image that is fetched by itself: a layer, or the image's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// `sha256:…`: parts with the same digest are the same part.
    pub digest: String,
    /// Compressed, as it travels.
    pub bytes: u64,
}

/// How large images are, as far as their registries tell. No part of a plan or its fingerprint: a registry that says
/// nothing changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Downloads {
    /// Bytes of each image whose size is known, by the reference that the project uses.
    pub images: BTreeMap<String, u64>,
    /// Bytes of these images together: a part that several have is fetched once.
    pub together: u64,
}

impl Downloads {
    /// From the parts of each image that is known.
    pub fn of(images: &BTreeMap<String, Vec<Part>>) -> Self {
        let sizes = images.iter().map(|(image, parts)| (image.clone(), bytes(parts)));
        Self { images: sizes.collect(), together: bytes(images.values().flatten()) }
    }
}

/// Bytes of parts, each counted once.
fn bytes<'a>(parts: impl IntoIterator<Item = &'a Part>) -> u64 {
    let each: BTreeMap<&str, u64> =
        parts.into_iter().map(|part| (part.digest.as_str(), part.bytes)).collect();
    each.into_values().fold(0, u64::saturating_add)
}

impl Plan {
    /// References of the images that the plan fetches, in its order; each has one step.
    pub fn pulled(&self) -> Vec<&str> {
        let images = self.steps.iter().filter_map(|step| match &step.action {
            Action::PullImage { image, .. } => Some(image.as_str()),
            _ => None,
        });
        images.collect()
    }

    /// "pull 1 image, 45 MB", "pull 3 images, 210 MB and 1 of unknown size"; none when nothing is fetched. Without sizes,
    /// while nobody has been asked, "pull 3 images". The engine fetches no layer that it has already: it may become less.
    pub fn pulls(&self, sizes: Option<&Downloads>) -> Option<String> {
        let images = self.pulled();
        let pull = match images.len() {
            0 => return None,
            1 => "pull 1 image".to_owned(),
            all => format!("pull {all} images"),
        };
        let Some(sizes) = sizes else { return Some(pull) };
        let unknown = images.iter().filter(|image| !sizes.images.contains_key(**image)).count();
        let together = size(sizes.together);
        Some(match unknown {
            0 => format!("{pull}, {together}"),
            _ if unknown == images.len() => format!("{pull} of unknown size"),
            _ => format!("{pull}, {together} and {unknown} of unknown size"),
        })
    }
}

/// Three digits and a unit of thousands: `1.98 MB`, `664 MB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    let (mut scale, mut unit) = (1, 0);
    while bytes / scale >= 1000 {
        scale *= 1000;
        unit += 1;
    }
    let thousandths = if scale == 1 { bytes * 1000 } else { bytes / (scale / 1000) };
    let step = match thousandths {
        0..10_000 => 10,
        10_000..100_000 => 100,
        _ => 1000,
    };
    let rounded = (thousandths + step / 2) / step * step;
    let (whole, part) = (rounded / 1000, rounded % 1000);
    let digits = if part == 0 { whole.to_string() } else { format!("{whole}.{part:03}") };
    let digits = if part == 0 { &digits } else { digits.trim_end_matches('0') };
    format!("{digits} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Step, StepId, Target};

    fn part(digest: &str, bytes: u64) -> Part {
        Part { digest: digest.to_owned(), bytes }
    }

    fn pulling(images: &[&str]) -> Plan {
        let step = |(id, image): (u32, &&str)| Step {
            id: StepId(id),
            after: Vec::new(),
            target: Target::Image((*image).to_owned()),
            action: Action::PullImage { image: (*image).to_owned(), optional: false },
            reason: String::new(),
            group: String::new(),
        };
        Plan { steps: (1..).zip(images).map(step).collect(), warnings: Vec::new() }
    }

    fn downloads(images: &[(&str, Vec<Part>)]) -> Downloads {
        Downloads::of(&images.iter().map(|(image, parts)| ((*image).to_owned(), parts.clone())).collect())
    }

    #[test]
    fn a_plan_says_what_it_fetches_and_what_nobody_told() {
        let said = |images: &[&str], sizes: &Downloads| pulling(images).pulls(Some(sizes));
        let known = downloads(&[("a", vec![part("1", 45_000_000)]), ("b", vec![part("2", 165_000_000)])]);
        assert_eq!(
            said(&["a"], &downloads(&[("a", vec![part("1", 45_000_000)])])).unwrap(),
            "pull 1 image, 45 MB"
        );
        assert_eq!(said(&["a", "b"], &known).unwrap(), "pull 2 images, 210 MB");
        assert_eq!(said(&["a", "b", "c"], &known).unwrap(), "pull 3 images, 210 MB and 1 of unknown size");
        assert_eq!(said(&["c"], &Downloads::default()).unwrap(), "pull 1 image of unknown size");
        assert_eq!(said(&["c", "d"], &Downloads::default()).unwrap(), "pull 2 images of unknown size");
        assert_eq!(said(&[], &known), None);
        assert_eq!(pulling(&["a", "b"]).pulls(None).unwrap(), "pull 2 images");
    }

    #[test]
    fn what_images_share_is_fetched_once() {
        let base = part("base", 1000);
        let sizes = downloads(&[("a", vec![base.clone(), base.clone(), part("a", 1)]), ("b", vec![base])]);
        assert_eq!(sizes.images, BTreeMap::from([("a".to_owned(), 1001), ("b".to_owned(), 1000)]));
        assert_eq!(sizes.together, 1001);
    }

    #[test]
    fn sizes_that_a_registry_made_up_do_not_overflow() {
        let sizes = downloads(&[("a", vec![part("1", u64::MAX), part("2", u64::MAX)])]);
        assert_eq!(sizes.together, u64::MAX);
    }

    #[test]
    fn sizes_have_three_digits() {
        let sizes =
            [0, 7, 999, 1000, 1_984_203, 12_000_000, 45_249_999, 664_389_315, 7_000_000_000, u64::MAX];
        let words =
            ["0 B", "7 B", "999 B", "1 kB", "1.98 MB", "12 MB", "45.2 MB", "664 MB", "7 GB", "18.4 EB"];
        assert_eq!(sizes.map(size), words);
    }
}

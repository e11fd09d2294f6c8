//! `app=3`: the number of containers of a service.

use std::collections::BTreeMap;
use std::str::FromStr;

use composeyard_compose::ServiceName;

/// `app=3`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Count {
    service: ServiceName,
    count: u32,
}

impl FromStr for Count {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (service, count) = text.split_once('=').ok_or("write SERVICE=N, as in app=3")?;
        let service = service.parse().map_err(|error| format!("{error}"))?;
        let count = count.parse().map_err(|_| format!("{count:?} is not a number of containers"))?;
        Ok(Self { service, count })
    }
}

/// By service; the last word about each counts.
pub(super) fn counts(counts: &[Count]) -> BTreeMap<ServiceName, u32> {
    counts.iter().map(|Count { service, count }| (service.clone(), *count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_a_service_and_a_number() {
        let parsed: Count = "app=3".parse().unwrap();
        assert_eq!((parsed.service.as_str(), parsed.count), ("app", 3));
        for bad in ["app", "app=", "app=-1", "app=x", "=3", "a b=3", "app=99999999999"] {
            assert!(bad.parse::<Count>().is_err(), "{bad}");
        }
    }
}

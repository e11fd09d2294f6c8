//! What a Dockerfile tells about its image: the base, the ports it exposes, whether it checks its own health.

/// The parts of a Dockerfile that rules ask for, of the stage that is built.
#[derive(Debug)]
pub(crate) struct Dockerfile {
    pub(crate) text: String,
    /// The image it starts from; none when a variable names it, or when nothing is underneath.
    pub(crate) base: Option<String>,
    pub(crate) exposes: Vec<u16>,
    /// True when it declares a health check.
    pub(crate) has_healthcheck: bool,
}

#[derive(Default)]
struct Stage {
    name: String,
    from: String,
    exposes: Vec<u16>,
    /// None when it says nothing of one.
    has_healthcheck: Option<bool>,
}

impl Dockerfile {
    /// Reads the stage `target`, the last one when that is empty. None when there is no such stage.
    pub(crate) fn read(text: String, target: &str) -> Option<Self> {
        let stages = stages(&text);
        let find = |name: &str| stages.iter().position(|stage| stage.name.eq_ignore_ascii_case(name));
        let mut at = if target.is_empty() { stages.len().checked_sub(1)? } else { find(target)? };
        let (mut exposes, mut has_healthcheck) = (Vec::new(), None);
        loop {
            let stage = &stages[at];
            exposes.extend(&stage.exposes);
            has_healthcheck = has_healthcheck.or(stage.has_healthcheck);
            match stages[..at].iter().position(|earlier| earlier.name.eq_ignore_ascii_case(&stage.from)) {
                Some(earlier) => at = earlier,
                None => break,
            }
        }
        let from = stages[at].from.clone();
        let base = (!from.contains('$') && from != "scratch").then_some(from);
        Some(Self { base, exposes, has_healthcheck: has_healthcheck.unwrap_or(false), text })
    }
}

fn stages(text: &str) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for line in text.lines().map(str::trim) {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if word.eq_ignore_ascii_case("FROM") {
            let mut words = rest.split_whitespace().filter(|word| !word.starts_with("--"));
            let from = words.next().unwrap_or_default().to_owned();
            let name = words.nth(1).unwrap_or_default().to_owned();
            stages.push(Stage { name, from, ..Stage::default() });
        } else if let Some(stage) = stages.last_mut() {
            if word.eq_ignore_ascii_case("EXPOSE") {
                let port = |word: &str| word.split('/').next()?.parse::<u16>().ok();
                stage.exposes.extend(rest.split_whitespace().filter_map(port));
            } else if word.eq_ignore_ascii_case("HEALTHCHECK") {
                stage.has_healthcheck = Some(!rest.trim().eq_ignore_ascii_case("NONE"));
            }
        }
    }
    stages
}

#[cfg(test)]
mod tests {
    use super::Dockerfile;

    const TEXT: &str = "FROM python:3.11-slim AS base\nEXPOSE 8000/tcp\nFROM base AS final\nHEALTHCHECK CMD ./check\nFROM node:20 AS tools\n";

    #[test]
    fn a_stage_takes_over_what_the_stage_below_it_says() {
        let file = Dockerfile::read(TEXT.to_owned(), "final").unwrap();
        assert_eq!((file.base.as_deref(), &file.exposes[..]), (Some("python:3.11-slim"), &[8000][..]));
        assert!(file.has_healthcheck);
    }

    #[test]
    fn a_later_stage_may_switch_the_check_off() {
        let text = "FROM x AS base\nHEALTHCHECK CMD ./c\nFROM base\nHEALTHCHECK none\n";
        assert!(!Dockerfile::read(text.to_owned(), "").unwrap().has_healthcheck);
        assert!(Dockerfile::read(text.to_owned(), "base").unwrap().has_healthcheck);
    }

    #[test]
    fn without_a_target_the_last_stage_counts() {
        let file = Dockerfile::read(TEXT.to_owned(), "").unwrap();
        assert_eq!(file.base.as_deref(), Some("node:20"));
        assert!(!file.has_healthcheck && file.exposes.is_empty());
    }

    #[test]
    fn a_base_behind_a_variable_is_not_guessed() {
        assert_eq!(Dockerfile::read("ARG B\nFROM ${B}\n".to_owned(), "").unwrap().base, None);
        assert!(Dockerfile::read(TEXT.to_owned(), "missing").is_none());
    }
}

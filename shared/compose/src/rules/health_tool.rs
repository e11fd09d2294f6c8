//! CY324: a health check that calls a program its image does not have.

use crate::image;
use crate::model::Service;
use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY324",
    name: "health-tool-missing",
    severity: Severity::Warning,
    what: "A health check calls a program that the image does not have.",
    why: "The check then fails each time, and everything that waits for the service's health waits in vain.",
    how: "Call a program that the image has, or install this one in the Dockerfile.",
    link: "https://docs.docker.com/reference/compose-file/services/#healthcheck",
    example: "services:\n  app:\n    image: python:3.12-slim\n    command: python -m http.server 8000\n    healthcheck:\n      test: [CMD, curl, -f, \"http://localhost:8000/\"]\n",
    good: "services:\n  app:\n    image: python:3.12-slim\n    command: python -m http.server 8000\n    healthcheck:\n      test: [CMD, python, -c, \"import urllib.request; urllib.request.urlopen('http://localhost:8000/')\"]\n",
};

/// What is known of an image's programs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Base {
    /// BusyBox: `wget`, neither `curl` nor `bash`.
    BusyBox,
    /// A Debian without `curl` and `wget`.
    Slim,
    /// No shell, no programs.
    Bare,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    for (name, service) in &project.services {
        let Some(healthcheck) = service.healthcheck.as_ref().filter(|check| !check.disable) else { continue };
        let tools: Vec<&str> = programs(&healthcheck.test).collect();
        if tools.is_empty() {
            continue;
        }
        let dockerfile = context.dockerfile(service);
        let image = match (&service.build, &dockerfile) {
            (None, _) => Some(service.image.as_str()),
            (Some(_), Some(file)) => file.base.as_deref(),
            (Some(_), None) => None,
        };
        let Some((image, base)) = image.and_then(|image| Some((image, base(image)?))) else { continue };
        let is_installed = |tool: &str| {
            dockerfile.as_ref().is_some_and(|file| file.text.contains(tool)) || brings(service, tool)
        };
        let Some(tool) = tools.into_iter().find(|tool| lacks(base, tool) && !is_installed(tool)) else {
            continue;
        };
        let steps = ["services", name.as_str(), "healthcheck", "test"];
        let message = format!("`{image}` has no `{tool}`, so the check always fails");
        let finding = context.finding(&RULE, &steps, message).with_help(help(base, image));
        findings.push(mended(context, finding, service, image, base));
    }
}

/// Whether the service itself installs the program when it starts, or mounts it.
fn brings(service: &Service, tool: &str) -> bool {
    let mut words = service.command.iter().chain(&service.entrypoint).flatten();
    let mounts = |target: &str| target.rsplit('/').next() == Some(tool);
    words.any(|word| word.contains(tool)) || service.volumes.iter().any(|mount| mounts(&mount.target))
}

/// The programs that a test calls.
fn programs(test: &[String]) -> impl Iterator<Item = &str> {
    let kind = test.first().map(String::as_str);
    let direct = test.get(1).filter(|_| kind == Some("CMD")).map(String::as_str);
    let line = test.get(1).filter(|_| kind == Some("CMD-SHELL")).map_or("", String::as_str);
    let commands = line.split(['|', '&', ';', '(', ')']).filter_map(|part| part.split_whitespace().next());
    direct.into_iter().chain(commands)
}

/// The kind of an image, for those that are known well.
fn base(image: &str) -> Option<Base> {
    const SMALL: [&str; 9] =
        ["node", "python", "golang", "ruby", "redis", "postgres", "memcached", "rust", "nats"];
    const SLIM: [&str; 3] = ["node", "python", "ruby"];
    if image.starts_with("gcr.io/distroless/") {
        return Some(Base::Bare);
    }
    let tag = image::tag(image).unwrap_or_default();
    let is = |kind: &str| tag.split('-').any(|part| part.starts_with(kind));
    match image::official(image)? {
        "alpine" | "busybox" => Some(Base::BusyBox),
        name if is("alpine") => SMALL.contains(&name).then_some(Base::BusyBox),
        "debian" | "ubuntu" | "redis" | "memcached" => Some(Base::Slim),
        name if is("slim") => SLIM.contains(&name).then_some(Base::Slim),
        _ => None,
    }
}

fn lacks(base: Base, tool: &str) -> bool {
    match base {
        Base::BusyBox => tool == "curl",
        Base::Slim => matches!(tool, "curl" | "wget"),
        Base::Bare => matches!(tool, "curl" | "wget" | "sh" | "bash" | "nc" | "test"),
    }
}

fn help(base: Base, image: &str) -> String {
    match base {
        Base::BusyBox => "It has `wget` from BusyBox, which can ask the same.".to_owned(),
        Base::Slim => format!(
            "Slim images leave such programs out. Ask with what `{image}` is made for, or install the program."
        ),
        Base::Bare => "It has no shell and no tools. Let the service's own program check itself.".to_owned(),
    }
}

/// Asks with a program that is there, when the test does nothing but fetch one address.
fn mended(
    context: &Context<'_>,
    finding: Diagnostic,
    service: &Service,
    image: &str,
    base: Base,
) -> Diagnostic {
    let Some(url) = service.healthcheck.as_ref().and_then(|check| fetched(&check.test)) else {
        return finding;
    };
    // BusyBox tries only the first address of `localhost`, which may be the IPv6 one.
    let url = url.replacen("://localhost", "://127.0.0.1", 1);
    let words = match (base, image::official(image)) {
        (_, Some("redis")) => "[CMD, redis-cli, ping]".to_owned(),
        (_, Some("postgres" | "memcached" | "nats")) => return finding,
        (Base::BusyBox, _) => format!("[CMD, wget, -q, -O, /dev/null, \"{url}\"]"),
        (Base::Slim, Some("python")) => {
            format!("[CMD, python, -c, \"import urllib.request; urllib.request.urlopen('{url}')\"]")
        }
        _ => return finding,
    };
    let title = format!("Ask with {}", words.split([',', ']']).nth(1).unwrap_or_default().trim());
    let Some(place) = context.value(&finding.path).filter(|place| place.file == finding.file) else {
        return finding;
    };
    let is_plain = context
        .written(&finding.path)
        .is_some_and(|text| !text.contains(['$', '*', '#', '&']) && !text.starts_with(['|', '>']));
    if is_plain { finding.with_edit(title, place.span, words) } else { finding }
}

/// The address that a test fetches with `curl`, when that is all it does.
fn fetched(test: &[String]) -> Option<String> {
    let words: Vec<String> = match test.first()?.as_str() {
        "CMD" => test[1..].to_vec(),
        "CMD-SHELL" => {
            let line = test.get(1)?;
            let line = line.trim().trim_end_matches("exit 1").trim_end().trim_end_matches("||");
            line.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned()).collect()
        }
        _ => return None,
    };
    let (program, arguments) = words.split_first()?;
    let is_flag = |word: &String| word.starts_with('-');
    let harmless = |word: &String| {
        ["--fail", "--silent", "--show-error"].contains(&word.as_str())
            || word.trim_start_matches('-').chars().all(|flag| "fsSkL".contains(flag))
                && !word.starts_with("--")
    };
    let mut addresses = arguments.iter().filter(|word| !is_flag(word));
    let url = addresses.next()?;
    let is_plain = url.starts_with("http://")
        && url.bytes().all(|b| b.is_ascii_alphanumeric() || b":/._-?=&%".contains(&b));
    let fits = program == "curl"
        && addresses.next().is_none()
        && arguments.iter().filter(|w| is_flag(w)).all(harmless);
    (fits && is_plain).then(|| url.clone())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{checked_files, fixed, found};

    fn app(image: &str, test: &str) -> String {
        format!(
            "services:\n  app:\n    image: {image}\n    healthcheck:\n      test: {test}\n      retries: 3\n"
        )
    }

    #[test]
    fn a_small_image_asks_with_wget() {
        let text = app("node:20-alpine", "curl -fsS http://localhost:3000/health || exit 1");
        assert_eq!(
            found(&text),
            [
                "CY324 services.app.healthcheck.test: `node:20-alpine` has no `curl`, so the check always fails"
            ]
        );
        assert_eq!(
            fixed(&text),
            app("node:20-alpine", "[CMD, wget, -q, -O, /dev/null, \"http://127.0.0.1:3000/health\"]")
        );
    }

    #[test]
    fn a_slim_python_asks_with_python() {
        let text = app(
            "python:3.12-slim-bookworm",
            "\n        - CMD\n        - curl\n        - http://localhost:8000/",
        );
        assert!(fixed(&text).contains("urlopen('http://127.0.0.1:8000/')"));
        assert!(found(&fixed(&text)).is_empty());
    }

    #[test]
    fn redis_asks_itself() {
        let text = app("redis:7-alpine", "curl -f http://localhost:6379");
        assert_eq!(fixed(&text), app("redis:7-alpine", "[CMD, redis-cli, ping]"));
    }

    #[test]
    fn images_that_have_the_program_or_are_not_known_are_fine() {
        for image in ["nginx:1.27-alpine", "python:3.12", "php:8-fpm-alpine", "myapp:1-alpine"] {
            assert!(found(&app(image, "[CMD, curl, \"http://localhost/\"]")).is_empty(), "{image}");
        }
        assert!(found(&app("redis:7-alpine", "[CMD, redis-cli, ping]")).is_empty());
    }

    #[test]
    fn a_service_may_bring_the_program_itself() {
        for line in [
            "command: sh -c \"apk add --no-cache curl && npm start\"",
            "entrypoint: [sh, -c, \"apk add curl; exec node .\"]",
            "volumes: [\"./bin/curl:/usr/bin/curl:ro\"]",
        ] {
            let text = app("node:20-alpine", "[CMD, curl, \"http://localhost:3000/\"]");
            assert!(found(&format!("{text}    {line}\n")).is_empty(), "{line}");
        }
    }

    #[test]
    fn the_dockerfile_says_what_a_built_image_has() {
        let compose = "services:\n  app:\n    build: .\n    healthcheck:\n      test: [CMD, curl, \"http://localhost/\"]\n";
        let codes = |dockerfile: &str| -> Vec<String> {
            let files = [("compose.yaml", compose), ("Dockerfile", dockerfile)];
            checked_files(&files, &["compose.yaml"]).into_iter().map(|finding| finding.code).collect()
        };
        assert_eq!(codes("FROM python:3.12-slim\n"), ["CY324"]);
        assert!(codes("FROM python:3.12-slim\nRUN apt-get update && apt-get install -y curl\n").is_empty());
        assert!(codes("FROM python:3.12\n").is_empty());
    }
}

//! What a node shows, as data: derived from the project, drawn by [`super::node`].

use composeyard_compose::{
    Diagnostic, Project, Severity,
    graph::{NodeKey, Size},
    model::{Amount, Bytes, Mount, MountType, Port, Service},
};

/// Width of a service's card and of a smaller resource card, in canvas units.
const WIDTH: (f64, f64) = (204.0, 164.0);
/// Width of one character of a chip, its padding with the gap, and the height of a row of chips.
const CHIP: (f64, f64, f64) = (6.7, 19.0, 24.0);
/// Longest text of a chip, in characters.
const CHIP_TEXT: usize = 24;
/// Rows of chips at most; what is left is counted in the last chip.
const ROWS: usize = 3;

/// What a chip is about, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ChipKind {
    /// A published port.
    Port,
    /// A mount of a named volume.
    Volume,
    /// Anything else.
    Plain,
}

/// A small fact on a card.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Chip {
    pub(crate) kind: ChipKind,
    pub(crate) text: String,
    /// The whole fact, for the tooltip.
    pub(crate) title: String,
}

/// How many findings a node has and how bad the worst is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Findings {
    pub(crate) worst: Severity,
    pub(crate) count: usize,
}

/// A node's content.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Card {
    pub(crate) name: String,
    /// `nginx:1.27-alpine`, `build ./app · target final`, the driver of a volume, the file of a secret.
    pub(crate) line: String,
    pub(crate) chips: Vec<Vec<Chip>>,
    pub(crate) replicas: u32,
    /// No active profile enables it.
    pub(crate) disabled: bool,
    /// It publishes a port: something outside reaches it.
    pub(crate) published: bool,
    pub(crate) size: Size,
}

impl Card {
    /// The card of a node; none when the project no longer has it. What a service uses without a declaration has one too.
    pub(crate) fn of(project: &Project, key: &NodeKey) -> Option<Self> {
        let undeclared = |name: &str| Self::resource(name, "not declared");
        let card = match key {
            NodeKey::Service(name) => {
                let active = project.services.get(name);
                let service = active.or_else(|| project.disabled_services.get(name))?;
                Self::service(name.as_str(), service, active.is_none())
            }
            NodeKey::Volume(name) => match project.volumes.get(name) {
                Some(volume) => {
                    let driver = if volume.driver.is_empty() { "local" } else { &volume.driver };
                    let line = if volume.external { "external" } else { driver };
                    Self::resource(name, &format!("volume · {line}"))
                }
                None => undeclared(name),
            },
            NodeKey::Secret(name) => match project.secrets.get(name) {
                Some(secret) => {
                    let source = source(&secret.file, &secret.environment);
                    Self::resource(name, &format!("secret · {source}"))
                }
                None => undeclared(name),
            },
            NodeKey::Config(name) => match project.configs.get(name) {
                Some(config) => {
                    let source = source(&config.file, &config.environment);
                    Self::resource(name, &format!("config · {source}"))
                }
                None => undeclared(name),
            },
            NodeKey::Network(_) => return None,
        };
        Some(card)
    }

    fn service(name: &str, service: &Service, disabled: bool) -> Self {
        let chips = rows(chips(service));
        let height = 62.0 + chips.len() as f64 * CHIP.2 + if chips.is_empty() { 0.0 } else { 4.0 };
        Self {
            name: name.to_owned(),
            line: image_line(service),
            chips,
            replicas: service.replicas(),
            disabled,
            published: service.ports.iter().any(|port| !port.published.is_empty()),
            size: Size { width: WIDTH.0, height },
        }
    }

    fn resource(name: &str, line: &str) -> Self {
        Self {
            name: name.to_owned(),
            line: line.to_owned(),
            chips: Vec::new(),
            replicas: 1,
            disabled: false,
            published: false,
            size: Size { width: WIDTH.1, height: 54.0 },
        }
    }
}

/// The findings about a node: those whose key path is the node's or lies below it.
pub(crate) fn findings_of<'a>(
    diagnostics: &'a [Diagnostic],
    key: &NodeKey,
) -> impl Iterator<Item = &'a Diagnostic> + use<'a> {
    let path = path_of(key);
    diagnostics.iter().filter(move |finding| {
        finding
            .path
            .strip_prefix(path.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

/// The key path of a node: `services.app`.
pub(crate) fn path_of(key: &NodeKey) -> String {
    match key {
        NodeKey::Service(name) => format!("services.{name}"),
        NodeKey::Volume(name) => format!("volumes.{name}"),
        NodeKey::Secret(name) => format!("secrets.{name}"),
        NodeKey::Config(name) => format!("configs.{name}"),
        NodeKey::Network(name) => format!("networks.{name}"),
    }
}

/// Counts a node's findings.
pub(crate) fn tally(diagnostics: &[Diagnostic], key: &NodeKey) -> Option<Findings> {
    let (worst, count) = findings_of(diagnostics, key).fold((None, 0), |(worst, count), finding| {
        (worst.min(Some(finding.severity)).or(Some(finding.severity)), count + 1)
    });
    worst.map(|worst| Findings { worst, count })
}

fn source<'a>(file: &'a str, environment: &'a str) -> &'a str {
    match (file, environment) {
        ("", "") => "inline",
        ("", variable) => variable,
        (file, _) => file,
    }
}

/// `nginx:1.27-alpine` or `build ./app · target final`.
pub(crate) fn image_line(service: &Service) -> String {
    match &service.build {
        Some(build) => {
            let context = if build.context.is_empty() { "." } else { &build.context };
            match build.target.as_str() {
                "" => format!("build {context}"),
                target => format!("build {context} · target {target}"),
            }
        }
        None => service.image.clone(),
    }
}

fn chips(service: &Service) -> Vec<Chip> {
    let ports = service.ports.iter().map(port_chip);
    let mounts = service.volumes.iter().filter_map(mount_chip);
    let limits =
        limits(service).map(|text| Chip { kind: ChipKind::Plain, title: format!("Limit: {text}"), text });
    ports.chain(mounts).chain(limits).collect()
}

fn port_chip(port: &Port) -> Chip {
    let protocol = if port.protocol.is_empty() || port.protocol == "tcp" {
        String::new()
    } else {
        format!("/{}", port.protocol)
    };
    let (kind, text, title) = match port.published.as_str() {
        "" => (
            ChipKind::Port,
            format!("{}{protocol}", port.target),
            format!("Port {} on a host port that the engine chooses", port.target),
        ),
        published => (
            ChipKind::Port,
            format!("{published}→{}{protocol}", port.target),
            format!("Host port {published} reaches port {} of the container", port.target),
        ),
    };
    Chip { kind, text: shorten(&text), title }
}

fn mount_chip(mount: &Mount) -> Option<Chip> {
    let title = format!("{} is mounted at {}", mount.source, mount.target);
    match mount.kind {
        MountType::Volume if !mount.source.is_empty() => Some(Chip {
            kind: ChipKind::Volume,
            text: shorten(&format!("{} → {}", mount.source, mount.target)),
            title,
        }),
        MountType::Bind => Some(Chip { kind: ChipKind::Plain, text: shorten_path(&mount.source), title }),
        MountType::Tmpfs => Some(Chip {
            kind: ChipKind::Plain,
            text: shorten(&format!("tmpfs {}", mount.target)),
            title: format!("Memory is mounted at {}", mount.target),
        }),
        _ => None,
    }
}

/// `0.5 CPU`, `512 MB`: the limits of one container.
pub(crate) fn limits(service: &Service) -> impl Iterator<Item = String> {
    let Amount { cpus, memory } = service.limits();
    let cpus = (cpus > 0.0).then(|| format!("{cpus} CPU"));
    let memory = (memory.0 > 0).then(|| megabytes(memory));
    cpus.into_iter().chain(memory)
}

/// `512 MB`, `1.75 GB`.
pub(crate) fn megabytes(size: Bytes) -> String {
    let megabytes = size.0 as f64 / (1024.0 * 1024.0);
    let trimmed = |value: f64| {
        let text = format!("{value:.2}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if megabytes >= 1024.0 {
        format!("{} GB", trimmed(megabytes / 1024.0))
    } else {
        format!("{} MB", trimmed(megabytes))
    }
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= CHIP_TEXT {
        return text.to_owned();
    }
    text.chars().take(CHIP_TEXT - 1).chain(['…']).collect()
}

/// Keeps a path's end: its file name says more than its folders.
fn shorten_path(path: &str) -> String {
    let length = path.chars().count();
    if length <= CHIP_TEXT {
        return path.to_owned();
    }
    std::iter::once('…').chain(path.chars().skip(length - CHIP_TEXT + 1)).collect()
}

/// Fills rows as a browser would wrap the chips, so that a card's height is known before it is drawn.
fn rows(chips: Vec<Chip>) -> Vec<Vec<Chip>> {
    let room = WIDTH.0 - 24.0;
    let width = |chip: &Chip| chip.text.chars().count() as f64 * CHIP.0 + CHIP.1;
    let mut rows: Vec<Vec<Chip>> = Vec::new();
    let mut used = f64::MAX;
    for chip in chips {
        if used + width(&chip) > room + 5.0 {
            rows.push(Vec::new());
            used = 0.0;
        }
        used += width(&chip);
        if let Some(row) = rows.last_mut() {
            row.push(chip);
        }
    }
    if rows.len() > ROWS {
        let hidden: Vec<Chip> = rows.split_off(ROWS - 1).into_iter().flatten().collect();
        rows.push(vec![Chip {
            kind: ChipKind::Plain,
            text: format!("{} more", hidden.len()),
            title: hidden.into_iter().map(|chip| chip.text).collect::<Vec<_>>().join(", "),
        }]);
    }
    rows
}

#[cfg(test)]
mod tests {
    use composeyard_compose::{ProjectName, ServiceName, model::Build};
    use composeyard_yaml::Span;

    use super::*;

    fn port(published: &str, target: u32, protocol: &str) -> Port {
        Port { published: published.into(), target, protocol: protocol.into(), ..Port::default() }
    }

    fn finding(path: &str, severity: Severity) -> Diagnostic {
        Diagnostic {
            code: "CY000".into(),
            severity,
            message: String::new(),
            help: None,
            file: String::new(),
            span: Span::default(),
            path: path.into(),
            related: Vec::new(),
            fixes: Vec::new(),
        }
    }

    fn texts(service: &Service) -> Vec<String> {
        chips(service).into_iter().map(|chip| chip.text).collect()
    }

    #[test]
    fn ports_show_the_host_side_first() {
        let service = Service {
            ports: vec![port("80", 8080, "tcp"), port("", 9000, "tcp"), port("53", 53, "udp")],
            ..Service::default()
        };
        assert_eq!(texts(&service), ["80→8080", "9000", "53→53/udp"]);
    }

    #[test]
    fn a_build_shows_its_folder_and_stage() {
        let build = Build { context: "./app".into(), target: "final".into(), ..Build::default() };
        let service = Service { build: Some(Box::new(build)), ..Service::default() };
        assert_eq!(image_line(&service), "build ./app · target final");
    }

    #[test]
    fn sizes_read_as_people_write_them() {
        assert_eq!(megabytes(Bytes(512 << 20)), "512 MB");
        assert_eq!(megabytes(Bytes(3 << 29)), "1.5 GB");
        assert_eq!(megabytes(Bytes(7 << 28)), "1.75 GB");
    }

    #[test]
    fn many_chips_never_make_more_than_three_rows() {
        let ports = (0..40).map(|n| port(&format!("{}", 8000 + n), 80, "tcp")).collect();
        let service = Service { ports, ..Service::default() };
        let card = Card::service("web", &service, false);
        assert_eq!(card.chips.len(), 3);
        assert!(card.chips[2][0].text.ends_with("more"));
    }

    #[test]
    fn what_is_used_without_a_declaration_has_a_card_that_says_so() {
        let project = Project::named(ProjectName::new("shop").unwrap());
        for key in [NodeKey::Volume, NodeKey::Secret, NodeKey::Config].map(|kind| kind("data".to_owned())) {
            let card = Card::of(&project, &key).expect("a card");
            assert_eq!(card.line, "not declared");
            assert!(card.size.width > 100.0 && card.size.height > 40.0);
        }
    }

    #[test]
    fn a_node_counts_only_its_own_findings() {
        let app = NodeKey::Service(ServiceName::new("app").unwrap());
        let all = [
            finding("services.app", Severity::Warning),
            finding("services.app.ports[0]", Severity::Error),
            finding("services.app2.ports[0]", Severity::Error),
            finding("", Severity::Error),
        ];
        assert_eq!(tally(&all, &app), Some(Findings { worst: Severity::Error, count: 2 }));
        assert_eq!(tally(&all[2..], &app), None);
    }
}

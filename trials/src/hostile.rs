//! Texts made to freeze, break or fill up whoever reads them, and what must become of each.
//!
//! Time is counted in readings: one is what a peer takes to read an ordinary file, see [`Yardstick`]. Memory is what
//! the check needs beyond the text itself.

use std::{collections::BTreeMap, fmt::Write as _};

use composeyard_compose::{Loaded, ProjectFiles, Severity};

use crate::{FILE, generate::compose_file, project};

/// No trial may need more than this, in bytes, beyond its text.
pub const MEMORY: usize = 16 << 20;

/// What must become of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An error with this code; others may stand beside it.
    Refused(&'static str),
    /// A project without errors; warnings may stand beside it.
    Loads,
}

/// One text, or several files.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// What it is.
    pub name: &'static str,
    /// Makes the files.
    pub files: fn() -> ProjectFiles,
    /// What must become of it.
    pub outcome: Outcome,
    /// At most so many readings long.
    pub time: f64,
}

/// The unit of time: serde_yaml reads a file of 200 services, in the same run on the same machine. It is not our own
/// check of that file, because each gain there would make every trial look slower.
#[derive(Debug)]
pub struct Yardstick(String);

impl Yardstick {
    /// Writes the file.
    #[expect(clippy::new_without_default, reason = "a file is written, which no default should do")]
    pub fn new() -> Self {
        Self(compose_file(200, 7))
    }

    /// Reads it once; the number of its top-level keys.
    pub fn read(&self) -> usize {
        serde_yaml::from_str::<serde_yaml::Mapping>(&self.0).map_or(0, |file| file.len())
    }
}

impl Trial {
    /// Why an outcome is not the one that is wanted.
    ///
    /// # Errors
    /// Says what came out instead.
    pub fn judge(&self, loaded: &Loaded) -> Result<(), String> {
        let codes = || {
            let mut codes: Vec<&str> =
                loaded.diagnostics.iter().map(|finding| finding.code.as_str()).collect();
            codes.sort_unstable();
            codes.dedup();
            codes.join(" ")
        };
        let mut errors = loaded.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
        let holds = match self.outcome {
            Loads => loaded.project.is_some() && errors.next().is_none(),
            Refused(code) => errors.any(|finding| finding.code == code),
        };
        if holds { Ok(()) } else { Err(format!("wanted {:?}, found {}", self.outcome, codes())) }
    }
}

const fn trial(name: &'static str, outcome: Outcome, time: f64, files: fn() -> ProjectFiles) -> Trial {
    Trial { name, files, outcome, time }
}

use Outcome::{Loads, Refused};

/// The table.
pub static TRIALS: [Trial; 39] = [
    trial("alias bomb in extension lists", Refused("CY005"), 1.0, || project(alias_lists())),
    trial("alias bomb in mappings that a service uses", Refused("CY005"), 1.0, || project(alias_maps())),
    trial("3,000 merge keys of 3,000 keys", Refused("CY005"), 4.0, || project(merge_square())),
    trial("10,000 nested [", Refused("CY001"), 1.0, || project(nested("[", 10_000))),
    trial("200,000 nested [", Refused("CY001"), 1.0, || project(nested("[", 200_000))),
    trial("200,000 nested {a:", Refused("CY001"), 1.0, || project(nested("{a: ", 200_000))),
    trial("100,000 nested dashes on a line", Refused("CY001"), 1.0, || project(nested("- ", 100_000))),
    trial("100,000 nested ? on a line", Refused("CY001"), 1.0, || project(nested("? ", 100_000))),
    trial("block mapping 1,000 levels deep", Refused("CY001"), 1.0, || project(block_depth(1000))),
    trial("block mapping 5,000 levels deep", Refused("CY009"), 4.0, || project(block_depth(5000))),
    trial("all ports in one range", Refused("CY021"), 1.0, || {
        project(service("ports: [\"1-65535:1-65535\"]"))
    }),
    trial("2,000 nested defaults of variables", Refused("CY010"), 1.0, || {
        project(service(&format!("command: \"{}x{}\"", "${A:-".repeat(2000), "}".repeat(2000))))
    }),
    trial("50,000 variables in one text", Loads, 4.0, || {
        project(service(&format!("command: \"{}\"", "${A:-x}".repeat(50_000))))
    }),
    trial("20,000 braces that never close", Refused("CY010"), 1.0, || {
        project(service(&format!("command: \"{}\"", "${A:-{".repeat(20_000))))
    }),
    trial("a text of 20 MB", Refused("CY009"), 1.0, || {
        project(service(&format!("image: {}", "x".repeat(20_000_000))))
    }),
    trial("a text of 1 MB in one line", Loads, 4.0, || {
        project(service(&format!("image: {}", "x".repeat(1_000_000))))
    }),
    trial("a quote that never closes before 1 MB", Refused("CY001"), 4.0, || {
        project(service(&format!("image: \"{}", "x ".repeat(500_000))))
    }),
    trial("a block text of 100,000 lines", Loads, 4.0, || {
        project(service(&format!("image: x\n    command: |\n{}", "      line\n".repeat(100_000))))
    }),
    trial("100,000 comments", Loads, 4.0, || {
        project(format!("{}{}", "# x\n".repeat(100_000), service("image: x")))
    }),
    trial("100,000 empty lines", Loads, 2.0, || {
        project(format!("{}{}", "\n".repeat(100_000), service("image: x")))
    }),
    trial("10,000 empty documents", Refused("CY015"), 4.0, || project("---\n".repeat(10_000))),
    trial("20,000 documents of a tag each", Refused("CY001"), 4.0, || project("!---\n".repeat(20_000))),
    trial("1,000 documents of a service each", Loads, 8.0, || project(documents(1000))),
    trial("10,000 extension keys", Loads, 4.0, || {
        project(format!("{}{}", keys("", "x-", 10_000), service("image: x")))
    }),
    trial("20,000 variables of a service", Loads, 4.0, || {
        project(service(&format!("image: x\n    environment:\n{}", keys("      ", "V", 20_000))))
    }),
    trial("20,000 times the same key", Refused("CY002"), 4.0, || {
        project(service(&format!("image: x\n    environment:\n{}", "      A: b\n".repeat(20_000))))
    }),
    trial("5,000 unknown keys", Refused("CY201"), 4.0, || {
        project(service(&format!("image: x\n{}", keys("    ", "servces", 5_000))))
    }),
    trial("20,000 aliases of nothing", Refused("CY003"), 4.0, || {
        project(format!("x-a: [{}]\n{}", "*a, ".repeat(20_000), service("image: x")))
    }),
    trial("8,000 anchors with an alias each", Loads, 4.0, || project(anchors(8_000))),
    trial("8,000 anchors around the alias before", Refused("CY005"), 4.0, || project(nested_anchors(8_000))),
    trial("1,000 services that wait for the next", Loads, 8.0, || {
        project(chain(1000, "depends_on: [s{}]", false))
    }),
    trial("1,000 services that wait in a ring", Refused("CY106"), 8.0, || {
        project(chain(1000, "depends_on: [s{}]", true))
    }),
    trial("1,000 services that extend the next", Refused("CY042"), 8.0, || {
        project(chain(1000, "extends: s{}", false))
    }),
    trial("1,000 services that extend in a ring", Refused("CY042"), 8.0, || {
        project(chain(1000, "extends: s{}", true))
    }),
    trial("two files that include each other", Refused("CY046"), 1.0, || includes(2, true)),
    trial("500 files that include the next", Refused("CY046"), 8.0, || includes(500, false)),
    trial("2,000 ports of one service", Loads, 4.0, || project(service(&ports()))),
    trial("1,000 services on one host port", Refused("CY301"), 8.0, || project(same_port(1000))),
    trial("100,000 tabs", Refused("CY001"), 1.0, || project("\t".repeat(100_000))),
];

/// A file of one service with these lines.
fn service(lines: &str) -> String {
    let image = if lines.contains("image:") { "" } else { "    image: app\n" };
    format!("services:\n  app:\n{image}    {lines}\n")
}

fn nested(open: &str, times: usize) -> String {
    format!("services: {}", open.repeat(times))
}

fn alias_lists() -> String {
    let mut text = String::from("x-0: &x0 [a, a, a, a, a, a, a, a, a, a]\n");
    for level in 1..10 {
        let aliases = vec![format!("*x{}", level - 1); 10].join(", ");
        let _ = writeln!(text, "x-{level}: &x{level} [{aliases}]");
    }
    text + &service("image: x")
}

fn alias_maps() -> String {
    let mut text = String::from("x-0: &x0 {a: a, b: b, c: c, d: d, e: e, f: f, g: g, h: h}\n");
    for level in 1..10 {
        let entries: Vec<String> = ('a'..='h').map(|key| format!("{key}: *x{}", level - 1)).collect();
        let _ = writeln!(text, "x-{level}: &x{level} {{{}}}", entries.join(", "));
    }
    text + &service("image: x\n    labels: *x9")
}

fn merge_square() -> String {
    let keys: Vec<String> = (0..3000).map(|key| format!("k{key}: v")).collect();
    let merges = vec!["*a"; 3000].join(", ");
    format!("x-a: &a {{{}}}\nx-b: {{<<: [{merges}]}}\n{}", keys.join(", "), service("image: x"))
}

fn block_depth(levels: usize) -> String {
    let mut text = String::new();
    for level in 0..levels {
        let _ = writeln!(text, "{:level$}a:", "");
    }
    text
}

fn keys(indent: &str, prefix: &str, count: usize) -> String {
    let mut text = String::new();
    for key in 0..count {
        let _ = writeln!(text, "{indent}{prefix}{key}: v");
    }
    text
}

fn documents(count: usize) -> String {
    let mut text = String::new();
    for index in 0..count {
        let _ = writeln!(text, "---\nservices:\n  s{index}:\n    image: x");
    }
    text
}

fn anchors(count: usize) -> String {
    let mut text = String::from("x-anchors:\n");
    for index in 0..count {
        let _ = writeln!(text, "  a{index}: &a{index} x\n  b{index}: *a{index}");
    }
    text + &service("image: x")
}

fn nested_anchors(count: usize) -> String {
    let mut text = String::from("x-anchors:\n  a0: &a0 [x]\n");
    for index in 1..count {
        let _ = writeln!(text, "  a{index}: &a{index} [*a{}]", index - 1);
    }
    text + &service("image: x")
}

/// Services of which each names the next; the last one names the first in a ring, and nothing else.
fn chain(count: usize, line: &str, ring: bool) -> String {
    let mut text = String::from("services:\n");
    for index in 0..count {
        let _ = writeln!(text, "  s{index}:\n    image: x");
        if index + 1 < count || ring {
            let _ = writeln!(text, "    {}", line.replace("{}", &((index + 1) % count).to_string()));
        }
    }
    text
}

fn includes(count: usize, ring: bool) -> ProjectFiles {
    let name = |index: usize| if index == 0 { FILE.to_owned() } else { format!("f{index}.yaml") };
    let text = |index: usize| {
        let next = (index + 1 < count || ring).then(|| name((index + 1) % count));
        let include = next.map(|next| format!("include: [{next}]\n")).unwrap_or_default();
        format!("{include}services:\n  s{index}:\n    image: x\n")
    };
    ProjectFiles((0..count).map(|index| (name(index), text(index))).collect::<BTreeMap<_, _>>())
}

fn ports() -> String {
    let mut text = String::from("ports:\n");
    for port in 0..2000 {
        let _ = writeln!(text, "      - \"{}:80\"", 2000 + port);
    }
    text
}

fn same_port(count: usize) -> String {
    let mut text = String::from("services:\n");
    for index in 0..count {
        let _ = writeln!(text, "  s{index}:\n    image: x\n    ports: [\"80:80\"]");
    }
    text
}

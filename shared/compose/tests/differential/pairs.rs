//! Every pair of some values of a key, one laid over the other: two files, a base and what extends it, and both at once
//! with an override.

use super::write::{Case, Content};

/// Values of a service's keys, each in its short and long forms.
const VALUES: [(&str, &[&str]); 36] = [
    (
        "ports",
        &[
            "[\"80:80\"]",
            "[{target: 80, published: \"81\"}]",
            "[\"80:80/udp\",\"90-91:90-91\"]",
            "[]",
            "null",
        ],
    ),
    ("environment", &["{A: 1, B: }", "[A=2, C]", "[]", "null", "{A: }"]),
    ("labels", &["{a: 1}", "[a=2, b]", "{}", "null"]),
    (
        "volumes",
        &["[\"./a:/x\"]", "[\"v:/x:ro\"]", "[{type: bind, source: ./c, target: /x}]", "[\"/x\"]", "[]"],
    ),
    ("command", &["a b", "[c]", "[]", "\"\"", "null"]),
    ("entrypoint", &["a b", "[c]", "[]", "\"\"", "null"]),
    (
        "healthcheck",
        &["{test: [CMD, x], interval: 1s}", "{disable: true}", "{test: y, retries: 2}", "{}", "null"],
    ),
    (
        "depends_on",
        &[
            "[b]",
            "{b: {condition: service_healthy}}",
            "{c: {condition: service_started, required: false}}",
            "[]",
        ],
    ),
    ("networks", &["[n]", "{n: {aliases: [q]}}", "{m: , n: {aliases: [r]}}", "[]", "null"]),
    (
        "build",
        &[
            ".",
            "{context: ./x, args: {A: 1}}",
            "{args: [A=2, B], dockerfile: D}",
            "{context: y, target: z, cache_from: [a]}",
        ],
    ),
    (
        "logging",
        &[
            "{driver: a, options: {x: 1}}",
            "{driver: b, options: {y: 1}}",
            "{options: {z: 1}}",
            "{driver: a, options: {x: }}",
        ],
    ),
    (
        "deploy",
        &[
            "{replicas: 2, labels: [a=b]}",
            "{resources: {limits: {cpus: 1}}}",
            "{labels: {a: c}, placement: {constraints: [x]}}",
        ],
    ),
    ("ulimits", &["{nofile: 5}", "{nofile: {soft: 1, hard: 2}}", "{nproc: 3}"]),
    ("secrets", &["[s]", "[{source: s, target: z}]", "[{source: t, target: s}]"]),
    ("devices", &["[\"/dev/a\"]", "[\"/dev/b:/dev/a\"]", "[{source: /dev/c, target: /dev/a}]"]),
    ("extra_hosts", &["[\"a:1.1.1.1\"]", "{a: 2.2.2.2, b: 1.1.1.1}", "[\"a=1.1.1.1\"]"]),
    ("dns", &["1.1.1.1", "[1.1.1.1, 2.2.2.2]"]),
    ("env_file", &["e1", "[e2, e1]", "[{path: e3, required: false}]"]),
    ("expose", &["[\"80\"]", "[80, \"81\"]"]),
    ("sysctls", &["{a: 1}", "[a=2, b=1]"]),
    ("tmpfs", &["/a", "[/a, /b]"]),
    ("models", &["[mo]", "{mo: {endpoint_var: X}}"]),
    (
        "blkio_config",
        &[
            "{weight: 5}",
            "{weight_device: [{path: /a, weight: 5}]}",
            "{weight_device: [{path: /a, weight: 6},{path: /b, weight: 7}]}",
        ],
    ),
    (
        "develop",
        &[
            "{watch: [{path: a, action: rebuild}]}",
            "{watch: [{path: a, action: restart},{path: b, action: rebuild}]}",
        ],
    ),
    ("gpus", &["all", "[{count: 1}]"]),
    ("configs", &["[c]", "[{source: c, target: /q}]"]),
    ("cap_add", &["[A]", "[A, B]"]),
    ("group_add", &["[a]", "[a,1]"]),
    ("storage_opt", &["{size: 1G}", "{size: 2G, x: y}"]),
    ("annotations", &["{a: 1}", "[a=2]"]),
    ("post_start", &["[{command: a}]", "[{command: [b]}]"]),
    ("label_file", &["e1", "[e2]"]),
    ("provider", &["{type: x}", "{type: y, options: {a: b}}"]),
    ("links", &["[b]", "[\"b:q\"]"]),
    ("security_opt", &["[a]", "[a, b]"]),
    ("profiles", &["[]", "[p]"]),
];

/// What the values name.
const REST: &str = "
  b: {image: b}
  c: {image: c}
networks: {n: , m: }
volumes: {v: }
secrets: {s: {file: e1}, t: {file: e2}}
configs: {c: {file: e1}}
models: {mo: {model: x}}
";

/// One project for each pair and each way to lay one value over the other.
pub fn cases() -> Vec<Case> {
    let pairs = VALUES.iter().flat_map(|(key, values)| {
        values.iter().flat_map(move |below| values.iter().map(move |above| (*key, *below, *above)))
    });
    pairs
        .flat_map(|(key, below, above)| {
            [over(key, below, above), extended(key, below, above), both(key, below, above)]
        })
        .collect()
}

/// The second of two files lies over the first.
fn over(key: &str, below: &str, above: &str) -> Case {
    let files = [
        ("compose.yaml", format!("services:\n  a: {{{}{key}: {below}}}{REST}", image(key))),
        ("b.yaml", format!("services:\n  a: {{{key}: {above}}}\n")),
    ];
    case(files, &["compose.yaml", "b.yaml"])
}

/// A service lies over the one that it extends.
fn extended(key: &str, below: &str, above: &str) -> Case {
    let base = format!("z: {{{}{key}: {below}}}", image(key));
    let text = format!("services:\n  {base}\n  a: {{{key}: {above}, extends: z}}{REST}");
    case([("compose.yaml", text)], &["compose.yaml"])
}

/// A service lies over one of a file in another folder, and a file of that folder over both.
fn both(key: &str, below: &str, above: &str) -> Case {
    let extends = "extends: {file: sub/z.yaml, service: z}";
    let files = [
        ("compose.yaml", format!("services:\n  a: {{{key}: {above}, {extends}}}{REST}")),
        ("sub/z.yaml", format!("services:\n  z: {{{}{key}: {below}}}{REST}", image(key))),
        ("sub/b.yaml", format!("services:\n  a: {{{key}: !override {below}}}\n  b: {{{key}: {below}}}\n")),
    ];
    case(files, &["compose.yaml", "sub/b.yaml"])
}

/// What is provided otherwise has no image.
fn image(key: &str) -> &'static str {
    if key == "provider" { "" } else { "image: i, " }
}

fn case<const N: usize>(files: [(&str, String); N], compose: &[&str]) -> Case {
    let variables = ["e1", "sub/e1"].map(|path| (path, "X=1\nY=$X\n"));
    let others = ["e2", "sub/e2"].map(|path| (path, "X=2\nZ='q'\n"));
    let texts = variables.into_iter().chain(others).map(|(path, text)| (path, text.to_owned()));
    Case {
        files: files
            .into_iter()
            .chain(texts)
            .map(|(path, text)| (path.to_owned(), Content::Text(text)))
            .collect(),
        compose: compose.iter().map(|path| (*path).to_owned()).collect(),
        profiles: Vec::new(),
    }
}

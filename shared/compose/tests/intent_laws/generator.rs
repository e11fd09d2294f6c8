//! Compose projects in every style: block and flow, short and long, quoted and plain, with comments everywhere, anchors,
//! document marks, a byte order mark, Windows line ends, no last line break.

/// Parts of a service: each a list of ways to write one key, four columns in.
const KEYS: [&[&str]; 15] = [
    &["image: app:1", "image: 'app:1'", "\"image\": \"app:1\"", "image: localhost:5000/app"],
    &["", "build: ./src", "build:\n  context: ./src\n  args: [A=1]", "build: {context: ./src, target: 'x'}"],
    &[
        "",
        "environment:\n  MODE: fast\n  URL: http://@PREV:80/x\n  \"ключ\": 'é 🐳'",
        "environment:\n  - MODE=fast\n  - 'HOST=@PREV'",
        "environment: {MODE: \"1\", PREV_HOST: @PREV}",
        "environment: *env",
    ],
    &[
        "",
        "depends_on: [@PREV]",
        "depends_on:\n  - @PREV",
        "depends_on:\n  @PREV:\n    condition: service_started",
    ],
    &[
        "",
        "networks: [net-x]",
        "networks:\n  - net-x\n  - net-y",
        "networks:\n  net-x:\n    aliases: [z]\n  net-y:",
        "networks: { net-y: {} }",
    ],
    &[
        "",
        "volumes: ['vol-x:/d:ro', ./a:/a]",
        "volumes:\n  - vol-x:/d\n  - ./a:/a",
        "volumes:\n  - type: volume\n    source: vol-x\n    target: /d",
    ],
    &[
        "",
        "ports: ['80:80']",
        "ports:\n  - \"80:80\"\n  - 81:81",
        "ports:\n  - target: 80\n    published: '8080'",
    ],
    &[
        "",
        "command: run it",
        "command: [run, \"it\"]",
        "command: |\n  sh -c '\n  curl http://@PREV/ # no comment\n  '",
        "command: >-\n  run\n  it",
        "command:\n  - run\n  - 'it: x'",
    ],
    &[
        "",
        "healthcheck:\n  test: [CMD, 'true']\n  interval: 5s",
        "healthcheck: {test: \"curl http://@PREV:80\"}",
    ],
    &["", "secrets: [sec_x]", "secrets:\n  - source: sec_x\n    target: /s", "secrets:\n  - sec_x"],
    &["", "configs: [cfg-x]", "configs:\n  - source: cfg-x\n    target: /c"],
    &["", "cap_add: [A, B, C]", "cap_add:\n  - A\n  - 'B'", "cap_add: &caps\n  - A\n  - B"],
    &["", "labels:\n  - a=1\n  - \"b=é\"", "labels: {a: '1'}", "labels:\n  a: 1\n  'quoted key': \"x\""],
    &["", "restart: always", "restart: \"no\"", "user: 'me'\nhostname: h"],
    &[
        "",
        "deploy: {replicas: 2}",
        "deploy:\n  resources:\n    limits:\n      cpus: '1'",
        "scale: 2",
        "x-note: *note",
    ],
];

const SERVICES: [&str; 3] = ["svc-a", "svc-b", "svc-c"];

const TAIL: &[&[&str]] = &[
    &["networks:\n  net-x:\n  net-y: {}", "networks: { net-x: , net-y: {driver: bridge} }"],
    &["volumes:\n  vol-x:", "volumes: {vol-x: {}}", "\"volumes\":\n  'vol-x':\n    name: mine"],
    &["secrets:\n  sec_x:\n    file: ./s", "secrets: {sec_x: {environment: S}}"],
    &["configs:\n  cfg-x:\n    content: |\n      two\n      lines # 1", "configs: {cfg-x: {file: ./c}}"],
];

/// The text that a stream of choices stands for.
pub(crate) fn project(choices: &[u8]) -> String {
    let mut writer = Writer { choices, at: 0, out: String::new() };
    writer.write();
    let newline = if writer.choose(4) == 0 { "\r\n" } else { "\n" };
    let mut text = writer.out.clone();
    if writer.choose(5) == 0 {
        text.push_str("...\n");
    }
    if writer.choose(4) == 0 {
        text.truncate(text.trim_end_matches('\n').len());
    }
    let mark = if writer.choose(6) == 0 { "\u{feff}" } else { "" };
    format!("{mark}{}", text.replace('\n', newline))
}

struct Writer<'c> {
    choices: &'c [u8],
    at: usize,
    out: String,
}

impl Writer<'_> {
    fn choose(&mut self, of: usize) -> usize {
        self.at += 1;
        // Later rounds through the same choices differ.
        usize::from(
            self.choices[self.at % self.choices.len()].wrapping_add((self.at / self.choices.len()) as u8),
        ) % of
    }

    fn write(&mut self) {
        if self.choose(5) == 0 {
            self.out.push_str("---\n");
        }
        self.part("x-env: &env\n  SHARED: 'yes'\n  DB_HOST: db.example.org\nx-note: &note {a: [1, 2]}", 0);
        let sections_first = self.choose(3) == 0;
        if sections_first {
            self.tail();
        }
        self.part("services:", 0);
        let step = if self.choose(3) == 0 { 4 } else { 2 };
        for (at, service) in SERVICES.into_iter().enumerate() {
            self.service(service, at.checked_sub(1).map(|at| SERVICES[at]), step);
        }
        if !sections_first {
            self.tail();
        }
    }

    fn tail(&mut self) {
        for ways in TAIL {
            let way = ways[self.choose(ways.len())];
            self.part(way, 0);
        }
    }

    fn service(&mut self, name: &str, previous: Option<&str>, step: usize) {
        if previous.is_some() && self.choose(6) == 0 {
            self.part(&format!("{name}: {{ image: 'app:2', networks: [net-x] }}"), step);
            return;
        }
        let quoted = if self.choose(5) == 0 { format!("\"{name}\":") } else { format!("{name}:") };
        self.part(&quoted, step);
        for ways in KEYS {
            let way = ways[self.choose(ways.len())];
            let usable = previous.is_some() || !way.contains("@PREV");
            if !way.is_empty() && usable {
                let way = way.replace("@PREV", previous.unwrap_or_default());
                // Anchors stand before their aliases, so each is written once.
                let way = if self.out.contains("&caps") {
                    way.replace("&caps", "").replace(": \n", ":\n")
                } else {
                    way
                };
                self.part(&way, step * 2);
            }
        }
    }

    /// Some lines, with comments and blank lines around them.
    fn part(&mut self, text: &str, indent: usize) {
        if self.choose(5) == 0 {
            self.out.push('\n');
        }
        if self.choose(5) == 0 {
            self.out.push_str(&format!("{:indent$}# über\t🐳\n", ""));
        }
        let mut verbatim = false;
        for line in text.lines() {
            self.out.push_str(&format!("{:indent$}{line}", ""));
            verbatim = verbatim || line.ends_with(['|', '-']) || line.contains("# no comment");
            if !verbatim && self.choose(6) == 0 {
                self.out.push_str("  # behind\t🐳");
            }
            self.out.push('\n');
        }
    }
}

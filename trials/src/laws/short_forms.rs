//! The long form that a short one stands for loads again to the same project.

use composeyard_compose::{load, render};

use super::Corpus;
use crate::{project, random::Random, request};

/// Keys of a service with short forms for each.
const FORMS: [(&str, &[&str]); 12] = [
    (
        "ports",
        &[
            "80",
            "8080:80",
            "127.0.0.1:8080:80/udp",
            "[::1]:80:80",
            "3000-3005",
            "9090-9091:8080-8081",
            "0:0",
            ":80",
        ],
    ),
    (
        "volumes",
        &["/data", "data:/data", "./a:/b:ro", "C:\\a:/b", "~/x:/y:z,ro", "/a:/b:rshared", "data:/d:nocopy"],
    ),
    ("environment", &["A=1", "B", "C=", "=x", "A=b=c"]),
    ("devices", &["/dev/null", "/dev/a:/dev/b:rwm", "vendor/class=name"]),
    ("extra_hosts", &["a=1.2.3.4", "b:1.2.3.4", "c=[::1]", "d:::1"]),
    ("secrets", &["s", "t"]),
    ("configs", &["s", "t"]),
    ("env_file", &["./none.env", "a.env"]),
    ("tmpfs", &["/run", "/tmp:size=64m,mode=700"]),
    ("depends_on", &["db", "app"]),
    ("dns", &["8.8.8.8", "::1"]),
    ("command", &["a b", "a 'b c'", "\"x", "$$HOME", "a \\ b"]),
];

/// Scalars with a form of their own.
const SCALARS: [(&str, &[&str]); 10] = [
    ("mem_limit", &["64m", "1.5g", "1024", "-1", "2kb", "1tib", "0"]),
    ("shm_size", &["64M", "1b", "x"]),
    ("stop_grace_period", &["10s", "1m30s", "1.5h", "90", "0", "2us", "1h1h"]),
    ("cpus", &["0.5", "\"2\"", "x"]),
    ("ulimits", &["{nofile: 1}", "{nofile: {soft: 1, hard: 2}}", "{a: x}"]),
    ("build", &[".", "./a", "https://example.com/a.git#main:b", "{context: ., args: [A=1, B]}"]),
    ("gpus", &["all", "[{count: 1}]", "[{}]"]),
    (
        "healthcheck",
        &["{test: a b}", "{test: [NONE]}", "{test: [CMD, a], interval: 1m30s}", "{disable: true}"],
    ),
    ("entrypoint", &["a b", "[a, b]", "[]", "''"]),
    ("network_mode", &["host", "service:db", "none", "container:x"]),
];

pub(super) fn input(random: &mut Random, _: &Corpus) -> String {
    let mut text = String::from("services:\n  db: {image: x}\n  app:\n    image: x\n");
    for (key, forms) in FORMS {
        if random.below(4) == 0 {
            let items: Vec<String> = (0..=random.below(2)).map(|_| quoted(&form(forms, random))).collect();
            text += &format!("    {key}: [{}]\n", items.join(", "));
        }
    }
    for (key, forms) in SCALARS {
        if random.below(6) == 0 {
            text += &format!("    {key}: {}\n", random.pick(forms).unwrap_or_default());
        }
    }
    text + "volumes: {data: }\nsecrets: {s: {file: ./s}, t: {environment: T}}\nconfigs: {s: {content: c}, t: {file: t}}\n"
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// One of the forms, sometimes with a part of another in it.
fn form(forms: &[&str], random: &mut Random) -> String {
    let mut text = random.pick(forms).unwrap_or_default().to_owned();
    for _ in 0..random.below(3) {
        let other = random.pick(forms).unwrap_or_default();
        let at = random.below(text.len() + 1);
        let start = random.below(other.len());
        let end = start + random.below(other.len() - start + 1);
        if random.below(2) == 0 && at < text.len() {
            text.remove(at);
        } else {
            text.insert_str(at, &other[start..end]);
        }
    }
    text
}

pub(super) fn holds(text: &str, _: &mut Random) -> Result<(), String> {
    // Of the brackets around an address one pair goes at each load, in the reference too.
    if text.contains("[[") || text.contains("]]") {
        return Ok(());
    }
    let Some(first) = load(&project(text), &request()).project else { return Ok(()) };
    let printed = render::yaml(&first);
    let again = load(&project(printed.as_str()), &request());
    let Some(second) = again.project else {
        return Err(format!("its long form does not load: {:?}\n{printed}", again.diagnostics));
    };
    let reprinted = render::yaml(&second);
    if printed == reprinted { Ok(()) } else { Err(format!("{printed}came to\n{reprinted}")) }
}

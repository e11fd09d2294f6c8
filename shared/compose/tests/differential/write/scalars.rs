//! Values that many keys take: flags, numbers, sizes, durations, pairs.

use crate::{
    dice::Dice,
    tree::{Node, raw},
};

pub fn flag(dice: &mut Dice) -> Node {
    dice.raw(&["true", "false", "true", "false", "True", "\"true\""])
}

pub fn number(dice: &mut Dice) -> Node {
    dice.raw(&["0", "1", "3", "100", "\"2\"", "0x10", "010", "0o17", "1_000", "${TWO}", "7"])
}

pub fn fraction(dice: &mut Dice) -> Node {
    dice.raw(&["0.5", "1", "1.25", "\"0.75\"", ".5", "0", "2e-1", "0.333333333", "${HALF}", "50"])
}

pub fn size(dice: &mut Dice) -> Node {
    dice.raw(&[
        "64m", "1g", "1048576", "\"512\"", "1.5g", "10MB", "3KiB", "2 k", "0", "1b", "${SIZE}", "128M",
    ])
}

pub fn duration(dice: &mut Dice) -> Node {
    dice.raw(&["10s", "1m30s", "500ms", "90s", "1h", "1.5s", "0s", "2d", "1w", "10us", "${TIME}", "\"5s\""])
}

pub fn word(dice: &mut Dice) -> Node {
    dice.text(&[
        "a",
        "value",
        "two words",
        "5",
        "true",
        "x: y",
        "# no",
        "$$HOME",
        "${NAME}",
        "quote'd",
        "dq\"d",
        "tab\there",
        "é",
        "日本",
        "-dash",
        "[a]",
        "{b}",
        "*star",
        "&and",
        "!bang",
        "%p",
        "@at",
        "`tick`",
        "a#b",
        "a:b",
        "",
        "null",
        "1.10",
        "0x1F",
        "1e3",
        "2020-01-01",
        "yes",
        "<html>&amp;",
        "C:\\dir",
        "line1\nline2",
        "trail ",
        "=",
        "~",
        "12:30:45",
    ])
}

/// A mapping, or a list of `key=value`.
pub fn pairs(dice: &mut Dice) -> Node {
    if dice.chance(50) { pair_map(dice) } else { pair_list(dice) }
}

const KEYS: [&str; 10] = ["A", "B", "C_D", "com.example.x", "lower", "NAME", "A", "Z9", "k-v", "TWO"];

pub fn pair_map(dice: &mut Dice) -> Node {
    let mut entries: Vec<(String, Node)> = Vec::new();
    for _ in 0..dice.below(4) {
        let key = dice.pick(&KEYS);
        if entries.iter().all(|(known, _)| known != key) {
            let value = match dice.below(5) {
                0 => dice.raw(&[
                    "1",
                    "1.5",
                    "true",
                    "1e6",
                    "1.10",
                    "0x10",
                    "010",
                    "-3",
                    "1e20",
                    "100000000",
                    "0.000001",
                ]),
                1 => raw(dice.pick(&["", "null", "~"])),
                _ => word(dice),
            };
            entries.push((key.to_owned(), value));
        }
    }
    Node::Map(entries)
}

pub fn pair_list(dice: &mut Dice) -> Node {
    dice.list(4, |dice| {
        let key = dice.pick(&KEYS);
        let value = dice.pick(&["1", "x y", "", "a=b", "${NAME}", "$$x", "true", "\"q\"", "a:b"]);
        let pair = if dice.chance(20) { key.to_owned() } else { format!("{key}={value}") };
        dice.written(&pair)
    })
}

/// Options of a driver: a mapping to text or numbers.
pub fn options(dice: &mut Dice) -> Node {
    let mut entries = Vec::new();
    for key in ["max-size", "opt", "tag"] {
        if dice.chance(40) {
            entries.push((
                key.to_owned(),
                dice.raw(&["10m", "\"3\"", "3", "1.5", "a b", "\"\"", "1e3", "${NAME}"]),
            ));
        }
    }
    Node::Map(entries)
}

/// Items of a list of text; now and then one twice.
pub fn texts(dice: &mut Dice, from: &[&str]) -> Node {
    let mut chosen = dice.some(from, 45);
    if dice.chance(4) {
        chosen.push(dice.pick(from));
    }
    Node::List(chosen.into_iter().map(|text| dice.written(text)).collect())
}

pub fn text_or_texts(dice: &mut Dice, from: &[&str]) -> Node {
    if dice.chance(40) { dice.text(from) } else { texts(dice, from) }
}

pub fn command(dice: &mut Dice) -> Node {
    dice.form(&[
        |dice| {
            dice.text(&[
                "echo hi",
                "sh -c 'a b'",
                "run \"x y\" z",
                "a && b",
                "",
                "a\\ b c",
                "echo $$HOME",
                "a;b",
                "tab\tsep",
                "  lead",
                "a \"b\\\"c\"",
                "a|b",
                "echo ${NAME}",
                "x > y",
                "a\nb",
                "'' x",
                "\"\"",
            ])
        },
        |dice| texts(dice, &["echo", "-c", "a b", "", "$$X", "${NAME}", "5"]),
        |dice| dice.raw(&["null", "[]", "", "\"\""]),
    ])
}

pub fn extension(dice: &mut Dice) -> Node {
    dice.form(&[
        word,
        pair_map,
        |dice| dice.list(2, word),
        |dice| {
            dice.raw(&[
                "1",
                "1.5",
                "true",
                "null",
                "1e3",
                "{a: {b: [1, 2]}}",
                "\"2001-12-14\"",
                "0o14",
                "12345678901",
            ])
        },
    ])
}

/// As [`text_or_texts`], for keys whose list may hold one item twice.
pub fn text_or_list(dice: &mut Dice, from: &[&str]) -> Node {
    text_or_texts(dice, from)
}

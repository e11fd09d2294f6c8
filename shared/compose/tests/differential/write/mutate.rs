//! Breaks one thing.

use super::{scalars, variables};
use crate::{
    dice::Dice,
    tree::{Node, quoted, raw},
};

const ODD: [&str; 48] = [
    "null",
    "",
    "\"\"",
    "0",
    "-1",
    "1.5",
    "true",
    "false",
    "\"true\"",
    "yes",
    "[]",
    "{}",
    "x",
    "\"x y\"",
    "010",
    "0x10",
    "1e3",
    "~",
    "!!str 5",
    "2020-01-01",
    "${UNSET}",
    "$$",
    "${UNSET:?needed}",
    "[a, b]",
    "{a: b}",
    "[[a]]",
    "{a: }",
    "[1, 2]",
    "\"5\"",
    "5",
    "80",
    "a:b",
    "a=b",
    "./x",
    "/x",
    "1k",
    "10s",
    "service:web",
    "[null]",
    "[\"\"]",
    "!reset null",
    "!override []",
    "99999999999999999999",
    "-0",
    ".inf",
    "1_0",
    "0o8",
    "on",
];

const STRAY: [&str; 22] = [
    "imgae",
    "x-any",
    "image",
    "ports",
    "volumes",
    "command",
    "environment",
    "labels",
    "name",
    "external",
    "driver",
    "target",
    "source",
    "type",
    "test",
    "context",
    "replicas",
    "foo",
    "networks",
    "depends_on",
    "mode",
    "file",
];

/// Changes one thing somewhere below `root`.
pub fn mutate(dice: &mut Dice, root: &mut Node) {
    let size = root.size();
    if size < 2 {
        return;
    }
    let number = 1 + dice.below(size - 1);
    let kind = dice.below(12);
    let Some(node) = root.nth(number) else { return };
    match kind {
        0..=2 => *node = dice.raw(&ODD),
        3 => *node = dice.written_template(),
        4 => change_key(dice, node),
        5 => repeat_or_drop(dice, node),
        6 => {
            let mark = dice.pick(&["!reset", "!override", "!override"]);
            let inner = std::mem::replace(node, raw("null"));
            *node = Node::Mark(mark.to_owned(), Box::new(inner));
        }
        7 => {
            let inner = std::mem::replace(node, raw("null"));
            *node = Node::List(vec![inner]);
        }
        8 => {
            if let Node::List(items) = node {
                *node = items.first().cloned().unwrap_or_else(|| raw("null"));
            } else {
                *node = scalars::extension(dice);
            }
        }
        9 => *node = scalars::word(dice),
        10 => *node = scalars::pairs(dice),
        _ => *node = dice.raw(&ODD),
    }
}

fn change_key(dice: &mut Dice, node: &mut Node) {
    let Node::Map(entries) = node else {
        *node = dice.raw(&ODD);
        return;
    };
    let stray = dice.pick(&STRAY).to_owned();
    if entries.is_empty() || dice.chance(50) {
        let value = if dice.chance(70) { dice.raw(&ODD) } else { scalars::extension(dice) };
        entries.push((stray, value));
    } else {
        let at = dice.below(entries.len());
        entries[at].0 = match dice.below(4) {
            0 => stray,
            1 => format!("{}x", entries[at].0),
            2 => entries[at].0.to_uppercase(),
            _ => dice.pick(&["5", "a b", "\"\"", "true", "null", "a.b", "-a"]).to_owned(),
        };
    }
}

fn repeat_or_drop(dice: &mut Dice, node: &mut Node) {
    match node {
        Node::List(items) if !items.is_empty() => {
            let at = dice.below(items.len());
            if dice.chance(60) {
                let twin = items[at].clone();
                items.push(twin);
            } else {
                items.remove(at);
            }
        }
        Node::Map(entries) if !entries.is_empty() => {
            let at = dice.below(entries.len());
            if dice.chance(15) {
                let twin = entries[at].clone();
                entries.push(twin);
            } else {
                entries.remove(at);
            }
        }
        node => *node = dice.raw(&ODD),
    }
}

impl Dice {
    fn written_template(&mut self) -> Node {
        let template = variables::template(self, 2);
        if self.chance(50) { quoted(&template) } else { self.written(&template) }
    }
}

//! Environment, `.env` files and templates.

use super::scalars;
use crate::{dice::Dice, tree::Node};

pub const ENVIRONMENT: [(&str, &str); 9] = [
    ("NAME", "bob"),
    ("TWO", "2"),
    ("FLAG", "true"),
    ("HALF", "0.5"),
    ("SIZE", "64m"),
    ("TIME", "5s"),
    ("PORT", "8088"),
    ("EMPTY", ""),
    ("SPECIAL", "a b$c\"d'e"),
];

/// Files that `env_file` and `label_file` name: these, or lines as people type them.
pub fn files(dice: &mut Dice) -> [(&'static str, String); 3] {
    FILES.map(|(path, text)| (path, if dice.chance(40) { env_lines(dice) } else { text.to_owned() }))
}

const FILES: [(&str, &str); 3] = [
    (
        "app.env",
        "FROM_FILE=1\nQUOTED=\"a b\"\nREF=${NAME}-${FROM_FILE}\nexport E=x\nSINGLE='$NAME'\nA=file # note\nINHERIT\nNAME\n",
    ),
    ("more.env", "FROM_FILE=2\nMULTI=\"l1\nl2\"\nB=\nC_D: colon\n"),
    ("app.labels", "com.example.x=1\nlabel=two words\nA=from-file\n"),
];

/// Lines of an env file, each with its end: a name alone on a line without one is a fault of the reference.
fn env_lines(dice: &mut Dice) -> String {
    (0..dice.below(7)).map(|_| env_line(dice)).collect()
}

fn env_line(dice: &mut Dice) -> String {
    let end = dice.pick(&["\n", "\n", "\n", "\r\n", " \n", "\n\n", " # end\n"]);
    if dice.chance(15) {
        let line = dice.pick(&["# note", "NAME", "UNSET", "export NAME", "", "  # more", "a b=1"]);
        return format!("{line}\n");
    }
    let before = dice.pick(&["", "", "", "export ", "  ", "export  "]);
    let key = dice.pick(&["A", "B_C", "FROM_FILE", "NAME", "x.y", "a-b", "UNSET", "L1"]);
    let between = dice.pick(&["=", "=", "=", " = ", ":", ": ", "= "]);
    let value = dice.pick(&[
        "1",
        "a b",
        "\"a b\"",
        "'a $NAME'",
        "\"${NAME}\\n\"",
        "\"l1\nl2\"",
        "'l1\r\nl2'",
        "a#b",
        "a #b",
        "",
        "\"\"",
        "$NAME",
        "${UNSET:-d}",
        "\"\\$NAME\"",
        "'it\\'s'",
        "\"\\0101\\08\\c\\\\\"",
        "a=b",
        "{\"k\": \"v\"}",
        "é",
        "${FROM_FILE}x",
        "${A}-${L1}",
        "$$",
        "say \"hi\"",
    ]);
    format!("{before}{key}{between}{value}{end}")
}

pub fn env_file(dice: &mut Dice) -> Node {
    dice.form(&[
        |dice| scalars::text_or_texts(dice, &["app.env", "./more.env", "more.env"]),
        |dice| {
            dice.list(2, |dice| {
                let mut node = dice.keys(50, &[("required", scalars::flag)]);
                if let Node::Map(entries) = &mut node {
                    let missing = entries.iter().any(|(_, value)| *value == crate::tree::raw("false"));
                    let path = if missing { "none.env" } else { dice.pick(&["app.env", "./more.env"]) };
                    entries.push(("path".to_owned(), crate::tree::raw(path)));
                    if dice.chance(15) {
                        entries.push(("format".to_owned(), crate::tree::raw("raw")));
                    }
                }
                node
            })
        },
    ])
}

/// The text of a `.env` file.
pub fn dot_env(dice: &mut Dice) -> String {
    let lines = [
        "IMAGE=alpine",
        "TAG='3.20'",
        "IP=10.1.1.1",
        "DIR=./from-env",
        "NAME=ignored",
        "UNSET_NOW=",
        "export NESTED=${NAME}-x",
        "# note",
        "",
        "COMPOSE_PROFILES=dev,debug",
        "QUOTED=\"a \\\"b\\\" $NAME\"",
        "COMPOSE_PROJECT_NAME=from-dot-env",
        "SPACED = x",
        "H=a#b",
        "H2=a #b",
    ];
    let chosen = dice.some(&lines, 25);
    let text: String = chosen.iter().map(|line| format!("{line}\n")).collect();
    if dice.chance(30) { text + &env_lines(dice) } else { text }
}

/// A template as the text of a value.
pub fn template(dice: &mut Dice, depth: u32) -> String {
    let name = dice.pick(&["NAME", "UNSET", "EMPTY", "TWO", "SPECIAL", "unset_too", "IMAGE"]);
    let inner = |dice: &mut Dice| {
        if depth > 0 && dice.chance(40) {
            template(dice, depth - 1)
        } else {
            dice.pick(&["", "d", "a b", "x:y", "1", "a-b", "{}", "a}b", "?"]).to_owned()
        }
    };
    match dice.below(14) {
        0 => format!("${name}"),
        1 => format!("${{{name}}}"),
        2 => format!("${{{name}:-{}}}", inner(dice)),
        3 => format!("${{{name}-{}}}", inner(dice)),
        4 => format!("${{{name}:+{}}}", inner(dice)),
        5 => format!("${{{name}+{}}}", inner(dice)),
        6 => format!("${{{name}:?{}}}", inner(dice)),
        7 => format!("${{{name}?{}}}", inner(dice)),
        8 => "$$".to_owned(),
        9 => format!("$${name}"),
        10 => format!("{}{}", template_or(dice, depth), inner(dice)),
        11 => format!("pre-${{{name}}}-post"),
        12 => format!("${{{name}:-{}}}{}", inner(dice), template_or(dice, depth)),
        _ => dice
            .pick(&[
                "$", "a$", "$5", "${", "${}", "${1}", "${x y}", "$-", "${NAME", "${NAME!}", "${ NAME}",
                "$ {a}",
            ])
            .to_owned(),
    }
}

fn template_or(dice: &mut Dice, depth: u32) -> String {
    if depth == 0 { "t".to_owned() } else { template(dice, depth - 1) }
}

//! docs/rules.md is the rules' own words, and no finding is made without an entry in it.
#![expect(clippy::unwrap_used, reason = "a test says where it fails")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use composeyard_compose::{Severity, rules};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn reference() -> String {
    let mut page = "# Rules\n\n\
        Every finding of `composeyard check` and of the page has a code. This page is made from the rules themselves;\n\
        `UPDATE_RULES=1 cargo test -p composeyard-compose --test rules_reference` writes it anew.\n\n\
        ## Silence a finding\n\n\
        Hints, warnings and the rules from CY300 on can be silenced; what Compose itself refuses cannot.\n\n\
        | where | what it silences |\n|---|---|\n\
        | `# composeyard: ignore CY306` beside a line | that line |\n\
        | the same alone on a line | the next line that is no comment |\n\
        | `# composeyard: ignore-file CY306` | the file |\n\
        | `x-composeyard: {ignore: [CY306]}` at the top level | the file |\n\
        | the same in a service, a network, a port… | that mapping and what it holds |\n\n\
        Several codes may follow one another; a comment without a code silences all. A code that no rule has is reported\n\
        (CY331), and so is one that silences nothing (CY332). The comments do the same in the other files that services\n\
        read: configurations of nginx, env files.\n\n\
        ## All rules\n\n"
        .to_owned();
    page.push_str("| code | name | severity | what |\n|---|---|---|---|\n");
    for rule in rules::all() {
        let (code, name, what) = (rule.code, rule.name, rule.what);
        let anchor = code.to_lowercase();
        writeln!(page, "| [{code}](#{anchor}) | {name} | {} | {what} |", word(rule.severity)).unwrap();
    }
    for rule in rules::all() {
        writeln!(page, "\n## {}\n", rule.code).unwrap();
        writeln!(page, "`{}`, {}. {}\n", rule.name, word(rule.severity), rule.what).unwrap();
        writeln!(page, "**Why:** {}\n\n**What to do:** {}\n", rule.why, rule.how).unwrap();
        writeln!(page, "**Reference:** <{}>", rule.link).unwrap();
        if !rule.example.is_empty() {
            writeln!(page, "\n```yaml\n{}```", rule.example).unwrap();
        }
        if !rule.good.is_empty() {
            writeln!(page, "\nBetter:\n\n```yaml\n{}```", rule.good).unwrap();
        }
    }
    page
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

#[test]
fn the_page_says_what_the_rules_say() {
    let path = repository().join("docs/rules.md");
    let page = reference();
    if std::env::var_os("UPDATE_RULES").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &page).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap() == page, "write docs/rules.md anew with UPDATE_RULES=1");
}

#[test]
fn every_code_in_the_source_has_an_entry() {
    let mut codes = BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut codes);
    let known: BTreeSet<String> = rules::all().map(|rule| rule.code.to_owned()).collect();
    let missing: Vec<_> = codes.difference(&known).collect();
    assert!(codes.len() > 50 && missing.is_empty(), "no entry for {missing:?}");
}

/// Codes in string literals of all sources below a folder.
fn collect(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, codes);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for (at, _) in text.match_indices("\"CY") {
                let code: String = text[at + 1..].chars().take_while(char::is_ascii_alphanumeric).collect();
                let is_code = code.len() == 5 && text[at + 6..].starts_with('"');
                // CY200 and CY300 are bounds, not codes.
                if is_code && !["CY200", "CY300"].contains(&code.as_str()) {
                    codes.insert(code);
                }
            }
        }
    }
}

//! What this reader reads, it reads as the event parser does.

use proptest::prelude::*;

use super::{super::by_events, read};

/// As the event parser reads it, or not at all.
fn agrees(text: &str) -> Result<bool, TestCaseError> {
    let Some(documents) = read(text) else { return Ok(false) };
    let (by_events, error) = by_events(text);
    prop_assert_eq!(error, None, "{}", text);
    prop_assert_eq!(documents, by_events, "{}", text);
    Ok(true)
}

#[test]
fn everyday_files_are_read() {
    for text in [
        "a: b\n",
        "a: b # c\n# d\n\n  # e\nf:\n",
        "services:\n  app:\n    image: nginx:1.27\n    ports:\n      - \"80:80\"\n      - 81\n    command: [\"a\", 'b', c d]\n",
        "a:\n- b\n- c: d\n  e: f\n-\n- - g\n  - h\ni: {j: k, l: [m]}\n",
        "a: &x\n  b: &y c\nd: *y\ne:\n  <<: *x\n  f: [*y, *x]\n",
        "'it''s': \"a\\n\\\"b\\\"\"\nü: é # ö\n",
        "a: |\n  b\n    c\n\n  d\n\ne: |-\n  f\n# g\nh:\n  - >\n    i\n    j\n  - >-\n   k\n",
        "a: [\n  b, # c\n\n  {d: e,\n   f: [g]},\n  h,\n ]\ni: {\n  j:\n    k\n  }\n",
        "a:\n  b: [\n    c,\n  ]\n  d: e\n",
        "a: -1\nb: --flag\nc: http://x:80/y#z\nd: []\ne: {}\nf: a, b",
    ] {
        assert!(matches!(agrees(text), Ok(true)), "{text}");
    }
}

const PARTS: [&str; 50] = [
    "a: b",
    "c:",
    "- d",
    "-",
    "- e: f",
    "g: [h, \"i\"]",
    "j: {k: l}",
    "# m",
    "",
    "n: 'o' # p",
    "&q",
    "r: &s t",
    "u: *s",
    "<<: *s",
    "v: &w",
    "x: |",
    "x: |-",
    "x: >",
    "- >-",
    "- |",
    "[",
    "]",
    "a: {",
    "b,",
    "a: b, # c",
    "d: e}",
    "---",
    "...",
    "- - y",
    "z: \"\\n\\\"\"",
    "\"k\": 'it''s'",
    "a : b",
    "a: b: c",
    "a:b",
    "? a",
    ": b",
    "[a]",
    "{a: b}",
    "a: [b,",
    "c]",
    "a: !t b",
    "- &s b",
    "- *s",
    "a: \"b",
    "a: b #c",
    "a: b#c",
    "a: - b",
    "- [a, b]: c",
    "é: ü",
    "%x",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn what_is_read_is_read_as_by_the_event_parser(
        lines in prop::collection::vec((0_usize..4, 0_usize..PARTS.len()), 1..9),
    ) {
        let line = |(indent, part): &(usize, usize)| format!("{:1$}{2}\n", "", indent * 2, PARTS[*part]);
        agrees(&lines.iter().map(line).collect::<String>())?;
    }

    #[test]
    fn so_are_scalars_of_any_characters(text in "[a:#&*!|>'\"%@`{}\\[\\], ?\\\\é\n-]{0,12}") {
        agrees(&format!("k: {text}\nl: m\n"))?;
        agrees(&format!("- {text}\n"))?;
        agrees(&format!("k: [{text}]\n"))?;
        agrees(&format!("k:\n  [a,\n    {text}]\n"))?;
        agrees(&format!("k: |\n  {text}\n  b\n"))?;
        agrees(&format!("k: >-\n  b\n  {text}\nl: m\n"))?;
        agrees(&format!("{text}: [a]\n"))?;
    }
}

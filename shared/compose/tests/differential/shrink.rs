//! Makes a failing case smaller as long as it fails in the same way.

use super::{
    Bench,
    outcome::Question,
    write::{Case, Content},
};

/// Questions asked at most while shrinking one case.
const TRIALS: usize = 60;

/// The smallest files found, and how the answers differ.
pub fn report(bench: &Bench<'_>, mut case: Case, question: Question, mut found: String) -> String {
    let kind = |difference: &str| difference.split(':').next().unwrap_or_default().starts_with("only");
    let mut trials = 0;
    'again: while trials < TRIALS {
        for smaller in cuts(&case) {
            trials += 1;
            if trials > TRIALS {
                break;
            }
            if let Some(difference) = bench.ask(&smaller, question)
                && kind(&difference) == kind(&found)
            {
                (case, found) = (smaller, difference);
                continue 'again;
            }
        }
        break;
    }
    let mut report = format!("{question:?}: {found}\n");
    for (path, content) in &case.files {
        if matches!(content, Content::Yaml(_)) || path.starts_with('.') {
            report.push_str(&format!("  # {path}\n"));
            report.extend(content.text().lines().map(|line| format!("  {line}\n")));
        }
    }
    format!("{report}  profiles {:?}", case.profiles)
}

/// The case with one thing less, in all ways there are.
fn cuts(case: &Case) -> Vec<Case> {
    let mut cuts = Vec::new();
    for file in case.compose.iter().skip(1) {
        let mut smaller = case.clone();
        smaller.compose.retain(|known| known != file);
        smaller.files.remove(file);
        cuts.push(smaller);
    }
    if case.files.contains_key(".env") {
        let mut smaller = case.clone();
        smaller.files.remove(".env");
        cuts.push(smaller);
    }
    for (path, content) in &case.files {
        let Content::Yaml(root) = content else { continue };
        for node in root.smaller() {
            let mut smaller = case.clone();
            smaller.files.insert(path.clone(), Content::Yaml(node));
            cuts.push(smaller);
        }
    }
    cuts
}

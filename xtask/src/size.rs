//! Bytes of everything the first screen loads, raw and brotli, against a recorded limit that only goes down.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

const LIMIT: &str = "xtask/size-limit.txt";
/// Growth that is noise: a changed hash, a longer name.
const SLACK: u64 = 1024;

/// Prints the table; fails when the compressed sum is over the limit.
pub(crate) fn run(accept: bool) -> Result<()> {
    let files = first_screen()?;
    let mut sum = (0, 0);
    println!("{:>10} {:>10}  file", "raw", "brotli");
    for file in &files {
        let raw = fs::metadata(Path::new("dist").join(file)).with_context(|| file.clone())?.len();
        let compressed = fs::metadata(format!("dist/{file}.br")).map_or(raw, |meta| meta.len());
        sum = (sum.0 + raw, sum.1 + compressed);
        println!("{raw:>10} {compressed:>10}  {file}");
    }
    println!("{:>10} {:>10}  first screen", sum.0, sum.1);
    if accept {
        return Ok(fs::write(LIMIT, format!("{}\n", sum.1))?);
    }
    let limit: u64 = fs::read_to_string(LIMIT)?.trim().parse().with_context(|| LIMIT.to_owned())?;
    println!("{limit:>21}  limit");
    if sum.1 > limit + SLACK {
        bail!(
            "the first screen grew from {limit} to {} bytes (brotli). Make it smaller, or say why in the commit and \
             record it: cargo xtask size --accept",
            sum.1
        );
    }
    Ok(())
}

/// index.html and every file of dist/ that it names, in its order.
fn first_screen() -> Result<Vec<String>> {
    let html = fs::read_to_string("dist/index.html").context("dist/index.html: run cargo xtask build")?;
    let mut files = vec!["index.html".to_owned()];
    for quoted in html.split(['"', '\'']).skip(1).step_by(1) {
        let name = quoted.trim_start_matches("./").trim_start_matches('/');
        let known =
            !name.is_empty() && !name.contains(['<', '\n', ' ']) && Path::new("dist").join(name).is_file();
        if known && !files.iter().any(|file| file == name) {
            files.push(name.to_owned());
        }
    }
    Ok(files)
}

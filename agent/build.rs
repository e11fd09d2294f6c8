//! Makes cargo embed dist/ anew when it changes. A folder that does not exist cannot be watched, so it is made.

use std::fs;
use std::path::Path;

fn main() {
    for folder in ["../dist", "../static/stacks"] {
        if !Path::new(folder).exists() {
            // Without the folder the agent is built all the same, only watched less well.
            let _ = fs::create_dir_all(folder);
        }
        println!("cargo::rerun-if-changed={folder}");
    }
}

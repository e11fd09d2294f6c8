//! `composeyard`: see [`composeyard::cli`].

use std::process::ExitCode;

/// Trees of many small texts are made and dropped on each load.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    composeyard::cli::main()
}

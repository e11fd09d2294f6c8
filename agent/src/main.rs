//! `composeyard`: see [`composeyard::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    composeyard::cli::main()
}

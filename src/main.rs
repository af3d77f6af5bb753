//! The `cwql` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cwql::cli::main(std::env::args_os()))
}

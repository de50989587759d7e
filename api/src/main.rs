//! The binary `framdrift`.

use std::process::ExitCode;

fn main() -> ExitCode {
    framdrift::cli::main()
}

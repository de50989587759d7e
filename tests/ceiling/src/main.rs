//! What `tests/bench` holds the service against: `serve`, bare handlers with hand-written statements over the same rows,
//! on the same engine with the same settings, and `load`, the requests that both are asked with.

mod higher;
mod load;
mod pools;
mod reports;
mod rows;
mod served;

use std::process::ExitCode;

use clap::Parser;

/// The ceiling, and the load.
#[derive(Parser)]
enum Command {
    /// Answers without login, rights, journal of who and why, or formats: what is left is the engine and the framework.
    Serve(served::Options),
    /// Asks a server from so many connections for so long, and tells how many answers came and how soon.
    Load(load::Options),
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Serve(options) => served::run(options),
        Command::Load(options) => load::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

//! Measurements of the generated client beside its peers.
//!
//! `pacing` drains a rate-limited server, `overhead` counts what a call costs, `decode` reads a
//! large page, `pages` drains a long list, `soak` does some of that for long. `server` runs in a
//! process of its own, so that it is neither counted nor in the way of a client's runtime.

mod bars;
mod decode;
mod example;
mod memory;
mod options;
pub mod overhead;
mod pacing;
mod pages;
mod server;
mod soak;
mod stats;
mod table;

use std::error::Error;
use std::process::ExitCode;

use options::{Help, Usage};

/// What may fail in a measurement, for any reason.
pub type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// The key that is sent; nobody looks at it.
const KEY: &str = "bench-key";

const COMMANDS: &str = "pacing, overhead, decode, pages or soak";

/// Runs the command that the first word names.
#[must_use]
pub fn run(words: Vec<String>) -> ExitCode {
    match command(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<Help>() => {
            print!("{error}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn command(words: &[String]) -> Outcome {
    let (command, words) = words.split_first().ok_or_else(|| Usage::new(COMMANDS))?;
    match command.as_str() {
        "pacing" => pacing::run(words),
        "overhead" => overhead::run(words),
        "decode" => decode::run(words),
        "pages" => pages::run(words),
        "soak" => soak::run(words),
        // Started by the commands above, in processes of their own.
        "serve" => server::serve(words),
        "call" => overhead::call(words),
        "read" => pages::read(words),
        _ => Err(Usage::new(format!("no command `{command}`: {COMMANDS}")).into()),
    }
}

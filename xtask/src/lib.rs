//! The runner behind `cargo xtask`, as a library so that tests call what the command calls.
//!
//! [`args`] reads the command line, [`codegen`] and [`corpus`] compile documents, [`mod@sync`] is the
//! only code that writes generated files, [`diff`] shows what it would write, [`ci`] runs all that
//! CI runs, [`mod@dist`] publishes the document, [`features`] builds the client with each set of its features, [`mod@bench`] starts the
//! measurements of the client, [`growth`] measures the compiler, [`tour`] shows the client at work.

pub mod args;
pub mod bench;
pub mod ci;
mod clients;
pub mod codegen;
pub mod corpus;
pub mod diff;
pub mod dist;
pub mod failure;
mod fake;
pub mod features;
mod fuzz;
pub mod growth;
pub mod help;
mod install;
mod languages;
mod lint;
mod published;
pub mod reference;
pub mod root;
mod schemathesis;
pub mod spec;
pub mod sync;
mod tools;
pub mod tour;
pub mod version;

use std::ffi::OsString;
use std::io::Write;

pub use args::Command;
pub use failure::Failure;
pub use sync::{Change, Kind, Mode, sync};

/// Where the command's words go: results to `out`, problems to `err`.
pub struct Console<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
}

/// Runs the command that these words name and returns the exit code: 0 done, 1 the document or a
/// check failed, 2 the words make no sense.
pub fn run(words: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> u8 {
    let outcome = Command::read(words).and_then(|command| execute(&command, console));
    match outcome {
        Ok(()) => 0,
        Err(failure) => {
            // With standard error closed there is nobody left to tell.
            let _ = write!(console.err, "{failure}");
            failure.exit_code()
        }
    }
}

fn execute(command: &Command, console: &mut Console<'_>) -> Result<(), Failure> {
    match command {
        Command::Help => Ok(console.out.write_all(help::TEXT.as_bytes())?),
        Command::Codegen(job, listing) => codegen::run(job, *listing, console),
        Command::Ci(layers) => ci::run(layers, console),
        Command::Tour => tour::run(console),
        Command::Dist(job) => dist::run(job, console),
        Command::SpecDiff { old, new } => spec::diff(old, new, console),
        Command::Corpus { folders, compile } => corpus::run(folders, *compile, console),
        Command::Bench(words) => bench::run(words, console),
        Command::Growth(words) => growth::run(words, console),
        Command::GrowthDocument(document) => growth::document(document, console),
        Command::CorpusDocument { document, crate_name, probe: true, .. } => {
            corpus::worker::probe(document, crate_name, console)
        }
        Command::CorpusDocument { document, crate_name, out, .. } => {
            corpus::worker::run(document, crate_name, out.as_deref(), console)
        }
    }
}

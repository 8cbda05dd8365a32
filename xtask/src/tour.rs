//! `cargo xtask tour`: compiles the document and starts the tour, an example of the fake server.
//!
//! Cargo starts it, so that neither the fake nor the client is linked here.

use std::env;
use std::io::IsTerminal;
use std::process::Command;

use crate::args::{Codegen, Listing};
use crate::{Console, Failure, Mode, codegen, root};

/// Compiles, and then shows what came of it.
pub fn run(console: &mut Console<'_>) -> Result<(), Failure> {
    codegen::run(&Codegen::Client(Mode::Write), Listing::Brief, console)?;
    writeln!(
        console.out,
        "building the client and the fake server, for minutes the first time ..."
    )?;
    console.out.flush()?;
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .arg("run")
        // Who watches sees that something goes on.
        .args((!std::io::stderr().is_terminal()).then_some("--quiet"))
        .args(["--package", "amplitude-experiment-fake", "--example", "tour"])
        .current_dir(root::find()?)
        .status()
        .map_err(|error| Failure::new(format_args!("cargo cannot be started: {error}")))?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new(format_args!("the tour ended with {status}"))),
    }
}

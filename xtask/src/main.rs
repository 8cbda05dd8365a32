//! `cargo xtask`: see `cargo xtask help`.

use std::env;
use std::io;
use std::process::ExitCode;

use xtask::Console;

fn main() -> ExitCode {
    let mut console = Console { out: &mut io::stdout().lock(), err: &mut io::stderr() };
    ExitCode::from(xtask::run(env::args_os().skip(1), &mut console))
}

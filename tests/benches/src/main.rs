//! `cargo xtask bench` and `cargo xtask soak` start this.

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    benches::run(env::args().skip(1).collect())
}

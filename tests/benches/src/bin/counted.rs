//! Calls, with an allocator that counts: `overhead` starts this. A binary of its own, since counting
//! would slow down what is timed.

use std::alloc::System;
use std::env;
use std::process::ExitCode;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let allocations = || {
        let stats = ALLOCATOR.stats();
        stats.allocations + stats.reallocations
    };
    match benches::overhead::count(&words, allocations) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

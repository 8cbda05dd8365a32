//! The promise of the pacer, on random schedules.
//!
//! `cargo test` runs a fixed choice of schedules. `PROPTEST_CASES=20000 PROPTEST_RNG_SEED=7` makes
//! it run more, and others; each seed names the same schedules on every machine.
mod budgets;
mod check;
mod clocks;
mod deadlines;
mod model;
mod named;
mod overload;
mod premise;
mod run;
mod schedule;
mod world;

#[allow(dead_code, reason = "the runtime uses more of it")]
#[path = "../../src/runtime/connections.rs"]
mod connections;
#[path = "../../src/runtime/slots.rs"]
mod slots;

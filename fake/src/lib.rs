#![doc = include_str!("../README.md")]

mod body;
mod call;
mod clock;
mod extras;
mod fake;
mod fault;
mod limits;
mod line;
mod log;
mod operations;
mod refusal;
mod route;
mod schema;
mod seed;
mod server;
mod service;
mod snapshot;
// Generated, and laid out as all that is.
#[rustfmt::skip]
mod spec;
mod state;
mod strict_json;
mod walk;

pub use clock::Clock;
pub use fake::{Fake, FakeBuilder, KEY, PROJECT};
pub use fault::Fault;
pub use limits::{Limits, RetryAfter, Window};
pub use log::Recorded;
pub use seed::{Seed, SeedError};
pub use snapshot::Snapshot;
pub use spec::Operation;

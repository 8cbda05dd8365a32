//! A service on this machine, in a process of its own.

mod answer;
mod limiter;
mod process;
mod serve;

use serde::{Deserialize, Serialize};

pub use limiter::{LIMIT, MODES, Mode, WINDOW};
pub use process::ServerProcess;
pub use serve::serve;

/// What path of a request tells that it is not ours.
pub const FOREIGN: &str = "foreign-";

/// What the service is like.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Settings {
    /// Whether and how it counts; it accepts all requests without.
    pub mode: Option<Mode>,
    /// The round trip, half of it each way.
    pub rtt_ms: u64,
    /// What is added to each way at random, at most.
    pub jitter_ms: u64,
    /// Whether a refusal names a time to wait: one second.
    pub retry_after: bool,
    /// Flags in each page of the list.
    pub page_items: usize,
    /// Pages of the list.
    pub pages: u64,
    /// Whether the flags in them are as small as can be.
    pub small: bool,
}

/// What the service saw since it was started.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Report {
    pub ours: Seen,
    pub foreign: Seen,
    /// The most requests that it counted in any second, refused ones included.
    pub peak: usize,
}

/// Requests of one kind.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
pub struct Seen {
    pub requests: usize,
    pub refused: usize,
}

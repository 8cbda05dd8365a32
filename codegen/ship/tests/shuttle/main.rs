//! The pacer's state between threads. The files are those of the runtime, over the locks of
//! `shuttle`, which runs them in many orders of events.
//!
//! `SHUTTLE_ITERATIONS=100000` makes it run more of them. A failure prints the order it needs.
#![allow(dead_code, reason = "the runtime uses more of its files")]

#[path = "../../src/runtime/clock.rs"]
mod clock;
#[path = "../../src/runtime/connections.rs"]
mod connections;
#[path = "../../src/runtime/day.rs"]
mod day;
#[path = "../../src/runtime/gate.rs"]
mod gate;
#[path = "../../src/runtime/limits.rs"]
mod limits;
#[path = "../../src/runtime/line.rs"]
mod line;
#[path = "../../src/runtime/pacer.rs"]
mod pacer;
#[path = "../../src/runtime/pacing.rs"]
mod pacing;
#[path = "../../src/runtime/permit.rs"]
mod permit;
#[path = "../../src/runtime/slots.rs"]
mod slots;

mod calls;
mod drops;
mod world;

mod sync {
    pub(super) use shuttle::sync::{Mutex, MutexGuard, PoisonError};
}

mod transport {
    pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
}

mod failure {
    #[derive(Debug)]
    pub struct ConfigError;

    impl ConfigError {
        pub fn new(_: &'static str) -> Self {
            Self
        }
    }
}

mod error {
    #[derive(Debug)]
    pub enum Error {
        Config(super::failure::ConfigError),
    }

    impl From<super::failure::ConfigError> for Error {
        fn from(error: super::failure::ConfigError) -> Self {
            Self::Config(error)
        }
    }
}

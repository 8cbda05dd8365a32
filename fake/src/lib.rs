//! An in-memory server of the Amplitude Experiment Management API, for tests and demos.
//!
//! **Unofficial.** Not affiliated with Amplitude, Inc. It behaves as the public documentation and
//! public observations say, and decides where they say nothing; it is not the service.
//!
//! ```
//! use amplitude_experiment_fake::{Fake, Fault};
//! use amplitude_experiment_management::{Client, models::FlagCreate};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let fake = Fake::builder().start().await?;
//! let client = Client::builder(fake.key()).base_url(fake.base_url()).build()?;
//!
//! fake.inject(Fault::refusal("1"));
//! let made = client.flags().create(FlagCreate::new("217854", "dark-mode")).await?;
//! fake.inject(Fault::closed());
//! let flag = client.flags().get(&made.id).await?;
//!
//! assert_eq!(flag.key, "dark-mode");
//! // Each of the two calls was sent twice, and one flag was made.
//! assert_eq!(fake.requests().len(), 4);
//! # Ok(())
//! # }
//! ```

mod body;
mod call;
mod clock;
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
#[rustfmt::skip]
mod spec;
mod state;
mod strict_json;

pub use clock::Clock;
pub use fake::{Fake, FakeBuilder, KEY, PROJECT};
pub use fault::Fault;
pub use limits::{Limits, RetryAfter, Window};
pub use log::Recorded;
pub use seed::{Seed, SeedError};
pub use snapshot::Snapshot;
pub use spec::Operation;

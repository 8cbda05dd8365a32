//! The clients that are compared.

use std::sync::Arc;
use std::time::Duration;

use amplitude_experiment_management::BoxFuture;

use super::limited::{Limited, Limiter};
use super::middleware::Middleware;
use super::ours::Ours;
use super::queue::Queue;
use super::starts::Starts;
use crate::Outcome;

/// Something that can ask for a flag by its number.
pub trait Caller: Send + Sync {
    /// Asks until the flag is here or the client gives up; says whether it is here.
    fn call(&self, number: usize) -> BoxFuture<'_, bool>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contender {
    Ours,
    Bare,
    RetryAfter,
    Retry3,
    Retry300,
    Governor,
    GovernorBurst1,
    Tower,
    LeakyBucket,
}

pub const CONTENDERS: [(&str, Contender); 9] = [
    ("ours", Contender::Ours),
    ("bare", Contender::Bare),
    ("retry-after", Contender::RetryAfter),
    ("reqwest-retry-3", Contender::Retry3),
    ("reqwest-retry-300s", Contender::Retry300),
    ("governor", Contender::Governor),
    ("governor-burst-1", Contender::GovernorBurst1),
    ("tower", Contender::Tower),
    ("leaky-bucket", Contender::LeakyBucket),
];

/// Those that are compared without being named: the ones that come to an end soon on all servers.
pub const DEFAULT: [Contender; 8] = [
    Contender::Ours,
    Contender::Bare,
    Contender::RetryAfter,
    Contender::Retry3,
    Contender::Governor,
    Contender::GovernorBurst1,
    Contender::Tower,
    Contender::LeakyBucket,
];

/// Tries of a client that honours `Retry-After`.
const PATIENT: u32 = 10;

impl Contender {
    pub fn title(self) -> &'static str {
        match self {
            Self::Ours => "**this client**",
            Self::Bare => "reqwest, no retry",
            Self::RetryAfter => "reqwest, Retry-After honoured, no pacing",
            Self::Retry3 => "reqwest-retry, 3 retries as in the README",
            Self::Retry300 => "reqwest-retry, retries for 300 s",
            Self::Governor => "governor 100/s, Retry-After honoured",
            Self::GovernorBurst1 => "governor 100/s burst 1, Retry-After honoured",
            Self::Tower => "tower RateLimit + Buffer, Retry-After honoured",
            Self::LeakyBucket => "leaky-bucket 100/1 s, Retry-After honoured",
        }
    }

    /// A client of this kind, of a service at `base`.
    pub fn start(self, base: &str, starts: Arc<Starts>) -> Outcome<Arc<dyn Caller>> {
        let http = http_client()?;
        let base = base.to_owned();
        let limited = |limiter, tries, http, base, starts| -> Arc<dyn Caller> {
            Arc::new(Limited { limiter, tries, http, base, starts })
        };
        Ok(match self {
            Self::Ours => Arc::new(Ours::start(&base, http, starts)?),
            Self::Bare => limited(Limiter::None, 1, http, base, starts),
            Self::RetryAfter => limited(Limiter::None, PATIENT, http, base, starts),
            Self::Governor => limited(Limiter::governor(None), PATIENT, http, base, starts),
            Self::GovernorBurst1 => {
                limited(Limiter::governor(Some(1)), PATIENT, http, base, starts)
            }
            Self::LeakyBucket => limited(Limiter::leaky_bucket(), PATIENT, http, base, starts),
            Self::Tower => Arc::new(Queue::start(base, http, starts, PATIENT)),
            Self::Retry3 => Arc::new(Middleware::retries(3, base, http, starts)),
            Self::Retry300 => {
                Arc::new(Middleware::total(Duration::from_secs(300), base, http, starts))
            }
        })
    }
}

/// What all of them send with: that of this client, which sends nothing a second time by itself.
pub fn http_client() -> Outcome<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .pool_idle_timeout(Duration::from_secs(50))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy();
    Ok(builder.build()?)
}

//! How fast a client sends: the settings, and what clients share.
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::error::Error;
use super::failure::ConfigError;
use super::limits::RateLimits;
use super::pacing::Pacing;
use super::transport::BoxFuture;

/// How long a request may travel until the service counts it.
const HOLD: Duration = Duration::from_millis(250);

/// Requests that are under way at the same time: a second's worth at the most common limit. Fewer would
/// leave slots unused on a long way, where all of a second's requests travel together.
const MAX_IN_FLIGHT: usize = 100;

/// Keeps a client within the limits of the service.
///
/// Without one, each client and its clones keep to the limits that the document of the API names,
/// here and in no other process. A clone of a pacer is the same pacer: give it to several clients
/// that share one limit. A pacer that is changed after cloning is a new one.
///
/// # How it works
///
/// There are as many slots as the service takes requests in a second. A request takes one; it is
/// free again a second after the moment by which the service must have counted the request: when
/// its answer came, and at the latest the hold cap after it was sent. As long as no request travels
/// for longer than that, the service never counts more than the limit in any second, whether it
/// looks at a sliding second, at whole seconds or at a bucket. Calls are served in the order in which they came.
///
/// After a refusal (429) nobody sends for as long as the service asks, or a second; then a single
/// request tries, and if it is accepted, the others follow, at 70 % of the rate, which grows back by
/// two requests per second each second. This leaves room for others who use the same limit.
///
/// A call whose future is kept and not polled is passed over after a quarter of a second, together
/// with all others like it; when it is polled, it stands at its place again.
#[derive(Clone)]
#[must_use = "a pacer has no effect until it is given to a builder"]
pub struct Pacer {
    settings: PacerSettings,
    shared: Arc<OnceLock<Arc<Pacing>>>,
}

#[derive(Clone)]
pub(super) struct PacerSettings {
    rate: Rate,
    pub(super) hold: Option<Duration>,
    pub(super) max_in_flight: usize,
    pub(super) daily_budget: Option<u64>,
    pub(super) budget: Option<Arc<dyn Budget>>,
}

impl PacerSettings {
    pub(super) fn new() -> Self {
        Self {
            rate: Rate::Document,
            hold: Some(HOLD),
            max_in_flight: MAX_IN_FLIGHT,
            daily_budget: None,
            budget: None,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Rate {
    Document,
    PerSecond(u32),
    Off,
}

impl Default for Pacer {
    fn default() -> Self {
        Self::new()
    }
}

impl Pacer {
    /// Keeps to the limits that the document of the API names.
    pub fn new() -> Self {
        Self::with_rate(Rate::Document)
    }

    /// Sends at most this many requests in any second. 0 is refused when the client is built.
    ///
    /// Give a share of the limit to each of several processes that are busy at the same time.
    pub fn per_second(requests: u32) -> Self {
        Self::with_rate(Rate::PerSecond(requests))
    }

    /// Does not pace: each call is sent at once, and waits only for itself after a refusal. Requests
    /// of the day are still counted.
    pub fn off() -> Self {
        Self::with_rate(Rate::Off)
    }

    fn with_rate(rate: Rate) -> Self {
        Self { settings: PacerSettings { rate, ..PacerSettings::new() }, shared: Arc::default() }
    }

    fn change(mut self, change: impl FnOnce(&mut PacerSettings)) -> Self {
        change(&mut self.settings);
        self.shared = Arc::default();
        self
    }

    /// The longest time that a request is taken to travel until the service counts it: 250 ms.
    ///
    /// On a service that is slow to answer this keeps the rate at four fifths of the limit or more.
    /// A request that travels for longer may be counted together with later ones, so that the
    /// service refuses a few; these are waited out like all refusals. With `None` only the answer
    /// frees a slot, or the end of the call: a service that takes one second to answer is used at
    /// half of its limit, and nothing is assumed of the network but that a request is counted before
    /// its call is given up. While connections are being made, after four seconds in which none was
    /// used (the service may have closed them), and with a service that closes them after each
    /// answer, the cap is the time for connecting; a call that is given up meanwhile holds its slot
    /// for as long. Connections are counted for all runtimes together: the first requests of a
    /// client in a further runtime may be counted as travelling on those of another.
    pub fn hold_cap(self, cap: impl Into<Option<Duration>>) -> Self {
        self.change(|settings| settings.hold = cap.into())
    }

    /// Requests under way at the same time: 100. With a round trip of a second this is also the most
    /// per second, and over HTTP/1.1 the most connections. Over HTTP/2 a connection mostly takes 100
    /// or more; for a service that allows fewer, set this to as many: a request that waits within
    /// its connection counts as travelling meanwhile. A request that is kept and not polled counts until a quarter of a second after
    /// its attempt is over. 0 is refused when the client is built.
    pub fn max_in_flight(self, requests: usize) -> Self {
        self.change(|settings| settings.max_in_flight = requests)
    }

    /// Sends at most this many requests in a day, which starts at 00:00 UTC; later calls fail at
    /// once. Leaves room in the service's limit for others. Counted here, in this process. 0 is
    /// refused when the client is built.
    pub fn daily_budget(self, requests: u64) -> Self {
        self.change(|settings| settings.daily_budget = Some(requests))
    }

    /// Asks `budget` before each request, for a limit that several machines share. The rate of the
    /// pacer then counts only while the budget cannot be reached.
    pub fn shared_budget(self, budget: impl Budget) -> Self {
        self.change(|settings| settings.budget = Some(Arc::new(budget)))
    }

    /// The state behind this pacer, made by the first client that is built with it.
    pub(super) fn start(
        &self,
        limits: Option<RateLimits>,
        now: Instant,
    ) -> Result<Arc<Pacing>, Error> {
        let rate = match self.settings.rate {
            Rate::Document => limits.and_then(|limits| limits.per_second),
            Rate::PerSecond(rate) => Some(rate),
            Rate::Off => None,
        };
        let problem = if rate == Some(0) {
            "a pacer of 0 requests per second never sends; Pacer::off() does not pace"
        } else if self.settings.max_in_flight == 0 {
            "a pacer with 0 requests in flight never sends"
        } else if self.settings.daily_budget == Some(0) {
            "a daily budget of 0 requests never sends"
        } else {
            let settings = || Pacing::new(rate, limits, self.settings.clone(), now);
            return Ok(self.shared.get_or_init(|| Arc::new(settings())).clone());
        };
        Err(ConfigError::new(problem).into())
    }
}

impl fmt::Debug for Pacer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pacer")
            .field("rate", &self.settings.rate)
            .field("hold_cap", &self.settings.hold)
            .field("max_in_flight", &self.settings.max_in_flight)
            .field("daily_budget", &self.settings.daily_budget)
            .field("shared_budget", &self.settings.budget.is_some())
            .finish()
    }
}

/// A limit that several machines share, such as a counter in a database.
///
/// Give out starts, not permissions to ask again: a call that is told "in 120 ms" keeps its place.
/// The answers of the service are not seen by whoever counts, so keep the starts of 101 requests
/// 1.06 s apart rather than one second, for 100 per second.
pub trait Budget: Send + Sync + 'static {
    /// Waits until one request may be sent, and counts it. The future is dropped when the deadline
    /// of the call comes.
    fn reserve(&self) -> BoxFuture<'_, Result<(), BudgetError>>;
}

/// Why a shared budget gives no start.
#[derive(Debug)]
#[non_exhaustive]
pub enum BudgetError {
    /// The share of the day is used up. The call fails.
    Spent {
        /// The time until there is more.
        retry_in: Duration,
    },
    /// Whoever counts cannot be reached. The call goes on at the rate of the local pacer.
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for BudgetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spent { .. } => f.write_str("the shared budget is used up"),
            Self::Unavailable(_) => f.write_str("the shared budget cannot be reached"),
        }
    }
}

impl std::error::Error for BudgetError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Spent { .. } => None,
            Self::Unavailable(source) => Some(&**source),
        }
    }
}

//! How often and how long a call is tried.
use std::time::Duration;

/// The time of a call, if the user does not say.
const DEADLINE: Duration = Duration::from_secs(120);

/// The patience of a client: attempts, waits and the deadline of a call.
///
/// The defaults suit most uses. A refusal (429) is tried again for every operation, since it was
/// not executed. Other failures are tried again where the operation allows it.
#[derive(Debug, Clone)]
#[must_use = "settings have no effect until they are given to a builder"]
pub struct Retry {
    pub(super) attempts: u32,
    pub(super) refusal_attempts: u32,
    deadline: Option<Duration>,
    pub(super) backoff: Duration,
    pub(super) longest_backoff: Duration,
    pub(super) refusal_wait: Duration,
    pub(super) longest_hint: Duration,
    pub(super) budget: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 3,
            refusal_attempts: 8,
            deadline: None,
            backoff: Duration::from_millis(200),
            longest_backoff: Duration::from_secs(5),
            refusal_wait: Duration::from_secs(1),
            longest_hint: Duration::from_secs(60),
            budget: 100,
        }
    }
}

impl Retry {
    /// One attempt, whatever comes. For a single call the client's deadline stays.
    pub fn off() -> Self {
        Self::default().attempts(1).refusal_attempts(1)
    }

    /// Attempts in all when the network or the service fails: 3.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Attempts in all when the service refuses with 429: 8.
    pub fn refusal_attempts(mut self, attempts: u32) -> Self {
        self.refusal_attempts = attempts.max(1);
        self
    }

    /// The time of a call, all attempts and waits included: 120 s, or for a single call what its
    /// client has.
    ///
    /// A wait that would pass it, or leave the next attempt less than a tenth of it (100 ms are
    /// always enough), is not begun; the call then ends at once.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The time of a call by this, or else by the settings of its client.
    pub(super) fn deadline_or(&self, client: &Self) -> Duration {
        self.deadline.or(client.deadline).unwrap_or(DEADLINE)
    }

    /// The wait after a failure: at random between a quarter of `first` and `first`, which doubles
    /// with each failure up to `longest`. 200 ms and 5 s.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.backoff = first;
        self.longest_backoff = longest;
        self
    }

    /// The wait after a refusal that names none, and the least wait after any: 1 s. Up to a
    /// quarter of it comes on top at random. With a pacer, everybody waits, and the wait grows to
    /// 2, 4, 8 and 15 times as long while requests that go out alone are refused.
    pub fn refusal_wait(mut self, wait: Duration) -> Self {
        self.refusal_wait = wait;
        self
    }

    /// The longest wait that the service may ask for: 60 s. If it asks for more, the call ends at
    /// once and the error tells how long. With a pacer, later calls do too until that time.
    pub fn longest_hint(mut self, wait: Duration) -> Self {
        self.longest_hint = wait;
        self
    }

    /// The retry budget of a client and its clones: 100. Each retry after a failure costs 10, each
    /// call that succeeds gives back 1; without budget a failure is final. On a service that is
    /// down this ends all retrying after ten retries, however many calls there are; later about
    /// every tenth call may retry. Refusals (429) cost nothing. Only the client's own setting
    /// counts, not that of a single call.
    pub fn budget(mut self, tokens: u32) -> Self {
        self.budget = tokens;
        self
    }
}

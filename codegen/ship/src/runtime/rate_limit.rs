//! The error of a call that the limits do not let through.
use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use super::answer::ApiError;
use super::date::DateTime;
use super::day::Closed;
use super::failure::Call;
use super::limits::{Evidence, LimitScope};
use super::permit::Refusal;

/// Too many requests: the service refused the call until its attempts, its deadline or its patience
/// ran out, or nothing was sent because it would be refused.
///
/// Nothing was executed by an attempt that was refused.
#[derive(Debug)]
pub struct RateLimitError {
    pub(super) call: Call,
    answer: Option<ApiError>,
    scope: LimitScope,
    evidence: Evidence,
    resets_at: Option<SystemTime>,
    retry_in: Duration,
    owner: Option<&'static str>,
}

impl RateLimitError {
    pub(super) fn refused(
        answer: ApiError,
        refusal: &Refusal,
        owner: Option<&'static str>,
    ) -> Self {
        Self {
            call: Call::default(),
            answer: Some(answer),
            scope: refusal.scope,
            evidence: refusal.evidence,
            resets_at: refusal.resets_at,
            retry_in: refusal.wait,
            owner,
        }
    }

    /// Nothing is sent at present.
    pub(super) fn closed(closed: Closed, owner: Option<&'static str>, now: Instant) -> Self {
        Self {
            call: Call::default(),
            answer: None,
            scope: closed.scope,
            evidence: closed.evidence,
            resets_at: closed.resets_at,
            retry_in: closed.until.saturating_duration_since(now),
            owner,
        }
    }

    /// The last refusal; `None` if nothing was sent because it would be refused.
    #[must_use]
    pub fn answer(&self) -> Option<&ApiError> {
        self.answer.as_ref()
    }

    /// What is used up.
    #[must_use]
    pub fn scope(&self) -> LimitScope {
        self.scope
    }

    /// How this is known.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        self.evidence
    }

    /// When requests are accepted again, by this machine's clock: as the service says, or at the end
    /// of the service's day. `None` if it lies beyond what the clock can hold.
    #[must_use]
    pub fn resets_at(&self) -> Option<SystemTime> {
        self.resets_at
    }

    /// The time from the refusal to then.
    #[must_use]
    pub fn retry_in(&self) -> Duration {
        self.retry_in
    }

    pub(super) fn redact(&mut self, secret: &str) {
        if let Some(answer) = &mut self.answer {
            answer.redact(secret);
        }
    }

    fn write_reason(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scope {
            LimitScope::Daily => {
                f.write_str("the requests of the day are used up")?;
                if let Some(owner) = self.owner {
                    write!(f, " for the {owner}")?;
                }
                Ok(())
            }
            LimitScope::DailyLocal => f.write_str("this client's requests of the day are used up"),
            LimitScope::Short | LimitScope::Long => match &self.answer {
                Some(answer) if answer.message().is_empty() => write!(f, "{}", answer.status()),
                Some(answer) => write!(f, "{}: {}", answer.status(), answer.message()),
                None => f.write_str("the service takes no requests"),
            },
        }
    }

    fn write_end(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("; requests are accepted again")?;
        if let (Some(at), true) = (self.resets_at, self.scope != LimitScope::Short) {
            write!(f, " at {}", DateTime::from(to_second(at)))?;
        }
        f.write_str(" in ")?;
        write_time(f, self.retry_in)?;
        match self.evidence {
            Evidence::Inferred => f.write_str(
                ", which is inferred from several refusals of requests that went out alone",
            ),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for RateLimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.call.prefix())?;
        self.write_reason(f)?;
        self.call.suffix(f)?;
        self.write_end(f)
    }
}

impl std::error::Error for RateLimitError {}

/// The nearest whole second.
fn to_second(at: SystemTime) -> SystemTime {
    let half = Duration::from_millis(500);
    let time = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().saturating_add(half);
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(time.as_secs())).unwrap_or(at)
}

/// A time as people say it: `850 ms`, `12 s`, `5 min 3 s`, `5 h 12 min`.
fn write_time(f: &mut fmt::Formatter<'_>, time: Duration) -> fmt::Result {
    let seconds = time.as_secs();
    match seconds {
        0 => write!(f, "{} ms", time.as_millis()),
        1..=119 => write!(f, "{seconds} s"),
        120..=7199 => write!(f, "{} min {} s", seconds / 60, seconds % 60),
        7200..=172_799 => write!(f, "{} h {} min", seconds / 3600, seconds % 3600 / 60),
        _ => write!(f, "{} days", seconds / 86_400),
    }
}

//! What holds everybody back after a refusal.
use std::time::{Duration, Instant};

use super::slots::{WINDOW, after};

/// How the wait grows while requests that went out alone are refused, in units of the first wait.
const STEPS: [u32; 5] = [1, 2, 4, 8, 15];

/// So many refusals of requests that went out alone cannot be the limit per second.
pub(super) const ENOUGH: u32 = 5;

/// How long the others wait for the request that tries. One that is kept and not polled, or that the
/// service does not answer, would hold them back until its attempt is over.
const PATIENCE: Duration = Duration::from_secs(5);

/// The request that tries out whether the service takes requests again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Probe {
    number: u64,
    /// Until when the others wait for it.
    until: Instant,
    /// Nothing of ours can have used up the second in which it goes out.
    is_lone: bool,
}

/// How long to wait after a refusal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wait {
    /// What the service asks for.
    pub(super) hint: Option<Duration>,
    /// The least, after the first refusal.
    pub(super) first: Duration,
    /// What is added at random.
    pub(super) jitter: Duration,
}

/// After a refusal nobody sends for a while. Then one request goes out alone, and when that is
/// accepted, all others.
#[derive(Debug, Default)]
pub(super) struct Gate {
    closed_until: Option<Instant>,
    probing: bool,
    probe: Option<Probe>,
    /// How many probes were refused in a row, and how many of these say something of the day.
    refused: u32,
    refused_alone: u32,
    last_sent: Option<Instant>,
}

impl Gate {
    /// When the next request may go out, as far as this can be known: `None` for now.
    pub(super) fn opens_at(&self, now: Instant) -> Option<Instant> {
        let closed = self.closed_until.filter(|until| *until > now);
        closed.or_else(|| self.probe.map(|probe| probe.until).filter(|until| *until > now))
    }

    /// Whether nobody is held back, or this request is the one that tries.
    pub(super) fn lets(&self, number: u64, now: Instant) -> bool {
        let is_probe = self.probe.is_some_and(|probe| probe.number == number);
        self.opens_at(now).is_none() || is_probe
    }

    /// A request goes out, whose attempt is gone by then.
    pub(super) fn sent(&mut self, number: u64, sent: Instant, gone: Instant) {
        let until = gone.min(after(sent, PATIENCE));
        if let Some(probe) = self.probe.as_mut().filter(|probe| probe.number == number) {
            // It had leave to go before, and goes only now.
            probe.until = until;
        } else if self.probing {
            let quiet = self.last_sent.map(|last| sent.saturating_duration_since(last));
            let is_lone = quiet.is_none_or(|quiet| quiet >= WINDOW);
            self.probe = Some(Probe { number, until, is_lone });
        }
        self.last_sent = Some(sent);
    }

    /// The service took the request, whatever it answered. A wait that others were asked for while
    /// it was under way counts on, and then again one request goes out alone.
    pub(super) fn accepted(&mut self, number: u64, now: Instant) {
        if self.probe.is_some_and(|probe| probe.number == number) {
            let closed_until = self.closed_until.filter(|until| *until > now);
            let (probing, last_sent) = (closed_until.is_some(), self.last_sent);
            *self = Self { probing, closed_until, last_sent, ..Self::default() };
        }
    }

    /// Lets everybody pass.
    pub(super) fn open(&mut self) {
        *self = Self { last_sent: self.last_sent, ..Self::default() };
    }

    /// The request ended without an answer.
    pub(super) fn lost(&mut self, number: u64) {
        if self.probe.is_some_and(|probe| probe.number == number) {
            self.probe = None;
        }
    }

    /// The service refused the request. Nobody sends until the returned time: `hint` after the
    /// answer, and at least `first`, which grows while requests that went out alone are refused.
    pub(super) fn refused(&mut self, number: u64, received: Instant, wait: Wait) -> Instant {
        if let Some(probe) = self.probe.filter(|probe| probe.number == number) {
            self.probe = None;
            self.refused = self.refused.saturating_add(1);
            self.refused_alone = self.refused_alone.saturating_add(probe.is_lone.into());
        }
        self.probing = true;
        let step = usize::try_from(self.refused).unwrap_or(usize::MAX).min(STEPS.len() - 1);
        let least = wait.first.saturating_mul(STEPS[step]);
        let whole = wait.hint.unwrap_or_default().max(least).saturating_add(wait.jitter);
        self.close(after(received, whole))
    }

    /// Closes until `until` at least: the time until which it is closed.
    pub(super) fn close(&mut self, until: Instant) -> Instant {
        let until = self.closed_until.map_or(until, |closed| closed.max(until));
        self.closed_until = Some(until);
        until
    }

    pub(super) fn closed_until(&self) -> Option<Instant> {
        self.closed_until
    }

    /// How many requests were refused in a row that went out alone, a second after all others.
    pub(super) fn refused_alone(&self) -> u32 {
        self.refused_alone
    }

    /// Lets only one request out, when the time has come.
    pub(super) fn probe_next(&mut self) {
        self.probing = true;
        self.closed_until = None;
    }
}

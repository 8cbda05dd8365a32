//! A request under way, as far as the limits are concerned.
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use http::HeaderMap;
use http::header::DATE;

use super::clock::Time;
use super::day::{Closed, Moment};
use super::gate::{ENOUGH, Gate, Wait};
use super::limits::{Evidence, LimitScope, Told};
use super::pacing::{Pacing, Start, State, Want, gone, moment};

/// The longest wait before the next request that is kept on the word of an answer that is no
/// refusal. Most limits count over a minute or less; a longer wait is taken for a mistake until the
/// service insists on it with a refusal.
const LONGEST_ADVICE: Duration = Duration::from_secs(60);

/// Leave to send one request. Dropping it without a word means that the request may have been
/// sent: nothing has to be cleaned up for the limits to hold.
pub(super) struct Permit {
    pacing: Arc<Pacing>,
    time: Time,
    start: Start,
    is_answered: bool,
    /// Nothing is left to be said.
    is_over: bool,
    /// Only an answer, or the end of the attempt, frees the slot.
    is_held: bool,
}

/// Whether a request that had leave to go may still go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Renewal {
    Go,
    /// The service has begun to refuse.
    Closed,
    /// Its call is as good as over.
    TooLate,
}

/// A refusal as it came.
pub(super) struct Refused<'a> {
    pub(super) headers: &'a HeaderMap,
    /// The wait that `Retry-After` asks for.
    pub(super) hint: Option<Duration>,
    /// The body says that a quota over hours is used up.
    pub(super) is_quota: bool,
    pub(super) received: Instant,
    /// Its connection can be used again.
    pub(super) is_kept: bool,
    /// The longest wait that is sat out.
    pub(super) patience: Duration,
    /// The least wait, and what is added at random.
    pub(super) first: Duration,
    pub(super) jitter: Duration,
}

/// What a refusal means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal {
    pub(super) scope: LimitScope,
    pub(super) evidence: Evidence,
    /// When to try again, and how long after the answer that is.
    pub(super) retry_at: Instant,
    pub(super) wait: Duration,
    pub(super) resets_at: Option<SystemTime>,
}

impl Permit {
    pub(super) fn new(pacing: Arc<Pacing>, time: Time, start: Start, is_held: bool) -> Self {
        Self { pacing, time, start, is_answered: false, is_over: false, is_held }
    }

    /// The request goes out now, a while after it got leave, if it still may.
    pub(super) fn renew(&mut self, want: &Want) -> Renewal {
        let now = self.time.now();
        let mut state = self.pacing.lock();
        if !want.fits(now) {
            return Renewal::TooLate;
        }
        if !state.gate.lets(self.start.number, now) {
            return Renewal::Closed;
        }
        let (number, end) = (self.start.number, want.end(now));
        if state.slots.is_some() {
            state.flights.remove(&(gone(self.start.end), number));
            state.flights.insert((gone(end), number));
        }
        state.gate.sent(number, now, gone(end));
        (self.start.sent, self.start.end) = (now, end);
        Renewal::Go
    }

    /// Whether it got leave without a wait.
    pub(super) fn is_at_once(&self) -> bool {
        self.start.at_once
    }

    /// When the request got leave.
    pub(super) fn sent(&self) -> Instant {
        self.start.sent
    }

    /// Until when the attempt may last.
    pub(super) fn end(&self) -> Instant {
        self.start.end
    }

    /// Whether the requests of the day have come to a mark with this one.
    pub(super) fn is_mark(&self) -> bool {
        self.start.is_mark
    }

    /// An answer came that is not a refusal.
    pub(super) fn answered(
        mut self,
        headers: &HeaderMap,
        received: Instant,
        is_kept: bool,
        now: Instant,
    ) {
        self.is_answered = true;
        let moment = Moment { now, wall: self.time.wall() };
        let mut state = self.pacing.lock();
        let told = state.read(headers, moment);
        state.day.accepted(self.start.sent);
        state.gate.accepted(self.start.number, moment.now);
        if let (Some(slots), Some(slot)) = (&mut state.slots, &mut self.start.slot) {
            slots.answered(slot, received, is_kept);
            told.per_second.into_iter().for_each(|rate| slots.lower(to_usize(rate)));
        }
        let wait = told.wait.filter(|wait| *wait <= LONGEST_ADVICE);
        if let (Some(wait), true) = (wait, state.slots.is_some()) {
            state.gate.close(received + wait);
        }
        state.over(&self.start, now);
        self.is_over = true;
    }

    /// The service refused the request, which it so has not executed.
    pub(super) fn refused(&mut self, refused: &Refused<'_>) -> Refusal {
        self.is_answered = true;
        let moment = moment(&self.time);
        let mut state = self.pacing.lock();
        let told = state.read(refused.headers, moment);
        if let (Some(slots), Some(slot)) = (&mut state.slots, &mut self.start.slot) {
            slots.answered(slot, refused.received, refused.is_kept);
            slots.cut(self.start.sent, moment.now);
            told.per_second.into_iter().for_each(|rate| slots.lower(to_usize(rate)));
        }
        let (hint, evidence) = match (refused.hint, told.wait) {
            (Some(hint), _) => (Some(hint), Evidence::RetryAfter),
            (None, Some(wait)) => (Some(wait), Evidence::Header),
            (None, None) => (None, Evidence::Status),
        };
        let refusal = state.refused(&self.start, refused, hint, evidence, moment);
        state.line.call_all();
        refusal
    }

    /// The service's connection turned the request away, so it is not counted later than now.
    pub(super) fn turned_away(mut self, now: Instant) {
        let mut state = self.pacing.lock();
        if let (Some(slots), Some(slot)) = (&mut state.slots, &mut self.start.slot) {
            slots.counted_by(slot, now);
        }
    }

    /// The request was not sent.
    pub(super) fn unsent(mut self) {
        self.is_answered = true;
        let now = self.time.now();
        let mut state = self.pacing.lock();
        state.day.unsent(self.start.day, now);
        state.gate.lost(self.start.number);
        if let (Some(slots), Some(slot)) = (&mut state.slots, &self.start.slot) {
            slots.unsent(slot);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let now = self.time.now_in_drop();
        let mut state = self.pacing.lock();
        let now = now.unwrap_or(state.latest);
        if !self.is_answered {
            state.gate.lost(self.start.number);
            if let (Some(slots), Some(slot), true) =
                (&mut state.slots, &mut self.start.slot, self.is_held)
            {
                slots.counted_by(slot, now);
            }
        }
        state.over(&self.start, now);
    }
}

impl State {
    /// The request is not under way any more.
    fn over(&mut self, start: &Start, now: Instant) {
        self.flights.remove(&(gone(start.end), start.number));
        self.line.call(now);
    }

    /// Reads what every answer may tell.
    fn read(&mut self, headers: &HeaderMap, moment: Moment) -> Told {
        if let Some(date) = headers.get(DATE) {
            self.day.read_clock(date, moment.wall);
        }
        Told::read(headers, || self.day.since_1970(moment.wall).as_secs())
    }

    /// Decides what a refusal is about, and holds everybody back.
    fn refused(
        &mut self,
        start: &Start,
        refused: &Refused<'_>,
        hint: Option<Duration>,
        evidence: Evidence,
        moment: Moment,
    ) -> Refusal {
        let wait = Wait { hint, first: refused.first, jitter: refused.jitter };
        let is_paced = self.slots.is_some();
        let (scope, evidence) = if refused.is_quota && self.day.has_limit() {
            (LimitScope::Daily, Evidence::Body)
        } else {
            (self.day.scope_of(hint, refused.patience, moment), evidence)
        };
        if scope != LimitScope::Short {
            return self.closed(scope, evidence, hint, moment);
        }
        if !is_paced {
            // Each call waits for itself.
            let retry_at = Gate::default().refused(start.number, refused.received, wait);
            return Refusal::short(retry_at, evidence, hint, moment);
        }
        let retry_at = self.gate.refused(start.number, refused.received, wait);
        match self.day.closed(moment.now) {
            // It was tried out, and nothing has changed.
            Some(closed) => Refusal::long(closed),
            None if self.day.has_limit() && self.gate.refused_alone() >= ENOUGH => {
                self.closed(LimitScope::Daily, Evidence::Inferred, None, moment)
            }
            None => Refusal::short(retry_at, evidence, hint, moment),
        }
    }

    /// Lets nobody out for long.
    fn closed(
        &mut self,
        scope: LimitScope,
        evidence: Evidence,
        hint: Option<Duration>,
        moment: Moment,
    ) -> Refusal {
        let closed = self.day.judge(scope, evidence, hint, moment);
        if self.slots.is_some() {
            self.day.close(closed);
            self.gate.open();
        }
        Refusal::long(closed)
    }
}

impl Refusal {
    fn short(
        retry_at: Instant,
        evidence: Evidence,
        hint: Option<Duration>,
        moment: Moment,
    ) -> Self {
        let wait = hint.unwrap_or_else(|| retry_at.saturating_duration_since(moment.now));
        let resets_at = moment.wall.checked_add(wait);
        Self { scope: LimitScope::Short, evidence, retry_at, wait, resets_at }
    }

    fn long(closed: Closed) -> Self {
        let Closed { scope, evidence, left, until, resets_at, .. } = closed;
        Self { scope, evidence, retry_at: until, wait: left, resets_at }
    }
}

fn to_usize(rate: u32) -> usize {
    usize::try_from(rate).unwrap_or(usize::MAX)
}

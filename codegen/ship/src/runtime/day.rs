//! The requests of a day, and what is known of the service refusing them for long.
use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime};

use http::HeaderValue;

use super::limits::{Evidence, LimitScope, Quota, QuotaState, RateLimits};

const DAY: u64 = 86_400;
const HOUR: Duration = Duration::from_secs(3600);
const YEAR: Duration = Duration::from_secs(365 * DAY);

/// A hint that ends this close to the end of the day is about the day.
const NEAR_MIDNIGHT: Duration = Duration::from_secs(300);

/// How often one request tries whether a closed day has opened after all.
const PROBE_EVERY: Duration = Duration::from_secs(300);

/// The same if that request did not reach the service.
const PROBE_AGAIN: Duration = Duration::from_secs(30);

/// So many of the service's clock readings decide about the difference to ours.
const READINGS: usize = 8;

/// Readings that differ by no more, in milliseconds, agree. Three quarters must, to count.
const ALIKE: u64 = 3_600_000;

/// One moment by both clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) now: Instant,
    pub(super) wall: SystemTime,
}

/// Why no request goes out for long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closed {
    pub(super) scope: LimitScope,
    pub(super) evidence: Evidence,
    since: Instant,
    /// How long that lasts, from then on.
    pub(super) left: Duration,
    pub(super) until: Instant,
    pub(super) resets_at: Option<SystemTime>,
}

/// What a request may do as far as the day is concerned.
#[derive(Debug, Clone, Copy)]
pub(super) enum Admission {
    Free,
    /// The service refused for long; this request tries it out.
    Probe,
    Refused(Closed),
}

/// Counts the requests since the start of the day, and remembers long refusals.
#[derive(Debug, Default)]
pub(super) struct Day {
    limit: Option<u64>,
    budget: Option<u64>,
    /// When a day begins, after 00:00 UTC.
    start: Duration,
    number: u64,
    sent: u64,
    /// The service's clock minus ours, in milliseconds.
    readings: VecDeque<i64>,
    /// The last `Date`, and what it says: it only changes once a second.
    date: Option<(HeaderValue, SystemTime)>,
    /// The difference that they agree on.
    skew: i64,
    closed: Option<Closed>,
    probe_at: Option<Instant>,
}

impl Day {
    pub(super) fn new(limits: Option<RateLimits>, budget: Option<u64>) -> Self {
        let limit = limits.and_then(|limits| limits.per_day);
        let start = limits.map_or(0, |limits| limits.day_starts_at);
        Self { limit, budget, start: Duration::from_secs(start.into()), ..Self::default() }
    }

    /// Whether a request may go out.
    pub(super) fn admit(&mut self, moment: Moment) -> Admission {
        self.turn(moment);
        if let Some(closed) = self.closed {
            if moment.now < closed.until {
                return match self.probe_at {
                    Some(at) if moment.now >= at => Admission::Probe,
                    _ => Admission::Refused(closed),
                };
            }
            self.closed = None;
        }
        match self.budget {
            Some(budget) if self.sent >= budget => Admission::Refused(self.spent(moment)),
            _ => Admission::Free,
        }
    }

    /// A request goes out that was admitted at this moment: the day that it counts for, and whether
    /// it brings the count to a mark that is worth a word.
    pub(super) fn sent(&mut self, moment: Moment) -> (u64, bool) {
        self.sent = self.sent.saturating_add(1);
        if self.closed.is_some() {
            self.probe_at = moment.now.checked_add(PROBE_EVERY);
        }
        let share = |percent: u64| self.limit().map(|limit| limit.saturating_mul(percent) / 100);
        let is_mark = [80, 95].into_iter().any(|percent| share(percent) == Some(self.sent));
        (self.number, is_mark)
    }

    /// A request that was counted for this day did not go out after all.
    pub(super) fn unsent(&mut self, day: u64, now: Instant) {
        if day == self.number {
            self.sent = self.sent.saturating_sub(1);
        }
        if let Some(at) = self.probe_at {
            // Whether the service takes requests again was not tried.
            self.probe_at = Some(at.min(now + PROBE_AGAIN));
        }
    }

    /// The service took a request that was sent at `sent`.
    pub(super) fn accepted(&mut self, sent: Instant) {
        if self.closed.is_some_and(|closed| sent > closed.since) {
            self.closed = None;
            self.probe_at = None;
        }
    }

    /// What nothing goes out for, if that is so.
    pub(super) fn closed(&self, now: Instant) -> Option<Closed> {
        self.closed.filter(|closed| now < closed.until)
    }

    /// The service's clock, from the `Date` of an answer.
    pub(super) fn read_clock(&mut self, date: &HeaderValue, wall: SystemTime) {
        let known = self.date.as_ref().filter(|(text, _)| text == date).map(|(_, time)| *time);
        let text = || date.to_str().ok();
        let time = known.or_else(|| httpdate::parse_http_date(text()?).ok());
        let Some(time) = time else { return };
        if known.is_none() {
            self.date = Some((date.clone(), time));
        }
        let reading = match time.duration_since(wall) {
            Ok(ahead) => milliseconds(ahead),
            Err(behind) => -milliseconds(behind.duration()),
        };
        if self.readings.len() == READINGS {
            self.readings.pop_front();
        }
        self.readings.push_back(reading);
        // While the second is the same, the middle hardly moves.
        if known.is_some() && self.readings.len() == READINGS {
            return;
        }
        let mut readings = [0; READINGS];
        let readings = &mut readings[..self.readings.len()];
        readings.iter_mut().zip(&self.readings).for_each(|(place, reading)| *place = *reading);
        readings.sort_unstable();
        let median = readings[readings.len() / 2];
        let agree = readings.iter().filter(|reading| reading.abs_diff(median) <= ALIKE).count();
        if agree * 4 >= readings.len() * 3 {
            self.skew = median;
        }
    }

    /// What a refusal with this hint is about; `patience` is the longest wait that is sat out.
    pub(super) fn scope_of(
        &self,
        hint: Option<Duration>,
        patience: Duration,
        moment: Moment,
    ) -> LimitScope {
        let Some(hint) = hint.filter(|hint| *hint > patience) else { return LimitScope::Short };
        let left = self.until_next(moment);
        let is_of_day = hint >= HOUR || hint.abs_diff(left) <= NEAR_MIDNIGHT;
        match self.limit {
            Some(_) if is_of_day => LimitScope::Daily,
            _ => LimitScope::Long,
        }
    }

    /// How long a refusal of this scope lasts.
    pub(super) fn judge(
        &self,
        scope: LimitScope,
        evidence: Evidence,
        hint: Option<Duration>,
        moment: Moment,
    ) -> Closed {
        let left = match (scope, hint) {
            (LimitScope::Daily, None) => self.until_next(moment),
            // A service that names more than a year does not know when.
            (LimitScope::Daily, Some(hint)) if hint > YEAR => self.until_next(moment),
            (_, hint) => hint.unwrap_or_default(),
        };
        Closed {
            scope,
            evidence,
            since: moment.now,
            left,
            until: moment.now.checked_add(left).unwrap_or(moment.now + YEAR),
            resets_at: moment.wall.checked_add(left),
        }
    }

    /// Lets nothing out for that long, but for a request now and then that tries.
    pub(super) fn close(&mut self, closed: Closed) {
        self.closed = Some(closed);
        let probes = closed.scope == LimitScope::Daily;
        self.probe_at = if probes { closed.since.checked_add(PROBE_EVERY) } else { None };
    }

    pub(super) fn quota(&mut self, moment: Moment, suspected: bool) -> Quota {
        self.turn(moment);
        let closed = self.closed(moment.now);
        let is_near = |limit: u64| self.sent >= limit.saturating_mul(80) / 100;
        let is_spent = self.budget.is_some_and(|budget| self.sent >= budget);
        let state = match closed {
            Some(closed) if closed.scope == LimitScope::Daily => QuotaState::Exhausted,
            _ if is_spent => QuotaState::Exhausted,
            _ if suspected => QuotaState::Suspected,
            _ if self.limit().is_some_and(is_near) => QuotaState::Near,
            _ => QuotaState::Ok,
        };
        let midnight = moment.wall.checked_add(self.until_next(moment));
        let resets_at = closed.and_then(|closed| closed.resets_at).or(midnight);
        Quota { sent_today: self.sent, limit: self.limit(), resets_at, state }
    }

    pub(super) fn has_limit(&self) -> bool {
        self.limit.is_some()
    }

    /// The lower of the service's limit and the user's.
    fn limit(&self) -> Option<u64> {
        match (self.limit, self.budget) {
            (Some(limit), Some(budget)) => Some(limit.min(budget)),
            (limit, budget) => limit.or(budget),
        }
    }

    fn spent(&self, moment: Moment) -> Closed {
        let left = Some(self.until_next(moment));
        self.judge(LimitScope::DailyLocal, Evidence::Count, left, moment)
    }

    /// Starts to count anew on a new day. A clock that goes back starts none: over midnight it will
    /// come to the same day again, and from further ahead it was wrong.
    fn turn(&mut self, moment: Moment) {
        let number = self.of_days(moment.wall).as_secs() / DAY;
        if number > self.number {
            self.number = number;
            self.sent = 0;
        } else if number + 1 < self.number {
            self.number = number;
        }
    }

    fn until_next(&self, moment: Moment) -> Duration {
        let time = self.of_days(moment.wall);
        let of_day = Duration::new(time.as_secs() % DAY, time.subsec_nanos());
        Duration::from_secs(DAY) - of_day
    }

    /// The time since the beginning of a day, long ago.
    fn of_days(&self, wall: SystemTime) -> Duration {
        (self.since_1970(wall) + Duration::from_secs(DAY)).saturating_sub(self.start)
    }

    /// The time by the service's clock.
    pub(super) fn since_1970(&self, wall: SystemTime) -> Duration {
        let ours = wall.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let distance = Duration::from_millis(self.skew.unsigned_abs());
        if self.skew < 0 { ours.saturating_sub(distance) } else { ours.saturating_add(distance) }
    }
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

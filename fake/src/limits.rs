//! The service's limits: requests per second and per day, counted for each project.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;

use crate::clock;
use crate::refusal::Refusal;

const SECOND: Duration = Duration::from_secs(1);
const DAY: u64 = 86_400;

/// What the server lets through.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    per_second: Option<u32>,
    per_day: Option<u32>,
    window: Window,
    refusals_count: bool,
    retry_after: RetryAfter,
}

/// How the requests of a second are counted. Which of these the service uses is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Window {
    /// Those of the second that ends now.
    Sliding,
    /// Those since the last whole second.
    Fixed,
    /// A bucket of as many tokens as the limit, which fills at its rate.
    Bucket,
}

/// What a refusal says of the time to wait. Whether the service says anything is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// Nothing.
    Absent,
    /// Whole seconds.
    Seconds,
    /// `Tue, 25 Nov 2025 08:49:37 GMT`
    Date,
    /// `Tuesday, 25-Nov-25 08:49:37 GMT`, an obsolete form of RFC 9110, section 5.6.7.
    Rfc850Date,
    /// `Tue Nov 25 08:49:37 2025`, the other obsolete form.
    AsctimeDate,
}

impl Default for Limits {
    /// 100 requests per second and 100,000 per UTC day, as documented; a sliding second, refusals
    /// that do not count, and no `Retry-After`.
    fn default() -> Self {
        Self { per_second: Some(100), per_day: Some(100_000), ..Self::off() }
    }
}

impl Limits {
    /// No limits.
    #[must_use]
    pub fn off() -> Self {
        Self {
            per_second: None,
            per_day: None,
            window: Window::Sliding,
            refusals_count: false,
            retry_after: RetryAfter::Absent,
        }
    }

    /// Requests in a second.
    #[must_use]
    pub fn per_second(mut self, requests: u32) -> Self {
        self.per_second = Some(requests);
        self
    }

    /// Requests in a UTC day.
    #[must_use]
    pub fn per_day(mut self, requests: u32) -> Self {
        self.per_day = Some(requests);
        self
    }

    /// How a second is counted.
    #[must_use]
    pub fn window(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// Whether a refused request counts as one.
    #[must_use]
    pub fn refusals_count(mut self, count: bool) -> Self {
        self.refusals_count = count;
        self
    }

    /// What a refusal says of the time to wait.
    #[must_use]
    pub fn retry_after(mut self, form: RetryAfter) -> Self {
        self.retry_after = form;
        self
    }
}

/// The requests so far.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    projects: BTreeMap<u64, Counter>,
}

#[derive(Debug, Default)]
struct Counter {
    recent: VecDeque<Duration>,
    /// Spent tokens, and when that was so.
    spent: (f64, Duration),
    day: (u64, u32),
}

impl Meter {
    /// Counts a request for each of these projects, or says which limit it is over.
    pub(crate) fn take(
        &mut self,
        limits: &Limits,
        projects: &[u64],
        now: Duration,
    ) -> Result<(), Refusal> {
        let over = projects
            .iter()
            .find_map(|project| self.projects.entry(*project).or_default().over(limits, now));
        if over.is_none() || limits.refusals_count {
            for project in projects {
                self.projects.entry(*project).or_default().count(limits, now);
            }
        }
        match over {
            None => Ok(()),
            Some(over) => Err(over.refusal(limits.retry_after, now)),
        }
    }
}

impl Counter {
    fn over(&mut self, limits: &Limits, now: Duration) -> Option<Over> {
        let day = now.as_secs() / DAY;
        if self.day.0 != day {
            self.day = (day, 0);
        }
        if limits.per_day.is_some_and(|most| self.day.1 >= most) {
            return Some(Over { what: "requests of the day", until: whole((day + 1) * DAY) });
        }
        let until = self.next(limits.per_second?, limits.window, now);
        (until > now).then_some(Over { what: "requests per second", until })
    }

    /// When the limit of a second lets a request through, which may be now.
    fn next(&mut self, most: u32, window: Window, now: Duration) -> Duration {
        match window {
            Window::Sliding => {
                self.forget(|at| at + SECOND <= now);
                // The newest that must be over first.
                let last = self.recent.len().checked_sub(most as usize);
                let last = last.and_then(|last| self.recent.get(last));
                last.map_or(if most == 0 { now + SECOND } else { now }, |at| *at + SECOND)
            }
            Window::Fixed => {
                self.forget(|at| at.as_secs() < now.as_secs());
                match self.recent.len() < most as usize {
                    true => now,
                    false => whole(now.as_secs() + 1),
                }
            }
            Window::Bucket => {
                let missing = (self.spent(most, now) + 1.0 - f64::from(most)).max(0.0);
                now + Duration::from_secs_f64((missing / f64::from(most)).min(1e9))
            }
        }
    }

    fn count(&mut self, limits: &Limits, now: Duration) {
        self.day.1 += 1;
        match (limits.window, limits.per_second) {
            (Window::Bucket, Some(most)) => self.spent = (self.spent(most, now) + 1.0, now),
            (_, Some(_)) => self.recent.push_back(now),
            (_, None) => {}
        }
    }

    fn forget(&mut self, is_over: impl Fn(Duration) -> bool) {
        while self.recent.front().is_some_and(|at| is_over(*at)) {
            self.recent.pop_front();
        }
    }

    fn spent(&self, most: u32, now: Duration) -> f64 {
        let (spent, at) = self.spent;
        (spent - now.saturating_sub(at).as_secs_f64() * f64::from(most)).max(0.0)
    }
}

/// The limit that is used up.
#[derive(Debug, Clone, Copy)]
struct Over {
    what: &'static str,
    until: Duration,
}

impl Over {
    fn refusal(self, form: RetryAfter, now: Duration) -> Refusal {
        let mut headers = HeaderMap::new();
        if let Some(value) = hint(form, self.until, now) {
            headers.insert(RETRY_AFTER, value);
        }
        Refusal::TooMany(self.what, headers)
    }
}

fn whole(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Whole seconds that are not less.
fn rounded_up(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// The value of `Retry-After`: nothing earlier than the end of the wait.
fn hint(form: RetryAfter, until: Duration, now: Duration) -> Option<HeaderValue> {
    let end = rounded_up(until);
    let at = |seconds| SystemTime::UNIX_EPOCH.checked_add(whole(seconds));
    let date = |format: &str| {
        let end = i64::try_from(end).ok().and_then(|end| Timestamp::from_second(end).ok());
        let at = end.unwrap_or(Timestamp::MAX);
        jiff::fmt::strtime::format(format, at).ok()
    };
    let text = match form {
        RetryAfter::Absent => return None,
        RetryAfter::Seconds => rounded_up(until.saturating_sub(now)).to_string(),
        RetryAfter::Date => clock::http_date(at(end)?),
        RetryAfter::Rfc850Date => date("%A, %d-%b-%y %H:%M:%S GMT")?,
        RetryAfter::AsctimeDate => date("%a %b %e %H:%M:%S %Y")?,
    };
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of 10 requests in each of these milliseconds pass a limit of 10.
    fn passed(window: Window, counts: bool, times: &[u64]) -> Vec<usize> {
        let limits = Limits::off().per_second(10).window(window).refusals_count(counts);
        let mut meter = Meter::default();
        let mut pass = |at| (0..10).filter(|_| meter.take(&limits, &[1], at).is_ok()).count();
        times.iter().map(|millis| pass(Duration::from_millis(100_000 + millis))).collect()
    }

    #[test]
    fn each_window_counts_its_own_way() {
        let times = [900, 1000, 1899, 1900, 3000];
        assert_eq!(passed(Window::Sliding, false, &times), [10, 0, 0, 10, 10]);
        assert_eq!(passed(Window::Fixed, false, &times), [10, 10, 0, 0, 10]);
        assert_eq!(passed(Window::Bucket, false, &[0, 500, 600, 5000]), [10, 5, 1, 10]);
        assert_eq!(passed(Window::Sliding, true, &times), [10, 0, 0, 0, 10]);
    }

    #[test]
    fn days_end_at_midnight_and_projects_are_counted_apart() {
        let limits = Limits::off().per_day(1).retry_after(RetryAfter::Seconds);
        let mut meter = Meter::default();
        let late = Duration::from_secs(DAY - 10);
        assert!(meter.take(&limits, &[1], late).is_ok());
        assert!(meter.take(&limits, &[2], late).is_ok());
        let refusal = meter.take(&limits, &[1], late).unwrap_err();
        assert_eq!(refusal.message(), "rate limit exceeded: requests of the day");
        assert_eq!(refusal.headers()[RETRY_AFTER], "10");
        assert!(meter.take(&limits, &[1], Duration::from_secs(DAY)).is_ok());
    }

    #[test]
    fn hints_come_in_all_forms() {
        let hint = |form| {
            let (until, now) = (784_111_776_400, 784_111_769_500);
            hint(form, Duration::from_millis(until), Duration::from_millis(now))
        };
        assert_eq!(hint(RetryAfter::Absent), None);
        for (form, expected) in [
            (RetryAfter::Seconds, "7"),
            (RetryAfter::Date, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (RetryAfter::Rfc850Date, "Sunday, 06-Nov-94 08:49:37 GMT"),
            (RetryAfter::AsctimeDate, "Sun Nov  6 08:49:37 1994"),
        ] {
            assert_eq!(hint(form).unwrap(), expected);
        }
    }
}

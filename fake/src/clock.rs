//! The time of day that the server believes in.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;

/// A clock for a fake: that of the machine, or one that the test moves.
///
/// Dates of items, `start` and `end` of the versions feed and both limits follow it.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<Mutex<SystemTime>>>);

impl Clock {
    /// The clock of the machine.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still at `now` until it is moved. Clones are the same clock.
    #[must_use]
    pub fn manual(now: SystemTime) -> Self {
        Self(Some(Arc::new(Mutex::new(now))))
    }

    /// Moves a manual clock on; that of the machine goes on by itself. A time beyond what the
    /// machine can tell does nothing.
    pub fn advance(&self, time: Duration) {
        if let Some(clock) = &self.0 {
            let mut now = clock.lock().unwrap_or_else(PoisonError::into_inner);
            *now = now.checked_add(time).unwrap_or(*now);
        }
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        match &self.0 {
            Some(clock) => *clock.lock().unwrap_or_else(PoisonError::into_inner),
            None => SystemTime::now(),
        }
    }

    pub(crate) fn since_1970(&self) -> Duration {
        self.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }
}

/// The last second of the year 9999, since 1970: later ones have no form in HTTP.
const LAST_SECOND: u64 = 253_402_300_799;

/// A date as HTTP writes it. Those before 1970 and after 9999 are moved to the nearest.
pub(crate) fn http_date(at: SystemTime) -> String {
    let since_1970 = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let nearest = since_1970.min(Duration::from_secs(LAST_SECOND));
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + nearest)
}

/// An instant as the service writes it: UTC, with milliseconds.
pub(crate) fn instant(at: Duration) -> String {
    let millis = i64::try_from(at.as_millis()).unwrap_or(i64::MAX);
    let at = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX);
    format!("{at:.3}")
}

/// Reads an instant, or a day as its first moment in UTC: the time since 1970, which an earlier one
/// counts as.
pub(crate) fn read(text: &str) -> Option<Duration> {
    let since_1970 = civil(text)?.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
    let millis = u64::try_from(since_1970.as_millis()).unwrap_or(0);
    Some(Duration::from_millis(millis))
}

/// The day of an instant in UTC.
pub(crate) fn day(text: &str) -> Option<String> {
    civil(text).map(|at| at.date().to_string())
}

/// Reads an instant of the years 0 to 9999 as the day and the time that it is in UTC. One that is
/// not in these years in UTC is the nearest.
fn civil(text: &str) -> Option<DateTime> {
    let first = DateTime::constant(0, 1, 1, 0, 0, 0, 0);
    let pieces = Pieces::parse(text).ok().filter(|pieces| pieces.date().year() >= 0)?;
    match (pieces.time(), pieces.to_numeric_offset()) {
        (None, None) if text.len() == "2025-03-01".len() => {
            Some(pieces.date().to_datetime(jiff::civil::Time::midnight()))
        }
        (Some(time), Some(offset)) => {
            let ahead = jiff::SignedDuration::from_secs(offset.seconds().into());
            let at = pieces.date().to_datetime(time).saturating_sub(ahead);
            Some(at.max(first))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_with_milliseconds_and_read_in_any_form() {
        let at = Duration::from_millis(1_740_824_130_123);
        assert_eq!(instant(at), "2025-03-01T10:15:30.123Z");
        assert_eq!(read("2025-03-01T10:15:30.123Z"), Some(at));
        assert_eq!(read("2025-03-01T11:15:30.123+01:00"), Some(at));
        assert_eq!(read("2025-03-01").map(instant), Some("2025-03-01T00:00:00.000Z".to_owned()));
        assert_eq!(read("1960-03-01"), Some(Duration::ZERO));
        assert_eq!(read("yesterday"), None);
        assert_eq!(day("2025-03-01T23:30:00-05:00"), Some("2025-03-02".to_owned()));
    }

    #[test]
    fn days_of_all_years_are_read() {
        for (text, expected) in [
            ("9999-12-31T23:59:59Z", Some("9999-12-31")),
            ("9999-12-31T23:59:59-05:00", Some("9999-12-31")),
            ("9999-12-31", Some("9999-12-31")),
            ("1960-03-01T00:30:00+01:00", Some("1960-02-29")),
            ("0000-01-01T00:00:00+01:00", Some("0000-01-01")),
            ("-000001-01-01T00:00:00Z", None),
            ("2025-03-01T10:00", None),
            ("2025-02-29", None),
        ] {
            assert_eq!(day(text).as_deref(), expected, "{text}");
        }
        assert_eq!(read("9999-12-31T23:59:59Z"), Some(Duration::from_secs(LAST_SECOND)));
        assert_eq!(read("1960-03-01T00:30:00+01:00"), Some(Duration::ZERO));
    }

    #[test]
    fn dates_that_http_cannot_write_are_the_nearest_that_it_can() {
        let (first, second) = (SystemTime::UNIX_EPOCH, Duration::from_secs(1));
        let last = first + Duration::from_secs(LAST_SECOND);
        assert_eq!(http_date(first - second), "Thu, 01 Jan 1970 00:00:00 GMT");
        for late in [last, last + second, last + second * 4_000_000_000] {
            assert_eq!(http_date(late), "Fri, 31 Dec 9999 23:59:59 GMT");
        }
    }

    #[test]
    fn manual_clocks_stand_still() {
        let clock = Clock::manual(SystemTime::UNIX_EPOCH);
        clock.clone().advance(Duration::from_secs(5));
        assert_eq!(clock.since_1970(), Duration::from_secs(5));
        clock.advance(Duration::MAX);
        assert_eq!(clock.since_1970(), Duration::from_secs(5));
    }
}

//! Dates and instants, kept as the text they came as.
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;

/// An instant: text in the form of RFC 3339, such as `2026-11-25T09:30:00.123Z`.
///
/// What is read is kept as it came, so writing it back changes nothing, and a value in another form
/// does not make the rest of an answer unreadable; [`is_valid`](Self::is_valid) tells. Conversions
/// from text do not check it either; [`str::parse`] does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DateTime(String);

/// A day: text in the form of RFC 3339, such as `2026-11-25`.
///
/// What is read is kept as it came; [`is_valid`](Self::is_valid) tells whether it is a day.
/// Conversions from text do not check it either; [`str::parse`] does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(String);

/// A text that is not a date, or not a date and time, in the form of RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidDate(());

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not in the form 2026-11-25, or 2026-11-25T09:30:00Z with a time")
    }
}

impl std::error::Error for InvalidDate {}

impl DateTime {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the text is an instant.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        instant(&self.0).is_some()
    }

    /// The instant; `None` if the text is not one. A leap second counts as the second after it.
    #[must_use]
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let (seconds, nanoseconds) = instant(&self.0)?;
        let distance = Duration::from_secs(seconds.unsigned_abs());
        let whole = if seconds < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        };
        whole?.checked_add(Duration::from_nanos(u64::from(nanoseconds)))
    }
}

impl Date {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the text is a day of the calendar.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        day(self.0.as_bytes()).is_some()
    }
}

impl FromStr for DateTime {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let value = Self::from(text);
        if value.is_valid() { Ok(value) } else { Err(InvalidDate(())) }
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let value = Self::from(text);
        if value.is_valid() { Ok(value) } else { Err(InvalidDate(())) }
    }
}

/// What both types have in common with text.
macro_rules! like_text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<&String> for $name {
            fn from(text: &String) -> Self {
                Self(text.clone())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&$name> for $name {
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    )*};
}

like_text!(DateTime, Date);

/// In UTC, with as many digits of a second as there are.
impl From<SystemTime> for DateTime {
    fn from(time: SystemTime) -> Self {
        let (seconds, nanoseconds) = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => (seconds_of(after), after.subsec_nanos()),
            Err(error) => {
                let before = error.duration();
                match before.subsec_nanos() {
                    0 => (-seconds_of(before), 0),
                    part => (-seconds_of(before) - 1, 1_000_000_000 - part),
                }
            }
        };
        let (year, month, date) = civil(seconds.div_euclid(DAY));
        let clock = seconds.rem_euclid(DAY);
        let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
        let fraction = match nanoseconds {
            0 => String::new(),
            part => format!(".{}", format!("{part:09}").trim_end_matches('0')),
        };
        let time = format!("{hour:02}:{minute:02}:{second:02}{fraction}Z");
        Self(format!("{year:04}-{month:02}-{date:02}T{time}"))
    }
}

fn seconds_of(duration: Duration) -> i64 {
    // The system's time does not reach further than this type.
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX - 1)
}

/// Seconds and nanoseconds since 1970 of a date and time in the form of RFC 3339, section 5.6.
fn instant(text: &str) -> Option<(i64, u32)> {
    let bytes = text.as_bytes();
    let days = day(bytes.get(..10)?)?;
    // The section allows lower case, and a space in place of the T.
    if !matches!(bytes.get(10)?, b'T' | b't' | b' ') {
        return None;
    }
    let clock = clock(bytes.get(11..19)?)?;
    let rest = bytes.get(19..)?;
    let (nanoseconds, rest) = fraction(rest)?;
    Some((days * DAY + clock - offset(rest)?, nanoseconds))
}

/// Days since 1970 of a date.
fn day(bytes: &[u8]) -> Option<i64> {
    let (b'-', b'-', 10) = (*bytes.get(4)?, *bytes.get(7)?, bytes.len()) else {
        return None;
    };
    let (year, month, date) =
        (digits(bytes.get(..4)?)?, digits(bytes.get(5..7)?)?, digits(bytes.get(8..)?)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(is_leap),
        _ => return None,
    };
    (1..=length).contains(&date).then(|| days(year, month, date))
}

fn clock(bytes: &[u8]) -> Option<i64> {
    if *bytes.get(2)? != b':' || *bytes.get(5)? != b':' {
        return None;
    }
    let (hour, minute, second) =
        (digits(bytes.get(..2)?)?, digits(bytes.get(3..5)?)?, digits(bytes.get(6..)?)?);
    // 60 is a leap second.
    (hour < 24 && minute < 60 && second <= 60).then_some(hour * 3600 + minute * 60 + second)
}

/// Digits beyond the ninth do not count.
fn fraction(rest: &[u8]) -> Option<(u32, &[u8])> {
    if rest.first() != Some(&b'.') {
        return Some((0, rest));
    }
    let length = rest.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 {
        return None;
    }
    let nanoseconds = (1..=9).fold(0, |sum, at| {
        let digit = if at <= length { rest.get(at).map_or(0, |byte| byte - b'0') } else { 0 };
        sum * 10 + u32::from(digit)
    });
    Some((nanoseconds, rest.get(length + 1..)?))
}

fn offset(rest: &[u8]) -> Option<i64> {
    let sign = match rest {
        b"Z" | b"z" => return Some(0),
        [b'+', _, _, b':', _, _] => 1,
        [b'-', _, _, b':', _, _] => -1,
        _ => return None,
    };
    let (hours, minutes) = (digits(rest.get(1..3)?)?, digits(rest.get(4..6)?)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn digits(bytes: &[u8]) -> Option<i64> {
    bytes
        .iter()
        .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// Days since 1970 in the Gregorian calendar. Years are counted from March, so that the day that
/// leap years have more is the last one.
fn days(year: i64, month: i64, date: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + date - 1;
    let day_of_era = year.rem_euclid(400) * 365 + year.rem_euclid(400) / 4
        - year.rem_euclid(400) / 100
        + day_of_year;
    year.div_euclid(400) * 146_097 + day_of_era - 719_468
}

/// The reverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let date = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = days.div_euclid(146_097) * 400 + year_of_era + i64::from(month <= 2);
    (year, month, date)
}

#[cfg(feature = "jiff")]
impl DateTime {
    /// The instant; `None` if the text is not one.
    #[must_use]
    pub fn to_timestamp(&self) -> Option<jiff::Timestamp> {
        let (seconds, nanoseconds) = instant(&self.0)?;
        jiff::Timestamp::new(seconds, i32::try_from(nanoseconds).ok()?).ok()
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for DateTime {
    fn from(time: jiff::Timestamp) -> Self {
        Self(time.to_string())
    }
}

#[cfg(feature = "jiff")]
impl Date {
    /// The day; `None` if the text is not one.
    #[must_use]
    pub fn to_civil(&self) -> Option<jiff::civil::Date> {
        self.is_valid().then(|| self.0.parse().ok()).flatten()
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::civil::Date> for Date {
    fn from(date: jiff::civil::Date) -> Self {
        Self(date.to_string())
    }
}

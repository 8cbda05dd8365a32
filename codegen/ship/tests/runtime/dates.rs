//! Dates and instants.
use std::time::{Duration, SystemTime};

use ship::runtime::{Date, DateTime};

#[test]
fn what_is_read_is_written_back_unchanged() {
    for text in ["\"2026-11-25T09:30:00.120Z\"", "\"2026-11-25 09:30\"", "\"yesterday\"", "\"\""] {
        let value: DateTime = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), text);
        let value: Date = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), text);
    }
}

#[test]
fn instants_are_read_as_rfc_3339_has_them() {
    let at = |seconds: u64, nanoseconds| Some((seconds, nanoseconds));
    let table = [
        ("1970-01-01T00:00:00Z", at(0, 0)),
        ("2026-11-25T09:30:00Z", at(1_795_599_000, 0)),
        ("2026-11-25T09:30:00z", at(1_795_599_000, 0)),
        ("2026-11-25t09:30:00Z", at(1_795_599_000, 0)),
        ("2026-11-25 09:30:00Z", at(1_795_599_000, 0)),
        ("2026-11-25T10:30:00+01:00", at(1_795_599_000, 0)),
        ("2026-11-24T23:00:00-10:30", at(1_795_599_000, 0)),
        ("2026-11-25T09:30:00.5Z", at(1_795_599_000, 500_000_000)),
        ("2026-11-25T09:30:00.0000000019Z", at(1_795_599_000, 1)),
        ("2026-11-25T09:29:60Z", at(1_795_599_000, 0)),
        ("2000-02-29T00:00:00Z", at(951_782_400, 0)),
        ("2100-02-28T00:00:00Z", at(4_107_456_000, 0)),
        ("2026-11-25", None),
        ("2026-11-25T09:30:00", None),
        ("2026-11-25T09:30Z", None),
        ("2026-11-25T24:00:00Z", None),
        ("2026-11-25T09:60:00Z", None),
        ("2026-11-25T09:30:61Z", None),
        ("2026-11-25T09:30:00.Z", None),
        ("2026-11-25T09:30:00+0100", None),
        ("2026-11-25T09:30:00+25:00", None),
        ("2100-02-29T00:00:00Z", None),
        ("2026-13-01T00:00:00Z", None),
        ("2026-00-01T00:00:00Z", None),
        ("2026-04-31T00:00:00Z", None),
        ("2026-11-25T09:30:00Zé", None),
        ("é026-11-25T09:30:00Z", None),
        ("+026-11-25T09:30:00Z", None),
        ("", None),
    ];
    for (text, expected) in table {
        let value = DateTime::from(text);
        let time = expected.map(|(seconds, nanoseconds)| {
            SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds)
        });
        assert_eq!(value.to_system_time(), time, "{text}");
        assert_eq!(value.is_valid(), time.is_some(), "{text}");
        assert_eq!(text.parse::<DateTime>().is_ok(), time.is_some(), "{text}");
    }
}

#[test]
fn instants_are_written_in_utc_and_read_back() {
    let epoch = SystemTime::UNIX_EPOCH;
    let table = [
        (epoch, "1970-01-01T00:00:00Z"),
        (epoch + Duration::from_millis(1_795_599_000_120), "2026-11-25T09:30:00.12Z"),
        (epoch + Duration::new(951_782_400, 1), "2000-02-29T00:00:00.000000001Z"),
        (epoch - Duration::from_millis(1), "1969-12-31T23:59:59.999Z"),
        (epoch - Duration::from_secs(86_400), "1969-12-31T00:00:00Z"),
        (epoch - Duration::from_secs(62_135_596_800), "0001-01-01T00:00:00Z"),
        (epoch + Duration::from_secs(253_402_300_799), "9999-12-31T23:59:59Z"),
    ];
    for (time, text) in table {
        assert_eq!(DateTime::from(time), text);
        assert_eq!(DateTime::from(text).to_system_time(), Some(time), "{text}");
    }
    for day in 0..200_000_u64 {
        let time = epoch + Duration::from_secs(day * 86_400 + 1);
        assert_eq!(DateTime::from(time).to_system_time(), Some(time));
    }
}

#[test]
fn days_are_checked_against_the_calendar() {
    for (text, expected) in [
        ("2026-11-25", true),
        ("2024-02-29", true),
        ("2026-02-29", false),
        ("2026-11-31", false),
        ("2026-1-1", false),
        ("2026-11-25T00:00:00Z", false),
        ("", false),
    ] {
        assert_eq!(Date::from(text).is_valid(), expected, "{text}");
        assert_eq!(text.parse::<Date>().is_ok(), expected, "{text}");
    }
}

#[cfg(feature = "jiff")]
#[test]
fn dates_convert_to_jiff_and_back() {
    let time = DateTime::from("2026-11-25T10:30:00.5+01:00").to_timestamp().unwrap();
    assert_eq!(DateTime::from(time), "2026-11-25T09:30:00.5Z");
    let date = Date::from("2026-11-25").to_civil().unwrap();
    assert_eq!(Date::from(date), "2026-11-25");
    assert!(DateTime::from("x").to_timestamp().is_none());
    assert!(Date::from("x").to_civil().is_none());
}

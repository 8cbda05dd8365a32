//! How long to wait: what the service asks for, and what is drawn at random.
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, HeaderValue, RETRY_AFTER};

use super::retry::Retry;

/// The wait that `Retry-After` asks for, from `now` on; the longest if there are several.
///
/// Seconds (RFC 9110 has no fractions and no sign) or a date in any of the three HTTP forms. A date
/// is measured by the clock that wrote it, from the `Date` header where there is one. What is not
/// understood, and what is over, counts as nothing.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let server_now = headers.get(DATE).and_then(date).unwrap_or(now);
    headers
        .get_all(RETRY_AFTER)
        .iter()
        .filter_map(|value| seconds(value).or_else(|| until(value, server_now)))
        .max()
        .filter(|wait| !wait.is_zero())
}

fn seconds(value: &HeaderValue) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // All digits and still no number: more than the type holds.
    is_number.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

fn until(value: &HeaderValue, now: SystemTime) -> Option<Duration> {
    date(value)?.duration_since(now).ok()
}

fn date(value: &HeaderValue) -> Option<SystemTime> {
    httpdate::parse_http_date(value.to_str().ok()?.trim()).ok()
}

/// The random part of a wait after a refusal. It keeps clients that were refused together apart.
pub(super) fn jitter(retry: &Retry) -> Duration {
    between(Duration::ZERO, retry.refusal_wait / 4)
}

/// The wait after the `failures`-th failure, counted from 1.
pub(super) fn failure_wait(retry: &Retry, failures: u32, hint: Option<Duration>) -> Duration {
    let factor = 2_u32.saturating_pow(failures.saturating_sub(1));
    let longest = retry.backoff.saturating_mul(factor).min(retry.longest_backoff);
    between((retry.backoff / 4).min(longest), longest).max(hint.unwrap_or_default())
}

fn between(least: Duration, most: Duration) -> Duration {
    let spread = most.saturating_sub(least);
    let part = Duration::try_from_secs_f64(spread.as_secs_f64() * fastrand::f64());
    least.saturating_add(part.unwrap_or(spread))
}

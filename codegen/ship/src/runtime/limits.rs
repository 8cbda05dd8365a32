//! What is known of the service's limits: from its document, from its answers, from counting.
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName};

/// The limits that the document of an API promises.
#[derive(Debug, Clone, Copy)]
pub struct RateLimits {
    /// Requests in any one second.
    pub per_second: Option<u32>,
    /// Requests in one day.
    pub per_day: Option<u64>,
    /// When a day starts, in seconds after 00:00 UTC.
    pub day_starts_at: u32,
    /// What the limits count, such as `project`.
    pub scope: Option<&'static str>,
}

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitScope {
    /// The requests of the last moments.
    Short,
    /// Something that takes longer than a call waits.
    Long,
    /// The service's limit for a day.
    Daily,
    /// The limit for a day that this client was given.
    DailyLocal,
}

/// How the scope of a refusal is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// Status 429 and nothing else.
    Status,
    /// `Retry-After`.
    RetryAfter,
    /// Another header about limits, such as `RateLimit`.
    Header,
    /// The body, a problem document.
    Body,
    /// Several requests that went out alone were refused. Much use by others looks the same.
    Inferred,
    /// Our own count.
    Count,
}

/// The requests of the day as far as this client knows: those that others send are not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quota {
    /// Requests that this client, its clones, and clients with the same pacer have sent since the
    /// day began, by the service's clock.
    pub sent_today: u64,
    /// How many may be sent: the service's limit or the pacer's `daily_budget`, if that is lower.
    pub limit: Option<u64>,
    /// When counting starts again, by this machine's clock.
    pub resets_at: Option<SystemTime>,
    /// How things stand.
    pub state: QuotaState,
}

/// How the day's requests stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QuotaState {
    /// Less than 80 % are sent.
    Ok,
    /// 80 % or more are sent.
    Near,
    /// The service refuses, and it may be for the day.
    Suspected,
    /// Nothing more goes out before `resets_at`, but for one request in five minutes that tries.
    Exhausted,
}

/// What the headers of an answer say of limits. The names and forms are those of the IETF draft
/// `ratelimit-headers` and of what was in use before it; nothing here is promised by anyone.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Nothing is left for this long.
    pub(super) wait: Option<Duration>,
    /// A rate, in requests per second.
    pub(super) per_second: Option<u32>,
}

impl Told {
    /// Reads the headers; `now` tells the service's time, in seconds since 1970.
    pub(super) fn read(headers: &HeaderMap, now: impl FnOnce() -> u64) -> Self {
        let mut told = Self::default();
        if !headers.keys().any(is_about_limits) {
            return told;
        }
        for item in items(headers, "ratelimit") {
            if number(item, "r") == Some(0) {
                let wait = number(item, "t").map(Duration::from_secs);
                told.wait = told.wait.max(wait);
            }
        }
        for item in items(headers, "ratelimit-policy") {
            let rate = number(item, "q").zip(number(item, "w")).filter(|(_, window)| *window == 1);
            let rate = rate.and_then(|(quota, _)| u32::try_from(quota).ok());
            told.per_second = rate.filter(|rate| *rate > 0).or(told.per_second);
        }
        if single(headers, "x-ratelimit-remaining") == Some(0) {
            let (reset, now) = (single(headers, "x-ratelimit-reset"), now());
            told.wait = told.wait.max(reset.map(|reset| until(reset, now)));
        }
        told.wait = told.wait.filter(|wait| !wait.is_zero());
        told
    }
}

/// The time to a reset: some send a number of seconds, some a time in seconds, some in milliseconds.
fn until(reset: u64, now: u64) -> Duration {
    match reset / now.max(1) {
        0 if reset < now / 2 => Duration::from_secs(reset),
        0..100 => Duration::from_secs(reset.saturating_sub(now)),
        _ => Duration::from_millis(reset.saturating_sub(now.saturating_mul(1000))),
    }
}

fn is_about_limits(name: &HeaderName) -> bool {
    let name = name.as_str();
    name.strip_prefix("x-").unwrap_or(name).starts_with("ratelimit")
}

/// The items of a list header, each with its parameters.
fn items<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(','))
}

/// The value of a parameter such as `;r=0`, if it is a whole number.
fn number(item: &str, key: &str) -> Option<u64> {
    item.split(';').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        (name.trim() == key).then(|| value.trim().parse().ok())?
    })
}

fn single(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// Whether a body is a problem document (RFC 9457) that says that a quota over an hour or more is
/// used up, in the form of the IETF draft `ratelimit-headers`.
pub(super) fn tells_of_quota(body: &[u8]) -> bool {
    let Ok(problem) = serde_json::from_slice::<serde_json::Value>(body) else { return false };
    let kind = problem.get("type").and_then(serde_json::Value::as_str).unwrap_or_default();
    if !kind.contains("quota-exceeded") {
        return false;
    }
    let policies = problem.get("violated-policies").and_then(serde_json::Value::as_array);
    policies.into_iter().flatten().any(|policy| {
        let window = policy.get("w").or_else(|| policy.get("window"));
        let text = policy.as_str().unwrap_or_default();
        let window = window.and_then(serde_json::Value::as_u64).or_else(|| number(text, "w"));
        let is_daily =
            text.contains("daily") || policy.get("name").is_some_and(|name| name == "daily");
        window.is_some_and(|window| window >= 3600) || is_daily
    })
}

//! One attempt over bare reqwest, and the wait after it.

use std::time::Duration;

use http::StatusCode;
use http::header::RETRY_AFTER;

/// How an attempt ended.
#[derive(Debug)]
pub enum Answer {
    Flag,
    /// With the time to wait, if one was named.
    Refused(Option<Duration>),
    Lost,
}

pub fn url(base: &str, number: usize) -> String {
    format!("{base}/flags/{number}")
}

pub async fn ask(http: &reqwest::Client, base: &str, number: usize) -> Answer {
    let Ok(response) = http.get(url(base, number)).send().await else { return Answer::Lost };
    let status = response.status();
    let hint = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let hint = hint.and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    // The connection is only free again when the body is read.
    match (status, response.bytes().await) {
        (StatusCode::OK, Ok(_)) => Answer::Flag,
        (StatusCode::TOO_MANY_REQUESTS, _) => Answer::Refused(hint),
        _ => Answer::Lost,
    }
}

/// What was asked for; without that, at random up to a time that doubles from a second to twenty.
pub fn patience(hint: Option<Duration>, attempt: u32) -> Duration {
    let longest = Duration::from_secs(1 << attempt.saturating_sub(1).min(5));
    hint.unwrap_or_else(|| longest.min(Duration::from_secs(20)).mul_f64(fastrand::f64()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_followed_and_else_the_time_doubles() {
        assert_eq!(patience(Some(Duration::from_secs(1)), 7), Duration::from_secs(1));
        for (attempt, longest) in [(1, 1), (2, 2), (3, 4), (9, 20)] {
            assert!(patience(None, attempt) <= Duration::from_secs(longest));
        }
    }
}

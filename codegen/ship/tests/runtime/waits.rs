//! How long a call waits, on the paused clock.
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use ship::runtime::{CallOptions, Error, Operation, Retry, Retrying, decode};
use tokio::time::Instant;

use crate::support::script::{Script, Step, answer, ok};
use crate::support::{READ, WRITE, summary};

async fn call(
    operation: &'static Operation,
    script: &Script,
    retry: Retry,
) -> Result<ship::runtime::Response<()>, Error> {
    let request = http::Request::get("https://host/").body(Bytes::new()).unwrap();
    Retrying::new(script.clone(), retry)
        .call(operation, request, &CallOptions::new(), decode::nothing)
        .await
}

fn assert_between(gap: Duration, least: f64, most: f64) {
    // The timer rounds up to whole milliseconds.
    assert!((least..=most + 0.002).contains(&gap.as_secs_f64()), "{gap:?} in {least}..{most}");
}

fn date(seconds_from_now: i64) -> String {
    let now = SystemTime::now();
    let by = Duration::from_secs(seconds_from_now.unsigned_abs());
    httpdate::fmt_http_date(if seconds_from_now < 0 { now - by } else { now + by })
}

#[tokio::test(start_paused = true)]
async fn r1_refusal_without_a_hint_waits_a_second_and_a_little() {
    for _ in 0..20 {
        let script = Script::new([answer(429, &[], ""), ok()]);
        call(&READ, &script, Retry::default()).await.unwrap();
        assert_between(script.gaps()[0], 1.0, 1.25);
    }
}

#[tokio::test(start_paused = true)]
async fn r2_refusal_with_seconds_waits_for_them() {
    for seconds in [1.0_f64, 3.0, 60.0] {
        let hint = format!("retry-after: {seconds}");
        let script = Script::new([answer(429, &[&hint], ""), ok()]);
        call(&WRITE, &script, Retry::default()).await.unwrap();
        assert_between(script.gaps()[0], seconds, seconds + 0.25);
    }
}

/// A hint that cannot be used is as good as none: never zero, never a panic.
#[tokio::test(start_paused = true)]
async fn r4_refusal_with_an_unusable_hint_waits_as_without_one() {
    let past = format!("retry-after: {}", date(-3600));
    for hint in [
        "retry-after: 0",
        "retry-after: -5",
        "retry-after: 1.5",
        "retry-after: +7",
        "retry-after: abc",
        "retry-after: 0x10",
        "retry-after: 5 s",
        "retry-after: ",
        "retry-after: Sun, 99 Nov 1994 08:49:37 GMT",
        past.as_str(),
    ] {
        let script = Script::new([answer(429, &[hint], ""), ok()]);
        call(&READ, &script, Retry::default()).await.unwrap();
        assert_between(script.gaps()[0], 1.0, 1.25);
    }
}

#[tokio::test(start_paused = true)]
async fn r4_two_hints_count_as_the_longer() {
    for hints in [
        ["retry-after: 2", "retry-after: 5"],
        ["retry-after: 5", "retry-after: 2"],
        ["retry-after: abc", "retry-after: 5"],
    ] {
        let script = Script::new([answer(429, &hints, ""), ok()]);
        call(&READ, &script, Retry::default()).await.unwrap();
        assert_between(script.gaps()[0], 5.0, 5.25);
    }
}

#[tokio::test(start_paused = true)]
async fn r3_date_is_measured_by_the_clock_of_the_server() {
    let hint = format!("retry-after: {}", date(4));
    let script = Script::new([answer(429, &[&hint], ""), ok()]);
    call(&READ, &script, Retry::default()).await.unwrap();
    // Dates have whole seconds, and some real time has passed.
    assert_between(script.gaps()[0], 2.8, 4.25);

    for skew in [3600, -3600] {
        let (now, hint) =
            (format!("date: {}", date(skew)), format!("retry-after: {}", date(skew + 4)));
        let script = Script::new([answer(429, &[&now, &hint], ""), ok()]);
        call(&READ, &script, Retry::default()).await.unwrap();
        assert_between(script.gaps()[0], 3.0, 5.25);
    }
}

#[tokio::test(start_paused = true)]
async fn r3_all_three_forms_of_a_date_are_read() {
    for form in [
        "Sun, 06 Nov 2044 08:49:37 GMT",
        "Sunday, 06-Nov-44 08:49:37 GMT",
        "Sun Nov  6 08:49:37 2044",
    ] {
        let hint = format!("retry-after: {form}");
        let headers = ["date: Sun, 06 Nov 2044 08:49:33 GMT", hint.as_str()];
        let script = Script::new([answer(429, &headers, ""), ok()]);
        call(&READ, &script, Retry::default()).await.unwrap();
        assert_between(script.gaps()[0], 4.0, 4.25);
    }
}

/// Too long a wait is the caller's to decide on.
#[tokio::test(start_paused = true)]
async fn r5_hint_beyond_patience_fails_at_once() {
    let year_9999 = "retry-after: Fri, 31 Dec 9999 23:59:59 GMT";
    for (hint, resets) in [
        ("retry-after: 61", true),
        ("retry-after: 86400", true),
        (year_9999, true),
        ("retry-after: 18446744073709551615", false),
        ("retry-after: 99999999999999999999999999", false),
    ] {
        let script = Script::new([answer(429, &[hint], ""), ok()]);
        let (started, wall) = (Instant::now(), SystemTime::now());
        let error = call(&WRITE, &script, Retry::default()).await.unwrap_err();
        assert_eq!(started.elapsed(), Duration::ZERO, "{hint}");
        assert!(error.is_rate_limited(), "{hint}");
        assert!(!error.is_ambiguous(), "{hint}");
        let wait = error.retry_after().unwrap();
        let Error::RateLimited(limit) = error else { unreachable!() };
        assert_eq!(limit.resets_at().is_some(), resets, "{hint}");
        if let Some(at) = limit.resets_at() {
            let until = at.duration_since(wall).unwrap();
            assert!(until >= wait && until - wait < Duration::from_secs(2), "{hint}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn r5_hint_beyond_the_deadline_fails_at_once() {
    let script = Script::new([answer(429, &["retry-after: 20"], ""), ok()]);
    let started = Instant::now();
    let retry = Retry::default().deadline(Duration::from_secs(10));
    let error = call(&READ, &script, retry).await.unwrap_err();
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(20)));
}

#[tokio::test(start_paused = true)]
async fn failures_wait_longer_each_time_within_bounds() {
    for _ in 0..20 {
        let script = Script::new([answer(503, &[], "")]);
        let retry = Retry::default().attempts(8);
        assert!(call(&READ, &script, retry).await.is_err());
        let most = [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0];
        for (gap, most) in script.gaps().into_iter().zip(most) {
            assert_between(gap, 0.05, most);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn unavailable_service_is_given_the_time_it_asks_for() {
    let script = Script::new([answer(503, &["retry-after: 7"], ""), ok()]);
    call(&READ, &script, Retry::default()).await.unwrap();
    assert_between(script.gaps()[0], 7.0, 7.0);

    let script = Script::new([answer(503, &["retry-after: 3600"], ""), ok()]);
    let outcome = call(&READ, &script, Retry::default()).await;
    assert_eq!(summary(&outcome), "status 503 1");
    assert_eq!(outcome.unwrap_err().retry_after(), Some(Duration::from_secs(3600)));
}

#[tokio::test(start_paused = true)]
async fn r16_wait_beyond_the_deadline_is_not_begun() {
    let started = Instant::now();
    let script = Script::new([Step::Delay(Duration::from_millis(900)), answer(503, &[], "down")]);
    let retry = Retry::default()
        .deadline(Duration::from_secs(1))
        .backoff(Duration::from_secs(4), Duration::from_secs(4));
    let error = call(&READ, &script, retry).await.unwrap_err();
    assert_eq!(started.elapsed(), Duration::from_millis(900));
    assert_eq!(error.status().unwrap(), 503);
    assert_eq!(error.message(), Some("down"));
}

#[tokio::test(start_paused = true)]
async fn r16_attempt_without_enough_time_is_not_begun() {
    for (deadline, hint, end) in [
        (1050, 1, "rate limited 1"),
        (1110, 1, "timeout 2, ambiguous"),
        (20_090, 20, "rate limited 1"),
        (20_110, 20, "timeout 2, ambiguous"),
    ] {
        // Without the random part.
        let retry = Retry::default().refusal_wait(Duration::ZERO);
        let hint = format!("retry-after: {hint}");
        let script = Script::new([answer(429, &[&hint], "slow down"), Step::Hang]);
        let outcome = call(&WRITE, &script, retry.deadline(Duration::from_millis(deadline))).await;
        assert_eq!(summary(&outcome), end, "{deadline} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn deadline_ends_an_attempt_and_names_the_failure_before() {
    let started = Instant::now();
    let script = Script::new([answer(503, &[], "down"), Step::Hang]);
    let retry = Retry::default().deadline(Duration::from_secs(2));
    let outcome = call(&READ, &script, retry).await;
    assert_eq!(summary(&outcome), "timeout 2");
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    let Err(Error::Timeout(timeout)) = outcome else { unreachable!() };
    assert_eq!(timeout.last().unwrap().message(), Some("down"));

    let script = Script::new([Step::Hang]);
    let retry = Retry::default().deadline(Duration::from_secs(2));
    let outcome = call(&WRITE, &script, retry).await;
    assert_eq!(summary(&outcome), "timeout 1, ambiguous");
}

#[tokio::test(start_paused = true)]
async fn deadline_bounds_refusals_too() {
    let started = Instant::now();
    let script = Script::new([answer(429, &["retry-after: 50"], "")]);
    let outcome = call(&READ, &script, Retry::default()).await;
    assert_eq!(summary(&outcome), "rate limited 3");
    assert!(started.elapsed() < Duration::from_secs(120));
}

#[tokio::test(start_paused = true)]
async fn r5_extreme_settings_do_no_harm() {
    for deadline in [Duration::MAX, Duration::ZERO] {
        let script = Script::new([answer(429, &[], ""), ok()]);
        let retry = Retry::default().deadline(deadline).longest_hint(Duration::MAX);
        let outcome = call(&READ, &script, retry).await;
        assert_eq!(outcome.is_ok(), deadline == Duration::MAX);
    }
    let script = Script::new([answer(429, &["retry-after: 18446744073709551615"], "")]);
    let retry = Retry::default().longest_hint(Duration::MAX).refusal_wait(Duration::MAX);
    assert!(call(&READ, &script, retry).await.unwrap_err().is_rate_limited());

    let script = Script::new([answer(503, &[], "")]);
    let retry = Retry::default().attempts(u32::MAX).backoff(Duration::MAX, Duration::MAX);
    assert_eq!(summary(&call(&READ, &script, retry).await), "status 503 1");
}

//! Limits that make no sense, and the limit of the day.
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ship::runtime::{
    CallOptions, Error, Evidence, LimitScope, Pacer, QuotaState, Response, Retry, Retrying,
    Timeouts,
};
use tokio::time::{Instant, sleep};

use crate::client::Client;
use crate::support::WRITE;
use crate::support::paced::{LIMITS, call, paced, read};
use crate::support::script::{Script, Step, answer, ok};

fn client(script: &Script, pacer: &Pacer) -> Arc<Retrying<Script>> {
    paced(script.clone(), pacer)
}

async fn write(client: &Retrying<Script>) -> Result<Response<()>, Error> {
    call(client, &WRITE, &CallOptions::new()).await
}

#[test]
fn limits_of_nothing_are_refused() {
    let pacers = [
        (Pacer::per_second(0), "0 requests per second"),
        (Pacer::new().max_in_flight(0), "0 requests in flight"),
        (Pacer::new().daily_budget(0), "daily budget of 0"),
    ];
    for (pacer, expected) in pacers {
        let retrying = Retrying::new(Script::new([ok()]), Retry::default());
        let error = retrying.pacer(&pacer, Some(LIMITS)).unwrap_err();
        assert!(matches!(error, Error::Config(_)), "{error:?}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn deadline_without_time_for_an_attempt_is_refused() {
    let second = Duration::from_secs(1);
    let cases = [
        (Retry::default().deadline(Duration::ZERO), Timeouts::default(), "leaves no time"),
        (Retry::default(), Timeouts::default().connect(Duration::ZERO), "timeout of 0"),
        (Retry::default().deadline(second), Timeouts::default().attempt(2 * second), "shorter"),
    ];
    for (retry, timeouts, expected) in cases {
        let error = Client::builder("k").retry(retry).timeouts(timeouts).build().unwrap_err();
        assert!(matches!(error, Error::Config(_)), "{error:?}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn call_without_time_is_refused_before_sending() {
    let script = Script::new([ok()]);
    let options = CallOptions::new().deadline(Duration::from_millis(19));
    let error = call(&client(&script, &Pacer::new()), &WRITE, &options).await.unwrap_err();
    assert!(matches!(error, Error::Request(_)), "{error:?}");
    assert_eq!(script.count(), 0);
}

/// Whoever only wants no retries keeps the patience of the client.
#[tokio::test(start_paused = true)]
async fn deadline_of_the_client_counts_unless_a_call_sets_one() {
    let second = Duration::from_secs;
    let set = CallOptions::new().retry(Retry::off().deadline(second(3)));
    let cases = [
        (CallOptions::new(), 7),
        (CallOptions::new().retry(Retry::off()), 7),
        (CallOptions::new().retry(Retry::default().attempts(2)), 7),
        (set.clone(), 3),
        (set.deadline(second(2)), 2),
        (CallOptions::new().deadline(second(9)), 9),
    ];
    let retry = Retry::default().deadline(second(7));
    let client = Retrying::new(Script::new([Step::Hang]), retry);
    for (options, seconds) in cases {
        let error = call(&client, &WRITE, &options).await.unwrap_err();
        assert!(matches!(error, Error::Timeout(_)), "{error:?}");
        assert_eq!(error.elapsed().as_secs(), seconds, "{options:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn r6_refusals_of_lone_requests_close_the_day() {
    let script = Script::new([answer(429, &[], "")]);
    let retrying = client(&script, &Pacer::new());
    let started = Instant::now();
    let error = write(&retrying).await.unwrap_err();
    let took = started.elapsed().as_secs_f64();
    assert!((30.0..31.3).contains(&took), "{took}");
    assert_eq!(script.count(), 6);
    let Error::RateLimited(limit) = error else { panic!("{error:?}") };
    assert_eq!((limit.scope(), limit.evidence()), (LimitScope::Daily, Evidence::Inferred));
    let resets_at = limit.resets_at().unwrap().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(resets_at.as_secs() % 86_400, 0);
    assert_eq!(retrying.quota().state, QuotaState::Exhausted);

    let started = Instant::now();
    let error = write(&retrying).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((started.elapsed(), script.count()), (Duration::ZERO, 6));

    // One request in five minutes tries; a refusal changes nothing.
    sleep(Duration::from_secs(300)).await;
    for _ in 0..3 {
        assert!(write(&retrying).await.is_err());
    }
    assert_eq!(script.count(), 7);
}

#[tokio::test(start_paused = true)]
async fn r6_request_that_is_accepted_opens_the_day_again() {
    let refusal = || answer(429, &["retry-after: 7200"], "");
    let script = Script::new([refusal(), ok()]);
    let retrying = client(&script, &Pacer::new());
    let error = write(&retrying).await.unwrap_err();
    let Error::RateLimited(limit) = error else { panic!("{error:?}") };
    assert_eq!((limit.scope(), limit.evidence()), (LimitScope::Daily, Evidence::RetryAfter));
    assert_eq!(limit.retry_in(), Duration::from_secs(7200));
    assert!(write(&retrying).await.is_err());
    assert_eq!(script.count(), 1);
    sleep(Duration::from_secs(300)).await;
    write(&retrying).await.unwrap();
    write(&retrying).await.unwrap();
    assert_eq!(script.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn daily_budget_ends_calls_before_sending() {
    let script = Script::new([ok()]);
    let retrying = client(&script, &Pacer::new().daily_budget(2));
    for _ in 0..2 {
        write(&retrying).await.unwrap();
    }
    let error = write(&retrying).await.unwrap_err();
    let Error::RateLimited(limit) = error else { panic!("{error:?}") };
    assert_eq!(limit.scope(), LimitScope::DailyLocal);
    assert_eq!(limit.answer().map(ship::runtime::ApiError::status), None);
    assert_eq!((script.count(), retrying.quota().sent_today), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn r17_service_that_is_down_is_not_flooded() {
    let script = Script::new([answer(503, &[], "")]);
    let retrying = Retrying::new(script.clone(), Retry::default());
    for _ in 0..1000 {
        let outcome = read(&retrying).await;
        assert!(outcome.is_err());
    }
    assert_eq!(script.count(), 1010);
}

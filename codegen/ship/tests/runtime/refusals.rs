//! What a refusal does to everybody who uses the same pacer, on the paused clock.
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use ship::runtime::{
    Attempt, BoxFuture, CallOptions, Evidence, LimitScope, Operation, Pacer, QuotaState,
    RateLimits, Retry, RetrySafety, Retrying, Transport, TransportError,
};
use tokio::time::{Instant, sleep};

use crate::support::clock::Wall;
use crate::support::paced::{LIMITS, call, client, drain, limited, paced, read, spawn, timed};
use crate::support::script::{Script, Step, answer, ok};
use crate::support::sim::{Network, Rule, Sim};
use crate::support::{READ, WRITE, operation, summary};

static CHANGE: Operation =
    operation("changeThing", Method::PATCH, "/things/{id}", RetrySafety::OnRefusal);
static REMOVE_BY_INDEX: Operation =
    operation("removeUser", Method::DELETE, "/users/{index}", RetrySafety::OnRefusal);

/// 06:00 on a day that ends in 18 hours.
const MORNING: &str = "Wed, 25 Nov 2026 06:00:00 GMT";
const MIDNIGHT: &str = "Thu, 26 Nov 2026 00:00:00 GMT";

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn r1_refusal_without_a_hint_waits_a_second_and_a_little_with_a_pacer_too() {
    let script = Script::new([answer(429, &[], ""), ok()]);
    let response = read(&client(script.clone())).await.unwrap();
    assert_eq!(response.attempts(), 2);
    let gap = script.gaps()[0].as_secs_f64();
    assert!((1.0..=1.252).contains(&gap), "{gap}");
    assert_eq!(response.waited(), script.gaps()[0]);
}

/// Refuses the first request, with a body that takes its time.
struct Slow {
    asks: &'static str,
    body: Duration,
    log: Mutex<Vec<Instant>>,
}

impl Transport for Slow {
    fn send(
        &self,
        _: http::Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let mut log = self.log.lock().unwrap();
        log.push(Instant::now());
        let is_first = log.len() == 1;
        Box::pin(async move {
            let mut answer = http::Response::new(Bytes::new());
            if is_first {
                *answer.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
                answer.headers_mut().insert("retry-after", self.asks.parse().unwrap());
            }
            attempt.begun(answer.status(), answer.headers());
            sleep(if is_first { self.body } else { Duration::ZERO }).await;
            Ok(answer)
        })
    }
}

/// Also if the refused call is given up before the body has come.
#[tokio::test(start_paused = true)]
async fn r7_refusal_holds_everybody_back_before_its_body_has_come() {
    // In the end the wait counts from the whole answer: this transport does not say more.
    for (asks, body, given_up, least, most) in [
        ("3", 900, false, 3.0, 4.152),
        ("0", 900, false, 1.0, 2.152),
        ("7", 60_000, true, 7.0, 7.002),
    ] {
        let body = Duration::from_millis(body);
        let slow = Arc::new(Slow { asks, body, log: Mutex::default() });
        let client = paced(slow.clone(), &Pacer::new());
        let refused = spawn(&client).await;
        sleep(Duration::from_millis(10)).await;
        let mut others = vec![spawn(&client).await];
        if given_up {
            refused.abort();
        } else {
            others.push(refused);
        }
        for call in others {
            call.await.unwrap().unwrap();
        }
        let log = slow.log.lock().unwrap().clone();
        let gap = (log[1] - log[0]).as_secs_f64();
        assert!((least..=most).contains(&gap), "{gap} for {asks}");
    }
}

#[tokio::test(start_paused = true)]
async fn r2_refusal_holds_everybody_back_and_one_request_tries_first() {
    let hint = answer(429, &["retry-after: 3"], "");
    let script = Script::new([hint, Step::Delay(Duration::from_millis(100)), ok(), ok()]);
    let client = client(script.clone());
    let refused = spawn(&client).await;
    sleep(Duration::from_millis(500)).await;
    let mut others = Vec::new();
    for _ in 0..10 {
        others.push(spawn(&client).await);
    }
    for call in std::iter::once(refused).chain(others) {
        call.await.unwrap().unwrap();
    }
    let log = script.log();
    let after: Vec<f64> = log.iter().map(|sent| (sent.at - log[0].at).as_secs_f64()).collect();
    assert!((3.0..=3.252).contains(&after[1]), "{after:?}");
    assert_eq!(log[1].number, 2, "the refused call goes before new ones");
    assert!(after[2..].iter().all(|at| *at > after[1] + 0.099), "{after:?}");
    assert!(after[2..].iter().all(|at| *at <= after[1] + 0.2), "{after:?}");
    assert_eq!(log.len(), 12);
}

/// What was under way when the gate closed brings neither a second gate nor a second cut.
#[tokio::test(start_paused = true)]
async fn r2_refusals_of_one_burst_count_as_one() {
    let sim = Sim::new(Rule::Sliding, 40, Network::new(10, 0), 1);
    let started = Instant::now();
    assert!(drain(&client(sim.clone()), 60).await.is_empty());
    // A second cut would leave 49 slots, and a second wait would take longer.
    let (refused, arrived) = (sim.refused(), sim.peak());
    assert!(refused == 20 && arrived <= 60, "{refused}, {arrived}");
    assert!(started.elapsed() < seconds(2), "{:?}", started.elapsed());
}

/// At six in the morning: what a hint means for a service that has a limit per day, and for others.
#[tokio::test(start_paused = true)]
async fn r5_hint_beyond_patience_is_about_the_day_or_long() {
    let year_9999 = "Fri, 31 Dec 9999 23:59:59 GMT";
    let clock = Wall::at(MORNING);
    let wall = httpdate::parse_http_date(MORNING).unwrap();
    let midnight = httpdate::parse_http_date(MIDNIGHT).unwrap();
    let (daily, long) = (LimitScope::Daily, LimitScope::Long);
    let table = [
        ("61", long, Some(wall + seconds(61))),
        ("3599", long, Some(wall + seconds(3599))),
        ("3600", daily, Some(wall + seconds(3600))),
        ("64800", daily, Some(midnight)),
        ("200000", daily, Some(wall + seconds(200_000))),
        (year_9999, daily, Some(midnight)),
        ("18446744073709551615", daily, Some(midnight)),
        ("99999999999999999999999999", daily, Some(midnight)),
    ];
    for (hint, scope, resets_at) in table {
        let hint = format!("retry-after: {hint}");
        for operation in [&READ, &WRITE] {
            let script = Script::new([answer(429, &[&hint], ""), ok()]);
            let client = timed(script.clone(), &clock, &Pacer::new());
            let started = Instant::now();
            let error = call(&client, operation, &CallOptions::new()).await.unwrap_err();
            assert_eq!(started.elapsed(), Duration::ZERO, "{hint}");
            assert!(!error.is_ambiguous() && error.is_retryable(), "{hint}");
            let error = limited(error);
            assert_eq!((error.scope(), error.evidence()), (scope, Evidence::RetryAfter), "{hint}");
            assert_eq!(error.resets_at(), resets_at, "{hint}");
            assert_eq!(Some(wall + error.retry_in()), resets_at, "{hint}");

            // The next call does not ask.
            let error = limited(call(&client, operation, &CallOptions::new()).await.unwrap_err());
            assert_eq!((error.scope(), error.resets_at()), (scope, resets_at), "{hint}");
            assert!(error.answer().is_none());
            assert_eq!((script.count(), started.elapsed()), (1, Duration::ZERO));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn r5_without_a_limit_of_the_day_a_hint_is_long_at_most() {
    let limits = RateLimits { per_day: None, ..LIMITS };
    for hint in ["3600", "18446744073709551615", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let hint = format!("retry-after: {hint}");
        let script = Script::new([answer(429, &[&hint], ""), ok()]);
        let client = Retrying::new(script.clone(), Retry::default());
        let client = client.pacer(&Pacer::new(), Some(limits)).unwrap();
        for _ in 0..3 {
            assert_eq!(limited(read(&client).await.unwrap_err()).scope(), LimitScope::Long);
        }
        assert_eq!(script.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn r5_long_refusal_ends_when_it_says() {
    let script = Script::new([answer(429, &["retry-after: 61"], ""), ok()]);
    let client = client(script.clone());
    assert!(read(&client).await.is_err());
    sleep(Duration::from_millis(60_990)).await;
    let error = limited(read(&client).await.unwrap_err());
    assert_eq!(error.retry_in(), Duration::from_millis(10));
    sleep(Duration::from_millis(10)).await;
    read(&client).await.unwrap();
    assert_eq!(script.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn r5_hint_to_the_end_of_the_day_is_about_the_day() {
    let clock = Wall::at("Wed, 25 Nov 2026 23:55:00 GMT");
    for (hint, scope) in [
        (61, LimitScope::Daily),
        (300, LimitScope::Daily),
        (600, LimitScope::Daily),
        (601, LimitScope::Long),
    ] {
        let script = Script::new([answer(429, &[&format!("retry-after: {hint}")], "")]);
        let client = timed(script, &clock, &Pacer::new());
        assert_eq!(limited(read(&client).await.unwrap_err()).scope(), scope, "{hint}");
    }
}

/// The refusal of a call with little time holds all others back all the same.
#[tokio::test(start_paused = true)]
async fn r5_hint_beyond_a_deadline_fails_that_call_and_holds_back_the_others() {
    let script = Script::new([answer(429, &["retry-after: 20"], ""), ok()]);
    let client = client(script.clone());
    let started = Instant::now();
    let options = CallOptions::new().deadline(seconds(10));
    let error = call(&client, &READ, &options).await.unwrap_err();
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(error.retry_after(), Some(seconds(20)));
    assert_eq!(limited(error).scope(), LimitScope::Short);
    // One of the same kind is not even sent.
    assert_eq!(summary(&call(&client, &READ, &options).await), "timeout 0");
    assert_eq!((script.count(), started.elapsed()), (1, Duration::ZERO));
    read(&client).await.unwrap();
    assert!(started.elapsed() >= seconds(20), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn r6_five_refusals_of_lone_requests_close_the_day() {
    let clock = Wall::at(MORNING);
    let script = Script::new([answer(429, &[], "")]);
    let client = timed(script.clone(), &clock, &Pacer::new());
    let started = Instant::now();
    let error = read(&client).await.unwrap_err();
    let took = started.elapsed().as_secs_f64();
    assert!((30.0..=31.3).contains(&took), "{took}");
    assert_eq!(script.count(), 6);
    for (gap, least) in script.gaps().into_iter().zip([1, 2, 4, 8, 15]) {
        assert!(gap >= seconds(least) && gap <= seconds(least) + Duration::from_millis(252));
    }
    let text = error.to_string();
    assert!(
        text.starts_with(
            "GET /things/{id}: the requests of the day are used up for the project (6 attempts); \
             requests are accepted again at 2026-11-26T00:00:00Z in 17 h 59 min"
        ),
        "{text}"
    );
    assert!(text.ends_with("inferred from several refusals of requests that went out alone"));
    let error = limited(error);
    assert_eq!((error.scope(), error.evidence()), (LimitScope::Daily, Evidence::Inferred));
    assert_eq!(error.resets_at(), Some(httpdate::parse_http_date(MIDNIGHT).unwrap()));
    assert_eq!(client.quota().state, QuotaState::Exhausted);

    let (began, real) = (Instant::now(), std::time::Instant::now());
    for _ in 0..100 {
        let error = limited(read(&client).await.unwrap_err());
        assert_eq!((error.scope(), error.evidence()), (LimitScope::Daily, Evidence::Inferred));
        assert!(error.answer().is_none());
    }
    assert_eq!((script.count(), began.elapsed()), (6, Duration::ZERO));
    assert!(real.elapsed() < Duration::from_millis(100), "{:?} for 100", real.elapsed());
}

#[tokio::test(start_paused = true)]
async fn r6_one_request_in_five_minutes_tries_whether_the_day_is_open() {
    let mut steps = vec![answer(429, &[], ""); 7];
    steps.extend([Step::Delay(Duration::from_millis(50)), ok()]);
    let script = Script::new(steps);
    let client = client(script.clone());
    assert!(read(&client).await.is_err());
    for (count, opens) in [(7, false), (8, true)] {
        sleep(seconds(299)).await;
        assert!(read(&client).await.is_err());
        assert_eq!(script.count(), count - 1);
        sleep(seconds(1)).await;
        let mut calls = Vec::new();
        for _ in 0..10 {
            calls.push(spawn(&client).await);
        }
        let mut passed = 0;
        for call in calls {
            passed += usize::from(call.await.unwrap().is_ok());
        }
        assert_eq!((script.count(), passed), (count, usize::from(opens)), "one of ten tries");
    }
    let started = Instant::now();
    read(&client).await.unwrap();
    assert_eq!((script.count(), started.elapsed()), (9, Duration::ZERO));
    assert_eq!(client.quota().state, QuotaState::Ok);
}

#[tokio::test(start_paused = true)]
async fn r6_day_is_open_again_when_it_is_over() {
    let clock = Wall::at("Wed, 25 Nov 2026 23:58:00 GMT");
    let script = Script::new([answer(429, &["retry-after: 120"], ""), ok()]);
    let client = timed(script.clone(), &clock, &Pacer::new());
    assert!(read(&client).await.is_err());
    sleep(Duration::from_millis(119_999)).await;
    assert!(read(&client).await.is_err());
    sleep(Duration::from_millis(1)).await;
    read(&client).await.unwrap();
    assert_eq!(script.count(), 2);
}

/// Several calls, none of which has patience for more than one refusal.
#[tokio::test(start_paused = true)]
async fn r6_day_is_suspected_before_it_is_closed() {
    let script = Script::new([answer(429, &[], "")]);
    let client = client(script.clone());
    let once = CallOptions::new().retry(Retry::off());
    for expected in [QuotaState::Ok, QuotaState::Suspected] {
        assert!(call(&client, &READ, &once).await.is_err());
        assert_eq!(client.quota().state, expected);
    }
    for _ in 0..4 {
        assert!(call(&client, &READ, &once).await.is_err());
    }
    assert_eq!((script.count(), client.quota().state), (6, QuotaState::Exhausted));
}

/// Refusals in quick succession can all come from one second: they say nothing of the day.
#[tokio::test(start_paused = true)]
async fn r6_refusals_within_a_second_do_not_close_the_day() {
    let mut steps = vec![answer(429, &[], ""); 20];
    steps.push(ok());
    let script = Script::new(steps);
    let retry = Retry::default().refusal_wait(Duration::from_millis(4)).refusal_attempts(40);
    let client = Retrying::new(script.clone(), retry).pacer(&Pacer::new(), Some(LIMITS)).unwrap();
    read(&client).await.unwrap();
    assert_eq!(client.quota().state, QuotaState::Ok);
}

#[tokio::test(start_paused = true)]
async fn r6_without_a_limit_of_the_day_none_is_inferred() {
    let limits = RateLimits { per_day: None, ..LIMITS };
    let script = Script::new([answer(429, &[], "")]);
    let client = Retrying::new(script.clone(), Retry::default());
    let client = client.pacer(&Pacer::new(), Some(limits)).unwrap();
    let error = limited(read(&client).await.unwrap_err());
    assert_eq!((error.scope(), error.evidence()), (LimitScope::Short, Evidence::Status));
    assert_eq!(script.count(), 8);
}

#[tokio::test(start_paused = true)]
async fn r8_refused_write_is_sent_again_and_executed_once() {
    for operation in [&WRITE, &CHANGE, &REMOVE_BY_INDEX] {
        for refusals in [1, 3] {
            let mut steps = vec![answer(429, &[], "<html>slow down"); refusals];
            steps.extend([ok(), answer(500, &[], "executed twice")]);
            let script = Script::new(steps);
            let pacers = [Pacer::new(), Pacer::off()];
            let client = paced(script.clone(), &pacers[refusals % 2]);
            let response = call(&client, operation, &CallOptions::new()).await.unwrap();
            assert_eq!(response.attempts() as usize, refusals + 1);
            assert_eq!(script.count(), refusals + 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn r9_write_of_open_outcome_is_sent_once_and_ambiguous() {
    use ship::runtime::{Sent, TransportErrorKind as Kind};
    let steps = [
        answer(500, &[], ""),
        answer(502, &[], ""),
        answer(503, &["retry-after: 1"], ""),
        answer(504, &[], ""),
        Step::Fault(Sent::Maybe, Kind::Closed),
        Step::Fault(Sent::Maybe, Kind::Timeout),
        Step::Hang,
    ];
    for operation in [&WRITE, &CHANGE, &REMOVE_BY_INDEX] {
        for step in &steps {
            let script = Script::new([step.clone()]);
            let outcome = call(&client(script.clone()), operation, &CallOptions::new()).await;
            let error = outcome.unwrap_err();
            assert_eq!((error.attempts(), script.count()), (1, 1), "{error}");
            assert!(error.is_ambiguous() && !error.is_retryable(), "{error}");
        }
    }
}

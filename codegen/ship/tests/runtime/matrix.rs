//! What is tried again, by outcome and operation.
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;
use ship::runtime::{
    CallOptions, Error, Operation, Response, Retry, Retrying, Sent, TransportErrorKind as Kind,
    decode,
};
use tokio::task::JoinSet;

use crate::support::script::{Script, Step, answer, ok};
use crate::support::{READ, REMOVE, WRITE, printed, summary};

async fn call(
    operation: &'static Operation,
    script: &Script,
    retry: Retry,
) -> Result<Response<Value>, Error> {
    let request = http::Request::get("https://host/things/1").body(Bytes::new()).unwrap();
    Retrying::new(script.clone(), retry)
        .call(operation, request, &CallOptions::new(), decode::json)
        .await
}

/// Each outcome for ever: the end of a reading, an idempotent and another call.
#[tokio::test(start_paused = true)]
async fn r10_outcome_that_stays_is_tried_as_often_as_the_operation_allows() {
    let status = |status| answer(status, &[], "{}");
    let maybe = |kind| Step::Fault(Sent::Maybe, kind);
    let no = |kind| Step::Fault(Sent::No, kind);
    let same = |end| [end, end, end];
    let table = [
        (status(429), same("rate limited 8")),
        (no(Kind::Dns), same("Dns, sent No 3")),
        (no(Kind::Connect), same("Connect, sent No 3")),
        (no(Kind::Refused), same("Refused, sent No 8")),
        (no(Kind::Tls), same("Tls, sent No 1")),
        (no(Kind::Other), same("Other, sent No 3")),
        (no(Kind::Invalid), same("Invalid, sent No 1")),
        (status(400), same("status 400 1")),
        (status(401), same("status 401 1")),
        (status(403), same("status 403 1")),
        (status(404), same("status 404 1")),
        (status(409), same("status 409 1")),
        (status(501), same("status 501 1")),
        (status(505), same("status 505 1")),
        (status(302), same("redirect 1")),
        (status(303), ["redirect 1", "redirect 1, ambiguous", "redirect 1, ambiguous"]),
        (status(304), same("redirect 1")),
        (status(408), ["status 408 3", "status 408 3, ambiguous", "status 408 1, ambiguous"]),
        (status(500), ["status 500 3", "status 500 3, ambiguous", "status 500 1, ambiguous"]),
        (status(502), ["status 502 3", "status 502 3, ambiguous", "status 502 1, ambiguous"]),
        (status(503), ["status 503 3", "status 503 3, ambiguous", "status 503 1, ambiguous"]),
        (status(504), ["status 504 3", "status 504 3, ambiguous", "status 504 1, ambiguous"]),
        (status(524), ["status 524 3", "status 524 3, ambiguous", "status 524 1, ambiguous"]),
        (
            maybe(Kind::Closed),
            [
                "Closed, sent Maybe 3",
                "Closed, sent Maybe 3, ambiguous",
                "Closed, sent Maybe 1, ambiguous",
            ],
        ),
        (
            Step::Hang,
            [
                "Timeout, sent Maybe 3",
                "Timeout, sent Maybe 3, ambiguous",
                "Timeout, sent Maybe 1, ambiguous",
            ],
        ),
        (Step::Cut, ["Cut 3", "Cut 3, ambiguous", "Cut 1, ambiguous"]),
        (
            answer(200, &[], "{\"a\": [1, 2"),
            ["Truncated 2", "Truncated 2, ambiguous", "Truncated 1, ambiguous"],
        ),
        (answer(200, &[], "<html>"), ["Syntax 2", "Syntax 2, ambiguous", "Syntax 1, ambiguous"]),
        (answer(200, &[], ""), ["Truncated 2", "Truncated 2, ambiguous", "Truncated 1, ambiguous"]),
        (
            Step::Fault(Sent::Maybe, Kind::TooLarge),
            ["too large 1", "too large 1, ambiguous", "too large 1, ambiguous"],
        ),
    ];
    for (step, ends) in table {
        for (operation, end) in [&READ, &REMOVE, &WRITE].into_iter().zip(ends) {
            let script = Script::new([step.clone()]);
            let outcome = call(operation, &script, Retry::default()).await;
            assert_eq!(summary(&outcome), end, "{}", operation.id);
            let error = outcome.unwrap_err();
            assert_eq!(error.attempts() as usize, script.count(), "{end}");
            assert_eq!(error.operation(), Some(operation.id), "{end}");
            assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn r10_outcome_that_passes_ends_in_success_with_one_execution() {
    let refused = || answer(429, &[], "");
    let down = || answer(503, &[], "");
    let table: [(&'static Operation, Vec<Step>, &str); 8] = [
        (&WRITE, vec![refused(), ok()], "ok 2"),
        (&WRITE, vec![refused(), refused(), refused(), refused(), ok()], "ok 5"),
        (&WRITE, vec![Step::Fault(Sent::No, Kind::Connect), ok()], "ok 2"),
        (&WRITE, vec![refused(), down(), ok()], "status 503 2, ambiguous"),
        (&READ, vec![down(), down(), ok()], "ok 3"),
        (&READ, vec![refused(), down(), refused(), down(), ok()], "ok 5"),
        (&READ, vec![Step::Cut, ok()], "ok 2"),
        (&REMOVE, vec![answer(200, &[], "{"), ok()], "ok 2"),
    ];
    for (operation, steps, end) in table {
        let script = Script::new(steps);
        let outcome = call(operation, &script, Retry::default()).await;
        assert_eq!(summary(&outcome), end, "{}", operation.id);
    }
}

#[tokio::test(start_paused = true)]
async fn retry_off_leaves_one_attempt() {
    for step in [answer(429, &[], ""), answer(503, &[], ""), Step::Fault(Sent::No, Kind::Connect)] {
        let script = Script::new([step]);
        let outcome = call(&READ, &script, Retry::off()).await;
        assert!(outcome.is_err());
        assert_eq!(script.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn absent_after_an_ambiguous_removal_says_so() {
    let script = Script::new([answer(502, &[], ""), answer(404, &[], "")]);
    let error = call(&REMOVE, &script, Retry::default()).await.unwrap_err();
    assert!(error.is_not_found());
    assert!(error.is_ambiguous());
    assert_eq!(error.attempts(), 2);
    assert!(error.to_string().contains("may have been executed"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn r14_damaged_success_of_a_write_says_that_it_was_executed() {
    for step in [answer(200, &[], "{\"id\": "), Step::Cut] {
        let error = call(&WRITE, &Script::new([step]), Retry::default()).await.unwrap_err();
        assert!(matches!(error, Error::Decode(_)));
        assert_eq!(error.status().unwrap(), 200);
        assert!(error.is_ambiguous());
        assert!(error.to_string().contains("executed with status 200"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn body_of_another_shape_is_not_asked_for_again() {
    let script = Script::new([answer(200, &[], "[1]")]);
    let request = http::Request::get("https://host/").body(Bytes::new()).unwrap();
    let retrying = Retrying::new(script.clone(), Retry::default());
    let outcome = retrying.call(&READ, request, &CallOptions::new(), decode::json::<String>).await;
    assert_eq!(summary(&outcome), "Shape 1");
}

#[tokio::test(start_paused = true)]
async fn attempts_are_numbered_and_limited_in_time() {
    let script = Script::new([answer(503, &[], ""), answer(429, &[], ""), ok()]);
    call(&READ, &script, Retry::default()).await.unwrap();
    let log = script.log();
    assert_eq!(log.iter().map(|logged| logged.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(log.iter().all(|logged| logged.timeout.as_secs() == 30));
}

#[tokio::test(start_paused = true)]
async fn error_prints_the_template_and_no_value() {
    for step in [answer(500, &[], "broken"), answer(429, &[], ""), Step::Cut, answer(302, &[], "")]
    {
        let request = http::Request::get("https://host/things/xyz-ann?q=secret").body(Bytes::new());
        let retrying = Retrying::new(Script::new([step]), Retry::off());
        let error = retrying
            .call(&READ, request.unwrap(), &CallOptions::new(), decode::nothing)
            .await
            .unwrap_err();
        let text = printed(&error);
        assert!(error.to_string().starts_with("GET /things/{id}: "), "{error}");
        assert!(!text.contains("xyz-ann") && !text.contains("secret"), "{text}");
    }
}

/// A connection may turn away many before it could say how much it takes; the service is there, so
/// the retry budget is not for them.
#[tokio::test(start_paused = true)]
async fn r10_calls_that_are_turned_away_are_all_sent_again() {
    for operation in [&READ, &REMOVE, &WRITE] {
        let turned = (0..60).map(|_| Step::Fault(Sent::No, Kind::Refused));
        let script = Script::new(turned.chain([ok()]));
        let client = Arc::new(Retrying::new(script.clone(), Retry::default()));
        let mut calls = JoinSet::new();
        for _ in 0..60 {
            let client = client.clone();
            calls.spawn(async move {
                let request = http::Request::get("https://host/things/1").body(Bytes::new());
                let options = CallOptions::new();
                client.call(operation, request.unwrap(), &options, decode::nothing).await
            });
        }
        for outcome in calls.join_all().await {
            assert_eq!(outcome.unwrap().attempts(), 2);
        }
        assert_eq!(script.count(), 120);
    }
}

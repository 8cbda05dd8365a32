//! What a user of the crate can put in place of its parts: each of the seams, filled from outside.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use amplitude_experiment_management::{
    Attempt, BoxFuture, Budget, BudgetError, CallOptions, Client, Clock, Event, Observer,
    Operation, Pacer, Retry, RetrySafety, Retrying, Sent, Transport, TransportError,
    TransportErrorKind, decode,
};
use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value, json};

/// What happened, in order; clones are the same.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn note(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Loses the first request and answers the others.
impl Transport for Seen {
    fn send(
        &self,
        request: Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        self.note(format!("send {} {}", attempt.operation.id, request.uri().path()));
        let answer = match attempt.number {
            1 => Err(TransportError::new(Sent::No, TransportErrorKind::Connect)),
            _ => Ok(Response::new(json!({ "flags": [] }).to_string().into())),
        };
        Box::pin(std::future::ready(answer))
    }
}

impl Observer for Seen {
    fn event(&self, operation: &'static Operation, event: &Event) {
        if let Event::AttemptEnd { attempt, status, .. } = event {
            self.note(format!("{} {attempt} {status:?}", operation.path));
        }
    }
}

impl Budget for Seen {
    fn reserve(&self) -> BoxFuture<'_, Result<(), BudgetError>> {
        self.note("reserve");
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Waits no time.
struct Hurry;

impl Clock for Hurry {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep_until(&self, at: Instant) -> BoxFuture<'static, ()> {
        // The end of an attempt is not waited for: what is to be sent is there at once.
        match at.saturating_duration_since(Instant::now()) < Duration::from_secs(1) {
            true => Box::pin(std::future::ready(())),
            false => Box::pin(std::future::pending()),
        }
    }
}

#[tokio::test]
async fn transport_observer_clock_and_budget_of_a_user_are_used() {
    let seen = Seen::default();
    let client = Client::builder("key")
        .transport(seen.clone())
        .observer(seen.clone())
        .clock(Hurry)
        .pacer(Pacer::new().shared_budget(seen.clone()))
        .build()
        .unwrap();
    assert!(client.flags().list().await.unwrap().flags.is_empty());
    let attempt = |end: &str| {
        ["reserve".into(), "send listFlags /api/1/flags".into(), format!("/flags {end}")]
    };
    let expected = [attempt("1 None"), attempt("2 Some(200)")].concat();
    assert_eq!(seen.all(), expected);
}

static ASK: Operation = Operation {
    id: "ask",
    method: Method::GET,
    path: "/anything",
    retry: RetrySafety::Safe,
    security: &[],
};

#[tokio::test]
async fn retrying_layer_serves_requests_of_ones_own() {
    let seen = Seen::default();
    let layer = Retrying::new(seen.clone(), Retry::default()).clock(Hurry);
    let request = Request::get("https://host/anything").body(Bytes::new()).unwrap();
    let answer =
        layer.call(&ASK, request, &CallOptions::new(), decode::json::<Value>).await.unwrap();
    assert_eq!((answer.attempts(), answer.into_value()), (2, json!({ "flags": [] })));
    assert_eq!(seen.all().len(), 2);
}

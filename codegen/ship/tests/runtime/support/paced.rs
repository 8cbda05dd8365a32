//! Calls through a pacer.
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use ship::runtime::{
    CallOptions, Error, Event, Observer, Operation, Pacer, RateLimitError, RateLimits, Response,
    Retry, Retrying, Transport, decode,
};
use tokio::task::JoinHandle;

use super::READ;
use super::clock::Wall;

/// The limits that most tests are about.
pub const LIMITS: RateLimits = RateLimits {
    per_second: Some(100),
    per_day: Some(100_000),
    day_starts_at: 0,
    scope: Some("project"),
};

/// A client with the limits of a document, and a time of day.
pub fn timed<T: Transport>(transport: T, clock: &Wall, pacer: &Pacer) -> Arc<Retrying<T>> {
    let client = Retrying::new(transport, Retry::default()).clock(clock.clone());
    Arc::new(client.pacer(pacer, Some(LIMITS)).unwrap())
}

pub fn limited(error: Error) -> RateLimitError {
    match error {
        Error::RateLimited(error) => *error,
        error => panic!("{error:?}"),
    }
}

pub fn request(path: &str) -> http::Request<Bytes> {
    http::Request::get(format!("https://host/{path}")).body(Bytes::new()).unwrap()
}

/// A client with the limits of a document.
pub fn client<T: Transport>(transport: T) -> Arc<Retrying<T>> {
    paced(transport, &Pacer::new())
}

pub fn paced<T: Transport>(transport: T, pacer: &Pacer) -> Arc<Retrying<T>> {
    let client = Retrying::new(transport, Retry::default()).pacer(pacer, Some(LIMITS));
    Arc::new(client.unwrap())
}

pub async fn read<T: Transport>(client: &Retrying<T>) -> Result<Response<()>, Error> {
    call(client, &READ, &CallOptions::new()).await
}

pub async fn call<T: Transport>(
    client: &Retrying<T>,
    operation: &'static Operation,
    options: &CallOptions,
) -> Result<Response<()>, Error> {
    client.call(operation, request("things"), options, decode::nothing).await
}

/// A call on a task of its own, which has begun when this returns.
pub async fn spawn<T: Transport>(client: &Arc<Retrying<T>>) -> JoinHandle<Result<(), Error>> {
    let client = client.clone();
    let task = tokio::spawn(async move { read(&client).await.map(drop) });
    tokio::task::yield_now().await;
    task
}

/// So many calls at once, each on a task; their paths are their numbers.
pub async fn drain<T: Transport>(client: &Arc<Retrying<T>>, calls: usize) -> Vec<Error> {
    let call = |number: usize| {
        let client = client.clone();
        tokio::spawn(async move {
            let request = request(&number.to_string());
            client.call(&READ, request, &CallOptions::new(), decode::nothing).await
        })
    };
    let calls: Vec<_> = (0..calls).map(call).collect();
    let mut errors = Vec::new();
    for call in calls {
        errors.extend(call.await.unwrap().err());
    }
    errors
}

/// Keeps all events.
#[derive(Clone, Default)]
pub struct Events(Arc<Mutex<Vec<Event>>>);

impl Events {
    pub fn all(&self) -> Vec<Event> {
        self.0.lock().unwrap().clone()
    }
}

impl Observer for Events {
    fn event(&self, _: &'static Operation, event: &Event) {
        self.0.lock().unwrap().push(event.clone());
    }
}

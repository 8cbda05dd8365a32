//! Calls through a pacer.
use std::sync::Arc;

use bytes::Bytes;
use ship::runtime::{
    CallOptions, Error, Operation, Pacer, RateLimits, Response, Retry, Retrying, Transport, decode,
};

use super::READ;

/// The limits that most tests are about.
pub const LIMITS: RateLimits = RateLimits {
    per_second: Some(100),
    per_day: Some(100_000),
    day_starts_at: 0,
    scope: Some("project"),
};

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

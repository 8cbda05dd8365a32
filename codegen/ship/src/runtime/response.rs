//! A decoded answer with what came around it.
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use super::operation::Operation;

/// A successful answer: its value, status and headers.
pub struct Response<T> {
    pub(super) value: T,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) operation: &'static Operation,
    pub(super) attempts: u32,
    pub(super) elapsed: Duration,
    pub(super) waited: Duration,
}

impl<T> Response<T> {
    /// The decoded body.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The decoded body, by value.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }

    /// The status, from 200 to 299.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers as they came, also if the service repeats a secret in them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id of the operation that was called.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// How many times the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The time from the call to the decoded answer, waits included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The part of [`elapsed`](Self::elapsed) that was spent waiting: for a slot, after refusals and
    /// after failures.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// The name that the service, or what is before it, gave to the request; quote it in a question
    /// to the service's makers. It is as it came.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The same answer with another value.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            value: change(self.value),
            status: self.status,
            headers: self.headers,
            operation: self.operation,
            attempts: self.attempts,
            elapsed: self.elapsed,
            waited: self.waited,
        }
    }
}

impl<T> Response<Box<T>> {
    pub(super) fn unboxed(self) -> Response<T> {
        self.map(|value| *value)
    }
}

/// The headers in which services name a request, in order of preference.
const REQUEST_ID_HEADERS: [&str; 6] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
    "cf-ray",
];

pub(super) fn request_id(headers: &HeaderMap) -> Option<&str> {
    REQUEST_ID_HEADERS.iter().find_map(|name| headers.get(*name)?.to_str().ok())
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("operation", &self.operation.id)
            .field("status", &self.status)
            .field("attempts", &self.attempts)
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

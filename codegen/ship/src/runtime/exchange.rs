//! What differs between calls: how an attempt is sent, and what becomes of a success.
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::decode::Parts;
use super::decode_error::DecodeError;
use super::transport::{Attempt, BoxFuture, Transport, TransportError};

/// A function that decodes a successful answer.
pub(super) type Decode<V> = fn(&Parts<'_>) -> Result<V, DecodeError>;

/// What a transport gives for one attempt.
pub(super) type Sending<'a, B> = BoxFuture<'a, Result<http::Response<B>, TransportError>>;

/// One kind of call.
pub(super) trait Exchange: Sync {
    /// What an answer carries.
    type Body: Send;
    /// What a success becomes.
    type Value;

    /// Sends the request once.
    fn send<'a>(
        &'a self,
        transport: &'a impl Transport,
        attempt: Attempt,
    ) -> Sending<'a, Self::Body>;

    /// Reads the body of a success.
    fn read(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: Self::Body,
    ) -> Result<Self::Value, DecodeError>;

    /// The body of any other answer.
    fn rest(body: Self::Body) -> Bytes;

    /// Whether the request can be sent again.
    fn can_repeat(&self) -> bool {
        true
    }

    /// Whether an attempt may take as long as the call.
    fn is_long(&self) -> bool {
        false
    }
}

/// A request and an answer that are held in memory.
pub(super) struct Whole<F, V> {
    /// The request of each attempt.
    pub(super) request: F,
    pub(super) decode: Decode<V>,
}

impl<F: Fn() -> http::Request<Bytes> + Sync, V> Exchange for Whole<F, V> {
    type Body = Bytes;
    type Value = V;

    fn send<'a>(&'a self, transport: &'a impl Transport, attempt: Attempt) -> Sending<'a, Bytes> {
        transport.send((self.request)(), attempt)
    }

    fn read(&self, status: StatusCode, headers: &HeaderMap, body: Bytes) -> Result<V, DecodeError> {
        (self.decode)(&Parts { status, headers, body: &body })
    }

    fn rest(body: Bytes) -> Bytes {
        body
    }
}

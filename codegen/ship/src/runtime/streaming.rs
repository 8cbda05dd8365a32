//! Calls whose bodies are not held in memory.
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::core::Core;
use super::decode::Parts;
use super::decode_error::DecodeError;
use super::download::Download;
use super::error::Error;
use super::exchange::{Decode, Exchange, Sending};
use super::incoming::Incoming;
use super::operation::Operation;
use super::options::CallOptions;
use super::request::{Ready, Request};
use super::response::Response;
use super::transport::{Attempt, Transport};

/// The part of an error's body that is read, and the time it may take. The built-in transport is
/// stricter.
const ERROR_BODY_LIMIT: usize = 64 << 10;
const ERROR_BODY_TIME: Duration = Duration::from_secs(1);

/// An answer that is read by the caller, bit by bit.
struct Opened<'a>(&'a Ready);

impl Exchange for Opened<'_> {
    /// In memory, if the answer is no success.
    type Body = Incoming;
    type Value = Incoming;

    fn send<'a>(
        &'a self,
        transport: &'a impl Transport,
        attempt: Attempt,
    ) -> Sending<'a, Incoming> {
        Box::pin(async move {
            let answer = transport.open(self.0.upload(), attempt).await?;
            if answer.status().is_success() {
                return Ok(answer);
            }
            let (head, body) = answer.into_parts();
            let body = tokio::time::timeout(ERROR_BODY_TIME, body.start(ERROR_BODY_LIMIT)).await;
            Ok(http::Response::from_parts(head, Incoming::whole(body.unwrap_or_default())))
        })
    }

    fn read(&self, _: StatusCode, _: &HeaderMap, body: Incoming) -> Result<Incoming, DecodeError> {
        Ok(body)
    }

    fn rest(body: Incoming) -> Bytes {
        body.into_whole()
    }

    fn can_repeat(&self) -> bool {
        self.0.can_repeat()
    }

    fn is_long(&self) -> bool {
        self.0.is_streamed()
    }
}

/// A request that goes out bit by bit, with an answer that is held in memory.
struct Uploaded<'a, V>(&'a Ready, Decode<V>);

impl<V> Exchange for Uploaded<'_, V> {
    type Body = Bytes;
    type Value = V;

    fn send<'a>(&'a self, transport: &'a impl Transport, attempt: Attempt) -> Sending<'a, Bytes> {
        Box::pin(async move {
            let (head, body) = Opened(self.0).send(transport, attempt).await?.into_parts();
            let status = head.status;
            let body = body.collect().await.map_err(|error| error.within_answer(status))?;
            Ok(http::Response::from_parts(head, body))
        })
    }

    fn read(&self, status: StatusCode, headers: &HeaderMap, body: Bytes) -> Result<V, DecodeError> {
        self.1(&Parts { status, headers, body: &body })
    }

    fn rest(body: Bytes) -> Bytes {
        body
    }

    fn can_repeat(&self) -> bool {
        self.0.can_repeat()
    }

    fn is_long(&self) -> bool {
        true
    }
}

impl Core {
    /// Sends `request`, repeatedly if need be, until a success begins to come. Its body is left to
    /// the caller, and no part of the call is repeated from then on.
    ///
    /// # Errors
    ///
    /// See [`execute`](Self::execute). The deadline of the call ends with the head of the answer.
    ///
    /// # Panics
    ///
    /// See [`execute`](Self::execute).
    pub async fn open(
        &self,
        request: Request,
        options: &CallOptions,
    ) -> Result<Response<Download>, Error> {
        let (operation, request) = (request.operation(), self.prepare(request)?);
        let response = self.run(operation, &Opened(&request), options).await?;
        Ok(Download::of(response.unboxed(), self))
    }

    /// A call whose body goes out bit by bit.
    pub(super) async fn sent<T>(
        &self,
        operation: &'static Operation,
        request: &Ready,
        options: &CallOptions,
        decode: Decode<T>,
    ) -> Result<Response<Box<T>>, Error> {
        self.run(operation, &Uploaded(request, decode), options).await
    }
}

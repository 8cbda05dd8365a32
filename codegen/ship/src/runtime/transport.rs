//! The seam between a client and the network.
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::clock::Time;
use super::early::Early;
use super::failure::Call;
use super::operation::Operation;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends one request and reads its whole answer.
///
/// Tests, proxies and other HTTP libraries come in here. A transport of your own takes over these
/// duties from the built-in one:
///
/// - an answer of any status is `Ok`; redirects are not followed, nothing is sent a second time;
/// - the key travels in the headers (or in the URL, for some APIs): send it to the given URL only,
///   encrypted, and keep it out of errors and logs;
/// - the body is read to its end inside the call, and is limited; before that it may say how the
///   answer [begins](Attempt::begun);
/// - the future may be dropped at any await.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request` once.
    fn send(
        &self,
        request: http::Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>>;

    // [streams
    /// Sends `request` once, as its body is read, and gives back the answer as soon as it begins.
    ///
    /// Left as it is, this holds both bodies in memory and goes through [`send`](Self::send); an
    /// answer without end then never comes. The duties are the same, but that the body of a success
    /// is neither read nor limited here.
    fn open(
        &self,
        request: http::Request<super::upload::Upload>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<super::incoming::Incoming>, TransportError>> {
        Box::pin(super::incoming::through_memory(self, request, attempt))
    }
    // streams]
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        (**self).send(request, attempt)
    }

    // [streams
    fn open(
        &self,
        request: http::Request<super::upload::Upload>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<super::incoming::Incoming>, TransportError>> {
        (**self).open(request, attempt)
    }
    // streams]
}

/// What a transport may want to know about the request it sends.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Attempt {
    /// The operation that is called.
    pub operation: &'static Operation,
    /// 1 for the first attempt of a call.
    pub number: u32,
    /// The time this attempt has; its future is dropped when that is over.
    pub timeout: Duration,
    /// When that is, by `tokio`'s clock.
    pub(super) until: tokio::time::Instant,
    /// Whether the future is dropped by that clock.
    pub(super) is_timed: bool,
    early: Early,
}

impl Attempt {
    pub(super) fn new(
        operation: &'static Operation,
        number: u32,
        time: &Time,
        now: Instant,
        until: Instant,
        early: Early,
    ) -> Self {
        let timeout = until.saturating_duration_since(now);
        let (until, is_timed) = (time.tokio_end(until, timeout), time.is_tokio());
        Self { operation, number, timeout, until, is_timed, early }
    }

    /// Tells that an answer begins like this, before its body is read.
    ///
    /// After a refusal (429) everybody who uses the same pacer is held back from then on, however
    /// long its body takes. Without it they are when the answer is whole.
    pub fn begun(&self, status: StatusCode, headers: &HeaderMap) {
        self.early.begun(status, headers);
    }
}

/// Whether a request can have reached the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It provably was not executed.
    No,
    /// It may have been executed.
    Maybe,
}

/// What went wrong between the client and the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request is not one that can be sent.
    Invalid,
    /// The host name has no address.
    Dns,
    /// No connection came about.
    Connect,
    /// The encrypted connection was refused, say for its certificate. With the feature
    /// `native-tls` this counts as [`Connect`](Self::Connect).
    Tls,
    /// The service refused the request unprocessed and the connection with it (HTTP/2).
    Refused,
    /// The connection was closed or reset.
    Closed,
    /// Nothing came in time.
    Timeout,
    /// The body is larger than is accepted.
    TooLarge,
    /// Anything else.
    Other,
}

impl TransportErrorKind {
    fn text(self) -> &'static str {
        match self {
            Self::Invalid => "the request cannot be sent",
            Self::Dns => "the host name could not be resolved",
            Self::Connect => "no connection could be made",
            Self::Tls => "no encrypted connection could be made",
            Self::Refused => "the service refused the request unprocessed",
            Self::Closed => "the connection was lost",
            Self::Timeout => "no answer came in time",
            Self::TooLarge => "the body is too large",
            Self::Other => "sending failed",
        }
    }
}

/// A request that got no usable answer.
pub struct TransportError {
    /// Whether the service can have seen the request.
    pub sent: Sent,
    /// What went wrong.
    pub kind: TransportErrorKind,
    pub(super) status: Option<StatusCode>,
    pub(super) limit: usize,
    pub(super) call: Call,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportError {
    /// An error of this kind.
    #[must_use]
    pub fn new(sent: Sent, kind: TransportErrorKind) -> Self {
        Self { sent, kind, status: None, limit: 0, call: Call::default(), source: None }
    }

    /// Adds the error that caused this one. Its text must not hold the key or the URL.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds the status, if that line of the answer came before the failure.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// The failure came in the middle of an answer, so the request was processed.
    pub(super) fn within_answer(mut self, status: StatusCode) -> Self {
        self.sent = Sent::Maybe;
        if self.kind == TransportErrorKind::Refused {
            self.kind = TransportErrorKind::Closed;
        }
        self.with_status(status)
    }

    /// The answer's status, if it came before the failure.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("call", &self.call)
            .field("sent", &self.sent)
            .field("kind", &self.kind)
            .field("status", &self.status)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.call.prefix(), self.kind.text())?;
        if let Some(status) = self.status {
            write!(f, " after status {}", status.as_u16())?;
        }
        self.call.suffix(f)
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

//! The built-in transport, over reqwest.
use std::error::Error as _;
use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::sync::OnceLock;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, HeaderValue};
use http::{Method, StatusCode};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout_at};

use super::builder::Timeouts;
use super::error::Error;
use super::failure::ConfigError;
use super::http_clients::{HttpClients, Recipe};
use super::origin::Origin;
use super::transport::{
    Attempt, BoxFuture, Sent, Transport, TransportError, TransportErrorKind as Kind,
};

/// The largest body of a success that is read.
const BODY_LIMIT: usize = 64 << 20;

/// The part of an error's body that is read, and the time it may take: the status says enough.
const ERROR_BODY_LIMIT: usize = 64 << 10;
const ERROR_BODY_TIME: Duration = Duration::from_secs(1);

/// What is left of an attempt's time when reading an error's body ends, at most: with the attempt
/// itself the status would be lost.
const ERROR_BODY_MARGIN: Duration = Duration::from_millis(10);

/// What reqwest gives for a request.
pub(super) type Answer = reqwest::Result<reqwest::Response>;

/// When the head of an answer came, if its body did not come with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Received(pub(super) Instant);

/// Sends requests with a client of the `reqwest` library.
pub struct HttpTransport {
    clients: HttpClients,
    origin: OnceLock<Origin>,
    idle: Duration,
    pub(super) body_limit: usize,
}

impl HttpTransport {
    /// Sends with a ready client of yours.
    ///
    /// What the built-in one has is then up to you: that redirects are not followed
    /// (`redirect::Policy::none()`; a followed one takes the body and the key to another place),
    /// that nothing is sent twice (`retry::never()`), that nothing is sent unencrypted
    /// (`https_only(true)`), that connections are not logged (`connection_verbose(false)`; their lines
    /// hold the key), and a time limit for connecting. And it is one client for all runtimes: its
    /// connections end with the runtime in which they were made, and stand still with it.
    #[must_use]
    pub fn with_client(client: reqwest::Client) -> Self {
        Self::over(HttpClients::Given(client), Timeouts::default().idle)
    }

    fn over(clients: HttpClients, idle: Duration) -> Self {
        Self { clients, origin: OnceLock::new(), idle, body_limit: BODY_LIMIT }
    }

    /// The largest body of a success that is read: 64 MiB.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    pub(super) fn build(recipe: Recipe) -> Result<Self, Error> {
        let idle = recipe.timeouts.idle;
        let clients = HttpClients::new(recipe).map_err(|error| {
            ConfigError::with_source("the HTTP client cannot be built", error.without_url())
        })?;
        Ok(Self::over(clients, idle))
    }

    /// Sends the request, when the future is polled.
    fn start(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<impl Future<Output = Answer> + use<>, TransportError> {
        let (head, body) = request.into_parts();
        self.begin(head, (!body.is_empty()).then(|| body.into()))
    }

    pub(super) fn begin(
        &self,
        head: http::request::Parts,
        body: Option<reqwest::Body>,
    ) -> Result<impl Future<Output = Answer> + use<>, TransportError> {
        let url = self.origin.get_or_init(|| Origin::of(&head.uri)).url(&head.uri);
        let url =
            url.map_err(|error| TransportError::new(Sent::No, Kind::Invalid).with_source(error))?;
        let mut request = reqwest::Request::new(head.method, url);
        *request.version_mut() = head.version;
        *request.headers_mut() = head.headers;
        if body.is_some() {
            *request.body_mut() = body;
        } else if may_have_body(request.method()) {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let client = self.clients.get().map_err(|error| {
            TransportError::new(Sent::No, Kind::Invalid).with_source(error.without_url())
        })?;
        Ok(client.execute(request))
    }

    async fn exchange(
        &self,
        answer: Result<impl Future<Output = Answer>, TransportError>,
        has_body: bool,
        attempt: Attempt,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let until = attempt.until;
        let mut answer = if attempt.is_timed {
            answer?.await
        } else {
            timeout_at(until, answer?)
                .await
                .map_err(|_| TransportError::new(Sent::Maybe, Kind::Timeout))?
        }
        .map_err(from_reqwest)?;
        let status = answer.status();
        attempt.begun(status, answer.headers());
        let mut received = None;
        let body = if status.is_success() {
            let announced = answer.content_length().filter(|_| has_body);
            let body = self.body(&mut answer, announced, until, &mut received).await;
            body.map_err(|error| error.within_answer(status))?
        } else {
            let now = *received.insert(Instant::now());
            error_body(&mut answer, error_body_end(now, error_body_time(status), until)).await
        };
        let mut whole = http::Response::new(body);
        *whole.status_mut() = status;
        *whole.version_mut() = answer.version();
        *whole.headers_mut() = std::mem::take(answer.headers_mut());
        if let Some(received) = received {
            whole.extensions_mut().insert(Received(received));
        }
        Ok(whole)
    }

    /// The whole body, and when the head came if the body comes later.
    async fn body(
        &self,
        answer: &mut reqwest::Response,
        announced: Option<u64>,
        until: Instant,
        received: &mut Option<Instant>,
    ) -> Result<Bytes, TransportError> {
        if announced.is_some_and(|length| length > to_u64(self.body_limit)) {
            return Err(self.too_large());
        }
        let mut body = Body::default();
        loop {
            let end = || {
                let now = Instant::now();
                received.get_or_insert(now);
                now.checked_add(self.idle).map_or(until, |end| end.min(until))
            };
            let chunk = in_time(answer.chunk(), end)
                .await
                .map_err(|_| TransportError::new(Sent::Maybe, Kind::Timeout))?
                .map_err(from_reqwest)?;
            match chunk {
                Some(chunk) => body.push(chunk),
                // Over HTTP/2 a service can end an answer early without calling that a failure.
                None if announced.is_some_and(|length| length != to_u64(body.len())) => {
                    let cut = TransportError::new(Sent::Maybe, Kind::Closed);
                    return Err(cut.with_source("the body has not the announced length"));
                }
                None => return Ok(body.finish()),
            }
            if body.len() > self.body_limit {
                return Err(self.too_large());
            }
        }
    }

    fn too_large(&self) -> TransportError {
        let mut error = TransportError::new(Sent::Maybe, Kind::TooLarge);
        error.limit = self.body_limit;
        error
    }
}

impl Transport for HttpTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let has_body = *request.method() != Method::HEAD;
        Box::pin(self.exchange(self.start(request), has_body, attempt))
    }

    // [streams
    fn open(
        &self,
        request: http::Request<super::upload::Upload>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<super::incoming::Incoming>, TransportError>> {
        Box::pin(self.opened(request, attempt))
    }
    // streams]
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The client's own form may show headers that it adds to each request.
        f.debug_struct("HttpTransport").finish_non_exhaustive()
    }
}

fn to_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// RFC 9110, section 8.6: these methods say that their body is empty; some services insist on it.
fn may_have_body(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::PATCH)
}

/// A refusal is judged well before others may go again, which is a second after it at the earliest.
pub(super) fn error_body_time(status: StatusCode) -> Duration {
    if status == StatusCode::TOO_MANY_REQUESTS { ERROR_BODY_TIME / 2 } else { ERROR_BODY_TIME }
}

/// When reading the body of an error ends: after `time`, and a little before the attempt.
pub(super) fn error_body_end(received: Instant, time: Duration, until: Instant) -> Instant {
    let left = until.saturating_duration_since(received);
    received + time.min(left - ERROR_BODY_MARGIN.min(left / 2))
}

/// The start of an error's body, as far as it comes in time.
pub(super) async fn error_body(answer: &mut reqwest::Response, until: Instant) -> Bytes {
    let mut body = Body::default();
    while let Ok(Ok(Some(chunk))) = timeout_at(until, answer.chunk()).await {
        body.push(chunk);
        if body.len() >= ERROR_BODY_LIMIT {
            break;
        }
    }
    let mut body = body.finish();
    body.truncate(ERROR_BODY_LIMIT);
    body
}

/// What `future` gives before `end`. No timer is set if that is there at once.
async fn in_time<F: Future>(
    future: F,
    end: impl FnOnce() -> Instant,
) -> Result<F::Output, Elapsed> {
    let mut future = pin!(future);
    match poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => timeout_at(end(), future).await,
    }
}

/// Chunks of a body. A single one is not copied.
#[derive(Default)]
struct Body {
    first: Bytes,
    all: BytesMut,
}

impl Body {
    fn push(&mut self, chunk: Bytes) {
        if self.first.is_empty() && self.all.is_empty() {
            self.first = chunk;
            return;
        }
        self.all.extend_from_slice(&std::mem::take(&mut self.first));
        self.all.extend_from_slice(&chunk);
    }

    fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    fn finish(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.freeze() }
    }
}

/// The URL is taken out of the error: its path and query may be personal, or hold the key.
pub(super) fn from_reqwest(error: reqwest::Error) -> TransportError {
    let (sent, kind) = classify(&error);
    TransportError::new(sent, kind).with_source(error.without_url())
}

fn classify(error: &reqwest::Error) -> (Sent, Kind) {
    if error.is_builder() {
        return (Sent::No, Kind::Invalid);
    }
    if error.is_dns() {
        return (Sent::No, Kind::Dns);
    }
    if error.is_connect() {
        return (Sent::No, if is_tls(error) { Kind::Tls } else { Kind::Connect });
    }
    if is_refused(error) {
        return (Sent::No, Kind::Refused);
    }
    let kind = if error.is_timeout() {
        Kind::Timeout
    } else if error.is_request() || error.is_body() || error.is_decode() {
        Kind::Closed
    } else {
        Kind::Other
    };
    (Sent::Maybe, kind)
}

fn causes<T: std::error::Error + 'static>(error: &reqwest::Error) -> impl Iterator<Item = &T> {
    std::iter::successors(error.source(), |cause: &&(dyn std::error::Error + 'static)| {
        (*cause).source()
    })
    .filter_map(|cause| cause.downcast_ref::<T>())
}

/// rustls reports a bad certificate or protocol as invalid data, in an error that may be wrapped.
fn is_tls(error: &reqwest::Error) -> bool {
    fn is_invalid(error: &io::Error) -> bool {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>());
        error.kind() == io::ErrorKind::InvalidData || inner.is_some_and(is_invalid)
    }
    causes::<io::Error>(error).any(is_invalid)
}

/// RFC 9113, sections 6.8 and 8.7: a stream refused like this was not processed.
fn is_refused(error: &reqwest::Error) -> bool {
    causes::<h2::Error>(error).any(|cause| {
        let reason = cause.reason();
        cause.is_remote()
            && (cause.is_reset() && reason == Some(h2::Reason::REFUSED_STREAM)
                || cause.is_go_away() && reason == Some(h2::Reason::NO_ERROR))
    })
}

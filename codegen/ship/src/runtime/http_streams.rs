//! Bodies of the built-in transport that are not held in memory.
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http::{Method, StatusCode};
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, timeout_at};

use super::http_transport::{
    HttpTransport, Received, error_body, error_body_end, error_body_time, from_reqwest,
};
use super::incoming::Incoming;
use super::transport::{Attempt, Sent, TransportError, TransportErrorKind as Kind};
use super::upload::{Upload, UploadChunks, is_problem};

/// A body that goes out as it is read. The lock is never waited for: only owners get in.
struct Outgoing {
    chunks: Mutex<UploadChunks>,
    length: Option<u64>,
}

/// The body of a request.
fn outgoing(upload: &Upload) -> reqwest::Body {
    match upload.bytes() {
        Some(bytes) => bytes.clone().into(),
        None => reqwest::Body::wrap(Outgoing {
            chunks: Mutex::new(upload.chunks()),
            length: upload.length(),
        }),
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let chunks = self.chunks.get_mut().unwrap_or_else(PoisonError::into_inner);
        let chunk = ready!(Pin::new(chunks).poll_next(context));
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// The body of a success. `method` is that of the request.
fn incoming(answer: reqwest::Response, method: &Method, limit: usize) -> Incoming {
    let length = answer.content_length().filter(|_| *method != Method::HEAD);
    let status = answer.status();
    let body = http::Response::from(answer).into_body();
    Incoming::new(Chunks { body: Some(body), left: length, status }, length).limit(limit)
}

/// A body as it comes.
struct Chunks {
    body: Option<reqwest::Body>,
    left: Option<u64>,
    status: StatusCode,
}

impl Stream for Chunks {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { body: own, left, status } = &mut *self;
        loop {
            let Some(body) = own else { return Poll::Ready(None) };
            let error = match ready!(Pin::new(body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(chunk) => {
                        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
                        *left = left.map(|left| left.saturating_sub(length));
                        return Poll::Ready(Some(Ok(chunk)));
                    }
                    // Trailers.
                    Err(_) => continue,
                },
                Some(Err(error)) => from_reqwest(error),
                // Over HTTP/2 a service can end an answer early without calling that a failure.
                None if left.is_some_and(|left| left > 0) => {
                    TransportError::new(Sent::Maybe, Kind::Closed)
                        .with_source("the body has not the announced length")
                }
                None => {
                    *own = None;
                    return Poll::Ready(None);
                }
            };
            *own = None;
            return Poll::Ready(Some(Err(error.within_answer(*status))));
        }
    }
}

impl HttpTransport {
    /// Sends a request, and gives back the answer as soon as it begins.
    pub(super) async fn opened(
        &self,
        request: http::Request<Upload>,
        attempt: Attempt,
    ) -> Result<http::Response<Incoming>, TransportError> {
        let (head, upload) = request.into_parts();
        let (method, until) = (head.method.clone(), attempt.until);
        let body = (upload.length() != Some(0)).then(|| outgoing(&upload));
        let mut answer = timeout_at(until, self.begin(head, body)?)
            .await
            .map_err(|_| TransportError::new(Sent::Maybe, Kind::Timeout))?
            .map_err(from_upload)?;
        let (status, version) = (answer.status(), answer.version());
        attempt.begun(status, answer.headers());
        let received = Instant::now();
        let headers = std::mem::take(answer.headers_mut());
        let body = if status.is_success() {
            incoming(answer, &method, self.body_limit)
        } else {
            let end = error_body_end(received, error_body_time(status), until);
            Incoming::whole(error_body(&mut answer, end).await)
        };
        let mut opened = http::Response::new(body);
        *opened.status_mut() = status;
        *opened.version_mut() = version;
        *opened.headers_mut() = headers;
        opened.extensions_mut().insert(Received(received));
        Ok(opened)
    }
}

/// The failure of a request that went out bit by bit: the user's stream may be the reason.
fn from_upload(error: reqwest::Error) -> TransportError {
    let first = std::error::Error::source(&error);
    let mut causes = std::iter::successors(first, |cause| cause.source());
    match causes.any(is_problem) {
        true => TransportError::new(Sent::Maybe, Kind::Other).with_source(error.without_url()),
        false => from_reqwest(error),
    }
}

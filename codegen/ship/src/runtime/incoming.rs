//! Bodies that come in bit by bit, as a transport hands them over.
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use super::transport::{Attempt, Sent, Transport, TransportError, TransportErrorKind as Kind};
use super::upload::Upload;

/// The largest body that is put together, unless the transport sets another.
const WHOLE_LIMIT: usize = 64 << 20;

type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// The body of an answer as it comes.
///
/// Dropping it before its end closes the connection (over HTTP/2, its stream).
pub struct Incoming {
    chunks: Content,
    length: Option<u64>,
    limit: usize,
}

enum Content {
    Whole(Bytes),
    Chunks(Chunks),
}

impl Incoming {
    /// A body that comes bit by bit. After its first error it is over.
    #[must_use]
    pub fn new(
        chunks: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        Self { chunks: Content::Chunks(Box::pin(chunks)), length, limit: WHOLE_LIMIT }
    }

    /// A body that is there already.
    #[must_use]
    pub fn whole(body: Bytes) -> Self {
        let length = u64::try_from(body.len()).ok();
        Self { chunks: Content::Whole(body), length, limit: WHOLE_LIMIT }
    }

    /// The largest body that is put together from its parts.
    pub(super) fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// How many bytes were announced, if any were.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The whole body.
    pub(super) async fn collect(mut self) -> Result<Bytes, TransportError> {
        let mut all = BytesMut::new();
        loop {
            match poll_fn(|context| Pin::new(&mut self).poll_next(context)).await {
                None => return Ok(all.freeze()),
                Some(Ok(chunk)) if all.len() + chunk.len() > self.limit => {
                    return Err(too_large(Sent::Maybe, self.limit));
                }
                Some(Ok(chunk)) => all.extend_from_slice(&chunk),
                Some(Err(error)) => return Err(error),
            }
        }
    }

    /// The body, if it is in memory.
    pub(super) fn into_whole(self) -> Bytes {
        match self.chunks {
            Content::Whole(body) => body,
            Content::Chunks(_) => Bytes::new(),
        }
    }

    /// The start of the body, for one that is no success.
    pub(super) async fn start(mut self, limit: usize) -> Bytes {
        let mut all = BytesMut::new();
        while let Some(Ok(chunk)) = poll_fn(|context| Pin::new(&mut self).poll_next(context)).await
        {
            all.extend_from_slice(&chunk);
            if all.len() >= limit {
                all.truncate(limit);
                break;
            }
        }
        all.freeze()
    }
}

impl Stream for Incoming {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.chunks {
            Content::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Content::Whole(bytes) => Poll::Ready(Some(Ok(std::mem::take(bytes)))),
            Content::Chunks(chunks) => chunks.as_mut().poll_next(context),
        }
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming").field("length", &self.length).finish_non_exhaustive()
    }
}

/// Sends a request by a transport that knows whole bodies only.
pub(super) async fn through_memory<T: Transport + ?Sized>(
    transport: &T,
    request: http::Request<Upload>,
    attempt: Attempt,
) -> Result<http::Response<Incoming>, TransportError> {
    let (head, upload) = request.into_parts();
    let mut chunks = upload.chunks();
    let mut body = BytesMut::new();
    while let Some(chunk) = poll_fn(|context| Pin::new(&mut chunks).poll_next(context)).await {
        let chunk = chunk
            .map_err(|cause| TransportError::new(Sent::No, Kind::Invalid).with_source(cause))?;
        if body.len() + chunk.len() > WHOLE_LIMIT {
            return Err(too_large(Sent::No, WHOLE_LIMIT));
        }
        body.extend_from_slice(&chunk);
    }
    let request = http::Request::from_parts(head, body.freeze());
    transport.send(request, attempt).await.map(|answer| answer.map(Incoming::whole))
}

fn too_large(sent: Sent, limit: usize) -> TransportError {
    let mut error = TransportError::new(sent, Kind::TooLarge);
    error.limit = limit;
    error
}

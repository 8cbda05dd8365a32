//! Answers whose body is read bit by bit.
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use tokio::time::{Instant, Sleep, sleep};

use super::answer::BodyTooLarge;
use super::core::Core;
use super::decode_error::{DecodeError, Item};
use super::error::Error;
use super::failure::Call;
use super::incoming::Incoming;
use super::operation::{Operation, RetrySafety};
use super::progress::lost;
use super::response::Response;
use super::transport::{Sent, TransportError, TransportErrorKind};

/// The longest wait for the next part of a body, if the user does not say.
const IDLE: Duration = Duration::from_secs(60);

/// The body of a successful answer as it comes, part by part.
///
/// The call is over when its answer begins: the deadline does not count any more, nothing is sent
/// again, and a connection that is lost is an error here. Reading has no time limit as a whole; a
/// minute without anything ends it, unless [`idle_timeout`](Self::idle_timeout) says otherwise.
/// Dropping the reading closes the connection.
#[must_use = "nothing is read until it is asked for"]
pub struct Download {
    /// `None` when it is over.
    incoming: Option<Incoming>,
    length: Option<u64>,
    idle: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    head: Box<Head>,
}

/// What is known of an answer besides its body.
struct Head {
    status: StatusCode,
    headers: HeaderMap,
    operation: &'static Operation,
    attempts: u32,
    elapsed: Duration,
    waited: Duration,
    core: Core,
}

impl Download {
    pub(super) fn of(response: Response<Incoming>, core: &Core) -> Response<Self> {
        let head = Head {
            status: response.status,
            headers: response.headers.clone(),
            operation: response.operation,
            attempts: response.attempts,
            elapsed: response.elapsed,
            waited: response.waited,
            core: core.clone(),
        };
        response.map(|incoming| Self {
            length: incoming.length(),
            incoming: Some(incoming),
            idle: IDLE,
            timer: None,
            head: Box::new(head),
        })
    }

    /// Sets the longest wait for the next part: 60 s, unless it is set.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.set_idle_timeout(timeout);
        self
    }

    pub(super) fn set_idle_timeout(&mut self, timeout: Duration) {
        self.idle = timeout;
        self.timer = None;
    }

    /// The status, from 200 to 299.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The headers as they came.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// How many bytes the service announced, if it did.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        self.length
    }

    /// The next part; `None` after the last one, and after an error.
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        poll_fn(|context| self.poll_chunk(context)).await
    }

    /// The next part; `None` after the last one, and after an error.
    ///
    /// # Errors
    ///
    /// The connection was lost, or nothing came in time.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        self.next().await.transpose()
    }

    /// Reads the rest, of at most `max` bytes.
    ///
    /// # Errors
    ///
    /// Those of [`try_next`](Self::try_next), and [`Error::BodyTooLarge`].
    pub async fn collect_all(mut self, max: usize) -> Result<Bytes, Error> {
        let mut all = BytesMut::new();
        while let Some(chunk) = self.try_next().await? {
            if all.len() + chunk.len() > max {
                return Err(self.too_large(max));
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// Reads part by part as an iterator that waits for each.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> super::blocking_streams::BlockingStream<Self> {
        super::blocking_streams::BlockingStream::new(self)
    }

    pub(super) fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Error>>> {
        let Some(incoming) = &mut self.incoming else { return Poll::Ready(None) };
        match Pin::new(incoming).poll_next(context) {
            Poll::Ready(Some(Ok(chunk))) => {
                self.timer = None;
                Poll::Ready(Some(Ok(chunk)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(self.fail(error)))),
            Poll::Ready(None) => {
                self.close();
                Poll::Ready(None)
            }
            Poll::Pending => {
                let idle = self.idle;
                let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(idle)));
                match timer.as_mut().poll(context) {
                    Poll::Ready(()) => {
                        let error = TransportError::new(Sent::Maybe, TransportErrorKind::Timeout);
                        Poll::Ready(Some(Err(self.fail(error))))
                    }
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }

    /// Ends the reading.
    pub(super) fn close(&mut self) {
        self.incoming = None;
        self.timer = None;
    }

    pub(super) fn is_over(&self) -> bool {
        self.incoming.is_none()
    }

    fn fail(&mut self, error: TransportError) -> Error {
        self.close();
        let now = Instant::now().into_std();
        self.told(lost(error.within_answer(self.head.status), now).error)
    }

    fn too_large(&self, limit: usize) -> Error {
        let (call, status) = (Call::default(), Some(self.head.status));
        self.told(Error::BodyTooLarge(Box::new(BodyTooLarge { call, status, limit })))
    }

    /// The error of one item of the body.
    pub(super) fn unfit(&self, error: DecodeError, item: Item) -> Error {
        let Head { status, headers, .. } = &*self.head;
        let error = error.of_item(item).of_answer(*status, headers.clone());
        self.told(Error::Decode(Box::new(error)))
    }

    /// The error with what is known of the call, and without secrets.
    fn told(&self, error: Error) -> Error {
        let Head { operation, attempts, elapsed, waited, core, .. } = &*self.head;
        let mut error = error.with_call(Call {
            operation: Some(operation),
            attempts: *attempts,
            elapsed: *elapsed,
            waited: *waited,
            ambiguous: operation.retry != RetrySafety::Safe,
        });
        core.redact(&mut error);
        error
    }
}

/// Parts are moved, never pinned.
impl Unpin for Download {}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(context)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("operation", &self.head.operation.id)
            .field("status", &self.head.status)
            .field("length", &self.length)
            .field("is_over", &self.is_over())
            .finish_non_exhaustive()
    }
}

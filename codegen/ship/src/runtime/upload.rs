//! Bodies that go out: in memory, or bit by bit.
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::header::HeaderValue;
use tokio::io::{AsyncRead, ReadBuf};

use super::request::{Ready, Request};

/// How much is read from a reader at once.
const READ: usize = 64 << 10;

/// What a stream of the user's failed with.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Bits of a body as the user's stream gives them.
type Given = Pin<Box<dyn Stream<Item = Result<Bytes, Cause>> + Send>>;

/// A body that goes out.
///
/// Bytes and texts convert into one: they are held in memory and sent again when a call is tried
/// again. What is [streamed](Self::stream) or [read](Self::reader) goes out as it comes and is never
/// held as a whole; as soon as an attempt has begun to read it, it cannot be sent again, and the
/// failure of that attempt is the failure of the call. [`repeatable`](Self::repeatable) gives each
/// attempt a stream of its own.
///
/// An attempt that streams its body may take as long as the call has, so give large ones time:
/// `request.with(CallOptions::new().deadline(Duration::from_secs(3600)))`.
#[derive(Clone)]
pub struct Upload {
    content: Content,
    length: Option<u64>,
}

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    /// Taken by the first attempt that reads it.
    Once(Arc<Mutex<Option<Given>>>),
    Again(Arc<dyn Fn() -> Given + Send + Sync>),
    /// One after the other.
    Joined(Arc<[Upload]>),
}

impl Upload {
    /// A body in memory.
    #[must_use]
    pub fn new(content: impl Into<Bytes>) -> Self {
        let content = content.into();
        let length = Some(to_u64(content.len()));
        Self { content: Content::Bytes(content), length }
    }

    /// A body that comes bit by bit, and is sent once. An error of the stream ends the call.
    #[must_use]
    pub fn stream<B, E>(stream: impl Stream<Item = Result<B, E>> + Send + 'static) -> Self
    where
        B: Into<Bytes>,
        E: Into<Cause>,
    {
        let given: Given = Box::pin(Converted(Box::pin(stream)));
        Self { content: Content::Once(Arc::new(Mutex::new(Some(given)))), length: None }
    }

    /// A body that is read bit by bit, such as a file of `tokio`, and is sent once.
    #[must_use]
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::stream(Reader { reader: Box::pin(reader), buffer: BytesMut::new() })
    }

    /// A body that comes bit by bit; each attempt calls `make` for a stream of its own.
    #[must_use]
    pub fn repeatable<S, B, E>(make: impl Fn() -> S + Send + Sync + 'static) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<Cause>,
    {
        let make = move || -> Given { Box::pin(Converted(Box::pin(make()))) };
        Self { content: Content::Again(Arc::new(make)), length: None }
    }

    /// Several bodies one after the other.
    pub(super) fn joined(parts: Vec<Self>) -> Self {
        let length = parts.iter().map(Self::length).sum();
        if parts.iter().all(|part| part.bytes().is_some()) {
            let all: Vec<&[u8]> =
                parts.iter().filter_map(Self::bytes).map(|own| &own[..]).collect();
            return Self::new(all.concat());
        }
        Self { content: Content::Joined(parts.into()), length }
    }

    /// Says how many bytes will come, for services that want to know before. A stream that gives
    /// fewer or more ends the call. What is in memory has its length anyway.
    #[must_use]
    pub fn with_length(mut self, length: u64) -> Self {
        if self.bytes().is_none() {
            self.length = Some(length);
        }
        self
    }

    /// How many bytes there are, if that is known.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The whole body, if it is in memory.
    #[must_use]
    pub fn bytes(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes),
            Content::Once(_) | Content::Again(_) | Content::Joined(_) => None,
        }
    }

    /// Whether it cannot be sent any more: something has begun to read it, and it is there once.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        match &self.content {
            Content::Bytes(_) | Content::Again(_) => false,
            Content::Once(given) => given.lock().unwrap_or_else(PoisonError::into_inner).is_none(),
            Content::Joined(parts) => parts.iter().any(Self::is_spent),
        }
    }

    /// Reads it, for a [`Transport`](super::Transport). What is there once is taken by the first
    /// poll.
    #[must_use]
    pub fn chunks(&self) -> UploadChunks {
        UploadChunks { pending: vec![self.clone()], current: None }
    }

    fn given(&self) -> Result<Given, Problem> {
        match &self.content {
            Content::Again(make) => Ok(make()),
            Content::Once(given) => {
                given.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or(Problem::Spent)
            }
            // These are taken apart before.
            Content::Bytes(_) | Content::Joined(_) => Err(Problem::Spent),
        }
    }
}

impl<T: Into<Bytes>> From<T> for Upload {
    fn from(content: T) -> Self {
        Self::new(content)
    }
}

impl Default for Upload {
    fn default() -> Self {
        Self::new(Bytes::new())
    }
}

/// Equal bytes are equal; a stream is equal to itself.
impl PartialEq for Upload {
    fn eq(&self, other: &Self) -> bool {
        match (&self.content, &other.content) {
            (Content::Bytes(one), Content::Bytes(other)) => one == other,
            (Content::Once(one), Content::Once(other)) => Arc::ptr_eq(one, other),
            (Content::Again(one), Content::Again(other)) => Arc::ptr_eq(one, other),
            (Content::Joined(one), Content::Joined(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for Upload {}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("length", &self.length)
            .field("in_memory", &self.bytes().is_some())
            .finish_non_exhaustive()
    }
}

/// An [`Upload`] as it is read.
pub struct UploadChunks {
    /// What is still to be read, the next one last.
    pending: Vec<Upload>,
    /// What is being read, and how much of it is still to come.
    current: Option<(Given, Option<u64>)>,
}

impl UploadChunks {
    fn fail(&mut self, problem: Problem) -> Poll<Option<Result<Bytes, Cause>>> {
        self.pending.clear();
        self.current = None;
        Poll::Ready(Some(Err(Box::new(problem))))
    }

    fn poll_current(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Cause>>> {
        let Some((given, left)) = &mut self.current else { return Poll::Ready(None) };
        match ready!(given.as_mut().poll_next(context)) {
            Some(Ok(chunk)) => match left.map(|left| left.checked_sub(to_u64(chunk.len()))) {
                Some(None) => self.fail(Problem::Long),
                Some(Some(less)) => {
                    *left = Some(less);
                    Poll::Ready(Some(Ok(chunk)))
                }
                None => Poll::Ready(Some(Ok(chunk))),
            },
            Some(Err(cause)) => self.fail(Problem::Failed(cause)),
            None if left.is_some_and(|left| left > 0) => self.fail(Problem::Short),
            None => {
                self.current = None;
                Poll::Ready(None)
            }
        }
    }
}

impl Stream for UploadChunks {
    type Item = Result<Bytes, Cause>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunks = &mut *self;
        loop {
            if let Some(chunk) = ready!(chunks.poll_current(context)) {
                return Poll::Ready(Some(chunk));
            }
            let Some(next) = chunks.pending.pop() else { return Poll::Ready(None) };
            match &next.content {
                Content::Bytes(bytes) if bytes.is_empty() => {}
                Content::Bytes(bytes) => return Poll::Ready(Some(Ok(bytes.clone()))),
                Content::Joined(parts) => chunks.pending.extend(parts.iter().rev().cloned()),
                Content::Once(_) | Content::Again(_) => match next.given() {
                    Ok(given) => chunks.current = Some((given, next.length)),
                    Err(problem) => return chunks.fail(problem),
                },
            }
        }
    }
}

impl fmt::Debug for UploadChunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadChunks").finish_non_exhaustive()
    }
}

/// Why a body could not be read to its end.
#[derive(Debug)]
enum Problem {
    Spent,
    Short,
    Long,
    Failed(Cause),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Spent => "the stream of the body was read before",
            Self::Short => "the stream of the body ended before the length that was given",
            Self::Long => "the stream of the body is longer than the length that was given",
            Self::Failed(_) => "the stream of the body failed",
        })
    }
}

impl std::error::Error for Problem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed(cause) => Some(&**cause),
            Self::Spent | Self::Short | Self::Long => None,
        }
    }
}

/// Whether an error came from reading an [`Upload`].
pub(super) fn is_problem(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<Problem>()
}

/// A stream of the user's with its types converted.
struct Converted<S>(Pin<Box<S>>);

impl<S, B, E> Stream for Converted<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
    E: Into<Cause>,
{
    type Item = Result<Bytes, Cause>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(self.0.as_mut().poll_next(context));
        Poll::Ready(item.map(|item| item.map(Into::into).map_err(Into::into)))
    }
}

/// A reader as a stream.
struct Reader<R> {
    reader: Pin<Box<R>>,
    buffer: BytesMut,
}

impl<R: AsyncRead> Stream for Reader<R> {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { reader, buffer } = &mut *self;
        buffer.resize(READ, 0);
        let mut read = ReadBuf::new(buffer);
        if let Err(error) = ready!(reader.as_mut().poll_read(context, &mut read)) {
            return Poll::Ready(Some(Err(error)));
        }
        let length = read.filled().len();
        Poll::Ready((length > 0).then(|| Ok(buffer.split_to(length).freeze())))
    }
}

impl Request {
    /// Sends `body` as it is.
    #[must_use]
    pub fn upload(self, media_type: &'static str, body: &Upload) -> Self {
        match HeaderValue::try_from(media_type) {
            Ok(media_type) => self.uploaded(media_type, body.clone()),
            Err(_) => self.fail(None, "the content type is not a header value"),
        }
    }

    pub(super) fn uploaded(self, media_type: HeaderValue, body: Upload) -> Self {
        if let Content::Bytes(bytes) = body.content {
            return self.content(media_type, bytes);
        }
        if body.is_spent() {
            return self.fail(None, "the stream of the body was read before");
        }
        let mut request = self.content(media_type, Bytes::new());
        request.extensions.insert(body);
        request
    }
}

impl Ready {
    /// Whether the body goes out bit by bit.
    pub(super) fn is_streamed(&self) -> bool {
        self.extensions.get::<Upload>().is_some()
    }

    /// What goes out.
    pub(super) fn upload(&self) -> http::Request<Upload> {
        let streamed = self.extensions.get::<Upload>();
        self.request().map(|body| streamed.cloned().unwrap_or_else(|| Upload::new(body)))
    }

    /// Whether it can go out again.
    pub(super) fn can_repeat(&self) -> bool {
        !self.extensions.get::<Upload>().is_some_and(Upload::is_spent)
    }
}

fn to_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

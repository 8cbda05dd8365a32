//! JSON texts one after the other as typed values.
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::decode_error::{DecodeError, Item};
use super::download::Download;
use super::error::Error;
use super::line_parser::{Framing, LineParser};

/// The largest line that is read, if the user does not say.
const LIMIT: usize = 16 << 20;

/// Values as they come, each in a line of its own (`application/x-ndjson`) or as a text of a sequence
/// (`application/json-seq`). Blank lines are left out.
///
/// A line that does not fit its type is an error which names its number and keeps its
/// [text](DecodeError::raw); the stream goes on after it, for those who ask for more. After any other
/// error it is over.
///
/// Time limits are those of [`Download`]. A line may have 16 MiB.
#[must_use = "nothing is read until it is asked for"]
pub struct JsonLines<T> {
    download: Download,
    input: Bytes,
    parser: LineParser,
    read: fn(&[u8]) -> Result<T, DecodeError>,
    number: u64,
}

impl Download {
    /// Reads the body as lines of JSON.
    pub fn lines<T: DeserializeOwned>(self) -> JsonLines<T> {
        JsonLines::new(self, Framing::Lines)
    }

    /// Reads the body as a sequence of JSON texts (RFC 7464).
    pub fn sequence<T: DeserializeOwned>(self) -> JsonLines<T> {
        JsonLines::new(self, Framing::Sequence)
    }
}

fn json<T: DeserializeOwned>(text: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(text).map_err(|error| DecodeError::json(&error, text))
}

impl<T: DeserializeOwned> JsonLines<T> {
    fn new(download: Download, framing: Framing) -> Self {
        let parser = LineParser::new(framing, LIMIT);
        Self { download, input: Bytes::new(), parser, read: json, number: 0 }
    }
}

impl<T> JsonLines<T> {
    /// Sets the longest wait for anything to come: 60 s, unless it is set.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.download.set_idle_timeout(timeout);
        self
    }

    /// Sets how many bytes a line may have: 16 MiB, unless it is set.
    pub fn item_limit(mut self, bytes: usize) -> Self {
        self.parser.set_limit(bytes);
        self
    }

    /// The status, from 200 to 299.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.download.status()
    }

    /// The headers as they came.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.download.headers()
    }

    /// The next value; `None` after the last one.
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| self.poll_line(context)).await
    }

    /// The next value; `None` after the last one.
    ///
    /// # Errors
    ///
    /// The line is not of its type or too long, the connection was lost, or nothing came in time.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        self.next().await.transpose()
    }

    /// Reads value by value as an iterator that waits for each.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> super::blocking_streams::BlockingStream<Self> {
        super::blocking_streams::BlockingStream::new(self)
    }

    fn poll_line(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            match self.parser.next(&mut self.input) {
                Ok(Some(text)) => return Poll::Ready(Some(self.value(text))),
                Ok(None) if self.download.is_over() => return Poll::Ready(None),
                Ok(None) => {}
                Err(_) => return Poll::Ready(Some(Err(self.too_long()))),
            }
            match ready!(self.download.poll_chunk(context)) {
                Some(Ok(chunk)) => self.input = chunk,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(self.last()),
            }
        }
    }

    fn value(&mut self, text: Vec<u8>) -> Result<T, Error> {
        self.number += 1;
        (self.read)(&text).map_err(|error| self.unfit(error, text))
    }

    /// The last line needs no end.
    fn last(&mut self) -> Option<Result<T, Error>> {
        let (text, is_whole) = self.parser.rest()?;
        if is_whole {
            return Some(self.value(text));
        }
        self.number += 1;
        let error = DecodeError::truncated("the stream may end before the text does", &text);
        Some(Err(self.unfit(error, text)))
    }

    fn unfit(&self, error: DecodeError, text: Vec<u8>) -> Error {
        let item = Item { what: "line", number: self.number, raw: text.into() };
        self.download.unfit(error, item)
    }

    fn too_long(&mut self) -> Error {
        self.download.close();
        self.input.clear();
        self.number += 1;
        let limit = self.parser.limit();
        let text = format!("it is longer than {limit} bytes; `item_limit` allows more");
        let start = self.parser.rest().map(|(text, _)| text).unwrap_or_default();
        self.unfit(DecodeError::new(&text), start)
    }
}

/// Values are moved, never pinned.
impl<T> Unpin for JsonLines<T> {}

impl<T> Stream for JsonLines<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_line(context)
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines")
            .field("download", &self.download)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

//! Server-Sent Events as typed values.
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde::de::value::StrDeserializer;

use super::decode_error::{DecodeError, Item};
use super::download::Download;
use super::error::Error;
use super::event_parser::{EventParser, Found};

/// The largest event that is read, if the user does not say.
const LIMIT: usize = 16 << 20;

/// What the data of an event becomes.
type Read<T> = fn(&[u8]) -> Result<T, DecodeError>;

/// One event of an [`EventStream`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerEvent<T> {
    /// What it carries.
    pub data: T,
    /// Its type; `message` if none was given.
    pub event: String,
    /// The id of this event, or of the last one before it that had any.
    pub id: Option<String>,
    /// How long the service asks to wait before the stream is opened again after it is lost.
    pub retry: Option<Duration>,
}

/// Events as they come (`text/event-stream`).
///
/// Data that does not fit its type is an error which names the event's number and keeps its
/// [text](DecodeError::raw); the stream goes on after it, for those who ask for more. After any other
/// error it is over. A lost connection is not made again: [`last_event_id`](Self::last_event_id)
/// says how far the reading has come.
///
/// Time limits are those of [`Download`]; anything that comes counts, comments too. An event may have
/// 16 MiB.
#[must_use = "nothing is read until it is asked for"]
pub struct EventStream<T> {
    download: Download,
    input: Bytes,
    parser: EventParser,
    read: Read<T>,
    /// The data that says that nothing else comes.
    end: Option<&'static str>,
    number: u64,
}

impl Download {
    /// Reads the body as events whose data is JSON. Data that is just `end` ends the reading.
    pub fn events<T: DeserializeOwned>(self, end: Option<&'static str>) -> EventStream<T> {
        EventStream::new(self, end, json)
    }

    /// Reads the body as events whose data is text as it is, and becomes a text or what is made of
    /// one. Data that is just `end` ends the reading.
    pub fn text_events<T: DeserializeOwned>(self, end: Option<&'static str>) -> EventStream<T> {
        EventStream::new(self, end, text)
    }
}

fn text<T: DeserializeOwned>(data: &[u8]) -> Result<T, DecodeError> {
    let text = String::from_utf8_lossy(data);
    let read = T::deserialize(StrDeserializer::<serde_json::Error>::new(&text));
    read.map_err(|error| DecodeError::json(&error, data))
}

fn json<T: DeserializeOwned>(data: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(data).map_err(|error| DecodeError::json(&error, data))
}

impl<T> EventStream<T> {
    fn new(download: Download, end: Option<&'static str>, read: Read<T>) -> Self {
        let parser = EventParser::new(LIMIT);
        Self { download, input: Bytes::new(), parser, read, end, number: 0 }
    }

    /// Sets the longest wait for anything to come: 60 s, unless it is set.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.download.set_idle_timeout(timeout);
        self
    }

    /// Sets how many bytes an event may have: 16 MiB, unless it is set.
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

    /// The id of the last event that had one. Services that can go on from there take it as the
    /// header `Last-Event-ID`.
    #[must_use]
    pub fn last_event_id(&self) -> Option<&str> {
        self.parser.id()
    }

    /// The next event; `None` after the last one.
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<ServerEvent<T>, Error>> {
        poll_fn(|context| self.poll_event(context)).await
    }

    /// The next event; `None` after the last one.
    ///
    /// # Errors
    ///
    /// The data is not of its type, the event is too long or cut off, the connection was lost, or
    /// nothing came in time.
    pub async fn try_next(&mut self) -> Result<Option<ServerEvent<T>>, Error> {
        self.next().await.transpose()
    }

    /// Reads event by event as an iterator that waits for each.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> super::blocking_streams::BlockingStream<Self> {
        super::blocking_streams::BlockingStream::new(self)
    }

    fn poll_event(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<ServerEvent<T>, Error>>> {
        loop {
            match self.parser.next(&mut self.input) {
                Ok(Some(found)) => return Poll::Ready(self.event(found)),
                Ok(None) if self.download.is_over() => return Poll::Ready(None),
                Ok(None) => {}
                Err(_) => return Poll::Ready(Some(Err(self.too_long()))),
            }
            match ready!(self.download.poll_chunk(context)) {
                Some(Ok(chunk)) => self.input = chunk,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(self.cut().map(Err)),
            }
        }
    }

    fn event(&mut self, found: Found) -> Option<Result<ServerEvent<T>, Error>> {
        let Found { data, event, id, retry } = found;
        if self.is_end(&data) {
            self.close();
            return None;
        }
        self.number += 1;
        let event = if event.is_empty() { "message".to_owned() } else { event };
        Some(match (self.read)(&data) {
            Ok(data) => Ok(ServerEvent { data, event, id, retry }),
            Err(error) => Err(self.unfit(error, data)),
        })
    }

    fn is_end(&self, data: &[u8]) -> bool {
        self.end.is_some_and(|end| data.trim_ascii() == end.as_bytes())
    }

    /// Ends the reading with all that is still there.
    fn close(&mut self) {
        self.download.close();
        self.input.clear();
    }

    fn unfit(&self, error: DecodeError, data: Vec<u8>) -> Error {
        let item = Item { what: "event", number: self.number, raw: data.into() };
        self.download.unfit(error, item)
    }

    fn too_long(&mut self) -> Error {
        self.close();
        self.number += 1;
        let limit = self.parser.limit();
        let text = format!("it is longer than {limit} bytes; `item_limit` allows more");
        let data = self.parser.rest().unwrap_or_default();
        self.unfit(DecodeError::new(&text), data)
    }

    /// The standard leaves an event out that has no end; it is not lost without a word here.
    fn cut(&mut self) -> Option<Error> {
        let data = self.parser.rest().filter(|data| !self.is_end(data))?;
        self.number += 1;
        let error = DecodeError::truncated("the stream ends before the event does", &data);
        Some(self.unfit(error, data))
    }
}

/// Events are moved, never pinned.
impl<T> Unpin for EventStream<T> {}

impl<T> Stream for EventStream<T> {
    type Item = Result<ServerEvent<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_event(context)
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("download", &self.download)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

//! The error for a successful answer whose body cannot be used.
use std::fmt;
use std::str::Utf8Error;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::error::Category;

use super::answer::one_line;
use super::failure::Call;
use super::place::{offset_of, path_at, window_at};
use super::secret::redact;
use super::transport::TransportError;

/// The longest explanation that is kept, in characters. The parser's text may quote a value.
const MESSAGE_LENGTH: usize = 200;

/// In what way a body could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The connection failed before the body's end.
    Cut,
    /// The body ends in the middle of its JSON.
    Truncated,
    /// The body is not JSON.
    Syntax,
    /// The body is JSON, but not of the declared shape.
    Shape,
    /// The body is not text.
    Text,
}

/// A successful answer with a body that is not what was expected.
///
/// The service has executed the request: [`status`](Self::status) is a success.
#[derive(Debug)]
pub struct DecodeError {
    kind: DecodeErrorKind,
    message: String,
    path: String,
    window: String,
    context: Option<Box<Context>>,
    item: Option<Box<Item>>,
    source: Option<Box<TransportError>>,
}

/// One item of a stream.
pub(super) struct Item {
    /// What such items are called.
    pub(super) what: &'static str,
    /// From 1.
    pub(super) number: u64,
    pub(super) raw: Bytes,
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What came may be large, or repeat what is secret.
        f.debug_struct("Item")
            .field("what", &self.what)
            .field("number", &self.number)
            .field("length", &self.raw.len())
            .finish()
    }
}

struct Context {
    call: Call,
    status: StatusCode,
    headers: HeaderMap,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("call", &self.call)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl DecodeError {
    pub(super) fn json(error: &serde_json::Error, body: &[u8]) -> Self {
        let kind = match error.classify() {
            Category::Eof | Category::Io => DecodeErrorKind::Truncated,
            Category::Syntax => DecodeErrorKind::Syntax,
            Category::Data => DecodeErrorKind::Shape,
        };
        let offset = offset_of(body, error.line(), error.column());
        // A syntax error lies at the last byte that was read, which is not part of the way there.
        let way = offset - usize::from(kind == DecodeErrorKind::Syntax && offset > 0);
        let path = path_at(body, way);
        Self::at(kind, &error.to_string(), path, body, offset)
    }

    pub(super) fn text(error: Utf8Error, body: &[u8]) -> Self {
        let (kind, path) = (DecodeErrorKind::Text, String::new());
        Self::at(kind, &error.to_string(), path, body, error.valid_up_to())
    }

    fn at(kind: DecodeErrorKind, message: &str, path: String, body: &[u8], offset: usize) -> Self {
        let message = if body.is_empty() { "the body is empty" } else { message };
        let message = one_line(message, MESSAGE_LENGTH);
        let window = window_at(body, offset);
        Self { kind, message, path, window, context: None, item: None, source: None }
    }

    /// An error for a body that has the declared form but not the declared sense.
    #[must_use]
    pub fn new(message: &str) -> Self {
        Self::at(DecodeErrorKind::Shape, message, String::new(), b" ", 0)
    }

    pub(super) fn cut(source: TransportError) -> Self {
        let message = source.to_string();
        let (kind, path, window) = (DecodeErrorKind::Cut, String::new(), String::new());
        Self {
            kind,
            message,
            path,
            window,
            context: None,
            item: None,
            source: Some(Box::new(source)),
        }
    }

    /// In what way the body could not be used.
    #[must_use]
    pub fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// Where in the JSON the problem is, like `things[3].name`; empty at the top level.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text around the problem, at most 120 bytes.
    #[must_use]
    pub fn window(&self) -> &str {
        &self.window
    }

    /// The status of the answer, a success.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.context.as_ref().map(|context| context.status)
    }

    /// The headers of the answer as they came, if they came whole.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.context.as_ref().map(|context| &context.headers)
    }

    // [streams
    /// The number of the event or line in its stream, from 1, if it is one of a stream.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        self.item.as_ref().map(|item| item.number)
    }

    /// The event's data or the line as it came, if it is one of a stream.
    #[must_use]
    pub fn raw(&self) -> Option<&Bytes> {
        self.item.as_ref().map(|item| &item.raw)
    }
    // streams]

    pub(super) fn of_item(mut self, item: Item) -> Self {
        self.item = Some(Box::new(item));
        self
    }

    pub(super) fn truncated(message: &str, body: &[u8]) -> Self {
        Self::at(DecodeErrorKind::Truncated, message, String::new(), body, body.len())
    }

    /// Whether the connection is to blame.
    pub(super) fn is_cut(&self) -> bool {
        self.kind == DecodeErrorKind::Cut
    }

    /// Whether the same request may bring a sound body the next time.
    pub(super) fn is_damage(&self) -> bool {
        matches!(self.kind, DecodeErrorKind::Truncated | DecodeErrorKind::Syntax)
    }

    pub(super) fn of_answer(mut self, status: StatusCode, headers: HeaderMap) -> Self {
        self.context = Some(Box::new(Context { call: Call::default(), status, headers }));
        self
    }

    pub(super) fn call(&self) -> Option<&Call> {
        self.context.as_ref().map(|context| &context.call)
    }

    pub(super) fn set_call(&mut self, call: Call) {
        if let Some(context) = &mut self.context {
            context.call = call;
        }
    }

    pub(super) fn redact(&mut self, secret: &str) {
        for text in [&mut self.message, &mut self.path, &mut self.window] {
            redact(text, secret);
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(context) = &self.context {
            let (prefix, status) = (context.call.prefix(), context.status.as_u16());
            write!(f, "{prefix}executed with status {status}, but the body cannot be used: ")?;
        }
        if let Some(item) = &self.item {
            write!(f, "{} {}: ", item.what, item.number)?;
        }
        f.write_str(&self.message)?;
        if !self.path.is_empty() {
            write!(f, " in `{}`", self.path)?;
        }
        if !self.window.is_empty() {
            write!(f, " near `{}`", self.window)?;
        }
        match &self.context {
            Some(context) if context.call.attempts > 1 => {
                write!(f, " ({} attempts)", context.call.attempts)
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

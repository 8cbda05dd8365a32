//! The errors that an answer of the service stands behind.
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::failure::Call;
use super::secret::{redact, redact_whole};

/// The members that carry the human text in common error bodies, in order of preference.
const MESSAGE_MEMBERS: [&str; 7] =
    ["message", "error_description", "detail", "error", "errors", "title", "reason"];

/// The part of a plain text body that is kept as the message, in characters.
const MESSAGE_LENGTH: usize = 256;

/// An answer with a status that is not a success.
pub struct ApiError {
    pub(super) call: Call,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    message: String,
    retry_after: Option<Duration>,
}

impl ApiError {
    pub(super) fn new(
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        retry_after: Option<Duration>,
    ) -> Self {
        let message = message_of(&body);
        Self { call: Call::default(), status, headers, body, message, retry_after }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers as they came, also if the service repeats a secret in them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as it came, of which the first 64 KiB are kept.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The text of the body that is meant for people; empty if there is none.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How long the service asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    pub(super) fn redact(&mut self, secret: &str) {
        redact(&mut self.message, secret);
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers and body may be large, or repeat what is secret.
        f.debug_struct("ApiError")
            .field("call", &self.call)
            .field("status", &self.status)
            .field("message", &self.message)
            .field("retry_after", &self.retry_after)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.call.prefix(), self.status)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        self.call.suffix(f)
    }
}

impl std::error::Error for ApiError {}

/// An answer that sends the client to another place, where it does not go.
///
/// A redirect would carry the key, and for some statuses the body, to wherever the answer says.
/// After status 303 the request may have been executed. Status 304 counts as one of these, although
/// it leads nowhere.
pub struct RedirectError {
    pub(super) call: Call,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    location_host: Option<String>,
}

impl RedirectError {
    pub(super) fn new(status: StatusCode, headers: HeaderMap) -> Self {
        let location_host = headers
            .get(http::header::LOCATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<http::Uri>().ok())
            .and_then(|uri| uri.host().map(str::to_owned));
        Self { call: Call::default(), status, headers, location_host }
    }

    /// The host that the answer leads to; `None` if it names none.
    #[must_use]
    pub fn location_host(&self) -> Option<&str> {
        self.location_host.as_deref()
    }

    pub(super) fn redact(&mut self, secret: &str) {
        if let Some(host) = &mut self.location_host {
            redact_whole(host, secret);
        }
    }
}

impl fmt::Debug for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedirectError")
            .field("call", &self.call)
            .field("status", &self.status)
            .field("location_host", &self.location_host)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.call.prefix(), self.status)?;
        if self.status == StatusCode::NOT_MODIFIED {
            f.write_str(", which brings no value")?;
        } else {
            let host = self.location_host.as_deref().unwrap_or("another place");
            write!(f, " to {host}, which is not followed")?;
        }
        self.call.suffix(f)
    }
}

impl std::error::Error for RedirectError {}

/// A successful answer with a body larger than is accepted.
#[derive(Debug)]
pub struct BodyTooLarge {
    pub(super) call: Call,
    pub(super) status: Option<StatusCode>,
    pub(super) limit: usize,
}

impl fmt::Display for BodyTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = self.call.prefix();
        write!(f, "{prefix}the body is larger than {} bytes", self.limit)?;
        self.call.suffix(f)
    }
}

impl std::error::Error for BodyTooLarge {}

fn message_of(body: &Bytes) -> String {
    let found = serde_json::from_slice::<Value>(body).ok().as_ref().and_then(message_in);
    match found {
        Some(message) => one_line(&message, MESSAGE_LENGTH),
        None => {
            // Four bytes hold any character, so this is enough text and never all of a large body.
            let start = body.get(..MESSAGE_LENGTH * 4).unwrap_or(body);
            one_line(&String::from_utf8_lossy(start), MESSAGE_LENGTH)
        }
    }
}

fn message_in(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Array(items) => items.first().and_then(message_in),
        Value::Object(members) => {
            MESSAGE_MEMBERS.iter().find_map(|name| members.get(*name).and_then(message_in))
        }
        _ => None,
    }
}

/// The first `length` characters of `text`, on one line.
pub(super) fn one_line(text: &str, length: usize) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_hidden(c));
    let mut line: String = text.chars().take(length).map(visible).collect();
    if text.chars().nth(length).is_some() {
        line.push('…');
    }
    line
}

/// A space for a character that is not seen but changes how a text is shown or read.
pub(super) fn visible(c: char) -> char {
    if is_hidden(c) { ' ' } else { c }
}

/// Control characters, those that set the direction of text or break lines, and invisible ones.
fn is_hidden(c: char) -> bool {
    match c {
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' => true,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => c.is_control(),
    }
}

//! Server-Sent Events as bytes (WHATWG HTML, section 9.2).
use std::time::Duration;

use bytes::{Buf, Bytes};

/// An event as it came.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) data: Vec<u8>,
    /// Its type; empty if none is given.
    pub(super) event: String,
    pub(super) id: Option<String>,
    pub(super) retry: Option<Duration>,
}

/// An event that is longer than is accepted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// Finds events in bytes that come in parts, cut anywhere.
#[derive(Debug)]
pub(super) struct EventParser {
    limit: usize,
    /// The line so far.
    line: Vec<u8>,
    /// The last byte was a carriage return, which a line feed belongs to.
    is_after_return: bool,
    is_first_line: bool,
    /// The event so far; each of its lines of data with a line feed behind.
    data: Vec<u8>,
    event: String,
    retry: Option<Duration>,
    /// Counts for all events after it too.
    id: Option<String>,
}

impl EventParser {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            is_after_return: false,
            is_first_line: true,
            data: Vec::new(),
            event: String::new(),
            retry: None,
            id: None,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// The id of the last event that had one.
    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Takes bytes away from `input` up to the end of the next event, if that is there.
    pub(super) fn next(&mut self, input: &mut Bytes) -> Result<Option<Found>, TooLong> {
        while !input.is_empty() {
            if std::mem::take(&mut self.is_after_return) && input.starts_with(b"\n") {
                input.advance(1);
                continue;
            }
            let end = input.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let part = input.split_to(end.unwrap_or(input.len()));
            if self.line.len() + part.len() + self.data.len() > self.limit {
                return Err(TooLong);
            }
            self.line.extend_from_slice(&part);
            if end.is_some() {
                self.is_after_return = input.starts_with(b"\r");
                input.advance(1);
                if let Some(found) = self.end_line() {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// The data of an event that the end of the stream has cut off.
    pub(super) fn rest(&mut self) -> Option<Vec<u8>> {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.data.pop()?;
        Some(std::mem::take(&mut self.data))
    }

    fn end_line(&mut self) -> Option<Found> {
        let line = std::mem::take(&mut self.line);
        let is_first = std::mem::take(&mut self.is_first_line);
        let mark: &[u8] = if is_first { b"\xEF\xBB\xBF" } else { b"" };
        let line = line.strip_prefix(mark).unwrap_or(&line);
        if line.is_empty() {
            return self.end_event();
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = match colon {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &[][..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        let text = || String::from_utf8_lossy(value).into_owned();
        match name {
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            b"event" => self.event = text(),
            b"id" if !value.contains(&0) => self.id = Some(text()),
            b"retry" if value.iter().all(u8::is_ascii_digit) => {
                self.retry = text().parse().ok().map(Duration::from_millis);
            }
            // Comments, and what is not known.
            _ => {}
        }
        None
    }

    /// An event without data is none.
    fn end_event(&mut self) -> Option<Found> {
        let (event, retry) = (std::mem::take(&mut self.event), self.retry.take());
        self.data.pop()?;
        let data = std::mem::take(&mut self.data);
        Some(Found { data, event, id: self.id.clone(), retry })
    }
}

//! The errors that do not come from an answer, and what every error knows of its call.
use std::fmt;
use std::time::Duration;

use super::cursor::Cursor;
use super::error::Error;
use super::operation::Operation;

/// What is known of the call that an error ended.
#[derive(Clone, Default)]
pub(super) struct Call {
    pub(super) operation: Option<&'static Operation>,
    pub(super) attempts: u32,
    pub(super) elapsed: Duration,
    pub(super) waited: Duration,
    pub(super) ambiguous: bool,
}

impl Call {
    pub(super) fn id(&self) -> Option<&'static str> {
        self.operation.map(|operation| operation.id)
    }

    /// `GET /things/{id}: `, or nothing outside a call. The template stands in for the path, since
    /// its values may be personal.
    pub(super) fn prefix(&self) -> String {
        match self.operation {
            Some(operation) => format!("{} {}: ", operation.method, operation.path),
            None => String::new(),
        }
    }

    pub(super) fn suffix(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.attempts > 1 {
            write!(f, " ({} attempts)", self.attempts)?;
        }
        if self.ambiguous {
            f.write_str("; the request may have been executed")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.id())
            .field("attempts", &self.attempts)
            .field("elapsed", &self.elapsed)
            .field("ambiguous", &self.ambiguous)
            .finish()
    }
}

/// A client that cannot be built from its settings.
#[derive(Debug)]
pub struct ConfigError {
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl ConfigError {
    /// A message without any credential in it.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    pub(super) fn with_source(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { message: message.into(), source: Some(source.into()) }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

/// A request that was refused before it was sent, because of a value in it.
#[derive(Debug)]
pub struct RequestError {
    pub(super) call: Call,
    parameter: Option<&'static str>,
    message: String,
}

impl RequestError {
    /// A message without the offending value, which may be personal.
    pub(super) fn new(
        operation: &'static Operation,
        parameter: Option<&'static str>,
        message: impl Into<String>,
    ) -> Self {
        let call = Call { operation: Some(operation), ..Call::default() };
        Self { call, parameter, message: message.into() }
    }

    /// The parameter that was refused; `None` if it was the body or the request as a whole.
    #[must_use]
    pub fn parameter(&self) -> Option<&'static str> {
        self.parameter
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}not sent: ", self.call.prefix())?;
        if let Some(parameter) = self.parameter {
            write!(f, "`{parameter}` ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for RequestError {}

/// What a call was doing when its time was over, or would have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutPhase {
    /// It waited for its turn to send, which would have come too late. Nothing was sent.
    WaitingForSlot,
    /// An attempt was under way.
    Attempt,
}

/// A call whose deadline came, or would have come, before its answer.
#[derive(Debug)]
pub struct TimeoutError {
    pub(super) call: Call,
    pub(super) phase: TimeoutPhase,
    pub(super) last: Option<Error>,
}

impl TimeoutError {
    /// What the call was doing.
    #[must_use]
    pub fn phase(&self) -> TimeoutPhase {
        self.phase
    }

    /// What ended the attempt before, if there was one.
    #[must_use]
    pub fn last(&self) -> Option<&Error> {
        self.last.as_ref()
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.call.prefix())?;
        f.write_str(match self.phase {
            TimeoutPhase::WaitingForSlot => {
                "the deadline of the call comes before its turn to send; nothing was sent"
            }
            TimeoutPhase::Attempt => "the deadline of the call came before its answer",
        })?;
        self.call.suffix(f)
    }
}

impl std::error::Error for TimeoutError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.last.as_ref().map(|last| last as &(dyn std::error::Error + 'static))
    }
}

/// Paging that would not come to an end.
///
/// A cursor may hold anything, also what is secret: it is kept, but not printed.
#[non_exhaustive]
pub enum PaginationError {
    /// A page named a cursor that an earlier page had named.
    #[non_exhaustive]
    Repeated {
        /// The cursor that came twice.
        cursor: Cursor,
        /// The number of the page that named it the second time, from 0.
        page: u64,
        /// The number of the page that named it first; the start counts as page 0.
        first_seen: u64,
    },
    /// There are more pages than the limit that was set.
    #[non_exhaustive]
    TooManyPages {
        /// That limit.
        limit: u64,
    },
    /// There are more items than were asked for at most.
    #[non_exhaustive]
    TooManyItems {
        /// That limit.
        limit: usize,
    },
}

impl fmt::Debug for PaginationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeated { page, first_seen, .. } => f
                .debug_struct("Repeated")
                .field("page", page)
                .field("first_seen", first_seen)
                .finish_non_exhaustive(),
            Self::TooManyPages { limit } => {
                f.debug_struct("TooManyPages").field("limit", limit).finish()
            }
            Self::TooManyItems { limit } => {
                f.debug_struct("TooManyItems").field("limit", limit).finish()
            }
        }
    }
}

impl fmt::Display for PaginationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeated { page, first_seen, .. } => {
                write!(f, "page {page} leads back to a cursor first seen on page {first_seen}")
            }
            Self::TooManyPages { limit } => write!(f, "there are more than {limit} pages"),
            Self::TooManyItems { limit } => write!(f, "there are more than {limit} items"),
        }
    }
}

impl std::error::Error for PaginationError {}

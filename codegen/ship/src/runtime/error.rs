//! The one error type of a client.
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::answer::{ApiError, BodyTooLarge, RedirectError};
use super::decode_error::DecodeError;
use super::failure::{Call, ConfigError, PaginationError, RequestError, TimeoutError};
use super::rate_limit::RateLimitError;
use super::response::request_id;
use super::transport::{Sent, TransportError, TransportErrorKind};
use super::verdict::is_passing;

/// What can go wrong with a call.
///
/// Texts are one line long. They name the operation by its verb and path template and never hold
/// the key or the values of a request.
#[non_exhaustive]
pub enum Error {
    /// The client's settings do not make sense.
    Config(Box<ConfigError>),
    /// The request was refused before it was sent.
    Request(Box<RequestError>),
    /// The deadline of the call came, or would have come, before its answer.
    Timeout(Box<TimeoutError>),
    /// There was no usable answer.
    Transport(Box<TransportError>),
    /// The service answered with an error.
    Api(Box<ApiError>),
    /// The limits do not let the call through.
    RateLimited(Box<RateLimitError>),
    /// The service answered with a redirect.
    Redirect(Box<RedirectError>),
    /// The answer was a success, but its body is not what was expected.
    Decode(Box<DecodeError>),
    /// The pages do not come to an end.
    Pagination(Box<PaginationError>),
    /// The answer was a success, but its body is larger than is accepted.
    BodyTooLarge(Box<BodyTooLarge>),
}

impl Error {
    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api(error) => Some(error.status()),
            Self::RateLimited(error) => error.answer().map(ApiError::status),
            Self::Redirect(error) => Some(error.status),
            Self::Decode(error) => error.status(),
            Self::BodyTooLarge(error) => error.status,
            Self::Transport(error) => error.status(),
            Self::Config(_) | Self::Request(_) | Self::Timeout(_) | Self::Pagination(_) => None,
        }
    }

    /// The headers of the answer, if there was one. They are as they came, also if the service
    /// repeats a secret in them.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Self::Redirect(error) => Some(&error.headers),
            Self::Decode(error) => error.headers(),
            _ => self.answer().map(ApiError::headers),
        }
    }

    /// The body of an error answer as it came, of which the first 64 KiB are kept.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.answer().map(ApiError::body)
    }

    /// The body of an error answer, read as JSON; `None` if it does not fit.
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        self.body().and_then(|body| serde_json::from_slice(body).ok())
    }

    /// The text of an error answer that is meant for people.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.answer().map(ApiError::message).filter(|message| !message.is_empty())
    }

    /// The id of the operation that was called.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.call().and_then(Call::id)
    }

    /// How many times the request was sent, or tried to be.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.call().map_or(0, |call| call.attempts)
    }

    /// The time from the call to this error.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.call().map_or(Duration::ZERO, |call| call.elapsed)
    }

    /// The part of [`elapsed`](Self::elapsed) that was spent waiting: for a slot, after refusals and
    /// after failures.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.call().map_or(Duration::ZERO, |call| call.waited)
    }

    /// The name that the service, or what is before it, gave to the last request; as it came.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.headers().and_then(request_id)
    }

    /// How long to wait: what the service asked for, counted from its answer, or the time until the
    /// limits let requests through again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited(error) => Some(error.retry_in()),
            _ => self.answer().and_then(ApiError::retry_after),
        }
    }

    /// Whether the same call may succeed later and cannot have changed anything so far.
    ///
    /// True for refusals by a limit, for failures of the network or the service, and for a deadline
    /// that was too short, as long as the call is not [ambiguous](Self::is_ambiguous).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let may_pass = match self {
            Self::RateLimited(_) | Self::Timeout(_) => true,
            Self::Transport(error) => match (error.sent, error.kind) {
                (Sent::No, TransportErrorKind::Tls | TransportErrorKind::Invalid) => false,
                (Sent::No | Sent::Maybe, _) => true,
            },
            Self::Api(error) => is_passing(error.status()),
            Self::Decode(error) => error.is_cut() || error.is_damage(),
            Self::Config(_)
            | Self::Request(_)
            | Self::Redirect(_)
            | Self::Pagination(_)
            | Self::BodyTooLarge(_) => false,
        };
        may_pass && !self.is_ambiguous()
    }

    /// Whether the service does not know what was asked for: status 404.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Whether the limits do not let the call through: status 429, or nothing sent because of one.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        matches!(self, Self::RateLimited(_))
    }

    /// Whether the service did not accept the credentials: status 401.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// Whether the call may have changed something although it failed.
    ///
    /// True if an attempt may have been executed and the operation does more than read; also when
    /// that was an earlier attempt. With a success status in [`status`](Self::status) the service
    /// has said that it executed the request.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.call().is_some_and(|call| call.ambiguous)
    }

    fn answer(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            Self::RateLimited(error) => error.answer(),
            _ => None,
        }
    }

    fn call(&self) -> Option<&Call> {
        match self {
            Self::Request(error) => Some(&error.call),
            Self::Timeout(error) => Some(&error.call),
            Self::Transport(error) => Some(&error.call),
            Self::Api(error) => Some(&error.call),
            Self::RateLimited(error) => Some(&error.call),
            Self::Redirect(error) => Some(&error.call),
            Self::Decode(error) => error.call(),
            Self::BodyTooLarge(error) => Some(&error.call),
            Self::Config(_) | Self::Pagination(_) => None,
        }
    }

    pub(super) fn with_call(mut self, call: Call) -> Self {
        match &mut self {
            Self::Request(error) => error.call = call,
            Self::Timeout(error) => error.call = call,
            Self::Transport(error) => error.call = call,
            Self::Api(error) => error.call = call,
            Self::RateLimited(error) => error.call = call,
            Self::Redirect(error) => error.call = call,
            Self::Decode(error) => error.set_call(call),
            Self::BodyTooLarge(error) => error.call = call,
            Self::Config(_) | Self::Pagination(_) => {}
        }
        self
    }

    /// Blanks `secret` where the service may have repeated it.
    pub(super) fn redact(&mut self, secret: &str) {
        match self {
            Self::Api(error) => error.redact(secret),
            Self::RateLimited(error) => error.redact(secret),
            Self::Decode(error) => error.redact(secret),
            Self::Timeout(error) => {
                if let Some(last) = &mut error.last {
                    last.redact(secret);
                }
            }
            Self::Redirect(error) => error.redact(secret),
            // These hold no text of an answer, or do not print it.
            Self::Config(_)
            | Self::Request(_)
            | Self::Transport(_)
            | Self::Pagination(_)
            | Self::BodyTooLarge(_) => {}
        }
    }

    fn inner(&self) -> &(dyn std::error::Error + 'static) {
        match self {
            Self::Config(error) => &**error,
            Self::Request(error) => &**error,
            Self::Timeout(error) => &**error,
            Self::Transport(error) => &**error,
            Self::Api(error) => &**error,
            Self::RateLimited(error) => &**error,
            Self::Redirect(error) => &**error,
            Self::Decode(error) => &**error,
            Self::Pagination(error) => &**error,
            Self::BodyTooLarge(error) => &**error,
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.inner(), f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.inner(), f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner().source()
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::Config(Box::new(error))
    }
}

impl From<RequestError> for Error {
    fn from(error: RequestError) -> Self {
        Self::Request(Box::new(error))
    }
}

impl From<PaginationError> for Error {
    fn from(error: PaginationError) -> Self {
        Self::Pagination(Box::new(error))
    }
}

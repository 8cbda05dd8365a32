//! The loop of a call: attempts and waits within one deadline.
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::StatusCode;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::answer::{ApiError, BodyTooLarge, RateLimitError, RedirectError};
use super::backoff::{failure_wait, refusal_wait, retry_after};
use super::decode::Parts;
use super::decode_error::DecodeError;
use super::error::Error;
use super::failure::{Call, TimeoutError};
use super::http_transport::Received;
use super::operation::{Operation, RetrySafety};
use super::response::Response;
use super::retry::Retry;
use super::transport::{Attempt, Sent, Transport, TransportError, TransportErrorKind};

/// An unlimited time, for clocks that cannot add an unlimited one.
const ENDLESS: Duration = Duration::from_secs(86_400 * 365 * 30);

/// The time that a repeated attempt must have: a tenth of the call's, within these bounds. Without
/// it, a call whose every attempt was refused would end in one that nothing is known of.
const LEAST_TIME: Duration = Duration::from_millis(20);
const ENOUGH_TIME: Duration = Duration::from_millis(100);

/// A function that decodes a successful answer.
pub(super) type Decode<V> = fn(&Parts<'_>) -> Result<V, DecodeError>;

/// Sends requests through another transport until they succeed, or trying on makes no sense.
///
/// The body is decoded inside the attempt: a connection that is cut in the middle of it is a failure
/// like any other.
#[derive(Debug)]
pub struct Retrying<T> {
    transport: T,
    retry: Retry,
    attempt_timeout: Duration,
}

impl<T: Transport> Retrying<T> {
    /// Retries over `transport`.
    #[must_use]
    pub fn new(transport: T, retry: Retry) -> Self {
        Self { transport, retry, attempt_timeout: Duration::from_secs(30) }
    }

    /// The time of one attempt, headers and body: 30 s.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sends `request`, as often as it takes, and decodes its answer.
    ///
    /// # Errors
    ///
    /// Any but [`Error::Config`], [`Error::Request`] and [`Error::Pagination`].
    ///
    /// # Panics
    ///
    /// Outside of a `tokio` runtime, and in one whose timer is not enabled (`enable_time`).
    pub async fn call<V>(
        &self,
        operation: &'static Operation,
        request: http::Request<Bytes>,
        decode: Decode<V>,
    ) -> Result<Response<V>, Error> {
        let mut progress = Progress::start(operation, &self.retry);
        loop {
            self.take_slot(&progress).await?;
            progress.attempts += 1;
            let failure = match self.attempt(&progress, request.clone(), decode).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            let until = progress.plan(failure, &self.retry)?;
            sleep_until(until).await;
        }
    }

    /// The pacer's place: every attempt, the repeated ones too, waits here for its slot.
    #[expect(clippy::unused_async, reason = "nothing is paced yet")]
    async fn take_slot(&self, _: &Progress) -> Result<(), Error> {
        Ok(())
    }

    async fn attempt<V>(
        &self,
        progress: &Progress,
        request: http::Request<Bytes>,
        decode: Decode<V>,
    ) -> Result<Response<V>, Failure> {
        let until = Instant::now().checked_add(self.attempt_timeout);
        let until = until.map_or(progress.deadline, |until| until.min(progress.deadline));
        let attempt = Attempt::new(progress.operation, progress.attempts, until);
        let outcome = match timeout_at(until, self.transport.send(request, attempt)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(TransportError::new(Sent::Maybe, TransportErrorKind::Timeout)),
        };
        match outcome {
            Ok(answer) => progress.judge(answer, decode),
            Err(error) => Err(progress.lost(error)),
        }
    }
}

/// An attempt without success.
struct Failure {
    error: Error,
    /// When its answer began, which is where a wait is counted from.
    received: Instant,
}

/// What a failure means for the next attempt.
enum Verdict {
    /// The service did not execute it and asked to come again.
    Refused,
    /// It did not leave.
    Unsent,
    /// It may have been executed; the next attempt may fare better.
    Passing,
    /// It was executed; the next answer may be sound.
    Damaged,
    /// The next attempt would end in the same way, having been executed or not.
    Final { executed: bool },
}

impl Verdict {
    fn of(error: &Error) -> Self {
        match error {
            Error::RateLimited(_) => Self::Refused,
            Error::Transport(error) => match (error.sent, error.kind) {
                (Sent::No, TransportErrorKind::Tls | TransportErrorKind::Invalid) => {
                    Self::Final { executed: false }
                }
                (Sent::No, _) => Self::Unsent,
                (Sent::Maybe, _) => Self::Passing,
            },
            Error::Api(error) if is_passing(error.status()) => Self::Passing,
            Error::Decode(error) if error.is_cut() => Self::Passing,
            Error::Decode(error) if error.is_damage() => Self::Damaged,
            Error::Decode(_) | Error::BodyTooLarge(_) | Error::Timeout(_) => {
                Self::Final { executed: true }
            }
            // RFC 9110, section 15.4.4: what 303 leads to tells of the request that was executed.
            Error::Redirect(error) => {
                Self::Final { executed: error.status == StatusCode::SEE_OTHER }
            }
            Error::Api(_) | Error::Config(_) | Error::Request(_) | Error::Pagination(_) => {
                Self::Final { executed: false }
            }
        }
    }

    fn may_be_executed(&self) -> bool {
        match self {
            Self::Passing | Self::Damaged => true,
            Self::Final { executed } => *executed,
            Self::Refused | Self::Unsent => false,
        }
    }
}

/// The service or something before it failed for the moment. 501 and 505 are about the request.
fn is_passing(status: StatusCode) -> bool {
    match status {
        StatusCode::REQUEST_TIMEOUT => true,
        StatusCode::NOT_IMPLEMENTED | StatusCode::HTTP_VERSION_NOT_SUPPORTED => false,
        _ => status.is_server_error(),
    }
}

/// A call so far.
struct Progress {
    operation: &'static Operation,
    started: Instant,
    deadline: Instant,
    attempts: u32,
    failures: u32,
    damaged: u32,
    ambiguous: bool,
    last: Option<Error>,
}

impl Progress {
    fn start(operation: &'static Operation, retry: &Retry) -> Self {
        let started = Instant::now();
        let deadline = started.checked_add(retry.deadline).unwrap_or(started + ENDLESS);
        Self {
            operation,
            started,
            deadline,
            attempts: 0,
            failures: 0,
            damaged: 0,
            ambiguous: false,
            last: None,
        }
    }

    /// Reads an answer of any status.
    fn judge<V>(
        &self,
        answer: http::Response<Bytes>,
        decode: Decode<V>,
    ) -> Result<Response<V>, Failure> {
        let (head, body) = answer.into_parts();
        let now = Instant::now();
        let received = head.extensions.get::<Received>().map_or(now, |received| received.0);
        let (status, headers) = (head.status, head.headers);
        let error = if status.is_success() {
            match decode(&Parts { status, headers: &headers, body: &body }) {
                Ok(value) => return Ok(self.response(value, status, headers)),
                Err(error) => Error::Decode(Box::new(error.of_answer(status, headers))),
            }
        } else if status.is_redirection() {
            Error::Redirect(Box::new(RedirectError::new(status, headers)))
        } else {
            let clock = SystemTime::now();
            let hint = retry_after(&headers, clock);
            let answer = ApiError::new(status, headers, body, hint);
            match status {
                StatusCode::TOO_MANY_REQUESTS => {
                    Error::RateLimited(Box::new(RateLimitError::new(answer, clock)))
                }
                _ => Error::Api(Box::new(answer)),
            }
        };
        Err(Failure { error, received })
    }

    fn response<V>(&self, value: V, status: StatusCode, headers: http::HeaderMap) -> Response<V> {
        Response {
            value,
            status,
            headers,
            operation: self.operation,
            attempts: self.attempts,
            elapsed: self.started.elapsed(),
        }
    }

    /// Reads an attempt that brought no whole answer.
    fn lost(&self, error: TransportError) -> Failure {
        let received = Instant::now();
        let success = error.status.filter(StatusCode::is_success);
        let error = match (error.kind, success) {
            (TransportErrorKind::TooLarge, status) => Error::BodyTooLarge(Box::new(BodyTooLarge {
                call: Call::default(),
                status,
                limit: error.limit,
            })),
            (_, Some(status)) => {
                let headers = http::HeaderMap::new();
                Error::Decode(Box::new(DecodeError::cut(error).of_answer(status, headers)))
            }
            (_, None) => Error::Transport(Box::new(error)),
        };
        Failure { error, received }
    }

    /// Decides whether to go on: the time of the next attempt, or the error that ends the call.
    fn plan(&mut self, failure: Failure, retry: &Retry) -> Result<Instant, Error> {
        let Failure { error, received } = failure;
        let verdict = Verdict::of(&error);
        let is_safe = self.operation.retry == RetrySafety::Safe;
        self.ambiguous |= verdict.may_be_executed() && !is_safe;
        if Instant::now() >= self.deadline {
            return Err(self.end_late(error));
        }
        let hint = error.retry_after();
        let wait = match hint {
            Some(hint) if hint > retry.longest_hint => None,
            _ => self.wait(&verdict, retry, hint),
        };
        // The body of the answer may have taken longer than the wait.
        let until =
            wait.and_then(|wait| received.checked_add(wait)).map(|at| at.max(Instant::now()));
        let least = (retry.deadline / 10).clamp(LEAST_TIME, ENOUGH_TIME);
        match until {
            Some(until) if until.checked_add(least).is_some_and(|end| end < self.deadline) => {
                self.last = Some(error);
                Ok(until)
            }
            _ => Err(self.end(error)),
        }
    }

    /// The wait before the next attempt; `None` if there is none.
    fn wait(
        &mut self,
        verdict: &Verdict,
        retry: &Retry,
        hint: Option<Duration>,
    ) -> Option<Duration> {
        let is_repeatable = self.operation.retry != RetrySafety::OnRefusal;
        let may_go_on = match verdict {
            Verdict::Refused => {
                return (self.attempts < retry.refusal_attempts).then(|| refusal_wait(retry, hint));
            }
            Verdict::Unsent => true,
            Verdict::Passing => is_repeatable,
            Verdict::Damaged => {
                // Damage that comes twice is how the service answers.
                self.damaged += 1;
                is_repeatable && self.damaged < 2
            }
            Verdict::Final { .. } => false,
        };
        self.failures += 1;
        (may_go_on && self.failures < retry.attempts)
            .then(|| failure_wait(retry, self.failures, hint))
    }

    /// The error of an attempt that the deadline cut short names the deadline; one that had its own
    /// end stays what it is.
    fn end_late(&mut self, error: Error) -> Error {
        let error = match error {
            Error::Transport(error) if error.kind == TransportErrorKind::Timeout => {
                let timeout = TimeoutError { call: Call::default(), last: self.last.take() };
                Error::Timeout(Box::new(timeout))
            }
            error => error,
        };
        self.end(error)
    }

    fn end(&self, error: Error) -> Error {
        error.with_call(Call {
            operation: Some(self.operation),
            attempts: self.attempts,
            elapsed: self.started.elapsed(),
            ambiguous: self.ambiguous,
        })
    }
}

//! A call so far: what it has used up, and whether it goes on.
use std::time::{Duration, Instant};

use http::StatusCode;

use super::answer::BodyTooLarge;
use super::backoff::failure_wait;
use super::builder::Timeouts;
use super::decode_error::DecodeError;
use super::error::Error;
use super::failure::{Call, RequestError, TimeoutError, TimeoutPhase};
use super::line::Kind;
use super::operation::{Operation, RetrySafety};
use super::pacing::{Denied, Want};
use super::rate_limit::RateLimitError;
use super::response::Response;
use super::retry::Retry;
use super::slots::after;
use super::tokens::Tokens;
use super::transport::{TransportError, TransportErrorKind};
use super::verdict::{Failure, Verdict};

/// The time that a repeated attempt must have: a tenth of the call's, within these bounds. Without
/// it, a call whose every attempt was refused would end in one that nothing is known of.
pub(super) const LEAST_TIME: Duration = Duration::from_millis(20);
const ENOUGH_TIME: Duration = Duration::from_millis(100);

/// How a call goes on.
pub(super) enum Next {
    /// It waits in line before new calls; the line knows until when.
    Line,
    /// It waits until then.
    At(Instant),
}

/// A call so far.
pub(super) struct Progress<'a> {
    pub(super) operation: &'static Operation,
    pub(super) retry: &'a Retry,
    pub(super) attempts: u32,
    pub(super) waited: Duration,
    /// An attempt may take as long as the call.
    pub(super) is_long: bool,
    /// The request can be sent again.
    pub(super) can_repeat: bool,
    started: Instant,
    deadline: Instant,
    time: Duration,
    kind: Kind,
    failures: u32,
    damaged: u32,
    ambiguous: bool,
    last: Option<Error>,
}

impl<'a> Progress<'a> {
    /// Begins a call that has this much time.
    pub(super) fn start(
        operation: &'static Operation,
        retry: &'a Retry,
        time: Duration,
        now: Instant,
    ) -> Result<Self, Error> {
        if time < LEAST_TIME {
            let message = format!(
                "a deadline of {} ms leaves no time for an attempt; {} ms are the least",
                time.as_millis(),
                LEAST_TIME.as_millis()
            );
            return Err(RequestError::new(operation, None, message).into());
        }
        Ok(Self {
            operation,
            retry,
            attempts: 0,
            waited: Duration::ZERO,
            is_long: false,
            can_repeat: true,
            started: now,
            deadline: after(now, time),
            time,
            kind: Kind::New,
            failures: 0,
            damaged: 0,
            ambiguous: false,
            last: None,
        })
    }

    /// What the next attempt asks of the pacer.
    pub(super) fn want(&self, timeouts: &Timeouts, paced: bool) -> Want {
        Want {
            kind: self.kind,
            paced,
            deadline: self.deadline,
            least: if self.attempts == 0 { LEAST_TIME } else { self.least() },
            attempt: if self.is_long { Duration::MAX } else { timeouts.attempt_time() },
            connect: timeouts.connect,
            idle: timeouts.pool_idle,
        }
    }

    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    fn least(&self) -> Duration {
        (self.time / 10).clamp(LEAST_TIME, ENOUGH_TIME)
    }

    pub(super) fn response<V>(
        &self,
        value: V,
        status: StatusCode,
        headers: http::HeaderMap,
        now: Instant,
    ) -> Response<V> {
        Response {
            value,
            status,
            headers,
            operation: self.operation,
            attempts: self.attempts,
            elapsed: now.saturating_duration_since(self.started),
            waited: self.waited,
        }
    }

    /// The error of a call that may not send.
    pub(super) fn denied(
        &mut self,
        denied: Denied,
        scope: Option<&'static str>,
        now: Instant,
    ) -> Error {
        let error = match (denied, self.last.take()) {
            (Denied::Closed(closed), _) => {
                Error::RateLimited(Box::new(RateLimitError::closed(closed, scope, now)))
            }
            (Denied::TooLate, Some(last)) => last,
            (Denied::TooLate, None) => Error::Timeout(Box::new(TimeoutError {
                call: Call::default(),
                phase: TimeoutPhase::WaitingForSlot,
                last: None,
            })),
        };
        self.end(error, now)
    }

    /// Decides whether to go on: how, or with which error the call ends.
    pub(super) fn plan(
        &mut self,
        failure: Failure,
        tokens: &Tokens,
        is_paced: bool,
        now: Instant,
    ) -> Result<Next, Error> {
        let Failure { error, received, retry_at } = failure;
        let verdict = Verdict::of(&error);
        let is_safe = self.operation.retry == RetrySafety::Safe;
        self.ambiguous |= verdict.may_be_executed() && !is_safe;
        if now >= self.deadline {
            return Err(self.end_late(error, now));
        }
        let at = match retry_at.filter(|_| matches!(verdict, Verdict::Refused)) {
            Some(at) => Some(at).filter(|_| self.attempts < self.retry.refusal_attempts),
            None => {
                let wait = self.wait(&verdict, error.retry_after());
                wait.and_then(|wait| received.checked_add(wait))
            }
        };
        // The body of the answer may have taken longer than the wait.
        let at = at.map(|at| at.max(now));
        let fits =
            |at: &Instant| at.checked_add(self.least()).is_some_and(|end| end < self.deadline);
        let Some(at) = at.filter(fits).filter(|_| self.can_repeat) else {
            return Err(self.end(error, now));
        };
        let is_refused = matches!(verdict, Verdict::Refused);
        // The service is there and says that nothing was done.
        let is_free = is_refused || matches!(verdict, Verdict::TurnedAway);
        if !is_free && !tokens.spend() {
            return Err(self.end(error, now));
        }
        self.last = Some(error);
        if is_refused && is_paced {
            self.kind = Kind::Refused;
            return Ok(Next::Line);
        }
        self.kind = Kind::New;
        self.waited += at.saturating_duration_since(now);
        Ok(Next::At(at))
    }

    /// The wait before the next attempt after a failure; `None` if there is none.
    fn wait(&mut self, verdict: &Verdict, hint: Option<Duration>) -> Option<Duration> {
        let is_repeatable = self.operation.retry != RetrySafety::OnRefusal;
        let may_go_on = match verdict {
            Verdict::Refused | Verdict::Final { .. } => false,
            Verdict::Unsent | Verdict::TurnedAway => true,
            Verdict::Passing => is_repeatable,
            Verdict::Damaged => {
                // Damage that comes twice is how the service answers.
                self.damaged += 1;
                is_repeatable && self.damaged < 2
            }
        };
        self.failures += 1;
        let most = match verdict {
            Verdict::TurnedAway => self.retry.refusal_attempts,
            _ => self.retry.attempts,
        };
        let is_patient = hint.is_none_or(|hint| hint <= self.retry.longest_hint);
        (may_go_on && is_patient && self.failures < most)
            .then(|| failure_wait(self.retry, self.failures, hint))
    }

    /// The error of an attempt that the deadline cut short names the deadline; one that had its own
    /// end stays what it is.
    fn end_late(&mut self, error: Error, now: Instant) -> Error {
        let error = match error {
            Error::Transport(error) if error.kind == TransportErrorKind::Timeout => {
                Error::Timeout(Box::new(TimeoutError {
                    call: Call::default(),
                    phase: TimeoutPhase::Attempt,
                    last: self.last.take(),
                }))
            }
            error => error,
        };
        self.end(error, now)
    }

    pub(super) fn end(&self, error: Error, now: Instant) -> Error {
        error.with_call(Call {
            operation: Some(self.operation),
            attempts: self.attempts,
            elapsed: now.saturating_duration_since(self.started),
            waited: self.waited,
            ambiguous: self.ambiguous,
        })
    }
}

/// Reads an attempt that brought no whole answer.
pub(super) fn lost(error: TransportError, received: Instant) -> Failure {
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
    Failure { error, received, retry_at: None }
}

//! The loop of a call: waits and attempts within one deadline.
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::CONNECTION;
use http::{StatusCode, Version};

use super::answer::{ApiError, RedirectError};
use super::backoff::{jitter, retry_after};
use super::builder::Timeouts;
use super::clock::{Clock, Time};
use super::early::Early;
use super::error::Error;
use super::exchange::{Decode, Exchange, Whole};
use super::http_transport::Received;
use super::limits::{LimitScope, Quota, RateLimits, tells_of_quota};
use super::line::Kind;
use super::observer::{Event, Observer, Watch};
use super::operation::Operation;
use super::options::CallOptions;
use super::pacer::{Budget, BudgetError, Pacer};
use super::pacing::{Denied, Pacing, Want};
use super::permit::{Permit, Refused, Renewal};
use super::progress::{Next, Progress, lost};
use super::rate_limit::RateLimitError;
use super::response::Response;
use super::retry::Retry;
use super::tokens::Tokens;
use super::transport::{Attempt, Sent, Transport, TransportError, TransportErrorKind};
use super::verdict::{Failure, is_unsent};

/// Sends requests through another transport until they succeed, or trying on makes no sense.
///
/// One loop, within one deadline: wait for the pacer's slot, send, read and decode the body, judge,
/// wait. The body is decoded inside the attempt: a connection that is cut in the middle of it is a
/// failure like any other.
pub struct Retrying<T> {
    transport: T,
    retry: Retry,
    timeouts: Timeouts,
    pacing: Arc<Pacing>,
    is_paced: bool,
    tokens: Tokens,
    time: Time,
    watch: Watch,
}

impl<T: Transport> Retrying<T> {
    /// Retries over `transport`, without pacing.
    #[must_use]
    pub fn new(transport: T, retry: Retry) -> Self {
        let time = Time::default();
        let (pacing, is_paced) = (Pacing::off(time.now()), false);
        let tokens = Tokens::new(retry.budget);
        let (timeouts, watch) = (Timeouts::default(), Watch::default());
        Self { transport, retry, timeouts, pacing, is_paced, tokens, time, watch }
    }

    /// The times of the parts of an attempt.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Tells `observer` what happens.
    #[must_use]
    pub fn observer(self, observer: impl Observer) -> Self {
        self.watch(Watch::new(observer))
    }

    pub(super) fn watch(mut self, watch: Watch) -> Self {
        self.watch = watch;
        self
    }

    /// Takes the time from `clock`. Set it before the pacer.
    #[must_use]
    pub fn clock(self, clock: impl Clock) -> Self {
        self.time(Time::new(clock))
    }

    pub(super) fn time(mut self, time: Time) -> Self {
        self.time = time;
        self
    }

    /// Keeps to the limits of `pacer`; `limits` are those of the service.
    ///
    /// # Errors
    ///
    /// [`Error::Config`]: a setting of the pacer makes no sense.
    pub fn pacer(mut self, pacer: &Pacer, limits: Option<RateLimits>) -> Result<Self, Error> {
        self.pacing = pacer.start(limits, self.time.now())?;
        self.is_paced = self.pacing.is_paced();
        Ok(self)
    }

    /// The requests of the day.
    #[must_use]
    pub fn quota(&self) -> Quota {
        self.pacing.quota(&self.time)
    }

    /// Sends `request`, as often as it takes, and decodes its answer.
    ///
    /// # Errors
    ///
    /// Any but [`Error::Config`] and [`Error::Pagination`].
    ///
    /// # Panics
    ///
    /// Outside of a `tokio` runtime, in one whose timer is not enabled (`enable_time`), and when a
    /// call that waits is polled in another runtime after the one in which it began has ended.
    pub async fn call<V>(
        &self,
        operation: &'static Operation,
        request: http::Request<Bytes>,
        options: &CallOptions,
        decode: Decode<V>,
    ) -> Result<Response<V>, Error> {
        let exchange = Whole { request: || request.clone(), decode };
        self.boxed(operation, &exchange, options).await.map(Response::unboxed)
    }

    /// The same with the value in a box: it passes through several futures, each of which would
    /// copy it.
    pub(super) async fn boxed<E: Exchange>(
        &self,
        operation: &'static Operation,
        exchange: &E,
        options: &CallOptions,
    ) -> Result<Response<Box<E::Value>>, Error> {
        let call = pin!(self.run(operation, exchange, options));
        #[cfg(feature = "tracing")]
        return super::trace::watched(operation, call).await;
        #[cfg(not(feature = "tracing"))]
        call.await
    }

    async fn run<E: Exchange>(
        &self,
        operation: &'static Operation,
        exchange: &E,
        options: &CallOptions,
    ) -> Result<Response<Box<E::Value>>, Error> {
        let retry = options.retry_or(&self.retry);
        let time = options.deadline_or(&self.retry);
        let mut asked = self.time.now();
        let mut progress = Progress::start(operation, retry, time, asked)?;
        progress.is_long = exchange.is_long();
        loop {
            let permit = self.permit(&mut progress, asked).await?;
            progress.attempts += 1;
            let failure = match self.attempt(&progress, permit, exchange).await {
                Ok(response) => {
                    self.tokens.refund();
                    return Ok(response);
                }
                Err(failure) => failure,
            };
            let (now, retry_at) = (self.time.now(), failure.retry_at);
            progress.can_repeat = exchange.can_repeat();
            match progress.plan(failure, &self.tokens, self.is_paced, now)? {
                Next::Line => {
                    let wait =
                        retry_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
                    self.tell_retry(&progress, wait);
                }
                Next::At(at) => {
                    self.tell_retry(&progress, at.saturating_duration_since(now));
                    self.time.sleep_until(at).await;
                }
            }
            asked = self.time.now();
        }
    }

    fn tell_retry(&self, progress: &Progress<'_>, wait: Duration) {
        let event = Event::Retry { attempt: progress.attempts, wait };
        self.watch.tell(progress.operation, &event);
    }

    /// Waits for the turn of the next attempt. The repeated ones wait too.
    async fn permit(&self, progress: &mut Progress<'_>, asked: Instant) -> Result<Permit, Error> {
        let outcome = match &self.pacing.budget {
            None => self.reserve(progress, true).await,
            // Boxed, since it is large and seldom used.
            Some(budget) => Box::pin(self.reserve_shared(&**budget, progress)).await,
        };
        let permit = outcome
            .map_err(|denied| progress.denied(denied, self.pacing.scope, self.time.now()))?;
        let is_at_once = permit.is_at_once() && self.pacing.budget.is_none();
        let waited = match is_at_once {
            true => Duration::ZERO,
            false => permit.sent().saturating_duration_since(asked),
        };
        progress.waited += waited;
        if !waited.is_zero() {
            self.watch.tell(progress.operation, &Event::SlotWait { waited });
        }
        if permit.is_mark() {
            self.watch.tell(progress.operation, &Event::Quota { quota: self.quota() });
        }
        Ok(permit)
    }

    async fn reserve(&self, progress: &Progress<'_>, paced: bool) -> Result<Permit, Denied> {
        let want = progress.want(&self.timeouts, paced);
        self.pacing.reserve(&self.time, want).await
    }

    /// Asks the shared budget once the gate is open; goes on at the local rate if it is out of reach.
    async fn reserve_shared(
        &self,
        budget: &dyn Budget,
        progress: &Progress<'_>,
    ) -> Result<Permit, Denied> {
        let mut want = progress.want(&self.timeouts, false);
        loop {
            // It counts as under way from here on, however long the budget takes.
            let waiting = Want { attempt: Duration::MAX, ..want };
            let mut permit = self.pacing.reserve(&self.time, waiting).await?;
            let denied = match self.time.until(progress.deadline(), budget.reserve()).await {
                Some(Ok(())) => match permit.renew(&want) {
                    Renewal::Go => return Ok(permit),
                    Renewal::Closed => {
                        // Its start is over. It had its turn, and so stands before new calls.
                        permit.unsent();
                        want.kind = Kind::Refused;
                        continue;
                    }
                    Renewal::TooLate => Denied::TooLate,
                },
                Some(Err(BudgetError::Spent { retry_in })) => {
                    Denied::Closed(self.pacing.spent(&self.time, retry_in))
                }
                Some(Err(BudgetError::Unavailable(source))) => {
                    permit.unsent();
                    let event = Event::BudgetUnavailable { reason: source.to_string() };
                    self.watch.tell(progress.operation, &event);
                    return self.reserve(progress, true).await;
                }
                None => Denied::TooLate,
            };
            permit.unsent();
            return Err(denied);
        }
    }

    async fn attempt<E: Exchange>(
        &self,
        progress: &Progress<'_>,
        permit: Permit,
        exchange: &E,
    ) -> Result<Response<Box<E::Value>>, Failure> {
        let (operation, number) = (progress.operation, progress.attempts);
        let (started, until) = (permit.sent(), permit.end());
        self.watch.tell(operation, &Event::AttemptStart { attempt: number });
        let early = Early::new(&self.pacing, &self.time, progress.retry);
        let attempt = Attempt::new(operation, number, &self.time, started, until, early);
        let sent = self.time.until(until, exchange.send(&self.transport, attempt)).await;
        let timeout = || Err(TransportError::new(Sent::Maybe, TransportErrorKind::Timeout));
        let answer = sent.unwrap_or_else(timeout);
        let ended = self.time.now();
        self.watch.tell(
            operation,
            &Event::AttemptEnd {
                attempt: number,
                status: answer
                    .as_ref()
                    .map_or_else(TransportError::status, |answer| Some(answer.status())),
                failure: answer.as_ref().err().map(|error| error.kind),
                elapsed: ended.saturating_duration_since(started),
            },
        );
        match answer {
            Ok(answer) => self.judge(progress, permit, answer, ended, exchange),
            Err(error) => {
                if is_unsent(&error) {
                    permit.unsent();
                } else if error.kind == TransportErrorKind::Refused {
                    permit.turned_away(ended);
                }
                Err(lost(error, ended))
            }
        }
    }

    /// Reads an answer of any status.
    fn judge<E: Exchange>(
        &self,
        progress: &Progress<'_>,
        mut permit: Permit,
        answer: http::Response<E::Body>,
        ended: Instant,
        exchange: &E,
    ) -> Result<Response<Box<E::Value>>, Failure> {
        let (head, body) = answer.into_parts();
        let received = head.extensions.get::<Received>().map(|received| received.0);
        let received = self.time.of_tokio(received, ended);
        let is_kept = is_kept(&head);
        let (status, headers) = (head.status, head.headers);
        if status == StatusCode::TOO_MANY_REQUESTS {
            let body = E::rest(body);
            return Err(self.refused(progress, &mut permit, headers, body, (received, is_kept)));
        }
        permit.answered(&headers, received, is_kept, ended);
        let error = if status.is_success() {
            match exchange.read(status, &headers, body).map(Box::new) {
                Ok(value) => return Ok(progress.response(value, status, headers, self.time.now())),
                Err(error) => Error::Decode(Box::new(error.of_answer(status, headers))),
            }
        } else if status.is_redirection() {
            Error::Redirect(Box::new(RedirectError::new(status, headers)))
        } else {
            let hint = retry_after(&headers, self.time.wall());
            Error::Api(Box::new(ApiError::new(status, headers, E::rest(body), hint)))
        };
        Err(Failure { error, received, retry_at: None })
    }

    /// Reads a 429, which holds back everybody who uses the same pacer.
    fn refused(
        &self,
        progress: &Progress<'_>,
        permit: &mut Permit,
        headers: http::HeaderMap,
        body: Bytes,
        (received, is_kept): (Instant, bool),
    ) -> Failure {
        let hint = retry_after(&headers, self.time.wall());
        let refusal = permit.refused(&Refused {
            headers: &headers,
            hint,
            is_quota: tells_of_quota(&body),
            received,
            is_kept,
            patience: progress.retry.longest_hint,
            first: progress.retry.refusal_wait,
            jitter: jitter(progress.retry),
        });
        let now = self.time.now();
        let wait = refusal.retry_at.saturating_duration_since(now);
        self.watch.tell(progress.operation, &Event::Throttled { scope: refusal.scope, wait });
        if refusal.scope == LimitScope::Daily {
            self.watch.tell(progress.operation, &Event::Quota { quota: self.quota() });
        }
        let answer = ApiError::new(StatusCode::TOO_MANY_REQUESTS, headers, body, hint);
        let error = RateLimitError::refused(answer, &refusal, self.pacing.scope);
        let error = Error::RateLimited(Box::new(error));
        Failure { error, received, retry_at: Some(refusal.retry_at) }
    }
}

/// Whether the connection of an answer can be used again (RFC 9112, section 9.3).
fn is_kept(head: &http::response::Parts) -> bool {
    let is_old = head.version < Version::HTTP_11;
    let Some(options) = head.headers.get(CONNECTION) else { return !is_old };
    let options = options.to_str().unwrap_or_default().split(',').map(str::trim);
    let word = if is_old { "keep-alive" } else { "close" };
    options.into_iter().any(|option| option.eq_ignore_ascii_case(word)) == is_old
}

impl<T> fmt::Debug for Retrying<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retrying")
            .field("retry", &self.retry)
            .field("timeouts", &self.timeouts)
            .field("is_paced", &self.is_paced)
            .finish_non_exhaustive()
    }
}

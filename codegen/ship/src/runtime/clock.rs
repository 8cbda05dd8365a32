//! Where time comes from.
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use super::transport::BoxFuture;

/// Tells the time and waits. The default is `tokio`'s clock and the system's.
///
/// The built-in transport keeps its own time by `tokio` all the same. Clients that share a
/// pacer must share the clock. Its methods must not panic.
pub trait Clock: Send + Sync + 'static {
    /// A time that only goes forward. All waits are measured by it.
    fn now(&self) -> Instant;

    /// The time of day. It may jump: it says when a day ends and what a date in an answer means.
    fn wall(&self) -> SystemTime;

    /// Waits until `at`.
    fn sleep_until(&self, at: Instant) -> BoxFuture<'static, ()>;
}

/// The clock of a client. Without one of the user's it is `tokio`'s, which tests can pause.
#[derive(Clone, Default)]
pub(super) struct Time(Option<Arc<dyn Clock>>);

impl Time {
    pub(super) fn new(clock: impl Clock) -> Self {
        Self(Some(Arc::new(clock)))
    }

    pub(super) fn now(&self) -> Instant {
        match &self.0 {
            Some(clock) => clock.now(),
            None => tokio::time::Instant::now().into_std(),
        }
    }

    /// What time it is where something is dropped; `None` if a panic is the reason, which the clock
    /// may be the cause of.
    pub(super) fn now_in_drop(&self) -> Option<Instant> {
        (!std::thread::panicking()).then(|| self.now())
    }

    pub(super) fn wall(&self) -> SystemTime {
        match &self.0 {
            Some(clock) => clock.wall(),
            None => SystemTime::now(),
        }
    }

    pub(super) fn sleep_until(&self, at: Instant) -> BoxFuture<'static, ()> {
        match &self.0 {
            Some(clock) => clock.sleep_until(at),
            None => Box::pin(tokio::time::sleep_until(at.into())),
        }
    }

    /// The outcome of `future`; `None` if `at` comes first.
    pub(super) async fn until<F: Future>(&self, at: Instant, future: F) -> Option<F::Output> {
        match &self.0 {
            None => tokio::time::timeout_at(at.into(), future).await.ok(),
            Some(clock) => {
                let mut end = clock.sleep_until(at);
                let mut future = pin!(future);
                poll_fn(|context| match future.as_mut().poll(context) {
                    Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
                    Poll::Pending => end.as_mut().poll(context).map(|()| None),
                })
                .await
            }
        }
    }

    pub(super) fn is_tokio(&self) -> bool {
        self.0.is_none()
    }

    /// A moment that a transport measured by `tokio`'s clock; without one, `now`.
    pub(super) fn of_tokio(&self, at: Option<tokio::time::Instant>, now: Instant) -> Instant {
        match (&self.0, at) {
            (None, Some(at)) => at.into_std(),
            _ => now,
        }
    }

    /// When `timeout` is over by `tokio`'s clock, for a transport that only knows that one.
    pub(super) fn tokio_end(&self, until: Instant, timeout: Duration) -> tokio::time::Instant {
        match &self.0 {
            None => until.into(),
            Some(_) => tokio::time::Instant::now() + timeout,
        }
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Time(own)" } else { "Time(tokio)" })
    }
}

//! What a client tells about its calls while they run.
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use super::limits::{LimitScope, Quota};
use super::operation::Operation;
use super::transport::TransportErrorKind;

/// Is told what happens to calls, for metrics and logs.
///
/// It is called on the task of the call and should be quick. No event holds the key, a URL or the
/// values of a request. A panic ends the call like one in the call itself.
pub trait Observer: Send + Sync + 'static {
    /// Something happened to a call of `operation`.
    fn event(&self, operation: &'static Operation, event: &Event);
}

/// Something that happened to a call.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// The call had to wait for its turn, and may send now.
    #[non_exhaustive]
    SlotWait {
        /// For how long.
        waited: Duration,
    },
    /// An attempt begins.
    #[non_exhaustive]
    AttemptStart {
        /// 1 for the first attempt of the call.
        attempt: u32,
    },
    /// An attempt ended.
    #[non_exhaustive]
    AttemptEnd {
        /// 1 for the first attempt of the call.
        attempt: u32,
        /// The status of the answer, if there was one.
        status: Option<StatusCode>,
        /// What went wrong with the transport, if something did.
        failure: Option<TransportErrorKind>,
        /// How long it took.
        elapsed: Duration,
    },
    /// The service refused an attempt with 429.
    #[non_exhaustive]
    Throttled {
        /// What the refusal is about.
        scope: LimitScope,
        /// How long everybody who uses the same pacer waits.
        wait: Duration,
    },
    /// The call goes on with another attempt after a failure or a refusal.
    #[non_exhaustive]
    Retry {
        /// The number of the attempt that failed.
        attempt: u32,
        /// How long the call waits before the next.
        wait: Duration,
    },
    /// 80 % or 95 % of the day's requests are sent, or the service refuses for the rest of the day.
    #[non_exhaustive]
    Quota {
        /// How the day stands.
        quota: Quota,
    },
    /// The shared budget cannot be reached. The call goes on at the rate of the local pacer.
    #[non_exhaustive]
    BudgetUnavailable {
        /// What the budget says about it.
        reason: String,
    },
}

/// Passes events on to whoever wants them.
#[derive(Clone, Default)]
pub(super) struct Watch(Option<Arc<dyn Observer>>);

impl Watch {
    pub(super) fn new(observer: impl Observer) -> Self {
        Self(Some(Arc::new(observer)))
    }

    pub(super) fn tell(&self, operation: &'static Operation, event: &Event) {
        #[cfg(feature = "tracing")]
        super::trace::tell(operation, event);
        if let Some(observer) = &self.0 {
            observer.event(operation, event);
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watch").field(&self.0.is_some()).finish()
    }
}

//! Refusals whose body is still on its way.
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use super::backoff::retry_after;
use super::clock::Time;
use super::limits::Told;
use super::pacing::Pacing;
use super::retry::Retry;

/// Holds everybody back as soon as a refusal begins to come. What it is about is judged when it is
/// there.
#[derive(Clone)]
pub(super) struct Early {
    pacing: Arc<Pacing>,
    time: Time,
    least: Duration,
    patience: Duration,
}

impl Early {
    pub(super) fn new(pacing: &Arc<Pacing>, time: &Time, retry: &Retry) -> Self {
        let (least, patience) = (retry.refusal_wait, retry.longest_hint);
        Self { pacing: pacing.clone(), time: time.clone(), least, patience }
    }

    pub(super) fn begun(&self, status: StatusCode, headers: &HeaderMap) {
        if status != StatusCode::TOO_MANY_REQUESTS {
            return;
        }
        let (now, wall) = (self.time.now(), self.time.wall());
        let mut state = self.pacing.lock();
        if state.slots.is_some() {
            let told = || Told::read(headers, || state.day.since_1970(wall).as_secs()).wait;
            let hint = retry_after(headers, wall).or_else(told).unwrap_or_default();
            let wait = hint.min(self.patience).max(self.least);
            if let Some(until) = now.checked_add(wait) {
                state.gate.close(until);
            }
        }
    }
}

impl fmt::Debug for Early {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Early").finish_non_exhaustive()
    }
}

//! What can be set for a single call.
use std::time::Duration;

use super::retry::Retry;

/// Settings of one call, in place of the client's. For a list they count for each page.
///
/// # Examples
///
/// `request.with(CallOptions::new().deadline(Duration::from_secs(5)))`
#[derive(Debug, Clone, Default)]
#[must_use = "options have no effect until they are given to a request"]
pub struct CallOptions {
    deadline: Option<Duration>,
    retry: Option<Box<Retry>>,
}

impl CallOptions {
    /// The settings of the client.
    pub fn new() -> Self {
        Self::default()
    }

    /// The time of the call, all attempts and waits included. Below 20 ms the call is refused.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Attempts and waits. The deadline stays that of the client unless `retry` sets one; the retry
    /// budget always does.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = Some(Box::new(retry));
        self
    }

    /// Attempts and waits of a call; `client` is what its client has.
    pub(super) fn retry_or<'a>(&'a self, client: &'a Retry) -> &'a Retry {
        self.retry.as_deref().unwrap_or(client)
    }

    /// The time of a call; `client` is what its client has.
    pub(super) fn deadline_or(&self, client: &Retry) -> Duration {
        self.deadline.unwrap_or_else(|| self.retry_or(client).deadline_or(client))
    }
}

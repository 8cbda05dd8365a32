//! How many connections are open, as far as this can be told from outside.
use std::time::{Duration, Instant};

/// The most requests that were answered side by side of late. So many connections exist; one more
/// request may have to wait until its connection is made.
#[derive(Debug)]
pub(super) struct Connections {
    now: usize,
    before: usize,
    since: Instant,
}

impl Connections {
    pub(super) fn new(now: Instant) -> Self {
        Self { now: 0, before: 0, since: now }
    }

    /// So many requests were under way side by side, and one of them was answered.
    pub(super) fn saw(&mut self, requests: usize) {
        self.now = self.now.max(requests);
    }

    /// An answer was the last over its connection.
    pub(super) fn lost(&mut self) {
        self.now = self.now.saturating_sub(1);
        self.before = self.before.saturating_sub(1);
    }

    /// How many are open; those that were unused for `idle` are gone.
    pub(super) fn open(&mut self, now: Instant, idle: Duration) -> usize {
        let period = (idle / 2).max(Duration::from_millis(1));
        let age = now.saturating_duration_since(self.since);
        if age >= period {
            self.before = if age < 2 * period { self.now } else { 0 };
            self.now = 0;
            self.since = now;
        }
        self.now.max(self.before)
    }
}

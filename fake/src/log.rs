//! The requests that came, for a test to look at.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use crate::spec::Operation;

/// The most that are kept; older ones are forgotten.
const MOST: usize = 10_000;

/// A request as it came, and how it was answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Recorded {
    /// Its method.
    pub method: Method,
    /// Path and query as they were sent.
    pub target: String,
    /// The operation, if it is one of the document.
    pub operation: Option<Operation>,
    /// Its headers, the key included.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// When it came, by the clock of the fake.
    pub at: SystemTime,
    /// The status of its answer; `None` while there is none. An answer may have been cut on its way.
    pub status: Option<StatusCode>,
}

impl Recorded {
    /// The body as JSON; null if it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// The newest requests.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    kept: VecDeque<Recorded>,
    forgotten: usize,
}

impl Log {
    /// Keeps a request: its number.
    pub(crate) fn add(&self, request: Recorded) -> usize {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.kept.len() == MOST {
            entries.kept.pop_front();
            entries.forgotten += 1;
        }
        entries.kept.push_back(request);
        entries.forgotten + entries.kept.len() - 1
    }

    pub(crate) fn answered(&self, number: usize, operation: Option<Operation>, status: StatusCode) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let index = number.checked_sub(entries.forgotten);
        if let Some(entry) = index.and_then(|index| entries.kept.get_mut(index)) {
            entry.operation = operation;
            entry.status = Some(status);
        }
    }

    pub(crate) fn all(&self) -> Vec<Recorded> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.kept.iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Entries::default();
    }
}

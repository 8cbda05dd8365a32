//! The requests that came, for a test to look at.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, request};

use crate::spec::Operation;

/// The most that are kept, and the most bytes of what they are made of; older ones are forgotten.
const MOST: usize = 10_000;
const MOST_BYTES: usize = 64 * 1024 * 1024;

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
    /// The status of its answer, which may have been cut on its way; `None` while there is none.
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
    kept: VecDeque<Entry>,
    /// Bytes of those.
    bytes: usize,
    /// How many came before those.
    forgotten: usize,
}

/// A request with its head as it was read, which is copied only for those who ask.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) head: Arc<request::Parts>,
    pub(crate) operation: Option<Operation>,
    pub(crate) body: Bytes,
    pub(crate) at: SystemTime,
    pub(crate) status: Option<StatusCode>,
}

impl Log {
    /// Keeps a request: its number.
    pub(crate) fn add(&self, entry: Entry) -> usize {
        let mut entries = self.entries();
        entries.bytes += entry.bytes();
        entries.kept.push_back(entry);
        while entries.kept.len() > MOST || entries.bytes > MOST_BYTES {
            entries.forget();
        }
        entries.forgotten + entries.kept.len() - 1
    }

    pub(crate) fn answered(&self, number: usize, status: StatusCode) {
        let mut entries = self.entries();
        let index = number.checked_sub(entries.forgotten);
        if let Some(entry) = index.and_then(|index| entries.kept.get_mut(index)) {
            entry.status = Some(status);
        }
    }

    pub(crate) fn all(&self) -> Vec<Recorded> {
        self.entries().kept.iter().map(Entry::recorded).collect()
    }

    pub(crate) fn clear(&self) {
        let mut entries = self.entries();
        while !entries.kept.is_empty() {
            entries.forget();
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn forget(&mut self) {
        if let Some(entry) = self.kept.pop_front() {
            self.bytes -= entry.bytes();
            self.forgotten += 1;
        }
    }
}

impl Entry {
    /// What it takes to keep it, near enough.
    fn bytes(&self) -> usize {
        let headers = self.head.headers.iter();
        let headers: usize =
            headers.map(|(name, value)| name.as_str().len() + value.as_bytes().len()).sum();
        let target = self.head.uri.path_and_query().map_or(0, |target| target.as_str().len());
        headers + target + self.body.len()
    }

    fn recorded(&self) -> Recorded {
        Recorded {
            method: self.head.method.clone(),
            target: self.head.uri.to_string(),
            operation: self.operation,
            headers: self.head.headers.clone(),
            body: self.body.clone(),
            at: self.at,
            status: self.status,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(body: usize) -> Entry {
        let (head, ()) = http::Request::new(()).into_parts();
        let body = Bytes::from(vec![b' '; body]);
        let (head, at) = (Arc::new(head), SystemTime::UNIX_EPOCH);
        Entry { head, operation: None, body, at, status: None }
    }

    #[test]
    fn the_oldest_are_forgotten_when_there_are_many_or_large_ones() {
        let log = Log::default();
        for _ in 0..=MOST {
            log.add(entry(1));
        }
        assert_eq!(log.all().len(), MOST);
        for _ in 0..3 {
            log.add(entry(MOST_BYTES / 2 - 1));
        }
        assert_eq!(log.all().len(), 2);
    }

    #[test]
    fn headers_and_targets_count_as_bodies_do() {
        let text = "x".repeat(60_000);
        let request = http::Request::get(format!("/{text}")).header("x-long", &text);
        let (head, ()) = request.body(()).unwrap().into_parts();
        let log = Log::default();
        let head = Arc::new(head);
        for _ in 0..MOST_BYTES / 120_000 + 10 {
            log.add(Entry { head: head.clone(), ..entry(0) });
        }
        assert_eq!(log.all().len(), MOST_BYTES / 120_007);
        log.clear();
        assert_eq!(log.entries().bytes, 0);
    }

    #[test]
    fn an_answer_finds_its_request_also_when_others_are_forgotten() {
        let log = Log::default();
        let old = log.add(entry(0));
        log.clear();
        let new = log.add(entry(0));
        log.answered(old, StatusCode::OK);
        assert_eq!(log.all()[0].status, None);
        log.answered(new, StatusCode::OK);
        assert_eq!(log.all()[0].status, Some(StatusCode::OK));
    }
}

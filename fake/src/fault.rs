//! What goes wrong on purpose.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::header::{CONNECTION, CONTENT_LENGTH, RETRY_AFTER, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::spec::Operation;

/// A fault: what goes wrong, with which requests.
///
/// It happens once, with the next request, unless said otherwise. Faults that meet in one request
/// happen together, in the order in which they were given: one can delay an answer that another
/// cuts. Only of those that are an answer of their own ([`status`](Self::status),
/// [`refusal`](Self::refusal)) the first alone happens; the others wait for the next request.
#[derive(Debug, Clone)]
#[must_use = "a fault does nothing until it is given to a fake"]
pub struct Fault {
    effect: Effect,
    operation: Option<Operation>,
    skip: u32,
    times: u32,
    is_executed: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Effect {
    /// This status with these headers and this body.
    Answer(StatusCode, HeaderMap, String),
    /// The connection ends when so many bytes of the answer are sent.
    Cut(usize),
    /// A whole message with a part of the body.
    Truncated(usize),
    /// Another body.
    Body(String),
    /// So many bytes of the body at a time, with this time between them.
    Slow(usize, Duration),
    /// A while before the answer.
    Delay(Duration),
    /// Another `nextCursor`.
    Cursor(Value),
    /// Members and values that the document does not know.
    Unknown,
}

impl Fault {
    fn new(effect: Effect, is_executed: bool) -> Self {
        Self { effect, operation: None, skip: 0, times: 1, is_executed }
    }

    /// An answer of this status. The request is not executed. An informational status (1xx), which
    /// is no answer, becomes 500.
    pub fn status(status: StatusCode) -> Self {
        let status = match status.is_informational() {
            true => StatusCode::INTERNAL_SERVER_ERROR,
            false => status,
        };
        let body = json!({ "error": status.canonical_reason().unwrap_or("injected") });
        Self::new(Effect::Answer(status, HeaderMap::new(), body.to_string()), false)
    }

    /// A refusal with this `Retry-After`, or without one. The request is not executed.
    pub fn refusal<'a>(retry_after: impl Into<Option<&'a str>>) -> Self {
        let fault = Self::status(StatusCode::TOO_MANY_REQUESTS);
        match retry_after.into().and_then(|hint| HeaderValue::from_str(hint).ok()) {
            Some(hint) => fault.header(RETRY_AFTER, hint),
            None => fault,
        }
    }

    /// The connection ends without an answer. The request is executed: nobody can know.
    pub fn closed() -> Self {
        Self::cut(0)
    }

    /// The connection ends when so many bytes of the answer are sent, its head included, or after
    /// the whole answer if it is shorter. The request is executed.
    pub fn cut(after: usize) -> Self {
        Self::new(Effect::Cut(after), true)
    }

    /// An answer that is whole as a message, with only so many bytes of its body. The request is
    /// executed.
    pub fn truncated(bytes: usize) -> Self {
        Self::new(Effect::Truncated(bytes), true)
    }

    /// The answer with another body. The request is executed.
    pub fn body(body: impl Into<String>) -> Self {
        Self::new(Effect::Body(body.into()), true)
    }

    /// The body of the answer comes so many bytes at a time, `every` so often.
    pub fn slow(bytes: usize, every: Duration) -> Self {
        Self::new(Effect::Slow(bytes.max(1), every), true)
    }

    /// The answer comes so much later.
    pub fn delay(time: Duration) -> Self {
        Self::new(Effect::Delay(time), true)
    }

    /// A list answers this `nextCursor`: one that was there before makes a loop, a number is one of
    /// another JSON kind.
    pub fn cursor(cursor: impl Into<Value>) -> Self {
        Self::new(Effect::Cursor(cursor.into()), true)
    }

    /// The answer has members and values of open enums that nobody knows yet, wherever the document
    /// describes an object or such a value.
    pub fn unknown() -> Self {
        Self::new(Effect::Unknown, true)
    }

    /// Adds a header to a fault that is an answer of its own. `Content-Length`,
    /// `Transfer-Encoding`, `Connection` and `Upgrade` are those of the message that is sent, and
    /// nothing is added.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if [CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, UPGRADE].contains(&name) {
            return self;
        }
        if let Effect::Answer(_, headers, _) = &mut self.effect {
            headers.append(name, value);
        }
        self
    }

    /// Only with requests of this operation.
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Only after so many requests that it could have happened with.
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// So many times.
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// From then on.
    pub fn always(self) -> Self {
        self.times(u32::MAX)
    }

    /// The request is executed all the same: the answer lies.
    pub fn executed(mut self) -> Self {
        self.is_executed = true;
        self
    }
}

/// The faults that are still to happen.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The faults that happen with this request, and whether it is executed.
    pub(crate) fn with(&self, operation: Operation) -> (Vec<Effect>, bool) {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut effects, mut is_executed, mut is_answered) = (Vec::new(), true, false);
        for fault in faults.iter_mut() {
            let is_answer = matches!(fault.effect, Effect::Answer(..));
            if fault.operation.is_some_and(|own| own != operation) || is_answer && is_answered {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
            } else if fault.times > 0 {
                fault.times -= u32::from(fault.times < u32::MAX);
                is_executed &= fault.is_executed;
                is_answered |= is_answer;
                effects.push(fault.effect.clone());
            }
        }
        faults.retain(|fault| fault.times > 0);
        (effects, is_executed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_happen_in_their_turn() {
        let faults = Faults::default();
        faults.add(Fault::closed().on(Operation::GetFlag).skip(1).times(2));
        faults.add(Fault::status(StatusCode::BAD_GATEWAY));
        let happen = |operation| {
            let (effects, is_executed) = faults.with(operation);
            (effects.len(), is_executed)
        };
        assert_eq!(happen(Operation::GetFlag), (1, false));
        assert_eq!(happen(Operation::ListFlags), (0, true));
        assert_eq!(happen(Operation::GetFlag), (1, true));
        assert_eq!(happen(Operation::GetFlag), (1, true));
        assert_eq!(happen(Operation::GetFlag), (0, true));
    }

    #[test]
    fn answers_happen_one_by_one_and_with_other_faults() {
        let faults = Faults::default();
        let delay = Duration::from_secs(1);
        faults.add(Fault::status(StatusCode::BAD_GATEWAY));
        faults.add(Fault::refusal(None));
        faults.add(Fault::delay(delay).times(3));
        let happen = || faults.with(Operation::GetFlag).0;
        for status in [StatusCode::BAD_GATEWAY, StatusCode::TOO_MANY_REQUESTS] {
            let effects = happen();
            let [Effect::Answer(own, ..), Effect::Delay(_)] = &effects[..] else {
                panic!("{effects:?}")
            };
            assert_eq!(*own, status);
        }
        assert!(matches!(happen()[..], [Effect::Delay(_)]));
    }
}

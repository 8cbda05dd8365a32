//! A transport that answers from a list.
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use ship::runtime::{Attempt, BoxFuture, Sent, Transport, TransportError, TransportErrorKind};
use tokio::time::{Instant, sleep};

#[derive(Clone)]
pub enum Step {
    Answer(http::Response<Bytes>),
    Fault(Sent, TransportErrorKind),
    /// A fault after the status line of a success.
    Cut,
    /// Takes this long, then goes on with the next step.
    Delay(Duration),
    Hang,
}

/// A request as it went out.
pub struct Logged {
    pub at: Instant,
    pub request: http::Request<Bytes>,
    pub number: u32,
    pub timeout: Duration,
}

/// Clones share one list and one log; the last step repeats.
#[derive(Clone, Default)]
pub struct Script {
    steps: Arc<Mutex<VecDeque<Step>>>,
    log: Arc<Mutex<Vec<Logged>>>,
}

impl Script {
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let script = Self::default();
        script.steps.lock().unwrap().extend(steps);
        script
    }

    /// These instead of what was to come.
    pub fn then(&self, steps: impl IntoIterator<Item = Step>) {
        *self.steps.lock().unwrap() = steps.into_iter().collect();
    }

    pub fn log(&self) -> std::sync::MutexGuard<'_, Vec<Logged>> {
        self.log.lock().unwrap()
    }

    pub fn count(&self) -> usize {
        self.log().len()
    }

    /// The waits between attempts.
    pub fn gaps(&self) -> Vec<Duration> {
        self.log().windows(2).map(|pair| pair[1].at - pair[0].at).collect()
    }

    pub fn targets(&self) -> Vec<String> {
        let target = |logged: &Logged| logged.request.uri().path_and_query().unwrap().to_string();
        self.log().iter().map(target).collect()
    }

    fn next(&self) -> Step {
        let mut steps = self.steps.lock().unwrap();
        if steps.len() > 1 {
            return steps.pop_front().unwrap();
        }
        steps.front().cloned().expect("the script is empty")
    }

    async fn run(&self) -> Result<http::Response<Bytes>, TransportError> {
        loop {
            match self.next() {
                Step::Answer(answer) => return Ok(answer),
                Step::Fault(sent, kind) => return Err(TransportError::new(sent, kind)),
                Step::Cut => {
                    let error = TransportError::new(Sent::Maybe, TransportErrorKind::Closed);
                    return Err(error.with_status(http::StatusCode::OK));
                }
                Step::Delay(time) => sleep(time).await,
                Step::Hang => std::future::pending().await,
            }
        }
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: http::Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let (number, timeout) = (attempt.number, attempt.timeout);
        self.log().push(Logged { at: Instant::now(), request, number, timeout });
        Box::pin(self.run())
    }
}

/// An answer with this status, headers in the form `name: value`, and body.
pub fn answer(status: u16, headers: &[&str], body: &str) -> Step {
    let mut answer = http::Response::builder().status(status);
    for header in headers {
        let (name, value) = header.split_once(": ").unwrap();
        answer = answer.header(name, value);
    }
    Step::Answer(answer.body(Bytes::copy_from_slice(body.as_bytes())).unwrap())
}

pub fn ok() -> Step {
    answer(200, &[], "{}")
}

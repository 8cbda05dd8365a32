//! A clock that is read before others start, and used after.
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use ship::runtime::{
    Attempt, BoxFuture, CallOptions, Clock, Pacer, Retry, Retrying, Transport, TransportError,
};

use crate::run::call;

/// Tells the time that is set. All clones do.
#[derive(Clone)]
struct Set {
    started: Instant,
    now: Arc<Mutex<Duration>>,
}

impl Set {
    fn to(&self, milliseconds: u64) {
        *self.now.lock().unwrap() = Duration::from_millis(milliseconds);
    }
}

impl Clock for Set {
    fn now(&self) -> Instant {
        self.started + *self.now.lock().unwrap()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep_until(&self, _: Instant) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

/// Answers the first requests at once and the others never.
#[derive(Clone, Default)]
struct Answers {
    most: usize,
    sent: Arc<AtomicUsize>,
}

impl Transport for Answers {
    fn send(
        &self,
        _: http::Request<Bytes>,
        _: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        if self.sent.fetch_add(1, Ordering::Relaxed) < self.most {
            return Box::pin(async { Ok(http::Response::new(Bytes::new())) });
        }
        Box::pin(std::future::pending())
    }
}

/// A thread looks at the clock, and has to wait for the lock while another starts a request. What
/// it sends then leaves after that one, and not at the time that it saw.
#[test]
fn request_is_not_taken_to_be_sent_before_one_that_was() {
    let clock = Set { started: Instant::now(), now: Arc::default() };
    let transport = Answers { most: 2, ..Answers::default() };
    let client = Retrying::new(transport.clone(), Retry::default())
        .clock(clock.clone())
        .pacer(&Pacer::per_second(2), None)
        .unwrap();
    // Two answers at 0 s, so that connections count as made; then two requests at about 1 s, of which
    // the second comes with an old time.
    for (time, sent) in [(0, 1), (0, 2), (1_000, 3), (100, 4), (1_400, 4), (2_250, 5)] {
        clock.to(time);
        let options = CallOptions::new();
        let call = pin!(call(&client, 0, &options));
        let _ = call.poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(transport.sent.load(Ordering::Relaxed), sent, "at {time} ms");
    }
}

//! A network and a service that do what a schedule says, and write down what happens.
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use ship::runtime::{Attempt, BoxFuture, Sent, Transport, TransportError, TransportErrorKind};
use tokio::time::{Instant, sleep, sleep_until};

use crate::schedule::{End, Fate, Schedule};

/// The longest time to the service where nothing is assumed of it; longer than an attempt.
const ANY_TIME: u64 = 40_000;

#[derive(Debug, Clone, Copy)]
pub enum Event {
    /// A call came.
    Arrival { call: usize },
    /// An attempt was sent.
    Start { at: Instant, flight: usize, call: usize, attempt: u32 },
    /// It was answered.
    Answer { at: Instant, flight: usize },
    /// It was refused.
    Refusal { at: Instant, flight: usize, call: usize, hint: Option<u64> },
    /// It is over, in whatever way.
    Landed { flight: usize },
}

/// A request that the service counted.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    pub at: Instant,
    /// The limit by which it was sent.
    pub limit: u32,
}

/// What happened so far.
pub struct Log {
    pub events: Vec<Event>,
    pub counted: Vec<Counted>,
    flights: usize,
    /// The limit, answers and last use, as the runtime sees them: what is cold is part of the premise.
    limit: u32,
    answers: u32,
    active: Option<Instant>,
}

/// Clones are the same world.
#[derive(Clone)]
pub struct World {
    schedule: Arc<Schedule>,
    log: Arc<Mutex<Log>>,
}

impl World {
    pub fn new(schedule: &Schedule) -> Self {
        let log = Log {
            events: Vec::new(),
            counted: Vec::new(),
            flights: 0,
            limit: schedule.limit,
            answers: 0,
            active: None,
        };
        Self { schedule: Arc::new(schedule.clone()), log: Arc::new(Mutex::new(log)) }
    }

    pub fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap()
    }

    pub fn limit(&self) -> u32 {
        self.log().limit
    }

    fn fate(&self, call: usize, attempt: u32) -> Fate {
        let fates = self.schedule.calls.get(call).map_or(&[][..], |plan| &plan.fates);
        fates.get(attempt as usize - 1).copied().unwrap_or(Fate::WELL)
    }

    /// The longest that a request sent now may travel.
    fn longest(&self, log: &mut Log, now: Instant) -> u64 {
        let idle = Duration::from_millis(self.schedule.idle);
        if log.active.is_some_and(|active| now - active > idle) {
            log.answers = 0;
        }
        log.active = Some(now);
        match self.schedule.hold {
            None => ANY_TIME,
            Some(hold) if log.answers < log.limit => hold.max(self.schedule.connect),
            Some(hold) => hold,
        }
    }

    /// Sends one attempt. With a hold cap the service gets to see it even if its future is dropped.
    fn start(&self, call: usize, attempt: u32, fate: Fate) -> Flight {
        let now = Instant::now();
        let mut log = self.log();
        let number = log.flights;
        log.flights += 1;
        log.events.push(Event::Start { at: now, flight: number, call, attempt });
        let longest = self.longest(&mut log, now);
        let arrives = now + Duration::from_millis(longest * fate.uplink / 1000);
        let counts = fate.end != End::Unsent;
        let limit = log.limit;
        if counts && self.schedule.hold.is_some() {
            log.counted.push(Counted { at: arrives, limit });
        }
        let waits = counts && self.schedule.hold.is_none();
        Flight { world: self.clone(), number, call, arrives, limit, waits }
    }
}

impl Transport for World {
    fn send(
        &self,
        request: http::Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let call: usize = request.uri().path()[1..].parse().unwrap();
        let fate = self.fate(call, attempt.number);
        let flight = self.start(call, attempt.number, fate);
        Box::pin(flight.run(fate))
    }
}

/// An attempt under way.
struct Flight {
    world: World,
    number: usize,
    call: usize,
    arrives: Instant,
    limit: u32,
    /// It is counted when it arrives, or when it is dropped before.
    waits: bool,
}

impl Flight {
    async fn run(mut self, fate: Fate) -> Result<http::Response<Bytes>, TransportError> {
        if self.arrives > Instant::now() {
            sleep_until(self.arrives).await;
        }
        self.count();
        if fate.downlink > 0 {
            sleep(Duration::from_millis(fate.downlink)).await;
        }
        match fate.end {
            End::Answered => Ok(self.answer(200, None)),
            End::Failed => Ok(self.answer(503, None)),
            End::Refused(hint) => Ok(self.refusal(hint)),
            End::Lowered(limit) => Ok(self.answer(200, Some(limit))),
            End::Lost => Err(TransportError::new(Sent::Maybe, TransportErrorKind::Closed)),
            End::Shed => Err(TransportError::new(Sent::No, TransportErrorKind::Refused)),
            End::Unsent => Err(TransportError::new(Sent::No, TransportErrorKind::Connect)),
        }
    }

    fn count(&mut self) {
        if std::mem::take(&mut self.waits) {
            let counted = Counted { at: Instant::now(), limit: self.limit };
            self.world.log().counted.push(counted);
        }
    }

    fn answer(&self, status: u16, limit: Option<u32>) -> http::Response<Bytes> {
        let mut log = self.world.log();
        let (at, flight) = (Instant::now(), self.number);
        log.events.push(Event::Answer { at, flight });
        log.active = Some(at);
        let mut answer = http::Response::builder().status(status);
        if let Some(limit) = limit {
            answer = answer.header("ratelimit-policy", format!("\"burst\";q={limit};w=1"));
            log.limit = log.limit.min(limit);
        }
        log.answers = (log.answers + 1).min(log.limit);
        answer.body(Bytes::new()).unwrap()
    }

    fn refusal(&self, hint: Option<u64>) -> http::Response<Bytes> {
        let mut log = self.world.log();
        let (at, flight, call) = (Instant::now(), self.number, self.call);
        log.events.push(Event::Refusal { at, flight, call, hint });
        log.active = Some(at);
        log.answers = (log.answers + 1).min(log.limit);
        let mut answer = http::Response::builder().status(429);
        if let Some(hint) = hint {
            answer = answer.header("retry-after", hint);
        }
        answer.body(Bytes::new()).unwrap()
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.count();
        self.world.log().events.push(Event::Landed { flight: self.number });
    }
}

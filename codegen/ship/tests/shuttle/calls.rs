//! Calls of several threads that end in all ways.
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::HeaderMap;
use shuttle::rand::{Rng, thread_rng};
use shuttle::sync::Mutex;

use crate::clock::{Clock, Time};
use crate::line::Kind;
use crate::pacer::PacerSettings;
use crate::pacing::{Pacing, Want, gone};
use crate::permit::{Permit, Refused};
use crate::transport::BoxFuture;
use crate::world::World;

const SECOND: Duration = Duration::from_secs(1);

/// What an attempt takes at most; each thread has a little more, by which its starts are known.
const ATTEMPT: Duration = Duration::from_secs(30);

const LIMIT: u32 = 2;
const IN_FLIGHT: usize = 2;
const THREADS: usize = 3;

/// A request that was let out.
#[derive(Debug, Clone, Copy)]
struct Start {
    thread: usize,
    is_first: bool,
    sent: Instant,
    /// Its place among all of them.
    number: u64,
}

/// What the threads share.
#[derive(Clone)]
pub struct Client {
    pub pacing: Arc<Pacing>,
    pub world: World,
    pub time: Time,
    starts: Arc<Mutex<Vec<Start>>>,
}

impl Client {
    pub fn new(world: &World, is_capped: bool) -> Self {
        let mut settings = PacerSettings::new();
        settings.max_in_flight = IN_FLIGHT;
        if !is_capped {
            settings.hold = None;
        }
        let pacing = Arc::new(Pacing::new(Some(LIMIT), None, settings, world.now()));
        let time = Time::new(world.clone());
        Self { pacing, world: world.clone(), time, starts: Arc::default() }
    }

    pub fn want(&self, thread: usize, kind: Kind) -> Want {
        let idle = Duration::from_secs(50);
        Want {
            kind,
            paced: true,
            deadline: self.world.now() + Duration::from_secs(3600),
            least: Duration::from_millis(20),
            attempt: ATTEMPT + Duration::from_micros(thread as u64),
            connect: Duration::from_secs(2),
            idle,
        }
    }

    /// Waits for the turn of a thread, and writes down when it came.
    async fn reserve(&self, thread: usize, is_first: bool, kind: Kind) -> Permit {
        let want = self.want(thread, kind);
        let Ok(permit) = self.pacing.reserve(&self.time, want).await else {
            panic!("thread {thread} is turned away")
        };
        let state = self.pacing.lock();
        assert!(state.flights.len() <= IN_FLIGHT, "too many are under way");
        let flight = state.flights.iter().find(|(over, _)| *over == gone(permit.end()));
        let number = flight.expect("it is under way").1;
        drop(state);
        let sent = permit.end() - want.attempt;
        self.starts.lock().unwrap().push(Start { thread, is_first, sent, number });
        permit
    }

    /// Ends a request in one of all ways; true if it was refused.
    async fn end(&self, thread: usize, mut permit: Permit) -> bool {
        let (end, time) = (thread_rng().gen_range(0..8), pick([0, 40, 400, 2_000]));
        self.world.sleep(time).await;
        match end {
            0 => drop(permit),
            1 => {
                self.starts.lock().unwrap().retain(|start| start.thread != thread);
                permit.unsent();
            }
            2 | 3 => {
                permit.refused(&refusal(self.world.now()));
                return true;
            }
            _ => permit.answered(&HeaderMap::new(), self.world.now(), true, self.world.now()),
        }
        false
    }

    /// Two calls of one thread, which give up or go on after refusals.
    async fn calls(self, thread: usize) {
        self.world.sleep(Duration::from_millis(thread as u64)).await;
        for round in 0..2 {
            let mut kind = Kind::New;
            for _ in 0..3 {
                let is_first = round == 0 && kind == Kind::New;
                let patience = pick([0, 500, 1_500, 3_600_000, 3_600_000, 3_600_000]);
                let reserve = self.reserve(thread, is_first, kind);
                let Some(permit) = self.world.within(patience, reserve).await else { break };
                if !self.end(thread, permit).await {
                    break;
                }
                kind = Kind::Refused;
            }
        }
    }

    /// The slots of requests that left are taken a second apart.
    fn check_starts(&self) {
        let starts = self.starts.lock().unwrap();
        let mut sent: Vec<Instant> = starts.iter().map(|start| start.sent).collect();
        sent.sort_unstable();
        for (first, next) in sent.iter().zip(sent.iter().skip(LIMIT as usize)) {
            assert!(*next - *first >= SECOND, "too many start in {:?}", *next - *first);
        }
    }

    /// Calls start in the order in which they came.
    fn check_order(&self) {
        let starts = self.starts.lock().unwrap();
        let mut first: Vec<&Start> = starts.iter().filter(|start| start.is_first).collect();
        first.sort_unstable_by_key(|start| start.number);
        assert!(first.is_sorted_by_key(|start| start.thread), "out of turn: {first:?}");
    }

    /// Nobody waits who could go, and when somebody can, somebody looks: there is no lost call.
    fn check_rest(&self, now: Instant, next: Instant) {
        let mut state = self.pacing.lock();
        if state.line.first().is_none() {
            return;
        }
        let is_full = state.flights.len() >= IN_FLIGHT;
        let lands = state.flights.first().map(|(end, _)| *end);
        let opens = state.gate.opens_at(now);
        let is_probe = opens.is_some() && state.gate.closed_until() <= Some(now);
        assert!(!is_probe || lands.is_some(), "all wait for one that tries, and none does");
        let slots = state.slots.as_mut().unwrap();
        slots.advance(now);
        let due = slots.free_at().max(opens).max(lands.filter(|_| is_full));
        assert!(due > Some(now), "a call waits that could go");
        assert!(due >= Some(next), "a call can go then, and nobody looks");
    }

    /// After a while as many can start as there are slots, and nothing of the others is left.
    pub async fn check_end(self, thread: usize) {
        let quiet = Duration::from_secs(600);
        self.world.sleep(quiet).await;
        // The gate may wait for one that goes out alone.
        let permit = self.reserve(thread, false, Kind::New).await;
        permit.answered(&HeaderMap::new(), self.world.now(), true, self.world.now());
        self.world.sleep(quiet).await;
        let came = self.world.now();
        let mut permits = Vec::new();
        for slot in 0..LIMIT as usize {
            permits.push(self.reserve(thread + slot, false, Kind::New).await);
        }
        assert_eq!(self.world.now(), came, "slots are lost");
        drop(permits);
        let state = self.pacing.lock();
        assert!(state.line.first().is_none(), "somebody still stands in line");
        assert!(state.flights.is_empty(), "something is still under way");
    }
}

fn refusal(received: Instant) -> Refused<'static> {
    static NONE: std::sync::LazyLock<HeaderMap> = std::sync::LazyLock::new(HeaderMap::new);
    Refused {
        is_kept: true,
        headers: &NONE,
        hint: None,
        is_quota: false,
        received,
        patience: Duration::from_secs(60),
        first: SECOND,
        jitter: Duration::ZERO,
    }
}

/// One of these numbers of milliseconds.
fn pick<const N: usize>(times: [u64; N]) -> Duration {
    Duration::from_millis(times[thread_rng().gen_range(0..N)])
}

/// Runs all threads, and then looks at what is left.
fn run(is_capped: bool, is_hurried: bool) {
    let threads = THREADS + 1 + usize::from(is_hurried);
    let world = World::new(threads);
    let client = Client::new(&world, is_capped);
    let at_rest = client.clone();
    if !is_hurried {
        world.at_rest(Box::new(move |now, next| at_rest.check_rest(now, next)));
    }
    let mut futures: Vec<BoxFuture<'static, ()>> = Vec::new();
    for thread in 0..THREADS {
        futures.push(Box::pin(client.clone().calls(thread)));
    }
    futures.push(Box::pin(client.clone().check_end(THREADS)));
    if is_hurried {
        let world = world.clone();
        futures.push(Box::pin(async move {
            for _ in 0..12 {
                world.hurry(pick([1, 300, 900]));
                shuttle::thread::yield_now();
            }
        }));
    }
    world.run(futures);
    client.check_starts();
    if !is_hurried {
        client.check_order();
    }
}

#[test]
fn p8_calls_of_threads_keep_their_order_and_lose_nothing() {
    in_many_orders(2_000, || run(thread_rng().gen_bool(0.5), false));
}

/// Time goes on while threads are between looking at the clock and taking the lock.
#[test]
fn p8_calls_of_slow_threads_keep_the_limit_and_lose_nothing() {
    in_many_orders(2_000, || run(thread_rng().gen_bool(0.5), true));
}

/// Runs a test under two schedulers: one that is fair, and one that favours rare orders.
pub fn in_many_orders(iterations: usize, test: impl Fn() + Send + Sync + Clone + 'static) {
    let asked = std::env::var("SHUTTLE_ITERATIONS").ok();
    let iterations = asked.map_or(iterations, |asked| asked.parse().unwrap());
    shuttle::check_random_with_seed(test.clone(), 8, iterations / 2);
    let scheduler = shuttle::scheduler::PctScheduler::new_from_seed(8, 3, iterations / 2);
    shuttle::Runner::new(scheduler, shuttle::Config::new()).run(test);
}

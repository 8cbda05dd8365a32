//! A service and the network before it, simulated on the paused clock.
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use ship::runtime::{Attempt, BoxFuture, Transport, TransportError};
use tokio::time::{Instant, sleep};

/// How the service counts the requests of a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Those accepted in the second before.
    Sliding,
    /// Those accepted since the last whole second.
    Fixed,
    /// A bucket that fills at the limit and holds as many.
    Bucket,
    /// Those of the second before, the refused ones too.
    Penal,
}

/// The network: how long a request and its answer travel, in milliseconds, and how long a new
/// connection takes.
#[derive(Debug, Clone, Copy)]
pub struct Network {
    pub least: u64,
    pub jitter: u64,
    pub handshake: u64,
    /// The service closes connections that were unused for longer, in seconds.
    pub keep_alive: u64,
}

impl Network {
    /// `least` to `least + jitter` each way, on connections that take a round trip to make.
    pub const fn new(least: u64, jitter: u64) -> Self {
        Self { least, jitter, handshake: 0, keep_alive: 55 }
    }

    pub const fn handshake(mut self, milliseconds: u64) -> Self {
        self.handshake = milliseconds;
        self
    }

    pub const fn keep_alive(mut self, seconds: u64) -> Self {
        self.keep_alive = seconds;
        self
    }
}

/// What the service saw.
#[derive(Default)]
pub struct Seen {
    /// When each request of ours came, accepted or not.
    pub arrived: Vec<Instant>,
    /// The paths of our requests, in the order in which they were sent.
    pub sent: Vec<String>,
    pub refused: usize,
    pub foreign: usize,
    pub foreign_refused: usize,
    accepted: Vec<Instant>,
    tokens: f64,
    filled: Option<Instant>,
    /// When each open connection was last used.
    connections: Vec<Instant>,
}

/// Clones share one service.
#[derive(Clone)]
pub struct Sim {
    rule: Rule,
    limit: usize,
    network: Network,
    random: Arc<Mutex<fastrand::Rng>>,
    seen: Arc<Mutex<Seen>>,
    started: Instant,
}

const SECOND: Duration = Duration::from_secs(1);

impl Sim {
    pub fn new(rule: Rule, limit: usize, network: Network, seed: u64) -> Self {
        Self {
            rule,
            limit,
            network,
            random: Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))),
            seen: Arc::default(),
            started: Instant::now(),
        }
    }

    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }

    /// How many of our requests were refused.
    pub fn refused(&self) -> usize {
        self.seen().refused
    }

    /// The most of our requests that came in one second.
    pub fn peak(&self) -> usize {
        let mut arrived = self.seen().arrived.clone();
        arrived.sort_unstable();
        let end = |start: Instant| arrived.partition_point(|at| *at < start + SECOND);
        let counts = arrived.iter().enumerate().map(|(index, at)| end(*at) - index);
        counts.max().unwrap_or(0)
    }

    /// Others send this many requests per second, for as long as the test runs.
    pub fn others(&self, per_second: u32) {
        let sim = self.clone();
        tokio::spawn(async move {
            loop {
                sleep(SECOND / per_second).await;
                let is_accepted = sim.takes(Instant::now());
                let mut seen = sim.seen();
                seen.foreign += 1;
                seen.foreign_refused += usize::from(!is_accepted);
            }
        });
    }

    /// Whether the service takes a request that comes now.
    fn takes(&self, now: Instant) -> bool {
        let mut seen = self.seen();
        let full = self.limit as f64;
        if self.rule == Rule::Bucket {
            let time = seen.filled.map_or(f64::MAX, |filled| (now - filled).as_secs_f64());
            seen.tokens = (seen.tokens + time * full).min(full);
            seen.filled = Some(now);
            let is_accepted = seen.tokens >= 1.0 - 1e-9;
            seen.tokens -= f64::from(u8::from(is_accepted));
            return is_accepted;
        }
        let second = |at: Instant| (at - self.started).as_secs();
        let in_window = |at: &&Instant| match self.rule {
            Rule::Fixed => second(**at) == second(now),
            _ => now - **at < SECOND,
        };
        let is_accepted = seen.accepted.iter().rev().take_while(in_window).count() < self.limit;
        if is_accepted || self.rule == Rule::Penal {
            seen.accepted.push(now);
        }
        is_accepted
    }

    /// Travels one way.
    async fn travel(&self) {
        let network = self.network;
        let jitter = self.random.lock().unwrap().u64(0..=network.jitter);
        sleep(Duration::from_millis(network.least + jitter)).await;
    }

    async fn connect(&self) {
        let now = Instant::now();
        let is_open = {
            let mut seen = self.seen();
            seen.connections
                .retain(|used| now - *used < Duration::from_secs(self.network.keep_alive));
            seen.connections.pop().is_some()
        };
        let handshake = self.network.handshake;
        if !is_open && handshake > 0 {
            sleep(Duration::from_millis(handshake)).await;
        }
    }

    async fn run(&self) -> http::Response<Bytes> {
        self.connect().await;
        self.travel().await;
        let now = Instant::now();
        let is_accepted = self.takes(now);
        {
            let mut seen = self.seen();
            seen.arrived.push(now);
            seen.refused += usize::from(!is_accepted);
        }
        self.travel().await;
        self.seen().connections.push(Instant::now());
        let status = if is_accepted { 200 } else { 429 };
        http::Response::builder().status(status).body(Bytes::from_static(b"{}")).unwrap()
    }
}

impl Transport for Sim {
    fn send(
        &self,
        request: http::Request<Bytes>,
        _: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        self.seen().sent.push(request.uri().path().to_owned());
        Box::pin(async { Ok(self.run().await) })
    }
}

//! The server as its user holds it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::fault::{Fault, Faults};
use crate::limits::{Limits, Meter};
use crate::log::{Log, Recorded};
use crate::route::PREFIX;
use crate::schema;
use crate::seed::{Seed, SeedError};
use crate::server;
use crate::service::{Service, lock};
use crate::snapshot::Snapshot;
use crate::state::State;

/// The project of a fake whose keys were left to it.
pub const PROJECT: u64 = 217_854;

/// The key of a fake whose keys were left to it.
pub const KEY: &str = "ampex_fake";

/// A running server.
///
/// When this is dropped, its task is told to end and does so at its next turn: the port may be taken
/// a moment longer. [`stop`](Self::stop) waits for that.
#[derive(Debug)]
pub struct Fake {
    address: SocketAddr,
    key: String,
    service: Arc<Service>,
    task: JoinHandle<()>,
    /// The server ends when it is dropped or used.
    end: Option<oneshot::Sender<()>>,
}

impl Fake {
    /// A server with every setting at its default.
    pub fn builder() -> FakeBuilder {
        FakeBuilder::default()
    }

    /// Where the paths of the document begin: what a client takes as its base URL.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("{}{PREFIX}", self.origin())
    }

    /// The server without the path, such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A key that works: the first that the builder was given, or [`KEY`].
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// From now on this key is refused with 401.
    pub fn revoke(&self, key: &str) {
        lock(&self.service.keys).remove(key);
    }

    /// From now on this key reaches these projects.
    pub fn allow(&self, key: &str, projects: impl IntoIterator<Item = u64>) {
        lock(&self.service.keys).insert(key.to_owned(), projects.into_iter().collect());
    }

    /// Lets something go wrong.
    pub fn inject(&self, fault: Fault) {
        self.service.faults.add(fault);
    }

    /// Nothing goes wrong any more, but for what has begun.
    pub fn clear_faults(&self) {
        self.service.faults.clear();
    }

    /// Other limits from now on; what was counted is forgotten.
    pub fn set_limits(&self, limits: Limits) {
        *lock(&self.service.limits) = (limits, Meter::default());
    }

    /// Adds items, all of them or none.
    ///
    /// # Errors
    ///
    /// An item that cannot be: its key is taken, or it names what is not there. Nothing was added.
    pub fn seed(&self, seed: &Seed) -> Result<(), SeedError> {
        let now = self.service.clock.since_1970();
        seed.plant(&mut lock(&self.service.state), now)
    }

    /// The newest requests, at most 10,000, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.service.log.all()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.service.log.clear();
    }

    /// All that the server knows, to compare with what it knew before.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&lock(&self.service.state))
    }
}

impl Fake {
    /// Ends the server and its connections, and returns when its port is free.
    pub async fn stop(mut self) {
        self.end = None;
        // It was not aborted and does not panic: no outcome but the end.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Settings of a [`Fake`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it is started"]
pub struct FakeBuilder {
    keys: Vec<(String, BTreeSet<u64>)>,
    address: SocketAddr,
    limits: Limits,
    page_size: usize,
    latency: Duration,
    clock: Clock,
    faults: Vec<Fault>,
    seed: Seed,
}

impl Default for FakeBuilder {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            limits: Limits::default(),
            page_size: 100,
            latency: Duration::ZERO,
            clock: Clock::system(),
            faults: Vec::new(),
            seed: Seed::new(),
        }
    }
}

impl FakeBuilder {
    /// A key that works and the projects that it reaches. Without one, [`KEY`] reaches [`PROJECT`].
    pub fn key(mut self, key: &str, projects: impl IntoIterator<Item = u64>) -> Self {
        self.keys.push((key.to_owned(), projects.into_iter().collect()));
        self
    }

    /// Where to listen: 127.0.0.1 and a free port.
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Requests per second and per day: as documented.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Items of a page for which no `limit` is asked: 100. That of the service is not documented.
    pub fn page_size(mut self, items: usize) -> Self {
        self.page_size = items.clamp(1, 1000);
        self
    }

    /// Time before each answer: none.
    pub fn latency(mut self, time: Duration) -> Self {
        self.latency = time;
        self
    }

    /// The time of day that the server believes in: that of the machine.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Something that goes wrong.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Items that are there from the start.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Starts the server on the runtime that this is called in.
    ///
    /// # Errors
    ///
    /// The address cannot be listened on, the seed cannot be ([`io::ErrorKind::InvalidInput`]), or
    /// there is no runtime of Tokio.
    pub async fn start(self) -> io::Result<Fake> {
        let runtime = Handle::try_current().map_err(io::Error::other)?;
        let mut keys = self.keys;
        if keys.is_empty() {
            keys.push((KEY.to_owned(), BTreeSet::from([PROJECT])));
        }
        let key = keys.first().map(|(key, _)| key.clone()).unwrap_or_default();
        let mut state = State::default();
        self.seed
            .plant(&mut state, self.clock.since_1970())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let faults = Faults::default();
        self.faults.into_iter().for_each(|fault| faults.add(fault));
        let service = Arc::new(Service {
            state: Mutex::new(state),
            keys: Mutex::new(BTreeMap::from_iter(keys)),
            limits: Mutex::new((self.limits, Meter::default())),
            faults,
            log: Log::default(),
            clock: self.clock,
            page_size: self.page_size,
            latency: self.latency,
        });
        schema::prepare();
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        let (end, ended) = oneshot::channel();
        let task = runtime.spawn(server::serve(listener, service.clone(), ended));
        Ok(Fake { address, key, service, task, end: Some(end) })
    }
}

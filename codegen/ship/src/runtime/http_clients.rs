//! The HTTP clients of one transport.
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::runtime::{Handle, Id};

use super::builder::Timeouts;

/// For so many runtimes clients are kept. One per core is common, and those that ended leave
/// theirs behind.
const MOST: usize = 64;

/// The addresses of this machine, whatever its names may say.
const THIS_MACHINE: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];

/// What a user sets of an HTTP client that is to be built.
pub(super) type Customize =
    Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// How a client is built.
pub(super) struct Recipe {
    pub(super) own: Option<Customize>,
    pub(super) timeouts: Timeouts,
    pub(super) is_encrypted: bool,
}

impl Recipe {
    /// What makes requests leave for other places, or tells of them, is not left to the user; nor
    /// are the times that the pacer reckons with.
    fn build(&self) -> Result<reqwest::Client, reqwest::Error> {
        let builder = reqwest::Client::builder();
        let builder = match &self.own {
            Some(own) => own(builder),
            None => builder,
        };
        let builder = builder
            .connect_timeout(self.timeouts.connect)
            .pool_idle_timeout(self.timeouts.pool_idle)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .https_only(self.is_encrypted)
            // Its lines hold all that is sent, the key too.
            .connection_verbose(false);
        if self.is_encrypted {
            return builder.build();
        }
        // What is not encrypted is for this machine only: a proxy or another host could read it.
        builder.no_proxy().resolve_to_addrs("localhost", &THIS_MACHINE).build()
    }
}

/// A client per runtime: a connection is driven by the runtime in which it was made, and serves
/// nobody while that stands still.
pub(super) enum HttpClients {
    /// One that was given ready, for all runtimes.
    Given(reqwest::Client),
    Made(Made),
}

/// Clients that are made when a runtime first needs one.
pub(super) struct Made {
    recipe: Recipe,
    kept: RwLock<Vec<Kept>>,
    uses: AtomicU64,
}

struct Kept {
    /// `None` as long as the client was not used.
    runtime: Option<Id>,
    client: reqwest::Client,
    used: AtomicU64,
}

impl HttpClients {
    /// Makes the first client, so that mistakes are seen at once.
    pub(super) fn new(recipe: Recipe) -> Result<Self, reqwest::Error> {
        let first = Kept { runtime: None, client: recipe.build()?, used: AtomicU64::new(0) };
        Ok(Self::Made(Made { recipe, kept: RwLock::new(vec![first]), uses: AtomicU64::new(0) }))
    }

    /// The client of the current runtime.
    pub(super) fn get(&self) -> Result<reqwest::Client, reqwest::Error> {
        match self {
            Self::Given(client) => Ok(client.clone()),
            Self::Made(made) => made.get(Handle::try_current().ok().map(|handle| handle.id())),
        }
    }
}

impl Made {
    fn get(&self, runtime: Option<Id>) -> Result<reqwest::Client, reqwest::Error> {
        // The list is whole between any two steps, so a panic of the user's function spoils nothing.
        let known = self.find(&self.kept.read().unwrap_or_else(PoisonError::into_inner), runtime);
        if let Some(client) = known {
            return Ok(client);
        }
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(unused) = kept.iter_mut().find(|kept| kept.runtime.is_none()) {
            unused.runtime = runtime;
        }
        // Another thread of the runtime may have been faster.
        if let Some(client) = self.find(&kept, runtime) {
            return Ok(client);
        }
        let client = self.recipe.build()?;
        if kept.len() >= MOST {
            let used = |kept: &Kept| kept.used.load(Ordering::Relaxed);
            let oldest = kept.iter().enumerate().min_by_key(|(_, kept)| used(kept));
            if let Some((oldest, _)) = oldest {
                kept.swap_remove(oldest);
            }
        }
        let used = AtomicU64::new(self.next_use());
        kept.push(Kept { runtime, client: client.clone(), used });
        Ok(client)
    }

    fn find(&self, kept: &[Kept], runtime: Option<Id>) -> Option<reqwest::Client> {
        if let [only] = kept {
            // Nobody asks when the only one was used.
            return (only.runtime == runtime).then(|| only.client.clone());
        }
        let kept = kept.iter().find(|kept| kept.runtime == runtime)?;
        kept.used.store(self.next_use(), Ordering::Relaxed);
        Some(kept.client.clone())
    }

    fn next_use(&self) -> u64 {
        self.uses.fetch_add(1, Ordering::Relaxed)
    }
}

//! Settings of a client, and their check.
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::HeaderValue;

use super::clock::{Clock, Time};
use super::core::Core;
use super::error::Error;
use super::failure::ConfigError;
use super::http_clients::{Customize, Recipe};
use super::http_transport::HttpTransport;
use super::limits::RateLimits;
use super::observer::{Observer, Watch};
use super::pacer::Pacer;
use super::progress::LEAST_TIME;
use super::retry::Retry;
use super::retrying::Retrying;
use super::secret::{ApiKey, Credential};
use super::server::{Server, ServerVariable, fill};
use super::transport::Transport;

/// What is fixed for all clients of one API.
#[derive(Debug)]
pub struct Settings {
    /// How the client names itself to the service.
    pub user_agent: &'static str,
    /// The address of the service, variables in braces; `None` if each user has to give one.
    pub base_url: Option<&'static str>,
    /// The limits of the service, as far as its document names them.
    pub rate_limits: Option<RateLimits>,
    /// The variables of its addresses.
    pub variables: &'static [ServerVariable],
}

/// The time of one attempt, if the user does not say.
const ATTEMPT: Duration = Duration::from_secs(30);

/// The time that the parts of an attempt may take.
#[derive(Debug, Clone, Copy)]
#[must_use = "settings have no effect until they are given to a builder"]
pub struct Timeouts {
    pub(super) connect: Duration,
    attempt: Option<Duration>,
    pub(super) idle: Duration,
    pub(super) pool_idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            attempt: None,
            idle: Duration::from_secs(15),
            pool_idle: Duration::from_secs(50),
        }
    }
}

impl Timeouts {
    /// For connecting, encryption included: 5 s. The pacer reckons with it.
    pub fn connect(mut self, timeout: Duration) -> Self {
        self.connect = timeout;
        self
    }

    /// For one attempt, from connecting to the end of the body: 30 s, and never more than the call
    /// has left.
    pub fn attempt(mut self, timeout: Duration) -> Self {
        self.attempt = Some(timeout);
        self
    }

    /// For the next part of a body: 15 s.
    pub fn idle(mut self, timeout: Duration) -> Self {
        self.idle = timeout;
        self
    }

    /// For which an unused connection is kept: 50 s, less than the 60 s after which many services
    /// close it.
    pub fn pool_idle(mut self, timeout: Duration) -> Self {
        self.pool_idle = timeout;
        self
    }

    /// The time of one attempt.
    pub(super) fn attempt_time(&self) -> Duration {
        self.attempt.unwrap_or(ATTEMPT)
    }

    fn check(&self, retry: &Retry) -> Result<(), ConfigError> {
        let parts = [self.connect, self.attempt_time(), self.idle];
        let deadline = retry.deadline_or(retry);
        let problem = if parts.iter().any(Duration::is_zero) {
            "a timeout of 0 leaves no time for anything".to_owned()
        } else if deadline < LEAST_TIME {
            format!(
                "a deadline of {deadline:?} leaves no time for an attempt; {LEAST_TIME:?} are the \
                 least"
            )
        } else if let Some(attempt) = self.attempt.filter(|attempt| deadline < *attempt) {
            format!(
                "the deadline of a call ({deadline:?}) is shorter than one attempt ({attempt:?}); \
                 raise `Retry::deadline` or lower `Timeouts::attempt`"
            )
        } else {
            return Ok(());
        };
        Err(ConfigError::new(problem))
    }
}

/// Builds a [`Core`]. Mistakes are reported by [`build`](Self::build).
#[must_use]
pub struct CoreBuilder {
    settings: &'static Settings,
    credentials: Vec<(usize, Credential)>,
    base_url: Option<String>,
    server: Option<&'static str>,
    variables: Vec<(&'static str, String)>,
    http: Option<Customize>,
    transport: Option<Arc<dyn Transport>>,
    retry: Retry,
    timeouts: Timeouts,
    pacer: Pacer,
    watch: Watch,
    time: Time,
}

impl CoreBuilder {
    /// A builder with defaults.
    pub fn new(settings: &'static Settings) -> Self {
        Self {
            settings,
            credentials: Vec::new(),
            base_url: None,
            server: settings.base_url,
            variables: Vec::new(),
            http: None,
            transport: None,
            retry: Retry::default(),
            timeouts: Timeouts::default(),
            pacer: Pacer::new(),
            watch: Watch::default(),
            time: Time::default(),
        }
    }

    /// Sets the credential of a scheme.
    pub fn credential(mut self, scheme: usize, credential: Credential) -> Self {
        self.credentials.retain(|(other, _)| *other != scheme);
        self.credentials.push((scheme, credential));
        self
    }

    /// Replaces the address of the service, path included. It must be `https`; `http` is for
    /// `localhost` and loopback addresses.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Chooses an address of the document, with its variables in braces.
    pub fn server(mut self, server: &'static str) -> Self {
        self.server = Some(server);
        self.base_url = None;
        self
    }

    /// Sets a variable of the document's address.
    pub fn variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.retain(|(other, _)| *other != name);
        self.variables.push((name, value.into()));
        self
    }

    /// Lets `customize` set proxy, roots and the like of the HTTP client. It is called for each
    /// runtime in which the client is used.
    ///
    /// Redirects, retries, unencrypted connections and `connection_verbose` stay off, the times of
    /// [`Timeouts`] count, and a plain connection goes through no proxy.
    pub fn http(
        mut self,
        customize: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http = Some(Arc::new(customize));
        self
    }

    /// Sends requests through a transport of yours.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Sets attempts, waits and the deadline.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the time of one attempt.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets how fast requests are sent.
    pub fn pacer(mut self, pacer: Pacer) -> Self {
        self.pacer = pacer;
        self
    }

    /// Tells `observer` what happens to calls.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.watch = Watch::new(observer);
        self
    }

    /// Takes the time from `clock`.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.time = Time::new(clock);
        self
    }

    /// Where requests go to.
    fn address(&self) -> Result<Server, Error> {
        if let Some(url) = &self.base_url {
            if let Some((name, _)) = self.variables.first() {
                let message = format!("a base URL has no place for the variable `{name}`");
                return Err(ConfigError::new(message).into());
            }
            return Ok(Server { is_given: true, ..Server::parse(url)? });
        }
        let server = self.server.ok_or_else(|| ConfigError::new("no base URL is set"))?;
        Server::parse(&fill(server, self.settings.variables, &self.variables)?)
    }

    /// Checks the settings and makes the core.
    ///
    /// # Errors
    ///
    /// [`Error::Config`]: a credential, the address or a time cannot be used, or the HTTP client
    /// cannot be built. The text repeats neither credential nor address.
    pub fn build(self) -> Result<Core, Error> {
        let server = self.address()?;
        let user_agent = Bytes::from_static(self.settings.user_agent.as_bytes());
        let user_agent = HeaderValue::from_maybe_shared(user_agent)
            .map_err(|_| ConfigError::new("the user agent is not a header value"))?;
        let mut prepared = Vec::with_capacity(self.credentials.len());
        for (scheme, credential) in &self.credentials {
            prepared.push((*scheme, credential.prepare()?));
        }
        let secrets: Vec<ApiKey> =
            self.credentials.iter().flat_map(|(_, credential)| credential.secrets()).collect();
        let timeouts = self.timeouts;
        timeouts.check(&self.retry)?;
        let transport: Arc<dyn Transport> = match (self.transport, self.http) {
            (Some(_), Some(_)) => {
                let message = "a transport and an HTTP client exclude each other";
                return Err(ConfigError::new(message).into());
            }
            (Some(transport), None) => transport,
            (None, own) => {
                let is_encrypted = server.is_encrypted;
                Arc::new(HttpTransport::build(Recipe { own, timeouts, is_encrypted })?)
            }
        };
        let retrying = Retrying::new(transport, self.retry)
            .timeouts(timeouts)
            .time(self.time)
            .watch(self.watch)
            .pacer(&self.pacer, self.settings.rate_limits)?;
        Ok(Core::new(server, user_agent, prepared, secrets, retrying))
    }
}

impl fmt::Debug for CoreBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address is not checked yet and may hold a password.
        let schemes: Vec<usize> = self.credentials.iter().map(|(scheme, _)| *scheme).collect();
        f.debug_struct("CoreBuilder")
            .field("credentials_of_schemes", &schemes)
            .field("own_base_url", &self.base_url.is_some())
            .field("own_http", &self.http.is_some())
            .field("own_transport", &self.transport.is_some())
            .field("retry", &self.retry)
            .field("timeouts", &self.timeouts)
            .field("pacer", &self.pacer)
            .finish_non_exhaustive()
    }
}

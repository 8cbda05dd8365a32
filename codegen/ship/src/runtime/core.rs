//! What a client wraps: address, credentials and the way to send.
use std::fmt;
use std::sync::Arc;

use http::header::HeaderValue;
use http::uri::{PathAndQuery, Uri};

use super::error::Error;
use super::exchange::{Decode, Exchange, Whole};
use super::failure::ConfigError;
use super::limits::Quota;
use super::operation::Operation;
use super::options::CallOptions;
use super::request::{Ready, Request};
use super::response::Response;
use super::retrying::Retrying;
use super::secret::{ApiKey, Prepared};
use super::server::Server;
use super::transport::Transport;

/// Sends the requests of a client. Clones share everything.
#[derive(Clone)]
pub struct Core(Arc<Inner>);

struct Inner {
    base_url: String,
    base: Uri,
    /// The user has named the address: nothing goes to another host.
    is_given: bool,
    user_agent: HeaderValue,
    credentials: Vec<(usize, Prepared)>,
    secrets: Vec<ApiKey>,
    retrying: Retrying<Arc<dyn Transport>>,
}

impl Inner {
    /// The address of an operation that is served elsewhere.
    fn elsewhere(&self, server: &'static str) -> Result<Uri, Error> {
        if server.starts_with('/') {
            return below(&self.base, server)
                .ok_or_else(|| ConfigError::new("the path of a server cannot be sent").into());
        }
        match self.is_given {
            true => Ok(self.base.clone()),
            false => Server::parse(server).map(|server| server.base),
        }
    }
}

/// Another path at the same host.
fn below(base: &Uri, path: &'static str) -> Option<Uri> {
    let mut parts = base.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::from_static(path));
    Uri::from_parts(parts).ok()
}

impl Core {
    pub(super) fn new(
        server: Server,
        user_agent: HeaderValue,
        credentials: Vec<(usize, Prepared)>,
        secrets: Vec<ApiKey>,
        retrying: Retrying<Arc<dyn Transport>>,
    ) -> Self {
        let Server { base_url, base, is_given, .. } = server;
        Self(Arc::new(Inner {
            base_url,
            base,
            is_given,
            user_agent,
            credentials,
            secrets,
            retrying,
        }))
    }

    /// The address that requests go to, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// Sends `request`, repeatedly if need be, and decodes its answer.
    ///
    /// # Errors
    ///
    /// See [`Error`]; all but [`Error::Pagination`] can come.
    ///
    /// # Panics
    ///
    /// Outside of a `tokio` runtime, in one whose timer is not enabled (`enable_time`), and when a
    /// call that waits is polled in another runtime after the one in which it began has ended.
    pub async fn execute<T>(
        &self,
        request: Request,
        options: &CallOptions,
        decode: Decode<T>,
    ) -> Result<Response<T>, Error> {
        let (operation, request) = (request.operation(), self.prepare(request)?);
        self.boxed(operation, &request, options, decode).await.map(Response::unboxed)
    }

    /// Like [`execute`](Self::execute), for those who want the value only.
    ///
    /// # Errors
    ///
    /// See [`execute`](Self::execute).
    ///
    /// # Panics
    ///
    /// See [`execute`](Self::execute).
    pub async fn value<T>(
        &self,
        request: Request,
        options: &CallOptions,
        decode: Decode<T>,
    ) -> Result<T, Error> {
        let (operation, request) = (request.operation(), self.prepare(request)?);
        let response = self.boxed(operation, &request, options, decode).await?;
        Ok(*response.value)
    }

    async fn boxed<T>(
        &self,
        operation: &'static Operation,
        request: &Ready,
        options: &CallOptions,
        decode: Decode<T>,
    ) -> Result<Response<Box<T>>, Error> {
        // [streams
        if request.is_streamed() {
            // Boxed, since it is large and seldom used.
            return Box::pin(self.sent(operation, request, options, decode)).await;
        }
        // streams]
        let exchange = Whole { request: || request.request(), decode };
        self.run(operation, &exchange, options).await
    }

    /// Runs a call, and keeps secrets out of its error.
    pub(super) async fn run<E: Exchange>(
        &self,
        operation: &'static Operation,
        exchange: &E,
        options: &CallOptions,
    ) -> Result<Response<Box<E::Value>>, Error> {
        let mut outcome = self.0.retrying.boxed(operation, exchange, options).await;
        if let Err(error) = &mut outcome {
            self.redact(error);
        }
        outcome
    }

    /// Blanks secrets where the service may have repeated them.
    pub(super) fn redact(&self, error: &mut Error) {
        for secret in &self.0.secrets {
            error.redact(secret.expose());
        }
    }

    /// The requests of the day, as far as this client knows.
    #[must_use]
    pub fn quota(&self) -> Quota {
        self.0.retrying.quota()
    }

    pub(super) fn prepare(&self, request: Request) -> Result<Ready, Error> {
        let credentials = self.credentials_for(request.operation())?;
        let own = request.server.map(|server| self.0.elsewhere(server)).transpose()?;
        let base = own.as_ref().unwrap_or(&self.0.base);
        request.finish(base, &self.0.user_agent, credentials)
    }

    /// The first combination that can be met; one without credentials only if no other can.
    fn credentials_for(
        &self,
        operation: &'static Operation,
    ) -> Result<impl Iterator<Item = &Prepared>, Error> {
        let known = |scheme: &usize| {
            let found = self.0.credentials.iter().find(|(given, _)| given == scheme);
            found.map(|(_, credential)| credential)
        };
        let combinations = operation.security;
        let mut closed = combinations.iter().filter(|schemes| !schemes.is_empty());
        let is_open = combinations.is_empty() || combinations.iter().any(|all| all.is_empty());
        match closed.find(|schemes| schemes.iter().all(|scheme| known(scheme).is_some())) {
            Some(schemes) => Ok(schemes.iter().filter_map(known)),
            None if is_open => Ok([].iter().filter_map(known)),
            None => {
                let message = format!("{} needs a credential that is not set", operation.id);
                Err(ConfigError::new(message).into())
            }
        }
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("base_url", &self.0.base_url).finish_non_exhaustive()
    }
}

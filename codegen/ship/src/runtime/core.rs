//! What a client wraps: address, credentials and the way to send.
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::HeaderValue;

use super::error::Error;
use super::failure::ConfigError;
use super::limits::Quota;
use super::operation::Operation;
use super::options::CallOptions;
use super::request::Request;
use super::response::Response;
use super::retrying::{Decode, Retrying};
use super::secret::{ApiKey, Prepared};
use super::transport::Transport;

/// Sends the requests of a client. Clones share everything.
#[derive(Clone)]
pub struct Core(Arc<Inner>);

struct Inner {
    base_url: String,
    user_agent: HeaderValue,
    credentials: Vec<(usize, Prepared)>,
    secrets: Vec<ApiKey>,
    retrying: Retrying<Arc<dyn Transport>>,
}

impl Core {
    pub(super) fn new(
        base_url: String,
        user_agent: HeaderValue,
        credentials: Vec<(usize, Prepared)>,
        secrets: Vec<ApiKey>,
        retrying: Retrying<Arc<dyn Transport>>,
    ) -> Self {
        Self(Arc::new(Inner { base_url, user_agent, credentials, secrets, retrying }))
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
        let operation = request.operation();
        let request = self.prepare(request)?;
        let outcome = self.0.retrying.call(operation, request, options, decode).await;
        outcome.map_err(|mut error| {
            for secret in &self.0.secrets {
                error.redact(secret.expose());
            }
            error
        })
    }

    /// The requests of the day, as far as this client knows.
    #[must_use]
    pub fn quota(&self) -> Quota {
        self.0.retrying.quota()
    }

    fn prepare(&self, request: Request) -> Result<http::Request<Bytes>, Error> {
        let credentials = self.credentials_for(request.operation())?;
        request.finish(&self.0.base_url, &self.0.user_agent, &credentials)
    }

    /// The first combination that can be met; one without credentials only if no other can.
    fn credentials_for(&self, operation: &'static Operation) -> Result<Vec<&Prepared>, Error> {
        let known = |scheme: &usize| {
            let found = self.0.credentials.iter().find(|(given, _)| given == scheme);
            found.map(|(_, credential)| credential)
        };
        let combinations = operation.security;
        let mut closed = combinations.iter().filter(|schemes| !schemes.is_empty());
        let is_open = combinations.is_empty() || combinations.iter().any(|all| all.is_empty());
        match closed.find_map(|schemes| schemes.iter().map(known).collect()) {
            Some(credentials) => Ok(credentials),
            None if is_open => Ok(Vec::new()),
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

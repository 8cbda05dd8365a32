//! reqwest-middleware with reqwest-retry.

use std::sync::Arc;
use std::time::Duration;

use amplitude_experiment_management::BoxFuture;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use reqwest_retry::policies::ExponentialBackoff;
use reqwest_retry::{RetryPolicy, RetryTransientMiddleware};

use super::attempt::url;
use super::contender::Caller;
use super::starts::Starts;

pub struct Middleware {
    http: ClientWithMiddleware,
    base: String,
    starts: Arc<Starts>,
}

impl Middleware {
    /// As in the README, which says 3.
    pub fn retries(most: u32, base: String, http: reqwest::Client, starts: Arc<Starts>) -> Self {
        let policy = ExponentialBackoff::builder().build_with_max_retries(most);
        Self { http: with(http, policy), base, starts }
    }

    /// With retries until this time has passed.
    pub fn total(time: Duration, base: String, http: reqwest::Client, starts: Arc<Starts>) -> Self {
        let policy = ExponentialBackoff::builder().build_with_total_retry_duration(time);
        Self { http: with(http, policy), base, starts }
    }

    async fn ask(&self, number: usize) -> bool {
        self.starts.note(number);
        match self.http.get(url(&self.base, number)).send().await {
            Ok(response) => response.status().is_success() && response.bytes().await.is_ok(),
            Err(_) => false,
        }
    }
}

fn with(
    http: reqwest::Client,
    policy: impl RetryPolicy + Send + Sync + 'static,
) -> ClientWithMiddleware {
    ClientBuilder::new(http).with(RetryTransientMiddleware::new_with_policy(policy)).build()
}

impl Caller for Middleware {
    fn call(&self, number: usize) -> BoxFuture<'_, bool> {
        Box::pin(self.ask(number))
    }
}

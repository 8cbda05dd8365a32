//! A loop around reqwest: waits for its limiter, asks, and waits as long as a refusal says.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use amplitude_experiment_management::BoxFuture;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::sleep;

use super::attempt::{Answer, ask, patience};
use super::contender::Caller;
use super::starts::Starts;
use crate::server::{LIMIT, WINDOW};

pub struct Limited {
    pub limiter: Limiter,
    pub tries: u32,
    pub http: reqwest::Client,
    pub base: String,
    pub starts: Arc<Starts>,
}

pub enum Limiter {
    None,
    Governor(DefaultDirectRateLimiter),
    LeakyBucket(leaky_bucket::RateLimiter),
}

impl Limiter {
    pub fn governor(burst: Option<u32>) -> Self {
        let quota = Quota::per_second(const { NonZeroU32::new(100).unwrap() });
        let burst = burst.and_then(NonZeroU32::new);
        let quota = burst.map_or(quota, |burst| quota.allow_burst(burst));
        Self::Governor(RateLimiter::direct(quota))
    }

    pub fn leaky_bucket() -> Self {
        let mut builder = leaky_bucket::RateLimiter::builder();
        builder.initial(LIMIT).max(LIMIT).refill(LIMIT).interval(WINDOW);
        Self::LeakyBucket(builder.build())
    }

    async fn wait(&self) {
        match self {
            Self::None => {}
            Self::Governor(limiter) => limiter.until_ready().await,
            Self::LeakyBucket(limiter) => limiter.acquire_one().await,
        }
    }
}

impl Limited {
    async fn attempts(&self, number: usize) -> bool {
        for attempt in 1..=self.tries {
            self.limiter.wait().await;
            self.starts.note(number);
            let hint: Option<Duration> = match ask(&self.http, &self.base, number).await {
                Answer::Flag => return true,
                Answer::Refused(hint) => hint,
                Answer::Lost => None,
            };
            if attempt < self.tries {
                sleep(patience(hint, attempt)).await;
            }
        }
        false
    }
}

impl Caller for Limited {
    fn call(&self, number: usize) -> BoxFuture<'_, bool> {
        Box::pin(self.attempts(number))
    }
}

//! tower's rate limit behind its buffer, since the limit alone cannot be shared.

use std::sync::Arc;

use amplitude_experiment_management::BoxFuture;
use tokio::time::sleep;
use tower::buffer::Buffer;
use tower::limit::RateLimit;
use tower::limit::rate::Rate;
use tower::{BoxError, Service, ServiceExt, service_fn};

use super::attempt::{Answer, ask, patience};
use super::contender::Caller;
use super::starts::Starts;
use crate::server::WINDOW;

type Pending = BoxFuture<'static, Result<Answer, BoxError>>;

pub struct Queue {
    buffer: Buffer<usize, Pending>,
    tries: u32,
}

impl Queue {
    pub fn start(base: String, http: reqwest::Client, starts: Arc<Starts>, tries: u32) -> Self {
        let send = service_fn(move |number| -> Pending {
            starts.note(number);
            let (http, base) = (http.clone(), base.clone());
            Box::pin(async move { Ok(ask(&http, &base, number).await) })
        });
        let limited = RateLimit::new(send, Rate::new(100, WINDOW));
        Self { buffer: Buffer::new(limited, 4096), tries }
    }

    async fn attempts(&self, number: usize) -> bool {
        for attempt in 1..=self.tries {
            let hint = match self.enqueue(number).await {
                Ok(Answer::Flag) => return true,
                Ok(Answer::Refused(hint)) => hint,
                Ok(Answer::Lost) | Err(_) => None,
            };
            if attempt < self.tries {
                sleep(patience(hint, attempt)).await;
            }
        }
        false
    }

    async fn enqueue(&self, number: usize) -> Result<Answer, BoxError> {
        self.buffer.clone().ready().await?.call(number).await
    }
}

impl Caller for Queue {
    fn call(&self, number: usize) -> BoxFuture<'_, bool> {
        Box::pin(self.attempts(number))
    }
}

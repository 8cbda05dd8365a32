//! The generated client, with a transport that notes what it sends.

use std::sync::Arc;

use amplitude_experiment_management::{
    Attempt, BoxFuture, Client, HttpTransport, Transport, TransportError,
};
use bytes::Bytes;

use super::contender::Caller;
use super::starts::Starts;
use crate::{KEY, Outcome};

pub struct Ours(Client);

impl Ours {
    pub fn start(base: &str, http: reqwest::Client, starts: Arc<Starts>) -> Outcome<Self> {
        let transport = Noting { http: HttpTransport::with_client(http), starts };
        Ok(Self(Client::builder(KEY).base_url(base).transport(transport).build()?))
    }
}

impl Caller for Ours {
    fn call(&self, number: usize) -> BoxFuture<'_, bool> {
        let request = self.0.flags().get(number.to_string());
        Box::pin(async { request.send().await.is_ok() })
    }
}

struct Noting {
    http: HttpTransport,
    starts: Arc<Starts>,
}

impl Transport for Noting {
    fn send(
        &self,
        request: http::Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let number = request.uri().path().rsplit('/').next().and_then(|last| last.parse().ok());
        if let Some(number) = number {
            self.starts.note(number);
        }
        self.http.send(request, attempt)
    }
}

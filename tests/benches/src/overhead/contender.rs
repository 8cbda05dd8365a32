//! The clients whose calls are counted.

use std::hint::black_box;
use std::time::Duration;

use amplitude_experiment_management::models::{Flag, FlagList};
use amplitude_experiment_management::{Client, Pacer};
use http::header::ACCEPT;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use reqwest_retry::RetryTransientMiddleware;
use reqwest_retry::policies::ExponentialBackoff;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::pacing::contender::http_client;
use crate::{KEY, Outcome};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Contender {
    Bare,
    BareWithTimeout,
    Middleware,
    Ours,
}

pub const CONTENDERS: [Contender; 4] =
    [Contender::Bare, Contender::BareWithTimeout, Contender::Middleware, Contender::Ours];

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    Flag,
    Page,
}

/// Flags in a page.
pub const PAGE: usize = 100;

impl Contender {
    pub fn title(self) -> &'static str {
        match self {
            Self::Bare => "reqwest + serde_json",
            Self::BareWithTimeout => "the same with a timeout of 30 s per request",
            Self::Middleware => "reqwest-middleware + reqwest-retry + serde_json",
            Self::Ours => "**this client**",
        }
    }
}

/// A client of one kind.
pub enum Caller {
    Bare { http: reqwest::Client, timeout: Option<Duration>, base: String },
    Middleware { http: ClientWithMiddleware, base: String },
    Ours(Client),
}

impl Caller {
    pub fn new(contender: Contender, base: &str) -> Outcome<Self> {
        let base = base.to_owned();
        let bare = |timeout, base| -> Outcome<Self> {
            Ok(Self::Bare { http: http_client()?, timeout, base })
        };
        match contender {
            Contender::Bare => bare(None, base),
            Contender::BareWithTimeout => bare(Some(Duration::from_secs(30)), base),
            Contender::Middleware => {
                let policy = ExponentialBackoff::builder().build_with_max_retries(3);
                let retry = RetryTransientMiddleware::new_with_policy(policy);
                Ok(Self::Middleware {
                    http: ClientBuilder::new(http_client()?).with(retry).build(),
                    base,
                })
            }
            Contender::Ours => Ok(Self::Ours(unpaced(&base)?)),
        }
    }

    /// Asks once and reads the answer into the types of the generated client.
    pub async fn call(&self, question: Question) -> Outcome {
        match question {
            Question::Flag => self.flag().await,
            Question::Page => self.page().await,
        }
    }

    async fn flag(&self) -> Outcome {
        if let Self::Ours(client) = self {
            black_box(client.flags().get("848345").send().await?);
            return Ok(());
        }
        self.get::<Flag>("/flags/848345").await
    }

    async fn page(&self) -> Outcome {
        if let Self::Ours(client) = self {
            black_box(client.flags().list().limit(100).send().await?);
            return Ok(());
        }
        self.get::<FlagList>("/flags?limit=100").await
    }

    /// As one writes it by hand.
    async fn get<T: DeserializeOwned>(&self, target: &str) -> Outcome {
        let response = match self {
            Self::Bare { http, timeout, base } => {
                let request = http.get(format!("{base}{target}")).bearer_auth(KEY);
                let request = request.header(ACCEPT, "application/json");
                match timeout {
                    Some(timeout) => request.timeout(*timeout).send().await?,
                    None => request.send().await?,
                }
            }
            Self::Middleware { http, base } => {
                let request = http.get(format!("{base}{target}")).bearer_auth(KEY);
                request.header(ACCEPT, "application/json").send().await?
            }
            Self::Ours(_) => return Err("this client has methods of its own".into()),
        };
        let body = response.error_for_status()?.bytes().await?;
        black_box(serde_json::from_slice::<T>(&body)?);
        Ok(())
    }
}

/// The generated client, which must not wait here.
pub fn unpaced(base: &str) -> Outcome<Client> {
    Ok(Client::builder(KEY).base_url(base).pacer(Pacer::off()).build()?)
}

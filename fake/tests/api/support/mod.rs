//! A running fake, and the ways to talk to it.

pub mod conform;
pub mod raw;

use std::time::{Duration, SystemTime};

use amplitude_experiment_fake::{Fake, FakeBuilder, Limits, PROJECT};
use amplitude_experiment_management::models::{ExperimentCreate, FlagCreate, Id};
use amplitude_experiment_management::{Client, Error, Pacer, Retry};

/// The project of the tests, as items show it.
pub const P: &str = "217854";

/// A fake and a client of it.
pub struct World {
    pub fake: Fake,
    pub client: Client,
}

/// A fake without limits.
pub async fn world() -> World {
    world_of(Fake::builder().limits(Limits::off())).await
}

pub async fn world_of(builder: FakeBuilder) -> World {
    let fake = builder.start().await.unwrap();
    let client = client(&fake, fake.key());
    World { fake, client }
}

/// A client that sends each request once, and checks each answer against the document.
pub fn client(fake: &Fake, key: &str) -> Client {
    Client::builder(key)
        .base_url(fake.base_url())
        .transport(conform::Checked::new())
        .pacer(Pacer::off())
        .retry(Retry::off())
        .build()
        .unwrap()
}

/// A client as a user has it, whose waits are short.
pub fn patient(fake: &Fake) -> Client {
    let moment = Duration::from_millis(5);
    Client::builder(fake.key())
        .base_url(fake.base_url())
        .pacer(Pacer::off())
        .retry(Retry::default().backoff(moment, moment).refusal_wait(moment))
        .build()
        .unwrap()
}

impl World {
    /// A new flag: its id.
    pub async fn flag(&self, key: &str) -> Id {
        self.client.flags().create(FlagCreate::new(P, key)).await.unwrap().id
    }

    /// A new experiment: its id.
    pub async fn experiment(&self, key: &str) -> Id {
        self.client.experiments().create(ExperimentCreate::new(P, key)).await.unwrap().id
    }
}

/// The status and the message of a refusal.
#[track_caller]
pub fn refusal<T>(outcome: Result<T, Error>) -> (u16, String) {
    let Err(error) = outcome else { panic!("it is not refused") };
    let status = error.status().unwrap_or_else(|| panic!("no answer: {error}"));
    (status.as_u16(), error.message().unwrap_or_default().to_owned())
}

#[track_caller]
pub fn refused<T>(outcome: Result<T, Error>, status: u16, message: &str) {
    assert_eq!(refusal(outcome), (status, message.to_owned()));
}

/// 12:00:00 UTC on a day in March.
pub fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_740_830_400)
}

#[test]
fn the_project_is_that_of_the_fake() {
    assert_eq!(P, PROJECT.to_string());
}

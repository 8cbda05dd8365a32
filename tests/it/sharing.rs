//! Which clients keep to one limit together, and which have a limit each.
use std::sync::{Arc, Mutex};
use std::time::Duration;

use amplitude_experiment_management::{
    Attempt, BoxFuture, Client, Pacer, Region, Transport, TransportError,
};
use tokio::time::{Instant, sleep};

use crate::support::KEY;

/// The documented limit of a second.
const LIMIT: usize = 100;

/// Answers everything, and writes down when it was asked. Clones share what they wrote.
#[derive(Clone, Default)]
struct Service(Arc<Mutex<Vec<Instant>>>);

impl Transport for Service {
    fn send(
        &self,
        _: http::Request<bytes::Bytes>,
        _: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<bytes::Bytes>, TransportError>> {
        Box::pin(async {
            self.0.lock().unwrap().push(Instant::now());
            sleep(Duration::from_millis(10)).await;
            Ok(http::Response::default())
        })
    }
}

impl Service {
    /// How many requests came before any of them was a second old.
    fn burst(&self) -> usize {
        let times = self.0.lock().unwrap();
        times.iter().filter(|at| **at - times[0] < Duration::from_secs(1)).count()
    }
}

/// 150 calls of each at once; how many requests the service gets in the first second.
async fn burst(service: &Service, clients: [&Client; 2]) -> usize {
    let calls = (0..150).flat_map(|_| clients).map(|client| {
        let client = client.clone();
        tokio::spawn(async move { client.flags().get("1").raw().await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.expect("no panic").expect("an answer");
    }
    service.burst()
}

fn client(service: &Service, region: Region, pacer: Option<&Pacer>) -> Client {
    let builder = Client::builder(KEY).region(region).transport(service.clone());
    let builder = match pacer {
        Some(pacer) => builder.pacer(pacer.clone()),
        None => builder,
    };
    builder.build().expect("sound settings")
}

#[tokio::test(start_paused = true)]
async fn p6_clones_and_clients_with_one_pacer_share_the_documented_limit() {
    let service = Service::default();
    let one = client(&service, Region::Us, None);
    assert_eq!(burst(&service, [&one, &one.clone()]).await, LIMIT);
    assert_eq!(one.quota().sent_today, 300);

    for regions in [[Region::Us, Region::Us], [Region::Us, Region::Eu]] {
        let (service, pacer) = (Service::default(), Pacer::new());
        let [one, other] = regions.map(|region| client(&service, region, Some(&pacer)));
        assert_eq!(burst(&service, [&one, &other]).await, LIMIT);
        assert_eq!(other.quota().sent_today, 300);
    }
}

#[tokio::test(start_paused = true)]
async fn p6_regions_have_a_limit_each() {
    let service = Service::default();
    let [us, eu] = [Region::Us, Region::Eu].map(|region| client(&service, region, None));
    assert_eq!(burst(&service, [&us, &eu]).await, 2 * LIMIT);
    assert_eq!([us, eu].map(|client| client.quota().sent_today), [150, 150]);
}

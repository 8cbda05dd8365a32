//! How calls are spread over time, on the paused clock.
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use ship::runtime::{
    Attempt, BoxFuture, CallOptions, Error, Pacer, Retry, Retrying, Transport, TransportError,
    decode,
};
use tokio::time::{Instant, sleep};

use crate::support::READ;

/// Counts each request half-way of a round trip.
#[derive(Clone)]
pub struct Counting {
    round_trip: Duration,
    counted: Arc<Mutex<Vec<Instant>>>,
}

impl Counting {
    fn new(round_trip: Duration) -> Self {
        Self { round_trip, counted: Arc::default() }
    }

    /// The most that were counted in one second.
    fn peak(&self) -> usize {
        let counted = self.counted.lock().unwrap();
        let within = |start: &Instant| {
            counted
                .iter()
                .filter(|at| *at >= start && **at < *start + Duration::from_secs(1))
                .count()
        };
        counted.iter().map(within).max().unwrap_or(0)
    }
}

impl Transport for Counting {
    fn send(
        &self,
        _: http::Request<Bytes>,
        _: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async {
            sleep(self.round_trip / 2).await;
            self.counted.lock().unwrap().push(Instant::now());
            sleep(self.round_trip / 2).await;
            Ok(http::Response::new(Bytes::new()))
        })
    }
}

async fn drain(client: Arc<Retrying<Counting>>, requests: usize) -> Vec<Result<(), Error>> {
    let mut tasks = Vec::new();
    for _ in 0..requests {
        let client = client.clone();
        tasks.push(tokio::spawn(async move {
            let request = http::Request::get("https://host/").body(Bytes::new()).unwrap();
            let options = CallOptions::new();
            client.call(&READ, request, &options, decode::nothing).await.map(drop)
        }));
    }
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

#[tokio::test(start_paused = true)]
async fn burst_is_spread_over_the_seconds_it_needs() {
    for (milliseconds, least, most) in [(0, 9.0, 9.02), (20, 9.18, 9.3), (100, 9.9, 10.2)] {
        let server = Counting::new(Duration::from_millis(milliseconds));
        let client = Retrying::new(server.clone(), Retry::default());
        let client = client.pacer(&Pacer::per_second(100), None).unwrap();
        let started = Instant::now();
        let outcomes = drain(Arc::new(client), 1000).await;
        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!(server.peak(), 100);
        let took = started.elapsed().as_secs_f64();
        assert!((least..most).contains(&took), "{milliseconds}: {took}");
    }
}

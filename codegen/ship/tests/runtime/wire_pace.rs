//! The pace over sockets, in real time, on both kinds of runtime.
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use ship::runtime::{
    Attempt, BoxFuture, CallOptions, Error, HttpTransport, Pacer, Retry, Retrying, Transport,
    TransportError, decode,
};

use crate::support::READ;
use crate::support::counting::{Counting, Counts};

const LIMIT: usize = 100;
const CALLS: usize = 300;

/// Milliseconds each way.
const JITTER: u64 = 50;

/// The travel that the pacer allows for by default.
const HOLD: Duration = Duration::from_millis(250);

/// Writes down when each request leaves.
struct Noted {
    http: HttpTransport,
    starts: Arc<Mutex<Vec<(usize, Instant)>>>,
}

impl Transport for Noted {
    fn send(
        &self,
        request: http::Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let number = request.uri().path()[1..].parse().unwrap();
        self.starts.lock().unwrap().push((number, Instant::now()));
        self.http.send(request, attempt)
    }
}

/// What came of all calls.
struct Drained {
    service: Counting,
    /// The calls by the order in which they came, with the moment in which each left.
    starts: Vec<(usize, Instant)>,
    failed: Vec<Error>,
}

impl Drained {
    /// Whether each request was counted within the travel that the pacer allows for. A machine that
    /// is busy with other things may take longer.
    fn is_in_time(&self) -> bool {
        let mut starts = self.starts.clone();
        starts.sort_unstable();
        let arrivals = self.service.arrivals();
        arrivals.iter().all(|arrival| arrival.at - starts[arrival.number].1 <= HOLD)
    }

    /// How many calls the worst one was passed by.
    fn worst_jump(&self) -> usize {
        let places = self.starts.iter().enumerate();
        places.map(|(place, (number, _))| place.abs_diff(*number)).max().unwrap_or(0)
    }
}

/// So many calls at once, each on a task. The lock makes the order in which they come that of their
/// numbers, also between threads.
async fn drain(counts: Counts, pacer: &Pacer) -> Drained {
    let service = Counting::start(counts, LIMIT, JITTER).await;
    let own = reqwest::Client::builder().no_proxy().retry(reqwest::retry::never());
    let starts = Arc::new(Mutex::new(Vec::new()));
    let http = HttpTransport::with_client(own.build().unwrap());
    let client = Retrying::new(Noted { http, starts: starts.clone() }, Retry::default());
    let client = Arc::new(client.pacer(pacer, None).unwrap());
    let came = Arc::new(Mutex::new(0));
    let call = |_| {
        let (client, came, url) = (client.clone(), came.clone(), service.url.clone());
        let mut call = None;
        tokio::spawn(poll_fn(move |context| match &mut call {
            Some(call) => BoxFuture::as_mut(call).poll(context),
            None => {
                let mut next = came.lock().unwrap();
                let begun = call.insert(one(client.clone(), format!("{url}/{next}")));
                *next += 1;
                begun.as_mut().poll(context)
            }
        }))
    };
    let calls: Vec<_> = (0..CALLS).map(call).collect();
    let mut failed = Vec::new();
    for call in calls {
        failed.extend(call.await.unwrap().err());
    }
    let starts = starts.lock().unwrap().clone();
    Drained { service, starts, failed }
}

fn one(client: Arc<Retrying<Noted>>, url: String) -> BoxFuture<'static, Result<(), Error>> {
    let request = http::Request::get(url).body(Bytes::new()).unwrap();
    Box::pin(async move {
        client.call(&READ, request, &CallOptions::new(), decode::nothing).await.map(drop)
    })
}

/// Nothing is refused and nobody is passed by more than `jump` others. What holds only for requests
/// that travel as fast as the pacer allows for is looked at when they did.
async fn assert_paced(counts: Counts, hold: Option<Duration>, jump: usize) {
    for _ in 0..5 {
        let pacer = Pacer::per_second(LIMIT as u32).hold_cap(hold);
        let drained = drain(counts, &pacer).await;
        let (service, is_in_time) = (&drained.service, drained.is_in_time());
        assert!(drained.failed.is_empty(), "{counts:?} {hold:?}: {:?}", drained.failed);
        if is_in_time || hold.is_none() {
            let seen = (service.refused(), service.arrivals().len());
            assert_eq!(seen, (0, CALLS), "{counts:?} {hold:?}");
            assert!(service.peak() <= LIMIT, "{counts:?} {hold:?}: {}", service.peak());
        }
        if is_in_time {
            let worst = drained.worst_jump();
            assert!(worst <= jump, "{counts:?} {hold:?}: passed by {worst}");
            return;
        }
    }
    panic!("requests never travel as fast as the pacer allows for: is this machine busy?");
}

/// Under both rules, with the travel that is allowed for by default and with any.
async fn assert_all_paced(jump: usize) {
    tokio::join!(
        assert_paced(Counts::Accepted, Some(HOLD), jump),
        assert_paced(Counts::Accepted, None, jump),
        assert_paced(Counts::All, Some(HOLD), jump),
        assert_paced(Counts::All, None, jump),
    );
}

#[tokio::test]
async fn p1_burst_over_sockets_is_spread_without_a_refusal() {
    assert_all_paced(0).await;
}

/// A thread may be held up between getting leave and sending, while others send: those of the same
/// second, but not those of the next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p1_burst_of_several_threads_over_sockets_is_spread_without_a_refusal() {
    assert_all_paced(LIMIT - 1).await;
}

//! Calls that are kept and not polled, as streams of buffered futures do while their consumer works.
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::{Duration, Instant as StdInstant, SystemTime};

use ship::runtime::{
    BoxFuture, CallOptions, Clock, Error, Pacer, Response, Retry, Retrying, Transport, decode,
};
use tokio::time::{Instant, sleep, timeout};

use crate::support::paced::{LIMITS, call, client, drain, paced, read, request};
use crate::support::script::{Script, Step, answer, ok};
use crate::support::{READ, WRITE};

type Call = Pin<Box<dyn Future<Output = Result<Response<()>, Error>> + Send>>;

/// A call that is polled once and then kept.
fn kept<T: Transport>(client: &Arc<Retrying<T>>) -> Call {
    let client = client.clone();
    let mut call: Call = Box::pin(async move {
        client.call(&READ, request("kept"), &CallOptions::new(), decode::nothing).await
    });
    let is_ready = call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
    assert!(!is_ready);
    call
}

#[tokio::test(start_paused = true)]
async fn p3_any_number_of_waiters_that_are_not_polled_is_passed_over_together() {
    for count in [1, 10, 100, 1000] {
        let script = Script::new([ok()]);
        let client = client(script.clone());
        assert!(drain(&client, 100).await.is_empty());
        let all: Vec<Call> = (0..count).map(|_| kept(&client)).collect();
        let started = Instant::now();
        read(&client).await.unwrap();
        assert!(started.elapsed() < Duration::from_secs(8), "{count}: {:?}", started.elapsed());
        drop(all);
    }
}

/// `buffer_unordered(width)` whose consumer makes another call for each that ends: meanwhile the
/// others are not polled.
async fn buffered(client: &Arc<Retrying<Script>>, calls: usize, width: usize) {
    let mut running: Vec<Call> = Vec::new();
    let mut begun = 0;
    while begun < calls || !running.is_empty() {
        while running.len() < width && begun < calls {
            begun += 1;
            let client = client.clone();
            running.push(Box::pin(async move { read(&client).await }));
        }
        let next = std::future::poll_fn(|context| {
            let ready = |call: &mut Call| call.as_mut().poll(context).map(|end| end.map(drop));
            let found = running.iter_mut().map(ready).enumerate();
            for (index, poll) in found {
                if let std::task::Poll::Ready(end) = poll {
                    return std::task::Poll::Ready((index, end));
                }
            }
            std::task::Poll::Pending
        });
        let (index, end) = next.await;
        end.unwrap();
        drop(running.swap_remove(index));
        call(client, &WRITE, &CallOptions::new()).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn p3_consumer_of_buffered_calls_makes_calls_of_its_own() {
    for width in [10, 100, 200] {
        let answers = (0..800).flat_map(|_| [Step::Delay(Duration::from_millis(50)), ok()]);
        let script = Script::new(answers);
        let client = client(script.clone());
        let started = Instant::now();
        buffered(&client, 300, width).await;
        assert_eq!(script.count(), 600);
        assert!(started.elapsed() < Duration::from_secs(60), "{width}: {:?}", started.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn r2_trial_that_is_not_polled_holds_up_the_others_for_five_seconds() {
    let script = Script::new([answer(429, &[], ""), Step::Delay(Duration::from_millis(5)), ok()]);
    let client = Retrying::new(script.clone(), Retry::off()).pacer(&Pacer::new(), Some(LIMITS));
    let client = Arc::new(client.unwrap());
    assert!(read(&client).await.is_err());
    sleep(Duration::from_millis(1500)).await;
    let trial = kept(&client);
    let started = Instant::now();
    let options = CallOptions::new().deadline(Duration::from_secs(10));
    call(&client, &READ, &options).await.unwrap();
    let waited = started.elapsed().as_secs_f64();
    assert!((5.0..5.1).contains(&waited), "{waited}");
    drop(trial);
}

/// Stands still, and waits no time.
struct Frozen(StdInstant);

impl Clock for Frozen {
    fn now(&self) -> StdInstant {
        self.0
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep_until(&self, _: StdInstant) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

// Time goes on here: a paused clock would wait until nobody has anything to do.
#[tokio::test]
async fn clock_that_stands_still_leaves_others_a_turn() {
    let script = Script::new([answer(429, &[], ""), ok()]);
    let client = Retrying::new(script.clone(), Retry::default()).clock(Frozen(StdInstant::now()));
    let client = client.pacer(&Pacer::new(), Some(LIMITS)).unwrap();
    let ended = timeout(Duration::from_millis(50), read(&client)).await;
    assert!(ended.is_err(), "a time that never comes");
}

#[tokio::test(start_paused = true)]
async fn r5_wait_beyond_all_clocks_is_no_short_one() {
    for pacer in [Pacer::new(), Pacer::off()] {
        for hint in ["18446744073709551615", "9223372036854775807"] {
            let script = Script::new([answer(429, &[&format!("retry-after: {hint}")], "")]);
            let patient = Retry::default().longest_hint(Duration::MAX).deadline(Duration::MAX);
            let client = Retrying::new(script.clone(), patient).pacer(&pacer, None).unwrap();
            let day = Duration::from_secs(86_400);
            let ended = timeout(day, read(&client)).await;
            assert!(ended.is_err() || ended.unwrap().is_err());
            assert_eq!(script.count(), 1, "{hint}");
        }
        let script = Script::new([answer(429, &[], "")]);
        let retry = Retry::default().refusal_wait(Duration::MAX);
        let client = Retrying::new(script.clone(), retry).pacer(&pacer, None).unwrap();
        assert!(read(&client).await.is_err());
        assert_eq!(script.count(), 1);
    }
}

/// A service that closes each connection makes each request a first one.
#[tokio::test(start_paused = true)]
async fn p4_connections_that_are_closed_are_not_counted_on() {
    for (header, least) in [("connection: close", 5), ("connection: keep-alive", 1)] {
        let script = Script::new([answer(200, &[header], "")]);
        let client = paced(script.clone(), &Pacer::per_second(10));
        for _ in 0..30 {
            read(&client).await.unwrap();
        }
        // No answer comes any more: how long is a request taken to travel?
        script.then([Step::Hang]);
        let started = Instant::now();
        sleep(Duration::from_secs(2)).await;
        let mut lost: Vec<Call> = (0..10).map(|_| kept(&client)).collect();
        lost.clear();
        script.then([ok()]);
        read(&client).await.unwrap();
        let waited = started.elapsed() - Duration::from_secs(2);
        assert!(waited >= Duration::from_secs(least), "{header}: {waited:?}");
        assert!(waited < Duration::from_secs(least + 2), "{header}: {waited:?}");
    }
}

//! The line of calls: its order, and what leaving it at any moment does to the others.
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ship::runtime::{
    CallOptions, Error, Event, Observer, Operation, Pacer, Response, Retry, Retrying, TimeoutPhase,
    decode,
};
use tokio::time::{Instant, sleep, timeout};

use crate::support::READ;
use crate::support::paced::{LIMITS, call, client, drain, paced, read, request, spawn};
use crate::support::script::{Script, Step, answer, ok};
use crate::support::sim::{Network, Rule, Sim};

const WINDOW: Duration = Duration::from_secs(1);

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

type Call = Pin<Box<dyn Future<Output = Result<Response<()>, Error>> + Send>>;

/// A call that is polled by hand.
fn kept(client: &Arc<Retrying<Script>>) -> Call {
    let client = client.clone();
    Box::pin(async move {
        client.call(&READ, request("kept"), &CallOptions::new(), decode::nothing).await
    })
}

async fn poll_once(call: &mut Call) {
    std::future::poll_fn(|context| {
        let _ = call.as_mut().poll(context);
        std::task::Poll::Ready(())
    })
    .await;
}

/// All slots are free: so many requests go out without a wait, and one more does not.
async fn assert_free(client: &Arc<Retrying<Script>>, script: &Script, slots: usize) {
    let (started, before) = (Instant::now(), script.count());
    assert!(drain(client, slots).await.is_empty());
    assert_eq!((script.count() - before, started.elapsed()), (slots, Duration::ZERO));
    assert!(drain(client, 1).await.is_empty());
    assert_eq!(started.elapsed(), WINDOW);
}

#[tokio::test(start_paused = true)]
async fn p2_calls_start_in_the_order_in_which_they_came() {
    for cancelled in [0.0, 0.3] {
        for seed in 0..5 {
            let sim = Sim::new(Rule::Sliding, 100, Network::new(10, 30), seed);
            let client = client(sim.clone());
            let mut random = fastrand::Rng::with_seed(seed);
            let mut calls = Vec::new();
            for number in 0..1000 {
                let client = client.clone();
                calls.push(tokio::spawn(async move {
                    let request = request(&number.to_string());
                    client.call(&READ, request, &CallOptions::new(), decode::nothing).await
                }));
            }
            let mut last = 0;
            for (index, call) in calls.iter().enumerate() {
                if index % 10 == 0 {
                    sleep(ms(random.u64(0..20))).await;
                }
                if random.f64() < cancelled {
                    last += 1;
                    call.abort();
                }
            }
            for call in calls {
                let _ = call.await;
            }
            let sent = sim.seen().sent.clone();
            let numbers: Vec<usize> = sent.iter().map(|path| path[1..].parse().unwrap()).collect();
            assert!(numbers.is_sorted(), "{seed}: {numbers:?}");
            assert!(numbers.len() >= 1000 - last, "{} of {last}", numbers.len());
            assert_eq!(sim.refused(), 0);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_waiter_that_leaves_any_place_of_the_line_holds_up_nobody() {
    for leaves in [0, 5, 9] {
        let script = Script::new([ok()]);
        let client = paced(script.clone(), &Pacer::per_second(2));
        let started = Instant::now();
        assert!(drain(&client, 2).await.is_empty());
        let mut waiting = Vec::new();
        for _ in 0..10 {
            waiting.push(spawn(&client).await);
        }
        sleep(ms(500)).await;
        waiting.remove(leaves).abort();
        for call in waiting {
            call.await.unwrap().unwrap();
        }
        assert_eq!(script.count(), 11, "{leaves}");
        assert_eq!(started.elapsed(), ms(5000), "{leaves}");
        sleep(WINDOW).await;
        assert_free(&client, &script, 2).await;
    }
}

/// The first leaves at the very moment at which it was called.
#[tokio::test(start_paused = true)]
async fn p3_waiter_that_leaves_when_it_is_called_passes_the_call_on() {
    let script = Script::new([ok()]);
    let client = paced(script.clone(), &Pacer::per_second(1));
    read(&client).await.unwrap();
    let mut first = kept(&client);
    poll_once(&mut first).await;
    let second = spawn(&client).await;
    sleep(WINDOW).await;
    drop(first);
    let started = Instant::now();
    second.await.unwrap().unwrap();
    assert!(started.elapsed() <= ms(1), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn p3_request_that_is_dropped_under_way_counts_as_sent_and_no_longer() {
    for slots in [1, 100] {
        let script = Script::new([Step::Hang]);
        let client = paced(script.clone(), &Pacer::per_second(slots).max_in_flight(200));
        let mut calls = Vec::new();
        for _ in 0..slots {
            calls.push(spawn(&client).await);
        }
        let next = spawn(&client).await;
        assert_eq!(script.count(), slots as usize);
        for call in calls {
            call.abort();
        }
        // No connection has been seen yet: each request may travel for the time of connecting.
        sleep(ms(5999)).await;
        assert_eq!(script.count(), slots as usize);
        sleep(ms(2)).await;
        assert_eq!(script.count(), slots as usize + 1);
        next.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn p3_slots_of_dropped_requests_are_free_after_hold_and_window() {
    let mut steps = vec![ok(); 200];
    steps.extend(vec![Step::Delay(Duration::from_secs(500)); 100]);
    steps.push(ok());
    let script = Script::new(steps);
    let client = client(script.clone());
    assert!(drain(&client, 200).await.is_empty());
    sleep(WINDOW).await;
    let mut calls = Vec::new();
    for _ in 0..64 {
        calls.push(spawn(&client).await);
    }
    sleep(ms(10)).await;
    calls.iter().for_each(|call| call.abort());
    sleep(ms(250) + WINDOW).await;
    // The script still has delays to give away.
    while script.count() < 300 {
        spawn(&client).await.abort();
    }
    sleep(Duration::from_secs(7)).await;
    assert_free(&client, &script, 100).await;
}

struct Panics;

impl Observer for Panics {
    fn event(&self, _: &'static Operation, event: &Event) {
        if matches!(event, Event::AttemptStart { .. } | Event::Throttled { .. }) {
            panic!("the observer has had enough");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_panic_of_an_observer_ends_its_call_only() {
    let script = Script::new([ok()]);
    let pacer = Pacer::per_second(3).hold_cap(ms(100));
    let sound = paced(script.clone(), &pacer);
    let panicking = Retrying::new(script.clone(), Retry::default()).observer(Panics);
    let panicking = Arc::new(panicking.pacer(&pacer, Some(LIMITS)).unwrap());
    for _ in 0..3 {
        let call = spawn(&panicking).await;
        assert!(call.await.unwrap_err().is_panic());
    }
    assert_eq!(script.count(), 0);
    read(&sound).await.unwrap();
    sleep(Duration::from_secs(6)).await;
    assert_free(&sound, &script, 3).await;

    // In the middle of a refusal: the gate is closed, and opens.
    let refused = Script::new([answer(429, &[], ""), ok()]);
    let pacer = Pacer::per_second(3);
    let sound = paced(refused.clone(), &pacer);
    struct Later;
    impl Observer for Later {
        fn event(&self, _: &'static Operation, event: &Event) {
            assert!(!matches!(event, Event::Throttled { .. }), "the observer has had enough");
        }
    }
    let panicking = Retrying::new(refused.clone(), Retry::default()).observer(Later);
    let panicking = Arc::new(panicking.pacer(&pacer, Some(LIMITS)).unwrap());
    assert!(spawn(&panicking).await.await.unwrap_err().is_panic());
    let started = Instant::now();
    read(&sound).await.unwrap();
    assert!((WINDOW..ms(1253)).contains(&started.elapsed()), "{:?}", started.elapsed());
}

/// A future that is kept but not polled, at the front of the line.
#[tokio::test(start_paused = true)]
async fn p3_waiter_that_is_not_polled_is_passed_over() {
    let script = Script::new([ok()]);
    let client = paced(script.clone(), &Pacer::per_second(1));
    read(&client).await.unwrap();
    let (mut first, mut second) = (kept(&client), kept(&client));
    poll_once(&mut first).await;
    poll_once(&mut second).await;
    let others = [spawn(&client).await, spawn(&client).await];
    let started = Instant::now();
    for call in others {
        call.await.unwrap().unwrap();
    }
    assert!(started.elapsed() <= ms(3000), "{:?}", started.elapsed());
    // They have not lost their place for good.
    first.await.unwrap();
    second.await.unwrap();
    assert_eq!(script.count(), 5);
}

/// The slot becomes free by an answer, of which only the first of the line is told.
#[tokio::test(start_paused = true)]
async fn p3_waiter_that_is_not_polled_when_an_answer_calls_it_is_passed_over() {
    let script = Script::new([Step::Delay(ms(100)), ok()]);
    let pacer = Pacer::per_second(100).max_in_flight(1);
    let client = paced(script.clone(), &pacer);
    let under_way = spawn(&client).await;
    let mut idle = [kept(&client), kept(&client)];
    for call in &mut idle {
        poll_once(call).await;
    }
    let others = [spawn(&client).await, spawn(&client).await];
    let started = Instant::now();
    under_way.await.unwrap().unwrap();
    for call in others {
        call.await.unwrap().unwrap();
    }
    assert!(started.elapsed() <= ms(2000), "{:?}", started.elapsed());
}

/// A future that is kept but not polled, with a request under way.
#[tokio::test(start_paused = true)]
async fn p3_request_that_is_not_polled_gives_way_when_its_time_is_over() {
    for pacer in [Pacer::per_second(1), Pacer::new().max_in_flight(1), Pacer::new().hold_cap(None)]
    {
        let script = Script::new([Step::Delay(ms(10)), ok()]);
        let client = paced(script.clone(), &pacer);
        let mut first = kept(&client);
        poll_once(&mut first).await;
        let started = Instant::now();
        read(&client).await.unwrap();
        assert!(started.elapsed() <= Duration::from_secs(31), "{:?}", started.elapsed());
        let _ = first.await;
    }
}

/// The request that tries after a refusal is kept but not polled.
#[tokio::test(start_paused = true)]
async fn p3_trial_that_is_not_polled_gives_way_when_its_time_is_over() {
    let script = Script::new([answer(429, &[], ""), Step::Delay(ms(10)), ok()]);
    let client = client(script.clone());
    let once = CallOptions::new().retry(Retry::off());
    assert!(call(&client, &READ, &once).await.is_err());
    sleep(ms(1300)).await;
    let mut trial = kept(&client);
    poll_once(&mut trial).await;
    assert_eq!(script.count(), 2);
    let started = Instant::now();
    read(&client).await.unwrap();
    assert!(started.elapsed() <= Duration::from_secs(31), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn p7_call_without_time_fails_at_once_and_leaves_the_line_as_it_was() {
    let sim = Sim::new(Rule::Sliding, 100, Network::new(10, 0), 1);
    let client = client(sim.clone());
    let queue = {
        let client = client.clone();
        tokio::spawn(async move { drain(&client, 1000).await })
    };
    sleep(ms(5)).await;
    let started = Instant::now();
    for _ in 0..100 {
        let began = std::time::Instant::now();
        let options = CallOptions::new().deadline(ms(100));
        let error = call(&client, &READ, &options).await.unwrap_err();
        let Error::Timeout(error) = &error else { panic!("{error:?}") };
        assert_eq!(error.phase(), TimeoutPhase::WaitingForSlot);
        assert!(began.elapsed() < ms(50), "{:?}", began.elapsed());
    }
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert!(queue.await.unwrap().is_empty());
    assert!(started.elapsed() < ms(9400), "{:?}", started.elapsed());
    assert_eq!(sim.seen().arrived.len(), 1000);
    // Nine seconds are known to be enough for those, and ten for the next.
    let options = CallOptions::new().deadline(ms(1200));
    timeout(ms(1200), call(&client, &READ, &options)).await.unwrap().unwrap();
}

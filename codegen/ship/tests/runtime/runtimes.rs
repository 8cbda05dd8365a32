//! One client in several runtimes, also in those that end.
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::thread;
use std::time::Duration;

#[cfg(feature = "blocking")]
use ship::runtime::{Blocking, BoxFuture};
use ship::runtime::{Core, Operation, Pacer, Timeouts};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::support::server::{Reply, Server};
use crate::support::summary;
use crate::wire::{GET, POST, builder, call};

/// Longer than anything here takes, and shorter than an attempt: what is not over by then hangs.
const HANG: Duration = Duration::from_secs(20);

const WINDOW: Duration = Duration::from_secs(1);

/// After this long a slot is free again, whatever became of its request.
const HOLD_AND_WINDOW: Duration = Duration::from_millis(1260);

fn single() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn several() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A server that does not depend on the runtimes of the clients.
fn serve(replies: impl IntoIterator<Item = Reply>) -> (Runtime, Server) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(replies));
    (runtime, server)
}

fn fine() -> Reply {
    Reply::answer(200, &[], "x")
}

/// How a call ends that begins now.
fn start(runtime: &Runtime, core: &Core, operation: &'static Operation) -> JoinHandle<String> {
    let core = core.clone();
    runtime.spawn(async move { summary(&call(&core, operation).await) })
}

fn finish<T: Send + 'static>(runtime: &Runtime, calls: Vec<JoinHandle<T>>) -> Vec<T> {
    runtime.block_on(async {
        let mut ends = Vec::new();
        for call in calls {
            ends.push(timeout(HANG, call).await.expect("a call hangs").unwrap());
        }
        ends
    })
}

#[test]
fn p9_client_is_used_by_runtimes_of_both_kinds_at_once() {
    const CALLS: usize = 150;
    let (_keeps, server) = serve([fine()]);
    let core = builder(&server.url).pacer(Pacer::per_second(200)).build().unwrap();
    let run = |runtime: &Runtime, operation| {
        let calls = (0..CALLS).map(|_| start(runtime, &core, operation)).collect();
        let ends = finish(runtime, calls);
        ends.into_iter().filter(|end| end != "ok 1").collect::<Vec<_>>()
    };
    let failed = thread::scope(|scope| {
        let other = scope.spawn(|| run(&single(), &GET));
        [run(&several(), &POST), other.join().unwrap()]
    });
    assert!(failed.iter().all(Vec::is_empty), "{failed:?}");
    assert_eq!((server.requests().len(), core.quota().sent_today), (300, 300));
}

/// Connections are kept by the runtime in which they were made, and go with it.
#[test]
fn p9_runtime_that_ends_leaves_a_client_that_works() {
    for make in [single, several] {
        let (_keeps, server) = serve([fine()]);
        let core = builder(&server.url).build().unwrap();
        for round in 0..3 {
            let runtime = make();
            let calls = (0..4)
                .flat_map(|_| [&GET, &POST])
                .map(|operation| start(&runtime, &core, operation));
            let calls = calls.collect();
            assert_eq!(finish(&runtime, calls), vec!["ok 1"; 8], "{round}");
        }
    }
}

/// An answer that nobody here waits for.
fn slow() -> Reply {
    Reply::raw("").then(HANG, "HTTP/1.1 200 OK\r\n\r\n")
}

/// Requests under way and calls that wait go with their runtime, and their slots after the hold.
#[test]
fn p9_runtime_that_ends_takes_only_its_own_calls_along() {
    thread::scope(|scope| {
        scope.spawn(|| assert_ends(single()));
        scope.spawn(|| assert_ends(several()));
    });
}

fn assert_ends(ends: Runtime) {
    let (_keeps, server) = serve([fine(), fine(), slow(), slow(), fine()]);
    // No longer than the hold cap, so that it does not matter which connections are known.
    let timeouts = Timeouts::default().connect(Duration::from_millis(250));
    let core = builder(&server.url).pacer(Pacer::per_second(2)).timeouts(timeouts);
    let (core, stays) = (core.build().unwrap(), several());
    let known = (0..2).map(|_| start(&stays, &core, &GET)).collect();
    assert_eq!(finish(&stays, known), ["ok 1"; 2]);

    let lost: Vec<_> = (0..5).map(|_| start(&ends, &core, &GET)).collect();
    ends.block_on(wait_for(&server, 4));
    let others: Vec<_> = (0..3).map(|_| start(&stays, &core, &GET)).collect();
    drop(ends);
    assert_eq!(finish(&stays, others), ["ok 1"; 3]);
    assert!(lost.iter().all(JoinHandle::is_finished));
    assert_eq!(server.requests().len(), 7);

    // Two at once: no slot is lost.
    let last = stays.block_on(async {
        sleep(HOLD_AND_WINDOW).await;
        let (one, two) = tokio::join!(call(&core, &GET), call(&core, &GET));
        [one.unwrap().waited(), two.unwrap().waited()]
    });
    assert!(last.iter().all(|waited| *waited < WINDOW / 2), "{last:?}");
}

async fn wait_for(server: &Server, requests: usize) {
    let come = async {
        while server.requests().len() < requests {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(HANG, come).await.expect("the requests do not come");
}

/// A connection is driven by the runtime that made it, and serves no other.
#[test]
fn p9_runtime_that_ends_cuts_no_request_of_another() {
    let late = || Reply::raw("").then(WINDOW / 5, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let (_keeps, server) = serve([fine(), late()]);
    let core = builder(&server.url).build().unwrap();
    let (ends, stays) = (several(), several());
    assert_eq!(finish(&ends, vec![start(&ends, &core, &GET)]), ["ok 1"]);
    let others: Vec<_> = [&GET, &POST].map(|operation| start(&stays, &core, operation)).into();
    stays.block_on(wait_for(&server, 3));
    drop(ends);
    assert_eq!(finish(&stays, others), ["ok 1"; 2]);
}

#[test]
fn p9_runtime_that_stands_still_holds_up_no_request_of_another() {
    let (_keeps, server) = serve([fine()]);
    let timeouts = Timeouts::default().attempt(HANG / 4);
    for http in [|http| http, reqwest::ClientBuilder::no_proxy] {
        let core = builder(&server.url).timeouts(timeouts).http(http).build().unwrap();
        let (still, runs) = (single(), several());
        assert_eq!(finish(&still, vec![start(&still, &core, &GET)]), ["ok 1"]);
        for operation in [&GET, &POST] {
            assert_eq!(finish(&runs, vec![start(&runs, &core, operation)]), ["ok 1"]);
        }
        assert_eq!(finish(&still, vec![start(&still, &core, &POST)]), ["ok 1"]);
    }
}

/// Those of a runtime that was not used for long.
#[test]
fn p9_connections_of_many_runtimes_are_not_kept_for_ever() {
    let (_keeps, server) = serve([fine()]);
    let made = Arc::new(AtomicUsize::new(0));
    let core = builder(&server.url).http({
        let made = made.clone();
        move |http| {
            made.fetch_add(1, Ordering::SeqCst);
            http
        }
    });
    let core = core.pacer(Pacer::off()).build().unwrap();
    let read = |runtime: &Runtime| {
        assert_eq!(finish(runtime, vec![start(runtime, &core, &GET)]), ["ok 1"]);
        made.load(Ordering::SeqCst)
    };
    let runtimes: Vec<_> = (0..65).map(|_| single()).collect();
    let (first, rest) = runtimes.split_first().unwrap();
    assert_eq!((read(first), read(first)), (1, 1));
    let counts: Vec<_> = rest[..63].iter().map(read).collect();
    assert_eq!(counts, (2..65).collect::<Vec<_>>());
    // The first was used later than the second, which gives way to the last.
    assert_eq!((read(first), read(&rest[63]), read(first)), (64, 65, 65));
    assert_eq!(read(&rest[0]), 66);
}

#[cfg(feature = "blocking")]
#[test]
fn p9_blocking_call_is_not_held_up_by_a_runtime_that_stands_still() {
    let (_keeps, server) = serve([fine()]);
    let timeouts = Timeouts::default().attempt(HANG / 4);
    let core = builder(&server.url).timeouts(timeouts).build().unwrap();
    let still = single();
    for operation in [&GET, &POST] {
        assert_eq!(finish(&still, vec![start(&still, &core, operation)]), ["ok 1"]);
        let core = core.clone();
        let blocking: BoxFuture<'static, _> = Box::pin(async move { call(&core, operation).await });
        assert_eq!(summary(&blocking.wait()), "ok 1");
    }
}

/// The timer that it waits for is gone. That is an error of whoever keeps it; the others go on.
#[test]
fn p9_call_that_is_kept_beyond_its_runtime_panics_and_holds_up_nobody() {
    let (_keeps, server) = serve([fine()]);
    let core = builder(&server.url).pacer(Pacer::per_second(1)).build().unwrap();
    let (ends, stays) = (single(), several());
    assert_eq!(finish(&ends, vec![start(&ends, &core, &GET)]), ["ok 1"]);
    let mut kept = Box::pin({
        let core = core.clone();
        async move { summary(&call(&core, &GET).await) }
    });
    let begun = poll_fn(|context| Poll::Ready(kept.as_mut().poll(context).is_pending()));
    assert!(ends.block_on(begun));
    drop(ends);
    let (kept, other) = (stays.spawn(kept), start(&stays, &core, &GET));
    assert!(stays.block_on(kept).unwrap_err().is_panic());
    assert_eq!(finish(&stays, vec![other]), ["ok 1"]);
}

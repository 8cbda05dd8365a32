//! Futures that are dropped, kept and moved where one does not expect it.
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use shuttle::sync::Mutex;

use crate::calls::{Client, in_many_orders};
use crate::line::Kind;
use crate::transport::BoxFuture;
use crate::world::World;

type Kept = Arc<Mutex<Option<BoxFuture<'static, ()>>>>;

/// A call that takes part in the line.
fn waits(client: &Client, thread: usize) -> BoxFuture<'static, ()> {
    let client = client.clone();
    Box::pin(async move {
        let want = client.want(thread, Kind::New);
        let permit = client.pacing.reserve(&client.time, want).await;
        client.world.sleep(Duration::from_millis(40)).await;
        drop(permit);
    })
}

/// One thread begins a call, and keeps it as it is then.
fn begins(mut call: BoxFuture<'static, ()>, kept: &Kept) -> BoxFuture<'static, ()> {
    let kept = kept.clone();
    Box::pin(async move {
        let begun = poll_fn(|context| Poll::Ready(call.as_mut().poll(context)));
        assert!(begun.await.is_pending());
        *kept.lock().unwrap() = Some(call);
    })
}

/// Another thread drops the waiting call, at the moment in which it may be called.
#[test]
fn p8_call_that_another_thread_drops_holds_up_nobody() {
    in_many_orders(1_000, || {
        let world = World::new(6);
        let client = Client::new(&world, false);
        let kept = Kept::default();
        let drops: BoxFuture<'static, ()> = Box::pin({
            let (world, kept) = (world.clone(), kept.clone());
            async move {
                world.sleep(Duration::from_millis(1_040)).await;
                let call = kept.lock().unwrap().take();
                drop(call);
            }
        });
        let mut futures = vec![begins(waits(&client, 0), &kept), drops];
        futures.extend((1..4).map(|thread| waits(&client, thread)));
        futures.push(Box::pin(client.clone().check_end(4)));
        world.run(futures);
    });
}

/// One that is kept and never looked at again costs the others a moment, not all time.
#[test]
fn p8_call_that_is_kept_holds_up_nobody_for_long() {
    in_many_orders(1_000, || {
        let world = World::new(6);
        let client = Client::new(&world, true);
        let kept = Kept::default();
        let mut futures = vec![begins(waits(&client, 0), &kept)];
        for thread in 1..5 {
            let (world, call) = (world.clone(), waits(&client, thread));
            futures.push(Box::pin(async move {
                let call = world.within(Duration::from_secs(60), call).await;
                assert!(call.is_some(), "thread {thread} waits for one that is kept");
            }));
        }
        futures.push(Box::pin(client.clone().check_end(5)));
        world.run(futures);
        drop(kept.lock().unwrap().take());
    });
}

/// A task of the simplest of executors: nobody but its wakers keeps it.
struct Task(Mutex<Option<BoxFuture<'static, ()>>>);

impl Wake for Task {
    fn wake(self: Arc<Self>) {}
}

/// The executor is gone, and the line has the last waker of a task. To drop it drops the task, whose
/// call leaves the line: that must not be while the line is locked.
#[test]
fn last_waker_of_a_task_may_be_dropped_by_the_line() {
    in_many_orders(100, || {
        let world = World::new(3);
        let client = Client::new(&world, false);
        let begins: BoxFuture<'static, ()> = Box::pin({
            let client = client.clone();
            async move {
                waits(&client, 0).await;
                waits(&client, 0).await;
                let task = Arc::new(Task(Mutex::new(None)));
                let mut call = waits(&client, 0);
                let waker = Waker::from(task.clone());
                assert!(call.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
                *task.0.lock().unwrap() = Some(call);
            }
        });
        let follows: BoxFuture<'static, ()> = Box::pin({
            let client = client.clone();
            async move {
                client.world.sleep(Duration::from_millis(500)).await;
                waits(&client, 1).await;
            }
        });
        world.run(vec![begins, follows, Box::pin(client.clone().check_end(2))]);
    });
}

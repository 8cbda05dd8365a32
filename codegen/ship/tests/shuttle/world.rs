//! Threads that run futures, and a clock that goes on when all of them wait.
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant, SystemTime};

use shuttle::sync::{Condvar, Mutex};
use shuttle::thread;

use crate::clock::Clock;
use crate::transport::BoxFuture;

/// What has to be true whenever nothing happens any more at the present time; the second is the time
/// at which something happens next.
pub type Rest = Box<dyn Fn(Instant, Instant) + Send + Sync>;

/// Clones are the same world.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    turn: Condvar,
    rest: Mutex<Option<Rest>>,
}

struct State {
    now: Instant,
    /// For each thread that runs: whether it was called since it last looked.
    called: Vec<Option<bool>>,
    waiting: usize,
    running: usize,
    sleepers: Vec<(Instant, u64, Waker)>,
    next: u64,
}

impl World {
    /// A world of so many threads.
    pub fn new(threads: usize) -> Self {
        let state = State {
            now: Instant::now(),
            called: vec![Some(false); threads],
            waiting: 0,
            running: threads,
            sleepers: Vec::new(),
            next: 0,
        };
        let inner =
            Inner { state: Mutex::new(state), turn: Condvar::new(), rest: Mutex::new(None) };
        Self(Arc::new(inner))
    }

    pub fn at_rest(&self, rest: Rest) {
        *self.0.rest.lock().unwrap() = Some(rest);
    }

    /// Runs these, each in a thread of its own; there are as many as the world has threads.
    pub fn run(&self, futures: Vec<BoxFuture<'static, ()>>) {
        let start = |(number, future): (usize, BoxFuture<'static, ()>)| {
            let world = self.clone();
            thread::spawn(move || world.block_on(number, future))
        };
        let threads: Vec<_> = futures.into_iter().enumerate().map(start).collect();
        for thread in threads {
            thread.join().unwrap();
        }
    }

    fn block_on(&self, number: usize, future: BoxFuture<'static, ()>) {
        let waker = Waker::from(Arc::new(Knock { world: self.clone(), number }));
        let mut future = future;
        while future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            self.wait(number);
        }
        drop(future);
        let mut state = self.0.state.lock().unwrap();
        state.running -= 1;
        state.called[number] = None;
        drop(state);
        self.0.turn.notify_all();
    }

    /// Waits until the thread is called. The last one to wait moves the clock.
    fn wait(&self, number: usize) {
        self.0.state.lock().unwrap().waiting += 1;
        loop {
            let mut state = self.0.state.lock().unwrap();
            if state.called[number] == Some(true) {
                state.called[number] = Some(false);
                state.waiting -= 1;
                return;
            }
            if state.is_at_rest() {
                drop(state);
                self.advance();
            } else {
                drop(self.0.turn.wait(state).unwrap());
            }
        }
    }

    /// Goes to the next time that somebody waits for, if nothing happens any more at the present.
    fn advance(&self) {
        let rest = self.0.rest.lock().unwrap();
        let mut state = self.0.state.lock().unwrap();
        if !state.is_at_rest() {
            return;
        }
        let next = state.sleepers.iter().map(|(at, _, _)| *at).min();
        let next = next.expect("all wait, and for nothing");
        if let Some(rest) = &*rest {
            let now = state.now;
            drop(state);
            rest(now, next);
            state = self.0.state.lock().unwrap();
        }
        state.now = state.now.max(next);
        let due = state.due();
        drop(state);
        due.into_iter().for_each(Waker::wake);
    }

    /// Lets time pass, whoever is still at work.
    pub fn hurry(&self, by: Duration) {
        let mut state = self.0.state.lock().unwrap();
        state.now += by;
        let due = state.due();
        drop(state);
        due.into_iter().for_each(Waker::wake);
    }

    pub async fn sleep(&self, time: Duration) {
        self.sleep_until(self.now() + time).await;
    }

    /// The outcome of `future`, unless it takes longer than this.
    pub async fn within<F: Future>(&self, time: Duration, future: F) -> Option<F::Output> {
        let mut end = self.sleep_until(self.now() + time);
        let mut future = pin!(future);
        std::future::poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
            Poll::Pending => end.as_mut().poll(context).map(|()| None),
        })
        .await
    }
}

impl State {
    fn is_at_rest(&self) -> bool {
        self.waiting == self.running && !self.called.contains(&Some(true))
    }

    fn due(&mut self) -> Vec<Waker> {
        let now = self.now;
        let all = std::mem::take(&mut self.sleepers).into_iter();
        let (due, rest): (Vec<_>, Vec<_>) = all.partition(|(at, _, _)| *at <= now);
        self.sleepers = rest;
        due.into_iter().map(|(_, _, waker)| waker).collect()
    }
}

impl Clock for World {
    fn now(&self) -> Instant {
        self.0.state.lock().unwrap().now
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep_until(&self, at: Instant) -> BoxFuture<'static, ()> {
        let mut state = self.0.state.lock().unwrap();
        let number = state.next;
        state.next += 1;
        Box::pin(Sleep { world: self.clone(), at, number })
    }
}

struct Sleep {
    world: World,
    at: Instant,
    number: u64,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.world.0.state.lock().unwrap();
        if state.now >= self.at {
            return Poll::Ready(());
        }
        state.sleepers.retain(|(_, number, _)| *number != self.number);
        state.sleepers.push((self.at, self.number, context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let mut state = self.world.0.state.lock().unwrap();
        state.sleepers.retain(|(_, number, _)| *number != self.number);
    }
}

/// Calls a thread.
struct Knock {
    world: World,
    number: usize,
}

impl Wake for Knock {
    fn wake(self: Arc<Self>) {
        let mut state = self.world.0.state.lock().unwrap();
        if let Some(called) = &mut state.called[self.number] {
            *called = true;
        }
        drop(state);
        self.world.0.turn.notify_all();
    }
}

//! Runs a schedule through the client on the paused clock.
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use ship::runtime::{
    CallOptions, Error, Operation, Pacer, Retry, RetrySafety, Retrying, Timeouts, Transport, decode,
};
use tokio::time::{Instant, sleep, timeout};

use crate::schedule::{Plan, Schedule};
use crate::world::{Event, World};

static READ: Operation = Operation {
    id: "getThing",
    method: Method::GET,
    path: "/{id}",
    retry: RetrySafety::Safe,
    security: &[],
};

/// How a call ended, and when.
#[derive(Debug)]
pub struct Ended {
    pub came: Instant,
    pub at: Instant,
    /// `None`: it was given up.
    pub outcome: Option<Result<(), Error>>,
}

/// What a schedule led to.
pub struct Ran {
    pub world: World,
    pub ended: Vec<Ended>,
    /// How many calls came in the end, when, and the number of the first.
    pub burst: (usize, Instant, usize),
}

/// Blocks on `future`, with a clock that skips all waiting.
pub fn paused<F: Future>(future: F) -> F::Output {
    fastrand::seed(1);
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(future)
}

/// A client that does not lose patience.
pub fn client<T: Transport>(schedule: &Schedule, transport: T) -> Retrying<T> {
    let pacer = Pacer::per_second(schedule.limit)
        .hold_cap(schedule.hold.map(Duration::from_millis))
        .max_in_flight(schedule.max_in_flight);
    let timeouts = Timeouts::default()
        .connect(Duration::from_millis(schedule.connect))
        .pool_idle(Duration::from_millis(schedule.idle));
    let retry = Retry::default().attempts(8).deadline(Duration::from_secs(36_000)).budget(u32::MAX);
    Retrying::new(transport, retry).timeouts(timeouts).pacer(&pacer, None).unwrap()
}

/// Makes the call of this number.
pub async fn call<T: Transport>(
    client: &Retrying<T>,
    number: usize,
    options: &CallOptions,
) -> Result<(), Error> {
    let request = http::Request::get(format!("https://host/{number}")).body(Bytes::new()).unwrap();
    client.call(&READ, request, options, decode::nothing).await.map(drop)
}

/// Runs `schedule` and then, when all is quiet, as many calls as the limit at once.
pub fn run(schedule: &Schedule) -> Ran {
    paused(async {
        let world = World::new(schedule);
        let client = Arc::new(client(schedule, world.clone()));
        let mut next = schedule.calls.len();
        if schedule.is_warm {
            next = burst(&client, next, schedule.limit).await;
            sleep(Duration::from_millis(100)).await;
        }
        let ended = all(&client, &world, &schedule.calls).await;
        // Refusals, cuts and all that is under way are over.
        sleep(Duration::from_secs(120)).await;
        next = burst(&client, next, 1).await;
        sleep(Duration::from_secs(120)).await;
        let (first, came, limit) = (next, Instant::now(), world.limit());
        let burst = burst(&client, first, limit).await - first;
        Ran { world, ended, burst: (burst, came, first) }
    })
}

/// So many calls at once, with numbers from `first` on; the number after them.
pub async fn burst<T: Transport>(client: &Arc<Retrying<T>>, first: usize, calls: u32) -> usize {
    let end = first + calls as usize;
    let start = |number: usize| {
        let client = client.clone();
        tokio::spawn(async move { call(&client, number, &CallOptions::new()).await })
    };
    let tasks: Vec<_> = (first..end).map(start).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    end
}

async fn all(client: &Arc<Retrying<World>>, world: &World, plans: &[Plan]) -> Vec<Ended> {
    let start = |(number, plan): (usize, &Plan)| {
        let (client, world, plan) = (client.clone(), world.clone(), plan.clone());
        tokio::spawn(async move { one(&client, &world, number, &plan).await })
    };
    let tasks: Vec<_> = plans.iter().enumerate().map(start).collect();
    let mut ended = Vec::new();
    for task in tasks {
        ended.push(task.await.unwrap());
    }
    ended
}

async fn one(client: &Retrying<World>, world: &World, number: usize, plan: &Plan) -> Ended {
    if plan.at > 0 {
        sleep(Duration::from_millis(plan.at)).await;
    }
    let mut options = CallOptions::new();
    if let Some(deadline) = plan.deadline {
        options = options.deadline(Duration::from_millis(deadline));
    }
    let came = Instant::now();
    world.log().events.push(Event::Arrival { call: number });
    let call = call(client, number, &options);
    let outcome = match plan.gives_up {
        Some(time) => timeout(Duration::from_millis(time), call).await.ok(),
        None => Some(call.await),
    };
    Ended { came, at: Instant::now(), outcome }
}

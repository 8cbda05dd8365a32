//! A limit that several machines share.
use std::sync::Arc;
use std::time::Duration;

use ship::runtime::{BoxFuture, Budget, BudgetError, CallOptions, Pacer, Retry, Retrying};
use tokio::time::{Instant, sleep};

use crate::run::{call, paused};
use crate::schedule::{End, Fate, Plan, Schedule};
use crate::world::World;

/// Gives each start after so many seconds.
struct After(u64);

impl Budget for After {
    fn reserve(&self) -> BoxFuture<'_, Result<(), BudgetError>> {
        Box::pin(async {
            sleep(Duration::from_secs(self.0)).await;
            Ok(())
        })
    }
}

/// The time of the attempt was over when the budget gave its start: the request left, was given up
/// at once, and may have been executed.
#[test]
fn attempt_begins_when_the_budget_gives_its_start() {
    let fate = Fate { uplink: 0, downlink: 500, end: End::Answered };
    let plan = Plan { at: 0, gives_up: None, deadline: None, fates: vec![fate] };
    let schedule = Schedule {
        limit: 10,
        max_in_flight: 100,
        hold: Some(250),
        connect: 5_000,
        idle: 50_000,
        is_warm: false,
        calls: vec![plan],
    };
    paused(async {
        let world = World::new(&schedule);
        let pacer = Pacer::per_second(10).shared_budget(After(40));
        let client = Retrying::new(world, Retry::off()).pacer(&pacer, None).unwrap();
        let came = Instant::now();
        call(&Arc::new(client), 0, &CallOptions::new()).await.unwrap();
        assert_eq!(came.elapsed().as_millis() / 10, 4_050);
    });
}

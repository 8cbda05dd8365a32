//! Schedules that once broke a promise.
use std::time::Duration;

use ship::runtime::Error;

use crate::schedule::{End, Fate, Plan, Schedule};
use crate::world::Event;
use crate::{check, run};

fn schedule(limit: u32, calls: Vec<Plan>) -> Schedule {
    Schedule {
        limit,
        max_in_flight: 100,
        hold: Some(250),
        connect: 5_000,
        idle: 50_000,
        is_warm: false,
        calls,
    }
}

/// A call whose first attempts end like this, each after so many milliseconds.
fn plan(at: u64, fates: &[(End, u64)]) -> Plan {
    let fate = |(end, downlink): &(End, u64)| Fate { uplink: 0, downlink: *downlink, end: *end };
    Plan { at, gives_up: None, deadline: None, fates: fates.iter().map(fate).collect() }
}

/// The request that tried was accepted, but another had been refused for ten seconds meanwhile.
#[test]
fn refusal_counts_on_when_the_request_that_tries_is_accepted() {
    let calls = vec![
        plan(0, &[(End::Refused(None), 10), (End::Answered, 2_000)]),
        plan(0, &[(End::Refused(Some(10)), 2_000)]),
        plan(5_000, &[]),
    ];
    let schedule = schedule(10, calls);
    let ran = run::run(&schedule);
    check::all(&schedule, &ran);
    assert!(ran.ended[2].at - ran.ended[2].came >= Duration::from_secs(7));
}

/// More slots were taken than the lowered limit has. They came free within the second, but the call
/// was turned away as if that took one second for each ten.
#[test]
fn call_is_not_turned_away_for_slots_of_a_higher_limit() {
    let mut calls = vec![plan(0, &[(End::Answered, 10)]); 60];
    calls[0] = plan(0, &[(End::Lowered(10), 10)]);
    calls.push(Plan { deadline: Some(2_000), ..plan(500, &[]) });
    let schedule = schedule(100, calls);
    check::all(&schedule, &run::run(&schedule));
}

/// Its turn came ten milliseconds before its deadline: the request left, and was given up.
#[test]
fn call_does_not_start_without_time() {
    let calls = vec![
        plan(0, &[(End::Answered, 990)]),
        Plan { deadline: Some(1_000), ..plan(0, &[]) },
        plan(0, &[]),
    ];
    let ran = run::run(&Schedule { max_in_flight: 1, ..schedule(100, calls) });
    let starts = ran
        .world
        .log()
        .events
        .clone()
        .into_iter()
        .filter(|event| matches!(event, Event::Start { call: 1, .. }));
    assert_eq!(starts.count(), 0);
    assert!(matches!(ran.ended[1].outcome, Some(Err(Error::Timeout(_)))));
    assert!(matches!(ran.ended[2].outcome, Some(Ok(()))));
}

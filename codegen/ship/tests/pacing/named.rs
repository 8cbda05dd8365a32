//! Schedules that once broke a promise.
use std::time::Duration;

use crate::schedule::{End, Fate, Plan, Schedule};
use crate::{check, run};

fn schedule(limit: u32, calls: Vec<Plan>) -> Schedule {
    Schedule {
        limit,
        max_in_flight: 64,
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

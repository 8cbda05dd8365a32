//! Calls with little time: none is turned away that would have made it, none is kept too long.
use std::time::Duration;

use proptest::prelude::*;
use ship::runtime::{Error, TimeoutPhase};
use tokio::time::Instant;

use crate::run::{Ended, Ran};
use crate::schedule::{Plan, Schedule, arrival, for_all, schedules, slow};
use crate::world::Event;
use crate::{check, run};

/// The time that a first attempt must have.
const LEAST: Duration = Duration::from_millis(20);
const TICK: Duration = Duration::from_millis(2);

/// Calls of which some have a deadline, while all others are answered.
fn hurried() -> impl Strategy<Value = Schedule> {
    let deadline = prop_oneof![1 => Just(None), 1 => (20..8_000_u64).prop_map(Some)];
    let plan = (arrival(), deadline, slow()).prop_map(|(at, deadline, fate)| Plan {
        at,
        gives_up: None,
        deadline,
        fates: vec![fate],
    });
    let plan = plan.boxed();
    prop_oneof![schedules(plan.clone(), true, 60), schedules(plan, false, 60)]
}

fn is_turned_away(ended: &Ended) -> bool {
    match &ended.outcome {
        Some(Err(Error::Timeout(error))) => error.phase() == TimeoutPhase::WaitingForSlot,
        _ => false,
    }
}

fn start_of(ran: &Ran, number: usize) -> Option<Instant> {
    ran.world.log().events.iter().find_map(|event| match event {
        Event::Start { at, call, .. } if *call == number => Some(*at),
        _ => None,
    })
}

/// What must be true of a call whatever the others do.
fn check_time(ran: &Ran, number: usize, deadline: u64) {
    let (ended, deadline) = (&ran.ended[number], Duration::from_millis(deadline));
    assert!(ended.at <= ended.came + deadline + TICK, "call {number} ends late");
    if let Some(start) = start_of(ran, number) {
        assert!(start + LEAST <= ended.came + deadline, "call {number} starts without time");
    }
}

/// The same schedule, but this call has all the time it wants: it starts too late. That is not known
/// if one that stood before it leaves the line.
fn check_refusal(schedule: &Schedule, refused: &Ended, number: usize, deadline: u64) {
    let mut patient = schedule.clone();
    patient.calls[number].deadline = None;
    let ran = run::run(&patient);
    let came = ran.ended[number].came;
    let asked = refused.at - refused.came;
    let leaves =
        |other: &Ended| is_turned_away(other) && other.came <= came && other.at >= came + asked;
    if ran.ended.iter().any(leaves) {
        return;
    }
    let (start, end) = (start_of(&ran, number).unwrap(), came + Duration::from_millis(deadline));
    assert!(start + LEAST + TICK > end, "call {number} could have started {:?} early", end - start);
}

#[test]
fn only_those_are_turned_away_that_would_be_too_late() {
    for_all(150, &hurried(), |schedule| {
        let ran = run::run(schedule);
        check::counts(&ran.world.log().counted);
        let mut turned_away = Vec::new();
        for (number, plan) in schedule.calls.iter().enumerate() {
            let Some(deadline) = plan.deadline else { continue };
            check_time(&ran, number, deadline);
            if is_turned_away(&ran.ended[number]) {
                turned_away.push((ran.ended[number].at, number, deadline));
            }
        }
        if let Some((_, number, deadline)) = turned_away.into_iter().min() {
            check_refusal(schedule, &ran.ended[number], number, deadline);
        }
    });
}

//! What must be true of any run.
use std::time::Duration;

use tokio::time::Instant;

use crate::run::Ran;
use crate::schedule::Schedule;
use crate::world::{Counted, Event};

const SECOND: Duration = Duration::from_secs(1);

/// How long the others wait for a request that tries.
const PATIENCE: Duration = Duration::from_secs(5);

/// The timer has whole milliseconds.
const TICK: Duration = Duration::from_millis(2);

pub fn all(schedule: &Schedule, ran: &Ran) {
    let log = ran.world.log();
    counts(&log.counted);
    order(&log.events);
    refusals(&log.events);
    in_flight(&log.events, schedule.max_in_flight);
    for (number, ended) in ran.ended.iter().enumerate() {
        if let Some(Err(error)) = &ended.outcome {
            panic!("call {number} failed: {error}");
        }
    }
    burst(&log.events, ran);
}

/// By no rule does the service count more than the limit. Where it lowered the limit, that holds
/// for the requests sent since then by themselves.
pub fn counts(counted: &[Counted]) {
    let mut limits: Vec<u32> = counted.iter().map(|counted| counted.limit).collect();
    limits.sort_unstable();
    limits.dedup();
    for limit in limits {
        let since = counted.iter().filter(|counted| counted.limit <= limit);
        let mut times: Vec<Instant> = since.map(|counted| counted.at).collect();
        times.sort_unstable();
        sliding(&times, limit as usize);
        aligned(&times, limit as usize);
        bucket(&times, limit);
    }
}

/// Any second, from its start to just before its end.
fn sliding(times: &[Instant], limit: usize) {
    for (first, next) in times.iter().zip(times.iter().skip(limit)) {
        let distance = *next - *first;
        assert!(distance >= SECOND, "{} requests are counted in {distance:?}", limit + 1);
    }
}

/// Whole seconds by the clock.
fn aligned(times: &[Instant], limit: usize) {
    let Some(start) = times.first() else { return };
    let mut seconds: Vec<u64> = times.iter().map(|at| (*at - *start).as_secs()).collect();
    seconds.sort_unstable();
    let most = seconds.chunk_by(|a, b| a == b).map(<[u64]>::len).max();
    assert!(most <= Some(limit), "{most:?} requests are counted in a whole second");
}

/// A bucket of this size that is filled in a second.
fn bucket(times: &[Instant], limit: u32) {
    let full = Duration::from_secs(limit.into());
    let (mut level, mut last) = (full, times.first().copied());
    for at in times {
        let since = last.replace(*at).map_or(Duration::ZERO, |last| *at - last);
        level = level.saturating_add(since.saturating_mul(limit)).min(full);
        level = level.checked_sub(SECOND).expect("the bucket is empty");
    }
}

/// First attempts start in the order in which their calls came; refused ones in the order of their
/// refusals.
fn order(events: &[Event]) {
    let arrivals = events.iter().filter_map(|event| match event {
        Event::Arrival { call } => Some(*call),
        _ => None,
    });
    let mut arrivals = arrivals.fuse();
    let mut refused = std::collections::BTreeMap::new();
    let mut last_refused = None;
    for (place, event) in events.iter().enumerate() {
        match event {
            Event::Refusal { call, .. } => {
                refused.insert(*call, place);
            }
            Event::Start { call, attempt, .. } => {
                if let Some(refusal) = refused.remove(call) {
                    assert!(last_refused < Some(refusal), "call {call} was refused later");
                    last_refused = Some(refusal);
                } else if *attempt == 1 && is_planned(events, *call) {
                    // Those between them gave up, or those would come after one that came later.
                    assert!(arrivals.any(|came| came == *call), "call {call} is out of turn");
                }
            }
            _ => {}
        }
    }
}

fn is_planned(events: &[Event], call: usize) -> bool {
    events.iter().any(|event| matches!(event, Event::Arrival { call: came } if *came == call))
}

/// After a refusal nobody sends for as long as it asks; then one at a time, until one is accepted.
fn refusals(events: &[Event]) {
    let mut closed: Option<Instant> = None;
    let mut is_probing = false;
    let mut probe: Option<(usize, Instant)> = None;
    for event in events {
        match *event {
            Event::Start { at, flight, call, .. } => {
                assert!(closed <= Some(at), "call {call} starts while nobody may");
                if is_probing {
                    let other = probe.filter(|(_, start)| *start + PATIENCE > at);
                    assert_eq!(other, None, "call {call} starts beside one that tries");
                    probe = Some((flight, at));
                }
            }
            Event::Refusal { at, hint, flight, .. } => {
                let wait = Duration::from_secs(hint.unwrap_or_default()).max(SECOND);
                closed = closed.max(Some(at + wait));
                is_probing = true;
                probe = probe.filter(|(probe, _)| *probe != flight);
            }
            Event::Answer { at, flight } if probe.is_some_and(|(probe, _)| probe == flight) => {
                // A refusal that came meanwhile counts on.
                probe = None;
                is_probing = closed > Some(at);
            }
            Event::Landed { flight } => probe = probe.filter(|(probe, _)| *probe != flight),
            _ => {}
        }
    }
}

fn in_flight(events: &[Event], most: usize) {
    let mut flights = 0;
    for event in events {
        match event {
            Event::Start { .. } => flights += 1,
            Event::Landed { .. } => flights -= 1,
            _ => {}
        }
        assert!(flights <= most, "{flights} requests are under way");
    }
}

/// In the end no slot was lost: as many calls as the limit start at once.
fn burst(events: &[Event], ran: &Ran) {
    let (calls, came, first) = ran.burst;
    let started = events.iter().filter(|event| match event {
        Event::Start { at, call, .. } => *call >= first && *at <= came + TICK,
        _ => false,
    });
    assert_eq!(started.count(), calls, "slots are lost");
}

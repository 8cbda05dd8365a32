//! Schedules that break the premise, before a service that refuses what is over its limit.
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;
use ship::runtime::{Attempt, BoxFuture, CallOptions, Transport, TransportError};
use tokio::time::{Instant, sleep};

use crate::run::{burst, call, client, paused};
use crate::schedule::{End, Fate, Plan, Schedule, arrival, for_all, schedules};

/// Takes `limit` requests in any second.
#[derive(Default)]
struct Service {
    limit: usize,
    /// Whether those that it refuses count too.
    is_strict: bool,
    hint: Option<u64>,
    counted: VecDeque<Instant>,
    refused: usize,
}

impl Service {
    fn arrive(&mut self) -> http::Response<Bytes> {
        let now = Instant::now();
        while self.counted.front().is_some_and(|at| now - *at >= Duration::from_secs(1)) {
            self.counted.pop_front();
        }
        let is_refused = self.counted.len() >= self.limit;
        if !is_refused || self.is_strict {
            self.counted.push_back(now);
        }
        self.refused += usize::from(is_refused);
        let mut answer = http::Response::builder().status(if is_refused { 429 } else { 200 });
        if let Some(hint) = self.hint.filter(|_| is_refused) {
            answer = answer.header("retry-after", hint);
        }
        answer.body(Bytes::new()).unwrap()
    }
}

/// A network on which requests arrive also when nobody waits for their answers any more.
struct Network {
    plans: Vec<Plan>,
    service: Arc<Mutex<Service>>,
}

impl Transport for Network {
    fn send(
        &self,
        request: http::Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let number: usize = request.uri().path()[1..].parse().unwrap();
        let fates = self.plans.get(number).map_or(&[][..], |plan| &plan.fates);
        let fate = fates.get(attempt.number as usize - 1).copied().unwrap_or(Fate::WELL);
        let service = self.service.clone();
        let arrival = tokio::spawn(async move {
            sleep(Duration::from_millis(fate.uplink)).await;
            let answer = service.lock().unwrap().arrive();
            sleep(Duration::from_millis(fate.downlink)).await;
            answer
        });
        Box::pin(async { Ok(arrival.await.unwrap()) })
    }
}

/// What a service does, and calls of which every few attempts travel for too long.
fn late() -> impl Strategy<Value = (bool, Option<u64>, Schedule)> {
    let uplink = prop_oneof![6 => 0..250_u64, 2 => 250..2_000_u64, 1 => 0..8_000_u64];
    let fate = (uplink, 0..500_u64);
    let fate = fate.prop_map(|(uplink, downlink)| Fate { uplink, downlink, end: End::Answered });
    let gives_up = prop_oneof![5 => Just(None), 1 => (0..4_000_u64).prop_map(Some)];
    let plan = (arrival(), gives_up, prop::collection::vec(fate, 1..4));
    let plan = plan.prop_map(|(at, gives_up, fates)| Plan { at, gives_up, deadline: None, fates });
    let hint = prop_oneof![Just(None), (0..3_u64).prop_map(Some)];
    (any::<bool>(), hint, schedules(plan, true, 200))
}

fn service(schedule: &Schedule, is_strict: bool, hint: Option<u64>) -> Arc<Mutex<Service>> {
    let limit = schedule.limit as usize;
    Arc::new(Mutex::new(Service { limit, is_strict, hint, ..Service::default() }))
}

/// Runs all calls, and then as many as the limit at once; how many requests were refused.
fn run(schedule: &Schedule, service: &Arc<Mutex<Service>>) -> usize {
    paused(async {
        let network = Network { plans: schedule.calls.clone(), service: service.clone() };
        let client = Arc::new(client(schedule, network));
        let start = |(number, plan): (usize, &Plan)| {
            let (client, plan) = (client.clone(), plan.clone());
            tokio::spawn(async move {
                sleep(Duration::from_millis(plan.at)).await;
                let options = CallOptions::new();
                let call = call(&client, number, &options);
                match plan.gives_up {
                    Some(time) => {
                        tokio::time::timeout(Duration::from_millis(time), call).await.ok()
                    }
                    None => Some(call.await),
                }
            })
        };
        let tasks: Vec<_> = schedule.calls.iter().enumerate().map(start).collect();
        for (number, task) in tasks.into_iter().enumerate() {
            if let Some(Err(error)) = task.await.unwrap() {
                panic!("call {number} failed: {error}");
            }
        }
        // Requests of calls that were given up may still arrive. When all is quiet, the limit can be
        // used again to the full.
        sleep(Duration::from_secs(120)).await;
        let refused = service.lock().unwrap().refused;
        let first = schedule.calls.len();
        burst(&client, first, 1).await;
        sleep(Duration::from_secs(120)).await;
        burst(&client, first, schedule.limit).await;
        assert_eq!(service.lock().unwrap().refused, refused);
        refused
    })
}

#[test]
fn p8_calls_end_well_though_requests_travel_for_too_long() {
    for_all(150, &late(), |(is_strict, hint, schedule)| {
        run(schedule, &service(schedule, *is_strict, *hint));
    });
}

/// The premise is of some worth: this is what breaks it.
#[test]
fn p8_requests_that_travel_for_too_long_are_refused_and_repeated() {
    let fate = |uplink| vec![Fate { uplink, ..Fate::WELL }];
    let plan = |at, uplink| Plan { at, gives_up: None, deadline: None, fates: fate(uplink) };
    let mut calls = vec![plan(0, 0); 10];
    calls.extend(vec![plan(2_000, 1_400); 10]);
    calls.extend(vec![plan(2_000, 0); 10]);
    let schedule = Schedule {
        limit: 10,
        max_in_flight: 100,
        hold: Some(250),
        connect: 5_000,
        idle: 50_000,
        is_warm: false,
        calls,
    };
    for is_strict in [false, true] {
        let refused = run(&schedule, &service(&schedule, is_strict, None));
        assert!((1..=10).contains(&refused), "{refused}");
    }
}

//! What may happen: when calls come and go, and how the network and the service treat them.
use std::fmt::{self, Debug};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// All times are milliseconds.
#[derive(Debug, Clone)]
pub struct Schedule {
    pub limit: u32,
    pub max_in_flight: usize,
    /// The hold cap; `None` is off.
    pub hold: Option<u64>,
    pub connect: u64,
    pub idle: u64,
    /// Whether as many calls as the limit are answered before the first of `calls`.
    pub is_warm: bool,
    pub calls: Vec<Plan>,
}

/// One call.
#[derive(Debug, Clone)]
pub struct Plan {
    pub at: u64,
    /// When its future is dropped, after `at`.
    pub gives_up: Option<u64>,
    pub deadline: Option<u64>,
    /// What happens to its attempts. All goes well with those after them.
    pub fates: Vec<Fate>,
}

/// One attempt.
#[derive(Clone, Copy)]
pub struct Fate {
    /// Thousandths of the longest time to the service that the premise allows.
    pub uplink: u64,
    pub downlink: u64,
    pub end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Answered,
    /// Status 503.
    Failed,
    /// Status 429, with or without a number of seconds.
    Refused(Option<u64>),
    /// Counted, but no answer comes.
    Lost,
    /// Counted, and said to be refused unprocessed (HTTP/2).
    Shed,
    /// It never left.
    Unsent,
    /// Answered, with a lower limit for the time after.
    Lowered(u32),
}

/// On one line: schedules are long.
impl Debug for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} after {}/1000 and {} ms", self.end, self.uplink, self.downlink)
    }
}

impl Fate {
    pub const WELL: Self = Self { uplink: 0, downlink: 0, end: End::Answered };
}

/// Tries `test` with the schedules of `strategy`: the same ones each time, unless the environment
/// asks for others.
pub fn for_all<S>(cases: u32, strategy: &S, test: impl Fn(&S::Value))
where
    S: Strategy,
    S::Value: Debug,
{
    let is_set = |name: &str| std::env::var_os(name).is_some();
    let asked = Config::default();
    let config = Config {
        cases: if is_set("PROPTEST_CASES") { asked.cases } else { cases },
        rng_seed: if is_set("PROPTEST_RNG_SEED") { asked.rng_seed } else { RngSeed::Fixed(8) },
        failure_persistence: None,
        ..asked
    };
    let outcome = TestRunner::new(config).run(strategy, |value| {
        test(&value);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// Small limits are reached by short schedules, which say more.
pub fn limit() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 1..=6_u32, 2 => 7..=30_u32, 1 => 31..=100_u32, 1 => Just(100)]
}

/// Times at which calls come: many together, many close, some far apart.
pub fn arrival() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(0), 4 => 0..3_000_u64, 2 => 0..20_000_u64, 1 => (0..20_u64).prop_map(|s| s * 1000)]
}

/// Both ends of what is allowed, and all between.
fn uplink() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(0), 3 => Just(1000), 4 => 0..=1000_u64]
}

fn downlink() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(0), 4 => 0..300_u64, 1 => 0..4_000_u64]
}

/// An attempt that is answered, sooner or later.
pub fn slow() -> impl Strategy<Value = Fate> {
    (uplink(), downlink()).prop_map(|(uplink, downlink)| Fate {
        uplink,
        downlink,
        end: End::Answered,
    })
}

/// An attempt that may end in any way. `limit` is the lowest that the service comes to name.
fn any_fate(limit: u32) -> impl Strategy<Value = Fate> {
    let end = prop_oneof![
        8 => Just(End::Answered),
        1 => Just(End::Failed),
        1 => prop_oneof![Just(None), (0..4_u64).prop_map(Some)].prop_map(End::Refused),
        1 => Just(End::Lost),
        1 => Just(End::Shed),
        1 => Just(End::Unsent),
        1 => (limit..=limit + 20).prop_map(End::Lowered),
    ];
    (slow(), end).prop_map(|(fate, end)| Fate { end, ..fate })
}

fn plan() -> impl Strategy<Value = Plan> {
    let gives_up = prop_oneof![3 => Just(None), 1 => (0..4_000_u64).prop_map(Some)];
    (arrival(), gives_up, prop::collection::vec(any_fate(1), 0..4))
        .prop_map(|(at, gives_up, fates)| Plan { at, gives_up, deadline: None, fates })
}

/// Schedules of calls of this kind, with a hold cap or without.
pub fn schedules(
    plan: impl Strategy<Value = Plan>,
    capped: bool,
    calls: usize,
) -> impl Strategy<Value = Schedule> {
    let cap = prop_oneof![3 => Just(250), 1 => 0..1_000_u64];
    let hold = cap.prop_map(move |cap| capped.then_some(cap));
    let max_in_flight = prop_oneof![2 => Just(100), 1 => 1..=10_usize, 1 => Just(1_000)];
    let connect = prop_oneof![1 => Just(5_000), 1 => 1..3_000_u64];
    let idle = prop_oneof![1 => Just(50_000), 1 => 500..4_000_u64];
    let calls = prop::collection::vec(plan, 1..calls);
    (limit(), max_in_flight, hold, connect, idle, any::<bool>(), calls).prop_map(
        |(limit, max_in_flight, hold, connect, idle, is_warm, calls)| Schedule {
            limit,
            max_in_flight,
            hold,
            connect,
            idle,
            is_warm,
            calls,
        },
    )
}

/// Anything that keeps the premise.
pub fn any_schedule(capped: bool) -> impl Strategy<Value = Schedule> {
    schedules(plan(), capped, 160)
}

//! How calls are spread over time: the limit of a second, on the paused clock.
use std::time::Duration;

use ship::runtime::Pacer;
use tokio::time::{Instant, sleep};

use crate::support::paced::{client, drain, paced};
use crate::support::sim::{Network, Rule, Sim};

const RULES: [Rule; 4] = [Rule::Sliding, Rule::Fixed, Rule::Bucket, Rule::Penal];

/// Ten seconds' worth of calls take nine and the ninefold round trip, and nothing is refused.
async fn assert_drains(rule: Rule, network: Network, seed: u64) {
    let sim = Sim::new(rule, 100, network, seed);
    let client = client(sim.clone());
    let started = Instant::now();
    assert!(drain(&client, 1000).await.is_empty(), "{rule:?} {network:?}");
    let took = started.elapsed().as_secs_f64();
    assert_eq!(sim.refused(), 0, "{rule:?} {network:?} {seed}");
    assert!(sim.peak() <= 100, "{rule:?} {network:?} {seed}: {}", sim.peak());
    let trip = (2 * network.least + network.jitter) as f64 / 1000.0;
    let first = network.handshake as f64 / 1000.0 + 2.0 * trip;
    let most = 9.0 * (1.0 + trip.min(0.25)) * 1.05 + first;
    assert!((9.0..most).contains(&took), "{rule:?} {network:?} {seed}: {took} of {most}");
}

#[tokio::test(start_paused = true)]
async fn p1_burst_is_spread_without_a_refusal_by_any_rule() {
    for rule in RULES {
        for network in [
            Network::new(0, 0),
            Network::new(10, 0),
            Network::new(50, 0),
            Network::new(20, 30),
            Network::new(0, 100),
            Network::new(0, 200),
            Network::new(100, 0),
        ] {
            for seed in 0..3 {
                assert_drains(rule, network, seed).await;
            }
        }
    }
}

/// A request that travels for longer than the cap may be counted together with later ones.
#[tokio::test(start_paused = true)]
async fn p1_travel_beyond_the_cap_costs_a_few_refusals_and_no_failure() {
    for rule in RULES {
        for seed in 0..5 {
            let sim = Sim::new(rule, 100, Network::new(0, 300), seed);
            assert!(drain(&client(sim.clone()), 1000).await.is_empty());
            assert!(sim.refused() <= 10, "{rule:?} {seed}: {}", sim.refused());

            let sim = Sim::new(rule, 100, Network::new(0, 300), seed);
            let uncapped = paced(sim.clone(), &Pacer::new().hold_cap(None));
            assert!(drain(&uncapped, 1000).await.is_empty());
            assert_eq!(sim.refused(), 0, "{rule:?} {seed}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p4_connections_that_take_long_to_make_cost_no_refusal() {
    for rule in RULES {
        for handshake in [300, 1000] {
            for seed in 0..3 {
                let network = Network::new(20, 30).handshake(handshake);
                let sim = Sim::new(rule, 100, network, seed);
                let client = client(sim.clone());
                for _ in 0..3 {
                    assert!(drain(&client, 300).await.is_empty());
                    assert_eq!(sim.refused(), 0, "{rule:?} {handshake} {seed}");
                    // All connections are gone after that.
                    sleep(Duration::from_secs(60)).await;
                }
            }
        }
    }
}

/// A service may close connections long before the client does, and nobody tells.
#[tokio::test(start_paused = true)]
async fn p4_connections_that_the_service_closed_early_cost_no_refusal() {
    for rule in RULES {
        for seed in 0..3 {
            let network = Network::new(20, 30).handshake(400).keep_alive(5);
            let sim = Sim::new(rule, 100, network, seed);
            let client = client(sim.clone());
            for pause in [0, 3, 8, 30] {
                sleep(Duration::from_secs(pause)).await;
                assert!(drain(&client, 300).await.is_empty());
                assert_eq!(sim.refused(), 0, "{rule:?} {pause} {seed}");
            }
        }
    }
}

/// Warm at a low concurrency, then a burst that opens many connections.
#[tokio::test(start_paused = true)]
async fn p4_late_growth_costs_few_refusals_and_recovers() {
    for rule in RULES {
        for handshake in [300, 1000] {
            for seed in 0..3 {
                let network = Network::new(20, 30).handshake(handshake);
                let sim = Sim::new(rule, 100, network, seed);
                let client = client(sim.clone());
                for _ in 0..30 {
                    assert!(drain(&client, 8).await.is_empty());
                }
                assert_eq!(sim.refused(), 0);
                assert!(drain(&client, 500).await.is_empty());
                assert!(sim.refused() <= 5, "{rule:?} {handshake}: {}", sim.refused());
            }
        }
    }
}

/// Others send half of what the service takes, and do not hold back.
#[tokio::test(start_paused = true)]
async fn p5_others_on_the_same_limit_are_left_room() {
    for rule in RULES {
        for seed in 0..3 {
            let sim = Sim::new(rule, 100, Network::new(20, 30), seed);
            sim.others(50);
            let started = Instant::now();
            assert!(drain(&client(sim.clone()), 2000).await.is_empty(), "{rule:?} {seed}");
            let seen = sim.seen();
            let theirs = seen.foreign_refused as f64 / seen.foreign as f64;
            // A bucket lets a burst through and then refuses what is under way all at once, which the
            // jitter of the waits makes 40 to 85.
            let most = if rule == Rule::Bucket { 100 } else { 40 };
            assert!(seen.refused <= most, "{rule:?} {seed}: {} of ours refused", seen.refused);
            assert!(theirs <= 0.15, "{rule:?} {seed}: {theirs} of theirs refused");
            assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
        }
    }
}

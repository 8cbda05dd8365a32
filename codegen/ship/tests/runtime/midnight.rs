//! Days that end while requests are under way, and clocks that disagree about when.
use std::sync::Arc;
use std::time::Duration;

use ship::runtime::{Pacer, Retry, Retrying, Sent, TransportErrorKind};
use tokio::time::sleep;

use crate::support::clock::Wall;
use crate::support::paced::{LIMITS, read, spawn, timed};
use crate::support::script::{Script, Step, answer, ok};

const MORNING: &str = "Wed, 25 Nov 2026 06:00:00 GMT";

/// Requests of yesterday that never left are not given back to today.
#[tokio::test(start_paused = true)]
async fn request_that_failed_over_midnight_gives_nothing_back() {
    let clock = Wall::at("Wed, 25 Nov 2026 23:59:58 GMT");
    let lost = Step::Fault(Sent::No, TransportErrorKind::Connect);
    let script = Script::new([Step::Delay(Duration::from_secs(3)), lost, ok()]);
    let client = Retrying::new(script.clone(), Retry::off()).clock(clock.clone());
    let client = client.pacer(&Pacer::new().daily_budget(2), Some(LIMITS)).unwrap();
    let client = Arc::new(client);
    let late = spawn(&client).await;
    script.then([ok()]);
    sleep(Duration::from_millis(2100)).await;
    read(&client).await.unwrap();
    assert!(late.await.unwrap().is_ok() || client.quota().sent_today == 1);
    read(&client).await.unwrap();
    assert!(read(&client).await.is_err(), "{:?}", client.quota());
}

#[tokio::test(start_paused = true)]
async fn clock_that_steps_over_midnight_and_back_starts_one_day() {
    let clock = Wall::at("Wed, 25 Nov 2026 23:59:59 GMT");
    let script = Script::new([ok()]);
    let client = timed(script.clone(), &clock, &Pacer::new().daily_budget(5));
    for step in 0..6 {
        for _ in 0..10 {
            let _ = read(&client).await;
        }
        if step % 2 == 0 {
            clock.ahead(Duration::from_secs(1))
        } else {
            clock.back(Duration::from_secs(1))
        }
    }
    assert_eq!(script.count(), 10);
}

/// Some of the machines behind a service have a wrong clock.
#[tokio::test(start_paused = true)]
async fn dates_that_disagree_with_most_others_start_no_day() {
    let right = answer(200, &[&format!("date: {MORNING}")], "");
    let wrong = answer(200, &["date: Fri, 27 Nov 2026 06:00:00 GMT"], "");
    for (wrongs, of, most) in [(1, 9, 100), (2, 9, 200), (3, 9, 300)] {
        let mut random = fastrand::Rng::with_seed(7);
        let answers = (0..2000).map(|number| {
            if number > 8 && random.u32(0..of) < wrongs { wrong.clone() } else { right.clone() }
        });
        let script = Script::new(answers);
        let client = timed(script.clone(), &Wall::at(MORNING), &Pacer::new().daily_budget(100));
        for _ in 0..1000 {
            let _ = read(&client).await;
        }
        assert!(script.count() <= most, "{wrongs} of {of}: {} were sent", script.count());
    }
}

#[tokio::test(start_paused = true)]
async fn reset_in_milliseconds_is_not_about_the_day() {
    let clock = Wall::at("Wed, 25 Nov 2026 12:00:00 GMT");
    let headers = ["x-ratelimit-remaining: 0", "x-ratelimit-reset: 1795608001000"];
    let script = Script::new([answer(429, &headers, ""), ok()]);
    read(&timed(script.clone(), &clock, &Pacer::new())).await.unwrap();
    let gap = script.gaps()[0].as_secs_f64();
    assert!((1.0..=1.252).contains(&gap), "{gap}");
}

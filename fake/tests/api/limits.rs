//! Both limits, with a clock that the test moves.

use std::time::{Duration, SystemTime};

use amplitude_experiment_fake::{Clock, Fake, Limits, RetryAfter, Window};
use amplitude_experiment_management::Client;
use amplitude_experiment_management::models::FlagCreate;

use crate::support::{World, client, noon, raw, refusal, refused, world_of};

const SECOND: &str = "rate limit exceeded: requests per second";
const DAY: &str = "rate limit exceeded: requests of the day";

/// A fake with these limits at 12:00:00, and its clock.
async fn limited(limits: Limits) -> (World, Clock) {
    limited_at(noon(), limits).await
}

async fn limited_at(now: SystemTime, limits: Limits) -> (World, Clock) {
    let clock = Clock::manual(now);
    (world_of(Fake::builder().limits(limits).clock(clock.clone())).await, clock)
}

/// How many of so many requests pass.
async fn passed(client: &Client, requests: usize) -> usize {
    let mut passed = 0;
    for _ in 0..requests {
        match client.flags().list().await {
            Ok(_) => passed += 1,
            Err(error) => assert_eq!(error.status().map(|status| status.as_u16()), Some(429)),
        }
    }
    passed
}

#[tokio::test]
async fn the_limits_are_100_a_second_and_100000_a_day_unless_told_otherwise() {
    let (World { client, .. }, clock) = &limited(Limits::default()).await;
    assert_eq!(passed(client, 120).await, 100);
    refused(client.flags().list().await, 429, SECOND);
    clock.advance(Duration::from_secs(1));
    assert_eq!(passed(client, 1).await, 1);
    let documented = Limits::off().per_second(100).per_day(100_000);
    assert_eq!(documented, Limits::default());
}

#[tokio::test]
async fn the_day_ends_at_midnight_utc() {
    let limits = Limits::off().per_day(3).retry_after(RetryAfter::Seconds);
    let (World { client, fake }, clock) = &limited(limits).await;
    assert_eq!(passed(client, 3).await, 3);
    refused(client.flags().list().await, 429, DAY);
    clock.advance(Duration::from_secs(12 * 3600 - 1));
    let answer = raw::api(fake, "GET", "/flags", "").await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("1")));
    clock.advance(Duration::from_secs(1));
    assert_eq!(passed(client, 5).await, 3);
}

#[tokio::test]
async fn each_window_counts_its_own_way() {
    // Requests 900, 1000, 1899 and 1900 ms after a whole second, of which 2 pass at once.
    for (window, expected) in [
        (Window::Sliding, [2, 0, 0, 2]),
        (Window::Fixed, [2, 2, 0, 0]),
        (Window::Bucket, [2, 0, 1, 1]),
    ] {
        let limits = Limits::off().per_second(2).window(window);
        let start = noon() + Duration::from_millis(900);
        let (World { client, .. }, clock) = &limited_at(start, limits).await;
        let mut seen = Vec::new();
        for wait in [100, 899, 1, 0] {
            seen.push(passed(client, if window == Window::Bucket { 2 } else { 3 }).await);
            clock.advance(Duration::from_millis(wait));
        }
        assert_eq!(seen, expected, "{window:?}");
    }
}

#[tokio::test]
async fn refusals_count_if_asked_to() {
    for (count, expected) in [(false, 2), (true, 0)] {
        let limits = Limits::off().per_second(2).refusals_count(count);
        let (World { client, .. }, clock) = &limited(limits).await;
        assert_eq!(passed(client, 2).await, 2);
        clock.advance(Duration::from_millis(500));
        assert_eq!(passed(client, 2).await, 0);
        clock.advance(Duration::from_millis(500));
        assert_eq!(passed(client, 2).await, expected);
    }
}

#[tokio::test]
async fn a_refusal_hints_in_the_form_that_is_asked_for() {
    for (form, expected) in [
        (RetryAfter::Absent, None),
        (RetryAfter::Seconds, Some("1")),
        (RetryAfter::Date, Some("Sat, 01 Mar 2025 12:00:01 GMT")),
        (RetryAfter::Rfc850Date, Some("Saturday, 01-Mar-25 12:00:01 GMT")),
        (RetryAfter::AsctimeDate, Some("Sat Mar  1 12:00:01 2025")),
    ] {
        let limits = Limits::off().per_second(1).retry_after(form);
        let (World { fake, client }, _) = &limited(limits).await;
        assert_eq!(passed(client, 1).await, 1);
        let answer = raw::api(fake, "GET", "/flags", "").await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, expected));
        let hint = client.flags().list().await.unwrap_err().retry_after();
        assert!(hint.is_some(), "{form:?}");
    }
}

#[tokio::test]
async fn a_wait_as_long_as_the_hint_is_enough() {
    // Two requests at 12:00:00.900, and a third 50 ms later.
    for (window, second, wait) in
        [(Window::Sliding, 2, 1050), (Window::Fixed, 1, 50), (Window::Bucket, 2, 1050)]
    {
        let limits = Limits::off().per_second(2).window(window).retry_after(RetryAfter::Date);
        let start = noon() + Duration::from_millis(900);
        let (World { fake, client }, clock) = &limited_at(start, limits).await;
        assert_eq!(passed(client, 2).await, 2);
        clock.advance(Duration::from_millis(50));
        let answer = raw::api(fake, "GET", "/flags", "").await;
        let hint = format!("Sat, 01 Mar 2025 12:00:0{second} GMT");
        assert_eq!(answer.header("retry-after"), Some(hint.as_str()), "{window:?}");
        clock.advance(Duration::from_millis(wait));
        assert_eq!(passed(client, 1).await, 1);
    }
}

#[tokio::test]
async fn projects_are_counted_apart_and_what_names_none_counts_for_all() {
    let clock = Clock::manual(noon());
    let limits = Limits::off().per_second(2);
    let builder = Fake::builder().limits(limits).clock(clock.clone());
    let builder = builder.key("ampex_both", [1, 2]).key("ampex_second", [2]);
    let World { fake, client: both } = &world_of(builder).await;
    let second = client(fake, "ampex_second");
    let flag = both.flags().create(FlagCreate::new(1, "a")).await.unwrap().id;
    both.flags().get(&flag).await.unwrap();
    refused(both.flags().get(&flag).await, 429, SECOND);
    both.flags().list().project_id("2").await.unwrap();
    refused(both.versions().list().await, 429, SECOND);
    second.flags().list().await.unwrap();
    refused(second.flags().list().await, 429, SECOND);

    clock.advance(Duration::from_secs(1));
    both.versions().list().await.unwrap();
    both.versions().list().await.unwrap();
    refused(second.flags().list().await, 429, SECOND);
    refused(both.flags().get(&flag).await, 429, SECOND);
}

#[tokio::test]
async fn a_refused_request_is_not_executed_and_other_limits_can_be_set() {
    let (World { fake, client }, _) = &limited(Limits::off().per_second(1)).await;
    client.flags().create(FlagCreate::new(crate::support::P, "a")).await.unwrap();
    let before = fake.snapshot();
    let outcome = client.flags().create(FlagCreate::new(crate::support::P, "b")).await;
    assert_eq!(refusal(outcome).0, 429);
    assert_eq!(fake.snapshot(), before);
    fake.set_limits(Limits::off());
    assert_eq!(passed(client, 3).await, 3);
}

#[tokio::test]
async fn a_request_that_makes_no_sense_counts_and_one_without_a_key_does_not() {
    let (World { fake, client: own }, _) = &limited(Limits::off().per_second(2)).await;
    assert_eq!(refusal(client(fake, "nobody").flags().list().await).0, 401);
    assert_eq!(raw::api(fake, "POST", "/flags", "{").await.status, 400);
    assert_eq!(passed(own, 2).await, 1);
    assert_eq!(raw::api(fake, "POST", "/flags", "{").await.status, 429);
}

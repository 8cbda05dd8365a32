//! The requests of the day: counted here, told by the service, inferred from its clock.
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ship::runtime::{Event, Evidence, LimitScope, Pacer, QuotaState, RateLimits, Retry, Retrying};
use tokio::time::{Instant, sleep};

use crate::support::clock::Wall;
use crate::support::paced::{Events, LIMITS, drain, limited, read, spawn, timed};
use crate::support::script::{Script, answer, ok};

const MORNING: &str = "Wed, 25 Nov 2026 06:00:00 GMT";
const DAY: Duration = Duration::from_secs(86_400);

fn time(date: &str) -> SystemTime {
    httpdate::parse_http_date(date).unwrap()
}

/// A client of a service with this limit per day.
fn daily(script: &Script, clock: &Wall, per_day: u64, pacer: &Pacer) -> Arc<Retrying<Script>> {
    let limits = RateLimits { per_day: Some(per_day), ..LIMITS };
    let client = Retrying::new(script.clone(), Retry::default()).clock(clock.clone());
    Arc::new(client.pacer(pacer, Some(limits)).unwrap())
}

#[tokio::test(start_paused = true)]
async fn r18_jump_of_the_time_of_day_does_not_change_a_wait() {
    for ahead in [true, false] {
        let clock = Wall::at(MORNING);
        let script = Script::new([answer(429, &["retry-after: 3"], ""), ok()]);
        let client = timed(script.clone(), &clock, &Pacer::new());
        let (refused, other) = (spawn(&client).await, spawn(&client).await);
        sleep(Duration::from_secs(1)).await;
        if ahead {
            clock.ahead(DAY)
        } else {
            clock.back(DAY)
        }
        refused.await.unwrap().unwrap();
        other.await.unwrap().unwrap();
        let gap = script.gaps()[0].as_secs_f64();
        assert!((3.0..=3.252).contains(&gap), "{gap}");
        let midnight = if ahead { "Fri, 27" } else { "Wed, 25" };
        let midnight = time(&format!("{midnight} Nov 2026 00:00:00 GMT"));
        assert_eq!(client.quota().resets_at, Some(midnight));
    }
}

#[tokio::test(start_paused = true)]
async fn r18_jump_of_the_time_of_day_neither_opens_nor_prolongs_a_long_refusal() {
    for ahead in [true, false] {
        let clock = Wall::at(MORNING);
        let script = Script::new([answer(429, &["retry-after: 90"], ""), ok()]);
        let client = timed(script.clone(), &clock, &Pacer::new());
        assert!(read(&client).await.is_err());
        if ahead {
            clock.ahead(DAY)
        } else {
            clock.back(DAY)
        }
        assert_eq!(limited(read(&client).await.unwrap_err()).retry_in().as_secs(), 90);
        sleep(Duration::from_secs(90)).await;
        read(&client).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn r18_jump_of_the_time_of_day_does_not_change_the_pace() {
    let clock = Wall::at(MORNING);
    let script = Script::new([ok()]);
    let client = timed(script.clone(), &clock, &Pacer::per_second(10));
    let started = Instant::now();
    let all = {
        let client = client.clone();
        tokio::spawn(async move { drain(&client, 30).await })
    };
    for _ in 0..5 {
        sleep(Duration::from_millis(100)).await;
        clock.ahead(DAY);
        sleep(Duration::from_millis(100)).await;
        clock.back(2 * DAY);
    }
    assert!(all.await.unwrap().is_empty());
    assert_eq!(started.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn count_starts_anew_at_midnight() {
    let clock = Wall::at("Wed, 25 Nov 2026 23:59:50 GMT");
    let client = daily(&Script::new([ok()]), &clock, 1000, &Pacer::new());
    assert!(drain(&client, 30).await.is_empty());
    let quota = client.quota();
    assert_eq!((quota.sent_today, quota.limit), (30, Some(1000)));
    assert_eq!(quota.resets_at, Some(time("Thu, 26 Nov 2026 00:00:00 GMT")));
    sleep(Duration::from_secs(10)).await;
    assert_eq!(client.quota().sent_today, 0);
    assert_eq!(client.quota().resets_at, Some(time("Fri, 27 Nov 2026 00:00:00 GMT")));
    read(&client).await.unwrap();
    assert_eq!(client.quota().sent_today, 1);
}

#[tokio::test(start_paused = true)]
async fn day_starts_when_the_document_says() {
    let clock = Wall::at(MORNING);
    let limits = RateLimits { day_starts_at: 8 * 3600, ..LIMITS };
    let client = Retrying::new(Script::new([ok()]), Retry::default()).clock(clock.clone());
    let client = client.pacer(&Pacer::new(), Some(limits)).unwrap();
    read(&client).await.unwrap();
    assert_eq!(client.quota().resets_at, Some(time("Wed, 25 Nov 2026 08:00:00 GMT")));
    clock.ahead(Duration::from_secs(7199));
    assert_eq!(client.quota().sent_today, 1);
    clock.ahead(Duration::from_secs(1));
    assert_eq!(client.quota().sent_today, 0);
}

/// What names the start of the day is about the day; what names midnight is not.
#[tokio::test(start_paused = true)]
async fn refusal_to_the_start_of_the_day_of_the_document_is_about_the_day() {
    let limits = RateLimits { day_starts_at: 27_000, ..LIMITS };
    for (now, hint, scope) in [
        ("Wed, 25 Nov 2026 07:00:00 GMT", 1800, LimitScope::Daily),
        ("Wed, 25 Nov 2026 07:00:00 GMT", 1200, LimitScope::Long),
        ("Wed, 25 Nov 2026 23:30:00 GMT", 1800, LimitScope::Long),
    ] {
        let script = Script::new([answer(429, &[&format!("retry-after: {hint}")], "")]);
        let client = Retrying::new(script, Retry::default()).clock(Wall::at(now));
        let client = client.pacer(&Pacer::new(), Some(limits)).unwrap();
        let error = limited(read(&client).await.unwrap_err());
        assert_eq!((error.scope(), error.retry_in().as_secs()), (scope, hint), "{now}");
    }
    // Inferred, so that the client works out by itself when that is.
    let refusing = Script::new([answer(429, &[], "")]);
    let clock = Wall::at("Wed, 25 Nov 2026 07:31:00 GMT");
    let client = Retrying::new(refusing, Retry::default()).clock(clock);
    let client = client.pacer(&Pacer::new(), Some(limits)).unwrap();
    let error = limited(read(&client).await.unwrap_err());
    assert_eq!(error.scope(), LimitScope::Daily);
    let resets_at = error.resets_at().unwrap();
    let off = resets_at.duration_since(time("Thu, 26 Nov 2026 07:30:00 GMT")).unwrap();
    assert!(off < Duration::from_secs(1), "{off:?}");
}

/// Attempts are counted, not calls; and not what never left.
#[tokio::test(start_paused = true)]
async fn every_attempt_that_may_have_arrived_counts() {
    use crate::support::script::Step;
    use ship::runtime::{Sent, TransportErrorKind as Kind};
    let steps = [
        answer(503, &[], ""),
        Step::Fault(Sent::Maybe, Kind::Closed),
        ok(),
        Step::Fault(Sent::No, Kind::Connect),
        Step::Fault(Sent::No, Kind::Dns),
        ok(),
    ];
    let client = daily(&Script::new(steps), &Wall::at(MORNING), 1000, &Pacer::new());
    read(&client).await.unwrap();
    read(&client).await.unwrap();
    assert_eq!(client.quota().sent_today, 4);
}

#[tokio::test(start_paused = true)]
async fn budget_of_the_day_ends_calls_at_once_until_midnight() {
    let clock = Wall::at("Wed, 25 Nov 2026 23:00:00 GMT");
    for pacer in [Pacer::new(), Pacer::off()] {
        let script = Script::new([ok()]);
        let client = timed(script.clone(), &clock, &pacer.daily_budget(5));
        let errors = drain(&client, 8).await;
        assert_eq!((errors.len(), script.count()), (3, 5));
        assert_eq!(client.quota().limit, Some(5));
        assert_eq!(client.quota().state, QuotaState::Exhausted);
        for error in errors {
            let text = error.to_string();
            assert!(text.contains("this client's requests of the day are used up"), "{text}");
            let error = limited(error);
            let kind = (error.scope(), error.evidence());
            assert_eq!(kind, (LimitScope::DailyLocal, Evidence::Count));
            assert_eq!(error.resets_at(), Some(time("Thu, 26 Nov 2026 00:00:00 GMT")));
            assert!(error.answer().is_none());
        }
    }
    let client = timed(Script::new([ok()]), &clock, &Pacer::new().daily_budget(1));
    read(&client).await.unwrap();
    sleep(Duration::from_secs(3599)).await;
    assert!(read(&client).await.is_err());
    sleep(Duration::from_secs(1)).await;
    read(&client).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn quota_says_how_the_day_stands_and_the_observer_hears_of_marks() {
    let events = Events::default();
    let limits = RateLimits { per_day: Some(100), ..LIMITS };
    let steps = (0..100).map(|_| ok()).chain([answer(429, &["retry-after: 7200"], "")]);
    let client = Retrying::new(Script::new(steps), Retry::default()).observer(events.clone());
    let client = client.clock(Wall::at(MORNING)).pacer(&Pacer::new(), Some(limits)).unwrap();
    let mut states = Vec::new();
    for _ in 0..100 {
        read(&client).await.unwrap();
        states.push(client.quota().state);
    }
    assert!(states[..79].iter().all(|state| *state == QuotaState::Ok));
    assert!(states[79..].iter().all(|state| *state == QuotaState::Near));
    assert!(read(&client).await.is_err());
    assert_eq!(client.quota().state, QuotaState::Exhausted);
    // The slots of the first second are free after it.
    assert_eq!(client.quota().resets_at, Some(time("Wed, 25 Nov 2026 08:00:01 GMT")));
    let told = events.all().into_iter().filter_map(|event| match event {
        Event::Quota { quota, .. } => Some((quota.sent_today, quota.state)),
        _ => None,
    });
    let expected = [(80, QuotaState::Near), (95, QuotaState::Near), (101, QuotaState::Exhausted)];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

/// The service's clock is an hour ahead: its day ends an hour before ours.
#[tokio::test(start_paused = true)]
async fn clock_of_the_service_decides_when_its_day_ends() {
    let clock = Wall::at("Wed, 25 Nov 2026 22:00:00 GMT");
    let script = Script::new([answer(200, &["date: Wed, 25 Nov 2026 23:00:00 GMT"], "")]);
    let client = timed(script.clone(), &clock, &Pacer::new());
    read(&client).await.unwrap();
    assert_eq!(client.quota().resets_at, Some(time("Wed, 25 Nov 2026 23:00:00 GMT")));
    sleep(Duration::from_secs(3600)).await;
    assert_eq!(client.quota().sent_today, 0);

    // One reading among eight that is far off, or none at all, changes nothing.
    let odd = "date: Fri, 31 Dec 9999 23:59:59 GMT";
    let clock = Wall::at(MORNING);
    let near = answer(200, &["date: Wed, 25 Nov 2026 06:00:00 GMT"], "");
    let bad = answer(200, &["date: yesterday"], "");
    let steps = [near.clone(), near.clone(), answer(200, &[odd], ""), bad, near];
    let client = timed(Script::new(steps), &clock, &Pacer::new());
    for _ in 0..5 {
        read(&client).await.unwrap();
    }
    assert_eq!(client.quota().resets_at, Some(time("Thu, 26 Nov 2026 00:00:00 GMT")));
    assert_eq!(client.quota().sent_today, 5);
}

#[tokio::test(start_paused = true)]
async fn problem_document_about_a_long_quota_closes_the_day() {
    let kind = r#""type": "https://iana.org/assignments/http-problem-types#quota-exceeded""#;
    let table = [
        (format!("{{{kind}, \"violated-policies\": [{{\"name\": \"x\", \"w\": 86400}}]}}"), true),
        (format!("{{{kind}, \"violated-policies\": [\"daily\"]}}"), true),
        (format!("{{{kind}, \"violated-policies\": [{{\"w\": 1}}, {{\"w\": 3600}}]}}"), true),
        (format!("{{{kind}, \"violated-policies\": [{{\"w\": 1}}]}}"), false),
        (format!("{{{kind}, \"violated-policies\": [\"burst\"]}}"), false),
        (format!("{{{kind}}}"), false),
        (format!("{{{kind}, \"violated-policies\": [{{\"w\": 86400}}"), false),
        ("{\"type\": \"about:blank\", \"violated-policies\": [\"daily\"]}".to_owned(), false),
    ];
    for (body, is_daily) in table {
        let headers = ["content-type: application/problem+json"];
        let script = Script::new([answer(429, &headers, &body), ok()]);
        let client = timed(script.clone(), &Wall::at(MORNING), &Pacer::new());
        let started = Instant::now();
        let outcome = read(&client).await;
        assert_eq!(outcome.is_err(), is_daily, "{body}");
        let Err(error) = outcome else { continue };
        let error = limited(error);
        assert_eq!((error.scope(), error.evidence()), (LimitScope::Daily, Evidence::Body));
        assert_eq!(error.resets_at(), Some(time("Thu, 26 Nov 2026 00:00:00 GMT")));
        assert_eq!((started.elapsed(), script.count()), (Duration::ZERO, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn headers_about_limits_lower_the_pace_and_never_raise_it() {
    let table = [
        ("ratelimit-policy: \"burst\";q=10;w=1", 10),
        ("ratelimit-policy: \"day\";q=5;w=86400, \"burst\";q=20;w=1", 20),
        ("ratelimit-policy: \"burst\";q=1000;w=1", 100),
        ("ratelimit-policy: \"burst\";q=0;w=1", 100),
        ("ratelimit-policy: \"burst\";q=-1;w=1", 100),
        ("ratelimit-policy: \"burst\";q=99999999999999999999;w=1", 100),
        ("ratelimit-policy: ;;=,", 100),
        ("x-ratelimit-limit: 5", 100),
    ];
    for (header, rate) in table {
        let script = Script::new([answer(200, &[header], "")]);
        let client = timed(script.clone(), &Wall::at(MORNING), &Pacer::new());
        read(&client).await.unwrap();
        sleep(Duration::from_secs(1)).await;
        let started = Instant::now();
        assert!(drain(&client, 200).await.is_empty());
        let took = started.elapsed();
        assert_eq!(took, Duration::from_secs(200 / rate - 1), "{header}");
    }
}

#[tokio::test(start_paused = true)]
async fn headers_about_an_empty_limit_hold_the_next_request_back() {
    let table: [(&[&str], u64); 9] = [
        (&["ratelimit: \"burst\";r=0;t=5"], 5),
        (&["ratelimit: \"burst\";r=0;t=5, \"day\";r=0;t=9"], 9),
        (&["ratelimit: \"burst\";r=1;t=5"], 0),
        (&["ratelimit: \"burst\";r=0;t=86400"], 0),
        (&["x-ratelimit-remaining: 0", "x-ratelimit-reset: 4"], 4),
        (&["x-ratelimit-remaining: 0", "x-ratelimit-reset: 1795586407"], 7),
        (&["x-ratelimit-remaining: 3", "x-ratelimit-reset: 4"], 0),
        (&["x-ratelimit-remaining: 0", "x-ratelimit-reset: 18446744073709551615"], 0),
        (&["x-ratelimit-remaining: 0"], 0),
    ];
    for (headers, wait) in table {
        let script = Script::new([answer(200, headers, ""), ok()]);
        let client = timed(script.clone(), &Wall::at(MORNING), &Pacer::new());
        read(&client).await.unwrap();
        read(&client).await.unwrap();
        assert_eq!(script.gaps()[0], Duration::from_secs(wait), "{headers:?}");
    }
}

/// Without `Retry-After`, these say for how long the refusal lasts.
#[tokio::test(start_paused = true)]
async fn headers_about_limits_explain_a_refusal() {
    for (header, scope, wait) in [
        ("ratelimit: \"burst\";r=0;t=5", None, 5),
        ("ratelimit: \"long\";r=0;t=120", Some(LimitScope::Long), 120),
        ("ratelimit: \"day\";r=0;t=7200", Some(LimitScope::Daily), 7200),
    ] {
        let script = Script::new([answer(429, &[header], ""), ok()]);
        let client = timed(script.clone(), &Wall::at(MORNING), &Pacer::new());
        match (read(&client).await, scope) {
            (Ok(_), None) => assert!(script.gaps()[0].as_secs() >= wait),
            (Err(error), Some(scope)) => {
                let error = limited(error);
                assert_eq!((error.scope(), error.evidence()), (scope, Evidence::Header));
                assert_eq!(error.retry_in().as_secs(), wait);
            }
            (outcome, _) => panic!("{header}: {outcome:?}"),
        }
    }
}

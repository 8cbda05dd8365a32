//! Bodies without measure.
use std::time::{Duration, Instant};

use ship::runtime::{HttpTransport, Pacer, Retry, Timeouts};
use tokio::time::sleep;

use crate::support::server::{Reply, Server};
use crate::support::{hasty, summary};
use crate::wire::{GET, POST, builder, call, core};

const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

fn chunk() -> String {
    format!("1000\r\n{}\r\n", "x".repeat(0x1000))
}

#[tokio::test]
async fn r20_announced_body_over_the_limit_is_not_read() {
    let length = (64 << 20) + 1;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
    let server = Server::start([Reply::raw(head).then(Duration::from_secs(60), "x")]).await;
    let started = Instant::now();
    assert_eq!(summary(&call(&core(&server), &GET).await), "too large 1");
    assert_eq!(summary(&call(&core(&server), &POST).await), "too large 1, ambiguous");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn r20_endless_body_is_read_up_to_the_limit() {
    let endless = Reply::raw(CHUNKED).then(Duration::ZERO, chunk()).for_ever();
    let server = Server::start([endless]).await;
    let client = reqwest::Client::new();
    let transport = HttpTransport::with_client(client).body_limit(1 << 20);
    let core = builder(&server.url).transport(transport).build().unwrap();
    let error = call(&core, &GET).await.unwrap_err();
    assert_eq!(error.to_string(), "GET /x: the body is larger than 1048576 bytes");
    assert_eq!(error.status().unwrap(), 200);
}

#[tokio::test]
async fn body_up_to_the_limit_is_read() {
    for size in [0, 1, 99, 100] {
        let server = Server::start([Reply::answer(200, &[], &"x".repeat(size))]).await;
        let transport = HttpTransport::with_client(reqwest::Client::new()).body_limit(100);
        let core = builder(&server.url).transport(transport).build().unwrap();
        assert_eq!(call(&core, &GET).await.unwrap().into_value().len(), size);
    }
    let mut reply = Reply::raw(CHUNKED);
    for _ in 0..100 {
        reply = reply.then(Duration::ZERO, chunk());
    }
    let server = Server::start([reply.then(Duration::ZERO, "0\r\n\r\n")]).await;
    assert_eq!(call(&core(&server), &GET).await.unwrap().into_value().len(), 0x1000 * 100);
}

/// Whatever a refusal brings along, it is a refusal, and its wait is not longer for it.
#[tokio::test]
async fn r7_refusal_with_any_body_is_a_refusal() {
    let head = "HTTP/1.1 429 No\r\ntransfer-encoding: chunked\r\n\r\n";
    let never = Duration::from_secs(600);
    let bodies = [
        Reply::answer(429, &["content-type: text/html"], "<html>slow down"),
        Reply::answer(429, &["content-type: application/json"], "{\"error\": "),
        Reply::answer(429, &[], &"x".repeat(10 << 20)),
        Reply::raw(head).then(Duration::ZERO, chunk()).for_ever(),
        Reply::raw(head).then(never, ""),
    ];
    for body in bodies {
        let server = Server::start([body, Reply::answer(200, &[], "")]).await;
        let started = Instant::now();
        assert_eq!(summary(&call(&core(&server), &POST).await), "ok 2");
        assert!(started.elapsed() < Duration::from_millis(1500), "{:?}", started.elapsed());
    }
}

/// Others do not send while the body of a refusal still comes.
#[tokio::test]
async fn r7_refusal_with_an_endless_body_holds_back_the_others() {
    let head = "HTTP/1.1 429 No\r\nretry-after: 2\r\ntransfer-encoding: chunked\r\n\r\n";
    let endless = Reply::raw(head).then(Duration::from_millis(20), "1\r\nx\r\n").for_ever();
    let server = Server::start([endless, Reply::answer(200, &[], "")]).await;
    let core = builder(&server.url).pacer(Pacer::per_second(100)).build().unwrap();
    let refused = tokio::spawn({
        let core = core.clone();
        async move { call(&core, &POST).await }
    });
    while server.requests().is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
    sleep(Duration::from_millis(100)).await;
    let other = call(&core, &GET).await.unwrap();
    assert!(other.waited() > Duration::from_secs(1), "{:?}", other.waited());
    assert_eq!(summary(&refused.await.unwrap()), "ok 2");
}

/// The status is known; that the time ends while the body still comes does not take it away.
#[tokio::test]
async fn error_with_a_slow_body_keeps_its_status_to_the_end_of_its_time() {
    let ms = Duration::from_millis;
    let mut cases = Vec::new();
    for (status, end) in [(429, "rate limited 1"), (400, "status 400 1"), (404, "status 404 1")] {
        for late in [0, 400, 1000] {
            let by_attempt = (Timeouts::default().attempt(ms(2000)), Retry::off());
            let by_deadline = (Timeouts::default(), Retry::off().deadline(ms(2000)));
            for (timeouts, retry) in [by_attempt, by_deadline] {
                let head = format!("HTTP/1.1 {status} No\r\ncontent-length: 1000\r\n\r\nslow");
                let slow = Reply::raw("").then(ms(late), head).then(ms(100), "x").for_ever();
                let server = Server::start([slow]).await;
                let builder = builder(&server.url).timeouts(timeouts).retry(retry);
                cases.push((builder.build().unwrap(), end, late));
            }
        }
    }
    // A client takes a while to build, which must not count.
    let calls = cases.into_iter().map(|(core, end, late)| {
        tokio::spawn(async move {
            let outcome = call(&core, &POST).await;
            assert_eq!(summary(&outcome), end, "after {late} ms");
            let error = outcome.unwrap_err();
            assert!(error.message().unwrap().starts_with("slow"), "{error}");
            assert!(error.elapsed() < ms(3000), "{:?}", error.elapsed());
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn r7_refusals_with_slow_bodies_stay_refusals_until_the_deadline() {
    let head = "HTTP/1.1 429 No\r\ncontent-length: 1000\r\n\r\nslow";
    let slow = Reply::raw(head).then(Duration::from_millis(100), "x").for_ever();
    let server = Server::start([slow]).await;
    let retry = hasty().deadline(Duration::from_millis(1500));
    let core = builder(&server.url).retry(retry).build().unwrap();
    let error = call(&core, &POST).await.unwrap_err();
    assert!(error.is_rate_limited() && !error.is_ambiguous(), "{error}");
    assert_eq!(error.attempts(), 3);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn start_of_a_large_error_body_is_kept() {
    let server = Server::start([Reply::answer(400, &[], &"x".repeat(1 << 20))]).await;
    let error = call(&core(&server), &GET).await.unwrap_err();
    assert_eq!(error.body().unwrap().len(), 64 << 10);
}

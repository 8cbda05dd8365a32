//! Bodies without measure.
use std::time::{Duration, Instant};

use ship::runtime::HttpTransport;

use crate::support::server::{Reply, Server};
use crate::support::summary;
use crate::wire::{GET, POST, builder, call, core};

const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

fn chunk() -> String {
    format!("1000\r\n{}\r\n", "x".repeat(0x1000))
}

#[tokio::test]
async fn announced_body_over_the_limit_is_not_read() {
    let length = (64 << 20) + 1;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
    let server = Server::start([Reply::raw(head).then(Duration::from_secs(60), "x")]).await;
    let started = Instant::now();
    assert_eq!(summary(&call(&core(&server), &GET).await), "too large 1");
    assert_eq!(summary(&call(&core(&server), &POST).await), "too large 1, ambiguous");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn endless_body_is_read_up_to_the_limit() {
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
async fn refusal_with_any_body_is_a_refusal() {
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

#[tokio::test]
async fn start_of_a_large_error_body_is_kept() {
    let server = Server::start([Reply::answer(400, &[], &"x".repeat(1 << 20))]).await;
    let error = call(&core(&server), &GET).await.unwrap_err();
    assert_eq!(error.body().unwrap().len(), 64 << 10);
}

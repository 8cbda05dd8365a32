//! Answers that are read part by part.
use std::time::Duration;

use bytes::Bytes;
use ship::runtime::{CallOptions, DecodeErrorKind, Error, Request, TransportErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{GET, HEAD, Led, open, soon};
use crate::support::printed;
use crate::support::script::{Script, Step, answer};
use crate::support::server::{Reply, Server};
use crate::wire::{builder, core};

fn cause(error: &Error) -> Option<TransportErrorKind> {
    let source = std::error::Error::source(error)?;
    source.downcast_ref::<ship::runtime::TransportError>().map(|error| error.kind)
}

#[tokio::test]
async fn parts_are_there_before_the_answer_is_whole() {
    let led = Led::start().await;
    let client = led.core.clone();
    let call = tokio::spawn(async move { open(&client).await });
    let (mut server, head, _) = soon(led.accept()).await;
    assert!(head.starts_with("get /x http/1.1\r\n"), "{head}");
    server.write_all(format!("{HEAD}one").as_bytes()).await.unwrap();
    let response = soon(call).await.unwrap().unwrap();
    assert_eq!((response.attempts(), response.request_id()), (1, Some("7")));
    let mut body = response.into_value();
    assert_eq!((body.status().as_u16(), body.content_length()), (200, None));
    assert_eq!(body.headers()["x-request-id"], "7");
    assert_eq!(soon(body.try_next()).await.unwrap().unwrap(), "one");
    server.write_all(b"two").await.unwrap();
    assert_eq!(soon(body.try_next()).await.unwrap().unwrap(), "two");
    drop(server);
    assert_eq!(soon(body.try_next()).await.unwrap(), None);
    assert!(soon(body.next()).await.is_none());
}

#[tokio::test]
async fn dropping_the_reading_closes_the_connection() {
    let led = Led::start().await;
    let client = led.core.clone();
    let call = tokio::spawn(async move { open(&client).await });
    let (mut server, ..) = soon(led.accept()).await;
    server.write_all(format!("{HEAD}one").as_bytes()).await.unwrap();
    let mut body = soon(call).await.unwrap().unwrap().into_value();
    soon(body.try_next()).await.unwrap();
    let mut rest = Vec::new();
    let mut closed = Box::pin(server.read_to_end(&mut rest));
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut closed).await.is_err());
    drop(body);
    // An end, or a reset where bytes were on their way.
    let _ = soon(closed).await;
}

#[tokio::test]
async fn wait_for_the_next_part_has_an_end_and_the_whole_has_none() {
    let parts = |count: usize| {
        (0..count).fold(Reply::raw(HEAD), |reply, _| reply.then(Duration::from_millis(40), "x"))
    };
    let server = Server::start([parts(10).close()]).await;
    let options = CallOptions::new().deadline(Duration::from_millis(150));
    let opened = core(&server).open(Request::new(&GET), &options).await.unwrap();
    let body = opened.into_value().idle_timeout(Duration::from_secs(5));
    assert_eq!(soon(body.collect_all(100)).await.unwrap(), "x".repeat(10));

    let server = Server::start([parts(1).then(Duration::from_secs(60), "y")]).await;
    let opened = open(&core(&server)).await.unwrap();
    let mut body = opened.into_value().idle_timeout(Duration::from_millis(200));
    assert_eq!(soon(body.try_next()).await.unwrap().unwrap(), "x");
    let error = soon(body.try_next()).await.unwrap_err();
    assert_eq!(cause(&error), Some(TransportErrorKind::Timeout), "{error:?}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert_eq!(
        error.to_string(),
        "GET /x: executed with status 200, but the body cannot be used: no answer came in time after status 200"
    );
    assert!(soon(body.next()).await.is_none());
}

#[tokio::test]
async fn refusals_and_failures_before_the_head_are_tried_again() {
    let refused = Reply::answer(429, &["retry-after: 0"], "slow down");
    let failed = Reply::answer(503, &[], "not now");
    let good = Reply::answer(200, &[], "good");
    let server = Server::start([refused, failed, good]).await;
    let response = soon(open(&core(&server))).await.unwrap();
    assert_eq!(response.attempts(), 3);
    let body = response.into_value();
    assert_eq!(body.content_length(), Some(4));
    assert_eq!(body.collect_all(4).await.unwrap(), "good");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn error_answers_are_read_whole() {
    let server =
        Server::start([Reply::answer(404, &["x-a: b"], "{\"message\": \"no such file\"}")]);
    let server = server.await;
    let error = soon(open(&core(&server))).await.unwrap_err();
    assert_eq!(error.to_string(), "GET /x: 404 Not Found: no such file");
    assert_eq!(error.headers().unwrap()["x-a"], "b");
}

#[tokio::test]
async fn connection_that_is_lost_midway_is_an_error_and_nothing_is_sent_again() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";
    let server = Server::start([Reply::raw(cut).close()]).await;
    let mut body = soon(open(&core(&server))).await.unwrap().into_value();
    assert_eq!(soon(body.try_next()).await.unwrap().unwrap(), "half");
    let error = soon(body.try_next()).await.unwrap_err();
    let Error::Decode(decode) = &error else { panic!("{error:?}") };
    assert_eq!(decode.kind(), DecodeErrorKind::Cut);
    assert_eq!(cause(&error), Some(TransportErrorKind::Closed));
    assert_eq!((error.attempts(), error.operation()), (1, Some("get")));
    assert!(error.is_retryable() && body.next().await.is_none());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn collecting_stops_at_its_limit() {
    let server = Server::start([Reply::answer(200, &[], "12345")]).await;
    let body = soon(open(&core(&server))).await.unwrap().into_value();
    let error = soon(body.collect_all(4)).await.unwrap_err();
    assert_eq!(error.to_string(), "GET /x: the body is larger than 4 bytes");
    assert!(matches!(error, Error::BodyTooLarge(_)));
}

/// A transport that knows whole bodies only serves streams from them.
#[tokio::test]
async fn any_transport_can_be_read_from() {
    let script = Script::new([answer(503, &[], ""), answer(200, &["x-a: b"], "whole"), Step::Hang]);
    let core = builder("https://host").transport(script.clone()).build().unwrap();
    let response = open(&core).await.unwrap();
    assert_eq!((response.attempts(), &response.headers()["x-a"]), (2, &"b".parse().unwrap()));
    let mut body = response.into_value();
    assert_eq!(body.content_length(), Some(5));
    assert_eq!(body.try_next().await.unwrap(), Some(Bytes::from("whole")));
    assert_eq!(body.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn secrets_stay_out_of_what_is_printed() {
    let server = Server::start([Reply::answer(200, &["x-secret: hush"], "hush")]).await;
    let response = soon(open(&core(&server))).await.unwrap();
    let text = format!("{response:?} {:?}", response.value());
    assert!(!text.contains("hush"), "{text}");
    let error = soon(response.into_value().collect_all(1)).await.unwrap_err();
    assert!(!printed(&error).contains("hush"));
}

#[cfg(feature = "blocking")]
#[test]
fn parts_are_an_iterator() {
    use ship::runtime::Blocking;

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start([Reply::answer(200, &[], "a\nb")]));
    let client = core(&server);
    let options = CallOptions::new();
    let body = Box::pin(client.open(Request::new(&GET), &options)).wait().unwrap().into_value();
    let all: Vec<Bytes> = body.blocking().map(Result::unwrap).collect();
    assert_eq!(all.concat(), b"a\nb");
}

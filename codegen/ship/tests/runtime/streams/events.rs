//! Server-Sent Events.
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use futures_core::Stream;
use serde::Deserialize;
use ship::runtime::{DecodeErrorKind, Error, EventStream};

use super::{HEAD, open, soon};
use crate::support::printed;
use crate::support::script::{Script, answer};
use crate::support::server::{Reply, Server};
use crate::wire::{builder, core};

#[derive(Debug, PartialEq, Deserialize)]
struct Tick {
    n: i64,
}

/// The events of this text, as they come through a socket.
async fn events(text: &str, end: Option<&'static str>) -> EventStream<Tick> {
    let server = Server::start([Reply::raw(format!("{HEAD}{text}")).close()]).await;
    soon(open(&core(&server))).await.unwrap().into_value().events(end)
}

#[tokio::test]
async fn events_are_read_byte_by_byte_as_they_come() {
    let text = "\u{feff}: hi\r\n\r\nevent: é€😀\r\nid: 1\r\nretry: 20\r\ndata: {\"n\":\r\ndata: 1}\r\n\r\ndata:{\"n\":2}\n\n";
    let reply = Reply::raw(HEAD);
    let bytes = text.as_bytes().iter();
    let reply = bytes.fold(reply, |reply, byte| reply.then(Duration::from_millis(1), [*byte]));
    let server = Server::start([reply.close()]).await;
    let opened = soon(open(&core(&server))).await.unwrap();
    let mut events = opened.into_value().events::<Tick>(None);
    assert_eq!(events.status().as_u16(), 200);
    assert_eq!(events.headers()["x-request-id"], "7");
    let first = soon(events.try_next()).await.unwrap().unwrap();
    assert_eq!((first.data, first.event.as_str()), (Tick { n: 1 }, "é€😀"));
    assert_eq!((first.id.as_deref(), first.retry), (Some("1"), Some(Duration::from_millis(20))));
    let second = soon(poll_fn(|context| Pin::new(&mut events).poll_next(context))).await;
    let second = second.unwrap().unwrap();
    assert_eq!((second.data, second.event.as_str()), (Tick { n: 2 }, "message"));
    assert_eq!((second.id.as_deref(), second.retry), (Some("1"), None));
    assert_eq!(events.last_event_id(), Some("1"));
    assert!(soon(events.try_next()).await.unwrap().is_none());
}

#[tokio::test]
async fn event_is_there_before_the_next_one() {
    let reply = Reply::raw(format!("{HEAD}data: {{\"n\": 1}}\r\n\r"));
    let server = Server::start([reply.then(Duration::from_secs(60), "x")]).await;
    let opened = soon(open(&core(&server))).await.unwrap();
    let mut events =
        opened.into_value().events::<Tick>(None).idle_timeout(Duration::from_millis(300));
    assert_eq!(soon(events.try_next()).await.unwrap().unwrap().data.n, 1);
    assert!(soon(events.try_next()).await.is_err());
    assert!(soon(events.next()).await.is_none());
}

#[tokio::test]
async fn data_that_does_not_fit_is_an_error_and_the_stream_goes_on() {
    let mut events = events(
        "data: {\"n\": 1}\n\ndata: {\"n\": \"s3\"}\n\ndata: no\n\ndata: {\"n\": 4}\n\n",
        None,
    )
    .await;
    assert_eq!(soon(events.try_next()).await.unwrap().unwrap().data.n, 1);
    let error = soon(events.try_next()).await.unwrap_err();
    let Error::Decode(decode) = &error else { panic!("{error:?}") };
    assert_eq!(
        (decode.kind(), decode.number(), decode.path()),
        (DecodeErrorKind::Shape, Some(2), "n")
    );
    assert_eq!(decode.raw().unwrap(), "{\"n\": \"s3\"}");
    let text = "GET /x: executed with status 200, but the body cannot be used: event 2: invalid type: \
                string \"s3\", expected i64 at line 1 column 10 in `n` near `{\"n\": \"s3\"}`";
    assert_eq!(error.to_string(), text);
    assert_eq!((error.operation(), error.request_id()), (Some("get"), Some("7")));
    let error = soon(events.try_next()).await.unwrap_err();
    assert!(error.to_string().contains("event 3: expected"), "{error}");
    assert_eq!(soon(events.try_next()).await.unwrap().unwrap().data.n, 4);
    assert!(soon(events.next()).await.is_none());
}

#[tokio::test]
async fn end_mark_ends_the_stream_also_where_the_service_goes_on() {
    let text = "data: {\"n\": 1}\n\ndata:  [DONE] \n\ndata: {\"n\": 2}\n\n";
    let mut all = events(text, Some("[DONE]")).await;
    assert_eq!(soon(all.try_next()).await.unwrap().unwrap().data.n, 1);
    assert!(soon(all.next()).await.is_none() && soon(all.next()).await.is_none());
    // Without its empty line too.
    assert!(soon(events("data: [DONE]", Some("[DONE]")).await.next()).await.is_none());
    let texts = Server::start([Reply::raw(format!("{HEAD}data: [DONE]\n\n")).close()]).await;
    let opened = soon(open(&core(&texts))).await.unwrap();
    let mut texts = opened.into_value().text_events::<String>(None);
    assert_eq!(soon(texts.try_next()).await.unwrap().unwrap().data, "[DONE]");
}

#[tokio::test]
async fn event_without_end_is_not_lost_without_a_word() {
    let mut events = events("data: {\"n\": 1}\n\ndata: {\"n\": 2}\ndata: 3", None).await;
    assert_eq!(soon(events.try_next()).await.unwrap().unwrap().data.n, 1);
    let error = soon(events.try_next()).await.unwrap_err();
    let Error::Decode(decode) = &error else { panic!("{error:?}") };
    assert_eq!((decode.kind(), decode.number()), (DecodeErrorKind::Truncated, Some(2)));
    assert_eq!(decode.raw().unwrap(), "{\"n\": 2}\n3");
    assert!(soon(events.next()).await.is_none());
}

#[tokio::test]
async fn event_may_have_so_many_bytes() {
    let text = "data: {\"n\": 1}\n\ndata: {\"n\":         2}\n\ndata: {\"n\": 3}\n\n";
    let mut short = events(text, None).await.item_limit(14);
    assert_eq!(soon(short.try_next()).await.unwrap().unwrap().data.n, 1);
    let error = soon(short.try_next()).await.unwrap_err();
    let what = "event 2: it is longer than 14 bytes; `item_limit` allows more";
    assert!(error.to_string().contains(what), "{error}");
    assert!(soon(short.next()).await.is_none());
    let mut long = events(text, None).await.item_limit(30);
    assert_eq!(soon(long.try_next()).await.unwrap().unwrap().data.n, 1);
    assert_eq!(soon(long.try_next()).await.unwrap().unwrap().data.n, 2);
}

/// A service may repeat the key where nobody expects it.
#[tokio::test]
async fn key_is_in_no_text_of_an_error() {
    use ship::runtime::{CallOptions, Credential, Operation, Request, RetrySafety};
    static KEYED: Operation = Operation {
        id: "get",
        method: http::Method::GET,
        path: "/x",
        retry: RetrySafety::Safe,
        security: &[&[0]],
    };
    let script = Script::new([answer(200, &[], "data: {\"n\": \"the-secret-key\"}\n\n")]);
    let core = builder("https://host")
        .credential(0, Credential::Bearer("the-secret-key".into()))
        .transport(script)
        .build()
        .unwrap();
    let opened = core.open(Request::new(&KEYED), &CallOptions::new()).await.unwrap();
    let mut events = opened.into_value().events::<Tick>(None);
    let error = events.try_next().await.unwrap_err();
    let text = printed(&error);
    assert!(!text.contains("the-secret-key") && text.contains("event 1"), "{text}");
}

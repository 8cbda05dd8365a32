//! JSON in lines and sequences.
use std::time::Duration;

use serde_json::{Value, json};
use ship::runtime::{DecodeErrorKind, Error, JsonLines};

use super::{HEAD, open, soon};
use crate::support::server::{Reply, Server};
use crate::wire::core;

async fn lines(text: &str) -> JsonLines<i64> {
    let server = Server::start([Reply::raw(format!("{HEAD}{text}")).close()]).await;
    soon(open(&core(&server))).await.unwrap().into_value().lines()
}

#[tokio::test]
async fn lines_are_read_byte_by_byte_as_they_come() {
    let text = "{\"a\": \"é\"}\r\n\n[1,\"\\n\"]\n2";
    let bytes = text.as_bytes().iter();
    let reply =
        bytes.fold(Reply::raw(HEAD), |reply, byte| reply.then(Duration::from_millis(1), [*byte]));
    let server = Server::start([reply.close()]).await;
    let mut lines = soon(open(&core(&server))).await.unwrap().into_value().lines::<Value>();
    let mut all = Vec::new();
    while let Some(value) = soon(lines.try_next()).await.unwrap() {
        all.push(value);
    }
    assert_eq!(all, [json!({ "a": "é" }), json!([1, "\n"]), json!(2)]);
}

#[tokio::test]
async fn line_that_does_not_fit_is_an_error_and_the_rest_is_read() {
    let mut lines = lines("1\n\ntwo\n3\n").await;
    assert_eq!(soon(lines.try_next()).await.unwrap(), Some(1));
    let error = soon(lines.try_next()).await.unwrap_err();
    let Error::Decode(decode) = &error else { panic!("{error:?}") };
    assert_eq!((decode.kind(), decode.number()), (DecodeErrorKind::Syntax, Some(2)));
    assert_eq!(decode.raw().unwrap(), "two\n");
    assert!(error.to_string().contains("line 2: expected ident"), "{error}");
    assert_eq!(soon(lines.try_next()).await.unwrap(), Some(3));
    assert_eq!(soon(lines.try_next()).await.unwrap(), None);
}

#[tokio::test]
async fn line_may_have_so_many_bytes() {
    let mut lines = lines("1\n23456\n7\n").await.item_limit(4);
    assert_eq!(soon(lines.try_next()).await.unwrap(), Some(1));
    let error = soon(lines.try_next()).await.unwrap_err();
    let what = "line 2: it is longer than 4 bytes; `item_limit` allows more";
    assert!(error.to_string().contains(what), "{error}");
    assert!(soon(lines.next()).await.is_none());
}

#[tokio::test]
async fn lines_before_the_connection_was_lost_are_there() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n";
    let server = Server::start([Reply::raw(format!("{head}1\n2\n3")).close()]).await;
    let mut lines = soon(open(&core(&server))).await.unwrap().into_value().lines::<i64>();
    assert_eq!(soon(lines.try_next()).await.unwrap(), Some(1));
    assert_eq!(soon(lines.try_next()).await.unwrap(), Some(2));
    let error = soon(lines.try_next()).await.unwrap_err();
    assert!(matches!(&error, Error::Decode(error) if error.kind() == DecodeErrorKind::Cut));
    assert!(soon(lines.next()).await.is_none());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn sequences_are_read_and_tell_of_a_number_that_may_be_cut() {
    let text = "\u{1e}{\n\"a\": 1}\n\u{1e}2\n\u{1e}3";
    let server = Server::start([Reply::raw(format!("{HEAD}{text}")).close()]).await;
    let mut texts = soon(open(&core(&server))).await.unwrap().into_value().sequence::<Value>();
    assert_eq!(soon(texts.try_next()).await.unwrap(), Some(json!({ "a": 1 })));
    assert_eq!(soon(texts.try_next()).await.unwrap(), Some(json!(2)));
    let error = soon(texts.try_next()).await.unwrap_err();
    let Error::Decode(decode) = &error else { panic!("{error:?}") };
    assert_eq!(
        (decode.kind(), decode.raw().unwrap().as_ref()),
        (DecodeErrorKind::Truncated, &b"3"[..])
    );
    assert!(soon(texts.next()).await.is_none());
}

//! Calls of the hand-made client.
use http::Method;
use serde_json::json;
use ship::runtime::{FlexText, Nullable, Timeouts};

use crate::client::{Client, ThingCreate, Users, over};
use crate::support::script::{Script, answer};
use crate::support::server::{Reply, Server};
use crate::support::{hasty, json as parsed};

#[tokio::test]
async fn list_sends_its_parameters_and_reads_its_page() {
    let script = Script::new([answer(
        200,
        &["X-Trace: 7"],
        r#"{"things": [{"id": 12, "label": null, "color": [1.50, 18446744073709551615]}], "nextCursor": "9"}"#,
    )]);
    let client = over(script.clone());
    let response = client.things().list().key("a b&c").limit(3).response().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-trace"], "7");
    assert_eq!((response.attempts(), response.operation()), (1, "listThings"));
    let page = response.map(|page| page.things).into_value();
    assert_eq!(page[0].id, "12");
    assert_eq!(page[0].label, None);
    assert_eq!(page[0].extra["color"], json!([1.5, 18_446_744_073_709_551_615_u64]));

    let log = script.log();
    let request = &log[0].request;
    assert_eq!(request.uri(), "https://things.example/api/1/things?key=a%20b%26c&limit=3");
    assert_eq!(request.headers()["authorization"], "Bearer k-1");
    assert_eq!(request.headers()["user-agent"], "things/0.1.0");
    assert_eq!(request.headers()["accept"], "application/json");
    assert!(request.headers()["authorization"].is_sensitive());
}

#[tokio::test]
async fn request_is_awaited_directly() {
    let client = over(Script::new([answer(200, &[], r#"{"things": []}"#)]));
    let page = client.things().list().await.unwrap();
    assert_eq!(page.next_cursor, Nullable::Absent);
}

#[tokio::test]
async fn raw_gives_the_body_as_it_came() {
    let client = over(Script::new([answer(201, &[], "not json")]));
    let response = client.things().list().cursor(5).raw().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.value()[..]), (201, &b"not json"[..]));
}

#[tokio::test]
async fn value_out_of_bounds_is_refused_before_sending() {
    let script = Script::new([answer(200, &[], "{}")]);
    let client = over(script.clone());
    for (limit, text) in [
        (0, "GET /things: not sent: `limit` must be at least 1"),
        (1001, "GET /things: not sent: `limit` must be at most 1000"),
    ] {
        let error = client.things().list().limit(limit).send().await.unwrap_err();
        assert_eq!(error.to_string(), text);
        assert_eq!(error.attempts(), 0);
    }
    assert_eq!(script.count(), 0);
}

#[tokio::test]
async fn create_writes_null_leaves_out_absent_and_cuts_fractions() {
    let script = Script::new([answer(200, &[], r#"{"id": "1"}"#)]);
    let things = over(script.clone()).things();
    let end = [Nullable::Absent, Nullable::Null, "2026-11-25".into()];
    let texts = [
        r#"{"key":"k","share":50}"#,
        r#"{"key":"k","end":null,"share":50}"#,
        r#"{"key":"k","end":"2026-11-25","share":50}"#,
    ];
    for (end, text) in end.into_iter().zip(texts) {
        things.create(ThingCreate { key: "k".into(), end, share: 50.0 }).send().await.unwrap();
        let sent = script.log().pop().unwrap().request;
        assert_eq!(sent.body(), text.as_bytes());
        assert_eq!(sent.headers()["content-type"], "application/json");
    }
}

#[tokio::test]
async fn delete_carries_its_body_and_does_not_read_the_answer() {
    let script = Script::new([answer(200, &["content-type: application/json"], "OK")]);
    let users = Users { users: vec!["ann".into()] };
    over(script.clone()).things().remove_users("a/b", users).send().await.unwrap();
    let sent = script.log().pop().unwrap().request;
    assert_eq!(sent.method(), Method::DELETE);
    assert_eq!(sent.uri().path(), "/api/1/things/a%2Fb/users");
    assert_eq!(sent.body(), &br#"{"users":["ann"]}"#[..]);
}

#[tokio::test]
async fn body_that_cannot_be_written_is_refused() {
    let script = Script::new([answer(200, &[], "{}")]);
    let body = ThingCreate { key: "k".into(), end: Nullable::Absent, share: f64::NAN };
    let error = over(script.clone()).things().create(body).send().await.unwrap_err();
    assert!(error.to_string().contains("a number must be finite"), "{error}");
    assert_eq!(script.count(), 0);
}

/// The same calls over a socket.
#[tokio::test]
async fn calls_arrive_whole_over_a_socket() {
    let server = Server::start([
        Reply::answer(200, &[], r#"{"things": [{"id": "1"}], "nextCursor": 3003}"#),
        Reply::answer(200, &[], r#"{"things": [{"id": "2"}]}"#),
        Reply::answer(200, &[], r#"{"id": "3"}"#),
        Reply::answer(200, &[], "OK"),
    ])
    .await;
    let client = Client::builder("k-1")
        .base_url(format!("{}/v1/", server.url))
        .retry(hasty())
        .timeouts(Timeouts::default())
        .http(|http| http);
    let things = client.build().unwrap().things();
    let mut items = things.list().key("x").items();
    let mut ids = Vec::new();
    while let Some(thing) = items.try_next().await.unwrap() {
        ids.push(thing.id);
    }
    assert_eq!(ids, [FlexText::from("1"), FlexText::from("2")]);
    let body = ThingCreate { key: "k".into(), end: Nullable::Null, share: 0.5 };
    assert_eq!(things.create(body).send().await.unwrap().id, "3");
    things.remove_users(7, Users { users: vec![] }).send().await.unwrap();

    let requests = server.requests();
    let lines: Vec<_> = requests.iter().map(|request| request.lines().next().unwrap()).collect();
    assert_eq!(
        lines,
        [
            "GET /v1/things?key=x&limit=1000 HTTP/1.1",
            "GET /v1/things?key=x&limit=1000&cursor=3003 HTTP/1.1",
            "POST /v1/things HTTP/1.1",
            "DELETE /v1/things/7/users HTTP/1.1",
        ]
    );
    assert!(!requests[0].contains("content-length"), "{}", requests[0]);
    assert!(requests[0].contains("authorization: Bearer k-1\r\n"), "{}", requests[0]);
    let (_, body) = requests[2].split_once("\r\n\r\n").unwrap();
    assert_eq!(parsed(body), json!({"key": "k", "end": null, "share": 0.5}));
    let (_, body) = requests[3].split_once("\r\n\r\n").unwrap();
    assert_eq!(parsed(body), json!({"users": []}));
}

#[tokio::test]
async fn client_without_settings_builds() {
    let client = Client::new("k-1").unwrap();
    assert_eq!(
        format!("{client:?}"),
        "Client { core: Core { base_url: \"https://things.example/api/1\", .. } }"
    );
}

//! What is beside the API: its document, browsers, the log, the snapshot and the end.

use std::time::{Duration, SystemTime};

use amplitude_experiment_fake::{Clock, Fake, Limits, Operation, RetryAfter};
use amplitude_experiment_management::models::{FlagUpdate, UserInclusions};
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{World, noon, raw, world, world_of};

#[tokio::test]
async fn the_document_is_served_as_yaml_and_json_to_everybody() {
    let World { fake, .. } = &world().await;
    for prefix in ["", "/api/1"] {
        let yaml = raw::send(fake, "GET", &format!("{prefix}/openapi.yaml"), &[], b"").await;
        assert_eq!(yaml.header("content-type"), Some("application/yaml"));
        assert!(
            yaml.text().contains("\nopenapi: 3.0.3\n") || yaml.text().starts_with("openapi: 3.0.3")
        );
        let json = raw::send(fake, "GET", &format!("{prefix}/openapi.json"), &[], b"").await;
        assert_eq!(json.header("content-type"), Some("application/json"));
        let document: Value = json.json();
        let methods =
            document["paths"].as_object().unwrap().values().flat_map(|path| {
                path.as_object().unwrap().keys().filter(|key| *key != "parameters")
            });
        assert_eq!(methods.count(), Operation::ALL.len());
    }
    assert_eq!(fake.requests().len(), 0, "that is no request of the API");
}

#[tokio::test]
async fn the_document_can_only_be_read() {
    let World { fake, .. } = &world().await;
    let get = raw::send(fake, "GET", "/openapi.yaml", &[], b"").await;
    let head = raw::send(fake, "HEAD", "/openapi.yaml", &[], b"").await;
    assert_eq!((head.status, head.text()), (200, ""));
    for name in ["content-type", "content-length"] {
        assert_eq!(head.header(name), get.header(name));
        assert!(head.header(name).is_some(), "{name}");
    }
    for path in ["/openapi.yaml", "/api/1/openapi.json"] {
        let answer = raw::send(fake, "POST", path, &[], b"{}").await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")));
        assert_eq!(answer.message(), "use GET, HEAD");
        let answer = raw::send(fake, "OPTIONS", path, &[], b"").await;
        assert_eq!((answer.status, answer.header("allow")), (204, Some("GET, HEAD")));
    }
}

#[tokio::test]
async fn browsers_may_ask_from_anywhere() {
    let World { fake, .. } = &world().await;
    let asked = ["Origin: https://example.com", "Access-Control-Request-Method: PATCH"];
    let answer = raw::send(fake, "OPTIONS", "/api/1/flags/1", &asked, b"").await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("allow"), Some("GET, PATCH"));
    assert_eq!(answer.header("access-control-allow-methods"), Some("GET, PATCH"));
    let allowed = answer.header("access-control-allow-headers");
    assert_eq!(allowed, Some("authorization, content-type"));
    for answer in [
        answer,
        raw::api(fake, "GET", "/flags", "").await,
        raw::api(fake, "GET", "/nothing", "").await,
        raw::send(fake, "GET", "/api/1/flags", &[], b"").await,
    ] {
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("access-control-expose-headers"), Some("*"));
    }
    assert_eq!(raw::send(fake, "OPTIONS", "/api/1/nothing", &[], b"").await.status, 404);
}

#[tokio::test]
async fn simple_clients_are_understood() {
    let World { fake, .. } = &world().await;
    let key = format!("authorization: bearer {}", fake.key());
    for headers in [vec![], vec!["Accept: */*"], vec!["Content-Type: application/json"]] {
        let headers = [vec![key.as_str()], headers].concat();
        let answer = raw::send(fake, "GET", "/api/1/flags", &headers, b"").await;
        assert_eq!(answer.status, 200);
    }
    let body = br#"{"projectId": 217854, "key": "a"}"#;
    let answer = raw::send(fake, "POST", "/api/1/flags", &[&key], body).await;
    assert_eq!(answer.status, 200, "without a content type");
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let kind = "Content-Type: application/json; charset=utf-8";
    let path = format!("/api/1/flags/{id}");
    let answer = raw::send(fake, "PATCH", &path, &[&key, kind], br#"{"enabled": true}"#).await;
    assert_eq!((answer.status, answer.text()), (200, "OK"));
    let flag = raw::api(fake, "GET", &format!("/flags/{id}"), "").await.json();
    for member in ["id", "projectId", "name", "key"] {
        assert!(flag[member].is_string(), "{member}");
    }
    assert_eq!(flag["deployments"], json!([]));
}

#[tokio::test]
async fn the_log_holds_what_came_and_how_it_was_answered() {
    let clock = Clock::manual(noon());
    let builder = Fake::builder().limits(Limits::off()).clock(clock);
    let World { fake, client } = &world_of(builder).await;
    let users = UserInclusions::new(["ü"]);
    client.flags().add_variant_users("1", "a b", users).await.unwrap_err();
    raw::api(fake, "PUT", "/flags?a=b", "x").await;
    let [first, second] = &fake.requests()[..] else { panic!("two requests") };
    assert_eq!(first.method, "POST");
    assert_eq!(first.target, "/api/1/flags/1/variants/a%20b/users");
    assert_eq!(first.operation, Some(Operation::AddFlagVariantUsers));
    assert_eq!(first.headers["authorization"], "Bearer ampex_fake");
    assert_eq!(first.json(), json!({ "inclusions": ["ü"] }));
    assert_eq!((first.at, first.status), (noon(), Some(StatusCode::NOT_FOUND)));
    assert_eq!((second.operation, second.target.as_str()), (None, "/api/1/flags?a=b"));
    assert_eq!(second.status, Some(StatusCode::METHOD_NOT_ALLOWED));
    assert_eq!(second.json(), Value::Null);
    fake.clear_requests();
    assert_eq!(fake.requests().len(), 0);
}

#[tokio::test]
async fn a_snapshot_is_equal_until_something_changes() {
    let world = world().await;
    let id = world.flag("a").await;
    let before = world.fake.snapshot();
    world.client.flags().get(&id).await.unwrap();
    world.client.flags().list().await.unwrap();
    assert_eq!(world.fake.snapshot(), before);
    let users = UserInclusions::new(["u"]);
    world.client.flags().add_variant_users(&id, "on", users).await.unwrap();
    let after = world.fake.snapshot();
    assert_ne!(after, before);
    assert_eq!(after.as_json()["flags"][0]["variants"][0]["users"], json!(["u"]));
    world.client.flags().update(&id, FlagUpdate::new().enabled(true)).await.unwrap();
    assert_eq!(after.as_json()["flags"][0]["enabled"], false, "a snapshot does not change");
}

#[tokio::test]
async fn the_date_of_answers_is_that_of_the_clock() {
    let builder = Fake::builder().clock(Clock::manual(noon()));
    let World { fake, .. } = &world_of(builder).await;
    let answer = raw::api(fake, "GET", "/flags", "").await;
    assert_eq!(answer.header("date"), Some("Sat, 01 Mar 2025 12:00:00 GMT"));
}

#[tokio::test]
async fn the_clock_may_stand_before_1970_and_after_9999() {
    let day = Duration::from_secs(86_400);
    let early = SystemTime::UNIX_EPOCH - 365 * day;
    let late = SystemTime::UNIX_EPOCH + 4_000_000 * day;
    for (now, date) in
        [(early, "Thu, 01 Jan 1970 00:00:00 GMT"), (late, "Fri, 31 Dec 9999 23:59:59 GMT")]
    {
        for form in [RetryAfter::Date, RetryAfter::Rfc850Date, RetryAfter::AsctimeDate] {
            let limits = Limits::off().per_second(1).retry_after(form);
            let builder = Fake::builder().clock(Clock::manual(now)).limits(limits);
            let World { fake, .. } = &world_of(builder).await;
            let flag = r#"{"projectId": 217854, "key": "a"}"#;
            let answer = raw::api(fake, "POST", "/flags", flag).await;
            assert_eq!((answer.status, answer.header("date")), (200, Some(date)));
            let answer = raw::api(fake, "GET", "/flags", "").await;
            assert_eq!((answer.status, answer.header("date")), (429, Some(date)));
            assert!(answer.header("retry-after").is_some(), "{form:?}");
        }
    }
}

#[tokio::test]
async fn a_fake_ends_when_it_is_dropped() {
    let World { fake, client } = world().await;
    client.flags().list().await.unwrap();
    let address = fake.address();
    drop(fake);
    // Its task ends at its next turn.
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(client.flags().list().await.unwrap_err().status().is_none());
}

#[tokio::test]
async fn the_port_is_free_when_a_fake_was_stopped() {
    for _ in 0..20 {
        let World { fake, client } = world().await;
        client.flags().list().await.unwrap();
        let address = fake.address();
        fake.stop().await;
        std::net::TcpListener::bind(address).unwrap();
        assert!(client.flags().list().await.unwrap_err().status().is_none());
    }
}

#[test]
fn a_fake_without_a_runtime_is_an_error() {
    let start = std::pin::pin!(Fake::builder().start());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(outcome) = start.poll(&mut context) else { panic!("it waits") };
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains("no reactor running"), "{error}");
}

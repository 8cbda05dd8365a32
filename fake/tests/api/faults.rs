//! Faults, seen with the client that users have.

use std::time::{Duration, Instant};

use amplitude_experiment_fake::{Fake, Fault, Limits, Operation};
use amplitude_experiment_management::models::{
    FlagCreate, FlagUpdate, MutexCreate, MutexSlotCreate,
};
use amplitude_experiment_management::{CallOptions, Client, Error, Retry};
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use crate::support::{P, World, client, patient, raw, refusal, world};

/// The methods that were sent.
fn sent(fake: &Fake) -> Vec<String> {
    fake.requests().iter().map(|request| request.method.to_string()).collect()
}

async fn patient_world() -> (World, Client) {
    let world = world().await;
    let client = patient(&world.fake);
    (world, client)
}

#[tokio::test]
async fn a_status_is_answered_once_and_not_executed() {
    let (World { fake, client: once }, patient) = &patient_world().await;
    fake.inject(Fault::status(StatusCode::SERVICE_UNAVAILABLE));
    patient.flags().list().await.unwrap();
    assert_eq!(sent(fake).len(), 2);
    fake.inject(Fault::status(StatusCode::BAD_REQUEST).on(Operation::CreateFlag));
    let outcome = once.flags().create(FlagCreate::new(P, "a")).await;
    assert_eq!(refusal(outcome), (400, "Bad Request".to_owned()));
    assert_eq!(fake.snapshot().as_json()["flags"], json!([]));
}

#[tokio::test]
async fn a_status_can_lie_about_what_was_executed() {
    let (World { fake, .. }, patient) = &patient_world().await;
    fake.inject(Fault::status(StatusCode::BAD_GATEWAY).executed());
    let outcome = patient.flags().create(FlagCreate::new(P, "a")).await;
    assert!(outcome.unwrap_err().is_ambiguous());
    assert_eq!(fake.snapshot().as_json()["flags"][0]["key"], "a");
}

#[tokio::test]
async fn a_refusal_is_waited_out() {
    let (World { fake, .. }, patient) = &patient_world().await;
    for hint in [None, Some("0")] {
        fake.clear_requests();
        fake.inject(Fault::refusal(hint));
        patient.flags().create(FlagCreate::new(P, format!("{hint:?}"))).await.unwrap();
        assert_eq!(sent(fake), ["POST", "POST"]);
        assert_eq!(fake.requests()[0].status, Some(StatusCode::TOO_MANY_REQUESTS));
    }
    fake.inject(Fault::refusal("3600"));
    let error = patient.flags().list().await.unwrap_err();
    assert!(error.is_rate_limited() && error.retry_after() > Some(Duration::from_secs(3000)));
}

#[tokio::test]
async fn headers_go_with_an_answer() {
    let (World { fake, client }, _) = &patient_world().await;
    let name = HeaderName::from_static("x-request-id");
    let value = HeaderValue::from_static("17");
    fake.inject(Fault::status(StatusCode::NOT_FOUND).header(name, value));
    assert_eq!(client.flags().get("1").await.unwrap_err().request_id(), Some("17"));
}

#[tokio::test]
async fn every_status_is_answered_and_headers_of_the_message_stay_right() {
    let World { fake, .. } = &world().await;
    let key = format!("Authorization: Bearer {}", fake.key());
    for status in [100, 101, 199, 200, 204, 205, 304, 451, 599, 600, 999] {
        let fault = Fault::status(StatusCode::from_u16(status).unwrap())
            .header(CONTENT_LENGTH, HeaderValue::from_static("5"))
            .header(TRANSFER_ENCODING, HeaderValue::from_static("gzip"));
        fake.inject(fault);
        let request = format!("GET /api/1/flags HTTP/1.1\r\nHost: fake\r\n{key}\r\n");
        let last = "Connection: close\r\n\r\n";
        let answers = raw::bytes(fake, format!("{request}\r\n{request}{last}").as_bytes()).await;
        let text = String::from_utf8(answers).unwrap();
        let expected = if status < 200 { 500 } else { status };
        assert!(text.starts_with(&format!("HTTP/1.1 {expected} ")), "{text}");
        assert!(!text.contains("content-length: 5\r") && !text.contains("gzip"), "{text}");
        assert_eq!(text.matches("HTTP/1.1 ").count(), 2, "the connection goes on: {text}");
    }
}

#[tokio::test]
async fn delays_add_up_without_end() {
    let World { fake, client } = &world().await;
    fake.inject(Fault::delay(Duration::MAX));
    fake.inject(Fault::delay(Duration::MAX));
    let request = client.flags().list();
    let outcome = tokio::time::timeout(Duration::from_millis(50), request).await;
    assert!(outcome.is_err(), "it waits");
    client.flags().list().await.unwrap();
}

#[tokio::test]
async fn a_connection_that_closes_leaves_the_request_executed() {
    let (World { fake, .. }, patient) = &patient_world().await;
    let made = patient.flags().create(FlagCreate::new(P, "a")).await.unwrap();
    fake.inject(Fault::closed());
    assert!(!patient.flags().get(&made.id).await.unwrap().enabled);
    fake.inject(Fault::closed());
    let error = patient.flags().create(FlagCreate::new(P, "b")).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)) && error.is_ambiguous(), "{error}");
    assert_eq!(fake.snapshot().as_json()["flags"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_connection_ends_at_the_byte_that_is_asked_for() {
    let World { fake, .. } = &world().await;
    let request = format!(
        "GET /api/1/flags HTTP/1.1\r\nHost: fake\r\nAuthorization: Bearer {}\r\n\r\n",
        fake.key()
    );
    for bytes in [0, 1, 17, 150] {
        fake.inject(Fault::cut(bytes));
        assert_eq!(raw::bytes(fake, request.as_bytes()).await.len(), bytes);
    }
    let last = request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let whole = raw::bytes(fake, last.as_bytes()).await.len();
    for bytes in [whole, whole + 50, usize::MAX] {
        fake.clear_requests();
        fake.inject(Fault::cut(bytes));
        let answer = raw::bytes(fake, format!("{request}{request}").as_bytes()).await;
        assert_eq!(answer.len(), whole, "a whole answer and no other");
        assert_eq!(raw::Answer::read(&answer).header("connection"), Some("close"));
        assert_eq!(fake.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_body_can_be_a_part_or_another() {
    let (World { fake, .. }, patient) = &patient_world().await;
    for fault in [Fault::truncated(3), Fault::body("<html>"), Fault::body("")] {
        fake.inject(fault);
        let once = CallOptions::new().retry(Retry::off());
        let error = patient.flags().list().with(once).await.unwrap_err();
        assert!(matches!(error, Error::Decode(_)), "{error}");
    }
    fake.inject(Fault::body("[]"));
    patient.flags().create(FlagCreate::new(P, "a")).await.unwrap_err();
    assert_eq!(patient.flags().list().await.unwrap().flags.len(), 1, "it was executed");
}

#[tokio::test]
async fn an_answer_can_be_slow_or_late() {
    let (World { fake, client }, _) = &patient_world().await;
    let time = async |fault| {
        fake.inject(fault);
        let start = Instant::now();
        client.flags().list().await.unwrap();
        start.elapsed()
    };
    let pause = Duration::from_millis(20);
    assert!(time(Fault::delay(pause)).await >= pause);
    // `{"flags":[],"nextCursor":null}` has 30 bytes.
    assert!(time(Fault::slow(10, pause)).await >= 2 * pause);
    let fake = Fake::builder().latency(pause).limits(Limits::off()).start().await.unwrap();
    let start = Instant::now();
    crate::support::client(&fake, fake.key()).flags().list().await.unwrap();
    assert!(start.elapsed() >= pause);
}

#[tokio::test]
async fn a_cursor_can_make_a_loop_or_be_of_another_kind() {
    let (world, patient) = &patient_world().await;
    for key in ["a", "b", "c"] {
        world.flag(key).await;
    }
    let first = patient.flags().list().limit(1).await.unwrap();
    let cursor = first.next_cursor.value().unwrap().as_str().to_owned();
    let fault = Fault::cursor(cursor.as_str()).on(Operation::ListFlags).skip(1);
    world.fake.inject(fault);
    let error = patient.flags().list().limit(1).items().collect_all(9).await.unwrap_err();
    assert!(matches!(error, Error::Pagination(_)), "{error}");
    world.fake.inject(Fault::cursor(cursor.parse::<u64>().unwrap()));
    let flags = patient.flags().list().limit(1).items().collect_all(9).await.unwrap();
    assert_eq!(flags.len(), 3, "a number is read as well");
}

#[tokio::test]
async fn unknown_members_and_values_survive_in_the_client() {
    let (world, patient) = &patient_world().await;
    let id = world.experiment("a").await;
    world.fake.inject(Fault::unknown().times(2));
    let experiment = patient.experiments().get(&id).await.unwrap();
    assert_eq!(experiment.evaluation_mode.as_str(), "from-the-future");
    assert!(experiment.extra.contains_key("fromTheFuture"));
    let list = patient.experiments().list().await.unwrap();
    assert!(list.experiments[0].extra.contains_key("fromTheFuture"));
}

#[tokio::test]
async fn unknown_members_and_values_are_everywhere() {
    let (world, patient) = &patient_world().await;
    let id = world.experiment("a").await;
    let condition = json!({ "type": "property", "prop": "p", "op": "is", "values": ["x"] });
    let segment = json!({ "name": "s", "conditions": [condition], "percentage": 5,
        "bucketingKey": "device_id", "rolloutWeights": { "control": 1 } });
    let update = json!({ "targetSegments": [segment] }).to_string();
    let path = format!("/experiments/{id}");
    let answer = raw::api(&world.fake, "PATCH", &path, &update).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let slots = [MutexSlotCreate::new(100).experiments([&id])];
    patient.mutexes().create(MutexCreate::new(P, "M", slots)).await.unwrap();
    world.fake.inject(Fault::unknown());
    let page = patient.versions().list().await.unwrap();
    let config = json!(page.versions[0].flag_config);
    let segment = &config["targetSegments"][0];
    for object in [
        &json!(page),
        &json!(page.versions[0]),
        &config,
        &config["variants"][0],
        segment,
        &segment["conditions"][0],
        &config["parentDependencies"],
    ] {
        assert!(object["fromTheFuture"].is_object(), "{object}");
    }
    for value in [
        &config["evaluationMode"],
        &config["experimentType"],
        &config["state"],
        &config["deliveryMethod"],
        &segment["conditions"][0]["type"],
        &segment["conditions"][0]["op"],
        &config["parentDependencies"]["operator"],
    ] {
        assert_eq!(value, "from-the-future");
    }
    assert_eq!(segment["rolloutWeights"].as_object().map(|map| map.len()), Some(1), "a map");
}

#[tokio::test]
async fn a_fault_happens_with_its_operation_in_its_turn_so_often() {
    let World { fake, client } = &world().await;
    let id = client.flags().create(FlagCreate::new(P, "a")).await.unwrap().id;
    let fault = Fault::status(StatusCode::CONFLICT).on(Operation::GetFlag).skip(1).times(2);
    fake.inject(fault);
    let mut seen = Vec::new();
    for _ in 0..4 {
        client.flags().list().await.unwrap();
        seen.push(raw_status(fake, &format!("/flags/{id}")).await);
    }
    assert_eq!(seen, [200, 409, 409, 200]);
    fake.inject(Fault::refusal(None).on(Operation::UpdateFlag).always());
    for _ in 0..3 {
        let outcome = client.flags().update(&id, FlagUpdate::new()).await;
        assert_eq!(refusal(outcome).0, 429);
    }
    fake.clear_faults();
    client.flags().update(&id, FlagUpdate::new()).await.unwrap();
}

/// The status alone: the document does not describe every one that is injected.
async fn raw_status(fake: &Fake, path: &str) -> u16 {
    let client = reqwest::Client::new();
    let request = client.get(format!("{}{path}", fake.base_url())).bearer_auth(fake.key());
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_builder_takes_faults_for_the_first_requests() {
    let builder = Fake::builder().fault(Fault::refusal(None)).limits(Limits::off());
    let fake = builder.start().await.unwrap();
    let client = client(&fake, fake.key());
    assert_eq!(refusal(client.flags().list().await).0, 429);
    client.flags().list().await.unwrap();
}

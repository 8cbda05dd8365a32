//! Answers that are no success: facts 1.4. Their bodies are not documented, so anything may come.
use amplitude_experiment_management::Error;
use amplitude_experiment_management::models::{
    FlagCreate, FlagUpdate, MutexSlotUpdate, UserInclusions, VariantUpdate,
};
use serde_json::{Value, json};

use crate::support::{Answer, Server, client_of, exchange};

#[tokio::test]
async fn a_body_is_read_as_json_or_text() {
    let cases: [(&str, Option<&str>); 9] = [
        ("{\"error\":\"bad id\"}", Some("bad id")),
        ("{\"error\":{\"message\":\"bad id\"}}", Some("bad id")),
        ("{\"success\":false,\"message\":\"no\"}", Some("no")),
        ("{\"errors\":[{\"message\":\"first\"},{\"message\":\"second\"}]}", Some("first")),
        ("\"just text\"", Some("just text")),
        ("plain text", Some("plain text")),
        ("<html>\n<b>Bad gateway</b>", Some("<html> <b>Bad gateway</b>")),
        ("", None),
        ("{\"error\":", Some("{\"error\":")),
    ];
    let server = Server::start(cases.map(|(body, _)| Answer::new(400, body))).await;
    let client = client_of(&server);
    for (body, message) in cases {
        let error = client.flags().get("1").send().await.expect_err("400 is no success");
        assert!(matches!(error, Error::Api(_)), "{error:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
        assert_eq!(error.message(), message, "{body}");
        assert_eq!(error.body().map(|body| body.to_vec()), Some(body.as_bytes().to_vec()));
        assert_eq!(error.operation(), Some("getFlag"));
        assert_eq!(error.attempts(), 1);
    }
}

/// Facts 1.4: never documented, and to be expected all the same.
#[tokio::test]
async fn other_statuses_are_told_apart() {
    let statuses = [400, 402, 403, 404, 409, 410, 413, 422, 451, 501];
    let server = Server::start(statuses.map(|status| Answer::new(status, "no"))).await;
    let client = client_of(&server);
    for status in statuses {
        let flag = client.flags().get("nobody-knows-me").send().await;
        let error = flag.expect_err("no success");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.is_not_found(), status == 404);
        assert!(!error.is_ambiguous() && !error.is_rate_limited() && !error.is_unauthorized());
        let text = error.to_string();
        assert!(text.starts_with("GET /flags/{id}: ") && text.ends_with(": no"), "{text}");
        assert!(!text.contains("nobody-knows-me"), "values may be personal: {text}");
    }
}

/// Facts 1.3: more than 2,000 users in a variant.
#[tokio::test]
async fn the_limit_of_inclusions_is_400() {
    let (seen, added) = exchange(Answer::new(400, "inclusion limit exceeded"), |client| {
        let users = (0..2001).map(|user| format!("user-{user}"));
        client.flags().add_variant_users("1", "on", UserInclusions::new(users)).send()
    })
    .await;
    assert_eq!(seen.json()["inclusions"].as_array().map(Vec::len), Some(2001), "no silent cut");
    let error = added.expect_err("400 is no success");
    assert_eq!(error.message(), Some("inclusion limit exceeded"));
    assert!(!error.to_string().contains("user-1"));
}

/// The service has executed the request, which the error must not hide.
#[tokio::test]
async fn a_success_that_cannot_be_read_says_that_it_was_executed() {
    let answer = Answer::json(&json!({ "url": "http://x" }));
    let (_, created) = exchange(answer, |client| {
        let body = FlagCreate::new("1", "k");
        client.flags().create(body).send()
    })
    .await;
    let error = created.expect_err("an id is missing");
    let Error::Decode(decode) = &error else { panic!("{error:?}") };
    assert!(decode.to_string().contains("`id`"), "{decode}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert!(error.is_ambiguous());
}

#[tokio::test]
async fn a_list_that_is_none_names_the_place() {
    let answer = Answer::json(&json!({ "flags": [{ "id": true, "projectId": [] }] }));
    let (_, list) = exchange(answer, |client| client.flags().list().send()).await;
    let error = list.expect_err("not a flag");
    let Error::Decode(decode) = &error else { panic!("{error:?}") };
    assert_eq!(decode.path(), "flags[0].projectId");
    assert!(!error.is_ambiguous(), "it only reads");
}

/// Values out of bounds never leave; the service would answer 400, or something unclear.
#[tokio::test]
async fn a_parameter_out_of_bounds_is_not_sent() {
    let server = Server::start([]).await;
    let client = client_of(&server);
    for limit in [i64::MIN, -1, 0, 1001] {
        let error = client.flags().list().limit(limit).send().await.expect_err("1 to 1000");
        assert!(matches!(error, Error::Request(_)), "{error:?}");
        assert!(error.to_string().contains("`limit`"), "{error}");
    }
    // C17: places and numbers are not negative.
    let error = client.flags().delete_variant_user("1", "on", -1).send().await;
    assert!(error.expect_err("from 0 on").to_string().contains("`userIndex`"));
    let body = MutexSlotUpdate::new();
    let error = client.mutexes().update_slot("1", -1, body).send().await;
    assert!(error.expect_err("from 0 on").to_string().contains("`slotIndex`"));
    assert!(server.seen().is_empty());
}

/// JSON has no such numbers; a body with `null` in their place would reset what it should set.
#[tokio::test]
async fn a_number_that_json_cannot_say_is_not_sent() {
    let server = Server::start([]).await;
    let client = client_of(&server);
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let body = FlagUpdate::new();
        let update = client.flags().update("1", body.rollout_percentage(number)).send().await;
        let error = update.expect_err("not a number");
        assert!(matches!(error, Error::Request(_)), "{error:?}");
    }
    assert!(server.seen().is_empty());
}

/// The 405 of an edit concerns experiments only; for a variant it is as final as any other.
#[tokio::test]
async fn an_error_of_a_write_keeps_its_free_body() {
    let body: Value = json!({ "error": null, "details": { "field": "key" } });
    let answer = Answer::new(409, body.to_string());
    let (_, updated) = exchange(answer, |client| {
        client.flags().update_variant("1", "on", VariantUpdate::new().key("off")).send()
    })
    .await;
    let error = updated.expect_err("409 is no success");
    assert_eq!(error.json::<Value>(), Some(body));
    assert!(!error.is_ambiguous());
}

//! Values that could break out of their place: encoded, escaped or refused, and in any case nowhere
//! else.
use amplitude_experiment_management::models::{
    BulkDeleteUsers, Condition, FlagCreate, FlagUpdate, TargetSegment, UserInclusions,
    VariantUpdate,
};
use amplitude_experiment_management::{Client, Error};
use serde_json::json;

use crate::support::{Answer, KEY, Server, client_of, exchange, samples};

/// Texts and how they stand in a segment of a path, or in a value of a query.
const TEXTS: [(&str, &str); 18] = [
    ("../../x?y#z", "..%2F..%2Fx%3Fy%23z"),
    ("a/b", "a%2Fb"),
    ("a\\b", "a%5Cb"),
    ("a\nb", "a%0Ab"),
    ("a\r\nhost: evil", "a%0D%0Ahost%3A%20evil"),
    ("a\0b", "a%00b"),
    ("a b+c", "a%20b%2Bc"),
    ("%2e%2e", "%252e%252e"),
    ("%2F", "%252F"),
    ("...", "..."),
    ("a;b=c,d", "a%3Bb%3Dc%2Cd"),
    ("a&limit=1", "a%26limit%3D1"),
    ("@example.com:80", "%40example.com%3A80"),
    ("{id}", "%7Bid%7D"),
    ("\"'<>`", "%22%27%3C%3E%60"),
    ("h\u{e9}\u{1f680}", "h%C3%A9%F0%9F%9A%80"),
    ("a|b[c]^d", "a%7Cb%5Bc%5D%5Ed"),
    ("a-._~b", "a-._~b"),
];

#[tokio::test]
async fn an_id_stays_in_its_segment() {
    let server = Server::start(vec![Answer::json(&samples::flag()); TEXTS.len()]).await;
    let client = client_of(&server);
    for (text, encoded) in TEXTS {
        client.flags().get(text).send().await.expect("a flag");
        server.take().expect(&format!("GET /api/1/flags/{encoded}"));
    }
}

#[tokio::test]
async fn a_variant_key_stays_in_its_segment() {
    let server = Server::start(vec![Answer::ok_text(); TEXTS.len()]).await;
    let client = client_of(&server);
    for (text, encoded) in TEXTS {
        let body = VariantUpdate::new().key(text);
        client.experiments().update_variant(text, text, body).send().await.expect("`OK`");
        let line = format!("PATCH /api/1/experiments/{encoded}/variants/{encoded}");
        server.take().expect_json(&line, json!({ "key": text }));
    }
}

#[tokio::test]
async fn a_filter_stays_in_its_value() {
    let server = Server::start(vec![Answer::json(&json!({ "flags": [] })); TEXTS.len()]).await;
    let client = client_of(&server);
    for (text, encoded) in TEXTS {
        let list = client.flags().list().key(text).project_id(text).cursor(text);
        list.send().await.expect("an empty list");
        let query = format!("key={encoded}&projectId={encoded}&cursor={encoded}");
        server.take().expect(&format!("GET /api/1/flags?{query}"));
    }
}

#[tokio::test]
async fn an_instant_stays_in_its_value() {
    let answer = Answer::json(&json!({ "versions": [] }));
    let (seen, list) = exchange(answer, |client| {
        client.versions().list().start("now&end=x").end("\" or 1=1 --").send()
    })
    .await;
    seen.expect("GET /api/1/versions?start=now%26end%3Dx&end=%22%20or%201%3D1%20--");
    list.expect("an empty list");
}

/// Parsers of URLs take these segments away, encoded or not: `DELETE /flags/1/variants/..` would be
/// another request. An empty one leads to the list.
#[tokio::test]
async fn a_segment_that_would_vanish_is_not_sent() {
    let server = Server::start([]).await;
    let client = client_of(&server);
    for text in ["", ".", ".."] {
        let flags = client.flags();
        let users = BulkDeleteUsers::new(["a"]);
        let errors = [
            flags.get(text).send().await.map(drop),
            flags.update(text, FlagUpdate::new().archive(true)).send().await,
            flags.delete_variant("1", text).send().await,
            flags.delete_all_variant_users(text, "on").send().await,
            flags.bulk_delete_variant_users("1", text, users).send().await,
            flags.delete_deployment("1", text).send().await,
            client.deployments().get(text).send().await.map(drop),
        ];
        for error in errors {
            let error = error.expect_err(text);
            assert!(matches!(error, Error::Request(_)), "{text}: {error:?}");
            assert_eq!(error.attempts(), 0);
        }
    }
    assert!(server.seen().is_empty());
}

/// Members of bodies: JSON escapes what it must.
#[tokio::test]
async fn texts_stay_in_their_members() {
    let server = Server::start(vec![Answer::json(&samples::created()); TEXTS.len()]).await;
    let client = client_of(&server);
    for (text, _) in TEXTS {
        let text = format!("{text}\",\"enabled\":true,\"x\":\"\u{2028}\u{7f}\u{0}");
        let condition = Condition::new(text.as_str(), text.as_str(), [text.as_str()]);
        let weights = [(text.as_str(), 1.0)];
        let segment = TargetSegment::new(text.as_str(), [condition], 100.0, weights);
        let body = FlagCreate::new(text.as_str(), text.as_str())
            .evaluation_mode(text.as_str())
            .target_segments([segment])
            .deployments([text.as_str()]);
        client.flags().create(body).send().await.expect("an id");
        let body = json!({
            "projectId": text,
            "key": text,
            "evaluationMode": text,
            "targetSegments": [{
                "name": text,
                "conditions": [{ "type": "property", "prop": text, "op": text, "values": [text] }],
                "percentage": 100,
                "rolloutWeights": { text.as_str(): 1 },
            }],
            "deployments": [text],
        });
        server.take().expect_json("POST /api/1/flags", body);
    }
}

/// C16: a comma is a character, not a separator.
#[tokio::test]
async fn a_list_is_not_split_at_commas() {
    let (seen, added) = exchange(Answer::ok_text(), |client| {
        let users = UserInclusions::new(["a,b", "<c>", "[\"d\"]"]);
        client.flags().add_variant_users("1", "on", users).send()
    })
    .await;
    let body = json!({ "inclusions": ["a,b", "<c>", "[\"d\"]"] });
    seen.expect_json("POST /api/1/flags/1/variants/on/users", body);
    added.expect("`OK`");
}

/// Lines of a log, and what terminals obey.
#[tokio::test]
async fn an_error_is_one_plain_line() {
    let body = "first\nsecond\r\n\u{1b}[31mred\u{7}\0";
    for answer in [
        Answer::new(400, body),
        Answer::new(400, json!({ "error": body }).to_string()),
        Answer::new(429, body).header("retry-after", "7200"),
        Answer::new(200, format!("{{\"id\": \"{body}")),
        Answer::new(302, "").header("location", "http://e\u{1b}vil/"),
    ] {
        let server = Server::start([answer.clone(), answer]).await;
        let outcome = client_of(&server).flags().get("a\nb").send().await;
        let error = outcome.expect_err("none of them is a flag");
        let texts = [error.to_string(), error.message().unwrap_or_default().to_owned()];
        for text in texts {
            assert!(!text.chars().any(char::is_control), "{text:?}");
            assert!(!text.contains("a\nb"));
        }
    }
}

/// A body that never ends is not put into an error as a whole.
#[tokio::test]
async fn an_error_is_short() {
    let (_, flag) =
        exchange(Answer::new(400, "x".repeat(200_000)), |client| client.flags().get("1").send())
            .await;
    let error = flag.expect_err("400 is no success");
    assert!(error.to_string().len() < 1_000);
    assert!(format!("{error:?}").len() < 2_000);
    assert!(error.body().expect("the start of it").len() <= 64 << 10);
}

/// A cursor of the service, sent back by the next page's request.
#[tokio::test]
async fn a_cursor_of_the_service_stays_in_its_value() {
    let first = json!({ "deployments": [], "nextCursor": "1&limit=2#/../x\r\nhost: evil" });
    let server =
        Server::start([Answer::json(&first), Answer::json(&json!({ "deployments": [] }))]).await;
    let client = Client::builder(KEY).base_url(server.base_url()).build().expect("sound settings");
    client.deployments().list().pages().collect_all(1).await.expect("two empty pages");
    let cursor = "1%26limit%3D2%23%2F..%2Fx%0D%0Ahost%3A%20evil";
    assert_eq!(server.lines()[1], format!("GET /api/1/deployments?limit=1000&cursor={cursor}"));
    assert_eq!(server.seen()[1].header("host"), Some(server.address().to_string().as_str()));
}

//! What no client of good will sends: the right status, a message, and nothing changed.

use amplitude_experiment_fake::Fake;
use serde_json::json;

use crate::support::raw::Answer;
use crate::support::{World, raw, world};

/// A fake with one flag, and the flag's path.
pub async fn with_flag() -> (World, String) {
    let world = world().await;
    let id = world.flag("a").await;
    (world, format!("/flags/{id}"))
}

/// Sends a request that must be refused, and compares the state before and after.
pub async fn refused(fake: &Fake, method: &str, path: &str, body: &[u8]) -> (u16, String) {
    let before = fake.snapshot();
    let answer = raw::api(fake, method, path, body).await;
    assert_eq!(fake.snapshot(), before, "{method} {path}");
    (answer.status, answer.message())
}

#[tokio::test]
async fn bodies_that_are_no_json_are_told_where_they_break() {
    let (World { fake, .. }, flag) = &with_flag().await;
    for (body, problem) in [
        (&b""[..], "is required"),
        (b" ", "EOF while parsing a value at line 1 column 1"),
        (b"{", "EOF while parsing an object at line 1 column 1"),
        (b"{'a': 1}", "key must be a string at line 1 column 2"),
        (b"{\"name\": \"a\"} x", "trailing characters at line 1 column 15"),
        (b"{\"name\": \"a\", \"name\": \"b\"}", "member `name` is given twice at line 1 column 26"),
        (b"{\"name\": \"\xff\"}", "invalid unicode code point at line 1 column 11"),
        (
            b"{\"name\": \"\0\"}",
            "control character (\\u0000-\\u001F) found while parsing a string at line 1 column 11",
        ),
        (b"{\"name\": \"\\ud800\"}", "unexpected end of hex escape at line 1 column 17"),
        (b"{\"rolloutPercentage\": 1e999}", "number out of range at line 1 column 27"),
        (b"\xef\xbb\xbf{}", "expected value at line 1 column 1"),
    ] {
        let outcome = refused(fake, "PATCH", flag, body).await;
        assert_eq!(outcome, (400, format!("body: {problem}")), "{body:?}");
    }
}

#[tokio::test]
async fn bodies_of_another_shape_are_refused() {
    let (World { fake, .. }, flag) = &with_flag().await;
    for body in ["null", "[]", "5", "\"OK\"", "true"] {
        let outcome = refused(fake, "PATCH", flag, body.as_bytes()).await;
        assert_eq!(outcome, (400, format!("body: {body} is not of type \"object\"")));
    }
    let users = format!("{flag}/variants/on/users");
    for (body, problem) in [
        (r#"{"inclusions": "a,b"}"#, "inclusions: \"a,b\" is not of type \"array\""),
        (r#"{"inclusions": [1]}"#, "inclusions[0]: 1 is not of type \"string\""),
        (r#"{"users": ["a"]}"#, "inclusions: is required"),
    ] {
        assert_eq!(refused(fake, "POST", &users, body.as_bytes()).await, (400, problem.to_owned()));
    }
}

#[tokio::test]
async fn deep_nesting_is_refused_before_it_does_harm() {
    let (World { fake, client }, flag) = &with_flag().await;
    let body = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("{{\"key\": \"deep-{depth}\", \"payload\": {open}{close}}}")
    };
    let path = format!("{flag}/variants");
    for depth in [64, 10_000] {
        let (status, message) = refused(fake, "POST", &path, body(depth).as_bytes()).await;
        assert_eq!(status, 400);
        assert!(message.starts_with("body: nested more than 64 deep at line 1"), "{message}");
    }
    assert_eq!(raw::api(fake, "POST", &path, body(63)).await.status, 200);
    client.versions().list().await.unwrap();
}

#[tokio::test]
async fn another_content_type_is_refused_with_415() {
    let (World { fake, .. }, flag) = &with_flag().await;
    let key = format!("Authorization: Bearer {}", fake.key());
    let before = fake.snapshot();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        let kind_line = format!("Content-Type: {kind}");
        let path = format!("/api/1{flag}");
        let answer = raw::send(fake, "PATCH", &path, &[&key, &kind_line], b"{}").await;
        let problem = format!("the body must be application/json, not `{kind}`");
        assert_eq!((answer.status, answer.message()), (415, problem));
    }
    assert_eq!(fake.snapshot(), before);
}

#[tokio::test]
async fn a_body_of_10_mb_is_refused_with_413_and_the_client_gets_to_read_it() {
    let (World { fake, .. }, flag) = &with_flag().await;
    let body = format!("{{\"description\": \"{}\"}}", "x".repeat(10_000_000));
    let before = fake.snapshot();
    let answer = raw::api(fake, "PATCH", flag, &body).await;
    let problem = "the body has more than 1048576 bytes";
    assert_eq!((answer.status, answer.message()), (413, problem.to_owned()));
    // A client that keeps its connection goes on with it.
    let client = reqwest::Client::new();
    let url = format!("{}{flag}", fake.base_url());
    for (body, expected) in [(body, 413), ("{}".to_owned(), 200)] {
        let request = client.patch(&url).bearer_auth(fake.key()).body(body);
        assert_eq!(request.send().await.unwrap().status().as_u16(), expected);
        if expected == 413 {
            assert_eq!(fake.snapshot(), before);
        }
    }
}

#[tokio::test]
async fn unknown_paths_are_not_found() {
    let (World { fake, .. }, flag) = &with_flag().await;
    for path in [
        "/",
        "/flag",
        "/Flags",
        "/flags/",
        &format!("{flag}/"),
        &format!("{flag}/nothing"),
        "/flags/1/variants//users",
        "//flags",
        "/flags/../flags",
        "/api/1/flags",
        "/%66lags",
    ] {
        let outcome = refused(fake, "GET", path, b"").await;
        assert_eq!(
            outcome,
            (404, "this path (all are below /api/1, see /openapi.yaml) not found".to_owned()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn another_method_is_refused_with_those_that_are_allowed() {
    let (World { fake, .. }, flag) = &with_flag().await;
    for (method, path, allowed) in [
        ("PUT", flag.clone(), "GET, PATCH"),
        ("DELETE", flag.clone(), "GET, PATCH"),
        ("PATCH", "/flags".to_owned(), "GET, POST"),
        ("GET", format!("{flag}/variants/on/bulk-delete-users"), "DELETE"),
        ("POST", format!("{flag}/variants/on"), "GET, DELETE, PATCH"),
        ("BREW", "/versions".to_owned(), "GET"),
    ] {
        let before = fake.snapshot();
        let answer = raw::api(fake, method, &path, "{}").await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some(allowed)),
            "{method} {path}"
        );
        assert_eq!(answer.message(), format!("use {allowed}"));
        assert_eq!(fake.snapshot(), before);
    }
}

#[tokio::test]
async fn what_is_encoded_in_a_path_stays_in_its_place() {
    let (World { fake, .. }, flag) = &with_flag().await;
    for (path, problem) in [
        ("/flags/..%2Fexperiments".to_owned(), "`../experiments` not found"),
        ("/flags/%2e%2e".to_owned(), "`..` not found"),
        (format!("{flag}/variants/on%2Fusers"), "variant `on/users` not found"),
        (format!("{flag}/variants/%00"), "variant `\0` not found"),
        (format!("{flag}/variants/on%3Fa=b"), "variant `on?a=b` not found"),
    ] {
        assert_eq!(refused(fake, "GET", &path, b"").await, (404, problem.to_owned()));
    }
    let outcome = refused(fake, "GET", &format!("{flag}/variants/%ff"), b"").await;
    assert_eq!(outcome, (400, "variantKey: is not UTF-8".to_owned()));
}

#[tokio::test]
async fn indexes_are_whole_numbers_from_0() {
    let (World { fake, .. }, flag) = &with_flag().await;
    for (index, status, problem) in [
        ("-1", 400, "userIndex: -1 is less than the minimum of 0"),
        ("1.5", 400, "userIndex: integer expected, not `1.5`"),
        ("first", 400, "userIndex: integer expected, not `first`"),
        ("99999999999999999999", 400, "userIndex: integer expected, not `99999999999999999999`"),
        ("0", 404, "user 0 of 0 not found"),
        ("9223372036854775807", 404, "user 9223372036854775807 of 0 not found"),
    ] {
        let path = format!("{flag}/variants/on/users/{index}");
        assert_eq!(refused(fake, "DELETE", &path, b"").await, (status, problem.to_owned()));
    }
    let group = r#"{"projectId": 217854, "name": "G", "slots": [{"percentage": 100}]}"#;
    let group = raw::api(fake, "POST", "/mutexes", group).await.json()["id"].clone();
    let path = format!("/mutexes/{}/slots/-1", group.as_str().unwrap());
    assert_eq!(refused(fake, "PATCH", &path, b"{}").await.0, 400);
}

#[tokio::test]
async fn a_parameter_that_is_given_twice_is_refused() {
    let World { fake, .. } = &world().await;
    let outcome = refused(fake, "GET", "/flags?limit=1&limit=2", b"").await;
    assert_eq!(outcome, (400, "limit: is given twice".to_owned()));
}

#[tokio::test]
async fn members_that_are_unknown_or_read_only_are_ignored() {
    let (World { fake, client }, flag) = &with_flag().await;
    let body = json!({
        "id": "1", "key": "b", "projectId": "1", "deployments": ["1"], "variants": [],
        "rolloutWeights": { "on": 5 }, "decision": 5, "endDate": null, "fromTheFuture": {},
    });
    assert_eq!(raw::api(fake, "PATCH", flag, body.to_string()).await.status, 200);
    let found = client.flags().list().await.unwrap().flags.remove(0);
    assert_eq!((found.key.as_str(), found.variants.len()), ("a", 1));
    assert_eq!(found.rollout_weights.len(), 0);
}

#[tokio::test]
async fn bytes_that_are_no_http_end_the_connection_and_nothing_else() {
    let (World { fake, client }, _) = &with_flag().await;
    for request in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"[..],
        b"GET /api/1/fl\0ags HTTP/1.1\r\n\r\n",
        b"GET /api/1/flags\xff HTTP/9.9\r\n\r\n",
        b"POST /api/1/flags HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    ] {
        let answer = raw::bytes(fake, request).await;
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 400"), "{answer:?}");
    }
    client.flags().list().await.unwrap();
}

#[tokio::test]
async fn a_request_that_breaks_off_is_not_executed() {
    let World { fake, client } = &world().await;
    let body = r#"{"projectId": 217854, "key": "a"}"#;
    let request = format!(
        "POST /api/1/flags HTTP/1.1\r\nHost: fake\r\nAuthorization: Bearer {}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        fake.key(),
        body.len() + 1
    );
    let mut stream = tokio::net::TcpStream::connect(fake.address()).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await.unwrap();
    tokio::io::AsyncWriteExt::shutdown(&mut stream).await.unwrap();
    let mut answer = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut answer).await.unwrap();
    assert_eq!(client.flags().list().await.unwrap().flags, []);
    assert_eq!(fake.requests().len(), 1, "the list alone");
}

#[tokio::test]
async fn a_body_in_chunks_is_read() {
    let World { fake, .. } = &world().await;
    let request = format!(
        "POST /api/1/flags HTTP/1.1\r\nHost: fake\r\nAuthorization: Bearer {}\r\n\
         Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n\
         11\r\n{{\"projectId\": 217\r\n12\r\n854, \"key\": \"abc\"}}\r\n0\r\n\r\n",
        fake.key()
    );
    let answer = Answer::read(&raw::bytes(fake, request.as_bytes()).await);
    assert_eq!((answer.status, answer.json()["id"].as_str()), (200, Some("100001")));
}

#[tokio::test]
async fn a_body_of_many_faults_is_told_in_part() {
    let World { fake, .. } = &world().await;
    let ids = vec![1; 100_000];
    let slots = json!([{ "percentage": 100, "experiments": ids, "holdouts": ids }]);
    let body = json!({ "projectId": 217_854, "name": "M", "slots": slots }).to_string();
    let (status, message) = refused(fake, "POST", "/mutexes", body.as_bytes()).await;
    assert_eq!(status, 400);
    assert!(message.starts_with("slots[0].experiments[0]: there is no experiment 1 in project"));
    assert!(message.ends_with("; and 199900 more"), "{}", message.len());
    let variants = vec![json!({ "key": "a" }); 50_000];
    let body = json!({ "projectId": 217_854, "key": "f", "variants": variants }).to_string();
    let (status, message) = refused(fake, "POST", "/flags", body.as_bytes()).await;
    assert_eq!(status, 400);
    assert!(message.starts_with("variants[1].key: `a` is given twice; variants[2].key"));
    assert!(message.ends_with("; and 49899 more"));
}

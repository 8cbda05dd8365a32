//! What an error tells.
use std::time::Duration;

use serde::Deserialize;
use ship::runtime::{Error, Retry};

use crate::client::over;
use crate::support::printed;
use crate::support::script::{Script, answer};

async fn error(status: u16, headers: &[&str], body: &str) -> Error {
    let client = over(Script::new([answer(status, headers, body)]));
    client.things().list().send().await.unwrap_err()
}

#[tokio::test]
async fn message_is_taken_from_common_bodies() {
    let long = "é".repeat(300);
    let cut = format!("{}…", "é".repeat(256));
    let table = [
        (r#"{"message": "no"}"#, "no"),
        (r#"{"error": "no"}"#, "no"),
        (r#"{"error": {"message": "no", "code": 1}}"#, "no"),
        (r#"{"error": {"code": 1}, "title": "no"}"#, "no"),
        (r#"{"errors": [{"detail": "no"}, {"detail": "yes"}]}"#, "no"),
        (r#"{"errors": ["no"]}"#, "no"),
        (r#"{"message": "", "detail": "no"}"#, "no"),
        (r#""no""#, "no"),
        ("no", "no"),
        ("  two\r\nlines\t ", "two  lines"),
        (r#"{"code": 7}"#, r#"{"code": 7}"#),
        (long.as_str(), cut.as_str()),
    ];
    for (body, message) in table {
        let error = error(400, &[], body).await;
        assert_eq!(error.message(), Some(message));
        assert_eq!(error.to_string(), format!("GET /things: 400 Bad Request: {message}"));
        assert_eq!(error.body().unwrap(), body.as_bytes());
    }
    assert_eq!(error(400, &[], "").await.message(), None);
    assert_eq!(error(418, &[], " ").await.to_string(), "GET /things: 418 I'm a teapot");
}

#[tokio::test]
async fn body_reads_as_a_type_if_it_fits() {
    #[derive(Deserialize, PartialEq, Debug)]
    struct Problem {
        code: u32,
    }
    let error = error(409, &["X-Trace: 1"], r#"{"code": 7}"#).await;
    assert_eq!(error.json(), Some(Problem { code: 7 }));
    assert_eq!(error.json::<Vec<u8>>(), None);
    assert_eq!(error.headers().unwrap()["x-trace"], "1");
    assert_eq!(error.status().unwrap(), 409);
    assert_eq!(error.operation(), Some("listThings"));
}

#[tokio::test(start_paused = true)]
async fn questions_are_answered_by_status() {
    let flags = |error: &Error| {
        [
            error.is_not_found(),
            error.is_rate_limited(),
            error.is_unauthorized(),
            error.is_ambiguous(),
        ]
    };
    for (status, expected) in [
        (401, [false, false, true, false]),
        (404, [true, false, false, false]),
        (429, [false, true, false, false]),
        (403, [false; 4]),
        (500, [false; 4]),
    ] {
        assert_eq!(flags(&error(status, &[], "").await), expected, "{status}");
    }
}

#[tokio::test]
async fn redirect_names_the_host_only() {
    for (location, host) in [
        ("location: https://evil.example/a?b=c", Some("evil.example")),
        ("location: /elsewhere", None),
        ("location: \u{1}", None),
        ("x-none: 1", None),
    ] {
        if location.contains('\u{1}') {
            continue;
        }
        let error = error(307, &[location], "").await;
        let Error::Redirect(redirect) = &error else { panic!("{error}") };
        assert_eq!(redirect.location_host(), host);
        assert!(error.to_string().contains(host.unwrap_or("another place")), "{error}");
        assert!(!error.to_string().contains("b=c"), "{error}");
    }
}

#[tokio::test]
async fn answer_that_leads_nowhere_does_not_speak_of_a_place() {
    let error = error(304, &["location: https://evil.example/"], "").await;
    assert_eq!(error.to_string(), "GET /things: 304 Not Modified, which brings no value");
}

#[tokio::test]
async fn characters_that_are_not_seen_are_blanked() {
    let hidden = "\0\u{1b}\u{7f}\u{85}\u{ad}\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}\u{202a}\u{202e}\
                  \u{2060}\u{2066}\u{2069}\u{feff}\u{fff9}\u{e0041}";
    for c in hidden.chars() {
        let plain = error(400, &[], &format!("{c}a{c}b é{c}")).await;
        assert_eq!(plain.message(), Some("a b é"), "{c:?}");
        assert_eq!(plain.to_string(), "GET /things: 400 Bad Request: a b é");
        let json = format!("{{\"message\": \"a\\u{:04x}b\"}}", u32::from(c).min(0xffff));
        if c <= '\u{ffff}' {
            assert_eq!(error(400, &[], &json).await.message(), Some("a b"), "{c:?}");
        }
        let shape = error(200, &[], &format!("{{\"things\": [\"a{c}b\"]}}")).await;
        assert!(!printed(&shape).contains(c) || c == '\n', "{shape}");
    }
}

#[tokio::test(start_paused = true)]
async fn time_of_the_call_is_kept() {
    let script = Script::new([answer(429, &["retry-after: 5"], ""), answer(400, &[], "")]);
    let error = over(script).things().list().send().await.unwrap_err();
    assert!(error.elapsed() >= Duration::from_secs(5), "{:?}", error.elapsed());
    assert_eq!(error.to_string(), "GET /things: 400 Bad Request (2 attempts)");
}

#[tokio::test(start_paused = true)]
async fn refusal_tells_when_to_come_again() {
    let error = error(429, &["retry-after: 3600"], "slow down").await;
    let text = error.to_string();
    let start = "GET /things: 429 Too Many Requests: slow down; requests are accepted again at 20";
    assert!(text.starts_with(start) && text.ends_with("Z in 60 min 0 s"), "{text}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
}

#[test]
fn settings_print() {
    assert!(format!("{:?}", Retry::default()).contains("attempts: 3"));
}

//! Bodies of successful answers, and the place of what is wrong with them.
use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ship::runtime::decode::{self, Parts};
use ship::runtime::{DecodeError, DecodeErrorKind, FlexText};

fn decode<T>(
    body: impl Into<Bytes>,
    with: fn(&Parts<'_>) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    let (headers, body) = (HeaderMap::new(), body.into());
    with(&Parts { status: StatusCode::OK, headers: &headers, body: &body })
}

fn fail<T: DeserializeOwned>(body: impl Into<Bytes>) -> DecodeError {
    match decode(body, decode::json::<T>) {
        Ok(_) => panic!("it fits"),
        Err(error) => error,
    }
}

#[derive(Deserialize, Debug)]
#[expect(dead_code, reason = "only decoded")]
struct Thing {
    name: String,
    size: Option<u8>,
    tags: Option<Vec<Tag>>,
}

#[derive(Deserialize, Debug)]
#[expect(dead_code, reason = "only decoded")]
struct Tag {
    id: FlexText,
}

type Things = BTreeMap<String, Vec<Thing>>;

#[test]
fn bodies_are_read_as_what_they_are_declared() {
    assert_eq!(decode("{\"a\": 1}", decode::json::<Value>).unwrap()["a"], 1);
    assert_eq!(decode("\u{feff}[1]", decode::json::<Vec<u8>>).unwrap(), [1]);
    assert_eq!(decode("it's {ok}", decode::text).unwrap(), "it's {ok}");
    assert_eq!(decode("OK", decode::bytes).unwrap(), "OK");
    decode("OK", decode::nothing).unwrap();
    decode("", decode::nothing).unwrap();
    let error = decode(&b"ab\xFFcd"[..], decode::text).unwrap_err();
    assert_eq!(error.kind(), DecodeErrorKind::Text);
}

#[test]
fn place_of_an_error_is_named() {
    use DecodeErrorKind::{Shape, Syntax, Truncated};
    let table: [(&str, DecodeErrorKind, &str); 14] = [
        (r#"{"things": [{"name": "a"}, {"name": 5}]}"#, Shape, "things[1].name"),
        (r#"{"things": [{"name": "a"}, {"size": 1}]}"#, Shape, "things[1]"),
        (r#"{"things": [{"name": "a", "size": 300}]}"#, Shape, "things[0].size"),
        (r#"{"things": [{"name": "a", "size": "x"}]}"#, Shape, "things[0].size"),
        (
            r#"{"things": [{"name": "a", "tags": [{"id": 1}, {"id": [2]}]}]}"#,
            Shape,
            "things[0].tags[1].id",
        ),
        (r#"{"things": [{"name": "a", "tags": {"id": 1}}]}"#, Shape, "things[0].tags"),
        (r#"{"a,b": [], "\"}{": [{"name": {}}]}"#, Shape, "\\\"}{[0].name"),
        ("{\n  \"things\": [\n    {\n      \"name\": true\n    }\n  ]\n}", Shape, "things[0].name"),
        (r#"{"things": 5}"#, Shape, "things"),
        ("[]", Shape, ""),
        (r#"{"things": [{"name": "a"#, Truncated, "things[0].name"),
        (r#"{"things": [{"name": "a"}"#, Truncated, "things[0]"),
        ("<html>", Syntax, ""),
        (r#"{"things": [{"name": nul}]}"#, Syntax, "things[0].name"),
    ];
    for (body, kind, path) in table {
        let error = fail::<Things>(body);
        assert_eq!((error.kind(), error.path()), (kind, path), "{body}: {error}");
        assert!(!error.to_string().contains('\n'), "{error}");
        assert!(error.to_string().contains(path), "{error}");
    }
}

#[test]
fn empty_body_is_named_as_such() {
    let error = fail::<Things>("");
    assert_eq!(error.to_string(), "the body is empty");
    assert_eq!(error.kind(), DecodeErrorKind::Truncated);
}

#[test]
fn window_is_short_whatever_the_body() {
    let rows: Vec<String> = (0..500).map(|row| format!("{{\"name\": \"é{row}\"}}")).collect();
    let bodies: [Vec<u8>; 5] = [
        format!("{{\"things\": [{}, {{\"name\": 5}}]}}", rows.join(",")).into(),
        format!("{{\"things\": {}", "[".repeat(120)).into(),
        format!("{{\"{}\": 5}}", "k".repeat(5000)).into(),
        [&b"{\"things\": \""[..], &[0xFF; 300]].concat(),
        format!("\"{}\"", "\u{1}€".repeat(200)).into(),
    ];
    for body in bodies {
        let error = fail::<Things>(body);
        assert!(error.window().len() <= 120, "{}", error.window());
        assert!(!error.window().is_empty());
        assert!(error.to_string().len() < 800, "{error}");
    }
}

#[test]
fn error_of_a_decoder_of_ones_own_carries_its_text() {
    let error = DecodeError::new("neither a nor b");
    assert_eq!(error.to_string(), "neither a nor b");
    assert_eq!((error.kind(), error.status()), (DecodeErrorKind::Shape, None));
}

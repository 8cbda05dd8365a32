//! Paths, headers, cookies and bodies as they go out; what is refused before.
use bytes::Bytes;
use http::Method;
use serde_json::json;
use ship::runtime::{
    CallOptions, CoreBuilder, Error, Operation, Request, RetrySafety, Settings, decode,
};

use crate::support::printed;
use crate::support::script::{Script, ok};

static SETTINGS: Settings = Settings {
    user_agent: "t/1",
    base_url: Some("https://host/base"),
    rate_limits: None,
    variables: &[],
};

pub const fn operation(path: &'static str) -> Operation {
    let (method, retry) = (Method::POST, RetrySafety::OnRefusal);
    Operation { id: "send", method, path, retry, security: &[] }
}

static SEND: Operation = operation("/send");
static ONE: Operation = operation("/a/{x}/b");
static TWO: Operation = operation("/{x}.{y}");

/// What goes out, or the error.
pub async fn sent(request: Request) -> Result<http::Request<Bytes>, Error> {
    let script = Script::new([ok()]);
    let core = CoreBuilder::new(&SETTINGS).transport(script.clone()).build()?;
    let outcome = core.execute(request, &CallOptions::new(), decode::nothing).await;
    let sent = script.log().pop();
    outcome.map(|_| sent.unwrap().request)
}

async fn path(request: Request) -> String {
    match sent(request).await {
        Ok(request) => request.uri().path().to_owned(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn s3_path_value_stays_in_its_segment() {
    let table = [
        ("848345", "/base/a/848345/b"),
        ("a/b c?d#e%41", "/base/a/a%2Fb%20c%3Fd%23e%2541/b"),
        ("é", "/base/a/%C3%A9/b"),
        ("/", "/base/a/%2F/b"),
        ("?", "/base/a/%3F/b"),
        (" ", "/base/a/%20/b"),
        ("%", "/base/a/%25/b"),
        ("\n", "/base/a/%0A/b"),
        ("../x", "/base/a/..%2Fx/b"),
        ("..%2f", "/base/a/..%252f/b"),
        ("%2e%2e", "/base/a/%252e%252e/b"),
        ("...", "/base/a/.../b"),
        ("a\r\nHost: x", "/base/a/a%0D%0AHost%3A%20x/b"),
        ("a;b=c,d@e:f+g&h", "/base/a/a%3Bb%3Dc%2Cd%40e%3Af%2Bg%26h/b"),
        ("{y}", "/base/a/%7By%7D/b"),
        ("\\..\\", "/base/a/%5C..%5C/b"),
        ("", "POST /a/{x}/b: not sent: `x` must not be empty"),
        (".", "POST /a/{x}/b: not sent: `x` must not be `.` or `..`"),
        ("..", "POST /a/{x}/b: not sent: `x` must not be `.` or `..`"),
    ];
    for (value, expected) in table {
        assert_eq!(path(Request::new(&ONE).path("x", &value)).await, expected, "{value}");
    }
}

#[tokio::test]
async fn values_that_make_a_dot_segment_together_are_refused() {
    let request = |x: &str, y: &str| Request::new(&TWO).path("x", &x).path("y", &y);
    assert_eq!(path(request("a", "b")).await, "/base/a.b");
    assert_eq!(path(request(".", "b")).await, "/base/..b");
    // Neither may be empty, so that two dots alone cannot come about.
    assert!(path(request("", "")).await.contains("must not be empty"));
}

#[tokio::test]
async fn dot_segment_is_blamed_on_the_value_in_it() {
    static VARIANT: Operation = operation("/things/{id}/variants/{variant}?{tail}");
    static PAIR: Operation = operation("/a/{id}/{x}{y}/{z}");
    static PREFIX: Operation = operation("/{id}/.{x}/z");
    static FIXED: Operation = operation("/{id}/../z");
    let filled = |operation, values: &[(&'static str, &str)]| {
        let start = Request::new(operation);
        values.iter().fold(start, |request, (name, value)| request.path(name, value))
    };
    let table = [
        (filled(&VARIANT, &[("id", "1"), ("variant", ".."), ("tail", "t")]), Some("variant")),
        (filled(&VARIANT, &[("variant", "."), ("id", "1"), ("tail", "t")]), Some("variant")),
        (filled(&VARIANT, &[("id", ".."), ("variant", "1"), ("tail", "t")]), Some("id")),
        (filled(&VARIANT, &[("id", ".."), ("variant", ".."), ("tail", "t")]), Some("id")),
        (filled(&PAIR, &[("id", "1"), ("x", "."), ("y", "."), ("z", "1")]), Some("x")),
        (filled(&PAIR, &[("id", "1"), ("x", "a"), ("y", "b"), ("z", ".")]), Some("z")),
        (filled(&PREFIX, &[("id", "1"), ("x", ".")]), Some("x")),
        (filled(&FIXED, &[("id", "1")]), None),
    ];
    for (request, name) in table {
        let error = sent(request).await.unwrap_err();
        let Error::Request(refused) = &error else { panic!("{error}") };
        assert_eq!(refused.parameter(), name, "{error}");
        let blamed = name.map(|name| format!("not sent: `{name}` must not be")).unwrap_or_default();
        assert!(error.to_string().contains(&blamed), "{error}");
    }
    let tail = filled(&VARIANT, &[("id", "1"), ("variant", "2"), ("tail", "..")]);
    assert_eq!(path(tail).await, "/base/things/1/variants/2");
}

#[tokio::test]
async fn path_lists_and_missing_values() {
    assert_eq!(path(Request::new(&ONE).path_joined("x", &[1, 2], ',')).await, "/base/a/1,2/b");
    let texts = ["a,b", "c"];
    assert_eq!(path(Request::new(&ONE).path_joined("x", &texts, ',')).await, "/base/a/a%2Cb,c/b");
    assert!(path(Request::new(&ONE).path_joined("x", &[0; 0], ',')).await.contains("empty"));
    assert!(path(Request::new(&ONE)).await.contains("without a value"));
}

#[tokio::test]
async fn fixed_text_of_a_path_is_made_legal() {
    static ODD: Operation = operation("/a b/\"q\"/{x}?action=go");
    static BROKEN: Operation = operation("/a/{x");
    let request = sent(Request::new(&ODD).path("x", &1).query("y", Some(&2))).await.unwrap();
    let target = request.uri().path_and_query().unwrap();
    assert_eq!(target, "/base/a%20b/%22q%22/1?action=go&y=2");
    assert!(path(Request::new(&BROKEN).path("x", &1)).await.contains("brace"));
}

#[tokio::test]
async fn s3_header_values_are_sent_or_refused_whole() {
    let request = Request::new(&SEND)
        .header("X-One", Some(&"a b"))
        .header("X-None", None::<&String>)
        .header_joined("X-List", Some(&[1, 2]))
        .header_joined("X-Empty", Some(&[0; 0]))
        .cookie("c", Some(&"a;b"))
        .cookie("d", Some(&1))
        .cookie("e", None::<&i32>);
    let request = sent(request).await.unwrap();
    let headers = request.headers();
    assert_eq!(
        (&headers["x-one"], &headers["x-list"]),
        (&"a b".parse().unwrap(), &"1,2".parse().unwrap())
    );
    assert_eq!(headers["cookie"], "c=a%3Bb; d=1");
    assert!(!headers.contains_key("x-none") && !headers.contains_key("x-empty"));

    for value in ["a\r\nX-Evil: 1", "a\nb", "a\0b", "\u{7f}"] {
        let error = sent(Request::new(&SEND).header("X-One", Some(&value))).await.unwrap_err();
        let Error::Request(refused) = &error else { panic!("{error}") };
        assert_eq!(refused.parameter(), Some("X-One"));
        assert!(!printed(&error).contains("Evil"), "{error}");
    }
    assert!(sent(Request::new(&SEND).header("not a name", Some(&1))).await.is_err());
}

#[tokio::test]
async fn bodies_go_out_with_their_media_type() {
    let object = json!({"user name": "a&b", "scopes": ["x", "y"], "none": null, "n": 1.5});
    let table: [(Request, &str, &str); 5] = [
        (
            Request::new(&SEND).json("application/vnd.docs.v2+json", &object),
            "application/vnd.docs.v2+json",
            r#"{"user name":"a&b","scopes":["x","y"],"none":null,"n":1.5}"#,
        ),
        (
            Request::new(&SEND).form(&object),
            "application/x-www-form-urlencoded",
            "user%20name=a%26b&scopes=x&scopes=y&n=1.5",
        ),
        (Request::new(&SEND).text("text/plain", "say \"hi\""), "text/plain", "say \"hi\""),
        (Request::new(&SEND).json("application/json", "x"), "application/json", "\"x\""),
        (Request::new(&SEND).bytes("image/png", Bytes::from_static(b"\x01")), "image/png", "\x01"),
    ];
    for (request, media_type, body) in table {
        let request = sent(request).await.unwrap();
        assert_eq!(request.headers()["content-type"], media_type);
        let text = std::str::from_utf8(request.body()).unwrap();
        if media_type.ends_with("json") {
            assert_eq!(crate::support::json(text), crate::support::json(body));
        } else {
            let mut pairs: Vec<_> = text.split('&').collect();
            let mut expected: Vec<_> = body.split('&').collect();
            pairs.sort_unstable();
            expected.sort_unstable();
            assert_eq!(pairs, expected);
        }
    }
    let nested =
        json!({"a": {"b": {"c": 1}, "d": ["x", "y"], "e": null}, "l": [{"m": true}, {"m": "n"}]});
    let request = sent(Request::new(&SEND).form(&nested)).await.unwrap();
    assert_eq!(
        request.body(),
        "a%5Bb%5D%5Bc%5D=1&a%5Bd%5D=x&a%5Bd%5D=y&l%5B0%5D%5Bm%5D=true&l%5B1%5D%5Bm%5D=n"
    );
    assert!(sent(Request::new(&SEND).form(&json!([1]))).await.is_err());
    assert!(sent(Request::new(&SEND).text("text/\nplain", "")).await.is_err());
    assert!(sent(Request::new(&SEND).accept("text/\nplain")).await.is_err());
}

#[tokio::test]
async fn first_problem_is_the_one_reported() {
    let request = Request::new(&ONE).path("x", &"").header("X", Some(&"\n"));
    let error = sent(request).await.unwrap_err();
    assert!(error.to_string().contains("`x` must not be empty"), "{error}");
}

#[tokio::test]
async fn url_that_is_too_long_is_refused() {
    let long = "x".repeat(70_000);
    let error = sent(Request::new(&SEND).query("q", Some(&long))).await.unwrap_err();
    assert_eq!(error.to_string(), "POST /send: not sent: the URL is too long or not valid");
}

#[tokio::test]
async fn request_prints_no_values() {
    let request = Request::new(&ONE).path("x", &"ann").query("q", Some(&"secret"));
    assert_eq!(format!("{request:?}"), "Request { operation: \"send\", problem: None, .. }");
}

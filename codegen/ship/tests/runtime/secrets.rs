//! The key is never seen.
use std::collections::HashMap;
use std::time::Duration;

use ship::runtime::{
    ApiKey, CallOptions, CoreBuilder, Credential, Error, Operation, PaginationError, Request,
    Retry, RetrySafety, Sent, Settings, Timeouts, TransportErrorKind, decode,
};

use crate::client::Client;
use crate::support::printed;
use crate::support::script::{Script, Step, answer};
use crate::support::server::{Reply, Server};

pub const KEY: &str = "tell-tale+key/1";
/// The key, its percent-encoded form, and what the base64 form of any text with the key holds.
const TRACES: [&str; 5] =
    ["tell-tale", "key%2F1", "dGVsbC10YWxl", "RlbGwtdGFsZStrZXkvM", "0ZWxsLXRhbGUra2V5Lz"];

static SETTINGS: Settings = Settings {
    user_agent: "t/1",
    base_url: Some("https://host"),
    rate_limits: None,
    variables: &[],
};
static GET: Operation = Operation {
    id: "get",
    method: http::Method::GET,
    path: "/x/{id}",
    retry: RetrySafety::Safe,
    security: &[&[0]],
};

pub fn credentials() -> [Credential; 5] {
    let key = || ApiKey::from(KEY);
    [
        Credential::Bearer(key()),
        Credential::Basic { user: "tell-tale".into(), password: key() },
        Credential::Header { name: "X-Key", value: key() },
        Credential::Query { name: "key", value: key() },
        Credential::Cookie { name: "sid", value: key() },
    ]
}

pub fn assert_silent(text: &str) {
    let leak = text.lines().find(|line| TRACES.iter().any(|trace| line.contains(trace)));
    assert_eq!(leak, None);
}

fn request() -> Request {
    Request::new(&GET).path("id", &1)
}

#[test]
fn s2_nothing_that_holds_the_key_prints_it() {
    assert_eq!(format!("{:?}", ApiKey::from(KEY)), "ApiKey(redacted)");
    for credential in credentials() {
        if !matches!(credential, Credential::Basic { .. }) {
            assert_silent(&format!("{credential:?}"));
        }
        let builder = CoreBuilder::new(&SETTINGS)
            .credential(0, credential)
            .base_url("https://tell-tale:tell-tale@host");
        assert_silent(&format!("{builder:?} {builder:#?}"));
        let core = builder.base_url("https://host").build().unwrap();
        assert_silent(&format!("{core:?} {core:#?}"));
    }
    let builder = Client::builder(KEY);
    assert_silent(&format!("{builder:?}"));
    let client = builder.build().unwrap();
    assert_silent(&format!("{client:?} {:?}", client.things().list().pages()));
    assert_silent(&format!("{:?} {:?}", client.things().list(), client.things().list().items()));
}

/// Libraries that print headers leave out what is marked.
#[tokio::test]
async fn s2_headers_with_the_key_are_marked() {
    let script = Script::new([answer(200, &[], "")]);
    for credential in credentials() {
        let core = CoreBuilder::new(&SETTINGS).credential(0, credential).transport(script.clone());
        let core = core.build().unwrap();
        core.execute(request(), &CallOptions::new(), decode::nothing).await.unwrap();
        let sent = script.log().pop().unwrap().request;
        let is_in_query = sent.uri().query().is_some();
        let marked = sent.headers().values().filter(|value| value.is_sensitive()).count();
        assert_eq!(marked, usize::from(!is_in_query), "{:?}", sent.headers());
        assert_silent(&format!("{:?}", sent.headers()));
    }
}

/// The service may repeat the key in its answers.
#[tokio::test(start_paused = true)]
async fn s2_no_error_prints_the_key() {
    let echo = format!("{{\"message\": \"bad key {KEY}\", \"id\": \"{KEY}\"}}");
    let location = format!("location: https://other/?key={KEY}");
    let steps = [
        answer(401, &[], &echo),
        answer(429, &["retry-after: 3600"], &echo),
        answer(503, &[], KEY),
        answer(302, &[&location], &echo),
        answer(200, &[], &format!("[\"{KEY}\"")),
        answer(200, &[], &format!("\"{KEY}\"")),
        Step::Fault(Sent::No, TransportErrorKind::Connect),
        Step::Cut,
        Step::Hang,
    ];
    for step in steps {
        for credential in credentials() {
            let core = CoreBuilder::new(&SETTINGS)
                .credential(0, credential)
                .transport(Script::new([step.clone()]))
                .retry(Retry::default().deadline(Duration::from_secs(40)))
                .build()
                .unwrap();
            let error = core
                .execute(request(), &CallOptions::new(), decode::json::<bool>)
                .await
                .unwrap_err();
            assert_silent(&printed(&error));
        }
    }
}

/// A service may also repeat the request.
#[tokio::test]
async fn s2_no_error_prints_the_key_in_the_form_in_which_it_was_sent() {
    for credential in credentials() {
        let script = Script::new([answer(200, &[], "")]);
        let core = |script| {
            let builder = CoreBuilder::new(&SETTINGS).credential(0, credential.clone());
            builder.transport(script).retry(Retry::off()).build().unwrap()
        };
        let first = core(script.clone());
        first.execute(request(), &CallOptions::new(), decode::nothing).await.unwrap();
        let sent = script.log().pop().unwrap().request;
        let headers = sent.headers().values().map(|value| value.to_str().unwrap());
        let echo = headers.fold(sent.uri().to_string(), |echo, value| format!("{echo} {value}"));
        let quoted = echo.replace('/', "\\/");
        for echo in [&echo, &echo.to_lowercase(), &echo.to_uppercase(), &quoted] {
            for (status, body) in [(403, echo.clone()), (200, format!("[\"{echo}\", !"))] {
                let answers = Script::new([answer(status, &[], &body)]);
                let error = core(answers)
                    .execute(request(), &CallOptions::new(), decode::json::<[bool; 1]>)
                    .await
                    .unwrap_err();
                let text = printed(&error).to_lowercase();
                let trace = TRACES.into_iter().find(|trace| text.contains(&trace.to_lowercase()));
                assert_eq!(trace, None, "{text}");
            }
        }
    }
}

type Nested = HashMap<String, HashMap<String, HashMap<String, [bool; 1]>>>;

/// A path shows long names in part.
#[tokio::test]
async fn s2_no_path_of_members_holds_a_part_of_the_key() {
    let key = format!("{KEY}{}", "0123456789".repeat(5));
    for length in 0..40 {
        let body = format!("{{\"a\": {{\"{}{key}\": {{\"b\": [1]}}}}}}", "x".repeat(length));
        let core = CoreBuilder::new(&SETTINGS)
            .credential(0, Credential::Bearer(key.as_str().into()))
            .transport(Script::new([answer(200, &[], &body)]));
        let core = core.build().unwrap();
        let error =
            core.execute(request(), &CallOptions::new(), decode::json::<Nested>).await.unwrap_err();
        let Error::Decode(decode) = &error else { panic!("{error}") };
        assert!(decode.path().starts_with("a.") && decode.path().ends_with(".b[0]"), "{error}");
        assert!(!printed(&error).contains("tell"), "{error}");
    }
}

#[tokio::test]
async fn key_of_a_few_letters_spoils_no_text() {
    for (key, message) in [("a", "an abcd"), ("abc", "an abcd"), ("abcd", "an (redacted)")] {
        let core = CoreBuilder::new(&SETTINGS)
            .credential(0, Credential::Bearer(key.into()))
            .transport(Script::new([answer(400, &[], "an abcd")]));
        let core = core.build().unwrap();
        let outcome = core.execute(request(), &CallOptions::new(), decode::nothing).await;
        assert_eq!(outcome.unwrap_err().message(), Some(message));
    }
}

/// Services repeat a key as the library escapes it that writes their answers.
#[tokio::test]
async fn s2_no_escaped_form_of_the_key_is_printed() {
    let key = "tell/+&<\"\\tale=";
    for form in [
        r#"tell\/+&<\"\\tale="#,
        r#"tell/+\u0026\u003c\"\\tale="#,
        r#"tell/+\u0026\u003C\"\\tale\u003D"#,
        r#"tell/\u002B\u0026\u003C\u0022\\tale="#,
        "tell/+&amp;&lt;&quot;\\tale=",
    ] {
        let core = CoreBuilder::new(&SETTINGS)
            .credential(0, Credential::Bearer(key.into()))
            .transport(Script::new([answer(400, &[], &format!("{{\"flag\": \"{form}\"}}"))]))
            .build()
            .unwrap();
        let outcome = core.execute(request(), &CallOptions::new(), decode::nothing).await;
        let text = printed(&outcome.unwrap_err());
        assert!(text.contains("redacted") && !text.contains("tale"), "{form}: {text}");
    }
}

/// What is kept of a text may end or begin in the middle of the key.
#[tokio::test]
async fn s2_no_error_prints_a_part_of_the_key() {
    for length in 225..265 {
        let filler = "x".repeat(length);
        let bodies = [
            (400, format!("{filler}{KEY}")),
            (200, format!("[\"{KEY}{}\", !", &filler[..length - 170])),
            (200, format!("[\"{filler}\",! \"{}{KEY}\"]", &filler[..length - 225])),
            (200, format!("{{\"{}{KEY}\": [1]}}", &filler[..length - 225])),
        ];
        for (status, body) in bodies {
            let core = CoreBuilder::new(&SETTINGS)
                .credential(0, Credential::Bearer(KEY.into()))
                .transport(Script::new([answer(status, &[], &body)]))
                .retry(Retry::off())
                .build()
                .unwrap();
            let error = core
                .execute(request(), &CallOptions::new(), decode::json::<[bool; 1]>)
                .await
                .unwrap_err();
            let text = printed(&error);
            assert!(!text.contains("tell") && !text.contains("ey/1"), "{text}");
        }
    }
}

#[tokio::test]
async fn s2_host_of_a_redirect_does_not_print_the_key() {
    let keys = ["sk_tell-tale", "SK_Tell-Tale"];
    for (status, key) in [300, 301, 302, 303, 307, 308].into_iter().zip(keys.into_iter().cycle()) {
        let location = "location: https://sk_tell-tale.evil.example/";
        let core = CoreBuilder::new(&SETTINGS)
            .credential(0, Credential::Bearer(key.into()))
            .transport(Script::new([answer(status, &[location], "")]))
            .build()
            .unwrap();
        let error =
            core.execute(request(), &CallOptions::new(), decode::nothing).await.unwrap_err();
        assert_silent(&printed(&error));
        let Error::Redirect(redirect) = &error else { panic!("{error}") };
        assert_eq!(redirect.location_host(), Some("(redacted).evil.example"));
        assert!(redirect_is_whole(&error), "the answer is kept as it came");
    }
}

fn redirect_is_whole(error: &Error) -> bool {
    error.headers().is_some_and(|headers| headers["location"].as_bytes().ends_with(b".example/"))
}

#[tokio::test]
async fn s2_cursor_that_is_the_key_is_kept_but_not_printed() {
    let page = answer(200, &[], &format!("{{\"things\": [], \"nextCursor\": \"{KEY}\"}}"));
    let client = Client::builder(KEY).transport(Script::new([page])).build().unwrap();
    let error = client.things().list().pages().collect_all(9).await.unwrap_err();
    assert_silent(&printed(&error));
    let Error::Pagination(error) = error else { panic!("{error}") };
    assert_silent(&format!("{error} {error:?} {error:#?}"));
    let PaginationError::Repeated { cursor, .. } = *error else { panic!("{error}") };
    assert_eq!(cursor, KEY);
}

#[tokio::test]
async fn empty_password_blanks_nothing() {
    let credential = Credential::Basic { user: "ann".into(), password: "".into() };
    let core = CoreBuilder::new(&SETTINGS)
        .credential(0, credential)
        .transport(Script::new([answer(400, &[], "no")]));
    let error = core
        .build()
        .unwrap()
        .execute(request(), &CallOptions::new(), decode::nothing)
        .await
        .unwrap_err();
    assert_eq!(error.message(), Some("no"));
}

#[tokio::test]
async fn s2_no_error_of_the_network_prints_the_key() {
    let echo = format!("HTTP/1.1 200 OK\r\nx-{KEY}\r\n\r\n");
    let server = Server::start([Reply::raw(echo).close()]).await;
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let timeouts = Timeouts::default().connect(Duration::from_millis(50));
    for url in [server.url.clone(), gone, server.url.replace("http:", "https:")] {
        for credential in credentials() {
            let builder = CoreBuilder::new(&SETTINGS).credential(0, credential).base_url(&url);
            let core = builder.retry(Retry::off()).timeouts(timeouts).build().unwrap();
            let error =
                core.execute(request(), &CallOptions::new(), decode::nothing).await.unwrap_err();
            assert!(matches!(error, Error::Transport(_)), "{error:?}");
            assert_silent(&printed(&error));
        }
    }
}

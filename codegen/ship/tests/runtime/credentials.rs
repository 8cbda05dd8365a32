//! Which credentials go out with which operation, and which settings are refused.
use http::Method;
use ship::runtime::{
    ApiKey, CallOptions, CoreBuilder, Credential, Error, Operation, Request, RetrySafety, Settings,
    decode,
};

use crate::support::printed;
use crate::support::script::{Script, ok};

static SETTINGS: Settings = Settings {
    user_agent: "t/1",
    base_url: Some("https://host/v1"),
    rate_limits: None,
    variables: &[],
};

fn credentials() -> [(usize, Credential); 5] {
    let key = || ApiKey::from("k+1");
    let basic = Credential::Basic { user: "ann".into(), password: "pass word".into() };
    [
        (0, Credential::Bearer(key())),
        (1, basic),
        (2, Credential::Header { name: "X-Key", value: key() }),
        (3, Credential::Query { name: "api key", value: key() }),
        (4, Credential::Cookie { name: "sid", value: key() }),
    ]
}

type Security = &'static [&'static [usize]];

async fn sent(security: Security, schemes: &[usize]) -> Result<http::Request<bytes::Bytes>, Error> {
    let (method, retry) = (Method::GET, RetrySafety::Safe);
    let operation = Operation { id: "get", method, path: "/x", retry, security };
    let operation: &'static Operation = Box::leak(Box::new(operation));
    let script = Script::new([ok()]);
    let mut builder = CoreBuilder::new(&SETTINGS).transport(script.clone());
    for (scheme, credential) in credentials() {
        if schemes.contains(&scheme) {
            builder = builder.credential(scheme, credential);
        }
    }
    let core = builder.build()?;
    let request = Request::new(operation).query("q", Some(&1)).cookie("c", Some(&1));
    let outcome = core.execute(request, &CallOptions::new(), decode::nothing).await;
    outcome.map(|_| script.log().pop().unwrap().request)
}

/// The header, query and cookies that carry something.
async fn places(security: Security, schemes: &[usize]) -> [String; 4] {
    let request = sent(security, schemes).await.unwrap();
    let header = |name| match request.headers().get(name) {
        Some(value) => value.to_str().unwrap().to_owned(),
        None => "-".to_owned(),
    };
    let query = request.uri().query().unwrap().to_owned();
    [header("authorization"), header("x-key"), query, header("cookie")]
}

#[tokio::test]
async fn credential_goes_where_its_scheme_says_and_only_if_asked_for() {
    let all = [0, 1, 2, 3, 4];
    let none = ["-", "-", "q=1", "c=1"];
    let table: [(Security, &[usize], [&str; 4]); 11] = [
        (&[&[0]], &all, ["Bearer k+1", "-", "q=1", "c=1"]),
        (&[&[1]], &all, ["Basic YW5uOnBhc3Mgd29yZA==", "-", "q=1", "c=1"]),
        (&[&[2]], &all, ["-", "k+1", "q=1", "c=1"]),
        (&[&[3]], &all, ["-", "-", "q=1&api%20key=k%2B1", "c=1"]),
        (&[&[4]], &all, ["-", "-", "q=1", "c=1; sid=k+1"]),
        (&[], &all, none),
        (&[&[]], &all, none),
        (&[&[], &[2]], &all, ["-", "k+1", "q=1", "c=1"]),
        (&[&[], &[2]], &[0], none),
        (&[&[0, 2], &[2, 4]], &[2, 4], ["-", "k+1", "q=1", "c=1; sid=k+1"]),
        (&[&[0, 2], &[2]], &all, ["Bearer k+1", "k+1", "q=1", "c=1"]),
    ];
    for (security, schemes, expected) in table {
        assert_eq!(places(security, schemes).await, expected, "{security:?}");
    }
}

#[tokio::test]
async fn missing_credential_is_an_error_before_sending() {
    let error = sent(&[&[0], &[1, 2]], &[1]).await.unwrap_err();
    assert!(matches!(error, Error::Config(_)));
    assert_eq!(error.to_string(), "get needs a credential that is not set");
}

#[test]
fn s3_key_that_cannot_be_one_is_refused_without_an_echo() {
    let table = [
        ("", "the API key is empty"),
        ("   ", "the API key is empty"),
        ("\n", "the API key is empty"),
        ("tell-tale\n", "the API key contains a line break; check how it was read"),
        ("tell-tale\r\nX: y", "the API key contains a line break; check how it was read"),
        ("tell tale", "the API key contains a space"),
        ("tell-tale\t", "the API key contains a space"),
        ("tell-tale-é", "the API key contains a character that is not plain ASCII"),
        ("tell-tale-\u{7f}", "the API key contains a character that is not plain ASCII"),
    ];
    for (key, text) in table {
        for credential in [
            Credential::Bearer(key.into()),
            Credential::Header { name: "X-Key", value: key.into() },
            Credential::Query { name: "key", value: key.into() },
            Credential::Cookie { name: "sid", value: key.into() },
        ] {
            let error = CoreBuilder::new(&SETTINGS).credential(0, credential).build().unwrap_err();
            assert_eq!(error.to_string(), text);
            assert!(!printed(&error).contains("tale"), "{error:?}");
        }
    }
}

#[test]
fn user_name_and_password_that_cannot_be_sent_are_refused() {
    for (user, password) in [("a:b", "tell-tale"), ("a", "tell-tale\n"), ("a\r", "tell-tale")] {
        let credential = Credential::Basic { user: user.into(), password: password.into() };
        let error = CoreBuilder::new(&SETTINGS).credential(0, credential).build().unwrap_err();
        assert!(!printed(&error).contains("tale"), "{error:?}");
    }
}

#[test]
fn key_from_the_environment_names_the_variable() {
    let error = ApiKey::from_env("SHIP_NO_SUCH_KEY", "Keys are made at example.org.").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the environment variable SHIP_NO_SUCH_KEY is not set. Keys are made at example.org."
    );
    assert!(ApiKey::from_env("PATH", "").is_ok());
}

#[test]
fn base_url_is_encrypted_or_stays_on_this_machine() {
    let good = [
        ("https://host", "https://host"),
        ("https://host/", "https://host"),
        ("https://host:8443/api/1//", "https://host:8443/api/1"),
        ("https://host/a/../b", "https://host/b"),
        ("http://localhost:80", "http://localhost"),
        ("http://LOCALHOST", "http://localhost"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:9/x", "http://[::1]:9/x"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ];
    for (url, base) in good {
        let core = CoreBuilder::new(&SETTINGS).base_url(url).transport(Script::new([ok()])).build();
        assert_eq!(core.unwrap().base_url(), base);
    }
    let bad = [
        ("", "is not a URL"),
        ("host", "is not a URL"),
        ("https://", "is not a URL"),
        ("http://host", "must be https"),
        ("http://10.0.0.1", "must be https"),
        ("http://127.0.0.1.evil.example", "must be https"),
        ("http://localhost.evil.example", "must be https"),
        ("http://name.localhost", "must be https"),
        ("ftp://host", "must be https"),
        ("file:///tale", "has no host"),
        ("https://user:tale@host", "must not hold a user name"),
        ("https://tale@host", "must not hold a user name"),
        ("https://host?tale=1", "must not have a query"),
        ("https://host#tale", "must not have a query"),
    ];
    for (url, text) in bad {
        let error = CoreBuilder::new(&SETTINGS).base_url(url).build().unwrap_err();
        assert!(error.to_string().contains(text), "{url}: {error}");
        assert!(!printed(&error).contains("tale"), "{error:?}");
    }
}

#[test]
fn settings_that_exclude_each_other_or_are_missing_are_refused() {
    static BARE: Settings =
        Settings { user_agent: "t/1", base_url: None, rate_limits: None, variables: &[] };
    static ODD: Settings = Settings {
        user_agent: "t\n1",
        base_url: Some("https://host"),
        rate_limits: None,
        variables: &[],
    };
    assert_eq!(CoreBuilder::new(&BARE).build().unwrap_err().to_string(), "no base URL is set");
    assert!(CoreBuilder::new(&ODD).build().is_err());
    let both = CoreBuilder::new(&SETTINGS).transport(Script::new([ok()])).http(|http| http);
    assert!(both.build().unwrap_err().to_string().contains("exclude each other"));
    let header = Credential::Header { name: "not a name", value: "k".into() };
    assert!(CoreBuilder::new(&SETTINGS).credential(0, header).build().is_err());
}

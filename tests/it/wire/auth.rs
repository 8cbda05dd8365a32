//! The key: how it travels, where it comes from, and that nothing prints it.
use std::env;
use std::process::{Command, Output};

use amplitude_experiment_management::models::FlagCreate;
use amplitude_experiment_management::{ApiKey, Client, Error, Retry};
use serde_json::json;

use crate::support::{Answer, KEY, Server, client_of, exchange, samples};

const VARIABLE: &str = "AMPLITUDE_MANAGEMENT_API_KEY";

/// Says to a test that it runs in the process that another run of it has started.
const CHILD: &str = "WIRE_TEST_IS_CHILD";

/// Facts 1.2.
#[tokio::test]
async fn the_key_travels_as_a_bearer_token_and_nowhere_else() {
    let answer = Answer::json(&samples::created());
    let (seen, _) =
        exchange(answer, |client| client.flags().create(FlagCreate::new("217854", "dark")).send())
            .await;
    assert_eq!(seen.header("authorization"), Some("Bearer ampex_0123456789abcdef"));
    assert!(!seen.target.contains(KEY));
    assert!(!String::from_utf8_lossy(&seen.body).contains(KEY));
    let with_key = seen.headers.iter().filter(|(_, value)| value.contains(KEY)).count();
    assert_eq!(with_key, 1);
}

#[tokio::test]
async fn a_wrong_key_is_401_and_is_not_tried_again() {
    let answer = Answer::new(401, "{\"error\":\"invalid management key\"}");
    let (_, flags) = exchange(answer, |client| client.flags().list().send()).await;
    let error = flags.expect_err("401 is no success");
    assert!(error.is_unauthorized());
    assert_eq!(error.message(), Some("invalid management key"));
}

/// Everything that a program may log.
#[tokio::test]
async fn the_key_is_in_no_text_of_client_builder_or_request() {
    let server = Server::start([]).await;
    let client = client_of(&server);
    let texts = [
        format!("{:?}", ApiKey::from(KEY)),
        format!("{:?}", Client::builder(KEY)),
        format!("{:#?}", Client::builder(KEY).base_url(format!("https://u:{KEY}@example.com"))),
        format!("{client:?}"),
        format!("{client:#?}"),
        format!("{:?}", client.flags()),
        format!("{:#?}", client.flags().list()),
        format!("{:?}", client.flags().create(FlagCreate::new("1", "k"))),
        format!("{:?}", client.flags().list().pages()),
    ];
    for text in texts {
        assert!(!text.contains(KEY) && !text.contains("0123456789"), "{text}");
    }
    assert!(server.seen().is_empty());
}

/// A service, or what stands before it, may repeat the key in what it says about it.
#[tokio::test]
async fn the_key_is_in_no_text_of_an_error() {
    let echo = format!("{{\"error\":\"key {KEY} is unknown\"}}");
    let location = format!("https://example.com/?key={KEY}");
    let answers = [
        Answer::new(401, echo.clone()),
        Answer::new(400, format!("Bearer {KEY}")),
        Answer::new(429, echo.clone()),
        Answer::new(307, "").header("location", location),
        Answer::new(200, "[]").header("x-echo", KEY),
        Answer::new(200, format!("{{\"flags\":\"{KEY}\"}}")),
        Answer::new(200, format!("{{\"flags\":[{{\"{KEY}\":1}}]}}")),
        Answer::new(200, echo).cut_after(12),
    ];
    for answer in answers {
        let server = Server::start([answer.clone()]).await;
        let client = Client::builder(KEY).base_url(server.base_url()).retry(Retry::off()).build();
        let client = client.expect("sound settings");
        let error = client.flags().list().send().await.expect_err("none of them is a list");
        let mut texts = vec![format!("{error}"), format!("{error:?}"), format!("{error:#?}")];
        texts.extend(error.message().map(str::to_owned));
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            texts.extend([inner.to_string(), format!("{inner:?}")]);
            source = inner.source();
        }
        for text in texts {
            assert!(!text.contains(KEY), "{answer:?}: {text}");
        }
    }
}

/// What cannot be a key is refused before anything is sent, and not repeated.
#[test]
fn a_key_that_cannot_be_one_is_refused_unseen() {
    let keys =
        ["", "  ", "ampex_1\n", "ampex_1\r\nx-evil: 1", "ampex 1", "ampex_\u{e9}", "ampex_\0"];
    for key in keys {
        let error = Client::new(key).expect_err("not a key");
        assert!(matches!(error, Error::Config(_)), "{error:?}");
        let text = format!("{error} {error:?}");
        assert!(text.contains("the API key"), "{text}");
        for part in ["ampex", "evil", "\u{e9}"] {
            assert!(!text.contains(part), "{text}");
        }
    }
}

/// Runs this test again in a process of its own, in which the variable has this value.
fn in_child(test: &str, key: Option<&str>) -> Output {
    let program = env::current_exe().expect("a test has a program");
    let mut command = Command::new(program);
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(CHILD, "1");
    match key {
        Some(key) => command.env(VARIABLE, key),
        None => command.env_remove(VARIABLE),
    };
    command.output().expect("the program of this test starts")
}

/// What the child prints about `from_env`. Variables are read, not set: setting them is unsafe.
fn tell() {
    match Client::from_env() {
        Ok(client) => println!("told: {client:?}"),
        Err(error) => println!("told: {error}"),
    }
}

fn told(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.split_once("told: "));
    let (_, told) = line.unwrap_or_else(|| panic!("the child said nothing: {output:?}"));
    assert!(output.status.success(), "{output:?}");
    told.to_owned()
}

#[test]
fn the_key_comes_from_the_environment() {
    if env::var_os(CHILD).is_some() {
        return tell();
    }
    let of = |key| told(&in_child("wire::auth::the_key_comes_from_the_environment", key));
    let client = of(Some(KEY));
    assert!(client.contains("https://experiment.amplitude.com/api/1"), "{client}");
    assert!(!client.contains(KEY), "{client}");
    let missing = of(None);
    assert!(missing.contains(VARIABLE) && missing.contains("is not set"), "{missing}");
    let empty = of(Some(" "));
    assert!(empty.contains(VARIABLE) && empty.contains("is empty"), "{empty}");
    let broken = of(Some("ampex_1\nx: y"));
    assert!(broken.contains("line break") && !broken.contains("ampex"), "{broken}");
}

/// Facts 1.4: 403 is about the project or item, whatever the documentation calls it (C29).
#[tokio::test]
async fn no_access_is_403_with_its_body() {
    let body = json!({ "error": "no access to project 217854", "code": 7 });
    let answer = Answer::new(403, body.to_string()).header("content-type", "application/json");
    let (_, flags) =
        exchange(answer, |client| client.flags().list().project_id("217854").send()).await;
    let error = flags.expect_err("403 is no success");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(403));
    assert_eq!(error.json(), Some(body));
    assert!(!error.is_unauthorized());
}

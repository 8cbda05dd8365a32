//! Where requests go: addresses of the document, their variables, and operations served elsewhere.
use ship::runtime::{
    CallOptions, CoreBuilder, Operation, Request, ServerVariable, Settings, decode,
};

use crate::requests::operation;
use crate::support::script::{Script, ok};

const HERE: &str = "https://{zone}.kites.example:{port}/{base}";
const THERE: &str = "https://there.example/v1";

static SETTINGS: Settings = Settings {
    user_agent: "t/1",
    base_url: Some(HERE),
    rate_limits: None,
    variables: &[
        ServerVariable { server: HERE, name: "zone", default: "eu", values: &["eu", "us"] },
        ServerVariable { server: HERE, name: "port", default: "8443", values: &[] },
        ServerVariable { server: HERE, name: "base", default: "v1", values: &[] },
    ],
};

static SEND: Operation = operation("/send");

fn builder() -> CoreBuilder {
    CoreBuilder::new(&SETTINGS)
}

/// The address that a request goes to, or the error.
async fn address(builder: CoreBuilder, request: Request) -> String {
    let script = Script::new([ok()]);
    let core = match builder.transport(script.clone()).build() {
        Ok(core) => core,
        Err(error) => return error.to_string(),
    };
    match core.execute(request, &CallOptions::new(), decode::nothing).await {
        Ok(_) => script.log().pop().unwrap().request.uri().to_string(),
        Err(error) => error.to_string(),
    }
}

async fn plain(builder: CoreBuilder) -> String {
    address(builder, Request::new(&SEND)).await
}

async fn own(builder: CoreBuilder, server: &'static str) -> String {
    address(builder, Request::new(&SEND).server(server)).await
}

#[tokio::test]
async fn variables_have_their_defaults_until_they_are_set() {
    assert_eq!(plain(builder()).await, "https://eu.kites.example:8443/v1/send");
    let set = builder().variable("zone", "eu").variable("zone", "us").variable("base", "a/b");
    assert_eq!(plain(set).await, "https://us.kites.example:8443/a/b/send");
    let there = builder().server(THERE);
    assert_eq!(plain(there).await, "https://there.example/v1/send");
    let back = builder().base_url("https://own.example").server(HERE);
    assert_eq!(plain(back).await, "https://eu.kites.example:8443/v1/send");
}

#[tokio::test]
async fn a_variable_that_cannot_be_used_is_refused() {
    let table = [
        (
            builder().variable("zone", "mars"),
            "the variable `zone` of the address must be one of: eu, us",
        ),
        (
            builder().variable("port", "1/@evil.example"),
            "the variable `port` of the address holds a character that has no place there",
        ),
        (
            builder().variable("base", "v1?x=1"),
            "the variable `base` of the address holds a character that has no place there",
        ),
        (
            builder().server(THERE).variable("zone", "eu"),
            "the address has no place for its variable `zone`",
        ),
        (
            builder().variable("zone", "eu").base_url("https://own.example"),
            "a base URL has no place for the variable `zone`",
        ),
        (builder().variable("port", "many"), "the base URL is not a URL"),
    ];
    for (builder, expected) in table {
        let text = plain(builder).await;
        assert!(text.contains(expected), "{text}");
    }
}

#[tokio::test]
async fn an_operation_is_called_where_it_is_served() {
    assert_eq!(own(builder(), "https://up.example/v2").await, "https://up.example/v2/send");
    assert_eq!(own(builder(), "/v2").await, "https://eu.kites.example:8443/v2/send");
    assert_eq!(own(builder(), "/").await, "https://eu.kites.example:8443/send");
    let chosen = builder().server(THERE);
    assert_eq!(own(chosen, "https://up.example/v2").await, "https://up.example/v2/send");
    let refused = own(builder(), "http://up.example").await;
    assert!(refused.contains("must be https"), "{refused}");
}

/// Nothing leaves for a host of the document once the user has named another.
#[tokio::test]
async fn an_address_of_the_user_replaces_all() {
    let test = || builder().base_url("http://127.0.0.1:9/x");
    assert_eq!(own(test(), "https://up.example/v2").await, "http://127.0.0.1:9/x/send");
    assert_eq!(own(test(), "/v2").await, "http://127.0.0.1:9/v2/send");
}

//! Which proxies requests go through.
//!
//! The environment belongs to a process. So each case runs in one of its own: this program again,
//! with the same test and the case in `SHIP_TEST_PROXIES`.
use std::env;
use std::process::Command;

use ship::runtime::{
    ApiKey, CallOptions, CoreBuilder, Credential, Operation, Request, RetrySafety, Settings, decode,
};

use crate::support::proxy::Proxy;
use crate::support::server::{Reply, Server};
use crate::support::tls::TlsServer;
use crate::support::{hasty, summary};

const KEY: &str = "tell-tale";
const CASE: &str = "SHIP_TEST_PROXIES";
const TEST: &str = "proxies::s4_proxy_is_that_of_the_environment_or_of_the_builder";

/// All that the environment says of proxies.
const VARIABLES: [&str; 9] = [
    "ALL_PROXY",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "all_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "REQUEST_METHOD",
];

static SETTINGS: Settings =
    Settings { user_agent: "t/1", base_url: None, rate_limits: None, variables: &[] };
static GET: Operation = Operation {
    id: "get",
    method: http::Method::GET,
    path: "/x",
    retry: RetrySafety::Safe,
    security: &[&[0]],
};

/// The variable that names the proxy and the one that makes exceptions; the client; how its call
/// ends; what the proxy sees first.
type Case = (&'static str, Option<&'static str>, &'static str, &'static str, &'static str);

const TUNNEL: &str = "CONNECT localhost:";

const CASES: [Case; 14] = [
    ("HTTPS_PROXY", None, "built-in, encrypted", "Tls, sent No 1", TUNNEL),
    ("HTTPS_PROXY", None, "own, encrypted", "ok 1: x", TUNNEL),
    ("https_proxy", None, "own, encrypted", "ok 1: x", TUNNEL),
    ("ALL_PROXY", None, "own, encrypted", "ok 1: x", TUNNEL),
    ("HTTP_PROXY", None, "own, encrypted", "ok 1: x", ""),
    ("HTTPS_PROXY", Some("localhost"), "own, encrypted", "ok 1: x", ""),
    ("HTTPS_PROXY", Some("*"), "own, encrypted", "ok 1: x", ""),
    ("HTTPS_PROXY", Some("example.com"), "own, encrypted", "ok 1: x", TUNNEL),
    ("HTTPS_PROXY", None, "own without proxies, encrypted", "ok 1: x", ""),
    ("PROXY_OF_THE_BUILDER", None, "own with a proxy, encrypted", "ok 1: x", TUNNEL),
    // What is not encrypted stays on this machine.
    ("ALL_PROXY", None, "built-in, plain", "ok 1: x", ""),
    ("HTTP_PROXY", None, "built-in, plain", "ok 1: x", ""),
    ("HTTP_PROXY", None, "own, plain", "ok 1: x", ""),
    ("PROXY_OF_THE_BUILDER", None, "own with a proxy, plain", "ok 1: x", ""),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s4_proxy_is_that_of_the_environment_or_of_the_builder() {
    if let Ok(case) = env::var(CASE) {
        return println!("end: {}", run(&case).await);
    }
    for (variable, exception, client, end, first) in CASES {
        let proxy = Proxy::start().await;
        let mut child = Command::new(env::current_exe().unwrap());
        child.args(["--exact", TEST, "--nocapture"]).env(CASE, client);
        for variable in VARIABLES {
            child.env_remove(variable);
        }
        child.env(variable, &proxy.url);
        child.envs(exception.map(|hosts| ("NO_PROXY", hosts)));
        let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        let seen = proxy.seen();
        let case = format!("{variable} {exception:?} {client}: {printed}\n{seen}");
        assert!(output.status.success() && printed.contains(&format!("end: {end}\n")), "{case}");
        assert!(seen.starts_with(first) && seen.is_empty() == first.is_empty(), "{case}");
        assert!(!seen.contains(KEY), "{case}");
    }
}

/// Calls a server with the client of a case, and tells how that ended.
async fn run(case: &str) -> String {
    let (client, connection) = case.rsplit_once(", ").unwrap();
    let encrypted = TlsServer::start(&["localhost"]).await;
    let plain = Server::start([Reply::answer(200, &[], "x")]).await;
    let url = if connection == "plain" { &plain.url } else { &encrypted.url };
    let root = encrypted.certificate();
    let own = move |http: reqwest::ClientBuilder| http.tls_certs_only([root.clone()]);
    let credential = Credential::Bearer(ApiKey::from(KEY));
    let builder = CoreBuilder::new(&SETTINGS).credential(0, credential).base_url(url);
    let builder = match client {
        "built-in" => builder,
        "own" => builder.http(own),
        "own without proxies" => builder.http(move |http| own(http).no_proxy()),
        "own with a proxy" => {
            let proxy = env::var("PROXY_OF_THE_BUILDER").unwrap();
            builder.http(move |http| own(http).proxy(reqwest::Proxy::all(&proxy).unwrap()))
        }
        other => panic!("no client {other}"),
    };
    let core = builder.retry(hasty()).build().unwrap();
    let outcome = core.execute(Request::new(&GET), &CallOptions::new(), decode::text).await;
    let value =
        outcome.as_ref().map_or(String::new(), |response| format!(": {}", response.value()));
    summary(&outcome) + &value
}

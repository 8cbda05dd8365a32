//! Where a client sends its requests, and with which HTTP client.
use std::time::Duration;

use amplitude_experiment_management::{Client, Error, Region};

use crate::support::{Answer, KEY, Server, exchange, samples};

/// Facts 1.1.
#[test]
fn each_region_has_its_host() {
    assert_eq!(Region::Us.base_url(), "https://experiment.amplitude.com/api/1");
    assert_eq!(Region::Eu.base_url(), "https://experiment.eu.amplitude.com/api/1");
    assert_eq!(Region::default().base_url(), Region::Us.base_url());
    let address = |client: Result<Client, Error>| format!("{:?}", client.expect("sound settings"));
    let host = "https://experiment.eu.amplitude.com/api/1";
    assert!(address(Client::builder(KEY).region(Region::Eu).build()).contains(host));
    let host = "https://experiment.amplitude.com/api/1";
    assert!(address(Client::new(KEY)).contains(host));
}

/// A base URL replaces the whole address, prefix included.
#[tokio::test]
async fn a_base_url_of_ones_own_is_the_whole_address() {
    for (path, target) in [
        ("", "/flags/1"),
        ("/", "/flags/1"),
        ("/a/api/1", "/a/api/1/flags/1"),
        ("/p/", "/p/flags/1"),
    ] {
        let server = Server::start([Answer::json(&samples::flag())]).await;
        let url = format!("http://{}{path}", server.address());
        let client = Client::builder(KEY).base_url(url).build().expect("loopback may be http");
        client.flags().get("1").send().await.expect("the sample of a flag");
        assert_eq!(server.lines(), [format!("GET {target}")]);
    }
}

/// The key would travel in the open, or to a place that the URL only seems to name.
#[test]
fn a_base_url_that_leaks_is_refused_unseen() {
    let urls = [
        "http://experiment.amplitude.com/api/1",
        "http://127.0.0.1.example.com/api/1",
        "http://localhost.example.com",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://user:hunter2@example.com/api/1",
        "https://example.com/api/1?hunter2=1",
        "https://example.com/api/1#hunter2",
        "hunter2",
        "",
    ];
    for url in urls {
        let error = Client::builder(KEY).base_url(url).build().expect_err(url);
        assert!(matches!(error, Error::Config(_)), "{url}: {error:?}");
        let text = format!("{error} {error:?}");
        assert!(!text.contains("hunter2") && !text.contains(KEY), "{text}");
    }
}

#[tokio::test]
async fn ones_own_settings_of_the_http_client_are_used() {
    let server = Server::start([Answer::json(&samples::flag())]).await;
    let header = reqwest::header::HeaderName::from_static("x-team");
    let value = reqwest::header::HeaderValue::from_static("growth");
    let headers: reqwest::header::HeaderMap = [(header, value)].into_iter().collect();
    let client = Client::builder(KEY)
        .base_url(server.base_url())
        .http(move |http| http.default_headers(headers.clone()))
        .build();
    client.expect("sound settings").flags().get("848345").send().await.expect("a flag");
    let seen = &server.seen()[0];
    assert_eq!(seen.header("x-team"), Some("growth"));
    seen.expect("GET /api/1/flags/848345");
}

/// A redirect would take the key elsewhere, also with an HTTP client that would follow it.
#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start([]).await;
    let location = format!("http://{}/api/1/flags/1", elsewhere.address());
    for status in [301, 302, 303, 307, 308] {
        let answer = Answer::new(status, "").header("location", location.clone());
        let server = Server::start([answer]).await;
        let client = Client::builder(KEY)
            .base_url(server.base_url())
            .http(|http| http.redirect(reqwest::redirect::Policy::limited(5)))
            .build();
        let outcome = client.expect("sound settings").flags().get("1").send().await;
        let error = outcome.expect_err("a redirect is no success");
        assert!(matches!(error, Error::Redirect(_)), "{error:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(server.seen().len(), 1);
    }
    assert!(elsewhere.seen().is_empty());
}

/// Clones and handles share the connections and may outlive the client they came from.
#[tokio::test]
async fn handles_work_on_other_tasks() {
    let (seen, flag) = exchange(Answer::json(&samples::flag()), |client| async move {
        let flags = client.flags();
        drop(client);
        tokio::spawn(async move { flags.get("848345").await }).await
    })
    .await;
    seen.expect("GET /api/1/flags/848345");
    assert_eq!(flag.expect("the task ends").expect("a flag").id, "848345");
}

/// An answer comes with its status and headers, and as bytes where the types are in the way.
#[tokio::test]
async fn an_answer_has_status_headers_and_bytes() {
    let answer = Answer::json(&samples::flag()).header("x-request-id", "r-1");
    let (_, response) =
        exchange(answer.clone(), |client| client.flags().get("848345").response()).await;
    let response = response.expect("a flag");
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-request-id"], "r-1");
    assert_eq!((response.operation(), response.attempts()), ("getFlag", 1));
    assert!(response.elapsed() < Duration::from_secs(10));
    let (_, raw) = exchange(answer, |client| client.flags().get("848345").raw()).await;
    assert_eq!(raw.expect("bytes").value(), samples::flag().to_string().as_bytes());
}

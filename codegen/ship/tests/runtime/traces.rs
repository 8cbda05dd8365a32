//! The key is in no span, no event and no log line, of the runtime or of the libraries below it.
use std::time::Duration;

use bytes::Bytes;
use ship::runtime::{
    CallOptions, Core, CoreBuilder, Credential, Error, Operation, Request, Response, Retry,
    RetrySafety, Settings, Timeouts, decode,
};
use tokio::net::TcpListener;

use crate::client::{Client, Users};
use crate::secrets::{KEY, assert_silent, credentials};
use crate::support::capture::Capture;
use crate::support::hasty;
use crate::support::server::{Reply, Server};
use crate::support::tls::TlsServer;

static SETTINGS: Settings =
    Settings { user_agent: "t/1", base_url: None, rate_limits: None, variables: &[] };
static GET: Operation = Operation {
    id: "get",
    method: http::Method::GET,
    path: "/x/{id}",
    retry: RetrySafety::Safe,
    security: &[&[0]],
};

fn builder(url: &str, credential: Credential) -> CoreBuilder {
    let timeouts = Timeouts::default().attempt(Duration::from_millis(100));
    let builder = CoreBuilder::new(&SETTINGS).base_url(url).credential(0, credential);
    builder.retry(hasty()).timeouts(timeouts)
}

async fn call(core: &Core) -> Result<Response<Bytes>, Error> {
    let request = Request::new(&GET).path("id", &1);
    core.execute(request, &CallOptions::new(), decode::bytes).await
}

/// Answers of all kinds, most of which repeat the key.
fn replies() -> Vec<Reply> {
    let echo = format!("{{\"message\": \"bad key {KEY}\"}}");
    let location = format!("location: https://other.example/?key={KEY}");
    vec![
        Reply::answer(200, &[], "{}"),
        Reply::answer(401, &[], &echo),
        Reply::answer(429, &[], &echo),
        Reply::answer(503, &[], &echo),
        Reply::answer(302, &[&location], ""),
        Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").close(),
        Reply::raw("").then(Duration::from_secs(60), "late"),
        Reply::nothing(),
    ]
}

#[tokio::test]
async fn s2_no_span_event_or_log_line_holds_the_key() {
    let capture = Capture::start();
    for credential in credentials() {
        for reply in replies() {
            let server = Server::start([reply.clone(), reply]).await;
            let core = builder(&server.url, credential.clone()).build().unwrap();
            let _ = call(&core).await;
            assert!(!server.requests().is_empty());
        }
    }
    let lines = capture.take();
    assert_silent(&lines);
    for target in ["ship::runtime::trace: call", "ship::runtime::trace: event", "reqwest::"] {
        assert!(lines.contains(target), "{target}: {lines}");
    }
    for word in ["refused; everybody waits", "tries again", "attempt ended", "Timeout"] {
        assert!(lines.contains(word), "{word}: {lines}");
    }
}

#[tokio::test]
async fn s2_no_page_or_chunk_writes_the_key() {
    let capture = Capture::start();
    let server = Server::start([
        Reply::answer(200, &[], r#"{"things": [{"id": "1"}], "nextCursor": 3}"#),
        Reply::answer(429, &[], KEY),
        Reply::answer(200, &[], r#"{"things": [{"id": "2"}]}"#),
        Reply::answer(200, &[], "OK"),
        Reply::answer(400, &[], KEY),
    ])
    .await;
    let client = Client::builder(KEY).base_url(&server.url).retry(hasty()).build().unwrap();
    let things = client.things();
    assert_eq!(things.list().items().collect_all(9).await.unwrap().len(), 2);
    let users = Users { users: vec![KEY.to_owned(); 150] };
    assert!(things.remove_users(KEY, users).in_chunks().send().await.is_err());
    assert_eq!(server.requests().len(), 5);
    let lines = capture.take();
    assert_silent(&lines);
    assert!(lines.contains("listThings") && lines.contains("removeUsers"), "{lines}");
}

#[tokio::test]
async fn s2_no_encrypted_call_writes_the_key() {
    let capture = Capture::start();
    let server = TlsServer::start(&["localhost"]).await;
    for is_trusted in [true, false] {
        for credential in credentials() {
            let roots = is_trusted.then(|| server.certificate());
            let builder = builder(&server.url, credential).http(move |http| {
                http.no_proxy().connection_verbose(true).tls_certs_merge(roots.clone())
            });
            let outcome = call(&builder.retry(Retry::off()).build().unwrap()).await;
            assert_eq!(outcome.is_ok(), is_trusted);
        }
    }
    let lines = capture.take();
    assert_silent(&lines);
    assert!(lines.contains("rustls::"), "{lines}");
}

/// The lines of HTTP/2 name headers.
#[tokio::test]
async fn s2_no_line_of_http2_holds_the_key() {
    let capture = Capture::start();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::task::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut connection = h2::server::handshake(stream).await.unwrap();
            while let Some(Ok((_, mut answer))) = connection.accept().await {
                answer.send_response(http::Response::new(()), true).unwrap();
            }
        }
    });
    for credential in credentials() {
        let builder = builder(&url, credential).http(reqwest::ClientBuilder::http2_prior_knowledge);
        let core = builder.build().unwrap();
        call(&core).await.unwrap();
        drop(core);
    }
    let lines = capture.take();
    assert!(lines.contains("h2::"), "{lines}");
    assert_silent(&lines);
}

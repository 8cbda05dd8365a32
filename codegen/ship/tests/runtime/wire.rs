//! Answers over a socket that are in order, or nearly.
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use ship::runtime::{
    CallOptions, Core, CoreBuilder, Error, HttpTransport, Operation, Request, Response,
    RetrySafety, Settings, decode,
};

use crate::support::server::{Reply, Server};
use crate::support::{hasty, operation, summary};

static SETTINGS: Settings =
    Settings { user_agent: "t/1", base_url: None, rate_limits: None, variables: &[] };

pub static GET: Operation = operation("get", Method::GET, "/x", RetrySafety::Safe);
pub static POST: Operation = operation("post", Method::POST, "/x", RetrySafety::OnRefusal);
pub static DELETE: Operation = operation("delete", Method::DELETE, "/x", RetrySafety::Idempotent);

pub fn builder(url: &str) -> CoreBuilder {
    CoreBuilder::new(&SETTINGS).base_url(url).retry(hasty())
}

pub fn core(server: &Server) -> Core {
    builder(&server.url).build().unwrap()
}

pub async fn call(core: &Core, operation: &'static Operation) -> Result<Response<String>, Error> {
    let request = Request::new(operation);
    let request = match operation.method {
        Method::POST => request.text("text/plain", "the body"),
        _ => request,
    };
    core.execute(request, &CallOptions::new(), decode::text).await
}

#[tokio::test]
async fn r19_unusual_answers_are_read() {
    let table: [(&[u8], u16, &str); 8] = [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK", 200, "OK"),
        (b"HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n", 200, ""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        (b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx", 200, "x"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx", 200, "x"),
        (b"HTTP/1.1 299 Odd\r\nx-odd: \xFF\xFE\r\ncontent-type: what/ever; x=\"\r\ncontent-length: 1\r\n\r\nx", 299, "x"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", 200, "abc"),
        (b"HTTP/1.0 200 OK\r\n\r\nto the end", 200, "to the end"),
    ];
    for (bytes, status, body) in table {
        let server = Server::start([Reply::raw(bytes).close()]).await;
        let response = call(&core(&server), &POST).await.unwrap();
        assert_eq!((response.status().as_u16(), response.value().as_str()), (status, body));
    }
}

#[tokio::test]
async fn answer_to_head_has_no_body_whatever_it_says() {
    static HEAD: Operation = operation("head", Method::HEAD, "/x", RetrySafety::Safe);
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n";
    let server = Server::start([Reply::raw(head)]).await;
    let core = core(&server);
    for _ in 0..2 {
        let response = call(&core, &HEAD).await.unwrap();
        assert_eq!(response.headers()["content-length"], "999999999");
        assert_eq!(response.value(), "");
    }
}

#[tokio::test]
async fn r19_body_after_204_is_no_answer_to_the_next_request() {
    let stray = b"HTTP/1.1 204 No Content\r\n\r\nstray bytes";
    let server = Server::start([Reply::raw(&stray[..]), Reply::answer(200, &[], "fine")]).await;
    let core = core(&server);
    assert_eq!(call(&core, &GET).await.unwrap().value(), "");
    assert_eq!(call(&core, &GET).await.unwrap().value(), "fine");
}

#[tokio::test]
async fn r4_hint_with_bytes_that_are_no_text_waits_as_without_one() {
    let refusal =
        b"HTTP/1.1 429 No\r\nretry-after: \xFF\xFE\r\ndate: \xFF\r\ncontent-length: 0\r\n\r\n";
    let server = Server::start([Reply::raw(&refusal[..]), Reply::answer(200, &[], "")]).await;
    assert_eq!(summary(&call(&core(&server), &POST).await), "ok 2");
}

#[tokio::test]
async fn s1_redirect_is_not_followed_to_any_place() {
    for status in [301, 302, 303, 307, 308] {
        let other = Server::start([Reply::answer(200, &[], "trap")]).await;
        for place in [
            format!("{}/x", other.url),
            "/x".to_owned(),
            other.url.replace("127.0.0.1", "localhost"),
        ] {
            let location = format!("location: {place}");
            let server = Server::start([Reply::answer(status, &[&location], "")]).await;
            let follows = builder(&server.url)
                .http(|http| http.redirect(reqwest::redirect::Policy::limited(5)));
            for core in [core(&server), follows.build().unwrap()] {
                for operation in [&GET, &POST, &DELETE] {
                    let is_executed = status == 303 && operation.retry != RetrySafety::Safe;
                    let end = if is_executed { "redirect 1, ambiguous" } else { "redirect 1" };
                    assert_eq!(summary(&call(&core, operation).await), end);
                }
            }
            assert_eq!(server.requests().len(), 6);
        }
        assert!(other.requests().is_empty());
    }
}

#[tokio::test]
async fn body_goes_out_with_its_length_and_none_without() {
    let server = Server::start([Reply::answer(200, &[], "")]).await;
    let core = core(&server);
    for operation in [&GET, &POST, &DELETE] {
        call(&core, operation).await.unwrap();
    }
    core.execute(Request::new(&POST), &CallOptions::new(), decode::nothing).await.unwrap();
    let requests = server.requests();
    assert!(requests[0].starts_with("GET /x HTTP/1.1\r\n") && !requests[0].contains("content-"));
    assert!(requests[1].contains("content-type: text/plain\r\n"), "{}", requests[1]);
    assert!(requests[1].ends_with("content-length: 8\r\n\r\nthe body"), "{}", requests[1]);
    assert!(!requests[2].contains("content-type"), "{}", requests[2]);
    assert!(requests[3].contains("content-length: 0"), "{}", requests[3]);
    assert!(requests.iter().all(|request| request.contains("user-agent: t/1\r\n")));
}

#[tokio::test]
async fn http_client_keeps_the_settings_of_the_user() {
    let server = Server::start([Reply::answer(200, &[], "")]).await;
    let headers = http::HeaderMap::from_iter([(
        http::HeaderName::from_static("x-mine"),
        http::HeaderValue::from_static("1"),
    )]);
    let core = builder(&server.url).http(move |http| http.default_headers(headers.clone()));
    let core = core.build().unwrap();
    call(&core, &GET).await.unwrap();
    assert!(server.requests()[0].contains("x-mine: 1\r\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_calls_share_connections_and_finish() {
    let server = Server::start([Reply::answer(200, &[], "x")]).await;
    let core = core(&server);
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let core = core.clone();
            tokio::spawn(async move { call(&core, &GET).await.map(Response::into_value) })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), "x");
    }
    tokio::time::timeout(Duration::from_secs(1), call(&core, &GET)).await.unwrap().unwrap();
}

/// The transport reads the host of its first request once; what goes elsewhere, or has a path that
/// looks like a host, must not be taken for the same.
#[tokio::test]
async fn one_transport_serves_several_hosts_and_paths_with_two_slashes() {
    static PLAIN: Operation = operation("plain", Method::GET, "/a?b=c", RetrySafety::Safe);
    static SLASHES: Operation = operation("slashes", Method::GET, "//host/x", RetrySafety::Safe);
    let answer = || [Reply::answer(200, &[], "")];
    let (one, two) = (Server::start(answer()).await, Server::start(answer()).await);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let transport = Arc::new(HttpTransport::with_client(http));
    for server in [&one, &two, &one] {
        let core = builder(&server.url).transport(transport.clone()).build().unwrap();
        for operation in [&PLAIN, &SLASHES] {
            call(&core, operation).await.unwrap();
        }
    }
    let lines = |server: &Server| -> Vec<String> {
        let requests = server.requests();
        requests.iter().filter_map(|text| text.lines().next().map(str::to_owned)).collect()
    };
    let expected = ["GET /a?b=c HTTP/1.1", "GET //host/x HTTP/1.1"];
    assert_eq!(lines(&two), expected);
    assert_eq!(lines(&one), expected.repeat(2));
}

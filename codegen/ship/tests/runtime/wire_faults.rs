//! Connections that break.
use std::time::{Duration, Instant};

use ship::runtime::{CoreBuilder, Error, Retry, Timeouts};

use crate::support::server::{Reply, Server};
use crate::support::{hasty, summary};
use crate::wire::{DELETE, GET, POST, builder, call, core};

/// Each of these never is a success, whole or in part.
#[tokio::test]
async fn r13_connection_cut_anywhere_is_tried_again_or_ambiguous() {
    let lost = [
        "Closed, sent Maybe 3",
        "Closed, sent Maybe 3, ambiguous",
        "Closed, sent Maybe 1, ambiguous",
    ];
    let cut = ["Cut 3", "Cut 3, ambiguous", "Cut 1, ambiguous"];
    let table: [(&[u8], [&str; 3]); 9] = [
        (b"", lost),
        (b"HTTP/1.1 20", lost),
        (b"HTTP/1.1 200 OK\r\n", lost),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-he", lost),
        (b"nonsense\r\n\r\n", lost),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", cut),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab", cut),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab", cut),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n", cut),
    ];
    for (bytes, ends) in table {
        for (operation, end) in [&GET, &DELETE, &POST].into_iter().zip(ends) {
            let server = Server::start([Reply::raw(bytes).close()]).await;
            let outcome = call(&core(&server), operation).await;
            assert_eq!(summary(&outcome), end, "{:?}", String::from_utf8_lossy(bytes));
            assert_eq!(server.requests().len(), outcome.unwrap_err().attempts() as usize);
        }
        let server = Server::start([Reply::raw(bytes).close(), Reply::answer(200, &[], "x")]).await;
        assert_eq!(summary(&call(&core(&server), &GET).await), "ok 2");
    }
}

#[tokio::test]
async fn r12_kept_connection_closed_under_a_request_is_not_replayed_for_a_write() {
    for (operation, end) in [(&GET, "ok 2"), (&POST, "Closed, sent Maybe 1, ambiguous")] {
        let fine = || Reply::answer(200, &[], "x");
        let server = Server::start([fine(), Reply::nothing(), fine()]).await;
        let core = core(&server);
        call(&core, &GET).await.unwrap();
        assert_eq!(summary(&call(&core, operation).await), end);
    }
}

#[tokio::test]
async fn error_with_a_cut_body_is_that_error() {
    let reply = Reply::raw(&b"HTTP/1.1 404 Gone\r\ncontent-length: 50\r\n\r\nhalf"[..]).close();
    let server = Server::start([reply]).await;
    let error = call(&core(&server), &POST).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!((error.message(), error.is_ambiguous()), (Some("half"), false));
}

#[tokio::test]
async fn r11_refused_connection_is_tried_again_for_every_operation() {
    let address = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let core = builder(&format!("http://{address}")).build().unwrap();
    for operation in [&GET, &POST, &DELETE] {
        assert_eq!(summary(&call(&core, operation).await), "Connect, sent No 3");
    }
}

struct NoNames;

impl reqwest::dns::Resolve for NoNames {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(async { Err("no such name".into()) })
    }
}

#[tokio::test]
async fn r11_name_without_an_address_is_tried_again_for_every_operation() {
    let core =
        builder("https://nowhere.example").http(|http| http.dns_resolver(NoNames).no_proxy());
    let core = core.build().unwrap();
    assert_eq!(summary(&call(&core, &POST).await), "Dns, sent No 3");
}

/// What is not encrypted stays here, whatever answers for that name.
#[tokio::test]
async fn s4_localhost_is_this_machine_without_asking() {
    let server = Server::start([Reply::answer(200, &[], "x")]).await;
    let url = server.url.replace("127.0.0.1", "localhost");
    let core = builder(&url).http(|http| http.dns_resolver(NoNames)).build().unwrap();
    assert_eq!(summary(&call(&core, &POST).await), "ok 1");
}

struct Silent;

impl reqwest::dns::Resolve for Silent {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(std::future::pending())
    }
}

/// The pacer reckons with that time.
#[tokio::test(start_paused = true)]
async fn r11_connecting_takes_the_time_of_the_settings_whatever_the_http_client_has() {
    let own = |http: reqwest::ClientBuilder| http.no_proxy().dns_resolver(Silent);
    let hour = Duration::from_secs(3600);
    let brief = Timeouts::default().connect(Duration::from_millis(700));
    for (timeouts, took) in [(None, 5000), (Some(brief), 700)] {
        for is_set in [false, true] {
            let builder = builder("https://nowhere.example").retry(Retry::off());
            let builder = builder.http(move |http| match is_set {
                true => own(http).connect_timeout(hour),
                false => own(http),
            });
            let core = timeouts.into_iter().fold(builder, CoreBuilder::timeouts).build().unwrap();
            let outcome = call(&core, &POST).await;
            assert_eq!(summary(&outcome), "Connect, sent No 1");
            let elapsed = outcome.unwrap_err().elapsed().as_millis();
            assert!((took..took + 10).contains(&elapsed), "{elapsed} ms");
        }
    }
}

#[tokio::test]
async fn r11_failed_encryption_is_not_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let _ = stream.read_u8().await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    });
    let core = builder(&format!("https://{address}")).build().unwrap();
    let outcome = call(&core, &POST).await;
    let is_told_apart = cfg!(feature = "rustls") && !cfg!(feature = "native-tls");
    let end = if is_told_apart { "Tls, sent No 1" } else { "Connect, sent No 3" };
    assert_eq!(summary(&outcome), end);
}

#[tokio::test]
async fn r15_slow_parts_end_by_the_time_they_have() {
    let ms = Duration::from_millis;
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n";
    let trickle = || Reply::raw(&head[..]).then(ms(15), "x").for_ever();
    let silent = || Reply::raw(&head[..]).then(ms(60_000), "x");
    let late = || Reply::raw("").then(ms(60_000), "HTTP/1.1 200 OK\r\n\r\n");
    let generous = Timeouts::default();
    let table: [(Reply, Timeouts, Retry, &str, u64); 6] = [
        (silent(), generous.idle(ms(50)), Retry::off(), "Cut 1, ambiguous", 50),
        (trickle(), generous.attempt(ms(400)), Retry::off(), "Cut 1, ambiguous", 400),
        (late(), generous.attempt(ms(50)), Retry::off(), "Timeout, sent Maybe 1, ambiguous", 50),
        (late(), generous, Retry::off().deadline(ms(100)), "timeout 1, ambiguous", 100),
        (trickle(), generous, Retry::off().deadline(ms(400)), "Cut 1, ambiguous", 400),
        (
            late(),
            generous.attempt(ms(60)),
            hasty().deadline(ms(100)),
            "Timeout, sent Maybe 1, ambiguous",
            60,
        ),
    ];
    for (reply, timeouts, retry, end, took) in table {
        let server = Server::start([reply]).await;
        let core = builder(&server.url).timeouts(timeouts).retry(retry).build().unwrap();
        let started = Instant::now();
        assert_eq!(summary(&call(&core, &POST).await), end);
        let elapsed = started.elapsed();
        // Within 50 ms on a machine that has nothing else to do.
        assert!((ms(took)..ms(took + 1000)).contains(&elapsed), "{end}: {elapsed:?}");
    }
}

#[tokio::test]
async fn r15_deadline_holds_over_attempts_of_a_reading() {
    let late = Reply::raw("").then(Duration::from_secs(60), "");
    let server = Server::start([late]).await;
    let timeouts = Timeouts::default().attempt(Duration::from_millis(400));
    let retry = hasty().deadline(Duration::from_millis(1150));
    let core = builder(&server.url).timeouts(timeouts).retry(retry).build().unwrap();
    let started = Instant::now();
    let error = call(&core, &GET).await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert!(started.elapsed() < Duration::from_millis(2100), "{:?}", started.elapsed());
}

//! Refusals and cuts that only HTTP/2 has.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use h2::Reason;
use http::Method;
use ship::runtime::{Operation, Retry, RetrySafety};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::support::{operation, summary};
use crate::wire::{GET, POST, builder, call};

/// Resets the first stream with `reason` and answers all others.
async fn server(reason: Reason) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let seen = count.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let seen = seen.clone();
            tokio::spawn(async move {
                let mut connection = h2::server::handshake(stream).await.unwrap();
                while let Some(Ok((_, mut answer))) = connection.accept().await {
                    if seen.fetch_add(1, Ordering::SeqCst) == 0 {
                        answer.send_reset(reason);
                    } else {
                        answer.send_response(http::Response::new(()), true).unwrap();
                    }
                }
            });
        }
    });
    (url, count)
}

#[tokio::test]
async fn refused_stream_was_not_executed_and_is_sent_again() {
    for (reason, end, streams) in [
        (Reason::REFUSED_STREAM, "ok 2", 2),
        (Reason::INTERNAL_ERROR, "Closed, sent Maybe 1, ambiguous", 1),
        (Reason::CANCEL, "Closed, sent Maybe 1, ambiguous", 1),
    ] {
        let (url, count) = server(reason).await;
        let http2 = builder(&url).http(reqwest::ClientBuilder::http2_prior_knowledge);
        let core = http2.build().unwrap();
        assert_eq!(summary(&call(&core, &POST).await), end);
        assert_eq!(count.load(Ordering::SeqCst), streams);
    }
}

/// `:status` 200, and that with a `content-length` of 10.
const HEAD: &[u8] = &[0x88];
const HEAD_OF_TEN: &[u8] = &[0x88, 0x0f, 0x0d, 2, b'1', b'0'];

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let [_, length @ ..] = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

fn reset(reason: Reason) -> Vec<u8> {
    frame(RST_STREAM, 0, 1, &u32::from(reason).to_be_bytes())
}

/// The kind and the flags of the next frame.
async fn read(stream: &mut TcpStream) -> Option<(u8, u8)> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.ok()?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    stream.read_exact(&mut vec![0; length as usize]).await.ok()?;
    Some((head[3], head[4]))
}

/// Answers the first request of each connection with these frames.
async fn raw_server(answer: Vec<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut preface = [0; 24];
                stream.read_exact(&mut preface).await.ok()?;
                stream.write_all(&frame(SETTINGS, 0, 0, &[])).await.ok()?;
                while let Some((kind, flags)) = read(&mut stream).await {
                    if kind == SETTINGS && flags & 1 == 0 {
                        stream.write_all(&frame(SETTINGS, 1, 0, &[])).await.ok()?;
                    }
                    if matches!(kind, DATA | HEADERS) && flags & END_STREAM != 0 {
                        for part in &answer {
                            stream.write_all(part).await.ok()?;
                            sleep(Duration::from_millis(10)).await;
                        }
                    }
                }
                Some(())
            });
        }
    });
    url
}

#[tokio::test]
async fn r13_answer_that_ends_before_its_announced_length_was_cut() {
    let head = |head| frame(HEADERS, END_HEADERS, 1, head);
    let five = || frame(DATA, 0, 1, b"12345");
    let go_away = || frame(GOAWAY, 0, 0, &[0; 8]);
    let end = || frame(DATA, END_STREAM, 1, b"");
    let cut = ["Cut 1", "Cut 1, ambiguous"];
    let table = [
        (vec![head(HEAD_OF_TEN), five(), reset(Reason::NO_ERROR)], cut),
        (vec![head(HEAD_OF_TEN), reset(Reason::NO_ERROR)], cut),
        (vec![head(HEAD_OF_TEN), five(), go_away()], cut),
        (vec![head(HEAD_OF_TEN), five(), reset(Reason::CANCEL)], cut),
        (vec![head(HEAD_OF_TEN), five(), end()], cut),
        (vec![head(HEAD_OF_TEN), five(), five(), five(), end()], cut),
        (vec![head(HEAD), five(), reset(Reason::CANCEL)], cut),
        (vec![head(HEAD_OF_TEN), five(), five(), end()], ["ok 1"; 2]),
        (vec![head(HEAD_OF_TEN), five(), five(), reset(Reason::NO_ERROR)], ["ok 1"; 2]),
        (vec![head(HEAD), five(), end()], ["ok 1"; 2]),
    ];
    for (number, (answer, ends)) in table.into_iter().enumerate() {
        let url = raw_server(answer).await;
        for (operation, end) in [&GET, &POST].into_iter().zip(ends) {
            let http2 = builder(&url).http(reqwest::ClientBuilder::http2_prior_knowledge);
            let core = http2.retry(Retry::off()).build().unwrap();
            assert_eq!(summary(&call(&core, operation).await), end, "{number}");
        }
    }
}

#[tokio::test]
async fn answer_to_head_over_http2_has_no_body_whatever_it_says() {
    static ASK: Operation = operation("ask", Method::HEAD, "/x", RetrySafety::Safe);
    let url = raw_server(vec![frame(HEADERS, END_HEADERS | END_STREAM, 1, HEAD_OF_TEN)]).await;
    let http2 = builder(&url).http(reqwest::ClientBuilder::http2_prior_knowledge);
    let core = http2.retry(Retry::off()).build().unwrap();
    let response = call(&core, &ASK).await.unwrap();
    assert_eq!(response.headers()["content-length"], "10");
    assert_eq!(response.value(), "");
}

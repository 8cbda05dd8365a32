//! That large bodies are not held in memory: the other side has to wait for who reads.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use ship::runtime::{CallOptions, Request, Upload, decode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::{HEAD, Led, PUT, Received, open, soon};

const PART: usize = 64 << 10;
/// 64 MiB
const PARTS: usize = 1024;
/// What sockets and libraries hold on the way.
const ON_THE_WAY: usize = 24 << 20;

/// Waits until a number does not grow any more.
async fn settled(count: &AtomicUsize) -> usize {
    let mut before = usize::MAX;
    loop {
        let now = count.load(Ordering::SeqCst);
        if now == before && now > 0 {
            return now;
        }
        before = now;
        sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn service_waits_for_who_reads_the_answer() {
    let led = Led::start().await;
    let client = led.core.clone();
    let call = tokio::spawn(async move { open(&client).await });
    let (mut server, ..) = soon(led.accept()).await;
    let written = Arc::new(AtomicUsize::new(0));
    let count = written.clone();
    let writing = tokio::spawn(async move {
        server.write_all(HEAD.as_bytes()).await.unwrap();
        for _ in 0..PARTS {
            server.write_all(&[b'x'; PART]).await.unwrap();
            count.fetch_add(PART, Ordering::SeqCst);
        }
    });
    let mut body = soon(call).await.unwrap().unwrap().into_value();
    let mut read = soon(body.try_next()).await.unwrap().unwrap().len();
    let ahead = soon(settled(&written)).await;
    assert!(ahead < ON_THE_WAY, "{ahead} bytes were taken that nobody has read");
    while let Some(part) = soon(body.try_next()).await.unwrap() {
        assert!(part.iter().all(|byte| *byte == b'x'));
        read += part.len();
    }
    writing.await.unwrap();
    assert_eq!(read, PART * PARTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn source_of_an_upload_waits_for_the_service() {
    let led = Led::start().await;
    let (sender, receiver) = mpsc::channel(1);
    let given = Arc::new(AtomicUsize::new(0));
    let count = given.clone();
    let giving = tokio::spawn(async move {
        for _ in 0..PARTS {
            sender.send(Ok(Bytes::from_static(&[b'x'; PART]))).await.unwrap();
            count.fetch_add(PART, Ordering::SeqCst);
        }
    });
    let length = u64::try_from(PART * PARTS).unwrap();
    let upload = Upload::stream(Received(receiver)).with_length(length);
    let client = led.core.clone();
    let call = tokio::spawn(async move {
        let request = Request::new(&PUT).upload("a/b", &upload);
        client.execute(request, &CallOptions::new(), decode::text).await
    });
    let (mut server, head, start) = soon(led.accept()).await;
    assert!(head.contains(&format!("\r\ncontent-length: {length}\r\n")), "{head}");
    let ahead = soon(settled(&given)).await;
    assert!(ahead < ON_THE_WAY, "{ahead} bytes were taken that nobody has read");
    let mut left = PART * PARTS - start.len();
    let mut buffer = vec![0; PART];
    while left > 0 {
        let read = soon(server.read(&mut buffer)).await.unwrap();
        assert!(read > 0 && buffer[..read].iter().all(|byte| *byte == b'x'));
        left -= read;
    }
    server.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK").await.unwrap();
    assert_eq!(soon(call).await.unwrap().unwrap().value(), "OK");
    giving.await.unwrap();
}

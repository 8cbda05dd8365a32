//! Refusals that only HTTP/2 has.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use h2::Reason;
use tokio::net::TcpListener;

use crate::support::summary;
use crate::wire::{POST, builder, call};

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

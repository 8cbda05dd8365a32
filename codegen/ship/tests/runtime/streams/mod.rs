//! Bodies that are not held in memory, over real connections.
mod cut_events;
mod cut_lines;
mod downloads;
mod events;
mod limits;
mod lines;
mod uploads;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::Method;
use ship::runtime::{
    CallOptions, Core, Download, Error, Operation, Request, Response, RetrySafety,
};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::support::operation;
use crate::wire::builder;

pub static GET: Operation = operation("get", Method::GET, "/x", RetrySafety::Safe);
pub static PUT: Operation = operation("put", Method::PUT, "/x", RetrySafety::Idempotent);

/// A head after which the body ends with the connection.
pub const HEAD: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\nx-request-id: 7\r\n\r\n";

/// A server that a test leads by the hand.
pub struct Led {
    listener: TcpListener,
    pub core: Core,
}

impl Led {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        Self { listener, core: builder(&url).build().unwrap() }
    }

    /// The next connection, with the head of its request and what came behind it.
    pub async fn accept(&self) -> (TcpStream, String, Vec<u8>) {
        self.try_accept().await.expect("the head of the request ends")
    }

    /// The same; `None` if the client goes away before the end of the head.
    pub async fn try_accept(&self) -> Option<(TcpStream, String, Vec<u8>)> {
        let (mut stream, _) = self.listener.accept().await.unwrap();
        let mut bytes = Vec::new();
        loop {
            if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                return None;
            }
            if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                let body = bytes.split_off(at + 4);
                let head = String::from_utf8(bytes).unwrap().to_lowercase();
                return Some((stream, head, body));
            }
        }
    }
}

pub async fn open(core: &Core) -> Result<Response<Download>, Error> {
    core.open(Request::new(&GET), &CallOptions::new()).await
}

/// Fails a test instead of hanging.
pub async fn soon<F: Future>(future: F) -> F::Output {
    timeout(Duration::from_secs(20), future).await.expect("it comes in time")
}

/// A channel as a stream.
pub struct Received(pub mpsc::Receiver<Result<Bytes, std::io::Error>>);

impl Stream for Received {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

/// A list as a stream.
pub fn stream_of(parts: &[&'static str]) -> Received {
    let (sender, receiver) = mpsc::channel(parts.len().max(1));
    for part in parts {
        sender.try_send(Ok(Bytes::from_static(part.as_bytes()))).unwrap();
    }
    Received(receiver)
}

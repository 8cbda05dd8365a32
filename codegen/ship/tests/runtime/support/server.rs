//! A server on the loopback address that does what it is told, down to the bytes.
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// What the server does with one request.
#[derive(Clone)]
pub struct Reply {
    parts: Vec<(Duration, Vec<u8>)>,
    /// Repeats the last part until the client goes away.
    endless: bool,
    close: bool,
}

impl Reply {
    /// Writes these bytes and keeps the connection.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { parts: vec![(Duration::ZERO, bytes.into())], endless: false, close: false }
    }

    /// A whole answer.
    pub fn answer(status: u16, headers: &[&str], body: &str) -> Self {
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let length = body.len();
        Self::raw(format!(
            "HTTP/1.1 {status} Status\r\n{headers}content-length: {length}\r\n\r\n{body}"
        ))
    }

    /// Closes the connection without a word.
    pub fn nothing() -> Self {
        Self { parts: Vec::new(), endless: false, close: true }
    }

    pub fn then(mut self, after: Duration, bytes: impl Into<Vec<u8>>) -> Self {
        self.parts.push((after, bytes.into()));
        self
    }

    pub fn for_ever(mut self) -> Self {
        self.endless = true;
        self
    }

    pub fn close(mut self) -> Self {
        self.close = true;
        self
    }
}

/// Clones share one server. The last reply repeats.
#[derive(Clone)]
pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { url, requests: Arc::default() };
        let replies = Arc::new(Mutex::new(replies.into_iter().collect::<VecDeque<_>>()));
        let requests = server.requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, replies.clone(), requests.clone()));
            }
        });
        server
    }

    /// The requests so far, head and body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    requests: Arc<Mutex<Vec<String>>>,
) {
    while let Some(request) = read(&mut stream).await {
        requests.lock().unwrap().push(request);
        let reply = {
            let mut replies = replies.lock().unwrap();
            let last = replies.len() < 2;
            let reply = if last { replies.front().cloned() } else { replies.pop_front() };
            reply.expect("the server has no reply")
        };
        if write(&mut stream, &reply).await.is_err() || reply.close {
            return;
        }
    }
}

async fn write(stream: &mut TcpStream, reply: &Reply) -> std::io::Result<()> {
    for (after, bytes) in &reply.parts {
        sleep(*after).await;
        stream.write_all(bytes).await?;
    }
    while let (true, Some((after, bytes))) = (reply.endless, reply.parts.last()) {
        sleep(*after).await;
        stream.write_all(bytes).await?;
    }
    Ok(())
}

/// One request with a body of a declared length.
pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= head.len() + 4 + length {
                return String::from_utf8(bytes).ok();
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

//! The server: one script of answers, given in the order in which requests come.
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::{Answer, Seen};

/// Ends with the value.
pub struct Server {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    listening: JoinHandle<()>,
}

struct Script {
    answers: VecDeque<Answer>,
    seen: Vec<Seen>,
}

impl Server {
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound socket has an address");
        let answers = answers.into_iter().collect();
        let script = Arc::new(Mutex::new(Script { answers, seen: Vec::new() }));
        let listening = tokio::spawn(listen(listener, Arc::clone(&script)));
        Self { address, script, listening }
    }

    /// As the service has it, prefix included.
    pub fn base_url(&self) -> String {
        format!("http://{}/api/1", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).seen.clone()
    }

    /// The only request since the last time that this was asked.
    pub fn take(&self) -> Seen {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(script.seen.len(), 1, "one call is one request: {:#?}", script.seen);
        script.seen.remove(0)
    }

    /// The method and target of all requests so far.
    pub fn lines(&self) -> Vec<String> {
        self.seen().iter().map(Seen::line).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, script: Arc<Mutex<Script>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let script = Arc::clone(&script);
        // A client that goes away ends its connection, and nothing else.
        tokio::spawn(async move { serve(stream, &script).await });
    }
}

async fn serve(stream: TcpStream, script: &Mutex<Script>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream).await? {
        let answer = next(script, request);
        stream.write_all(&answer.bytes()).await?;
        if answer.cut.is_some() {
            return stream.shutdown().await;
        }
    }
    Ok(())
}

/// Records the request and takes the next answer. A script that is over answers 418, which no client
/// sends a second time.
fn next(script: &Mutex<Script>, request: Seen) -> Answer {
    let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
    script.seen.push(request);
    script.answers.pop_front().unwrap_or_else(|| Answer::new(418, "the script is over"))
}

/// The next request of a connection; `None` at its end.
async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Seen>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (method, target) = (word(words.next())?, word(words.next())?);
    let headers = headers(stream).await?;
    let announced = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = announced.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some(Seen { method, target, headers, body }))
}

fn word(word: Option<&str>) -> io::Result<String> {
    word.map(str::to_owned).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
}

async fn headers(stream: &mut BufReader<TcpStream>) -> io::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_owned(), value.trim().to_owned())),
            None => return Ok(headers),
        }
    }
}

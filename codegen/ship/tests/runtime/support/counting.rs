//! A service on the loopback address that counts requests, behind a network that delays them.
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::server::read;

const WINDOW: Duration = Duration::from_secs(1);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// What was accepted in the second before.
    Accepted,
    /// What was refused then too.
    All,
}

/// A request when it was counted.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// The number that its path is.
    pub number: usize,
    pub at: Instant,
    pub is_accepted: bool,
}

/// Clones share one service.
#[derive(Clone)]
pub struct Counting {
    pub url: String,
    counts: Counts,
    limit: usize,
    /// The most that a request travels, and an answer, in milliseconds.
    jitter: u64,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
}

impl Counting {
    pub async fn start(counts: Counts, limit: usize, jitter: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = Self { url, counts, limit, jitter, arrivals: Arc::default() };
        let listening = service.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = listening.clone();
                tokio::spawn(async move { service.serve(stream).await });
            }
        });
        service
    }

    /// All requests, in the order in which they were counted.
    pub fn arrivals(&self) -> MutexGuard<'_, Vec<Arrival>> {
        self.arrivals.lock().unwrap()
    }

    pub fn refused(&self) -> usize {
        self.arrivals().iter().filter(|arrival| !arrival.is_accepted).count()
    }

    /// The most requests that were counted in one second.
    pub fn peak(&self) -> usize {
        let arrivals = self.arrivals();
        let end = |start: Instant| arrivals.partition_point(|arrival| arrival.at < start + WINDOW);
        let counts = arrivals.iter().enumerate().map(|(index, first)| end(first.at) - index);
        counts.max().unwrap_or(0)
    }

    async fn serve(&self, mut stream: TcpStream) {
        while let Some(request) = read(&mut stream).await {
            self.travel().await;
            let path = request.split_whitespace().nth(1).unwrap();
            let status = if self.takes(path[1..].parse().unwrap()) { 200 } else { 429 };
            self.travel().await;
            let answer = format!("HTTP/1.1 {status} Status\r\ncontent-length: 0\r\n\r\n");
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    async fn travel(&self) {
        sleep(Duration::from_millis(fastrand::u64(0..=self.jitter))).await;
    }

    fn takes(&self, number: usize) -> bool {
        let mut arrivals = self.arrivals();
        let at = Instant::now();
        let counted = arrivals.iter().rev().take_while(|arrival| at - arrival.at < WINDOW);
        let counted =
            counted.filter(|arrival| arrival.is_accepted || self.counts == Counts::All).count();
        let is_accepted = counted < self.limit;
        arrivals.push(Arrival { number, at, is_accepted });
        is_accepted
    }
}

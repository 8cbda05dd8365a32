//! The readers of a list, and what is noted while they read it.

use std::future::Future;
use std::hint::black_box;
use std::time::{Duration, Instant};

use amplitude_experiment_management::models::FlagList;
use http::header::ACCEPT;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::memory::peak_kib;
use crate::overhead::contender::unpaced;
use crate::pacing::contender::http_client;
use crate::{KEY, Outcome};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reader {
    ByHand,
    Pages,
    Prefetch,
}

pub const READERS: [Reader; 3] = [Reader::ByHand, Reader::Pages, Reader::Prefetch];

impl Reader {
    pub fn title(self) -> &'static str {
        match self {
            Self::ByHand => "a loop by hand around reqwest + serde_json",
            Self::Pages => "**this client**, pages()",
            Self::Prefetch => "**this client**, pages().prefetch()",
        }
    }
}

/// One drain of a list.
#[derive(Debug, Serialize, Deserialize)]
pub struct Drain {
    pub reader: Reader,
    pub base: String,
    /// What is done with each page takes so long.
    pub work_ms: u64,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Drained {
    micros: u64,
    pub items: u64,
    /// The most memory after so many pages, in KiB; empty where the system does not tell.
    pub peaks: Vec<(u64, u64)>,
}

impl Drained {
    pub fn time(&self) -> Duration {
        Duration::from_micros(self.micros)
    }
}

/// Counts pages and items.
#[derive(Default)]
struct Count {
    pages: u64,
    items: u64,
    peaks: Vec<(u64, u64)>,
    work: Duration,
}

impl Count {
    async fn page<T>(&mut self, items: Vec<T>) {
        self.pages += 1;
        self.items += items.len() as u64;
        black_box(items);
        if matches!(self.pages, 100 | 1000 | 10_000) {
            self.peaks.extend(peak_kib().map(|peak| (self.pages, peak)));
        }
        if !self.work.is_zero() {
            sleep(self.work).await;
        }
    }
}

impl Drain {
    pub fn run(&self) -> Outcome<Drained> {
        let mut count = Count { work: Duration::from_millis(self.work_ms), ..Count::default() };
        let time = match self.reader {
            Reader::ByHand => timed(by_hand(&self.base, &mut count))?,
            Reader::Pages => timed(pages(&self.base, false, &mut count))?,
            Reader::Prefetch => timed(pages(&self.base, true, &mut count))?,
        };
        let Count { items, peaks, .. } = count;
        Ok(Drained { micros: time.as_micros().try_into()?, items, peaks })
    }
}

fn timed(work: impl Future<Output = Outcome>) -> Outcome<Duration> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let started = Instant::now();
    runtime.block_on(work)?;
    Ok(started.elapsed())
}

async fn pages(base: &str, prefetch: bool, count: &mut Count) -> Outcome {
    let pages = unpaced(base)?.flags().list().limit(1000).pages();
    let mut pages = if prefetch { pages.prefetch() } else { pages };
    while let Some(page) = pages.try_next().await? {
        count.page(page.items).await;
    }
    Ok(())
}

async fn by_hand(base: &str, count: &mut Count) -> Outcome {
    let http = http_client()?;
    let mut next = String::new();
    loop {
        let request = http.get(format!("{base}/flags?limit=1000{next}")).bearer_auth(KEY);
        let response = request.header(ACCEPT, "application/json").send().await?;
        let body = response.error_for_status()?.bytes().await?;
        let page: FlagList = serde_json::from_slice(&body)?;
        count.page(page.flags).await;
        match page.next_cursor.into_value() {
            Some(cursor) => next = format!("&cursor={}", cursor.as_str()),
            None => return Ok(()),
        }
    }
}

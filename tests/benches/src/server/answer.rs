//! One request: its way here, its count, its answer and the way back.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{Request, Response, StatusCode, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::time::sleep;

use super::limiter::Limiter;
use super::{FOREIGN, Report, Seen, Settings, WINDOW};
use crate::example;
use crate::stats;

/// What all connections share.
pub struct Service {
    settings: Settings,
    started: Instant,
    flag: Bytes,
    page: example::Page,
    counts: Mutex<Counts>,
}

struct Counts {
    limiter: Option<Limiter>,
    moments: Vec<Duration>,
    ours: Seen,
    foreign: Seen,
}

impl Service {
    pub fn new(settings: Settings) -> Self {
        let started = Instant::now();
        let counts = Counts {
            limiter: settings.mode.map(|mode| Limiter::new(mode, full_second(started))),
            moments: Vec::new(),
            ours: Seen::default(),
            foreign: Seen::default(),
        };
        Self {
            started,
            flag: example::flag(0).into(),
            page: match settings.small {
                true => example::Page::small(settings.page_items),
                false => example::Page::new(settings.page_items),
            },
            counts: Mutex::new(counts),
            settings,
        }
    }

    pub async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        self.travel().await;
        let admitted = self.count(request.uri());
        self.travel().await;
        if !admitted {
            return self.refusal();
        }
        let body = match cursor(request.uri()) {
            Some(number) => {
                self.page.with_next((number + 1 < self.settings.pages).then_some(number + 1))
            }
            None => self.flag.clone(),
        };
        let mut response = Response::new(Full::new(body));
        response.headers_mut().insert(CONTENT_TYPE, json());
        response
    }

    /// What it saw so far.
    pub fn report(&self) -> Report {
        let counts = self.counts();
        let peak = stats::peak(&counts.moments, WINDOW);
        Report { ours: counts.ours, foreign: counts.foreign, peak }
    }

    /// Half of the round trip, and what comes on top by chance.
    async fn travel(&self) {
        let jitter = self.settings.jitter_ms * 1000;
        let chance = if jitter == 0 { 0 } else { fastrand::u64(0..=jitter) };
        let time = Duration::from_micros(self.settings.rtt_ms * 500 + chance);
        if !time.is_zero() {
            sleep(time).await;
        }
    }

    fn count(&self, uri: &Uri) -> bool {
        let mut counts = self.counts();
        let now = Instant::now();
        counts.moments.push(now - self.started);
        let admitted = counts.limiter.as_mut().is_none_or(|limiter| limiter.admit(now));
        let is_foreign = uri.path().contains(FOREIGN);
        let seen = if is_foreign { &mut counts.foreign } else { &mut counts.ours };
        seen.requests += 1;
        seen.refused += usize::from(!admitted);
        admitted
    }

    fn refusal(&self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(Bytes::from_static(b"{}")));
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response.headers_mut().insert(CONTENT_TYPE, json());
        if self.settings.retry_after {
            response.headers_mut().insert(RETRY_AFTER, http::HeaderValue::from_static("1"));
        }
        response
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When the clock on the wall last struck a full second.
fn full_second(now: Instant) -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now - Duration::from_nanos(since.subsec_nanos().into())
}

/// Where the page begins that is asked for, in pages; `None` if it is not the list.
fn cursor(uri: &Uri) -> Option<u64> {
    if !uri.path().ends_with("/flags") {
        return None;
    }
    let pairs = uri.query().unwrap_or_default().split('&');
    let cursor = pairs.filter_map(|pair| pair.strip_prefix("cursor=")).next();
    Some(cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0))
}

fn json() -> http::HeaderValue {
    http::HeaderValue::from_static("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_told_from_a_flag_by_its_path() {
        let cases = [
            ("/api/1/flags", Some(0)),
            ("/api/1/flags?limit=3&cursor=17", Some(17)),
            ("/api/1/flags/17", None),
        ];
        for (uri, expected) in cases {
            assert_eq!(cursor(&Uri::from_static(uri)), expected, "{uri}");
        }
    }
}

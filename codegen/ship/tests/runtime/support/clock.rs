//! A clock whose time of day is set by the test.
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use ship::runtime::{BoxFuture, Clock};

/// `tokio`'s clock for waits, and a time of day that goes along with it but can jump.
#[derive(Clone)]
pub struct Wall {
    started: tokio::time::Instant,
    wall: Arc<Mutex<SystemTime>>,
}

impl Wall {
    /// Starts at this HTTP date.
    pub fn at(date: &str) -> Self {
        let wall = httpdate::parse_http_date(date).unwrap();
        Self { started: tokio::time::Instant::now(), wall: Arc::new(Mutex::new(wall)) }
    }

    pub fn ahead(&self, by: Duration) {
        *self.wall.lock().unwrap() += by;
    }

    pub fn back(&self, by: Duration) {
        *self.wall.lock().unwrap() -= by;
    }
}

impl Clock for Wall {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn wall(&self) -> SystemTime {
        *self.wall.lock().unwrap() + self.started.elapsed()
    }

    fn sleep_until(&self, at: Instant) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep_until(at.into()))
    }
}

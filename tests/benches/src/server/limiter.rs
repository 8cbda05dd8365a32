//! The four readings of "100 requests per second".

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

pub const LIMIT: usize = 100;
pub const WINDOW: Duration = Duration::from_secs(1);

/// How a service counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// At most 100 accepted requests in any second.
    Sliding,
    /// At most 100 in each second of the clock.
    Fixed,
    /// A bucket of 100 that gains 100 per second.
    Bucket,
    /// At most 100 in any second, and what is refused counts too.
    Penal,
}

pub const MODES: [(&str, Mode); 4] = [
    ("sliding", Mode::Sliding),
    ("fixed", Mode::Fixed),
    ("bucket", Mode::Bucket),
    ("penal", Mode::Penal),
];

impl Mode {
    pub fn title(self) -> &'static str {
        match self {
            Self::Sliding => "sliding window",
            Self::Fixed => "fixed window",
            Self::Bucket => "token bucket 100/100",
            Self::Penal => "sliding window, refusals count too",
        }
    }
}

/// Decides which requests are accepted.
#[derive(Debug)]
pub enum Limiter {
    Sliding { counted: VecDeque<Instant>, refusals_count: bool },
    Fixed { start: Instant, window: u128, count: usize },
    Bucket { tokens: f64, filled: Instant },
}

impl Limiter {
    /// A limiter whose clock strikes a full second at `start`.
    pub fn new(mode: Mode, start: Instant) -> Self {
        match mode {
            Mode::Sliding => Self::Sliding { counted: VecDeque::new(), refusals_count: false },
            Mode::Penal => Self::Sliding { counted: VecDeque::new(), refusals_count: true },
            Mode::Fixed => Self::Fixed { start, window: 0, count: 0 },
            Mode::Bucket => Self::Bucket { tokens: 100.0, filled: start },
        }
    }

    /// Counts a request; `now` never goes back.
    pub fn admit(&mut self, now: Instant) -> bool {
        match self {
            Self::Sliding { counted, refusals_count } => {
                while counted.front().is_some_and(|first| now.duration_since(*first) >= WINDOW) {
                    counted.pop_front();
                }
                let admitted = counted.len() < LIMIT;
                if admitted || *refusals_count {
                    counted.push_back(now);
                }
                admitted
            }
            Self::Fixed { start, window, count } => {
                let current = now.duration_since(*start).as_nanos() / WINDOW.as_nanos();
                if *window != current {
                    (*window, *count) = (current, 0);
                }
                *count += 1;
                *count <= LIMIT
            }
            Self::Bucket { tokens, filled } => {
                let gained = now.duration_since(*filled).as_secs_f64() * 100.0;
                *tokens = (*tokens + gained).min(100.0);
                *filled = now;
                let admitted = *tokens >= 1.0;
                if admitted {
                    *tokens -= 1.0;
                }
                admitted
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of `count` requests are accepted, `millis` after the start.
    struct Run {
        limiter: Limiter,
        start: Instant,
    }

    impl Run {
        fn new(mode: Mode) -> Self {
            let start = Instant::now();
            Self { limiter: Limiter::new(mode, start), start }
        }

        fn burst(&mut self, millis: u64, count: usize) -> usize {
            let now = self.start + Duration::from_millis(millis);
            (0..count).filter(|_| self.limiter.admit(now)).count()
        }
    }

    #[test]
    fn a_sliding_window_looks_back_one_second() {
        let mut run = Run::new(Mode::Sliding);
        assert_eq!(run.burst(900, 150), 100);
        assert_eq!(run.burst(1899, 10), 0);
        assert_eq!(run.burst(1900, 150), 100);
    }

    #[test]
    fn a_fixed_window_begins_with_the_second() {
        let mut run = Run::new(Mode::Fixed);
        assert_eq!(run.burst(900, 150), 100);
        assert_eq!(run.burst(999, 1), 0);
        assert_eq!(run.burst(1000, 150), 100);
    }

    #[test]
    fn a_bucket_fills_up_to_its_size() {
        let mut run = Run::new(Mode::Bucket);
        assert_eq!(run.burst(0, 150), 100);
        assert_eq!(run.burst(500, 150), 50);
        assert_eq!(run.burst(9500, 150), 100);
    }

    #[test]
    fn refusals_that_count_keep_the_window_closed() {
        let mut run = Run::new(Mode::Penal);
        assert_eq!(run.burst(0, 150), 100);
        assert_eq!(run.burst(900, 60), 0);
        assert_eq!(run.burst(1000, 150), 40, "the 60 refusals of the last second count");
        assert_eq!(run.burst(1500, 1), 0);
        assert_eq!(run.burst(2500, 150), 100);
    }
}

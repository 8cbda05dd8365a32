//! `soak`: what the tests and `pacing` and `pages` do, for long.

mod suite;

use std::time::{Duration, Instant};

use crate::Outcome;
use crate::bars::Bars;
use crate::options::Options;
use crate::pacing::drain::Load;
use crate::pacing::{self, Limits};
use crate::pages;
use crate::server::{MODES, Settings};

/// One part: its name, and what it does.
type Part = (&'static str, fn() -> Outcome);

const PARTS: [Part; 4] = [
    ("properties", suite::properties),
    ("threads", suite::threads),
    ("pacing", drain_requests),
    ("pages", drain_pages),
];

pub fn run(words: &[String]) -> Outcome {
    let options = Options::read(words, &["--minutes", "--only"], &[])?;
    let minutes: u64 = options.number("--minutes", 0)?;
    let parts = options.choices("--only", &PARTS.map(|part| (part.0, part)), &PARTS)?;
    let end = Instant::now() + Duration::from_secs(minutes * 60);
    let mut bars = Bars::default();
    let mut round = 0;
    while round == 0 || Instant::now() < end {
        round += 1;
        for (name, part) in &parts {
            let (started, outcome) = (Instant::now(), part());
            let seconds = started.elapsed().as_secs();
            if let Err(error) = &outcome {
                println!("{name}: {error}\n");
            }
            bars.hold(format!("round {round}, {name}, {seconds} s"), outcome.is_ok());
        }
    }
    bars.end()
}

/// 5,000 requests against each kind of server, at a usual and at a long round trip.
fn drain_requests() -> Outcome {
    let (load, modes) = (Load { requests: 5000, tasks: 1000 }, MODES.map(|(_, mode)| mode));
    let settings = Settings { jitter_ms: 60, retry_after: true, ..Settings::default() };
    let mut limits = Limits::default();
    pacing::sweep(&modes, &[20, 300], &settings, load, &mut limits)?;
    let mut bars = Bars::default();
    limits.hold(&mut bars);
    bars.end()
}

fn drain_pages() -> Outcome {
    pages::run(&[])
}

//! `decode`: how fast a page of 1,000 flags becomes values.

#[allow(dead_code, reason = "the members are read from JSON and by nobody else")]
mod faithful;
#[allow(dead_code, reason = "the members are read from JSON and by nobody else")]
mod plain;

use std::hint::black_box;
use std::time::{Duration, Instant};

use amplitude_experiment_management::models::FlagList;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Outcome;
use crate::bars::Bars;
use crate::example::Page;
use crate::options::Options;
use crate::stats::median;
use crate::table::{Table, grouped};

/// A way to read a page: its name, and a function that says how long it took.
type Contender = (&'static str, fn(&[u8]) -> Outcome<Duration>);

const CONTENDERS: [Contender; 6] = [
    ("**this client**", timed::<FlagList>),
    ("hand-written, as faithful", timed::<faithful::FlagList>),
    ("hand-written, lossy", timed::<plain::FlagList>),
    ("serde_json::Value", timed::<Value>),
    ("this client's types by simd-json", with_simd_json),
    ("this client's types by sonic-rs", with_sonic_rs),
];

/// The one that is measured, and the one that the others are compared with.
const OURS: usize = 0;
const REFERENCE: usize = 1;

/// The least speed of this client.
const LEAST_SPEED: f64 = 0.95;

pub fn run(words: &[String]) -> Outcome {
    let options = Options::read(words, &["--items", "--rounds"], &[])?;
    let items = options.number("--items", 1000)?;
    let rounds = options.number("--rounds", 200)?;
    let page = Page::new(items).with_next(Some(1));
    let mut times = [const { Vec::new() }; CONTENDERS.len()];
    // Each has its turn in each round, so that a slow moment of the machine meets all.
    for round in 0..=rounds {
        for ((_, decode), times) in CONTENDERS.iter().zip(&mut times) {
            let time = decode(&page)?;
            if round > 0 {
                times.push(time);
            }
        }
    }
    let medians = times.each_mut().map(|times| median(times));
    println!(
        "A page of {items} flags, {} bytes, median of {rounds} rounds.\n\n{}",
        grouped(page.len().try_into()?),
        table(&medians, page.len(), items)
    );
    let speed = speed(&medians, OURS);
    let mut bars = Bars::default();
    bars.hold(
        format!(
            "speed of this client: {:.1} % of the faithful structs, bar {:.0} %",
            speed * 100.0,
            LEAST_SPEED * 100.0
        ),
        speed >= LEAST_SPEED,
    );
    bars.end()
}

/// How fast a contender is, the faithful structs being 1.
fn speed(medians: &[Duration], contender: usize) -> f64 {
    medians[REFERENCE].as_secs_f64() / medians[contender].as_secs_f64()
}

/// Dropping the value is not timed.
fn timed<T: DeserializeOwned>(body: &[u8]) -> Outcome<Duration> {
    let started = Instant::now();
    let value: T = serde_json::from_slice(body)?;
    let time = started.elapsed();
    black_box(value);
    Ok(time)
}

/// It writes into what it reads, so it needs a copy, which is not timed.
fn with_simd_json(body: &[u8]) -> Outcome<Duration> {
    let mut copy = body.to_vec();
    let started = Instant::now();
    let value: FlagList = simd_json::from_slice(&mut copy)?;
    let time = started.elapsed();
    black_box(value);
    Ok(time)
}

fn with_sonic_rs(body: &[u8]) -> Outcome<Duration> {
    let started = Instant::now();
    let value: FlagList = sonic_rs::from_slice(body)?;
    let time = started.elapsed();
    black_box(value);
    Ok(time)
}

#[expect(clippy::cast_precision_loss, reason = "a page has less than 2^52 bytes")]
fn table(medians: &[Duration], bytes: usize, items: usize) -> Table {
    let mut table = Table::new(["how", "MB/s", "ns per flag", "speed, faithful = 100 %"]);
    for (contender, (name, _)) in CONTENDERS.iter().enumerate() {
        let seconds = medians[contender].as_secs_f64();
        table.row(vec![
            (*name).to_owned(),
            format!("{:.0}", bytes as f64 / seconds / 1e6),
            format!("{:.0}", seconds * 1e9 / items as f64),
            format!("{:.1} %", speed(medians, contender) * 100.0),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contender_reads_the_page() {
        let page = Page::new(20).with_next(Some(1));
        for (name, decode) in CONTENDERS {
            assert!(decode(&page).is_ok(), "{name}");
        }
    }

    #[test]
    fn the_faithful_structs_keep_what_is_not_declared() {
        let page = Page::new(20).with_next(None);
        let read: faithful::FlagList = serde_json::from_slice(&page).expect("the page is right");
        assert!(matches!(read.next_cursor, Some(None)));
        assert!(read.flags[10].extra.contains_key("evaluationOrder"));
        assert!(read.flags[1].variants[1].extra.contains_key("inclusions"));
    }
}

//! `pages`: drains a long list of small pages, and looks at the memory on the way.

mod drain;

use std::process::{Command, Stdio};
use std::time::Duration;

use drain::{Drain, Drained, READERS, Reader};

use crate::Outcome;
use crate::bars::Bars;
use crate::options::Options;
use crate::server::{ServerProcess, Settings};
use crate::stats::median;
use crate::table::{Table, grouped};

/// Flags in each page: 35 KB. A call costs about a microsecond more than by hand, which shows in much
/// smaller pages.
const ITEMS: usize = 100;

/// What the memory may grow by between 1,000 and 10,000 pages: 8 bytes are kept of each page, and
/// the allocator has its own ways.
const GROWTH_KIB: u64 = 2048;

/// The least speed, the loop by hand being 1: as fast as that, within the noise of a machine.
const LEAST_SPEED: f64 = 0.95;

const VALUED: &[&str] = &["--pages", "--items", "--rounds", "--rtt-ms", "--work-ms"];

pub fn run(words: &[String]) -> Outcome {
    let options = Options::read(words, VALUED, &[])?;
    let settings = Settings {
        page_items: options.number("--items", ITEMS)?,
        pages: options.number("--pages", 10_000)?,
        rtt_ms: options.number("--rtt-ms", 0)?,
        small: true,
        ..Settings::default()
    };
    let (rounds, work_ms) = (options.number("--rounds", 9)?, options.number("--work-ms", 0)?);
    let mut bars = Bars::default();
    measure(&settings, rounds, work_ms, &mut bars)?;
    bars.end()
}

/// All readers, each in a process of its own, one after the other in each round.
fn measure(settings: &Settings, rounds: usize, work_ms: u64, bars: &mut Bars) -> Outcome {
    let server = ServerProcess::start(settings)?;
    let mut results = READERS.map(|reader| (reader, Vec::new()));
    for round in 1..=rounds.max(1) {
        eprintln!("round {round} of {rounds} ...");
        for (reader, drains) in &mut results {
            let drain = Drain { reader: *reader, base: server.base_url(), work_ms };
            let drained = start(&drain)?;
            if drained.items != settings.pages * settings.page_items as u64 {
                return Err(format!("{} read {} items", reader.title(), drained.items).into());
            }
            drains.push(drained);
        }
    }
    println!(
        "{} pages of {} small flags, round trip {} ms, {work_ms} ms of work per page, median \
         of {rounds} rounds.\n",
        grouped(settings.pages),
        settings.page_items,
        settings.rtt_ms
    );
    println!("{}", table(&results));
    if results.iter().any(|(_, drains)| drains.iter().all(|drain| drain.peaks.is_empty())) {
        println!("skipped: memory (this system has no /proc)\n");
    }
    hold(&results, bars);
    Ok(())
}

/// One drain, in this process: started by the above.
pub fn read(words: &[String]) -> Outcome {
    let [drain] = words else { return Err("the drain is named as JSON".into()) };
    println!("{}", serde_json::to_string(&serde_json::from_str::<Drain>(drain)?.run()?)?);
    Ok(())
}

fn start(drain: &Drain) -> Outcome<Drained> {
    let output = Command::new(std::env::current_exe()?)
        .args(["read", &serde_json::to_string(drain)?])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{} ended with {}", drain.reader.title(), output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

type Results = [(Reader, Vec<Drained>)];

/// Items per second, in the middle of all rounds.
fn speed(drains: &[Drained]) -> f64 {
    let mut times: Vec<Duration> = drains.iter().map(Drained::time).collect();
    let items = drains.first().map_or(0, |drain| drain.items);
    #[expect(clippy::cast_precision_loss, reason = "no list has 2^52 items")]
    let items = items as f64;
    items / median(&mut times).as_secs_f64()
}

/// How much faster than by hand, in the middle of all rounds. Each is compared with its neighbour:
/// how fast the machine is changes from second to second.
fn ratio(drains: &[Drained], by_hand: &[Drained]) -> f64 {
    let ratio =
        |(own, hand): (&Drained, &Drained)| hand.time().as_secs_f64() / own.time().as_secs_f64();
    let mut ratios: Vec<f64> = drains.iter().zip(by_hand).map(ratio).collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or(0.0)
}

/// The most memory after so many pages, in all rounds.
fn peak(drains: &[Drained], pages: u64) -> Option<u64> {
    let peaks = drains.iter().flat_map(|drain| &drain.peaks);
    peaks.filter(|(after, _)| *after == pages).map(|(_, peak)| *peak).max()
}

fn table(results: &Results) -> Table {
    let mut table = Table::new([
        "reader",
        "items per s",
        "of the loop by hand",
        "peak after 100 pages in KiB",
        "after 1,000",
        "after 10,000",
    ]);
    let by_hand = &results[0].1;
    for (reader, drains) in results {
        let peak = |pages| peak(drains, pages).map_or("-".to_owned(), grouped);
        table.row(vec![
            reader.title().to_owned(),
            format!("{:.0}", speed(drains)),
            format!("{:.3}", ratio(drains, by_hand)),
            peak(100),
            peak(1000),
            peak(10_000),
        ]);
    }
    table
}

fn hold(results: &Results, bars: &mut Bars) {
    let by_hand = &results[0].1;
    for (reader, drains) in results.iter().filter(|(reader, _)| *reader != Reader::ByHand) {
        let name = reader.title().replace("**", "");
        let share = ratio(drains, by_hand);
        let sentence = format!("{name}: {share:.3} of the loop by hand, bar {LEAST_SPEED}");
        bars.hold(sentence, share >= LEAST_SPEED);
        if let Some((early, late)) = peak(drains, 1000).zip(peak(drains, 10_000)) {
            let growth = late.saturating_sub(early);
            let sentence = format!(
                "{name}: {growth} KiB more after 10,000 pages than after 1,000, bar {GROWTH_KIB}"
            );
            bars.hold(sentence, growth <= GROWTH_KIB);
        }
    }
}

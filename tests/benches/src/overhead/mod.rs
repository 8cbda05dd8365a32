//! `overhead`: what a call costs beyond what reqwest and serde_json cost by themselves.

mod calls;
pub(crate) mod contender;
mod wall;

use std::time::Duration;

use calls::Calls;
use contender::{CONTENDERS, Contender, PAGE, Question};
use wall::{Plan, Times};

use crate::Outcome;
use crate::bars::Bars;
use crate::options::Options;
use crate::server::{ServerProcess, Settings};
use crate::table::{Table, grouped};

/// The most instructions, reqwest with serde_json being 1.
const MOST: f64 = 1.05;

/// What is to be measured, and how thoroughly.
struct Effort {
    rounds: usize,
    calls: usize,
    /// Calls that are counted under valgrind; a tenth of it for a page, which costs a hundred times as
    /// much there as without.
    counted: usize,
}

/// What was measured of one client.
struct Cost {
    instructions: Option<u64>,
    allocations: usize,
    alone: Times,
    among_64: Times,
}

pub(crate) fn run(words: &[String]) -> Outcome {
    let options = Options::read(words, &["--rounds", "--calls", "--counted"], &["--no-valgrind"])?;
    let effort = Effort {
        rounds: options.number("--rounds", 20)?,
        calls: options.number("--calls", 640)?,
        counted: options.number("--counted", 1000)?,
    };
    let is_counted = !options.flag("--no-valgrind") && calls::has_valgrind();
    if !is_counted && !options.flag("--no-valgrind") {
        println!("skipped: valgrind is not installed\n");
    }
    let mut bars = Bars::default();
    let server =
        ServerProcess::start(&Settings { page_items: PAGE, pages: 1, ..Settings::default() })?;
    for (question, title) in [
        (Question::Flag, "One small flag".to_owned()),
        (Question::Page, format!("A page of {PAGE} flags")),
    ] {
        let costs = measure(&server.base_url(), question, &effort, is_counted)?;
        println!("{title}, over a connection that is kept open.\n\n{}", table(&costs));
        if question == Question::Flag {
            hold(&costs, &mut bars);
        }
    }
    bars.end()
}

/// The instructions of a small call are those of the plainest peer and hardly more.
fn hold(costs: &[Cost], bars: &mut Bars) {
    let instructions = |contender: Contender| {
        let place = CONTENDERS.iter().position(|other| *other == contender)?;
        costs.get(place)?.instructions
    };
    let (bare, ours) = (instructions(Contender::Bare), instructions(Contender::Ours));
    if let Some((bare, ours)) = bare.zip(ours) {
        let sentence = format!(
            "instructions of a call for one flag: {} of reqwest + serde_json, bar {MOST:.2}",
            ratio(ours, bare)
        );
        bars.hold(sentence, share(ours, bare) <= MOST);
    }
}

/// Calls in a row, in this process: for valgrind.
pub(crate) fn call(words: &[String]) -> Outcome {
    Calls::read(words)?.run()
}

/// Calls in a row, in this process, and how much each lets `counter` grow.
///
/// # Errors
///
/// The words do not say what to call, or a call fails.
pub fn count(words: &[String], counter: impl Fn() -> usize) -> Outcome {
    println!("{}", Calls::read(words)?.count(counter)?);
    Ok(())
}

fn measure(
    base: &str,
    question: Question,
    effort: &Effort,
    is_counted: bool,
) -> Outcome<Vec<Cost>> {
    let plan = |tasks| Plan { tasks, rounds: effort.rounds, calls: effort.calls };
    eprintln!("{question:?}: times ...");
    let alone = wall::measure(base, question, plan(1))?;
    let among_64 = wall::measure(base, question, plan(64))?;
    let counted = match question {
        Question::Flag => effort.counted,
        Question::Page => effort.counted.div_ceil(10),
    };
    let mut costs = Vec::new();
    for ((contender, alone), among_64) in CONTENDERS.into_iter().zip(alone).zip(among_64) {
        eprintln!("{question:?}: counting {} ...", contender.title());
        let calls = Calls { contender, question, base: base.to_owned(), calls: counted };
        let instructions = if is_counted { Some(calls::instructions(&calls)?) } else { None };
        let allocations = calls::allocations(&calls)?;
        costs.push(Cost { instructions, allocations, alone, among_64 });
    }
    Ok(costs)
}

fn table(costs: &[Cost]) -> Table {
    let mut table = Table::new([
        "client",
        "instructions per call",
        "of bare",
        "allocations per call",
        "p50 of 1 task in µs",
        "p99",
        "of bare (p50)",
        "p50 of 64 tasks in µs",
        "p99",
        "of bare (p50)",
    ]);
    let bare = &costs[0];
    for (contender, cost) in CONTENDERS.into_iter().zip(costs) {
        let ratio = cost.instructions.zip(bare.instructions).map(|(own, bare)| ratio(own, bare));
        table.row(vec![
            contender.title().to_owned(),
            cost.instructions.map_or("-".to_owned(), grouped),
            ratio.unwrap_or("-".to_owned()),
            cost.allocations.to_string(),
            micros(cost.alone.p50),
            micros(cost.alone.p99),
            ratio_of_times(cost.alone, bare.alone),
            micros(cost.among_64.p50),
            micros(cost.among_64.p99),
            ratio_of_times(cost.among_64, bare.among_64),
        ]);
    }
    table
}

#[expect(clippy::cast_precision_loss, reason = "three decimals are shown")]
fn share(own: u64, bare: u64) -> f64 {
    own as f64 / bare as f64
}

fn ratio(own: u64, bare: u64) -> String {
    format!("{:.3}", share(own, bare))
}

fn ratio_of_times(own: Times, bare: Times) -> String {
    format!("{:.2}", own.p50.as_secs_f64() / bare.p50.as_secs_f64())
}

fn micros(time: Duration) -> String {
    format!("{:.0}", time.as_secs_f64() * 1e6)
}

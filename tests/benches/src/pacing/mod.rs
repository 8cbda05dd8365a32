//! `pacing`: how clients live with a limit of 100 requests per second.

mod attempt;
pub mod contender;
pub mod drain;
mod limited;
mod middleware;
mod ours;
mod queue;
pub mod starts;

use std::time::Duration;

use contender::{CONTENDERS, Contender, DEFAULT};
use drain::{Drained, Load, drain};

use crate::Outcome;
use crate::bars::Bars;
use crate::options::Options;
use crate::server::{MODES, Mode, Settings};
use crate::table::Table;

const VALUED: &[&str] =
    &["--requests", "--tasks", "--rtt-ms", "--jitter-ms", "--modes", "--clients", "--rtts"];

/// The share of what is possible that is asked of this client, and the longest round trip for which
/// it is asked: beyond that the number of requests under way is the limit.
const LEAST_SHARE: f64 = 0.95;
const LONGEST: Duration = Duration::from_millis(700);

pub fn run(words: &[String]) -> Outcome {
    let options = Options::read(words, VALUED, &["--no-retry-after"])?;
    let load = Load {
        requests: options.number("--requests", 1000)?,
        tasks: options.number("--tasks", 1000)?,
    };
    let settings = Settings {
        rtt_ms: options.number("--rtt-ms", 20)?,
        jitter_ms: options.number("--jitter-ms", 30)?,
        retry_after: !options.flag("--no-retry-after"),
        ..Settings::default()
    };
    let modes = options.choices("--modes", &MODES, &MODES.map(|(_, mode)| mode))?;
    let clients = options.choices("--clients", &CONTENDERS, &DEFAULT)?;
    let mut limits = Limits::default();
    match options.numbers("--rtts")? {
        Some(rtts) => sweep(&modes, &rtts, &settings, load, &mut limits)?,
        None => {
            for mode in modes {
                compare(mode, &clients, &settings, load, &mut limits)?;
            }
        }
    }
    let mut bars = Bars::default();
    limits.hold(&mut bars);
    bars.end()
}

/// One table: all clients against a server of one kind.
fn compare(
    mode: Mode,
    clients: &[Contender],
    settings: &Settings,
    load: Load,
    limits: &mut Limits,
) -> Outcome {
    let settings = Settings { mode: Some(mode), ..settings.clone() };
    println!("Server: {}, {}, {}.\n", mode.title(), way(&settings), amount(load));
    let mut table = Table::new(titles("client"));
    for client in clients {
        eprintln!("{} against a {} ...", client.title(), mode.title());
        let drained = drain(*client, &settings, load)?;
        if *client == Contender::Ours {
            limits.add(&drained, round_trip(&settings));
        }
        table.row(row(client.title().to_owned(), &drained, &settings));
    }
    println!("{table}");
    Ok(())
}

/// One table: this client at several round trips.
pub fn sweep(
    modes: &[Mode],
    rtts: &[u64],
    settings: &Settings,
    load: Load,
    limits: &mut Limits,
) -> Outcome {
    println!("This client, jitter 0 to {} ms each way, {}.\n", settings.jitter_ms, amount(load));
    let mut table = Table::new(titles("server, round trip"));
    for mode in modes {
        for rtt_ms in rtts {
            eprintln!("{} at {rtt_ms} ms ...", mode.title());
            let settings = Settings { mode: Some(*mode), rtt_ms: *rtt_ms, ..settings.clone() };
            let drained = drain(Contender::Ours, &settings, load)?;
            limits.add(&drained, round_trip(&settings));
            table.row(row(format!("{}, {rtt_ms} ms", mode.title()), &drained, &settings));
        }
    }
    println!("{table}");
    Ok(())
}

/// The worst of all drains of this client.
#[derive(Debug, Default)]
pub struct Limits {
    drains: usize,
    refused: usize,
    failed: usize,
    jump: usize,
    share: Option<f64>,
}

impl Limits {
    fn add(&mut self, drained: &Drained, rtt: Duration) {
        self.drains += 1;
        self.refused = self.refused.max(drained.report.ours.refused);
        self.failed = self.failed.max(drained.failed);
        self.jump = self.jump.max(drained.worst_jump);
        let share = drained.share(rtt);
        if rtt <= LONGEST {
            self.share = Some(self.share.map_or(share, |least| least.min(share)));
        }
    }

    pub fn hold(&self, bars: &mut Bars) {
        let Self { drains, refused, failed, jump, share } = self;
        if *drains == 0 {
            return;
        }
        bars.hold(format!("429s: {refused} at most, bar 0"), *refused == 0);
        bars.hold(format!("failed requests: {failed} at most, bar 0"), *failed == 0);
        bars.hold(format!("worst queue jump: {jump}, bar 0"), *jump == 0);
        if let Some(share) = share {
            let sentence = format!(
                "share of the optimum: {:.1} % at least, bar {:.0} %",
                share * 100.0,
                LEAST_SHARE * 100.0
            );
            bars.hold(sentence, *share >= LEAST_SHARE);
        }
    }
}

fn titles(first: &str) -> [&str; 8] {
    [
        first,
        "drained in s",
        "% of optimum",
        "% once warm",
        "failed",
        "429s",
        "peak in 1 s",
        "worst queue jump",
    ]
}

fn row(title: String, drained: &Drained, settings: &Settings) -> Vec<String> {
    let rtt = round_trip(settings);
    // What gives up soon is not fast.
    let share = |share: f64| match drained.failed {
        0 => format!("{:.1}", share * 100.0),
        _ => "-".to_owned(),
    };
    vec![
        title,
        format!("{:.2}", drained.elapsed.as_secs_f64()),
        share(drained.share(rtt)),
        share(drained.share_once_warm(rtt)),
        drained.failed.to_string(),
        drained.report.ours.refused.to_string(),
        drained.report.peak.to_string(),
        drained.worst_jump.to_string(),
    ]
}

/// The round trip on average: jitter counts half, but twice.
fn round_trip(settings: &Settings) -> Duration {
    Duration::from_millis(settings.rtt_ms + settings.jitter_ms)
}

fn way(settings: &Settings) -> String {
    let hint = if settings.retry_after { "`Retry-After: 1`" } else { "no `Retry-After`" };
    format!(
        "round trip {} ms plus 0 to {} ms each way, {hint}",
        settings.rtt_ms, settings.jitter_ms
    )
}

fn amount(load: Load) -> String {
    format!("{} requests of {} tasks", load.requests, load.tasks)
}

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

use contender::{CONTENDERS, Contender};
use drain::{Drained, Load, drain, share_of_optimum};

use crate::Outcome;
use crate::options::Options;
use crate::server::{MODES, Mode, Settings};
use crate::table::Table;

const VALUED: &[&str] =
    &["--requests", "--tasks", "--rtt-ms", "--jitter-ms", "--modes", "--clients", "--rtts"];

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
    let modes = options.choices("--modes", &MODES, &[Mode::Sliding, Mode::Penal])?;
    let clients =
        options.choices("--clients", &CONTENDERS, &CONTENDERS.map(|(_, client)| client))?;
    match options.numbers("--rtts")? {
        Some(rtts) => sweep(&modes, &rtts, &settings, load),
        None => modes.iter().try_for_each(|mode| compare(*mode, &clients, &settings, load)),
    }
}

/// One table: all clients against a server of one kind.
fn compare(mode: Mode, clients: &[Contender], settings: &Settings, load: Load) -> Outcome {
    let settings = Settings { mode: Some(mode), ..settings.clone() };
    println!("Server: {}, {}, {}.\n", mode.title(), way(&settings), amount(load));
    let mut table = Table::new(titles("client"));
    for client in clients {
        eprintln!("{} against a {} ...", client.title(), mode.title());
        let drained = drain(*client, &settings, load)?;
        table.row(row(client.title().to_owned(), &drained, &settings, load));
    }
    println!("{table}");
    Ok(())
}

/// One table: this client at several round trips.
fn sweep(modes: &[Mode], rtts: &[u64], settings: &Settings, load: Load) -> Outcome {
    println!("This client, jitter 0 to {} ms each way, {}.\n", settings.jitter_ms, amount(load));
    let mut table = Table::new(titles("server, round trip"));
    for mode in modes {
        for rtt_ms in rtts {
            eprintln!("{} at {rtt_ms} ms ...", mode.title());
            let settings = Settings { mode: Some(*mode), rtt_ms: *rtt_ms, ..settings.clone() };
            let drained = drain(Contender::Ours, &settings, load)?;
            table.row(row(format!("{}, {rtt_ms} ms", mode.title()), &drained, &settings, load));
        }
    }
    println!("{table}");
    Ok(())
}

fn titles(first: &str) -> [&str; 7] {
    [first, "drained in s", "% of optimum", "failed", "429s", "peak in 1 s", "worst queue jump"]
}

fn row(title: String, drained: &Drained, settings: &Settings, load: Load) -> Vec<String> {
    let answered = load.requests - drained.failed;
    let share = share_of_optimum(answered, drained.elapsed, round_trip(settings));
    vec![
        title,
        format!("{:.2}", drained.elapsed.as_secs_f64()),
        format!("{:.0}", share * 100.0),
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

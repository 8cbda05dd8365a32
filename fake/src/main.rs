//! `amplitude-experiment-fake`: the fake as a program, for clients in any language.

mod args;

use std::io::{self, Write};
use std::process::ExitCode;

use amplitude_experiment_fake::{Fake, Fault, KEY, Limits, PROJECT, RetryAfter, Seed};
use args::{Args, Asked};

const HELP: &str = "\
An in-memory server of the Amplitude Experiment Management API (unofficial).

usage: amplitude-experiment-fake [OPTIONS]

  --port PORT             listen on 127.0.0.1:PORT; 8080 if left out, 0 for a free one
  --host ADDRESS          listen on another address than 127.0.0.1
  --key KEY=PROJECT,...   a key and the projects it reaches; may be given several times
  --seed FILE             JSON of items to start with; the docs of the crate say how
  --per-second N          requests in a second and project; 100 if left out, 0 for no limit
  --per-day N             requests in a UTC day and project; 100000 if left out, 0 for no limit
  --retry-after           refusals say how long to wait
  --latency MS            milliseconds before each answer
  --page-size N           items of a page for which no limit is asked; 100 if left out
  --unknown               answers have members and values of open sets that no
                          client knows yet
  --help                  print this
";

fn main() -> ExitCode {
    let words: Result<Vec<String>, _> =
        std::env::args_os().skip(1).map(std::ffi::OsString::into_string).collect();
    let asked = words
        .map_err(|word| format!("`{}` is not UTF-8", word.to_string_lossy()))
        .and_then(|words| Args::read(&words));
    match asked {
        Ok(Asked::Help) => say(HELP),
        Ok(Asked::Serve(args)) => match run(args) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                complain(&format!("error: {error}\n"));
                ExitCode::FAILURE
            }
        },
        Err(problem) => {
            complain(&format!("error: {problem}\nhelp: --help lists the options\n"));
            ExitCode::from(2)
        }
    }
}

/// A closed pipe is nobody's fault.
fn say(text: &str) -> ExitCode {
    let _ = io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

/// What nobody can read is no reason to panic.
fn complain(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

fn run(args: Args) -> Result<(), Box<dyn std::error::Error>> {
    let seed = match &args.seed {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| format!("cannot read {path}: {error}"))?;
            Seed::from_json(&text).map_err(|error| format!("{path}: {error}"))?
        }
        None => Seed::new(),
    };
    let mut builder = Fake::builder()
        .address((args.host, args.port))
        .limits(limits(&args))
        .latency(args.latency)
        .page_size(args.page_size)
        .seed(seed);
    for (key, projects) in &args.keys {
        builder = builder.key(key, projects.iter().copied());
    }
    if args.unknown {
        builder = builder.fault(Fault::unknown().always());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let fake = builder.start().await.map_err(|error| match error.kind() {
            io::ErrorKind::InvalidInput => error.to_string(),
            _ => format!("cannot listen on {}:{}: {error}", args.host, args.port),
        })?;
        say(&greeting(&fake, &args));
        tokio::signal::ctrl_c().await?;
        Ok(())
    })
}

fn limits(args: &Args) -> Limits {
    let mut limits = Limits::off();
    if args.per_second > 0 {
        limits = limits.per_second(args.per_second);
    }
    if args.per_day > 0 {
        limits = limits.per_day(args.per_day);
    }
    match args.retry_after {
        true => limits.retry_after(RetryAfter::Seconds),
        false => limits,
    }
}

fn greeting(fake: &Fake, args: &Args) -> String {
    let mut text = format!("base URL  {}\n", fake.base_url());
    if args.keys.is_empty() {
        text.push_str(&format!("key       {KEY}, for project {PROJECT}\n"));
    }
    for (key, projects) in &args.keys {
        let projects: Vec<String> = projects.iter().map(u64::to_string).collect();
        let word = if projects.len() == 1 { "project" } else { "projects" };
        text.push_str(&format!("key       {key}, for {word} {}\n", projects.join(", ")));
    }
    text.push_str(&format!("document  {}/openapi.yaml and .json\n", fake.origin()));
    text.push_str("ends with Ctrl-C; nothing is kept\n");
    text
}

//! A child process with a time limit.

use std::io::{self, Read};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How a process ended.
pub enum Ended {
    /// Exit code 0; what it wrote to standard output.
    Success(String),
    /// It failed.
    Failure {
        /// Why, in a line.
        reason: String,
        /// What it wrote to standard output.
        output: String,
    },
    /// It was ended because its time was over.
    TimedOut,
}

/// Runs a command to its end or to the end of its time.
pub fn run(command: &mut Command, limit: Duration) -> io::Result<Ended> {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    // Both pipes are drained at once: a full one would stop the child.
    let output = reader(child.stdout.take());
    let errors = reader(child.stderr.take());
    let started = Instant::now();
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status,
            None if started.elapsed() > limit => {
                child.kill()?;
                child.wait()?;
                return Ok(Ended::TimedOut);
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    let (output, errors) = (output.join().unwrap_or_default(), errors.join().unwrap_or_default());
    Ok(if status.success() {
        Ended::Success(output)
    } else {
        Ended::Failure { reason: reason(&errors, &status.to_string()), output }
    })
}

fn reader(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is still worth telling.
        let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The first line that says what went wrong; of a panic, place and message.
fn reason(errors: &str, status: &str) -> String {
    let mut lines = errors
        .lines()
        .skip_while(|line| !line.starts_with("error") && !line.contains("panicked at"));
    match lines.next() {
        None => status.to_owned(),
        Some(line) if line.starts_with("error") => line.to_owned(),
        Some(line) => {
            let place = line.split_once("panicked at ").map_or(line, |(_, place)| place);
            format!("{place} {}", lines.next().unwrap_or_default())
        }
    }
}

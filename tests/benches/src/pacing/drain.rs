//! Many tasks take requests from one pile until it is empty.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::contender::{Caller, Contender};
use super::starts::Starts;
use crate::Outcome;
use crate::server::{LIMIT, Report, ServerProcess, Settings};
use crate::stats::worst_jump;

/// The longest that a request is taken to travel.
const TRAVEL: Duration = Duration::from_millis(250);

/// How much is asked for, and by how many tasks.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub requests: usize,
    pub tasks: usize,
}

#[derive(Debug)]
pub struct Drained {
    pub elapsed: Duration,
    /// When each answer came, in order.
    pub answers: Vec<Duration>,
    pub failed: usize,
    pub worst_jump: usize,
    pub report: Report,
}

/// Drains a fresh server with a fresh client, on one thread: the server has the other one, and the
/// order of asking is then exactly that of the numbers.
pub fn drain(contender: Contender, settings: &Settings, load: Load) -> Outcome<Drained> {
    let mut server = ServerProcess::start(settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let starts = Arc::new(Starts::default());
    let (elapsed, answers) = runtime.block_on(async {
        let caller = contender.start(&server.base_url(), starts.clone())?;
        empty_pile(caller, load).await
    })?;
    let worst_jump = worst_jump(&starts.order());
    let failed = load.requests - answers.len();
    Ok(Drained { elapsed, answers, failed, worst_jump, report: server.report()? })
}

async fn empty_pile(caller: Arc<dyn Caller>, load: Load) -> Outcome<(Duration, Vec<Duration>)> {
    let started = Instant::now();
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..load.tasks {
        let (caller, next) = (caller.clone(), next.clone());
        tasks.spawn(async move {
            let mut answers = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= load.requests {
                    return answers;
                }
                if caller.call(number).await {
                    answers.push(started.elapsed());
                }
            }
        });
    }
    let mut answers = Vec::with_capacity(load.requests);
    while let Some(task) = tasks.join_next().await {
        answers.extend(task?);
    }
    let elapsed = started.elapsed();
    answers.sort_unstable();
    Ok((elapsed, answers))
}

impl Drained {
    /// The answers per second behind the first hundred, which every limit lets through at once, as
    /// a share of what is [possible](best).
    #[expect(clippy::cast_precision_loss, reason = "no run has 2^52 requests")]
    pub fn share(&self, rtt: Duration) -> f64 {
        let time = self.elapsed.saturating_sub(rtt).as_secs_f64();
        let answers = self.answers.len().saturating_sub(LIMIT) as f64;
        answers / time.max(0.001) / best(rtt)
    }

    /// The same behind the second hundred: the connections are there.
    #[expect(clippy::cast_precision_loss, reason = "no run has 2^52 requests")]
    pub fn share_once_warm(&self, rtt: Duration) -> f64 {
        let (Some(first), Some(last)) = (self.answers.get(2 * LIMIT - 1), self.answers.last())
        else {
            return 0.0;
        };
        let answers = (self.answers.len() - 2 * LIMIT) as f64;
        answers / (*last - *first).as_secs_f64().max(0.001) / best(rtt)
    }
}

/// The most requests per second that a client can send that does not know when the service counts
/// a request, but that this happens before its answer and within 250 ms.
#[expect(clippy::cast_precision_loss, reason = "the limit is a hundred")]
fn best(rtt: Duration) -> f64 {
    LIMIT as f64 / (1.0 + rtt.min(TRAVEL).as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A drain in which a hundred answers come at each of these times, in milliseconds.
    fn drained(times: &[u64]) -> Drained {
        let times = times.iter().copied().map(Duration::from_millis);
        let answers: Vec<Duration> = times.flat_map(|time| vec![time; LIMIT]).collect();
        let elapsed = answers.last().copied().unwrap_or_default();
        Drained { elapsed, answers, failed: 0, worst_jump: 0, report: Report::default() }
    }

    #[test]
    fn a_full_window_each_second_and_round_trip_is_the_optimum() {
        let rtt = Duration::from_millis(100);
        let best = drained(&[100, 1200, 2300, 3400]);
        assert!((best.share(rtt) - 1.0).abs() < 1e-9, "{}", best.share(rtt));
        assert!((best.share_once_warm(rtt) - 1.0).abs() < 1e-9);
        assert!(drained(&[100]).share(rtt) < 1e-9, "the first hundred prove nothing");
    }

    #[test]
    fn a_slow_start_does_not_count_once_warm() {
        let rtt = Duration::from_millis(100);
        let slow = drained(&[100, 2400, 3500, 4600]);
        assert!(slow.share(rtt) < 0.8);
        assert!((slow.share_once_warm(rtt) - 1.0).abs() < 1e-9);
        assert!(drained(&[100, 2400]).share_once_warm(rtt) < 1e-9);
    }
}

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

/// How much is asked for, and by how many tasks.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub requests: usize,
    pub tasks: usize,
}

#[derive(Debug)]
pub struct Drained {
    pub elapsed: Duration,
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
    let (elapsed, failed) = runtime.block_on(async {
        let caller = contender.start(&server.base_url(), starts.clone())?;
        empty_pile(caller, load).await
    })?;
    let worst_jump = worst_jump(&starts.order());
    Ok(Drained { elapsed, failed, worst_jump, report: server.report()? })
}

async fn empty_pile(caller: Arc<dyn Caller>, load: Load) -> Outcome<(Duration, usize)> {
    let started = Instant::now();
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..load.tasks {
        let (caller, next) = (caller.clone(), next.clone());
        tasks.spawn(async move {
            let mut failed = 0;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= load.requests {
                    return failed;
                }
                failed += usize::from(!caller.call(number).await);
            }
        });
    }
    let mut failed = 0;
    while let Some(task) = tasks.join_next().await {
        failed += task?;
    }
    Ok((started.elapsed(), failed))
}

/// What is answered per second behind the first hundred, which every limit lets through at once, as
/// a share of `100 / (1 + min(rtt, 0.25 s))`.
#[expect(clippy::cast_precision_loss, reason = "no run has 2^52 requests")]
pub fn share_of_optimum(answered: usize, elapsed: Duration, rtt: Duration) -> f64 {
    let time = elapsed.saturating_sub(rtt).as_secs_f64();
    let best = LIMIT as f64 / (1.0 + rtt.as_secs_f64().min(0.25));
    answered.saturating_sub(LIMIT) as f64 / time.max(0.001) / best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_window_each_second_and_round_trip_is_the_optimum() {
        let rtt = Duration::from_millis(100);
        let share = share_of_optimum(1000, rtt * 10 + Duration::from_secs(9), rtt);
        assert!((share - 1.0).abs() < 1e-9, "{share}");
        assert!(share_of_optimum(100, rtt, rtt) < 1e-9, "the first hundred prove nothing");
    }
}

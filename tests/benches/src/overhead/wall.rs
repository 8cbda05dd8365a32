//! How long calls take by the clock.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::contender::{CONTENDERS, Caller, Question};
use crate::Outcome;
use crate::stats::percentile;

/// How often and by how many.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub tasks: usize,
    /// Rounds in which each client has its turn, so that a slow moment of the machine meets all.
    pub rounds: usize,
    /// Calls of all tasks of a client in one round.
    pub calls: usize,
}

/// The middle and the slow end.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    pub p50: Duration,
    pub p99: Duration,
}

/// The times of all contenders, in their order.
pub fn measure(base: &str, question: Question, plan: Plan) -> Outcome<Vec<Times>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let callers = CONTENDERS.map(|contender| Caller::new(contender, base).map(Arc::new));
    let callers = callers.into_iter().collect::<Outcome<Vec<_>>>()?;
    let mut times = vec![Vec::new(); callers.len()];
    for round in 0..=plan.rounds {
        for (caller, times) in callers.iter().zip(&mut times) {
            let taken = turn(&runtime, caller, question, plan)?;
            // In the first round connections are made.
            if round > 0 {
                times.extend(taken);
            }
        }
    }
    let summary = |times: &mut Vec<Duration>| Times {
        p50: percentile(times, 0.5),
        p99: percentile(times, 0.99),
    };
    Ok(times.iter_mut().map(summary).collect())
}

fn turn(
    runtime: &Runtime,
    caller: &Arc<Caller>,
    question: Question,
    plan: Plan,
) -> Outcome<Vec<Duration>> {
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for _ in 0..plan.tasks {
            tasks.spawn(calls(caller.clone(), question, plan.calls / plan.tasks));
        }
        let mut all = Vec::with_capacity(plan.calls);
        while let Some(task) = tasks.join_next().await {
            all.extend(task??);
        }
        Ok(all)
    })
}

async fn calls(caller: Arc<Caller>, question: Question, count: usize) -> Outcome<Vec<Duration>> {
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let started = Instant::now();
        caller.call(question).await?;
        times.push(started.elapsed());
    }
    Ok(times)
}

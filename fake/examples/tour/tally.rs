//! What the client did, as it tells its observer.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use amplitude_experiment_management::{Event, Observer, Operation};

/// Counts what happens; clones count together.
#[derive(Clone, Default)]
pub struct Tally(Arc<Mutex<BTreeMap<&'static str, Count>>>);

/// What happened to one operation.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    pub requests: u32,
    pub refusals: u32,
    pub waited: Duration,
}

impl Tally {
    /// All operations together.
    pub fn total(&self) -> Count {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.values().fold(Count::default(), |all, one| Count {
            requests: all.requests + one.requests,
            refusals: all.refusals + one.refusals,
            waited: all.waited.max(one.waited),
        })
    }
}

impl Observer for Tally {
    fn event(&self, operation: &'static Operation, event: &Event) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(operation.id).or_default();
        match event {
            Event::AttemptStart { .. } => count.requests += 1,
            Event::AttemptEnd { status: Some(status), .. } if status.as_u16() == 429 => {
                count.refusals += 1;
            }
            Event::SlotWait { waited, .. } => count.waited = count.waited.max(*waited),
            _ => {}
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(
            f,
            "{:<28} {:>8} {:>8} {:>12}",
            "operation", "requests", "refused", "longest wait"
        )?;
        for (operation, count) in &*counts {
            let Count { requests, refusals, waited } = count;
            let waited = format!("{:.2} s", waited.as_secs_f64());
            writeln!(f, "{operation:<28} {requests:>8} {refusals:>8} {waited:>12}")?;
        }
        Ok(())
    }
}

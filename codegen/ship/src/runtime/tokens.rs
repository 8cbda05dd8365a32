//! Keeps a client from repeating everything while a service is down.
use std::sync::atomic::{AtomicU32, Ordering};

/// What a retry costs. A success gives back one.
const COST: u32 = 10;

/// The retry budget of a client, for failures that are not refusals.
#[derive(Debug)]
pub(super) struct Tokens {
    left: AtomicU32,
    most: u32,
}

impl Tokens {
    pub(super) fn new(most: u32) -> Self {
        Self { left: AtomicU32::new(most), most }
    }

    /// Whether one more retry is covered.
    pub(super) fn spend(&self) -> bool {
        let spend = |left: u32| left.checked_sub(COST);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_ok()
    }

    /// A call succeeded.
    pub(super) fn refund(&self) {
        let most = self.most;
        let refund = |left: u32| (left < most).then(|| left + 1);
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, refund);
    }
}

//! The line of calls that wait for a slot: first come, first served.
use std::collections::BTreeMap;
use std::task::Waker;
use std::time::{Duration, Instant};

/// How long the first of the line may take to come forward when it is called. A future that is
/// kept but not polled would hold up all others for ever.
pub(super) const GRACE: Duration = Duration::from_millis(250);

/// How long nobody in the line looks up at most, but for the first. A slot may become free earlier
/// than was known, and the one that was called for it may be kept but not polled.
pub(super) const WATCH: Duration = Duration::from_secs(1);

/// A place in the line. Refused calls stand before new ones, each kind in the order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket {
    kind: Kind,
    number: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Refused,
    New,
}

struct Waiter {
    waker: Waker,
    called: Option<Instant>,
}

/// Wakers to be called, and to be dropped. Both is done with nothing locked: they are foreign code,
/// and may drop a future that waits here.
#[derive(Default)]
pub(super) struct Wakers {
    called: Vec<Waker>,
    left: Vec<Waker>,
}

impl Drop for Wakers {
    fn drop(&mut self) {
        self.called.drain(..).for_each(Waker::wake);
    }
}

/// Everybody who waits. Leaving is silent and cheap; nobody has to be there to let others pass.
#[derive(Default)]
pub(super) struct Line {
    waiting: BTreeMap<Ticket, Waiter>,
    next: u64,
    wakers: Wakers,
}

impl Line {
    pub(super) fn ticket(&mut self, kind: Kind) -> Ticket {
        let number = self.next;
        self.next += 1;
        Ticket { kind, number }
    }

    /// Stands at the place of `ticket`, again if it was left, and can be called there.
    pub(super) fn stand(&mut self, ticket: Ticket, waker: &Waker) {
        match self.waiting.get_mut(&ticket) {
            Some(waiter) => {
                waiter.called = None;
                if !waiter.waker.will_wake(waker) {
                    let old = std::mem::replace(&mut waiter.waker, waker.clone());
                    self.wakers.left.push(old);
                }
            }
            None => {
                self.waiting.insert(ticket, Waiter { waker: waker.clone(), called: None });
            }
        }
    }

    /// Leaves the line; true if that place was the first.
    pub(super) fn leave(&mut self, ticket: Ticket) -> bool {
        let is_first = self.first() == Some(ticket);
        let waiter = self.waiting.remove(&ticket);
        self.wakers.left.extend(waiter.map(|waiter| waiter.waker));
        is_first
    }

    pub(super) fn has_wakers(&self) -> bool {
        !self.wakers.called.is_empty() || !self.wakers.left.is_empty()
    }

    /// The wakers whose time has come. Drop them when nothing is locked any more.
    pub(super) fn wakers(&mut self) -> Wakers {
        std::mem::take(&mut self.wakers)
    }

    pub(super) fn first(&self) -> Option<Ticket> {
        self.waiting.first_key_value().map(|(ticket, _)| *ticket)
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// How long after its time the holder of `ticket` looks whether those before it came forward:
    /// those near the front soon, the others later, so that not all look at once.
    pub(super) fn patience(&self, ticket: Ticket) -> Duration {
        match self.first() {
            Some(first) if first != ticket => {
                let distance = ticket.number.saturating_sub(first.number) / 8;
                GRACE.saturating_mul(1 + u32::try_from(distance.min(7)).unwrap_or(7))
            }
            _ => Duration::ZERO,
        }
    }

    /// How many stand before `ticket`.
    pub(super) fn ahead(&self, ticket: Ticket) -> usize {
        self.waiting.range(..ticket).count()
    }

    /// Calls the first. One that was called and did not come loses its place until it does.
    pub(super) fn call(&mut self, now: Instant) {
        self.drop_absent(now);
        let Some(mut first) = self.waiting.first_entry() else { return };
        let waiter = first.get_mut();
        if waiter.called.is_none() {
            waiter.called = Some(now);
            self.wakers.called.push(waiter.waker.clone());
        }
    }

    /// Passes over those who were called and did not come. Where one did not, more may be kept and
    /// not polled: all are called then, so that they are passed over together.
    pub(super) fn drop_absent(&mut self, now: Instant) {
        let before = self.waiting.len();
        while let Some(first) = self.waiting.first_entry() {
            let called = first.get().called;
            if called.is_none_or(|called| now.saturating_duration_since(called) < GRACE) {
                break;
            }
            self.wakers.left.push(first.remove().waker);
        }
        if self.waiting.len() < before {
            for waiter in self.waiting.values_mut().filter(|waiter| waiter.called.is_none()) {
                waiter.called = Some(now);
                self.wakers.called.push(waiter.waker.clone());
            }
        }
    }

    /// Lets everybody look again: what they wait for has changed.
    pub(super) fn call_all(&mut self) {
        let all = self.waiting.values().map(|waiter| waiter.waker.clone());
        self.wakers.called.extend(all);
    }
}

//! How many requests may be counted by the service in one second.
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::connections::Connections;

/// The span that the service's limit is about.
pub(super) const WINDOW: Duration = Duration::from_secs(1);

/// What remains of the slots after a refusal, and how many come back with each second without one.
const CUT: f64 = 0.7;
const GROWTH: f64 = 2.0;

/// A cut does not go below this many slots.
const FLOOR: f64 = 5.0;

/// No end, for a clock that cannot add an unlimited time.
const ENDLESS: Duration = Duration::from_secs(86_400 * 365 * 30);

/// That much later; where the clock cannot add it, as good as never.
pub(super) fn after(from: Instant, time: Duration) -> Instant {
    from.checked_add(time).unwrap_or(from + ENDLESS)
}

/// How long a request may travel before the service counts it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hold {
    /// On a connection that is in use; `None`: until its answer, however long that takes.
    pub(super) warm: Option<Duration>,
    /// While connections are being made.
    pub(super) cold: Duration,
    /// The longest that a request can be under way at all.
    pub(super) longest: Duration,
    /// Connections that were unused for longer may be gone.
    pub(super) idle: Duration,
}

/// A request that the service may count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) number: u64,
    pub(super) sent: Instant,
    release: Instant,
    /// The requests that were under way when it was sent, itself included.
    abreast: usize,
    soonest: Instant,
}

/// A fixed number of slots, each taken from the sending of a request until one window after the
/// moment by which the service must have counted it: its answer, or the end of its travel.
///
/// Two requests in the same slot are so counted at least a window apart. Any span of one second
/// therefore holds at most as many counted requests as there are slots, by whatever rule the
/// service counts (sliding or aligned windows, a bucket of that size), as long as no request travels
/// for longer than its hold.
#[derive(Debug)]
pub(super) struct Slots {
    /// The service's limit.
    full: usize,
    /// What is used of it.
    limit: f64,
    /// When `limit` was last raised.
    grown: Instant,
    /// Only a request that was sent after the last cut brings the next.
    cut: Option<Instant>,
    /// When each taken slot is free again, with its number: when that may be at the soonest.
    taken: BTreeMap<(Instant, u64), Instant>,
    /// The same the other way round.
    soonest: BTreeSet<(Instant, u64)>,
    /// Answers since the connections were made, up to `full`.
    answers: usize,
    active: Option<Instant>,
    connections: Connections,
}

impl Slots {
    pub(super) fn new(full: usize, now: Instant) -> Self {
        Self {
            full,
            limit: full as f64,
            grown: now,
            cut: None,
            taken: BTreeMap::new(),
            soonest: BTreeSet::new(),
            answers: 0,
            active: None,
            connections: Connections::new(now),
        }
    }

    /// Frees the slots whose time is over and gives back what a cut took.
    pub(super) fn advance(&mut self, now: Instant) {
        while let Some(first) = self.taken.first_entry().filter(|first| first.key().0 <= now) {
            let ((_, number), soonest) = first.remove_entry();
            self.soonest.remove(&(soonest, number));
        }
        let grown = GROWTH * now.saturating_duration_since(self.grown).as_secs_f64();
        self.limit = (self.limit + grown).min(self.full_limit());
        self.grown = self.grown.max(now);
    }

    /// When a slot is free: `None` for now.
    pub(super) fn free_at(&self) -> Option<Instant> {
        let over = (self.taken.len() + 1).checked_sub(self.usable()).filter(|over| *over > 0)?;
        self.taken.keys().nth(over - 1).map(|(release, _)| *release)
    }

    /// The earliest time at which a request can start that has `ahead` others before it, if all
    /// requests reach the service.
    pub(super) fn earliest(&self, ahead: usize, now: Instant) -> Instant {
        // Answers may come at any moment, and a cut may be over. But each slot that comes free serves
        // one request, and a second later the next.
        let (rounds, rest) = (ahead / self.full, ahead % self.full);
        let place = (self.taken.len() + rest).checked_sub(self.full);
        let soonest = place.and_then(|place| self.soonest.iter().nth(place));
        let first = soonest.map_or(now, |(soonest, _)| now.max(*soonest));
        let rounds = u32::try_from(rounds).unwrap_or(u32::MAX);
        first.checked_add(WINDOW.saturating_mul(rounds)).unwrap_or(first)
    }

    /// Takes a slot for a request that is sent now, with `abreast` requests under way.
    pub(super) fn take(&mut self, number: u64, now: Instant, hold: Hold, abreast: usize) -> Slot {
        if self.active.is_some_and(|active| now.saturating_duration_since(active) > hold.idle) {
            self.answers = 0;
        }
        self.active = Some(now);
        let is_connected = abreast <= self.connections.open(now, hold.idle);
        let is_cold = self.answers < self.full || !is_connected;
        let travel = match hold.warm {
            None => hold.longest,
            // What is not written when its attempt ends never is.
            Some(warm) if is_cold => warm.max(hold.cold.min(hold.longest.saturating_add(warm))),
            Some(warm) => warm,
        };
        let release = after(now, travel.saturating_add(WINDOW));
        let slot = Slot { number, sent: now, release, soonest: now + WINDOW, abreast };
        self.insert(&slot);
        slot
    }

    /// The request of `slot` was answered at `at`, over a connection that is kept or not.
    pub(super) fn answered(&mut self, slot: &mut Slot, at: Instant, is_kept: bool) {
        self.counted_by(slot, at);
        self.active = self.active.max(Some(at));
        if is_kept {
            self.answers = self.answers.saturating_add(1).min(self.full);
            self.connections.saw(slot.abreast);
        } else {
            self.connections.lost();
        }
    }

    /// The service has counted the request of `slot` by `at`, if it ever does.
    pub(super) fn counted_by(&mut self, slot: &mut Slot, at: Instant) {
        if self.remove(slot) {
            slot.release = slot.release.min(at + WINDOW);
            slot.soonest = slot.release;
            self.insert(slot);
        }
    }

    /// The request of `slot` was never sent.
    pub(super) fn unsent(&mut self, slot: &Slot) {
        self.remove(slot);
    }

    fn insert(&mut self, slot: &Slot) {
        self.taken.insert((slot.release, slot.number), slot.soonest);
        self.soonest.insert((slot.soonest, slot.number));
    }

    /// Whether the slot was still taken.
    fn remove(&mut self, slot: &Slot) -> bool {
        self.soonest.remove(&(slot.soonest, slot.number));
        self.taken.remove(&(slot.release, slot.number)).is_some()
    }

    /// The service refused a request that was sent at `sent`: others use the limit too.
    pub(super) fn cut(&mut self, sent: Instant, now: Instant) {
        self.grown = self.grown.max(now);
        if self.cut.is_none_or(|cut| sent > cut) {
            let floor = FLOOR.min(self.full_limit());
            self.limit = (self.limit * CUT).max(floor);
            self.cut = Some(now);
        }
    }

    /// The service names a limit below the one that is known. What an older answer said may arrive
    /// later, so a higher one says nothing.
    pub(super) fn lower(&mut self, full: usize) {
        if (1..self.full).contains(&full) {
            self.full = full;
            self.limit = self.limit.min(self.full_limit());
            self.answers = self.answers.min(full);
        }
    }

    fn full_limit(&self) -> f64 {
        self.full as f64
    }

    fn usable(&self) -> usize {
        (self.limit as usize).max(1)
    }
}

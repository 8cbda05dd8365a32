//! The slots by themselves, beside a list that does the same in the simplest way.
use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::schedule::for_all;
use crate::slots::{Hold, Slot, Slots, WINDOW};

const HOLD: Hold = Hold {
    warm: Some(Duration::from_millis(250)),
    cold: Duration::from_secs(5),
    longest: Duration::from_secs(30),
    idle: Duration::from_secs(50),
};

/// Something that is done with the slots, a while after what was done before.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// A request is sent, if a slot is free.
    Take,
    /// The answer of one under way began so many milliseconds ago, after it was sent.
    Answer {
        which: usize,
        ago: u64,
    },
    Drop {
        which: usize,
    },
    Unsent {
        which: usize,
    },
    Cut {
        which: usize,
    },
    Lower(usize),
}

fn steps() -> impl Strategy<Value = Vec<(u64, Step)>> {
    let which = any::<usize>();
    let ago = prop_oneof![Just(0), 0..2_000_u64];
    let step = prop_oneof![
        6 => Just(Step::Take),
        3 => (which, ago).prop_map(|(which, ago)| Step::Answer { which, ago }),
        1 => which.prop_map(|which| Step::Drop { which }),
        1 => which.prop_map(|which| Step::Unsent { which }),
        1 => which.prop_map(|which| Step::Cut { which }),
        1 => (1..12_usize).prop_map(Step::Lower),
    ];
    let after = prop_oneof![3 => Just(0), 3 => 0..200_u64, 1 => 0..3_000_u64];
    prop::collection::vec((after, step), 1..80)
}

/// When a slot is free, and when that may be at the soonest.
#[derive(Debug, Clone, Copy)]
struct Entry {
    number: u64,
    release: Instant,
    soonest: Instant,
}

struct Model {
    now: Instant,
    full: usize,
    slots: Slots,
    flying: Vec<Slot>,
    taken: Vec<Entry>,
    next: u64,
    answers: usize,
}

impl Model {
    fn new(full: usize) -> Self {
        let (now, taken, flying) = (Instant::now(), Vec::new(), Vec::new());
        Self { now, full, slots: Slots::new(full, now), flying, taken, next: 0, answers: 0 }
    }

    fn step(&mut self, after: u64, step: Step) {
        self.now += Duration::from_millis(after);
        self.slots.advance(self.now);
        self.taken.retain(|entry| entry.release > self.now);
        match step {
            Step::Take if self.slots.free_at().is_none_or(|at| at <= self.now) => self.take(),
            Step::Take => {}
            Step::Lower(full) => {
                self.slots.lower(full);
                self.full = self.full.min(full);
                self.answers = self.answers.min(full);
            }
            Step::Cut { which } => {
                if let Some(slot) = pick(&mut self.flying, which) {
                    self.slots.cut(slot.sent, self.now);
                    self.flying.push(slot);
                }
            }
            Step::Answer { which, .. } | Step::Drop { which } | Step::Unsent { which } => {
                if let Some(slot) = pick(&mut self.flying, which) {
                    self.land(slot, step);
                }
            }
        }
    }

    fn take(&mut self) {
        let slot = self.slots.take(self.next, self.now, HOLD, 1);
        self.flying.push(slot);
        let travel = if self.answers < self.full { HOLD.cold } else { HOLD.warm.unwrap() };
        let (release, soonest) = (self.now + travel + WINDOW, self.now + WINDOW);
        self.taken.push(Entry { number: self.next, release, soonest });
        self.next += 1;
        assert!(self.taken.len() <= self.full, "too many slots are taken");
    }

    fn land(&mut self, mut slot: Slot, step: Step) {
        match step {
            Step::Answer { ago, .. } => {
                let received = (self.now - Duration::from_millis(ago)).max(slot.sent);
                self.slots.answered(&mut slot, received, true);
                self.answers = (self.answers + 1).min(self.full);
                for entry in self.taken.iter_mut().filter(|entry| entry.number == slot.number) {
                    entry.release = entry.release.min(received + WINDOW);
                    entry.soonest = entry.release;
                }
            }
            Step::Unsent { .. } => {
                self.slots.unsent(&slot);
                self.taken.retain(|entry| entry.number != slot.number);
            }
            // Nothing has to be done for one that is dropped.
            _ => {}
        }
    }

    /// When a request with `ahead` others before it starts, if each answer came at once and every
    /// request is answered at once.
    fn earliest(&self, ahead: usize) -> Instant {
        let mut free: Vec<Instant> = self.taken.iter().map(|entry| entry.soonest).collect();
        let mut start = self.now;
        for _ in 0..=ahead {
            free.sort_unstable();
            if let Some(over) = (free.len() + 1).checked_sub(self.full).filter(|over| *over > 0) {
                start = start.max(free[over - 1]);
                free.drain(..over);
            }
            free.push(start + WINDOW);
        }
        start
    }

    fn check(&mut self) {
        self.slots.advance(self.now);
        self.taken.retain(|entry| entry.release > self.now);
        let mut releases: Vec<Instant> = self.taken.iter().map(|entry| entry.release).collect();
        releases.sort_unstable();
        let over = (releases.len() + 1).saturating_sub(self.full);
        let known = over.checked_sub(1).map(|place| releases[place]);
        assert!(self.slots.free_at() >= known, "a slot is free that is taken");
        for ahead in 0..3 * self.full {
            let (told, known) = (self.slots.earliest(ahead, self.now), self.earliest(ahead));
            assert_eq!(told, known, "with {ahead} ahead");
        }
    }
}

/// Takes one of them, if there are any.
fn pick(flying: &mut Vec<Slot>, which: usize) -> Option<Slot> {
    (!flying.is_empty()).then(|| flying.swap_remove(which % flying.len()))
}

/// Never more slots than the limit, never a wait that is told too long, nothing lost.
#[test]
fn p8_slots_do_as_a_plain_list() {
    let cases = (1..12_usize, steps());
    for_all(400, &cases, |(full, steps)| {
        let mut model = Model::new(*full);
        for (after, step) in steps {
            model.step(*after, *step);
            model.check();
        }
        model.now += Duration::from_secs(60);
        model.slots.advance(model.now);
        for _ in 0..model.full {
            assert_eq!(model.slots.free_at(), None, "a slot is lost");
            model.slots.take(model.next, model.now, HOLD, 1);
            model.next += 1;
        }
        assert!(model.slots.free_at() > Some(model.now));
    });
}

/// A time that the clock cannot add is not no time at all.
#[test]
fn slot_is_held_when_a_time_has_no_end() {
    let endless = Duration::MAX;
    for (hold, least) in [
        (Hold { warm: Some(endless), ..HOLD }, Duration::from_secs(86_400)),
        (Hold { warm: None, longest: endless, ..HOLD }, Duration::from_secs(86_400)),
        (Hold { cold: endless, longest: endless, ..HOLD }, Duration::from_secs(86_400)),
        // Without a time for connecting, that of the attempt ends it.
        (Hold { cold: endless, ..HOLD }, Duration::from_secs(30)),
    ] {
        let now = Instant::now();
        let mut slots = Slots::new(1, now);
        slots.take(0, now, hold, 1);
        slots.advance(now + least);
        assert!(slots.free_at().is_some(), "{hold:?}");
    }
    let now = Instant::now();
    let mut slots = Slots::new(1, now);
    slots.take(0, now, Hold { cold: endless, ..HOLD }, 1);
    slots.advance(now + Duration::from_millis(31_250));
    assert_eq!(slots.free_at(), None);
}

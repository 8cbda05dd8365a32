//! Lets calls out one after the other, within all limits.
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::clock::Time;
use super::day::{Admission, Closed, Day, Moment};
use super::gate::Gate;
use super::limits::{Evidence, LimitScope, Quota, RateLimits};
use super::line::{GRACE, Kind, Line, Ticket, WATCH, Wakers};
use super::pacer::{Budget, PacerSettings};
use super::permit::Permit;
use super::slots::{Hold, Slot, Slots, after};
use super::sync::{Mutex, MutexGuard, PoisonError};
use super::transport::BoxFuture;

/// A service may have closed a connection that was unused for as long; many do after 5 seconds.
const UNSURE: Duration = Duration::from_secs(4);

/// The limits of one service, for all clients that share them.
pub(super) struct Pacing {
    state: Mutex<State>,
    hold: Option<Duration>,
    pub(super) budget: Option<Arc<dyn Budget>>,
    /// What the limits count, such as `project`.
    pub(super) scope: Option<&'static str>,
}

/// What a call asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Want {
    pub(super) kind: Kind,
    /// Whether a slot of this process is needed, and not a shared budget.
    pub(super) paced: bool,
    /// The call's end, and the time that its attempt must have before it.
    pub(super) deadline: Instant,
    pub(super) least: Duration,
    /// The longest an attempt takes, and how long connecting does.
    pub(super) attempt: Duration,
    pub(super) connect: Duration,
    pub(super) idle: Duration,
}

impl Want {
    /// Whether an attempt that begins then has time.
    pub(super) fn fits(&self, start: Instant) -> bool {
        start.checked_add(self.least).is_some_and(|end| end <= self.deadline)
    }

    /// By when an attempt is over that begins at `sent`.
    pub(super) fn end(&self, sent: Instant) -> Instant {
        after(sent, self.attempt).min(self.deadline)
    }
}

/// By when an attempt that is over at `end` is gone, also if it is kept and not polled. One that is
/// polled is dropped at its end, but the call that gets its place may be polled before it.
pub(super) fn gone(end: Instant) -> Instant {
    after(end, GRACE)
}

/// Why a call may not send.
#[derive(Debug, Clone, Copy)]
pub(super) enum Denied {
    Closed(Closed),
    /// Its turn would come too late.
    TooLate,
}

/// Everything behind the lock. Nobody waits while holding it.
pub(super) struct State {
    /// `None` if nothing is paced.
    pub(super) slots: Option<Slots>,
    pub(super) gate: Gate,
    pub(super) day: Day,
    pub(super) line: Line,
    /// The requests under way, each with the time by which it is gone.
    pub(super) flights: BTreeSet<(Instant, u64)>,
    max_in_flight: usize,
    next: u64,
    /// A caller looks at the clock before it has the lock. What it saw may be older than this, by
    /// which others have started.
    pub(super) latest: Instant,
}

/// The state while it is locked.
pub(super) struct Locked<'a> {
    // Dropped in this order: nothing is locked when the wakers are called.
    state: MutexGuard<'a, State>,
    wakers: Wakers,
}

impl Deref for Locked<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        if self.state.line.has_wakers() {
            self.wakers = self.state.line.wakers();
        }
    }
}

/// A request that may go out.
pub(super) struct Start {
    pub(super) number: u64,
    pub(super) slot: Option<Slot>,
    pub(super) sent: Instant,
    pub(super) end: Instant,
    /// The day that it counts for.
    pub(super) day: u64,
    /// The count of the day has come to a mark.
    pub(super) is_mark: bool,
    /// Nothing had to be waited for.
    pub(super) at_once: bool,
}

enum Step {
    Go(Start),
    Wait(Instant),
}

impl Pacing {
    pub(super) fn new(
        rate: Option<u32>,
        limits: Option<RateLimits>,
        settings: PacerSettings,
        now: Instant,
    ) -> Self {
        let full = rate.map(|rate| usize::try_from(rate).unwrap_or(usize::MAX));
        let state = State {
            slots: full.map(|full| Slots::new(full, now)),
            gate: Gate::default(),
            day: Day::new(limits, settings.daily_budget),
            line: Line::default(),
            flights: BTreeSet::new(),
            max_in_flight: settings.max_in_flight,
            next: 0,
            latest: now,
        };
        Self {
            state: Mutex::new(state),
            hold: settings.hold,
            budget: settings.budget,
            scope: limits.and_then(|limits| limits.scope),
        }
    }

    /// Counts, and holds nobody back.
    pub(super) fn off(now: Instant) -> Arc<Self> {
        Arc::new(Self::new(None, None, PacerSettings::new(), now))
    }

    pub(super) fn is_paced(&self) -> bool {
        self.lock().slots.is_some()
    }

    /// What a spent shared budget means.
    pub(super) fn spent(&self, time: &Time, retry_in: Duration) -> Closed {
        let moment = moment(time);
        self.lock().day.judge(LimitScope::DailyLocal, Evidence::Count, Some(retry_in), moment)
    }

    /// The state is whole between any two steps, so a panic in between spoils nothing.
    pub(super) fn lock(&self) -> Locked<'_> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Locked { state, wakers: Wakers::default() }
    }

    pub(super) fn quota(&self, time: &Time) -> Quota {
        let moment = moment(time);
        let mut state = self.lock();
        let suspected = state.gate.refused_alone() > 0;
        state.day.quota(moment, suspected)
    }

    /// Waits for the turn of a call. Dropping the future gives the place up.
    pub(super) async fn reserve(
        self: &Arc<Self>,
        time: &Time,
        want: Want,
    ) -> Result<Permit, Denied> {
        let mut place = Place { pacing: self, time, ticket: None, timer: None };
        let start = poll_fn(|context| place.poll(&want, context)).await?;
        place.ticket = None;
        Ok(Permit::new(self.clone(), time.clone(), start, self.hold.is_none()))
    }

    fn hold_for(&self, want: &Want) -> Hold {
        let idle = want.idle.min(UNSURE);
        Hold { warm: self.hold, cold: want.connect, longest: want.attempt, idle }
    }
}

pub(super) fn moment(time: &Time) -> Moment {
    Moment { now: time.now(), wall: time.wall() }
}

/// Somebody who waits.
struct Place<'a> {
    pacing: &'a Pacing,
    time: &'a Time,
    ticket: Option<Ticket>,
    timer: Option<(Instant, BoxFuture<'static, ()>)>,
}

impl Place<'_> {
    fn poll(&mut self, want: &Want, context: &mut Context<'_>) -> Poll<Result<Start, Denied>> {
        let mut waited = None;
        loop {
            let hold = self.pacing.hold_for(want);
            let moment = moment(self.time);
            let at_once = self.ticket.is_none();
            let step =
                self.pacing.lock().step(want, hold, &mut self.ticket, moment, context.waker());
            let at = match step {
                Ok(Step::Go(start)) => return Poll::Ready(Ok(Start { at_once, ..start })),
                Err(denied) => return Poll::Ready(Err(denied)),
                Ok(Step::Wait(at)) => at,
            };
            if waited == Some(at) {
                // A clock that stands still is asked again, but not in this very moment.
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let time = self.time;
            let timer = match &mut self.timer {
                Some((set, timer)) if *set == at => timer,
                timer => &mut timer.insert((at, time.sleep_until(at))).1,
            };
            if timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.timer = None;
            waited = Some(at);
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let now = self.time.now_in_drop();
            let mut state = self.pacing.lock();
            let now = now.unwrap_or(state.latest);
            if state.line.leave(ticket) {
                state.line.call(now);
            }
        }
    }
}

impl State {
    /// Looks whether the turn of a call has come.
    fn step(
        &mut self,
        want: &Want,
        hold: Hold,
        place: &mut Option<Ticket>,
        mut moment: Moment,
        waker: &Waker,
    ) -> Result<Step, Denied> {
        self.latest = self.latest.max(moment.now);
        moment.now = self.latest;
        match self.day.admit(moment) {
            Admission::Free => {}
            Admission::Probe => self.gate.probe_next(),
            Admission::Refused(closed) => return Err(Denied::Closed(closed)),
        }
        if self.slots.is_none() {
            return Ok(Step::Go(self.start(want, hold, moment)));
        }
        self.advance(moment.now);
        if place.is_some() && !want.fits(moment.now) {
            return Err(Denied::TooLate);
        }
        let ticket = *place.get_or_insert_with(|| self.line.ticket(want.kind));
        let at = self.free_at(want);
        let free_at = self.gate.opens_at(moment.now).max(at);
        if free_at.is_none_or(|at| at <= moment.now) {
            self.line.drop_absent(moment.now);
            if self.line.first().is_none_or(|first| ticket <= first) {
                self.line.leave(ticket);
                let start = self.start(want, hold, moment);
                self.line.call(moment.now);
                return Ok(Step::Go(start));
            }
            self.line.call(moment.now);
        }
        self.line.stand(ticket, waker);
        if self.is_too_late(want, ticket, moment.now) {
            return Err(Denied::TooLate);
        }
        let free_at = free_at.unwrap_or(moment.now).max(moment.now);
        let at = match self.line.patience(ticket) {
            Duration::ZERO => free_at,
            patience => free_at.min(moment.now + WATCH) + patience,
        };
        Ok(Step::Wait(at.min(want.deadline)))
    }

    /// Forgets what is over.
    fn advance(&mut self, now: Instant) {
        if let Some(slots) = &mut self.slots {
            slots.advance(now);
        }
        while self.flights.first().is_some_and(|(gone, _)| *gone <= now) {
            self.flights.pop_first();
        }
    }

    /// When there is a slot, and not too much under way: `None` for now.
    fn free_at(&self, want: &Want) -> Option<Instant> {
        let slot = self.slots.as_ref().filter(|_| want.paced).and_then(Slots::free_at);
        let is_full = self.flights.len() >= self.max_in_flight;
        let flight = self.flights.first().filter(|_| is_full).map(|(gone, _)| *gone);
        slot.max(flight)
    }

    /// Whether the turn cannot come in time, however well things go.
    fn is_too_late(&self, want: &Want, ticket: Ticket, now: Instant) -> bool {
        let opens = self.gate.closed_until().unwrap_or(now).max(now);
        if !want.fits(opens) {
            return true;
        }
        match self.slots.as_ref().filter(|_| want.paced) {
            Some(slots) if !want.fits(slots.earliest(self.line.len(), now)) => {
                !want.fits(slots.earliest(self.line.ahead(ticket), now))
            }
            _ => false,
        }
    }

    /// Lets a request out.
    fn start(&mut self, want: &Want, hold: Hold, moment: Moment) -> Start {
        let (number, sent) = (self.next, moment.now);
        self.next += 1;
        let end = want.end(sent);
        let (day, is_mark) = self.day.sent(moment);
        let slot = self.slots.as_mut().filter(|_| want.paced);
        let abreast = self.flights.len() + 1;
        let slot = slot.map(|slots| slots.take(number, sent, hold, abreast));
        if self.slots.is_some() {
            self.gate.sent(number, sent, gone(end));
            self.flights.insert((gone(end), number));
        }
        Start { number, slot, sent, end, day, is_mark, at_once: true }
    }
}

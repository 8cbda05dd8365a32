//! A limit that several machines share.
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ship::runtime::{
    BoxFuture, Budget, BudgetError, CallOptions, Error, Event, Evidence, LimitScope, Pacer, Retry,
    Retrying, TimeoutPhase,
};
use tokio::time::{Instant, sleep};

use crate::support::paced::{Events, LIMITS, call, drain, limited, paced, read, spawn};
use crate::support::script::{Script, Step, answer, ok};
use crate::support::{READ, WRITE, summary};

#[derive(Clone, Copy)]
enum Word {
    After(Duration),
    Spent(Duration),
    Unavailable,
    Never,
}

#[derive(Clone)]
struct Shared(Arc<(Mutex<Word>, AtomicUsize)>);

impl Shared {
    fn new(word: Word) -> Self {
        Self(Arc::new((Mutex::new(word), AtomicUsize::new(0))))
    }

    fn says(&self, word: Word) {
        *self.0.0.lock().unwrap() = word;
    }

    fn asked(&self) -> usize {
        self.0.1.load(Ordering::SeqCst)
    }
}

impl Budget for Shared {
    fn reserve(&self) -> BoxFuture<'_, Result<(), BudgetError>> {
        self.0.1.fetch_add(1, Ordering::SeqCst);
        let word = *self.0.0.lock().unwrap();
        Box::pin(async move {
            match word {
                Word::After(time) => {
                    sleep(time).await;
                    Ok(())
                }
                Word::Spent(retry_in) => Err(BudgetError::Spent { retry_in }),
                Word::Unavailable => Err(BudgetError::Unavailable("no route".into())),
                Word::Never => std::future::pending().await,
            }
        })
    }
}

fn client(script: &Script, budget: &Shared, rate: u32) -> Arc<Retrying<Script>> {
    paced(script.clone(), &Pacer::per_second(rate).shared_budget(budget.clone()))
}

#[tokio::test(start_paused = true)]
async fn budget_paces_in_place_of_the_local_rate() {
    let (script, budget) = (Script::new([ok()]), Shared::new(Word::After(Duration::ZERO)));
    let client = client(&script, &budget, 1);
    let started = Instant::now();
    assert!(drain(&client, 50).await.is_empty());
    assert_eq!((budget.asked(), script.count()), (50, 50));
    assert!(started.elapsed() < Duration::from_millis(100), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn budget_is_asked_before_each_attempt() {
    let steps = [answer(503, &[], ""), answer(429, &[], ""), ok()];
    let (script, budget) = (Script::new(steps), Shared::new(Word::After(Duration::ZERO)));
    assert_eq!(read(&client(&script, &budget, 100)).await.unwrap().attempts(), 3);
    assert_eq!(budget.asked(), 3);
}

/// The time at the budget is not taken from the attempt.
#[tokio::test(start_paused = true)]
async fn attempt_after_a_long_wait_for_the_budget_has_its_whole_time() {
    for wait in [20, 29, 40] {
        let wait = Duration::from_secs(wait);
        let script = Script::new([Step::Delay(Duration::from_secs(25)), ok()]);
        let budget = Shared::new(Word::After(wait));
        for pacer in [Pacer::new(), Pacer::off()] {
            let client = paced(script.clone(), &pacer.shared_budget(budget.clone()));
            let response = call(&client, &WRITE, &CallOptions::new()).await.unwrap();
            assert_eq!((response.attempts(), response.waited()), (1, wait));
            assert!(script.log().iter().all(|sent| sent.timeout == Duration::from_secs(30)));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn spent_budget_fails_the_call_and_sends_nothing() {
    let (script, budget) = (Script::new([ok()]), Shared::new(Word::Spent(Duration::from_secs(99))));
    let client = client(&script, &budget, 100);
    let started = Instant::now();
    let error = limited(read(&client).await.unwrap_err());
    assert_eq!((error.scope(), error.evidence()), (LimitScope::DailyLocal, Evidence::Count));
    assert_eq!(error.retry_in(), Duration::from_secs(99));
    assert_eq!((started.elapsed(), script.count()), (Duration::ZERO, 0));
    assert_eq!(client.quota().sent_today, 0);
    // Each call asks anew.
    budget.says(Word::After(Duration::ZERO));
    read(&client).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn budget_out_of_reach_leaves_the_local_rate() {
    let (script, budget) = (Script::new([ok()]), Shared::new(Word::Unavailable));
    let events = Events::default();
    let pacer = Pacer::per_second(10).shared_budget(budget);
    let client = Retrying::new(script.clone(), Retry::default()).observer(events.clone());
    let client = Arc::new(client.pacer(&pacer, Some(LIMITS)).unwrap());
    let started = Instant::now();
    assert!(drain(&client, 30).await.is_empty());
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    assert_eq!((script.count(), client.quota().sent_today), (30, 30));
    let told = events.all().into_iter().filter(
        |event| matches!(event, Event::BudgetUnavailable { reason, .. } if reason == "no route"),
    );
    assert_eq!(told.count(), 30);
}

#[tokio::test(start_paused = true)]
async fn budget_that_never_answers_costs_no_more_than_the_deadline() {
    let (script, budget) = (Script::new([ok()]), Shared::new(Word::Never));
    let client = client(&script, &budget, 100);
    let started = Instant::now();
    let options = CallOptions::new().deadline(Duration::from_secs(7));
    let outcome = call(&client, &READ, &options).await;
    assert_eq!(summary(&outcome), "timeout 0");
    let Err(Error::Timeout(error)) = outcome else { unreachable!() };
    assert_eq!(error.phase(), TimeoutPhase::WaitingForSlot);
    assert_eq!((started.elapsed(), script.count()), (Duration::from_secs(7), 0));
    assert_eq!(client.quota().sent_today, 0);
}

/// Somebody who waits for the budget, or left while waiting, does not hold up the others.
#[tokio::test(start_paused = true)]
async fn wait_for_the_budget_can_be_given_up() {
    let (script, budget) = (Script::new([ok()]), Shared::new(Word::Never));
    let pacer = Pacer::per_second(100).max_in_flight(2).shared_budget(budget.clone());
    let client = paced(script.clone(), &pacer);
    let stuck = [spawn(&client).await, spawn(&client).await];
    let next = spawn(&client).await;
    budget.says(Word::After(Duration::ZERO));
    stuck[0].abort();
    next.await.unwrap().unwrap();
    stuck[1].abort();
    assert!(drain(&client, 10).await.is_empty());
    assert_eq!(script.count(), 11);
}

/// A refusal that comes while others are at the budget holds them back too.
#[tokio::test(start_paused = true)]
async fn refusal_holds_back_who_comes_from_the_budget() {
    let script = Script::new([answer(429, &["retry-after: 10"], ""), ok()]);
    let budget = Shared::new(Word::After(Duration::from_secs(1)));
    let client = client(&script, &budget, 100);
    let first = spawn(&client).await;
    budget.says(Word::After(Duration::from_secs(2)));
    let others = [spawn(&client).await, spawn(&client).await];
    let started = Instant::now();
    for call in others.into_iter().chain([first]) {
        call.await.unwrap().unwrap();
    }
    assert!(started.elapsed() >= Duration::from_secs(11), "{:?}", started.elapsed());
    assert!(script.gaps()[0] >= Duration::from_secs(10), "{:?}", script.gaps());
    assert_eq!(client.quota().sent_today, 4);
}

/// A start every 10 ms.
#[derive(Clone, Default)]
struct Steady(Arc<Mutex<Vec<Instant>>>);

impl Budget for Steady {
    fn reserve(&self) -> BoxFuture<'_, Result<(), BudgetError>> {
        let mut starts = self.0.lock().unwrap();
        let next = starts.last().map(|last| *last + Duration::from_millis(10));
        let at = next.map_or_else(Instant::now, |next| next.max(Instant::now()));
        starts.push(at);
        Box::pin(async move {
            tokio::time::sleep_until(at).await;
            Ok(())
        })
    }
}

/// A refusal makes the starts that were given before it worthless.
#[tokio::test(start_paused = true)]
async fn start_that_was_given_before_a_refusal_is_not_used_after_it() {
    for hint in ["retry-after: 1", "retry-after: 5"] {
        let answers = (0..50).map(|_| ok()).chain([answer(429, &[hint], ""), ok()]);
        let script = Script::new(answers);
        let client = paced(script.clone(), &Pacer::new().shared_budget(Steady::default()));
        assert!(drain(&client, 400).await.is_empty());
        let sent: Vec<Instant> = script.log().iter().map(|sent| sent.at).collect();
        let least = sent.windows(3).map(|some| some[2] - some[0]).min().unwrap();
        assert!(least >= Duration::from_millis(9), "{hint}: three in {least:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn start_that_comes_just_before_the_deadline_is_not_used() {
    for left in [1, 5, 15] {
        let wait = Duration::from_millis(1000 - left);
        let (script, budget) = (Script::new([ok()]), Shared::new(Word::After(wait)));
        let client = client(&script, &budget, 100);
        let options = CallOptions::new().deadline(Duration::from_secs(1));
        let error = call(&client, &WRITE, &options).await.unwrap_err();
        assert!(!error.is_ambiguous() && script.count() == 0, "{left}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_at_a_silent_budget_count_as_under_way() {
    let script = Script::new([Step::Hang]);
    let budget = Shared::new(Word::After(Duration::from_secs(95)));
    let client = client(&script, &budget, 100);
    let calls: Vec<_> = (0..300)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { read(&client).await.map(drop) })
        })
        .collect();
    sleep(Duration::from_secs(96)).await;
    assert_eq!(script.count(), 100);
    calls.iter().for_each(tokio::task::JoinHandle::abort);
}

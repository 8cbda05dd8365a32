//! What happens, step by step.

use std::error::Error;
use std::time::Instant;

use amplitude_experiment_fake::{Fake, Limits, PROJECT, RetryAfter, Seed};
use amplitude_experiment_management::models::{
    BulkDeleteUsers, ExperimentCreate, FlagCreate, FlagUpdate, HoldoutCreate, MutexCreate,
    MutexSlotCreate, UserInclusions,
};
use amplitude_experiment_management::{Client, Error as ApiError, LimitScope};
use tokio::task::JoinSet;

use crate::screen::Screen;
use crate::tally::Tally;

const FLAGS: usize = 2500;
const TESTERS: usize = 250;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Everybody in the story.
struct Cast<'a> {
    screen: &'a mut Screen,
    fake: Fake,
    client: Client,
    tally: Tally,
}

/// Tells it from the beginning to the end.
pub async fn tell(screen: &mut Screen) -> Outcome {
    screen.step(&format!("A fake of the service with {FLAGS} flags"));
    let keys = (1..=FLAGS).map(|number| format!("flag-{number:04}"));
    let project = PROJECT.to_string();
    let seed = keys.fold(Seed::new(), |seed, key| seed.flag(FlagCreate::new(&project, key)));
    let limits = Limits::default().retry_after(RetryAfter::Seconds);
    let fake = Fake::builder().seed(seed).limits(limits).start().await?;
    screen.line(format_args!("listens on {}", fake.base_url()));

    let tally = Tally::default();
    let builder = Client::builder(fake.key()).base_url(fake.base_url());
    let client = builder.observer(tally.clone()).build()?;
    let mut cast = Cast { screen, fake, client, tally };
    cast.read_all_flags().await?;
    let flag = cast.create_and_switch_on().await?;
    cast.allow_list_testers(&flag).await?;
    cast.share_users_out().await?;
    cast.read_history().await?;
    cast.meet_the_limit_of_a_second(&flag).await?;
    cast.meet_the_limit_of_the_day(&flag).await?;
    cast.finish();
    Ok(())
}

impl Cast<'_> {
    async fn read_all_flags(&mut self) -> Outcome {
        self.screen.step("Read all flags, 500 to a page");
        let bar = self.screen.bar(FLAGS as u64);
        let mut pages = self.client.flags().list().limit(500).pages();
        let (mut count, mut flags) = (0, 0);
        while let Some(page) = pages.try_next().await? {
            count += 1;
            flags += page.items.len();
            bar.inc(page.items.len() as u64);
        }
        bar.finish_and_clear();
        self.screen.line(format_args!("{flags} flags on {count} pages"));
        self.screen.check(flags == FLAGS && count == 5, "2500 flags on 5 pages");
        Ok(())
    }

    async fn create_and_switch_on(&mut self) -> Outcome<String> {
        self.screen.step("Create a flag and switch it on");
        let flags = self.client.flags();
        let made = flags.create(FlagCreate::new(PROJECT.to_string(), "checkout-redesign")).await?;
        let fresh = flags.get(&made.id).await?;
        flags.update(&made.id, FlagUpdate::new().enabled(true).rollout_percentage(25.0)).await?;
        let flag = flags.get(&made.id).await?;
        let (key, share) = (&flag.key, flag.rollout_percentage);
        self.screen.line(format_args!("{key} was off at first, and is on for {share} % now"));
        self.screen
            .check(!fresh.enabled && flag.enabled, "a flag that is off at first and then on");
        Ok(made.id.to_string())
    }

    async fn allow_list_testers(&mut self, flag: &str) -> Outcome {
        self.screen.step(&format!("Let {TESTERS} testers see it, and take them out again"));
        let testers: Vec<String> =
            (1..=TESTERS).map(|number| format!("tester{number}@example.com")).collect();
        let flags = self.client.flags();
        flags.add_variant_users(flag, "on", UserInclusions::new(&testers)).await?;
        let included = flags.list_variant_users(flag, "on").await?.len();
        self.screen.line(format_args!("{included} testers in one call"));
        let body = BulkDeleteUsers::new(&testers);
        let report = flags.bulk_delete_variant_users(flag, "on", body).in_chunks().await?;
        let left = flags.list_variant_users(flag, "on").await?.len();
        let (entries, calls) = (report.entries(), report.calls());
        self.screen.line(format_args!("{entries} taken out in {calls} calls of at most 100"));
        self.screen.check(included == TESTERS && left == 0 && calls == 3, "all in, then all out");
        Ok(())
    }

    async fn share_users_out(&mut self) -> Outcome {
        self.screen.step("Two experiments that nobody is in at once, and 5 % that are in none");
        let experiments = self.client.experiments();
        let mut ids = Vec::new();
        for key in ["shorter-form", "one-click"] {
            let made = experiments.create(ExperimentCreate::new(PROJECT.to_string(), key)).await?;
            ids.push(made.id.to_string().parse::<i64>()?);
        }
        let slots = ids.iter().map(|id| MutexSlotCreate::new(50).experiments([*id]));
        let group = MutexCreate::new(PROJECT, "Checkout", slots);
        let group = self.client.mutexes().create(group).await?;
        let holdout = HoldoutCreate::new(PROJECT, "Nothing new", 5).experiments(ids.clone());
        let holdout = self.client.holdouts().create(holdout).await?;
        for id in &ids {
            let experiment = experiments.get(*id).await?;
            let parents = experiment.parent_dependencies.into_value();
            let parents = parents.and_then(|parents| parents.flags).unwrap_or_default();
            let slot = parents.get(group.id.as_str()).cloned().unwrap_or_default().join(", ");
            self.screen.line(format_args!("{} is in {slot}, behind the holdout", experiment.key));
            let is_held = parents.contains_key(holdout.id.as_str());
            self.screen.check(slot.starts_with("slot-") && is_held, "a slot and a holdout");
        }
        Ok(())
    }

    async fn read_history(&mut self) -> Outcome {
        self.screen.step("What has changed lately?");
        let mut versions = self.client.versions().list().limit(100).items();
        for _ in 0..3 {
            let Some(version) = versions.try_next().await? else { break };
            let config = &version.flag_config;
            let (number, at) = (version.version, version.created_at.as_str());
            self.screen.line(format_args!("{} version {number}, {at}", config.key));
        }
        let newest = self.client.versions().list().limit(1).await?;
        let key = newest.versions.first().map(|version| version.flag_config.key.as_str());
        self.screen.check(key == Some("one-click"), "the newest change first");
        Ok(())
    }

    /// The service takes less than the client believes, as if others were busy on the project.
    async fn meet_the_limit_of_a_second(&mut self, flag: &str) -> Outcome {
        self.screen.step(
            "Others are busy: the service takes 20 requests a second from us, and we send 60",
        );
        let limits = Limits::default().per_second(20).retry_after(RetryAfter::Seconds);
        self.fake.set_limits(limits);
        let before = self.tally.total();
        let started = Instant::now();
        let mut calls = JoinSet::new();
        for _ in 0..60 {
            let client = self.client.clone();
            let flag = flag.to_owned();
            calls.spawn(async move { client.flags().get(flag).await });
        }
        let bar = self.screen.bar(60);
        let mut failed = 0;
        while let Some(call) = calls.join_next().await {
            failed += usize::from(call?.is_err());
            bar.inc(1);
        }
        bar.finish_and_clear();
        let refused = self.tally.total().refusals - before.refusals;
        let seconds = started.elapsed().as_secs_f64();
        self.screen.line(format_args!(
            "{refused} were refused; everybody waited and went on slower: 60 answers after {seconds:.1} s, {failed} calls failed"
        ));
        self.screen.check(refused > 0 && failed == 0, "refusals and no failed call");
        Ok(())
    }

    async fn meet_the_limit_of_the_day(&mut self, flag: &str) -> Outcome {
        self.screen.step("The requests of the day are used up");
        self.fake.set_limits(Limits::off().per_day(0).retry_after(RetryAfter::Seconds));
        let first = self.client.flags().get(flag).await;
        let asked = self.fake.requests().len();
        let second = self.client.flags().get(flag).await;
        for outcome in [first.err(), second.err()] {
            let is_daily = matches!(&outcome, Some(ApiError::RateLimited(error)) if error.scope() == LimitScope::Daily);
            self.screen.check(is_daily, "an error that says that the day is over");
            if let Some(error) = outcome {
                self.screen.line(error);
            }
        }
        let is_quiet = self.fake.requests().len() == asked;
        self.screen.line("the second call failed at once, without a request");
        self.screen.check(is_quiet, "no request while the day is over");
        Ok(())
    }

    fn finish(&self) {
        self.screen.say("");
        self.screen.say(&self.tally.to_string());
        let total = self.tally.total();
        let (requests, refusals) = (total.requests, total.refusals);
        self.screen.say(&format!("{requests} requests, {refusals} of them refused"));
    }
}

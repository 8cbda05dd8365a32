//! The history of items, and the feed of all.

use std::time::Duration;

use amplitude_experiment_fake::{Clock, Fake, Limits};
use amplitude_experiment_management::models::{
    ExperimentUpdate, FlagCreate, FlagUpdate, UserInclusions, VariantUpdate,
};

use crate::support::{World, client, noon, refused, world, world_of};

/// Drives the feed.
pub async fn story(world: &World) {
    let id = world.flag("versions-story").await;
    let feed = world.client.versions().list().await.unwrap().versions;
    assert_eq!(feed[0].flag_config.id, id);
}

#[tokio::test]
async fn every_change_makes_a_version_with_the_item_as_it_was() {
    let world = world().await;
    let flags = world.client.flags();
    let id = world.flag("a").await;
    flags.update(&id, FlagUpdate::new().enabled(true)).await.unwrap();
    let weight = VariantUpdate::new().rollout_weight(3);
    flags.update_variant(&id, "on", weight).await.unwrap();
    flags.add_variant_users(&id, "on", UserInclusions::new(["u"])).await.unwrap();
    let versions = flags.list_versions(&id).await.unwrap();
    let numbers: Vec<i64> = versions.iter().map(|version| version.version).collect();
    assert_eq!(numbers, [4, 3, 2, 1], "newest first");
    let weights = &versions[1].flag_config.rollout_weights;
    assert_eq!(*weights, [("on".to_owned(), 3.0)].into());
    let (second, first) = (&versions[2].flag_config, &versions[3].flag_config);
    assert_eq!((second.enabled, second.rollout_weights.len()), (true, 0));
    assert!(!first.enabled);
    assert_eq!(flags.get_version(&id, 2).await.unwrap(), versions[2]);
    refused(flags.get_version(&id, 5).await, 404, "version 5 not found");
}

#[tokio::test]
async fn a_refused_change_makes_no_version() {
    let world = world().await;
    let id = world.flag("a").await;
    let before = world.fake.snapshot();
    world.client.flags().delete_variant(&id, "nope").await.unwrap_err();
    world
        .client
        .flags()
        .update(&id, FlagUpdate::new().rollout_percentage(101.0))
        .await
        .unwrap_err();
    assert_eq!(world.fake.snapshot(), before);
}

#[tokio::test]
async fn the_feed_spans_the_projects_of_the_key_and_both_families() {
    let builder = Fake::builder().limits(Limits::off()).key("all", [1, 2]).key("one", [1]);
    let World { fake, client: all } = &world_of(builder).await;
    let flag = all.flags().create(FlagCreate::new(1, "a")).await.unwrap().id;
    let create = amplitude_experiment_management::models::ExperimentCreate::new(2, "a");
    let experiment = all.experiments().create(create).await.unwrap().id;
    all.flags().update(&flag, FlagUpdate::new().enabled(true)).await.unwrap();
    all.experiments().update(&experiment, ExperimentUpdate::new().enabled(true)).await.unwrap();
    let feed = all.versions().list().await.unwrap().versions;
    let seen: Vec<_> = feed.iter().map(|own| (own.flag_config.id.clone(), own.version)).collect();
    let (e, f) = (|version| (experiment.clone(), version), |version| (flag.clone(), version));
    assert_eq!(seen, [e(2), f(2), e(1), f(1)]);
    assert!(feed[0].flag_config.experiment_type.value().is_some());
    assert!(feed[1].flag_config.experiment_type.is_absent());
    let feed = client(fake, "one").versions().list().await.unwrap().versions;
    assert!(feed.iter().all(|own| own.flag_config.id == flag) && feed.len() == 2);
}

#[tokio::test]
async fn the_feed_starts_with_its_start_and_ends_before_its_end() {
    let clock = Clock::manual(noon());
    let builder = Fake::builder().limits(Limits::off()).clock(clock.clone());
    let world = world_of(builder).await;
    for key in ["0", "1", "2"] {
        world.flag(key).await;
        clock.advance(Duration::from_secs(60));
    }
    let keys = async |start: Option<&str>, end: Option<&str>| {
        let mut list = world.client.versions().list();
        list = if let Some(start) = start { list.start(start) } else { list };
        list = if let Some(end) = end { list.end(end) } else { list };
        let feed = list.await.unwrap().versions;
        feed.iter().map(|version| version.flag_config.key.clone()).collect::<String>()
    };
    let (one, two) = ("2025-03-01T12:01:00Z", "2025-03-01T13:02:00.000+01:00");
    assert_eq!(keys(None, None).await, "210");
    assert_eq!(keys(Some(one), None).await, "21");
    assert_eq!(keys(None, Some(one)).await, "0");
    assert_eq!(keys(Some(one), Some(two)).await, "1");
    assert_eq!(keys(Some(two), Some(one)).await, "");
    let outcome = world.client.versions().list().start("yesterday").await;
    refused(outcome, 400, "start: `yesterday` is not an ISO 8601 instant");
}

#[tokio::test]
async fn the_feed_comes_page_by_page_while_it_grows() {
    let world = world().await;
    for key in 0..7 {
        world.flag(&key.to_string()).await;
    }
    let mut pages = world.client.versions().list().limit(3).pages();
    let mut keys = String::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        keys.extend(page.items.into_iter().map(|version| version.flag_config.key));
        world.flag(&format!("new-{}", page.index)).await;
    }
    assert_eq!(keys, "6543210");
}

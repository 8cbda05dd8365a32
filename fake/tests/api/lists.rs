//! Filters and pages of lists.

use amplitude_experiment_fake::{Fake, Limits};
use amplitude_experiment_management::Nullable;
use amplitude_experiment_management::models::{
    DeploymentCreate, FlagCreate, HoldoutCreate, MutexCreate, MutexSlotCreate,
};

use crate::support::{P, World, raw, refused, world, world_of};

/// The keys of flags, one after the other.
async fn keys(request: amplitude_experiment_management::flags::ListFlags) -> String {
    let flags = request.items().collect_all(1000).await.unwrap();
    flags.into_iter().map(|flag| flag.key).collect()
}

#[tokio::test]
async fn the_key_filter_is_exact() {
    let world = world().await;
    for key in ["a", "ab", "abc"] {
        world.flag(key).await;
    }
    world.experiment("x").await;
    let list = || world.client.flags().list();
    assert_eq!(keys(list().key("ab")).await, "ab");
    for key in ["A", "abcd", "b", "x"] {
        assert_eq!(keys(list().key(key)).await, "");
    }
}

#[tokio::test]
async fn the_project_filter_takes_one_of_several() {
    let builder = Fake::builder().limits(Limits::off()).key("both", [1, 2]);
    let World { client, .. } = &world_of(builder).await;
    for (project, key) in [(1, "a"), (2, "b"), (1, "c")] {
        client.flags().create(FlagCreate::new(project, key)).await.unwrap();
    }
    assert_eq!(keys(client.flags().list()).await, "cba");
    assert_eq!(keys(client.flags().list().project_id("1")).await, "ca");
    assert_eq!(keys(client.flags().list().project_id("2").key("a")).await, "");
    refused(
        client.flags().list().project_id("three").await,
        400,
        "projectId: `three` is not an id",
    );
}

#[tokio::test]
async fn a_page_has_as_many_items_as_asked_for_or_as_the_fake_says_and_1000_at_most() {
    let builder = Fake::builder().limits(Limits::off()).page_size(2);
    let world = world_of(builder).await;
    for key in ["a", "b", "c"] {
        world.flag(key).await;
    }
    let length = async |limit: Option<i64>| {
        let list = world.client.flags().list();
        let list = if let Some(limit) = limit { list.limit(limit) } else { list };
        list.await.map(|list| list.flags.len())
    };
    assert_eq!(length(None).await.unwrap(), 2);
    assert_eq!(length(Some(1)).await.unwrap(), 1);
    assert_eq!(length(Some(1000)).await.unwrap(), 3);
    let answer = raw::api(&world.fake, "GET", "/flags?limit=1001", "").await;
    let problem = "limit: 1001 is greater than the maximum of 1000";
    assert_eq!((answer.status, answer.message()), (400, problem.to_owned()));
}

#[tokio::test]
async fn pages_are_newest_first_and_stand_still_when_items_are_added() {
    let world = world().await;
    for key in ["a", "b", "c", "d", "e"] {
        world.flag(key).await;
    }
    let mut pages = world.client.flags().list().limit(2).pages();
    let mut all = String::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        all.extend(page.items.into_iter().map(|flag| flag.key));
        world.flag(&format!("new-{}", page.index)).await;
    }
    assert_eq!(all, "edcba");
}

#[tokio::test]
async fn a_cursor_is_a_string_of_digits_that_is_no_offset_and_null_at_the_end() {
    let world = world().await;
    for key in ["a", "b", "c", "d"] {
        world.flag(key).await;
    }
    let first = raw::api(&world.fake, "GET", "/flags?limit=2", "").await.json();
    let cursor = first["nextCursor"].as_str().unwrap();
    assert!(cursor.bytes().all(|byte| byte.is_ascii_digit()) && cursor != "2", "{cursor}");
    let next = format!("/flags?limit=2&cursor={cursor}");
    let last = raw::api(&world.fake, "GET", &next, "").await.json();
    assert!(last["nextCursor"].is_null());
    let empty = raw::api(&world.fake, "GET", "/flags?cursor=", "").await;
    assert_eq!(empty.json()["flags"].as_array().map(Vec::len), Some(4), "as if there was none");
}

#[tokio::test]
async fn every_list_pages_and_refuses_the_cursors_of_others() {
    let World { client, fake } = &world().await;
    for number in 0..2 {
        client.flags().create(FlagCreate::new(P, number.to_string())).await.unwrap();
        let create =
            amplitude_experiment_management::models::ExperimentCreate::new(P, format!("e{number}"));
        client.experiments().create(create).await.unwrap();
        let slots = [MutexSlotCreate::new(100)];
        client.mutexes().create(MutexCreate::new(P, "G", slots)).await.unwrap();
        client.holdouts().create(HoldoutCreate::new(P, "H", 5)).await.unwrap();
        client.deployments().create(DeploymentCreate::new(P, "d", "client")).await.unwrap();
    }
    let names = ["flags", "experiments", "mutexes", "holdouts", "deployments", "versions"];
    for name in names {
        let first = raw::api(fake, "GET", &format!("/{name}?limit=1"), "").await.json();
        let cursor = first["nextCursor"].as_str().unwrap();
        for other in names {
            let path = format!("/{other}?limit=1&cursor={cursor}");
            let answer = raw::api(fake, "GET", &path, "").await;
            if name == other {
                assert_ne!(answer.json()[name][0], first[name][0]);
            } else {
                let problem = format!("cursor: not one that a list of {other} has given");
                assert_eq!((answer.status, answer.message()), (400, problem));
            }
        }
    }
    for cursor in ["-1", "x", "99999999999999999999", "1.5"] {
        let answer = raw::api(fake, "GET", &format!("/flags?cursor={cursor}"), "").await;
        assert_eq!(answer.status, 400, "{cursor}");
    }
    let list = client.flags().list().limit(1).await.unwrap();
    assert!(matches!(list.next_cursor, Nullable::Value(_)));
}

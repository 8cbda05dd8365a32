//! What is there from the start.

use std::io::ErrorKind;

use amplitude_experiment_fake::{Fake, Limits, Seed};
use amplitude_experiment_management::models::{FlagCreate, HoldoutCreate, MutexCreate};
use serde_json::json;

use crate::mutexes::parents;
use crate::support::{P, World, refused, world, world_of};

#[tokio::test]
async fn a_seed_is_built_of_what_create_calls_take_and_more() {
    let seed = Seed::new()
        .flag(FlagCreate::new(P, "typed"))
        .flag(json!({ "projectId": P, "key": "free", "id": 7, "enabled": true, "tags": ["x"],
            "variants": [{ "key": "blue", "users": ["u"], "cohorts": ["c"] }] }))
        .deployment(json!({ "projectId": P, "label": "web", "type": "client", "archive": true }));
    let World { client, .. } = &world_of(Fake::builder().limits(Limits::off()).seed(seed)).await;
    let flags = client.flags().list().await.unwrap().flags;
    let seen: Vec<(&str, bool)> =
        flags.iter().map(|flag| (flag.key.as_str(), flag.enabled)).collect();
    assert_eq!(seen, [("free", true), ("typed", false)], "the order is that of the seed");
    assert_eq!(flags[0].id, "7");
    assert_eq!(client.flags().list_variant_users("7", "blue").await.unwrap(), ["u"]);
    assert_eq!(client.flags().list_variant_cohorts("7", "blue").await.unwrap(), ["c"]);
    assert!(client.deployments().list().await.unwrap().deployments[0].deleted);
    let versions = client.flags().list_versions(&flags[1].id).await.unwrap();
    assert_eq!(versions.len(), 1, "nothing was changed since it was made");
    let newest = client.flags().list_versions("7").await.unwrap().remove(0).flag_config;
    assert_eq!(newest.tags, flags[0].tags);
}

#[tokio::test]
async fn a_seed_is_read_from_json_in_which_later_families_name_earlier_ones() {
    let text = json!({
        "mutexes": [{ "projectId": 1, "name": "M", "id": 4, "slots": [
            { "percentage": 100, "experiments": [2], "holdouts": ["3"] }
        ] }],
        "holdouts": [{ "projectId": 1, "name": "H", "id": 3, "holdoutPercentage": 5,
            "experiments": [2] }],
        "experiments": [{ "projectId": "1", "key": "a", "id": "2", "deployments": [1] }],
        "deployments": [{ "projectId": 1, "label": "web", "type": "server", "id": 1 }],
    });
    let seed = Seed::from_json(&text.to_string()).unwrap();
    let builder = Fake::builder().limits(Limits::off()).key("k", [1]).seed(seed);
    let world = world_of(builder).await;
    let expected = json!({ "flags": { "3": ["on"], "4": ["slot-1"] }, "operator": "all" });
    assert_eq!(parents(&world, &"2".into()).await, expected);
    let places = world.client.experiments().list_deployments("2").await.unwrap();
    assert_eq!(places[0].label, "web");
}

#[tokio::test]
async fn items_made_later_are_newer_than_seeds_with_larger_ids() {
    let seed = Seed::new().flag(json!({ "projectId": P, "key": "old", "id": 900_000 }));
    let world = world_of(Fake::builder().limits(Limits::off()).seed(seed)).await;
    world.flag("new").await;
    let flags = world.client.flags().list().limit(1).items().collect_all(9).await.unwrap();
    let keys: Vec<&str> = flags.iter().map(|flag| flag.key.as_str()).collect();
    assert_eq!(keys, ["new", "old"]);
}

#[tokio::test]
async fn seeds_can_be_added_to_a_running_fake_and_take_keys_and_ids() {
    let World { fake, client } = &world().await;
    let holdout = json!({ "projectId": P, "key": "a", "id": 100_001, "name": "H",
        "holdoutPercentage": 5 });
    fake.seed(&Seed::new().holdout(holdout)).unwrap();
    let problem = "key: `a` is taken by a flag, an experiment or a group of project 217854";
    refused(client.flags().create(FlagCreate::new(P, "a")).await, 400, problem);
    let id = client.flags().create(FlagCreate::new(P, "b")).await.unwrap().id;
    assert_eq!(id, "100002");
    let again = Seed::new().flag(json!({ "projectId": P, "key": "c", "id": id }));
    assert_eq!(fake.seed(&again).unwrap_err().to_string(), "seed: flags[0]: id: 100002 is taken");
    let unknown = Seed::new().mutex(MutexCreate::new(P, "M", []));
    let problem = fake.seed(&unknown).unwrap_err().to_string();
    assert!(problem.starts_with("seed: mutexes[0]: slots: "), "{problem}");
}

#[tokio::test]
async fn what_cannot_be_does_not_start() {
    let wrong = Seed::new().holdout(HoldoutCreate::new(P, "H", 100));
    let error = Fake::builder().seed(wrong).start().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(
        error.to_string(),
        "seed: holdouts[0]: holdoutPercentage: 100 is greater than the maximum of 99"
    );
    for id in [json!("x"), json!(0), json!(-1), json!(u64::MAX), json!(1.5)] {
        let flag = json!({ "projectId": P, "key": "a", "id": id });
        let error = Fake::builder().seed(Seed::new().flag(flag)).start().await.unwrap_err();
        assert_eq!(error.to_string(), format!("seed: flags[0]: id: {id} is not an id"));
    }
}

#[tokio::test]
async fn a_seed_is_planted_as_a_whole_or_not_at_all() {
    let world = world().await;
    world.flag("older").await;
    let before = world.fake.snapshot();
    let seed = Seed::new()
        .flag(json!({ "projectId": P, "key": "a", "id": 5 }))
        .flag(json!({ "projectId": P, "key": "a", "id": 777 }));
    let error = world.fake.seed(&seed).unwrap_err().to_string();
    assert!(error.starts_with("seed: flags[1]: key: `a` is taken"), "{error}");
    assert_eq!(world.fake.snapshot(), before);
    assert_eq!(world.flag("a").await, "100002", "neither a key nor an id is left over");
}

#[tokio::test]
async fn members_that_mean_nothing_are_told_with_their_place() {
    let fake = world().await.fake;
    let refused = |seed: Seed| fake.seed(&seed).unwrap_err().to_string();
    let flag = |more: serde_json::Value| {
        let mut flag = json!({ "projectId": P, "key": "a" });
        flag.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        flag
    };
    for (more, problem) in [
        (json!({ "enabeld": true }), "enabeld: is unknown"),
        (json!({ "guide": true }), "guide: is unknown"),
        (json!({ "id": null }), "id: null is not an id"),
        (json!({ "variants": [{ "key": "x", "user": [] }] }), "variants[0].user: is unknown"),
        (
            json!({ "variants": [{ "key": "x", "users": null }] }),
            "variants[0].users: null is not of type \"array\"",
        ),
        (
            json!({ "variants": [{ "key": "x", "cohorts": [5] }] }),
            "variants[0].cohorts[0]: 5 is not of type \"string\"",
        ),
        (
            json!({ "variants": [{ "key": "x", "payload": { "free": 1 } }], "x": 1 }),
            "x: is unknown",
        ),
    ] {
        let error = refused(Seed::new().flag(flag(more)));
        assert_eq!(error, format!("seed: flags[0]: {problem}"));
    }
    for (more, problem) in [
        (json!({ "guide": "yes" }), "guide: \"yes\" is not of type \"boolean\""),
        (json!({ "deliveryMethod": 5 }), "deliveryMethod: 5 is not of type \"string\""),
    ] {
        let error = refused(Seed::new().experiment(flag(more)));
        assert_eq!(error, format!("seed: experiments[0]: {problem}"));
    }
}

#[tokio::test]
async fn members_of_slots_and_long_lists_of_users_are_told_with_their_place() {
    let fake = world().await.fake;
    let refused = |seed: Seed| fake.seed(&seed).unwrap_err().to_string();
    let slots = json!([{ "percentage": 100, "name": "first" }]);
    let group = json!({ "projectId": P, "name": "M", "slots": slots });
    assert_eq!(refused(Seed::new().mutex(group)), "seed: mutexes[0]: slots[0].name: is unknown");
    let users: Vec<String> = (0..2001).map(|number| number.to_string()).collect();
    let variants = json!([{ "key": "x", "users": users }]);
    let many = json!({ "projectId": P, "key": "a", "variants": variants });
    let error = refused(Seed::new().flag(many));
    let expected = "seed: flags[0]: variants[0].users: the value has more than 2000 items";
    assert_eq!(error, expected);
}

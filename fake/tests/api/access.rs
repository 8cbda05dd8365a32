//! Who may do what, and what is said to those who may not.

use amplitude_experiment_fake::{Fake, Limits};
use amplitude_experiment_management::Client;
use amplitude_experiment_management::models::{
    DeploymentCreate, FlagCreate, FlagUpdate, HoldoutCreate, HoldoutUpdate, Id, MutexCreate,
    MutexSlotCreate,
};

use crate::support::{World, client, raw, refused, world, world_of};

#[tokio::test]
async fn a_request_without_a_key_that_works_is_refused_with_401() {
    let World { fake, client: known } = &world().await;
    let problem = "missing or invalid management key";
    refused(client(fake, "ampex_other").flags().list().await, 401, problem);
    let key = fake.key();
    for header in
        ["X: y".to_owned(), format!("Authorization: {key}"), format!("Authorization: Basic {key}")]
    {
        let answer = raw::send(fake, "GET", "/api/1/flags", &[&header], b"").await;
        assert_eq!((answer.status, answer.message()), (401, problem.to_owned()));
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    known.flags().list().await.unwrap();
    fake.revoke(key);
    refused(known.flags().list().await, 401, problem);
    fake.allow(key, [1]);
    known.flags().list().await.unwrap();
}

/// A key for each of two projects, and an item of each family in the first.
struct Two {
    fake: Fake,
    other: Client,
    flag: Id,
    mutex: Id,
    holdout: Id,
    deployment: Id,
}

async fn two() -> Two {
    let builder = Fake::builder().limits(Limits::off()).key("one", [1]).key("two", [2]);
    let World { fake, client: own } = world_of(builder).await;
    let slots = [MutexSlotCreate::new(100)];
    Two {
        other: client(&fake, "two"),
        flag: own.flags().create(FlagCreate::new(1, "a")).await.unwrap().id,
        mutex: own.mutexes().create(MutexCreate::new(1, "G", slots)).await.unwrap().id,
        holdout: own.holdouts().create(HoldoutCreate::new(1, "H", 5)).await.unwrap().id,
        deployment: {
            let create = DeploymentCreate::new(1, "web", "client");
            own.deployments().create(create).await.unwrap().id
        },
        fake,
    }
}

#[tokio::test]
async fn a_key_reaches_its_projects_and_is_refused_with_403_elsewhere() {
    let Two { fake, other, flag, mutex, holdout, deployment } = &two().await;
    let before = fake.snapshot();
    let problem = "the key has no access to project 1";
    refused(other.flags().get(flag).await, 403, problem);
    refused(other.flags().update(flag, FlagUpdate::new().archive(true)).await, 403, problem);
    refused(other.flags().delete_variant(flag, "on").await, 403, problem);
    refused(other.flags().create(FlagCreate::new(1, "b")).await, 403, problem);
    refused(other.flags().list().project_id("1").await, 403, problem);
    refused(other.mutexes().get(mutex).await, 403, problem);
    refused(other.holdouts().update(holdout, HoldoutUpdate::new()).await, 403, problem);
    refused(other.deployments().get(deployment).await, 403, problem);
    assert_eq!(fake.snapshot(), before);
}

#[tokio::test]
async fn lists_hold_only_what_the_key_reaches() {
    let Two { other, .. } = &two().await;
    assert_eq!(other.flags().list().await.unwrap().flags, []);
    assert_eq!(other.mutexes().list().await.unwrap().mutexes, []);
    assert_eq!(other.holdouts().list().await.unwrap().holdouts, []);
    assert_eq!(other.deployments().list().await.unwrap().deployments, []);
    assert_eq!(other.versions().list().await.unwrap().versions, []);
}

#[tokio::test]
async fn a_key_of_an_item_is_free_in_another_project() {
    let Two { other, .. } = &two().await;
    other.flags().create(FlagCreate::new(2, "a")).await.unwrap();
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let Two { fake, mutex, .. } = &two().await;
    let own = client(fake, "one");
    refused(own.flags().get("1").await, 404, "flag 1 not found");
    refused(own.experiments().get("1").await, 404, "experiment 1 not found");
    refused(own.mutexes().get("1").await, 404, "mutual exclusion group 1 not found");
    refused(own.holdouts().get("1").await, 404, "holdout group 1 not found");
    refused(own.deployments().get("1").await, 404, "deployment 1 not found");
    let outcome = own.flags().get(mutex).await;
    refused(outcome, 404, &format!("flag {mutex} not found"));
    for id in ["x", "007", "-1", "9999999999999999999999", "1.0", " "] {
        refused(own.flags().get(id).await, 404, &format!("`{id}` not found"));
    }
}

#[tokio::test]
async fn each_broken_constraint_is_told_with_its_field() {
    let World { fake, .. } = &world().await;
    let body = r#"{"key": "", "name": 5, "rolloutWeights": {"on": -1}, "targetSegments": [{
        "name": "A", "percentage": 101, "rolloutWeights": {}, "conditions": [{"type": "property"}]
    }]}"#;
    let answer = raw::api(fake, "POST", "/flags", body).await;
    assert_eq!(answer.status, 400);
    let message = answer.message();
    let mut problems: Vec<&str> = message.split("; ").collect();
    problems.sort_unstable();
    assert_eq!(
        problems,
        [
            "key: \"\" is shorter than 1 character",
            "name: 5 is not of type \"string\"",
            "projectId: is required",
            "rolloutWeights.on: -1 is less than the minimum of 0",
            "targetSegments[0].conditions[0].op: is required",
            "targetSegments[0].conditions[0].prop: is required",
            "targetSegments[0].conditions[0].values: is required",
            "targetSegments[0].percentage: 101 is greater than the maximum of 100",
        ]
    );
    let answer = raw::api(fake, "GET", "/flags?limit=0&includeArchived=maybe&key=", "").await;
    assert_eq!(
        answer.message(),
        "key: \"\" is shorter than 1 character; includeArchived: boolean expected, not `maybe`; \
         limit: 0 is less than the minimum of 1"
    );
}

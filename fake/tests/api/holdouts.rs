//! Holdout groups.

use amplitude_experiment_management::models::{
    EvaluationMode, ExperimentCreate, HoldoutCreate, HoldoutUpdate, Id,
};
use serde_json::json;

use crate::mutexes::parents;
use crate::support::{P, World, raw, refusal, refused, world};

/// Drives all operations of the family, and reads back after each write.
pub async fn story(world: &World) {
    let holdouts = world.client.holdouts();
    let made = holdouts.create(HoldoutCreate::new(P, "Growth", 5)).await.unwrap();
    assert_eq!(holdouts.list().await.unwrap().holdouts[0].id, made.id);
    let update = HoldoutUpdate::new().name("Other").individual_exclusion(["ceo@example.com"]);
    holdouts.update(&made.id, update).await.unwrap();
    let group = holdouts.get(&made.id).await.unwrap();
    assert_eq!(group.name, "Other");
    assert_eq!(group.individual_exclusion, Some(vec!["ceo@example.com".to_owned()]));
}

#[tokio::test]
async fn a_group_is_what_it_was_made_of_and_has_defaults() {
    let world = world().await;
    let a = world.experiment("a").await;
    let create = HoldoutCreate::new(P, "Growth", 5)
        .experiments([&a])
        .individual_inclusion(["in"])
        .individual_exclusion(["out"]);
    let id = world.client.holdouts().create(create).await.unwrap().id;
    let group = world.client.holdouts().get(&id).await.unwrap();
    assert!(group.key.starts_with("holdout-"), "{}", group.key);
    assert_eq!(group.holdout_percentage, 5);
    assert_eq!(group.variant_name.as_deref(), Some("on"));
    assert_eq!(group.evaluation_mode, Some(EvaluationMode::Remote));
    assert_eq!(json!(group.experiments), json!([a.as_str().parse::<u64>().unwrap()]));
    assert_eq!(group.individual_inclusion, Some(vec!["in".to_owned()]));
    let expected = json!({ "flags": { (id.as_str()): ["on"] }, "operator": "all" });
    assert_eq!(parents(&world, &a).await, expected);
}

#[tokio::test]
async fn a_share_is_1_to_99_and_fixed_after_creation() {
    let world = world().await;
    let holdouts = world.client.holdouts();
    for (percentage, expected) in [
        (0, "holdoutPercentage: 0 is less than the minimum of 1"),
        (100, "holdoutPercentage: 100 is greater than the maximum of 99"),
    ] {
        let outcome = holdouts.create(HoldoutCreate::new(P, "Growth", percentage)).await;
        refused(outcome, 400, expected);
    }
    let id = holdouts.create(HoldoutCreate::new(P, "Growth", 99)).await.unwrap().id;
    let body = r#"{"holdoutPercentage": 1, "description": "x"}"#;
    let answer = raw::api(&world.fake, "PATCH", &format!("/holdouts/{id}"), body).await;
    assert_eq!(answer.status, 200, "what is unknown is ignored");
    let group = holdouts.get(&id).await.unwrap();
    assert_eq!((group.holdout_percentage, group.description), (99, "x".into()));
}

#[tokio::test]
async fn experiments_are_evaluated_where_the_group_is() {
    let world = world().await;
    let holdouts = world.client.holdouts();
    let local = ExperimentCreate::new(P, "local").evaluation_mode(EvaluationMode::Local);
    let local = world.client.experiments().create(local).await.unwrap().id;
    let create = HoldoutCreate::new(P, "Growth", 5).experiments([&local]);
    let problem =
        format!("experiments[0]: experiment {local} is evaluated `local`, the group `remote`");
    refused(holdouts.create(create.clone()).await, 400, &problem);
    let create = create.evaluation_mode(EvaluationMode::Local);
    let id = holdouts.create(create).await.unwrap().id;
    let remote = world.experiment("remote").await;
    let (status, message) =
        refusal(holdouts.update(&id, HoldoutUpdate::new().experiments([&remote])).await);
    assert_eq!(status, 400);
    assert!(message.ends_with("is evaluated `remote`, the group `local`"), "{message}");
}

#[tokio::test]
async fn lists_are_replaced_and_members_must_be_there() {
    let world = world().await;
    let holdouts = world.client.holdouts();
    let (a, b) = (world.experiment("a").await, world.experiment("b").await);
    let create = HoldoutCreate::new(P, "Growth", 5).experiments([&a]);
    let id = holdouts.create(create).await.unwrap().id;
    let update = |ids: &[&Id]| HoldoutUpdate::new().experiments(ids.iter().copied());
    holdouts.update(&id, update(&[&b])).await.unwrap();
    assert!(parents(&world, &a).await.is_null());
    assert!(!parents(&world, &b).await.is_null());
    let before = world.fake.snapshot();
    let problem = format!("experiments[1]: experiment {a} is given twice");
    refused(holdouts.update(&id, update(&[&a, &a])).await, 400, &problem);
    let problem = format!("experiments[0]: there is no experiment {id} in project {P}");
    refused(holdouts.update(&id, update(&[&id])).await, 400, &problem);
    assert_eq!(world.fake.snapshot(), before);
}

#[tokio::test]
async fn archiving_a_group_releases_its_experiments() {
    let world = world().await;
    let holdouts = world.client.holdouts();
    let a = world.experiment("a").await;
    let create = HoldoutCreate::new(P, "Growth", 5).experiments([&a]);
    let id = holdouts.create(create).await.unwrap().id;
    holdouts.update(&id, HoldoutUpdate::new().archive(true)).await.unwrap();
    assert_eq!(holdouts.get(&id).await.unwrap().deleted, Some(true));
    assert!(parents(&world, &a).await.is_null());
    holdouts.update(&id, HoldoutUpdate::new().archive(false)).await.unwrap();
    assert!(!parents(&world, &a).await.is_null());
}

//! What only experiments have.

use amplitude_experiment_fake::{Fake, Limits, Seed};
use amplitude_experiment_management::Nullable;
use amplitude_experiment_management::models::{
    Decision, ExperimentState, ExperimentType, ExperimentUpdate, ExposureEvent, VariantUpdate,
};
use serde_json::json;

use crate::support::{P, World, raw, refused, world, world_of};

#[tokio::test]
async fn an_experiment_is_a_feature_experiment_with_a_life_cycle() {
    let world = world().await;
    let experiments = world.client.experiments();
    let id = world.experiment("a").await;
    let read = async || experiments.get(&id).await.unwrap();
    let edit = async |update| experiments.update(&id, update).await.unwrap();
    let new = read().await;
    assert_eq!(new.state, Nullable::Value(ExperimentState::Planning));
    assert_eq!(new.experiment_type, Nullable::Value(ExperimentType::ABTest));
    assert_eq!(new.delivery_method, Nullable::Value("feature".into()));
    assert_eq!((new.sticky_bucketing, new.decision), (Some(false), Nullable::Null));

    edit(ExperimentUpdate::new().enabled(true).start_date("2025-03-01T09:00:00Z")).await;
    let running = read().await;
    assert_eq!(running.state, Nullable::Value(ExperimentState::Running));
    assert_eq!(running.start_date, "2025-03-01".into(), "instants are written and days are read");

    let decided = ExperimentUpdate::new()
        .decision(Decision::Rollout)
        .decision_reason("it won")
        .rolled_out_variant("treatment")
        .sticky_bucketing(true)
        .experiment_type(ExperimentType::MultiArmBandit);
    edit(decided).await;
    let done = read().await;
    assert_eq!(done.state, Nullable::Value(ExperimentState::DecisionMade));
    assert_eq!(done.decision_reason, "it won".into());
    assert_eq!(done.rolled_out_variant, "treatment".into());
    assert_eq!(done.experiment_type, Nullable::Value(ExperimentType::MultiArmBandit));
}

#[tokio::test]
async fn the_end_date_is_left_removed_or_set() {
    let world = world().await;
    let experiments = world.client.experiments();
    let id = world.experiment("a").await;
    let end_after = async |update| {
        experiments.update(&id, update).await.unwrap();
        experiments.get(&id).await.unwrap().end_date
    };
    let set = ExperimentUpdate::new().end_date("2025-03-01T23:30:00-05:00");
    assert_eq!(end_after(set).await, "2025-03-02".into(), "the day in UTC");
    assert_eq!(end_after(ExperimentUpdate::new().enabled(true)).await, "2025-03-02".into());
    assert_eq!(end_after(ExperimentUpdate::new().end_date(Nullable::Null)).await, Nullable::Null);
    let wrong = ExperimentUpdate::new().end_date("tomorrow");
    let problem = "endDate: `tomorrow` is not an ISO 8601 instant";
    refused(experiments.update(&id, wrong).await, 400, problem);
}

#[tokio::test]
async fn the_exposure_event_is_left_set_or_back_at_its_default() {
    let world = world().await;
    let experiments = world.client.experiments();
    let id = world.experiment("a").await;
    let event_after = async |update| {
        experiments.update(&id, update).await.unwrap();
        experiments.get(&id).await.unwrap().exposure_event
    };
    let event = ExposureEvent::new("_active", []);
    let set = ExperimentUpdate::new().exposure_event(event.clone());
    assert_eq!(event_after(set).await, Nullable::Value(event.clone()));
    let other = ExperimentUpdate::new().description("x");
    assert_eq!(event_after(other).await, Nullable::Value(event));
    let removed = ExperimentUpdate::new().exposure_event(Nullable::Null);
    assert!(event_after(removed).await.value().is_none());
}

#[tokio::test]
async fn the_rolled_out_variant_is_named_by_key_or_name_and_follows_it() {
    let world = world().await;
    let experiments = world.client.experiments();
    let id = world.experiment("a").await;
    let named = VariantUpdate::new().name("The new one");
    experiments.update_variant(&id, "treatment", named).await.unwrap();
    let update = ExperimentUpdate::new().rolled_out_variant("The new one");
    experiments.update(&id, update).await.unwrap();
    let rolled_out = async || experiments.get(&id).await.unwrap().rolled_out_variant;
    assert_eq!(rolled_out().await, "treatment".into());
    let renamed = VariantUpdate::new().key("winner");
    experiments.update_variant(&id, "treatment", renamed).await.unwrap();
    assert_eq!(rolled_out().await, "winner".into());
    experiments.delete_variant(&id, "winner").await.unwrap();
    assert_eq!(rolled_out().await, Nullable::Null);
    let update = ExperimentUpdate::new().rolled_out_variant("winner");
    let problem = "rolledOutVariant: there is no variant `winner`";
    refused(experiments.update(&id, update).await, 400, problem);
}

/// A web experiment, an experiment of Guides and Surveys, and an ordinary one.
async fn three_kinds() -> World {
    let seed = Seed::new()
        .experiment(json!({ "projectId": P, "key": "web", "id": 1, "deliveryMethod": "web" }))
        .experiment(json!({ "projectId": P, "key": "guide", "id": 2, "guide": true }))
        .experiment(json!({ "projectId": P, "key": "feature", "id": 3 }));
    world_of(Fake::builder().limits(Limits::off()).seed(seed)).await
}

#[tokio::test]
async fn web_experiments_and_guides_can_be_read_and_not_edited() {
    let World { client, fake } = &three_kinds().await;
    let before = fake.snapshot();
    for (id, what) in [("1", "a web experiment"), ("2", "an experiment of Guides and Surveys")] {
        client.experiments().get(id).await.unwrap();
        let outcome = client.experiments().update(id, ExperimentUpdate::new().enabled(true)).await;
        refused(outcome, 405, &format!("{what} cannot be edited"));
        let answer = raw::api(fake, "PATCH", &format!("/experiments/{id}"), "{}").await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET")));
    }
    assert_eq!(fake.snapshot(), before);
}

#[tokio::test]
async fn lists_hold_feature_and_web_experiments_told_apart_by_delivery_method() {
    let World { client, .. } = &three_kinds().await;
    let ids = async |method: Option<&str>| {
        let list = client.experiments().list();
        let list = match method {
            Some(method) => list.delivery_method(method),
            None => list,
        };
        let found = list.await.unwrap().experiments;
        found.iter().map(|own| own.id.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(None).await, ["3", "1"]);
    assert_eq!(ids(Some("web")).await, ["1"]);
    assert_eq!(ids(Some("feature")).await, ["3"]);
}

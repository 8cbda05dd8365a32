//! Experiments themselves: facts 2.2, rows 1 to 6 and 20 to 22.
use amplitude_experiment_management::Nullable;
use amplitude_experiment_management::models::{
    DeploymentAttachment, ExperimentCreate, ExperimentUpdate, ExposureEvent, ExposureFilter,
};
use serde_json::json;

use crate::support::{Answer, exchange, samples};

#[tokio::test]
pub async fn list_sends_every_filter_and_decodes_the_envelope() {
    // C7: the cursor stands beside the array, not in it.
    let answer = Answer::json(&json!({
        "experiments": [samples::experiment()],
        "nextCursor": null,
    }));
    let (seen, list) = exchange(answer, |client| async move {
        let list = client.experiments().list().key("onboarding-cards").project_id("289220");
        list.include_archived(false).delivery_method("web").limit(1).cursor("7").send().await
    })
    .await;
    seen.expect(
        "GET /api/1/experiments?key=onboarding-cards&projectId=289220&includeArchived=false\
         &deliveryMethod=web&limit=1&cursor=7",
    );
    let list = list.expect("the sample of a list");
    assert_eq!(list.experiments[0].key, "onboarding-cards");
    assert!(list.next_cursor.is_null());
}

/// C28: the key is described as "the flag key", and is the experiment's.
#[tokio::test]
pub async fn create_sends_the_experiment_type() {
    let answer = Answer::json(&samples::created());
    let (seen, created) = exchange(answer, |client| async move {
        let body = ExperimentCreate::new("289220", "onboarding-cards")
            .experiment_type("multi-arm-bandit")
            .rollout_weights([("control", 1), ("treatment", 1)])
            .evaluation_mode("local")
            .bucketing_key("device_id")
            .deployments(["14"]);
        client.experiments().create(body).send().await
    })
    .await;
    let body = json!({
        "projectId": "289220",
        "key": "onboarding-cards",
        "experimentType": "multi-arm-bandit",
        "rolloutWeights": { "control": 1, "treatment": 1 },
        "evaluationMode": "local",
        "bucketingKey": "device_id",
        "deployments": ["14"],
    });
    seen.expect_json("POST /api/1/experiments", body);
    assert_eq!(created.expect("the sample of a create").id, "848346");
}

#[tokio::test]
pub async fn get_decodes_the_life_of_an_experiment() {
    let answer = Answer::json(&samples::experiment());
    let (seen, experiment) =
        exchange(answer, |client| client.experiments().get("183980").send()).await;
    seen.expect("GET /api/1/experiments/183980");
    let experiment = experiment.expect("the sample of an experiment");
    assert_eq!(experiment.id, "183980");
    assert_eq!(experiment.state.value().expect("it runs").as_str(), "running");
    let kind = experiment.experiment_type.value().expect("an older name");
    assert_eq!(kind.as_str(), "hypothesis-testing");
    // C26: a bare day is read, and is not taken for an instant.
    assert_eq!(experiment.start_date.as_deref(), Some("2024-02-22"));
    assert!(experiment.end_date.is_null());
    assert!(experiment.decision.is_null());
    assert!(experiment.rolled_out_variant.is_null());
    assert_eq!(experiment.sticky_bucketing, Some(false));
    assert_eq!(experiment.delivery_method.value().expect("2026").as_str(), "feature");
    assert!(experiment.exposure_event.is_absent());
    // C19: details lack these, lists have them: they are optional.
    assert_eq!(experiment.created_at, None);
}

/// Facts 3.10: null means something for `endDate` and `exposureEvent`.
#[tokio::test]
pub async fn update_tells_null_from_absent() {
    let (seen, updated) = exchange(Answer::ok_text(), |client| async move {
        let body = ExperimentUpdate::new()
            .end_date(Nullable::Null)
            .exposure_event(Nullable::Null)
            .sticky_bucketing(true)
            .experiment_type("a-b-test")
            .decision("rollout")
            .decision_reason("")
            .rolled_out_variant("treatment")
            // C26: requests take a full instant.
            .start_date("2025-03-10T00:00:00Z");
        client.experiments().update("183980", body).send().await
    })
    .await;
    let body = json!({
        "endDate": null,
        "exposureEvent": null,
        "stickyBucketing": true,
        "experimentType": "a-b-test",
        "decision": "rollout",
        "decisionReason": "",
        "rolledOutVariant": "treatment",
        "startDate": "2025-03-10T00:00:00Z",
    });
    seen.expect_json("PATCH /api/1/experiments/183980", body);
    updated.expect("`OK`");
}

#[tokio::test]
async fn update_of_nothing_sends_an_empty_object() {
    let (seen, updated) = exchange(Answer::new(200, ""), |client| {
        client.experiments().update("183980", ExperimentUpdate::new()).send()
    })
    .await;
    seen.expect_json("PATCH /api/1/experiments/183980", json!({}));
    updated.expect("an empty body");
}

/// C12: `subprop_key` must be there and may be null. C13: `day_time_prop` of the vendor's own sample
/// is as good as the three documented types.
#[tokio::test]
async fn update_sends_an_exposure_event() {
    let (seen, updated) = exchange(Answer::ok_text(), |client| async move {
        let any = ExposureFilter::new(None, "is", "day_time_prop", ["Monday"]);
        let named = ExposureFilter::new("plan".to_owned(), "glob match", "group", ["pro*"]);
        let event = ExposureEvent::new("_active", [any.group_type("User"), named]);
        let body = ExperimentUpdate::new().exposure_event(event).end_date("2025-04-01T00:00:00Z");
        client.experiments().update("183980", body).send().await
    })
    .await;
    let body = json!({
        "exposureEvent": {
            "event_type": "_active",
            "filters": [
                {
                    "group_type": "User",
                    "subprop_key": null,
                    "subprop_op": "is",
                    "subprop_type": "day_time_prop",
                    "subprop_value": ["Monday"],
                },
                {
                    "subprop_key": "plan",
                    "subprop_op": "glob match",
                    "subprop_type": "group",
                    "subprop_value": ["pro*"],
                },
            ],
        },
        "endDate": "2025-04-01T00:00:00Z",
    });
    seen.expect_json("PATCH /api/1/experiments/183980", body);
    updated.expect("`OK`");
}

/// Facts 1.4: web experiments, and those of Guides and Surveys, cannot be edited.
#[tokio::test]
async fn update_of_a_web_experiment_is_405() {
    let (_, updated) = exchange(Answer::new(405, "web experiments cannot be edited"), |client| {
        client.experiments().update("183980", ExperimentUpdate::new().enabled(true)).send()
    })
    .await;
    let error = updated.expect_err("405 is no success");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(405));
    assert_eq!(error.message(), Some("web experiments cannot be edited"));
    assert!(!error.is_ambiguous(), "it was not executed");
}

#[tokio::test]
pub async fn versions_of_an_experiment_are_a_bare_array() {
    let answer = Answer::json(&json!([samples::version(), samples::version()]));
    let (seen, versions) =
        exchange(answer, |client| client.experiments().list_versions("183980").send()).await;
    seen.expect("GET /api/1/experiments/183980/versions");
    assert_eq!(versions.expect("an array").len(), 2);
}

/// C18 and C20: the number is the name, and `state` is not in the snapshot.
#[tokio::test]
pub async fn a_version_is_asked_for_by_its_number() {
    let answer = Answer::json(&samples::version());
    let (seen, version) =
        exchange(answer, |client| client.experiments().get_version("183980", 12).send()).await;
    seen.expect("GET /api/1/experiments/183980/versions/12");
    let config = version.expect("the sample of a version").flag_config;
    assert!(config.state.is_absent());
    assert_eq!(config.experiment_type.value().expect("an experiment").as_str(), "a-b-test");
}

#[tokio::test]
pub async fn deployments_of_an_experiment_are_a_bare_array() {
    let answer = Answer::json(&json!([]));
    let (seen, deployments) =
        exchange(answer, |client| client.experiments().list_deployments("183980").send()).await;
    seen.expect("GET /api/1/experiments/183980/deployments");
    assert!(deployments.expect("an empty array").is_empty());
}

#[tokio::test]
pub async fn added_deployments_are_texts() {
    let (seen, added) = exchange(Answer::ok_text(), |client| async move {
        let body = DeploymentAttachment::new(["14"]);
        client.experiments().add_deployments("183980", body).send().await
    })
    .await;
    let body = json!({ "deployments": ["14"] });
    seen.expect_json("POST /api/1/experiments/183980/deployments", body);
    added.expect("`OK`");
}

#[tokio::test]
pub async fn a_deployment_is_taken_off_by_its_id() {
    let (seen, deleted) = exchange(Answer::ok_text(), |client| {
        client.experiments().delete_deployment("183980", "14").send()
    })
    .await;
    seen.expect("DELETE /api/1/experiments/183980/deployments/14");
    deleted.expect("`OK`");
}

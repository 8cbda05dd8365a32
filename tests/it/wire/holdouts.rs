//! Holdout groups: facts 2.4.
use amplitude_experiment_management::models::{HoldoutCreate, HoldoutUpdate};
use serde_json::json;

use crate::support::{Answer, exchange, samples};

/// C4: one sample calls `/holdout`.
#[tokio::test]
pub async fn list_is_asked_for_in_the_plural() {
    let answer = Answer::json(&json!({ "holdouts": [samples::holdout()], "nextCursor": "" }));
    let (seen, list) = exchange(answer, |client| client.holdouts().list().limit(1000).send()).await;
    seen.expect("GET /api/1/holdouts?limit=1000");
    let list = list.expect("the sample of a list");
    assert_eq!(list.holdouts[0].holdout_percentage, 5);
    assert_eq!(list.next_cursor.value().expect("it is there").as_str(), "");
}

/// C11: the project is a number, whatever it was given as. C23: the key is free to be left out.
#[tokio::test]
pub async fn create_sends_integers() {
    let answer = Answer::json(&samples::created());
    let (seen, created) = exchange(answer, |client| async move {
        let body = HoldoutCreate::new("289220", "Half-year holdout", 5)
            .description("")
            .evaluation_mode("remote")
            .bucketing_key("amplitude_id")
            .experiments([183_980])
            .individual_inclusion(["qa@example.com"])
            .individual_exclusion([""; 0]);
        client.holdouts().create(body).send().await
    })
    .await;
    let body = json!({
        "projectId": 289220,
        "name": "Half-year holdout",
        "holdoutPercentage": 5,
        "description": "",
        "evaluationMode": "remote",
        "bucketingKey": "amplitude_id",
        "experiments": [183980],
        "individualInclusion": ["qa@example.com"],
        "individualExclusion": [],
    });
    seen.expect_json("POST /api/1/holdouts", body);
    assert_eq!(created.expect("the sample of a create").id, "848346");
}

/// Facts 8, question 6: people are e-mails or numbers.
#[tokio::test]
pub async fn get_decodes_people_of_both_kinds() {
    let answer = Answer::json(&samples::holdout());
    let (seen, holdout) = exchange(answer, |client| client.holdouts().get("612077").send()).await;
    seen.expect("GET /api/1/holdouts/612077");
    let holdout = holdout.expect("the sample of a group");
    assert_eq!(holdout.created_by.value().expect("a number").as_str(), "1017");
    assert_eq!(holdout.last_modified_by.value().expect("an e-mail").as_str(), "dev@example.com");
    assert_eq!(holdout.variant_name.as_deref(), Some("on"));
    let experiments = holdout.experiments.expect("one");
    assert_eq!(experiments[0].as_i64(), Some(183_980));
}

#[tokio::test]
pub async fn update_replaces_lists() {
    let (seen, updated) = exchange(Answer::ok_text(), |client| async move {
        let body = HoldoutUpdate::new()
            .name("n")
            .description("")
            .experiments(["55741"])
            .individual_inclusion([""; 0])
            .individual_exclusion(["ceo@example.com"])
            .archive(true);
        client.holdouts().update("612077", body).send().await
    })
    .await;
    let body = json!({
        "name": "n",
        "description": "",
        "experiments": [55741],
        "individualInclusion": [],
        "individualExclusion": ["ceo@example.com"],
        "archive": true,
    });
    seen.expect_json("PATCH /api/1/holdouts/612077", body);
    updated.expect("`OK`");
}

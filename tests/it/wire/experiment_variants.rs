//! Variants of experiments: facts 2.2, rows 7 to 19.
use amplitude_experiment_management::models::{
    BulkDeleteCohorts, BulkDeleteUsers, CohortInclusions, UserInclusions, VariantCreate,
    VariantUpdate,
};
use serde_json::json;

use crate::support::{Answer, exchange, samples};

#[tokio::test]
pub async fn list_is_a_bare_array() {
    let answer = Answer::json(&json!([samples::variant(), { "key": "off", "payload": {} }]));
    let (seen, variants) =
        exchange(answer, |client| client.experiments().list_variants("183980").send()).await;
    seen.expect("GET /api/1/experiments/183980/variants");
    let variants = variants.expect("an array");
    assert_eq!(variants[0].key, "treatment");
    assert_eq!(variants[0].rollout_weight, Some(1.0));
    assert_eq!(variants[1].payload.value(), Some(&json!({})));
    assert_eq!(variants[1].rollout_weight, None);
}

#[tokio::test]
pub async fn create_sends_any_payload() {
    let (seen, created) = exchange(Answer::ok_text(), |client| async move {
        let body = VariantCreate::new("treatment-2").payload(json!("text")).rollout_weight(12);
        client.experiments().create_variant("183980", body).send().await
    })
    .await;
    let body = json!({ "key": "treatment-2", "payload": "text", "rolloutWeight": 12 });
    seen.expect_json("POST /api/1/experiments/183980/variants", body);
    created.expect("`OK`, and not the variant");
}

/// Facts 3.3: vendor tests write a bare number.
#[tokio::test]
pub async fn get_decodes_the_payload() {
    let answer = Answer::json(&json!({ "key": "treatment", "payload": 2, "rolloutWeight": 0.5 }));
    let (seen, variant) =
        exchange(answer, |client| client.experiments().get_variant("183980", "treatment").send())
            .await;
    seen.expect("GET /api/1/experiments/183980/variants/treatment");
    let variant = variant.expect("a variant without a name");
    assert_eq!(variant.name, None);
    assert_eq!(variant.payload.value(), Some(&json!(2)));
    assert_eq!(variant.rollout_weight, Some(0.5));
}

/// C1: the twin of the flags page, where the documentation says PATCH in both places.
#[tokio::test]
pub async fn edit_is_patch_and_renames() {
    let (seen, updated) = exchange(Answer::ok_text(), |client| async move {
        let body =
            VariantUpdate::new().key("winner").name("Winner").description("").payload(json!([]));
        client.experiments().update_variant("183980", "treatment", body).send().await
    })
    .await;
    let body = json!({ "key": "winner", "name": "Winner", "description": "", "payload": [] });
    seen.expect_json("PATCH /api/1/experiments/183980/variants/treatment", body);
    updated.expect("`OK`");
}

#[tokio::test]
pub async fn delete_has_no_body() {
    let (seen, deleted) = exchange(Answer::ok_text(), |client| {
        client.experiments().delete_variant("183980", "on").send()
    })
    .await;
    seen.expect("DELETE /api/1/experiments/183980/variants/on");
    deleted.expect("`OK`");
}

#[tokio::test]
pub async fn users_are_a_bare_array_of_text() {
    let answer = Answer::json(&json!(["dev@example.com", "17"]));
    let (seen, users) =
        exchange(answer, |client| client.experiments().list_variant_users("183980", "on").send())
            .await;
    seen.expect("GET /api/1/experiments/183980/variants/on/users");
    assert_eq!(users.expect("an array"), ["dev@example.com", "17"]);
}

/// C16: one sample joins three ids with commas; an array with one id each is right.
#[tokio::test]
pub async fn added_users_are_one_id_per_entry() {
    let (seen, added) = exchange(Answer::ok_text(), |client| async move {
        let body = UserInclusions::new(["a@example.com", "b@example.com"]);
        client.experiments().add_variant_users("183980", "on", body).send().await
    })
    .await;
    let body = json!({ "inclusions": ["a@example.com", "b@example.com"] });
    seen.expect_json("POST /api/1/experiments/183980/variants/on/users", body);
    added.expect("`OK`");
}

#[tokio::test]
pub async fn all_users_are_deleted_without_a_body() {
    let (seen, deleted) = exchange(Answer::ok_text(), |client| {
        client.experiments().delete_all_variant_users("183980", "on").send()
    })
    .await;
    seen.expect("DELETE /api/1/experiments/183980/variants/on/users");
    deleted.expect("`OK`");
}

/// C17: an integer, from 0 on.
#[tokio::test]
pub async fn a_user_is_deleted_by_its_place_from_zero() {
    let (seen, deleted) = exchange(Answer::ok_text(), |client| {
        client.experiments().delete_variant_user("183980", "on", 0).send()
    })
    .await;
    seen.expect("DELETE /api/1/experiments/183980/variants/on/users/0");
    deleted.expect("`OK`");
}

/// C3: `users`, which was `inclusions` for a few weeks of 2024.
#[tokio::test]
pub async fn bulk_delete_of_users_is_a_delete_with_users_in_its_body() {
    let (seen, deleted) = exchange(Answer::ok_text(), |client| async move {
        let body = BulkDeleteUsers::new(["a@example.com", "b@example.com"]);
        client.experiments().bulk_delete_variant_users("183980", "on", body).send().await
    })
    .await;
    let body = json!({ "users": ["a@example.com", "b@example.com"] });
    seen.expect_json("DELETE /api/1/experiments/183980/variants/on/bulk-delete-users", body);
    deleted.expect("`OK`");
}

#[tokio::test]
pub async fn cohorts_are_a_bare_array_of_text() {
    let answer = Answer::json(&json!(["x7k2p"]));
    let (seen, cohorts) =
        exchange(answer, |client| client.experiments().list_variant_cohorts("183980", "on").send())
            .await;
    seen.expect("GET /api/1/experiments/183980/variants/on/cohorts");
    assert_eq!(cohorts.expect("an array"), ["x7k2p"]);
}

#[tokio::test]
pub async fn added_cohorts_are_inclusions() {
    let (seen, added) = exchange(Answer::ok_text(), |client| async move {
        let body = CohortInclusions::new(["x7k2p"]);
        client.experiments().add_variant_cohorts("183980", "on", body).send().await
    })
    .await;
    let body = json!({ "inclusions": ["x7k2p"] });
    seen.expect_json("POST /api/1/experiments/183980/variants/on/cohorts", body);
    added.expect("`OK`");
}

/// C2: the member really is called `users`.
#[tokio::test]
pub async fn bulk_delete_of_cohorts_sends_users_too() {
    let (seen, deleted) = exchange(Answer::ok_text(), |client| async move {
        let body = BulkDeleteCohorts::new(["x7k2p", "q1w2e"]);
        client.experiments().bulk_delete_variant_cohorts("183980", "on", body).send().await
    })
    .await;
    let body = json!({ "users": ["x7k2p", "q1w2e"] });
    seen.expect_json("DELETE /api/1/experiments/183980/variants/on/bulk-delete-cohorts", body);
    deleted.expect("`OK`");
}

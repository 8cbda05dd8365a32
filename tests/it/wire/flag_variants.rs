//! Variants of flags: facts 2.1, rows 7 to 19.
use amplitude_experiment_management::models::{
    BulkDeleteCohorts, BulkDeleteUsers, CohortInclusions, UserInclusions, VariantCreate,
    VariantUpdate,
};
use serde_json::json;

use crate::support::{Answer, Server, client_of, exchange, samples};

#[tokio::test]
pub async fn list_is_a_bare_array() {
    let answer = Answer::json(&json!([samples::variant(), { "key": "off", "payload": {} }]));
    let (seen, variants) =
        exchange(answer, |client| client.flags().list_variants("848345").send()).await;
    seen.expect("GET /api/1/flags/848345/variants");
    let variants = variants.expect("an array");
    assert_eq!(variants[0].key, "treatment");
    assert_eq!(variants[0].rollout_weight, Some(1.0));
    assert_eq!(variants[1].payload.value(), Some(&json!({})));
    assert_eq!(variants[1].rollout_weight, None);
}

#[tokio::test]
pub async fn create_sends_a_whole_weight() {
    let (seen, created) = exchange(Answer::ok_text(), |client| async move {
        let body = VariantCreate::new("treatment")
            .name("Treatment")
            .description("")
            .payload(json!({ "cards": 3 }))
            .rollout_weight(1);
        client.flags().create_variant("848345", body).send().await
    })
    .await;
    let body = json!({
        "key": "treatment",
        "name": "Treatment",
        "description": "",
        "payload": { "cards": 3 },
        "rolloutWeight": 1,
    });
    seen.expect_json("POST /api/1/flags/848345/variants", body);
    created.expect("`OK`, and not the variant");
}

#[tokio::test]
pub async fn get_encodes_the_key() {
    let answer = Answer::json(&samples::variant());
    let (seen, variant) =
        exchange(answer, |client| client.flags().get_variant("848345", "a b/c").send()).await;
    seen.expect("GET /api/1/flags/848345/variants/a%20b%2Fc");
    let variant = variant.expect("the sample of a variant");
    assert_eq!(variant.name.as_deref(), Some("Treatment"));
    assert_eq!(variant.payload.value(), Some(&json!({ "cards": 3 })));
}

/// C1: the heading says POST; the vendor's own suites PATCH. And a JSON parser would throw here,
/// after the write.
#[tokio::test]
pub async fn edit_is_patch_and_its_ok_text_is_not_parsed() {
    let (seen, updated) = exchange(Answer::ok_text(), |client| async move {
        let body = VariantUpdate::new().rollout_weight(0);
        client.flags().update_variant("848345", "on", body).send().await
    })
    .await;
    seen.expect_json("PATCH /api/1/flags/848345/variants/on", json!({ "rolloutWeight": 0 }));
    updated.expect("`OK`");
}

/// C27: a payload is any JSON value, and not a text with JSON in it.
#[tokio::test]
async fn edit_sends_a_payload_of_any_kind() {
    let payloads = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1.5),
        json!("{\"a\":1}"),
        json!([]),
        json!([null, { "a": [1] }]),
        json!({}),
    ];
    let server = Server::start(payloads.clone().map(|_| Answer::ok_text())).await;
    let client = client_of(&server);
    for payload in payloads {
        let body = VariantUpdate::new().payload(payload.clone());
        client.flags().update_variant("848345", "on", body).send().await.expect("`OK`");
        let line = "PATCH /api/1/flags/848345/variants/on";
        server.take().expect_json(line, json!({ "payload": payload }));
    }
}

#[tokio::test]
pub async fn delete_has_no_body() {
    let (seen, deleted) =
        exchange(Answer::ok_text(), |client| client.flags().delete_variant("848345", "on").send())
            .await;
    seen.expect("DELETE /api/1/flags/848345/variants/on");
    deleted.expect("`OK`");
}

#[tokio::test]
pub async fn users_are_a_bare_array_of_text() {
    let answer = Answer::json(&json!(["dev@example.com", "17"]));
    let (seen, users) =
        exchange(answer, |client| client.flags().list_variant_users("848345", "on").send()).await;
    seen.expect("GET /api/1/flags/848345/variants/on/users");
    assert_eq!(users.expect("an array"), ["dev@example.com", "17"]);
}

/// C16: one sample joins three ids with commas; an array with one id each is right.
#[tokio::test]
pub async fn added_users_are_one_id_per_entry() {
    let (seen, added) = exchange(Answer::ok_text(), |client| async move {
        let body = UserInclusions::new(["a@example.com", "b@example.com"]);
        client.flags().add_variant_users("848345", "on", body).send().await
    })
    .await;
    let body = json!({ "inclusions": ["a@example.com", "b@example.com"] });
    seen.expect_json("POST /api/1/flags/848345/variants/on/users", body);
    added.expect("`OK`");
}

#[tokio::test]
pub async fn all_users_are_deleted_without_a_body() {
    let (seen, deleted) = exchange(Answer::ok_text(), |client| {
        client.flags().delete_all_variant_users("848345", "on").send()
    })
    .await;
    seen.expect("DELETE /api/1/flags/848345/variants/on/users");
    deleted.expect("`OK`");
}

/// C17: an integer, from 0 on.
#[tokio::test]
pub async fn a_user_is_deleted_by_its_place_from_zero() {
    let (seen, deleted) = exchange(Answer::ok_text(), |client| {
        client.flags().delete_variant_user("848345", "on", 0).send()
    })
    .await;
    seen.expect("DELETE /api/1/flags/848345/variants/on/users/0");
    deleted.expect("`OK`");
}

/// C3: `users`, which was `inclusions` for a few weeks of 2024.
#[tokio::test]
pub async fn bulk_delete_of_users_is_a_delete_with_users_in_its_body() {
    let (seen, deleted) = exchange(Answer::ok_text(), |client| async move {
        let body = BulkDeleteUsers::new(["a@example.com", "b@example.com"]);
        client.flags().bulk_delete_variant_users("848345", "on", body).send().await
    })
    .await;
    let body = json!({ "users": ["a@example.com", "b@example.com"] });
    seen.expect_json("DELETE /api/1/flags/848345/variants/on/bulk-delete-users", body);
    deleted.expect("`OK`");
}

#[tokio::test]
pub async fn cohorts_are_a_bare_array_of_text() {
    let answer = Answer::json(&json!(["x7k2p"]));
    let (seen, cohorts) =
        exchange(answer, |client| client.flags().list_variant_cohorts("848345", "on").send()).await;
    seen.expect("GET /api/1/flags/848345/variants/on/cohorts");
    assert_eq!(cohorts.expect("an array"), ["x7k2p"]);
}

#[tokio::test]
pub async fn added_cohorts_are_inclusions() {
    let (seen, added) = exchange(Answer::ok_text(), |client| async move {
        let body = CohortInclusions::new(["x7k2p"]);
        client.flags().add_variant_cohorts("848345", "on", body).send().await
    })
    .await;
    let body = json!({ "inclusions": ["x7k2p"] });
    seen.expect_json("POST /api/1/flags/848345/variants/on/cohorts", body);
    added.expect("`OK`");
}

/// C2: the member really is called `users`.
#[tokio::test]
pub async fn bulk_delete_of_cohorts_sends_users_too() {
    let (seen, deleted) = exchange(Answer::ok_text(), |client| async move {
        let body = BulkDeleteCohorts::new(["x7k2p", "q1w2e"]);
        client.flags().bulk_delete_variant_cohorts("848345", "on", body).send().await
    })
    .await;
    let body = json!({ "users": ["x7k2p", "q1w2e"] });
    seen.expect_json("DELETE /api/1/flags/848345/variants/on/bulk-delete-cohorts", body);
    deleted.expect("`OK`");
}

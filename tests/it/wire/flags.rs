//! Flags themselves: facts 2.1, rows 1 to 6 and 20 to 22.
use amplitude_experiment_management::models::{
    Condition, DeploymentAttachment, FlagCreate, FlagUpdate, TargetSegment, VariantSpec,
};
use serde_json::json;

use crate::support::{Answer, Server, client_of, exchange, samples};

#[tokio::test]
pub async fn list_sends_every_filter_and_decodes_the_envelope() {
    let answer = Answer::json(&json!({
        "flags": [samples::flag(), samples::least_flag()],
        "nextCursor": "26397",
    }));
    let (seen, list) = exchange(answer, |client| async move {
        let list = client.flags().list().key("checkout-redesign").project_id("217854");
        list.include_archived(true).limit(1000).cursor("26000").send().await
    })
    .await;
    seen.expect(
        "GET /api/1/flags?key=checkout-redesign&projectId=217854&includeArchived=true&limit=1000\
         &cursor=26000",
    );
    let list = list.expect("the sample of a list");
    assert_eq!(list.flags.len(), 2);
    assert_eq!(list.flags[0].id, "848345");
    assert_eq!(list.flags[0].tags, Some(vec!["squad:growth".to_owned()]));
    assert_eq!(list.flags[1].description, None);
    // C8: the cursor is text, whatever it looks like.
    let next = list.next_cursor.value().expect("there is a next page");
    assert_eq!(next.as_str(), "26397");
}

/// Facts 1.3: the default page size is not stated, so a single page asks for nothing.
#[tokio::test]
async fn list_without_filters_has_no_query() {
    let answer = Answer::json(&json!({ "flags": [] }));
    let (seen, list) = exchange(answer, |client| client.flags().list().send()).await;
    seen.expect("GET /api/1/flags");
    let list = list.expect("an empty list");
    assert!(list.flags.is_empty());
    assert!(list.next_cursor.is_absent());
}

#[tokio::test]
pub async fn create_answers_an_id_and_a_link_not_the_flag() {
    let answer = Answer::json(&samples::created());
    let (seen, created) = exchange(answer, |client| async move {
        let condition = Condition::new("country", "is", ["United States"]);
        let segment = TargetSegment::new("Segment 1", [condition], 100.0, [("on", 1.0)]);
        let on = VariantSpec::new("on").name("On").payload(json!({ "cards": 3 }));
        let body = FlagCreate::new("217854", "checkout-redesign")
            .name("Checkout redesign")
            .description("")
            .variants([on, VariantSpec::new("off")])
            .bucketing_key("amplitude_id")
            .rollout_weights([("on", 1), ("off", 3)])
            .target_segments([segment.bucketing_key("amplitude_id")])
            .deployments(["434"])
            .evaluation_mode("remote");
        client.flags().create(body).send().await
    })
    .await;
    // C10: projectId and deployments are strings here.
    let body = json!({
        "projectId": "217854",
        "key": "checkout-redesign",
        "name": "Checkout redesign",
        "description": "",
        "variants": [{ "key": "on", "name": "On", "payload": { "cards": 3 } }, { "key": "off" }],
        "bucketingKey": "amplitude_id",
        "rolloutWeights": { "on": 1, "off": 3 },
        "targetSegments": [{
            "name": "Segment 1",
            "conditions": [
                { "type": "property", "prop": "country", "op": "is", "values": ["United States"] },
            ],
            "percentage": 100,
            "rolloutWeights": { "on": 1 },
            "bucketingKey": "amplitude_id",
        }],
        "deployments": ["434"],
        "evaluationMode": "remote",
    });
    seen.expect_json("POST /api/1/flags", body);
    let created = created.expect("the sample of a create");
    assert_eq!(created.id, "848346");
    // C30: the status is 200 and the link an opaque text.
    assert_eq!(created.url, "http://app.amplitude.com/experiment/289220/848346/configure");
}

/// Facts 1.4: nobody has reported a 201, which wild clients tolerate nevertheless.
#[tokio::test]
async fn create_takes_201_as_well() {
    let answer = Answer::new(201, samples::created().to_string());
    let (seen, created) = exchange(answer, |client| {
        client.flags().create(FlagCreate::new("217854", "dark")).response()
    })
    .await;
    seen.expect_json("POST /api/1/flags", json!({ "projectId": "217854", "key": "dark" }));
    let created = created.expect("any success is one");
    assert_eq!(created.status(), 201);
    assert_eq!(created.value().id, "848346");
}

#[tokio::test]
pub async fn get_decodes_the_whole_flag() {
    let answer = Answer::json(&samples::flag());
    let (seen, flag) = exchange(answer, |client| client.flags().get("848345").send()).await;
    seen.expect("GET /api/1/flags/848345");
    let flag = flag.expect("the sample of a flag");
    assert_eq!(flag.id, "848345");
    assert_eq!(flag.project_id, "217854");
    assert_eq!(flag.deployments, ["434"]);
    assert_eq!(flag.description.as_deref(), Some("two\nlines"));
    assert!(flag.enabled);
    assert_eq!(flag.evaluation_mode.as_str(), "remote");
    assert_eq!(flag.rollout_percentage, 25.0);
    assert_eq!(flag.rollout_weights["off"], 3.0);
    assert_eq!(flag.variants[0].payload.value(), Some(&json!({ "cards": 3 })));
    let segment = &flag.target_segments[0];
    let operator = segment.conditions[1].op.as_ref().expect("it is there");
    assert_eq!(operator.as_str(), "glob does not match");
    let values = segment.conditions[0].values.as_ref().expect("they are there");
    assert_eq!(values, &["United States"]);
    let parents = flag.parent_dependencies.value().expect("the sample has parents");
    assert_eq!(parents.flags.as_ref().expect("by id")["612004"], ["slot-1"]);
    assert_eq!(flag.created_by.as_deref(), Some("dev@example.com"));
    assert!(flag.last_modified_by.is_null());
    assert_eq!(flag.created_at.expect("live lists have it").as_str(), "2025-03-01T10:15:30.123Z");
    assert!(flag.extra.is_empty());
}

/// C10: an id may come as a number; it is text all the same, and asks for the same flag.
#[tokio::test]
async fn get_takes_an_id_of_either_kind() {
    let mut sample = samples::flag();
    sample["id"] = json!(9_007_199_254_740_993_u64);
    let (seen, flag) = exchange(Answer::json(&sample), |client| async move {
        client.flags().get(9_007_199_254_740_993_u64).send().await
    })
    .await;
    seen.expect("GET /api/1/flags/9007199254740993");
    assert_eq!(flag.expect("a numeric id").id, "9007199254740993");
}

#[tokio::test]
pub async fn update_sends_what_is_set_and_does_not_parse_the_answer() {
    let (seen, updated) = exchange(Answer::ok_text(), |client| async move {
        let condition = Condition::new("gp:email", "set is not", ["a@example.com"]);
        let segment = TargetSegment::new("testers", [condition], 12.5, [("on", 1.0), ("off", 0.0)]);
        let body = FlagUpdate::new()
            .name("n")
            .description("")
            .bucketing_key("user_id")
            .bucketing_salt("mHdQDzeE")
            .bucketing_unit("org id")
            .evaluation_mode("local")
            .rollout_percentage(25.0)
            .target_segments([segment])
            .enabled(true)
            .archive(false)
            .tags(["squad:growth"]);
        client.flags().update("848345", body).send().await
    })
    .await;
    let body = json!({
        "name": "n",
        "description": "",
        "bucketingKey": "user_id",
        "bucketingSalt": "mHdQDzeE",
        "bucketingUnit": "org id",
        "evaluationMode": "local",
        "rolloutPercentage": 25,
        "targetSegments": [{
            "name": "testers",
            "conditions": [{
                "type": "property",
                "prop": "gp:email",
                "op": "set is not",
                "values": ["a@example.com"],
            }],
            "percentage": 12.5,
            "rolloutWeights": { "on": 1, "off": 0 },
        }],
        "enabled": true,
        "archive": false,
        "tags": ["squad:growth"],
    });
    seen.expect_json("PATCH /api/1/flags/848345", body);
    updated.expect("`OK` under a JSON content type is a success");
}

/// Facts 1.6: only "200" is promised for edits; what follows was seen, or is possible.
#[tokio::test]
async fn update_takes_any_body_of_a_success() {
    let answers = [
        Answer::new(200, ""),
        Answer::new(204, ""),
        Answer::new(200, "ok").header("content-type", "text/plain"),
        Answer::new(200, "\"OK\"").header("content-type", "application/json"),
        Answer::json(&samples::flag()),
        Answer::new(200, b"\xff\xfe".to_vec()),
    ];
    let server = Server::start(answers.clone()).await;
    let client = client_of(&server);
    for answer in answers {
        let updated = client.flags().update("848345", FlagUpdate::new().tags([""; 0])).send().await;
        updated.unwrap_or_else(|error| panic!("{answer:?}: {error}"));
        server.take().expect_json("PATCH /api/1/flags/848345", json!({ "tags": [] }));
    }
}

#[tokio::test]
pub async fn versions_of_a_flag_are_a_bare_array() {
    let answer = Answer::json(&json!([samples::version()]));
    let (seen, versions) =
        exchange(answer, |client| client.flags().list_versions("848345").send()).await;
    seen.expect("GET /api/1/flags/848345/versions");
    let versions = versions.expect("an array");
    assert_eq!(versions.len(), 1);
    assert_eq!(versions[0].flag_config.key, "chart-grouping");
}

/// C18: versions have no id but their number.
#[tokio::test]
pub async fn a_version_is_asked_for_by_its_number() {
    let answer = Answer::json(&samples::version());
    let (seen, version) =
        exchange(answer, |client| client.flags().get_version("848345", 3).send()).await;
    seen.expect("GET /api/1/flags/848345/versions/3");
    let version = version.expect("the sample of a version");
    assert_eq!(version.version, 3);
    assert_eq!(version.created_at.as_str(), "2023-07-29T03:32:49.594Z");
}

#[tokio::test]
pub async fn deployments_of_a_flag_are_a_bare_array() {
    let answer = Answer::json(&json!([samples::deployment()]));
    let (seen, deployments) =
        exchange(answer, |client| client.flags().list_deployments("848345").send()).await;
    seen.expect("GET /api/1/flags/848345/deployments");
    assert_eq!(deployments.expect("an array")[0].label, "web-prod");
}

/// C10: ids of deployments are strings, also when the caller has numbers.
#[tokio::test]
pub async fn added_deployments_are_texts() {
    let (seen, added) = exchange(Answer::ok_text(), |client| async move {
        let body = DeploymentAttachment::new(["434", "14"]);
        client.flags().add_deployments("848345", body).send().await
    })
    .await;
    let body = json!({ "deployments": ["434", "14"] });
    seen.expect_json("POST /api/1/flags/848345/deployments", body);
    added.expect("`OK`");
}

/// C24: the documentation spells the variable in several ways; only its place counts.
#[tokio::test]
pub async fn a_deployment_is_taken_off_by_its_id() {
    let (seen, deleted) = exchange(Answer::ok_text(), |client| {
        client.flags().delete_deployment("848345", "434").send()
    })
    .await;
    seen.expect("DELETE /api/1/flags/848345/deployments/434");
    deleted.expect("`OK`");
}

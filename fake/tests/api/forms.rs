//! The forms in which numbers, ids and nulls are taken, and those in which they are not.

use amplitude_experiment_management::models::{DeploymentCreate, DeploymentType, ExperimentCreate};
use serde_json::json;

use crate::bad_input::{refused, with_flag};
use crate::support::{P, World, raw, world};

#[tokio::test]
async fn numbers_that_do_not_fit_are_told_with_their_field() {
    let (World { fake, .. }, flag) = &with_flag().await;
    let most = u64::MAX;
    for (method, path, body, problem) in [
        ("PATCH", "/variants/on", json!({ "rolloutWeight": most }), "rolloutWeight: "),
        ("PATCH", "/variants/on", json!({ "rolloutWeight": 1e300 }), "rolloutWeight: "),
        ("PATCH", "/variants/on", json!({ "rolloutWeight": 1.5 }), "rolloutWeight: "),
        ("PATCH", "/variants/on", json!({ "rolloutWeight": -1 }), "rolloutWeight: "),
        ("PATCH", "", json!({ "rolloutPercentage": 1e300 }), "rolloutPercentage: "),
        ("PATCH", "", json!({ "rolloutPercentage": "50" }), "rolloutPercentage: "),
    ] {
        let body = body.to_string();
        let (status, message) =
            refused(fake, method, &format!("{flag}{path}"), body.as_bytes()).await;
        assert_eq!(status, 400, "{body}");
        assert!(message.starts_with(problem), "{message}");
    }
    let holdout = json!({ "projectId": most, "name": "H", "holdoutPercentage": 5 }).to_string();
    assert_eq!(refused(fake, "POST", "/holdouts", holdout.as_bytes()).await.0, 400);
}

#[tokio::test]
async fn numbers_are_read_as_ids() {
    let World { fake, .. } = &world().await;
    let place = r#"{"projectId": 217854, "label": "web", "type": "client"}"#;
    let place = raw::api(fake, "POST", "/deployments", place).await.json()["id"].clone();
    let number: u64 = place.as_str().unwrap().parse().unwrap();
    let body = json!({ "projectId": 217854, "key": "a", "deployments": [number] }).to_string();
    let flag = raw::api(fake, "POST", "/flags", body).await.json()["id"].clone();
    let path = format!("/flags/{}", flag.as_str().unwrap());
    let flag = raw::api(fake, "GET", &path, "").await.json();
    assert_eq!((&flag["projectId"], &flag["deployments"]), (&json!("217854"), &json!([place])));
    for id in ["1.5", "true", "[217854]", "-217854"] {
        let body = format!("{{\"projectId\": {id}, \"key\": \"b\"}}");
        let (status, message) = refused(fake, "POST", "/flags", body.as_bytes()).await;
        assert_eq!(status, 400, "{id}");
        assert!(message.starts_with("projectId: "), "{message}");
    }
}

#[tokio::test]
async fn integers_may_be_written_as_floats() {
    let World { fake, .. } = &world().await;
    let made = async |path: &str, body: &str| {
        let answer = raw::api(fake, "POST", path, body).await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.text());
        answer.json()["id"].as_str().unwrap().to_owned()
    };
    let flag = r#"{"projectId": 217854.0, "key": "a", "variants": [{"key": "on", "payload": 1.0}],
        "rolloutWeights": {"on": 1e2}}"#;
    let id = made("/flags", flag).await;
    let shown = raw::api(fake, "GET", &format!("/flags/{id}/variants/on"), "").await;
    assert!(shown.text().contains(r#""payload":1.0"#), "{}", shown.text());
    assert_eq!(shown.json()["rolloutWeight"], 100.0);
    let id = made("/experiments", r#"{"projectId": "217854", "key": "b"}"#).await;
    let group = format!(
        r#"{{"projectId": 2.17854e5, "name": "M", "slots": [{{"percentage": 100.0,
            "experiments": [{id}.0]}}]}}"#
    );
    let group = made("/mutexes", &group).await;
    let slots =
        raw::api(fake, "GET", &format!("/mutexes/{group}"), "").await.json()["slots"].clone();
    let id: u64 = id.parse().unwrap();
    assert_eq!((&slots[0]["percentage"], &slots[0]["experiments"]), (&json!(100), &json!([id])));
    let weight = r#"{"rolloutWeight": 100.5}"#;
    let path = format!("/experiments/{id}/variants/control");
    assert_eq!(refused(fake, "PATCH", &path, weight.as_bytes()).await.0, 400);
}

#[tokio::test]
async fn a_payload_of_null_is_refused() {
    let (World { fake, .. }, flag) = &with_flag().await;
    let flags = r#"{"projectId": 217854, "key": "b", "variants": [{"key": "x", "payload": null}]}"#;
    for (method, path, body, field) in [
        ("PATCH", format!("{flag}/variants/on"), r#"{"payload": null}"#, "payload"),
        ("POST", format!("{flag}/variants"), r#"{"key": "x", "payload": null}"#, "payload"),
        ("POST", "/flags".to_owned(), flags, "variants[0].payload"),
    ] {
        let (status, message) = refused(fake, method, &path, body.as_bytes()).await;
        let expected = format!("{field}: null is not of types ");
        assert!(status == 400 && message.starts_with(&expected), "{status} {message}");
    }
    let body = r#"{"payload": {"inside": null}}"#;
    let path = format!("{flag}/variants/on");
    assert_eq!(raw::api(fake, "PATCH", &path, body).await.status, 200);
}

#[tokio::test]
async fn ids_with_leading_zeros_name_nothing() {
    let World { fake, client } = &world().await;
    let experiment = ExperimentCreate::new(P, "a");
    let id = client.experiments().create(experiment).await.unwrap().id;
    let place = DeploymentCreate::new(P, "web", DeploymentType::Client);
    let place = client.deployments().create(place).await.unwrap().id;
    let holdout = json!({ "projectId": P, "name": "H", "holdoutPercentage": 5 });
    let made = raw::api(fake, "POST", "/holdouts", holdout.to_string()).await.json()["id"].clone();
    let group = format!("/holdouts/{}", made.as_str().unwrap());
    let experiments = json!({ "experiments": [format!("0{id}")] });
    let mut create = holdout.clone();
    create["experiments"] = experiments["experiments"].clone();
    let missing = format!("experiments[0]: there is no experiment 0{id} in project {P}");
    for (method, path, body, problem) in [
        ("POST", "/holdouts", create, missing.clone()),
        ("PATCH", &group, experiments, missing),
        (
            "POST",
            "/flags",
            json!({ "projectId": P, "key": "b", "deployments": [format!("0{place}")] }),
            format!("deployments[0]: there is no deployment 0{place} in project {P}"),
        ),
        (
            "POST",
            "/flags",
            json!({ "projectId": format!("0{P}"), "key": "b" }),
            format!("projectId: `0{P}` is not an id"),
        ),
    ] {
        let outcome = refused(fake, method, path, body.to_string().as_bytes()).await;
        assert_eq!(outcome, (400, problem));
    }
}

#[tokio::test]
async fn cursors_and_numbers_have_one_form() {
    let World { fake, .. } = &world().await;
    for cursor in ["0", "8x", "%2B8", "08", "-8"] {
        let outcome = refused(fake, "GET", &format!("/flags?cursor={cursor}"), b"").await;
        assert_eq!(outcome, (400, "cursor: not one that a list of flags has given".to_owned()));
    }
    let outcome = refused(fake, "GET", "/flags?limit=%2B5", b"").await;
    assert_eq!(outcome, (400, "limit: integer expected, not `+5`".to_owned()));
}

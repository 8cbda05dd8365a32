//! Deployments: facts 2.5.
use amplitude_experiment_management::models::{DeploymentCreate, DeploymentUpdate};
use serde_json::json;

use crate::support::{Answer, exchange, samples};

/// C9: the sample has no `nextCursor`.
#[tokio::test]
pub async fn list_has_an_optional_cursor() {
    let answer = Answer::json(&json!({ "deployments": [samples::deployment()] }));
    let (seen, list) =
        exchange(answer, |client| client.deployments().list().limit(2).cursor("2").send()).await;
    seen.expect("GET /api/1/deployments?limit=2&cursor=2");
    let list = list.expect("the sample of a list");
    assert_eq!(list.deployments[0].id, "17994");
    assert_eq!(list.deployments[0].r#type, None);
    assert!(list.next_cursor.is_absent());
}

/// C5: the parameters are listed as those of a query, next to a JSON body.
#[tokio::test]
pub async fn create_sends_a_json_body_and_no_query() {
    let answer = Answer::json(&json!({ "id": "17995" }));
    let (seen, created) = exchange(answer, |client| async move {
        let body = DeploymentCreate::new("289220", "web-prod", "client");
        client.deployments().create(body).send().await
    })
    .await;
    let body = json!({ "projectId": "289220", "label": "web-prod", "type": "client" });
    seen.expect_json("POST /api/1/deployments", body);
    // Facts 1.6: only the id, no link.
    assert_eq!(created.expect("the sample of a create").id, "17995");
}

#[tokio::test]
pub async fn get_decodes_a_deployment() {
    let mut sample = samples::deployment();
    sample["type"] = json!("server");
    let (seen, deployment) =
        exchange(Answer::json(&sample), |client| client.deployments().get("17994").send()).await;
    seen.expect("GET /api/1/deployments/17994");
    let deployment = deployment.expect("the sample of a deployment");
    assert_eq!(deployment.key, "client-2kd8sk1ls0");
    assert!(!deployment.deleted);
    assert_eq!(deployment.r#type.expect("it is there").as_str(), "server");
}

/// C5 and C6: a JSON body, and the id in the path. `archive` is a boolean, which older docs type as
/// a string.
#[tokio::test]
pub async fn edit_sends_a_json_body_and_no_query() {
    let (seen, updated) = exchange(Answer::ok_text(), |client| async move {
        let body = DeploymentUpdate::new().label("web_prod-2").archive(true);
        client.deployments().update("17994", body).send().await
    })
    .await;
    let body = json!({ "label": "web_prod-2", "archive": true });
    seen.expect_json("PATCH /api/1/deployments/17994", body);
    updated.expect("`OK`");
}

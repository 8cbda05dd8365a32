//! Deployments.

use amplitude_experiment_management::models::{DeploymentCreate, DeploymentUpdate};

use crate::support::{P, World, refusal, world};

/// Drives all operations of the family, and reads back after each write.
pub async fn story(World { client, .. }: &World) {
    let deployments = client.deployments();
    let id = deployments.create(DeploymentCreate::new(P, "web-1", "server")).await.unwrap().id;
    assert_eq!(deployments.get(&id).await.unwrap().label, "web-1");
    deployments.update(&id, DeploymentUpdate::new().label("web-2")).await.unwrap();
    let listed = deployments.list().await.unwrap().deployments;
    assert_eq!(listed[0].label, "web-2");
}

#[tokio::test]
async fn a_deployment_is_created_with_a_key_of_its_type() {
    let World { client, .. } = &world().await;
    let deployments = client.deployments();
    for kind in ["client", "server"] {
        let answer = deployments.create(DeploymentCreate::new(P, "a", kind)).raw().await.unwrap();
        let answer: serde_json::Value = serde_json::from_slice(answer.value()).unwrap();
        assert_eq!(answer.as_object().unwrap().len(), 1, "the id only");
        let deployment = deployments.get(answer["id"].as_str().unwrap()).await.unwrap();
        assert!(deployment.key.starts_with(&format!("{kind}-")), "{}", deployment.key);
        assert_eq!(deployment.r#type, Some(kind.into()));
        assert!(!deployment.deleted);
    }
}

#[tokio::test]
async fn a_deployment_is_archived_softly() {
    let World { client, .. } = &world().await;
    let deployments = client.deployments();
    let id = deployments.create(DeploymentCreate::new(P, "a", "client")).await.unwrap().id;
    deployments.update(&id, DeploymentUpdate::new().archive(true)).await.unwrap();
    assert!(deployments.get(&id).await.unwrap().deleted);
    assert_eq!(deployments.list().await.unwrap().deployments.len(), 1, "it stays in the list");
    deployments.update(&id, DeploymentUpdate::new().archive(false)).await.unwrap();
    let restored = deployments.get(&id).await.unwrap();
    assert_eq!((restored.deleted, restored.label.as_str()), (false, "a"));
}

#[tokio::test]
async fn labels_and_types_are_checked() {
    let World { client, fake } = &world().await;
    let deployments = client.deployments();
    for (label, kind, expected) in [
        ("a b", "client", "label: "),
        ("", "client", "label: "),
        ("a", "proxy", "type: `client` or `server`, not `proxy`"),
    ] {
        let outcome = deployments.create(DeploymentCreate::new(P, label, kind)).await;
        let (status, message) = refusal(outcome);
        assert_eq!(status, 400);
        assert!(message.starts_with(expected), "{message}");
    }
    assert_eq!(fake.snapshot().as_json()["deployments"], serde_json::json!([]));
}

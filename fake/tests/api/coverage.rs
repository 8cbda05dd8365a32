//! The suite as a whole: every operation was driven.

use std::collections::BTreeSet;

use amplitude_experiment_fake::Operation;
use http::StatusCode;

use crate::support::world;
use crate::{deployments, holdouts, items, mutexes, versions};

#[tokio::test]
async fn the_client_drives_every_operation() {
    let world = world().await;
    items::flags::story(&world).await;
    items::experiments::story(&world).await;
    mutexes::story(&world).await;
    holdouts::story(&world).await;
    deployments::story(&world).await;
    versions::story(&world).await;
    let requests = world.fake.requests();
    let done = requests.iter().filter(|request| request.status == Some(StatusCode::OK));
    let driven: BTreeSet<Operation> = done.filter_map(|request| request.operation).collect();
    let left: Vec<Operation> =
        Operation::ALL.into_iter().filter(|operation| !driven.contains(operation)).collect();
    assert_eq!(left, []);
}

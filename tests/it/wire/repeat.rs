//! Which of the 33 writes are sent again after a failure that may have come after their execution:
//! those that take away what they name, for twice is once there. Anything else could make a second
//! thing, undo what somebody else did meanwhile, or remove a neighbour.
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use amplitude_experiment_management::models::{
    BulkDeleteCohorts, BulkDeleteUsers, CohortInclusions, DeploymentAttachment, DeploymentCreate,
    DeploymentUpdate, ExperimentCreate, ExperimentUpdate, FlagCreate, FlagUpdate, HoldoutCreate,
    HoldoutUpdate, MutexCreate, MutexSlotUpdate, MutexUpdate, UserInclusions, VariantCreate,
    VariantUpdate,
};
use amplitude_experiment_management::{Client, Error};

use crate::support::{Answer, Server, client_of};

type Call = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

fn call<T>(request: impl IntoFuture<Output = Result<T, Error>> + 'static) -> Call {
    Box::pin(async move { request.await.map(drop) })
}

/// Runs the calls against a service that fails all the time, and counts how often each is sent.
async fn expect_sent(times: usize, calls: impl FnOnce(&Client) -> Vec<Call>) {
    let server = Server::start(vec![Answer::new(503, ""); 200]).await;
    let client = client_of(&server);
    let mut before = 0;
    for call in calls(&client) {
        let error = call.await.expect_err("only failures");
        assert!(error.is_ambiguous(), "{error:?}");
        let lines = server.lines();
        assert_eq!(lines[before..], vec![lines[before].clone(); times]);
        before = lines.len();
    }
}

#[tokio::test]
async fn removals_by_name_are_sent_again() {
    expect_sent(3, |client| {
        let (flags, experiments) = (client.flags(), client.experiments());
        let users = || BulkDeleteUsers::new(["u"]);
        let cohorts = || BulkDeleteCohorts::new(["c"]);
        vec![
            call(flags.delete_variant("1", "on")),
            call(flags.delete_all_variant_users("1", "on")),
            call(flags.bulk_delete_variant_users("1", "on", users())),
            call(flags.bulk_delete_variant_cohorts("1", "on", cohorts())),
            call(flags.delete_deployment("1", "2")),
            call(experiments.delete_variant("1", "on")),
            call(experiments.delete_all_variant_users("1", "on")),
            call(experiments.bulk_delete_variant_users("1", "on", users())),
            call(experiments.bulk_delete_variant_cohorts("1", "on", cohorts())),
            call(experiments.delete_deployment("1", "2")),
        ]
    })
    .await;
}

#[tokio::test]
async fn other_writes_are_sent_once() {
    expect_sent(1, |client| {
        let (flags, experiments) = (client.flags(), client.experiments());
        let (mutexes, holdouts, deployments) =
            (client.mutexes(), client.holdouts(), client.deployments());
        vec![
            call(flags.create(FlagCreate::new("1", "k"))),
            call(flags.update("1", FlagUpdate::new())),
            call(flags.create_variant("1", VariantCreate::new("on"))),
            call(flags.update_variant("1", "on", VariantUpdate::new())),
            call(flags.add_variant_users("1", "on", UserInclusions::new(["u"]))),
            call(flags.delete_variant_user("1", "on", 0)),
            call(flags.add_variant_cohorts("1", "on", CohortInclusions::new(["c"]))),
            call(flags.add_deployments("1", DeploymentAttachment::new(["2"]))),
            call(experiments.create(ExperimentCreate::new("1", "k"))),
            call(experiments.update("1", ExperimentUpdate::new())),
            call(experiments.create_variant("1", VariantCreate::new("on"))),
            call(experiments.update_variant("1", "on", VariantUpdate::new())),
            call(experiments.add_variant_users("1", "on", UserInclusions::new(["u"]))),
            call(experiments.delete_variant_user("1", "on", 0)),
            call(experiments.add_variant_cohorts("1", "on", CohortInclusions::new(["c"]))),
            call(experiments.add_deployments("1", DeploymentAttachment::new(["2"]))),
            call(mutexes.create(MutexCreate::new("1", "m", []))),
            call(mutexes.update("1", MutexUpdate::new())),
            call(mutexes.update_slot("1", 1, MutexSlotUpdate::new())),
            call(holdouts.create(HoldoutCreate::new("1", "h", 5))),
            call(holdouts.update("1", HoldoutUpdate::new())),
            call(deployments.create(DeploymentCreate::new("1", "web", "client"))),
            call(deployments.update("1", DeploymentUpdate::new())),
        ]
    })
    .await;
}

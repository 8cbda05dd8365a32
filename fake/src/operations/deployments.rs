//! Deployments, and where items are served.

use std::collections::HashSet;

use amplitude_experiment_management::models::{
    Deployment, DeploymentAttachment, DeploymentCreate, DeploymentCreateResult, DeploymentType,
    DeploymentUpdate, Id,
};

use super::{reached, reached_item};
use crate::call::{Call, Reply};
use crate::refusal::Refusal;
use crate::state::{Kind, List, State, number, random_text, text};

pub(super) fn list(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let page = call.page(List::Deployments)?;
    let is_reached = |deployment: &Deployment| {
        number(deployment.project_id.as_str()).is_some_and(|id| call.scope.contains(&id))
    };
    let all = state.newest_first(&state.deployments);
    Reply::page(&page, all.filter(|(_, deployment)| is_reached(deployment)))
}

pub(super) fn create(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let body: DeploymentCreate = call.body()?;
    let project = call.project(body.project_id.as_str())?;
    let prefix = match &body.r#type {
        DeploymentType::Client => "client",
        DeploymentType::Server => "server",
        other => return Err(Refusal::bad(format!("type: `client` or `server`, not `{other}`"))),
    };
    let id = state.next_id();
    let key = format!("{prefix}-{}", random_text(32));
    let mut deployment =
        Deployment::new(text(id).as_str(), text(project).as_str(), body.label, key, false);
    deployment.r#type = Some(body.r#type);
    state.deployments.insert(id, deployment);
    Reply::json(&DeploymentCreateResult::new(text(id).as_str()))
}

pub(super) fn get(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = reached_deployment(state, call)?;
    Reply::json(&state.deployments.get(&id))
}

pub(super) fn update(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let id = reached_deployment(state, call)?;
    let body: DeploymentUpdate = call.body()?;
    if let Some(deployment) = state.deployments.get_mut(&id) {
        deployment.label = body.label.unwrap_or(std::mem::take(&mut deployment.label));
        deployment.deleted = body.archive.unwrap_or(deployment.deleted);
    }
    Ok(Reply::Ok)
}

fn reached_deployment(state: &State, call: &Call) -> Result<u64, Refusal> {
    let id = call.id("id")?;
    let project = state.project_of("deployments", id);
    call.reaches(project.ok_or_else(|| Refusal::not_found(format!("deployment {id}")))?)?;
    Ok(id)
}

pub(super) fn of_item(state: &State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let item = reached_item(state, call, kind)?;
    let ids = item.config.deployments.iter().filter_map(|id| number(id.as_str()));
    let found: Vec<&Deployment> = ids.filter_map(|id| state.deployments.get(&id)).collect();
    Reply::json(&found)
}

pub(super) fn attach(state: &mut State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let id = reached(state, call, kind)?;
    let body: DeploymentAttachment = call.body()?;
    state.edit(kind, id, call.now, |state, item| {
        let mut problems = Vec::new();
        let attached = &mut item.config.deployments;
        let known: HashSet<Id> = attached.iter().cloned().collect();
        let asked = state.deployments_of(item.project, &body.deployments, &mut problems);
        attached.extend(asked.into_iter().filter(|id| !known.contains(id)));
        Refusal::of(problems)
    })?;
    Ok(Reply::Ok)
}

pub(super) fn detach(state: &mut State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let id = reached(state, call, kind)?;
    let deployment = call.segment("deploymentId");
    state.edit(kind, id, call.now, |_, item| {
        let attached = &mut item.config.deployments;
        let before = attached.len();
        attached.retain(|id| id.as_str() != deployment);
        match attached.len() < before {
            true => Ok(()),
            false => {
                Err(Refusal::not_found(format!("deployment `{deployment}` of the {}", kind.word())))
            }
        }
    })?;
    Ok(Reply::Ok)
}

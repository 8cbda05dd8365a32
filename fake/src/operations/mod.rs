//! What each operation does. The match knows every operation of the document, so one that is added
//! there and missing here does not compile.

mod deployments;
mod groups;
mod holdouts;
mod inclusions;
mod items;
mod mutexes;
mod segments;
mod variants;
mod versions;

use crate::call::{Call, Reply};
use crate::refusal::Refusal;
use crate::spec::Operation;
use crate::state::{Item, Kind, State};
use inclusions::Members;

const FLAG: Kind = Kind::Flag;
const EXPERIMENT: Kind = Kind::Experiment;

/// Does what a request asks for. What is refused changes nothing.
pub(crate) fn run(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    match call.operation {
        Operation::ListFlags => items::list(state, call, FLAG),
        Operation::CreateFlag => items::create(state, call, FLAG),
        Operation::GetFlag => items::get(state, call, FLAG),
        Operation::UpdateFlag => items::update(state, call, FLAG),
        Operation::ListFlagVersions => versions::of_item(state, call, FLAG),
        Operation::GetFlagVersion => versions::get(state, call, FLAG),
        Operation::ListFlagVariants => variants::list(state, call, FLAG),
        Operation::CreateFlagVariant => variants::create(state, call, FLAG),
        Operation::GetFlagVariant => variants::get(state, call, FLAG),
        Operation::UpdateFlagVariant => variants::update(state, call, FLAG),
        Operation::DeleteFlagVariant => variants::delete(state, call, FLAG),
        Operation::ListFlagVariantUsers => inclusions::list(state, call, FLAG, Members::Users),
        Operation::AddFlagVariantUsers => inclusions::add(state, call, FLAG, Members::Users),
        Operation::DeleteAllFlagVariantUsers => inclusions::clear(state, call, FLAG),
        Operation::DeleteFlagVariantUser => inclusions::delete(state, call, FLAG),
        Operation::BulkDeleteFlagVariantUsers => {
            inclusions::delete_many(state, call, FLAG, Members::Users)
        }
        Operation::ListFlagVariantCohorts => inclusions::list(state, call, FLAG, Members::Cohorts),
        Operation::AddFlagVariantCohorts => inclusions::add(state, call, FLAG, Members::Cohorts),
        Operation::BulkDeleteFlagVariantCohorts => {
            inclusions::delete_many(state, call, FLAG, Members::Cohorts)
        }
        Operation::ListFlagDeployments => deployments::of_item(state, call, FLAG),
        Operation::AddFlagDeployments => deployments::attach(state, call, FLAG),
        Operation::DeleteFlagDeployment => deployments::detach(state, call, FLAG),
        Operation::ListExperiments => items::list(state, call, EXPERIMENT),
        Operation::CreateExperiment => items::create(state, call, EXPERIMENT),
        Operation::GetExperiment => items::get(state, call, EXPERIMENT),
        Operation::UpdateExperiment => items::update(state, call, EXPERIMENT),
        Operation::ListExperimentVersions => versions::of_item(state, call, EXPERIMENT),
        Operation::GetExperimentVersion => versions::get(state, call, EXPERIMENT),
        Operation::ListExperimentVariants => variants::list(state, call, EXPERIMENT),
        Operation::CreateExperimentVariant => variants::create(state, call, EXPERIMENT),
        Operation::GetExperimentVariant => variants::get(state, call, EXPERIMENT),
        Operation::UpdateExperimentVariant => variants::update(state, call, EXPERIMENT),
        Operation::DeleteExperimentVariant => variants::delete(state, call, EXPERIMENT),
        Operation::ListExperimentVariantUsers => {
            inclusions::list(state, call, EXPERIMENT, Members::Users)
        }
        Operation::AddExperimentVariantUsers => {
            inclusions::add(state, call, EXPERIMENT, Members::Users)
        }
        Operation::DeleteAllExperimentVariantUsers => inclusions::clear(state, call, EXPERIMENT),
        Operation::DeleteExperimentVariantUser => inclusions::delete(state, call, EXPERIMENT),
        Operation::BulkDeleteExperimentVariantUsers => {
            inclusions::delete_many(state, call, EXPERIMENT, Members::Users)
        }
        Operation::ListExperimentVariantCohorts => {
            inclusions::list(state, call, EXPERIMENT, Members::Cohorts)
        }
        Operation::AddExperimentVariantCohorts => {
            inclusions::add(state, call, EXPERIMENT, Members::Cohorts)
        }
        Operation::BulkDeleteExperimentVariantCohorts => {
            inclusions::delete_many(state, call, EXPERIMENT, Members::Cohorts)
        }
        Operation::ListExperimentDeployments => deployments::of_item(state, call, EXPERIMENT),
        Operation::AddExperimentDeployments => deployments::attach(state, call, EXPERIMENT),
        Operation::DeleteExperimentDeployment => deployments::detach(state, call, EXPERIMENT),
        Operation::ListMutexes => mutexes::list(state, call),
        Operation::CreateMutex => mutexes::create(state, call),
        Operation::GetMutex => mutexes::get(state, call),
        Operation::UpdateMutex => mutexes::update(state, call),
        Operation::UpdateMutexSlot => mutexes::update_slot(state, call),
        Operation::ListHoldouts => holdouts::list(state, call),
        Operation::CreateHoldout => holdouts::create(state, call),
        Operation::GetHoldout => holdouts::get(state, call),
        Operation::UpdateHoldout => holdouts::update(state, call),
        Operation::ListDeployments => deployments::list(state, call),
        Operation::CreateDeployment => deployments::create(state, call),
        Operation::GetDeployment => deployments::get(state, call),
        Operation::UpdateDeployment => deployments::update(state, call),
        Operation::ListVersions => versions::feed(state, call),
    }
}

/// A flag or an experiment that the key reaches.
fn reached_item<'a>(state: &'a State, call: &Call, kind: Kind) -> Result<&'a Item, Refusal> {
    let item = state.item(kind, call.id("id")?)?;
    call.reaches(item.project).map(|()| item)
}

/// The id of a flag or an experiment that the key reaches.
fn reached(state: &State, call: &Call, kind: Kind) -> Result<u64, Refusal> {
    reached_item(state, call, kind)?;
    call.id("id")
}

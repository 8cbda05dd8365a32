//! Mutual exclusion groups and their slots, whose number and sizes never change.

use amplitude_experiment_management::Nullable;
use amplitude_experiment_management::models::{
    CreateResult, EvaluationMode, Mutex, MutexCreate, MutexSlot, MutexSlotUpdate, MutexUpdate,
    NumericId,
};

use super::groups::{integers, is_reached, key, reached};
use super::items::experiments_of;
use crate::call::{Call, Reply};
use crate::refusal::Refusal;
use crate::state::{AUTHOR, List, State, at, number, random_text, text};

const FAMILY: &str = "mutexes";
const WORD: &str = "mutual exclusion group";

pub(super) fn list(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let page = call.page(List::Mutexes)?;
    let all = state.newest_first(&state.mutexes);
    Reply::page(&page, all.filter(|(_, group)| is_reached(call, group.project_id.as_str())))
}

pub(super) fn get(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = reached(state, call, FAMILY, WORD)?;
    Reply::json(&state.mutexes.get(&id))
}

pub(super) fn create(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let body: MutexCreate = call.body()?;
    let project = call.project(body.project_id.as_str())?;
    let mut problems = Vec::new();
    let sum: i64 = body.slots.iter().map(|slot| slot.percentage).sum();
    if sum != 100 {
        problems.push(format!("slots: the percentages add up to {sum}, not 100"));
    }
    let mut slots = Vec::new();
    for (index, slot) in (1..).zip(&body.slots) {
        let mut made = MutexSlot::new(index, slot.percentage)
            .name(format!("SLOT {index}"))
            .variant_key(format!("slot-{index}"))
            .cohorts([""; 0]);
        let (experiments, holdouts) = (slot.experiments.as_deref(), slot.holdouts.as_deref());
        made.experiments = Some(integers(experiments.unwrap_or_default()));
        made.holdouts = Some(integers(holdouts.unwrap_or_default()));
        made.individuals = Some(slot.individuals.clone().unwrap_or_default());
        slots.push(made);
    }
    check_members(state, project, &slots, &mut problems);
    let key = key(state, project, body.key.as_ref(), "mutex", &mut problems);
    Refusal::of(problems)?;
    state.take_key(project, &key);
    let id = state.next_id();
    let mut group = Mutex::new(text(id).as_str(), text(project).as_str(), body.name, key, slots);
    group.description = body.description.unwrap_or_default().into();
    group.evaluation_mode = Some(body.evaluation_mode.unwrap_or(EvaluationMode::Remote));
    group.bucketing_key = Some(body.bucketing_key.unwrap_or_else(|| "amplitude_id".to_owned()));
    group.bucketing_salt = Some(body.bucketing_salt.unwrap_or_else(|| random_text(8)));
    group.deleted = Some(false);
    group.created_by = Nullable::Value(AUTHOR.into());
    group.created_at = Some(at(call.now));
    touch(&mut group, call);
    state.put_mutex(id, group, call.now);
    let link = format!("http://app.example.com/experiment/{project}/mutex/{id}");
    Reply::json(&CreateResult::new(text(id).as_str(), link))
}

pub(super) fn update(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let id = reached(state, call, FAMILY, WORD)?;
    let body: MutexUpdate = call.body()?;
    let mut group = found(state, id)?;
    group.deleted = body.archive.or(group.deleted);
    // Who archives a group cannot change it.
    if body.archive != Some(true) {
        group.name = body.name.unwrap_or(group.name);
        if let Some(description) = body.description {
            group.description = description.into();
        }
    }
    touch(&mut group, call);
    state.put_mutex(id, group, call.now);
    Ok(Reply::Ok)
}

pub(super) fn update_slot(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let id = reached(state, call, FAMILY, WORD)?;
    let body: MutexSlotUpdate = call.body()?;
    let index = call.segment("slotIndex");
    let mut group = found(state, id)?;
    let project = number(group.project_id.as_str()).unwrap_or_default();
    let Some(slot) = group.slots.iter_mut().find(|slot| slot.index.to_string() == index) else {
        return Err(Refusal::not_found(format!("slot {index} of {WORD} {id}")));
    };
    if let Some(experiments) = &body.experiments {
        slot.experiments = Some(integers(experiments));
    }
    if let Some(holdouts) = &body.holdouts {
        slot.holdouts = Some(integers(holdouts));
    }
    slot.individuals = body.individuals.or(slot.individuals.take());
    let mut problems = Vec::new();
    check_members(state, project, &group.slots, &mut problems);
    Refusal::of(problems)?;
    touch(&mut group, call);
    state.put_mutex(id, group, call.now);
    Ok(Reply::Ok)
}

fn found(state: &State, id: u64) -> Result<Mutex, Refusal> {
    let group = state.mutexes.get(&id).cloned();
    group.ok_or_else(|| Refusal::not_found(format!("{WORD} {id}")))
}

/// Members must be of the group's project, and each in one slot only.
fn check_members(state: &State, project: u64, slots: &[MutexSlot], problems: &mut Vec<String>) {
    let (mut experiments, mut holdouts) = (Vec::new(), Vec::new());
    for (place, slot) in slots.iter().enumerate() {
        let field = format!("slots[{place}].experiments");
        let own = slot.experiments.as_deref().unwrap_or_default();
        experiments_of(state, project, &field, own, problems);
        once(&field, own, &mut experiments, problems);

        let field = format!("slots[{place}].holdouts");
        let own = slot.holdouts.as_deref().unwrap_or_default();
        for id in own {
            let found = id.as_u64().and_then(|id| state.project_of("holdouts", id));
            if found != Some(project) {
                let problem = format!("there is no holdout group {id} in project {project}");
                problems.push(format!("{field}: {problem}"));
            }
        }
        once(&field, own, &mut holdouts, problems);
    }
}

/// Tells of members that are in a slot before.
fn once<'a>(
    field: &str,
    own: &'a [NumericId],
    before: &mut Vec<&'a NumericId>,
    problems: &mut Vec<String>,
) {
    for id in own.iter().filter(|id| before.contains(id)) {
        problems.push(format!("{field}: {id} is in a slot before"));
    }
    before.extend(own);
}

fn touch(group: &mut Mutex, call: &Call) {
    group.last_modified_by = Nullable::Value(AUTHOR.into());
    group.last_modified_at = Some(at(call.now));
}

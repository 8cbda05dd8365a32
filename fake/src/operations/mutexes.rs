//! Mutual exclusion groups and their slots, whose number and sizes never change.

use amplitude_experiment_management::Nullable;
use amplitude_experiment_management::models::{
    CreateResult, EvaluationMode, Mutex, MutexCreate, MutexSlot, MutexSlotCreate, MutexSlotUpdate,
    MutexUpdate, NumericId,
};

use super::groups::{Named, Taken, check_members, integers, is_reached, key, reached};
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
    let mut members = Members::default();
    for (index, slot) in (1..).zip(&body.slots) {
        let lists = (slot.experiments.as_deref(), slot.holdouts.as_deref());
        let place = format!("slots[{}].", index - 1);
        members.check(state, project, &place, lists, &mut problems);
        let made = made(index, slot);
        members.add(&made);
        slots.push(made);
    }
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

fn made(index: i64, slot: &MutexSlotCreate) -> MutexSlot {
    let mut made = MutexSlot::new(index, slot.percentage)
        .name(format!("SLOT {index}"))
        .variant_key(format!("slot-{index}"))
        .cohorts([""; 0]);
    made.experiments = Some(integers(slot.experiments.as_deref().unwrap_or_default()));
    made.holdouts = Some(integers(slot.holdouts.as_deref().unwrap_or_default()));
    made.individuals = Some(slot.individuals.clone().unwrap_or_default());
    made
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
    let (own, others): (Vec<_>, Vec<_>) =
        group.slots.iter_mut().partition(|slot| slot.index.to_string() == index);
    let Some(slot) = own.into_iter().next() else {
        return Err(Refusal::not_found(format!("slot {index} of {WORD} {id}")));
    };
    let mut problems = Vec::new();
    let lists = (body.experiments.as_deref(), body.holdouts.as_deref());
    let others = Members::of(others.iter().map(|slot| &**slot));
    others.check(state, project, "", lists, &mut problems);
    Refusal::of(problems)?;
    if let Some(experiments) = &body.experiments {
        slot.experiments = Some(integers(experiments));
    }
    if let Some(holdouts) = &body.holdouts {
        slot.holdouts = Some(integers(holdouts));
    }
    slot.individuals = body.individuals.or(slot.individuals.take());
    touch(&mut group, call);
    state.put_mutex(id, group, call.now);
    Ok(Reply::Ok)
}

fn found(state: &State, id: u64) -> Result<Mutex, Refusal> {
    let group = state.mutexes.get(&id).cloned();
    group.ok_or_else(|| Refusal::not_found(format!("{WORD} {id}")))
}

/// The members of slots, each of which is in one slot only.
#[derive(Default)]
struct Members {
    experiments: Taken,
    holdouts: Taken,
}

impl Members {
    fn of<'a>(slots: impl Iterator<Item = &'a MutexSlot>) -> Self {
        let mut members = Self::default();
        slots.for_each(|slot| members.add(slot));
        members
    }

    fn add(&mut self, slot: &MutexSlot) {
        for (taken, own) in
            [(&mut self.experiments, &slot.experiments), (&mut self.holdouts, &slot.holdouts)]
        {
            let ids = own.iter().flatten().filter_map(|id| number(id.as_str()));
            ids.for_each(|id| {
                taken.entry(id).or_insert(slot.index);
            });
        }
    }

    /// Tells what is wrong with the lists of another slot, which are members of `place`.
    fn check(
        &self,
        state: &State,
        project: u64,
        place: &str,
        (experiments, holdouts): (Option<&[NumericId]>, Option<&[NumericId]>),
        problems: &mut Vec<String>,
    ) {
        let field = format!("{place}experiments");
        let named = (field.as_str(), Named::Experiments);
        let ids = experiments.unwrap_or_default();
        check_members(state, project, named, ids, &self.experiments, problems);
        let field = format!("{place}holdouts");
        let named = (field.as_str(), Named::Holdouts);
        check_members(
            state,
            project,
            named,
            holdouts.unwrap_or_default(),
            &self.holdouts,
            problems,
        );
    }
}

fn touch(group: &mut Mutex, call: &Call) {
    group.last_modified_by = Nullable::Value(AUTHOR.into());
    group.last_modified_at = Some(at(call.now));
}

//! Holdout groups, whose share never changes.

use amplitude_experiment_management::Nullable;
use amplitude_experiment_management::models::{
    CreateResult, EvaluationMode, Holdout, HoldoutCreate, HoldoutUpdate, NumericId,
};

use super::groups::{Named, Taken, check_members, integers, is_reached, key, reached};
use crate::call::{Call, Reply};
use crate::refusal::Refusal;
use crate::state::{AUTHOR, Kind, List, State, at, number, random_text, text};

const FAMILY: &str = "holdouts";
const WORD: &str = "holdout group";

pub(super) fn list(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let page = call.page(List::Holdouts)?;
    let all = state.newest_first(&state.holdouts);
    Reply::page(&page, all.filter(|(_, group)| is_reached(call, group.project_id.as_str())))
}

pub(super) fn get(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = reached(state, call, FAMILY, WORD)?;
    Reply::json(&state.holdouts.get(&id))
}

pub(super) fn create(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let body: HoldoutCreate = call.body()?;
    let project = call.project(body.project_id.as_str())?;
    let mode = body.evaluation_mode.unwrap_or(EvaluationMode::Remote);
    let mut problems = Vec::new();
    let experiments = body.experiments.as_deref().unwrap_or_default();
    check(state, project, &mode, experiments, &mut problems);
    let key = key(state, project, body.key.as_ref(), "holdout", &mut problems);
    Refusal::of(problems)?;
    state.take_key(project, &key);
    let id = state.next_id();
    let (id_text, project_text) = (text(id), text(project));
    let percentage = body.holdout_percentage;
    let mut group =
        Holdout::new(id_text.as_str(), project_text.as_str(), body.name, key, percentage);
    group.description = body.description.unwrap_or_default().into();
    group.evaluation_mode = Some(mode);
    group.bucketing_key = Some(body.bucketing_key.unwrap_or_else(|| "amplitude_id".to_owned()));
    group.bucketing_salt = Some(random_text(8));
    group.variant_name = Some("on".to_owned());
    group.experiments = Some(integers(experiments));
    group.individual_inclusion = Some(body.individual_inclusion.unwrap_or_default());
    group.individual_exclusion = Some(body.individual_exclusion.unwrap_or_default());
    group.deleted = Some(false);
    group.created_by = Nullable::Value(AUTHOR.into());
    group.created_at = Some(at(call.now));
    touch(&mut group, call);
    state.put_holdout(id, group, call.now);
    let link = format!("http://app.example.com/experiment/{project}/holdout/{id}");
    Reply::json(&CreateResult::new(id_text.as_str(), link))
}

pub(super) fn update(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let id = reached(state, call, FAMILY, WORD)?;
    let body: HoldoutUpdate = call.body()?;
    let Some(mut group) = state.holdouts.get(&id).cloned() else {
        return Err(Refusal::not_found(format!("{WORD} {id}")));
    };
    if let Some(experiments) = &body.experiments {
        let project = number(group.project_id.as_str()).unwrap_or_default();
        let mode = group.evaluation_mode.clone().unwrap_or(EvaluationMode::Remote);
        let mut problems = Vec::new();
        check(state, project, &mode, experiments, &mut problems);
        Refusal::of(problems)?;
        group.experiments = Some(integers(experiments));
    }
    group.name = body.name.unwrap_or(group.name);
    if let Some(description) = body.description {
        group.description = description.into();
    }
    group.individual_inclusion = body.individual_inclusion.or(group.individual_inclusion);
    group.individual_exclusion = body.individual_exclusion.or(group.individual_exclusion);
    group.deleted = body.archive.or(group.deleted);
    touch(&mut group, call);
    state.put_holdout(id, group, call.now);
    Ok(Reply::Ok)
}

/// The experiments of a group are of its project and are evaluated where it is.
fn check(
    state: &State,
    project: u64,
    mode: &EvaluationMode,
    experiments: &[NumericId],
    problems: &mut Vec<String>,
) {
    let field = ("experiments", Named::Experiments);
    check_members(state, project, field, experiments, &Taken::new(), problems);
    for (index, id) in experiments.iter().enumerate() {
        let item = number(id.as_str()).and_then(|id| state.item(Kind::Experiment, id).ok());
        let other = item.and_then(|item| item.config.evaluation_mode.as_ref());
        if let Some(other) = other.filter(|other| *other != mode) {
            problems.push(format!(
                "experiments[{index}]: experiment {id} is evaluated `{other}`, the group `{mode}`"
            ));
        }
    }
}

fn touch(group: &mut Holdout, call: &Call) {
    group.last_modified_by = Nullable::Value(AUTHOR.into());
    group.last_modified_at = Some(at(call.now));
}

//! What mutual exclusion groups and holdout groups have in common.

use amplitude_experiment_management::models::NumericId;

use crate::call::Call;
use crate::refusal::Refusal;
use crate::state::{State, number};

/// A group of this family that the key reaches: its id.
pub(super) fn reached(
    state: &State,
    call: &Call,
    family: &str,
    word: &str,
) -> Result<u64, Refusal> {
    let id = call.id("id")?;
    let project = state.project_of(family, id);
    call.reaches(project.ok_or_else(|| Refusal::not_found(format!("{word} {id}")))?)?;
    Ok(id)
}

/// Whether the key reaches the project of this id.
pub(super) fn is_reached(call: &Call, project: &str) -> bool {
    number(project).is_some_and(|project| call.scope.contains(&project))
}

/// The key that is asked for, if it is free, or one that is.
pub(super) fn key(
    state: &State,
    project: u64,
    asked: Option<&String>,
    prefix: &str,
    problems: &mut Vec<String>,
) -> String {
    match asked {
        Some(key) => {
            problems.extend(state.taken(project, key));
            key.clone()
        }
        None => state.free_key(project, prefix),
    }
}

/// Ids as integers, the form in which groups show them.
pub(super) fn integers(ids: &[NumericId]) -> Vec<NumericId> {
    ids.iter().map(|id| id.as_u64().map_or_else(|| id.clone(), NumericId::from)).collect()
}

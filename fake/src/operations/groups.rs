//! What mutual exclusion groups and holdout groups have in common.

use std::collections::{HashMap, HashSet};

use amplitude_experiment_management::models::NumericId;

use crate::call::Call;
use crate::refusal::Refusal;
use crate::state::{Kind, State, number};

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

/// What the ids of a list name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Named {
    Experiments,
    Holdouts,
}

impl Named {
    fn word(self) -> &'static str {
        match self {
            Self::Experiments => "experiment",
            Self::Holdouts => "holdout group",
        }
    }

    fn is_there(self, state: &State, project: u64, id: u64) -> bool {
        let found = match self {
            Self::Experiments => state.item(Kind::Experiment, id).ok().map(|item| item.project),
            Self::Holdouts => state.project_of("holdouts", id),
        };
        found == Some(project)
    }
}

/// Members that are in a slot, by their ids: its index.
pub(super) type Taken = HashMap<u64, i64>;

/// Tells of ids of a list that name nothing in this project, that come twice, or that are taken.
pub(super) fn check_members(
    state: &State,
    project: u64,
    (field, named): (&str, Named),
    ids: &[NumericId],
    taken: &Taken,
    problems: &mut Vec<String>,
) {
    let word = named.word();
    let mut before = HashSet::new();
    for (index, id) in ids.iter().enumerate() {
        let own = number(id.as_str()).filter(|own| named.is_there(state, project, *own));
        let problem = match own {
            None => format!("there is no {word} {id} in project {project}"),
            Some(own) if !before.insert(own) => format!("{word} {id} is given twice"),
            Some(own) => match taken.get(&own) {
                Some(slot) => format!("{id} is in slot {slot}"),
                None => continue,
            },
        };
        problems.push(format!("{field}[{index}]: {problem}"));
    }
}

/// Ids as integers, the form in which groups show them.
pub(super) fn integers(ids: &[NumericId]) -> Vec<NumericId> {
    ids.iter().map(|id| id.as_u64().map_or_else(|| id.clone(), NumericId::from)).collect()
}

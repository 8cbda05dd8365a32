//! Users and cohorts that a variant includes one by one.

use std::collections::HashSet;
use std::sync::Arc;

use amplitude_experiment_management::models::{BulkDeleteUsers, UserInclusions};

use super::{reached, reached_item};
use crate::call::{Call, Reply};
use crate::refusal::Refusal;
use crate::state::{Kind, State, Stored};

/// The most users and devices of a variant.
const MOST_USERS: usize = 2000;

/// Which of the two lists. Their bodies have the same shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Members {
    Users,
    Cohorts,
}

impl Members {
    fn of(self, variant: &mut Stored) -> &mut Vec<String> {
        Arc::make_mut(match self {
            Self::Users => &mut variant.users,
            Self::Cohorts => &mut variant.cohorts,
        })
    }
}

pub(super) fn list(
    state: &State,
    call: &Call,
    kind: Kind,
    members: Members,
) -> Result<Reply, Refusal> {
    let item = reached_item(state, call, kind)?;
    let variant = item.variant(call.segment("variantKey"))?;
    let list = match members {
        Members::Users => &variant.users,
        Members::Cohorts => &variant.cohorts,
    };
    Reply::json(list.as_ref())
}

pub(super) fn add(
    state: &mut State,
    call: &Call,
    kind: Kind,
    members: Members,
) -> Result<Reply, Refusal> {
    let body: UserInclusions = call.body()?;
    edit(state, call, kind, members, |list| {
        let mut known: HashSet<&str> = list.iter().map(String::as_str).collect();
        let new = body.inclusions.iter().filter(|entry| known.insert(entry));
        let new: Vec<String> = new.cloned().collect();
        list.extend(new);
        if members == Members::Users && list.len() > MOST_USERS {
            let problem = format!(
                "inclusions: a variant includes at most {MOST_USERS} users, and this would make {}",
                list.len()
            );
            return Err(Refusal::bad(problem));
        }
        Ok(())
    })
}

pub(super) fn delete_many(
    state: &mut State,
    call: &Call,
    kind: Kind,
    members: Members,
) -> Result<Reply, Refusal> {
    let body: BulkDeleteUsers = call.body()?;
    edit(state, call, kind, members, |list| {
        let gone: HashSet<&String> = body.users.iter().collect();
        list.retain(|entry| !gone.contains(entry));
        Ok(())
    })
}

pub(super) fn delete(state: &mut State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let index: Option<usize> = call.segment("userIndex").parse().ok();
    edit(state, call, kind, Members::Users, |list| {
        match index.filter(|index| *index < list.len()) {
            Some(index) => list.remove(index),
            None => {
                let place = call.segment("userIndex");
                return Err(Refusal::not_found(format!("user {place} of {}", list.len())));
            }
        };
        Ok(())
    })
}

pub(super) fn clear(state: &mut State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    edit(state, call, kind, Members::Users, |list| {
        list.clear();
        Ok(())
    })
}

fn edit(
    state: &mut State,
    call: &Call,
    kind: Kind,
    members: Members,
    change: impl FnOnce(&mut Vec<String>) -> Result<(), Refusal>,
) -> Result<Reply, Refusal> {
    let id = reached(state, call, kind)?;
    state.edit(kind, id, call.now, |_, item| {
        change(members.of(item.variant_mut(call.segment("variantKey"))?))
    })?;
    Ok(Reply::Ok)
}

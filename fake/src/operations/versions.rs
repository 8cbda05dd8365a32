//! The history, of one item and of all.

use amplitude_experiment_management::models::Version;

use super::reached;
use crate::call::{Call, Reply};
use crate::clock;
use crate::refusal::Refusal;
use crate::state::{Change, Kind, List, State};

pub(super) fn of_item(state: &State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let id = reached(state, call, kind)?;
    let newest_first: Vec<&Version> = state.history(id).rev().collect();
    Reply::json(&newest_first)
}

pub(super) fn get(state: &State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let id = reached(state, call, kind)?;
    let number = call.segment("versionId");
    match state.history(id).find(|version| version.version.to_string() == number) {
        Some(version) => Reply::json(version),
        None => Err(Refusal::not_found(format!("version {number}"))),
    }
}

pub(super) fn feed(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let page = call.page(List::Versions)?;
    let mut problems = Vec::new();
    let mut instant = |name: &str| {
        let text = call.query(name)?;
        let read = clock::read(text);
        if read.is_none() {
            problems.push(format!("{name}: `{text}` is not an ISO 8601 instant"));
        }
        read
    };
    let (start, end) = (instant("start"), instant("end"));
    Refusal::of(problems)?;
    let is_asked = |change: &Change| {
        call.scope.contains(&change.project)
            && start.is_none_or(|start| change.at >= start)
            && end.is_none_or(|end| change.at < end)
    };
    let newest_first = state.changes.iter().enumerate().rev();
    let asked = newest_first.filter(|(_, change)| is_asked(change));
    Reply::page(&page, asked.map(|(place, change)| (place as u64 + 1, &change.version)))
}

//! Everything that the server knows, behind one lock.
//!
//! Items are held in the client's own types, so an answer that the document does not describe is
//! hard to write. Nothing here knows HTTP.

mod groups;
mod item;
mod page;
mod versions;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use amplitude_experiment_management::models::{Deployment, Holdout, Id, Mutex};

pub(crate) use item::{Item, Kind, Stored};
pub(crate) use page::{List, Page};
pub(crate) use versions::Change;

use crate::clock;
use crate::refusal::Refusal;

/// Who made what is made through this API.
pub(crate) const AUTHOR: &str = "management-api@example.com";

/// The first id that is given out.
const FIRST_ID: u64 = 100_001;

/// The largest id: beyond it, clients that read numbers as doubles take one id for another.
const LAST_ID: u64 = 1 << 53;

/// All items of all projects.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) items: BTreeMap<u64, Item>,
    pub(crate) mutexes: BTreeMap<u64, Mutex>,
    pub(crate) holdouts: BTreeMap<u64, Holdout>,
    pub(crate) deployments: BTreeMap<u64, Deployment>,
    /// Every change of a flag or an experiment, oldest first.
    pub(crate) changes: Vec<Change>,
    /// The places of each item's changes among them.
    history: BTreeMap<u64, Vec<usize>>,
    /// The ids of everything, oldest first. An id that was chosen may be smaller than older ones.
    order: Vec<u64>,
    /// Keys in use, by project: of flags, experiments and groups alike.
    keys: BTreeMap<u64, BTreeSet<String>>,
    given: u64,
    chosen: Option<u64>,
}

impl State {
    /// An id that nothing has had, or the one that was chosen, for something that is made now.
    pub(crate) fn next_id(&mut self) -> u64 {
        let id = self.chosen.take().unwrap_or_else(|| {
            loop {
                self.given += 1;
                let id = FIRST_ID - 1 + self.given;
                if !self.has(id) {
                    return id;
                }
            }
        });
        self.order.push(id);
        id
    }

    /// Those of a family, the newest first, each with a number that falls.
    pub(crate) fn newest_first<'a, T>(
        &'a self,
        family: &'a BTreeMap<u64, T>,
    ) -> impl Iterator<Item = (u64, &'a T)> {
        let places = self.order.iter().enumerate().rev();
        places.filter_map(|(place, id)| Some((place as u64 + 1, family.get(id)?)))
    }

    /// The next item gets this id.
    pub(crate) fn choose_id(&mut self, id: Option<u64>) -> Result<(), Refusal> {
        if let Some(id) = id.filter(|id| self.has(*id)) {
            return Err(Refusal::bad(format!("id: {id} is taken")));
        }
        self.chosen = id;
        Ok(())
    }

    /// The id that was given out last.
    pub(crate) fn newest_id(&self) -> Option<u64> {
        self.order.last().copied()
    }

    fn has(&self, id: u64) -> bool {
        self.items.contains_key(&id)
            || self.mutexes.contains_key(&id)
            || self.holdouts.contains_key(&id)
            || self.deployments.contains_key(&id)
    }

    fn is_key_free(&self, project: u64, key: &str) -> bool {
        !self.keys.get(&project).is_some_and(|keys| keys.contains(key))
    }

    /// What is wrong with a key for a new item of this project.
    pub(crate) fn taken(&self, project: u64, key: &str) -> Option<String> {
        let problem = format!(
            "key: `{key}` is taken by a flag, an experiment or a group of project {project}"
        );
        (!self.is_key_free(project, key)).then_some(problem)
    }

    pub(crate) fn take_key(&mut self, project: u64, key: &str) {
        self.keys.entry(project).or_default().insert(key.to_owned());
    }

    /// A key with this prefix that is free.
    pub(crate) fn free_key(&self, project: u64, prefix: &str) -> String {
        loop {
            let key = format!("{prefix}-{}", random_text(8));
            if self.is_key_free(project, &key) {
                return key;
            }
        }
    }

    /// The project that an id of any kind belongs to.
    pub(crate) fn project_of(&self, family: &str, id: u64) -> Option<u64> {
        let project = match family {
            "flags" | "experiments" => return self.items.get(&id).map(|item| item.project),
            "mutexes" => &self.mutexes.get(&id)?.project_id,
            "holdouts" => &self.holdouts.get(&id)?.project_id,
            "deployments" => &self.deployments.get(&id)?.project_id,
            _ => return None,
        };
        number(project.as_str())
    }

    /// The deployments of these ids, which must be of this project.
    pub(crate) fn deployments_of(
        &self,
        project: u64,
        ids: &[Id],
        problems: &mut Vec<String>,
    ) -> Vec<Id> {
        let (mut found, mut before) = (Vec::new(), BTreeSet::new());
        for (index, id) in ids.iter().enumerate() {
            let deployment = number(id.as_str()).and_then(|id| self.deployments.get(&id));
            match deployment.filter(|found| number(found.project_id.as_str()) == Some(project)) {
                Some(deployment) if deployment.deleted => {
                    problems.push(format!("deployments[{index}]: deployment {id} is archived"));
                }
                Some(deployment) if before.insert(deployment.id.as_str()) => {
                    found.push(deployment.id.clone());
                }
                Some(_) => {}
                None => problems.push(format!(
                    "deployments[{index}]: there is no deployment {id} in project {project}"
                )),
            }
        }
        found
    }
}

/// Ids are numbers inside and text outside.
pub(crate) fn number(id: &str) -> Option<u64> {
    let is_plain = id.bytes().all(|byte| byte.is_ascii_digit()) && !id.starts_with('0');
    id.parse().ok().filter(|id| is_plain && *id <= LAST_ID)
}

pub(crate) fn text(id: u64) -> String {
    id.to_string()
}

/// Letters and digits, as the service makes its salts.
pub(crate) fn random_text(length: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(length).collect()
}

/// The moment of a change, as it is written into an item.
pub(crate) fn at(now: Duration) -> amplitude_experiment_management::DateTime {
    clock::instant(now).into()
}

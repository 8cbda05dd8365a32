//! What groups decide for the experiments in them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use amplitude_experiment_management::Nullable;
use amplitude_experiment_management::models::{
    DependencyOperator, Holdout, Mutex, NumericId, ParentDependencies,
};

use super::State;

impl State {
    /// Puts a mutual exclusion group in its place, a new or a changed one.
    pub(crate) fn put_mutex(&mut self, id: u64, group: Mutex, now: Duration) {
        let mut members: BTreeSet<u64> = mutex_members(&group).collect();
        if let Some(old) = self.mutexes.insert(id, group) {
            members.extend(mutex_members(&old));
        }
        self.settle_parents(members, now);
    }

    /// Puts a holdout group in its place, a new or a changed one.
    pub(crate) fn put_holdout(&mut self, id: u64, group: Holdout, now: Duration) {
        let mut members: BTreeSet<u64> = holdout_members(&group).collect();
        if let Some(old) = self.holdouts.insert(id, group) {
            members.extend(holdout_members(&old));
        }
        self.settle_parents(members, now);
    }

    /// Tells experiments of their groups. Those for which something is new get a version.
    fn settle_parents(&mut self, members: BTreeSet<u64>, now: Duration) {
        let mut parents = self.parents(&members);
        for id in members {
            let parents = match parents.remove(&id) {
                None => Nullable::Null,
                Some(flags) => Nullable::Value(
                    ParentDependencies::new().operator(DependencyOperator::All).flags(flags),
                ),
            };
            let Some(item) = self.items.get_mut(&id) else { continue };
            if item.config.parent_dependencies != parents {
                item.config.parent_dependencies = parents;
                self.record(id, now);
            }
        }
    }

    /// The groups that decide before each of these experiments, if there are any.
    fn parents(&self, experiments: &BTreeSet<u64>) -> BTreeMap<u64, Parents> {
        let mut parents = BTreeMap::<u64, Parents>::new();
        let mut add = |group: &str, key: &str, members: &Option<Vec<NumericId>>| {
            for id in ids(members).filter(|id| experiments.contains(id)) {
                parents.entry(id).or_default().push((group.to_owned(), vec![key.to_owned()]));
            }
        };
        for group in self.mutexes.values().filter(|group| group.deleted != Some(true)) {
            for slot in &group.slots {
                if let Some(key) = &slot.variant_key {
                    add(group.id.as_str(), key, &slot.experiments);
                }
            }
        }
        for group in self.holdouts.values().filter(|group| group.deleted != Some(true)) {
            if let Some(key) = &group.variant_name {
                add(group.id.as_str(), key, &group.experiments);
            }
        }
        parents
    }
}

/// Groups, each with the keys under which it decides.
type Parents = Vec<(String, Vec<String>)>;

fn ids(members: &Option<Vec<NumericId>>) -> impl Iterator<Item = u64> {
    members.iter().flatten().filter_map(NumericId::as_u64)
}

fn mutex_members(group: &Mutex) -> impl Iterator<Item = u64> {
    group.slots.iter().flat_map(|slot| ids(&slot.experiments))
}

fn holdout_members(group: &Holdout) -> impl Iterator<Item = u64> {
    ids(&group.experiments)
}

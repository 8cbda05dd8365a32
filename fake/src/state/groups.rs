//! What groups decide for the experiments in them.

use std::collections::BTreeSet;
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
        for id in members {
            let parents = self.parents(id);
            let Some(item) = self.items.get_mut(&id) else { continue };
            if item.config.parent_dependencies != parents {
                item.config.parent_dependencies = parents;
                self.record(id, now);
            }
        }
    }

    /// The groups that decide before an experiment; null if there are none.
    fn parents(&self, id: u64) -> Nullable<ParentDependencies> {
        let mutexes = self.mutexes.values().filter(|group| group.deleted != Some(true));
        let slots = mutexes.flat_map(|group| {
            let own =
                group.slots.iter().filter(move |slot| ids(&slot.experiments).any(|own| own == id));
            own.filter_map(|slot| Some((group.id.as_str(), slot.variant_key.clone()?)))
        });
        let holdouts = self.holdouts.values().filter(|group| group.deleted != Some(true));
        let holdouts = holdouts
            .filter(|group| holdout_members(group).any(|own| own == id))
            .filter_map(|group| Some((group.id.as_str(), group.variant_name.clone()?)));
        let flags: Vec<_> = slots.chain(holdouts).map(|(id, key)| (id, vec![key])).collect();
        match flags.is_empty() {
            true => Nullable::Null,
            false => Nullable::Value(
                ParentDependencies::new().operator(DependencyOperator::All).flags(flags),
            ),
        }
    }
}

fn ids(members: &Option<Vec<NumericId>>) -> impl Iterator<Item = u64> {
    members.iter().flatten().filter_map(NumericId::as_u64)
}

fn mutex_members(group: &Mutex) -> impl Iterator<Item = u64> {
    group.slots.iter().flat_map(|slot| ids(&slot.experiments))
}

fn holdout_members(group: &Holdout) -> impl Iterator<Item = u64> {
    ids(&group.experiments)
}

//! Flags and experiments: one kind of thing with two faces.

use std::time::Duration;

use amplitude_experiment_management::Nullable;
use amplitude_experiment_management::models::{
    DependencyOperator, ExperimentState, FlagConfig, ParentDependencies, Payload, Variant,
    VariantRef,
};

use super::{AUTHOR, Change, State, at, text};
use crate::refusal::Refusal;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Flag,
    Experiment,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Experiment => "experiment",
        }
    }
}

/// A flag or an experiment.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) kind: Kind,
    pub(crate) project: u64,
    /// All that is shown of it; `variants` and `parentDependencies` are filled in when it is.
    pub(crate) config: FlagConfig,
    pub(crate) variants: Vec<Stored>,
    /// It belongs to Guides and Surveys.
    pub(crate) is_guide: bool,
    /// The number of its newest version.
    pub(crate) version: i64,
}

/// A variant with all that belongs to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Stored {
    pub(crate) key: String,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) payload: Option<Payload>,
    pub(crate) users: Vec<String>,
    pub(crate) cohorts: Vec<String>,
}

impl Stored {
    pub(crate) fn named(key: &str) -> Self {
        Self { key: key.to_owned(), ..Self::default() }
    }

    fn reference(&self) -> VariantRef {
        let mut variant = VariantRef::new(&self.key);
        variant.name.clone_from(&self.name);
        variant.description.clone_from(&self.description);
        variant.payload = self.payload.clone().into();
        variant
    }
}

impl Item {
    pub(crate) fn variant(&self, key: &str) -> Result<&Stored, Refusal> {
        let found = self.variants.iter().find(|variant| variant.key == key);
        found.ok_or_else(|| Refusal::not_found(format!("variant `{key}`")))
    }

    pub(crate) fn variant_mut(&mut self, key: &str) -> Result<&mut Stored, Refusal> {
        let found = self.variants.iter_mut().find(|variant| variant.key == key);
        found.ok_or_else(|| Refusal::not_found(format!("variant `{key}`")))
    }

    /// A variant with its weight, as the list of variants shows it.
    pub(crate) fn shown(&self, stored: &Stored) -> Variant {
        let mut variant = Variant::new(&stored.key);
        variant.name = Some(stored.name.clone().unwrap_or_default());
        variant.description = Some(stored.description.clone().unwrap_or_default());
        let payload = stored.payload.clone();
        variant.payload = Nullable::Value(payload.unwrap_or_else(|| serde_json::json!({}).into()));
        let weight = self.config.rollout_weights.get(&stored.key);
        variant.rollout_weight = Some(weight.copied().unwrap_or(0.0));
        variant
    }

    /// Gives a variant another key wherever it is named.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        let segments = &mut self.config.target_segments;
        let maps = segments.iter_mut().map(|segment| &mut segment.rollout_weights);
        for weights in maps.chain([&mut self.config.rollout_weights]) {
            if let Some(weight) = weights.remove(from) {
                weights.insert(to.to_owned(), weight);
            }
        }
        if self.config.rolled_out_variant.as_deref() == Some(from) {
            self.config.rolled_out_variant = to.into();
        }
    }

    /// Takes a variant away wherever it is named.
    pub(crate) fn forget(&mut self, key: &str) {
        self.variants.retain(|variant| variant.key != key);
        self.config.rollout_weights.remove(key);
        for segment in &mut self.config.target_segments {
            segment.rollout_weights.remove(key);
        }
        if self.config.rolled_out_variant.as_deref() == Some(key) {
            self.config.rolled_out_variant = Nullable::Null;
        }
    }

    /// How far an experiment has come follows from what was set.
    pub(crate) fn settle(&mut self) {
        if self.kind == Kind::Experiment {
            let state = if matches!(self.config.decision, Nullable::Value(_)) {
                ExperimentState::DecisionMade
            } else if self.config.enabled {
                ExperimentState::Running
            } else {
                ExperimentState::Planning
            };
            self.config.state = Nullable::Value(state);
        }
    }
}

impl State {
    /// A flag or experiment of this kind.
    pub(crate) fn item(&self, kind: Kind, id: u64) -> Result<&Item, Refusal> {
        let found = self.items.get(&id).filter(|item| item.kind == kind);
        found.ok_or_else(|| Refusal::not_found(format!("{} {id}", kind.word())))
    }

    /// The item as it is shown now.
    pub(crate) fn config(&self, id: u64, item: &Item) -> FlagConfig {
        let mut config = item.config.clone();
        config.variants = item.variants.iter().map(Stored::reference).collect();
        config.parent_dependencies = self.parents(id).into();
        config
    }

    /// Changes an item and records a version. What `change` refuses leaves no trace.
    pub(crate) fn edit<T>(
        &mut self,
        kind: Kind,
        id: u64,
        now: Duration,
        change: impl FnOnce(&Self, &mut Item) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut item = self.item(kind, id)?.clone();
        let value = change(self, &mut item)?;
        item.settle();
        item.config.last_modified_by = AUTHOR.into();
        item.config.last_modified_at = Some(at(now));
        self.items.insert(id, item);
        self.record(id, now);
        Ok(value)
    }

    /// Adds the newest version of an item to the history.
    pub(crate) fn record(&mut self, id: u64, now: Duration) {
        if let Some(mut item) = self.items.remove(&id) {
            item.version += 1;
            let config = self.config(id, &item);
            self.changes.push(Change::new(id, &item, config, now));
            self.items.insert(id, item);
        }
    }

    /// The groups that decide before an item.
    fn parents(&self, id: u64) -> Option<ParentDependencies> {
        let mutexes = self.mutexes.values().filter(|group| group.deleted != Some(true));
        let slots = mutexes.flat_map(|group| {
            let own = group.slots.iter().filter(move |slot| holds(slot.experiments.as_ref(), id));
            own.filter_map(|slot| Some((group.id.as_str(), slot.variant_key.clone()?)))
        });
        let holdouts = self.holdouts.values().filter(|group| group.deleted != Some(true));
        let holdouts = holdouts
            .filter(|group| holds(group.experiments.as_ref(), id))
            .filter_map(|group| Some((group.id.as_str(), group.variant_name.clone()?)));
        let flags: Vec<_> = slots.chain(holdouts).map(|(id, key)| (id, vec![key])).collect();
        let dependencies = ParentDependencies::new().operator(DependencyOperator::All);
        (!flags.is_empty()).then(|| dependencies.flags(flags))
    }
}

fn holds(
    experiments: Option<&Vec<amplitude_experiment_management::models::NumericId>>,
    id: u64,
) -> bool {
    experiments.is_some_and(|ids| ids.iter().any(|member| member.as_str() == text(id)))
}

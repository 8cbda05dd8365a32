//! Flags and experiments: one kind of thing with two faces.

use std::sync::Arc;
use std::time::Duration;

use amplitude_experiment_management::Nullable;
use amplitude_experiment_management::models::{
    ExperimentState, FlagConfig, Payload, Variant, VariantRef, Version,
};

use super::{AUTHOR, Change, State, at};
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
    /// All that is shown of it. Invariant: its `variants` are those below.
    pub(crate) config: FlagConfig,
    pub(crate) variants: Vec<Stored>,
    /// It belongs to Guides and Surveys.
    pub(crate) is_guide: bool,
}

/// A variant with all that belongs to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Stored {
    pub(crate) key: String,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) payload: Option<Payload>,
    /// Shared, since an edit works on a copy of the item.
    pub(crate) users: Arc<Vec<String>>,
    pub(crate) cohorts: Arc<Vec<String>>,
}

impl Stored {
    pub(crate) fn named(key: &str) -> Self {
        Self { key: key.to_owned(), ..Self::default() }
    }

    fn reference(&self) -> VariantRef {
        let mut variant = VariantRef::new(&self.key);
        variant.name.clone_from(&self.name);
        variant.description.clone_from(&self.description);
        if let Some(payload) = &self.payload {
            variant.payload = Nullable::Value(payload.clone());
        }
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
        variant.payload = Nullable::Value(payload.unwrap_or_else(|| serde_json::json!({})));
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

    /// What follows from what was set: the variants that are shown, and how far an experiment has
    /// come.
    pub(crate) fn settle(&mut self) {
        self.config.variants = self.variants.iter().map(Stored::reference).collect();
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

    /// Changes an item and records a version. What `change` refuses leaves no trace.
    pub(crate) fn edit(
        &mut self,
        kind: Kind,
        id: u64,
        now: Duration,
        change: impl FnOnce(&Self, &mut Item) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut item = self.item(kind, id)?.clone();
        change(self, &mut item)?;
        item.settle();
        item.config.last_modified_by = AUTHOR.into();
        item.config.last_modified_at = Some(at(now));
        self.items.insert(id, item);
        self.record(id, now);
        Ok(())
    }

    /// Adds the newest version of an item to the history.
    pub(crate) fn record(&mut self, id: u64, now: Duration) {
        if let Some(item) = self.items.get(&id) {
            let places = self.history.entry(id).or_default();
            places.push(self.changes.len());
            self.changes.push(Change::new(item, places.len(), now));
        }
    }

    /// The versions of an item, oldest first.
    pub(crate) fn history(&self, id: u64) -> impl DoubleEndedIterator<Item = &Version> {
        let places = self.history.get(&id).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| self.changes.get(*place)).map(|change| &change.version)
    }
}

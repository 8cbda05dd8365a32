//! The history of flags and experiments.

use std::time::Duration;

use amplitude_experiment_management::models::{FlagConfig, Version};

use super::{AUTHOR, Item, at};

/// One change of one item.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) item: u64,
    pub(crate) project: u64,
    pub(crate) at: Duration,
    pub(crate) version: Version,
}

impl Change {
    pub(crate) fn new(id: u64, item: &Item, config: FlagConfig, now: Duration) -> Self {
        let version = Version::new(at(now), Some(AUTHOR.into()), item.version, config);
        Self { item: id, project: item.project, at: now, version }
    }
}

//! The history of flags and experiments.

use std::time::Duration;

use amplitude_experiment_management::models::Version;

use super::{AUTHOR, Item, at};

/// One change of one item.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) project: u64,
    pub(crate) at: Duration,
    pub(crate) version: Version,
}

impl Change {
    /// The change that made an item what it is.
    pub(crate) fn new(item: &Item, number: usize, now: Duration) -> Self {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let version = Version::new(at(now), Some(AUTHOR.into()), number, item.config.clone());
        Self { project: item.project, at: now, version }
    }
}

//! All that the server knows, to compare.

use serde_json::{Value, json};

use crate::state::{Item, Kind, State};

/// All that a fake knows at one moment. Equal if nothing has changed since.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot(Value);

impl Snapshot {
    pub(crate) fn of(state: &State) -> Self {
        let items = |kind: Kind| -> Vec<Value> {
            let own = state.items.iter().filter(|(_, item)| item.kind == kind);
            own.map(|(_, item)| shown(item)).collect()
        };
        Self(json!({
            "flags": items(Kind::Flag),
            "experiments": items(Kind::Experiment),
            "mutexes": state.mutexes.values().collect::<Vec<_>>(),
            "holdouts": state.holdouts.values().collect::<Vec<_>>(),
            "deployments": state.deployments.values().collect::<Vec<_>>(),
            "versions": state.changes.iter().map(|change| &change.version).collect::<Vec<_>>(),
        }))
    }

    /// As JSON: a list for each family, with the users and cohorts of each variant.
    #[must_use]
    pub fn as_json(&self) -> &Value {
        &self.0
    }
}

fn shown(item: &Item) -> Value {
    let mut value = json!(item.config);
    let variants = item.variants.iter().map(|stored| {
        let mut variant = json!(item.shown(stored));
        variant["users"] = json!(stored.users.as_ref());
        variant["cohorts"] = json!(stored.cohorts.as_ref());
        variant
    });
    value["variants"] = variants.collect();
    value
}

//! Items that are there before the first request.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::call::Call;
use crate::operations;
use crate::refusal::Refusal;
use crate::schema::Rules;
use crate::spec::Operation;
use crate::state::{Kind, State, number};

/// Items for a fake to start with.
///
/// Each is what its create call takes, and may say more: what its edit call takes (such as
/// `enabled`), its `id`, and of an experiment `deliveryMethod: web` or `guide: true`, which no call
/// can write. Deployments come first, then flags, experiments, holdout groups and mutual exclusion
/// groups, so that later ones can name earlier ones by their ids.
#[derive(Debug, Clone, Default)]
pub struct Seed {
    items: Vec<(Family, Value)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    Deployments,
    Flags,
    Experiments,
    Holdouts,
    Mutexes,
}

const FAMILIES: [Family; 5] =
    [Family::Deployments, Family::Flags, Family::Experiments, Family::Holdouts, Family::Mutexes];

/// An item that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedError(String);

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed: {}", self.0)
    }
}

impl std::error::Error for SeedError {}

impl Seed {
    /// Nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads an object of lists: `{"deployments": [], "flags": [], "experiments": [], "holdouts":
    /// [], "mutexes": []}`, each of which may be missing.
    ///
    /// # Errors
    ///
    /// The text is no such object.
    pub fn from_json(text: &str) -> Result<Self, SeedError> {
        let value = crate::strict_json::read(text.as_bytes()).map_err(SeedError)?;
        let Value::Object(members) = value else {
            return Err(SeedError("an object of lists is expected".to_owned()));
        };
        let mut seed = Self::new();
        for (name, list) in members {
            let family = FAMILIES.into_iter().find(|family| family.name() == name);
            let (Some(family), Value::Array(items)) = (family, list) else {
                let known = FAMILIES.map(Family::name).join(", ");
                return Err(SeedError(format!("`{name}` is none of the lists {known}")));
            };
            seed.items.extend(items.into_iter().map(|item| (family, item)));
        }
        Ok(seed)
    }

    /// A flag: a `FlagCreate`, or JSON that says more.
    #[must_use]
    pub fn flag(self, flag: impl Serialize) -> Self {
        self.with(Family::Flags, flag)
    }

    /// An experiment: an `ExperimentCreate`, or JSON that says more.
    #[must_use]
    pub fn experiment(self, experiment: impl Serialize) -> Self {
        self.with(Family::Experiments, experiment)
    }

    /// A deployment: a `DeploymentCreate`, or JSON that says more.
    #[must_use]
    pub fn deployment(self, deployment: impl Serialize) -> Self {
        self.with(Family::Deployments, deployment)
    }

    /// A mutual exclusion group: a `MutexCreate`, or JSON that says more.
    #[must_use]
    pub fn mutex(self, group: impl Serialize) -> Self {
        self.with(Family::Mutexes, group)
    }

    /// A holdout group: a `HoldoutCreate`, or JSON that says more.
    #[must_use]
    pub fn holdout(self, group: impl Serialize) -> Self {
        self.with(Family::Holdouts, group)
    }

    fn with(mut self, family: Family, item: impl Serialize) -> Self {
        // What does not serialize is told when it is planted: null is no item.
        self.items.push((family, serde_json::to_value(item).unwrap_or_default()));
        self
    }

    /// Adds the items to a state, one after the other.
    pub(crate) fn plant(&self, state: &mut State, now: Duration) -> Result<(), SeedError> {
        for family in FAMILIES {
            let own = self.items.iter().filter(|(other, _)| *other == family);
            for (index, (_, item)) in own.enumerate() {
                plant(state, family, item, now).map_err(|refusal| {
                    SeedError(format!("{}[{index}]: {}", family.name(), refusal.message()))
                })?;
            }
        }
        Ok(())
    }
}

impl Family {
    fn name(self) -> &'static str {
        match self {
            Self::Deployments => "deployments",
            Self::Flags => "flags",
            Self::Experiments => "experiments",
            Self::Holdouts => "holdouts",
            Self::Mutexes => "mutexes",
        }
    }

    fn calls(self) -> (Operation, Operation) {
        match self {
            Self::Deployments => (Operation::CreateDeployment, Operation::UpdateDeployment),
            Self::Flags => (Operation::CreateFlag, Operation::UpdateFlag),
            Self::Experiments => (Operation::CreateExperiment, Operation::UpdateExperiment),
            Self::Holdouts => (Operation::CreateHoldout, Operation::UpdateHoldout),
            Self::Mutexes => (Operation::CreateMutex, Operation::UpdateMutex),
        }
    }
}

/// Runs the calls that make an item, so that nothing can be planted that could not be made.
fn plant(state: &mut State, family: Family, item: &Value, now: Duration) -> Result<(), Refusal> {
    let (create, update) = family.calls();
    let id = id_of(item)?;
    state.choose_id(id)?;
    let mut call = Call {
        operation: create,
        path: Vec::new(),
        query: Vec::new(),
        body: item.clone(),
        scope: text_of(&item["projectId"])
            .and_then(|id| number(&id))
            .into_iter()
            .collect::<BTreeSet<_>>(),
        now,
        page_size: 1,
    };
    check(&call)?;
    operations::run(state, &call)?;
    let id = state.newest_id();
    call.operation = update;
    call.path = vec![("id".to_owned(), id.to_string())];
    check(&call)?;
    operations::run(state, &call)?;
    if let Some(made) = state.items.get_mut(&id).filter(|made| made.kind == Kind::Experiment) {
        made.is_guide = item["guide"] == true;
        if let Some(method) = item["deliveryMethod"].as_str() {
            made.config.delivery_method =
                amplitude_experiment_management::Nullable::Value(method.into());
        }
    }
    Ok(())
}

fn check(call: &Call) -> Result<(), Refusal> {
    let problems = Rules::of(call.operation).map(|rules| rules.problems(&call.body));
    match problems.unwrap_or_default() {
        problems if problems.is_empty() => Ok(()),
        problems => Err(Refusal::BadRequest(problems)),
    }
}

fn id_of(item: &Value) -> Result<Option<u64>, Refusal> {
    let Some(text) = text_of(&item["id"]) else { return Ok(None) };
    match number(&text) {
        Some(id) => Ok(Some(id)),
        None => Err(Refusal::bad(format!("id: `{text}` is not an id"))),
    }
}

/// Ids come as text and as numbers.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn planted(seed: &Seed) -> Result<State, SeedError> {
        let mut state = State::default();
        seed.plant(&mut state, Duration::ZERO).map(|()| state)
    }

    #[test]
    fn items_are_what_they_say() {
        let seed = Seed::from_json(
            r#"{"experiments": [{"projectId": 1, "key": "a", "id": 7, "enabled": true, "deliveryMethod": "web", "deployments": ["5"]}],
                "deployments": [{"projectId": "1", "label": "web", "type": "client", "id": "5"}]}"#,
        );
        let state = planted(&seed.unwrap()).unwrap();
        let config = &state.item(Kind::Experiment, 7).unwrap().config;
        assert!(config.enabled);
        assert_eq!(config.deployments[0].as_str(), "5");
    }

    #[test]
    fn what_cannot_be_is_told_with_its_place() {
        let flag = json!({ "projectId": 1, "key": "a" });
        let twice = Seed::new().flag(flag.clone()).flag(&flag);
        assert_eq!(
            planted(&twice).unwrap_err().to_string(),
            "seed: flags[1]: key: `a` is taken by a flag, an experiment or a group of project 1"
        );
        for (text, expected) in [
            ("[]", "seed: an object of lists is expected"),
            (
                r#"{"flag": []}"#,
                "seed: `flag` is none of the lists deployments, flags, experiments, holdouts, mutexes",
            ),
        ] {
            assert_eq!(Seed::from_json(text).unwrap_err().to_string(), expected);
        }
        let empty = Seed::new().flag(());
        assert_eq!(
            planted(&empty).unwrap_err().to_string(),
            "seed: flags[0]: body: null is not of type \"object\""
        );
    }
}

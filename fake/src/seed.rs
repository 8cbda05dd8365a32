//! Items that are there before the first request.

use std::fmt;
use std::time::Duration;

use amplitude_experiment_management::Nullable;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::call::{Call, id_in};
use crate::extras::{self, Extras};
use crate::operations;
use crate::refusal::Refusal;
use crate::schema::Rules;
use crate::spec::Operation;
use crate::state::State;

/// Items for a fake to start with.
///
/// Each is what its create call takes, and may say more: what its edit call takes (such as
/// `enabled`), its `id`, the `users` and `cohorts` of each of its `variants`, and of an experiment
/// `deliveryMethod: web` or `guide: true`, which no call can write. Other members, which a call would
/// ignore, are errors here. Deployments come first, then
/// flags, experiments, holdout groups and mutual exclusion groups, so that later ones can name
/// earlier ones by their ids.
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

    /// Adds the items to a state, one after the other: all of them or none.
    pub(crate) fn plant(&self, state: &mut State, now: Duration) -> Result<(), SeedError> {
        let mut planted = state.clone();
        for family in FAMILIES {
            let own = self.items.iter().filter(|(other, _)| *other == family);
            for (index, (_, item)) in own.enumerate() {
                plant(&mut planted, family, item, now).map_err(|refusal| {
                    SeedError(format!("{}[{index}]: {}", family.name(), refusal.message()))
                })?;
            }
        }
        *state = planted;
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

    fn extras(self) -> &'static Extras {
        match self {
            Self::Deployments | Self::Holdouts | Self::Mutexes => &extras::ID,
            Self::Flags => &extras::FLAG,
            Self::Experiments => &extras::EXPERIMENT,
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
    let schemas = [create, update].map(|call| Rules::of(call).schema());
    Refusal::of(family.extras().problems(schemas, item))?;
    state.choose_id(id_of(item)?)?;
    let mut call = Call {
        operation: create,
        path: Vec::new(),
        query: Vec::new(),
        body: item.clone(),
        scope: id_in(&item["projectId"]).into_iter().collect(),
        now,
        page_size: 1,
    };
    run(state, &mut call)?;
    let Some(id) = state.newest_id() else { return Ok(()) };
    call.path = vec![("id".to_owned(), id.to_string())];
    if let Some(rest) = rest_of(item, create, update) {
        (call.operation, call.body) = (update, rest);
        run(state, &mut call)?;
    }
    if family == Family::Flags || family == Family::Experiments {
        include(state, family, item, &mut call)?;
    }
    if family == Family::Experiments {
        decorate(state, id, item);
    }
    Ok(())
}

/// What no call can write. The newest version, which is the last change of all, tells it too.
fn decorate(state: &mut State, id: u64, item: &Value) {
    let (made, newest) = (state.items.get_mut(&id), state.changes.last_mut());
    let (Some(made), Some(newest)) = (made, newest) else { return };
    made.is_guide = item["guide"] == true;
    if let Some(method) = item["deliveryMethod"].as_str() {
        made.config.delivery_method = Nullable::Value(method.into());
        newest.version.flag_config = made.config.clone();
    }
}

/// What an item says beyond its create call.
fn rest_of(item: &Value, create: Operation, update: Operation) -> Option<Value> {
    let (create, update) = (Rules::of(create), Rules::of(update));
    let members = item.as_object()?.iter();
    let rest = members.filter(|(name, _)| update.takes(name) && !create.takes(name));
    let rest: Map<_, _> = rest.map(|(name, value)| (name.clone(), value.clone())).collect();
    (!rest.is_empty()).then(|| rest.into())
}

/// Adds the `users` and `cohorts` of each variant.
fn include(
    state: &mut State,
    family: Family,
    item: &Value,
    call: &mut Call,
) -> Result<(), Refusal> {
    let [users, cohorts] = match family {
        Family::Flags => [Operation::AddFlagVariantUsers, Operation::AddFlagVariantCohorts],
        _ => [Operation::AddExperimentVariantUsers, Operation::AddExperimentVariantCohorts],
    };
    for (index, variant) in item["variants"].as_array().into_iter().flatten().enumerate() {
        let key = variant["key"].as_str().unwrap_or_default();
        for (operation, name) in [(users, "users"), (cohorts, "cohorts")] {
            let Some(list) = variant.get(name) else { continue };
            call.operation = operation;
            call.path.truncate(1);
            call.path.push(("variantKey".to_owned(), key.to_owned()));
            call.body = json!({ "inclusions": list });
            run(state, call).map_err(|refusal| {
                let own = format!("variants[{index}].{name}");
                Refusal::bad(refusal.message().replacen("inclusions", &own, 1))
            })?;
        }
    }
    Ok(())
}

fn run(state: &mut State, call: &mut Call) -> Result<(), Refusal> {
    let rules = Rules::of(call.operation);
    rules.normalize(&mut call.body);
    Refusal::of(rules.problems(&call.body))?;
    rules.strip(&mut call.body);
    operations::run(state, call).map(|_| ())
}

fn id_of(item: &Value) -> Result<Option<u64>, Refusal> {
    let id = item
        .get("id")
        .map(|id| id_in(id).ok_or_else(|| Refusal::bad(format!("id: {id} is not an id"))));
    id.transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Kind;

    fn planted(seed: &Seed) -> Result<State, SeedError> {
        let mut state = State::default();
        seed.plant(&mut state, Duration::ZERO).map(|()| state)
    }

    #[test]
    fn items_are_what_they_say() {
        let seed = Seed::from_json(
            r#"{"experiments": [{"projectId": 1, "key": "a", "id": 7, "enabled": true,
                    "deliveryMethod": "web", "deployments": ["5"]}],
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
                "seed: `flag` is none of the lists deployments, flags, experiments, holdouts, \
                 mutexes",
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

//! Mutual exclusion groups.

use amplitude_experiment_management::Nullable;
use amplitude_experiment_management::models::{
    EvaluationMode, FlagCreate, HoldoutCreate, Id, Mutex, MutexCreate, MutexSlotCreate,
    MutexSlotUpdate, MutexUpdate,
};
use serde_json::json;

use crate::support::{P, World, refusal, refused, world};

/// Drives all operations of the family, and reads back after each write.
pub async fn story(world: &World) {
    let mutexes = world.client.mutexes();
    let experiment = world.experiment("mutex-story").await;
    let made = mutexes.create(MutexCreate::new(P, "Group", halves())).await.unwrap();
    assert_eq!(mutexes.list().await.unwrap().mutexes[0].id, made.id);
    mutexes.update(&made.id, MutexUpdate::new().name("Other")).await.unwrap();
    let slot = MutexSlotUpdate::new().experiments([&experiment]);
    mutexes.update_slot(&made.id, 2, slot).await.unwrap();
    let group = mutexes.get(&made.id).await.unwrap();
    assert_eq!((group.name.as_str(), members(&group, 1)), ("Other", vec![experiment]));
}

fn halves() -> [MutexSlotCreate; 2] {
    [MutexSlotCreate::new(50), MutexSlotCreate::new(50)]
}

fn members(group: &Mutex, slot: usize) -> Vec<Id> {
    group.slots[slot].experiments.iter().flatten().map(|id| id.as_str().into()).collect()
}

/// The groups that decide before an experiment, as JSON.
pub async fn parents(world: &World, id: &Id) -> serde_json::Value {
    let experiment = world.client.experiments().get(id).await.unwrap();
    match experiment.parent_dependencies {
        Nullable::Value(parents) => json!(parents),
        Nullable::Null | Nullable::Absent => json!(null),
    }
}

#[tokio::test]
async fn a_group_is_what_it_was_made_of_and_has_defaults() {
    let world = world().await;
    let mutexes = world.client.mutexes();
    let experiment = world.experiment("a").await;
    let slots = [
        MutexSlotCreate::new(60).experiments([&experiment]).individuals(["ada@example.com"]),
        MutexSlotCreate::new(40),
    ];
    let id = mutexes.create(MutexCreate::new(P, "Group", slots)).await.unwrap().id;
    let group = mutexes.get(&id).await.unwrap();
    assert_eq!(group.project_id, P);
    assert!(group.key.starts_with("mutex-"), "{}", group.key);
    assert_eq!(group.evaluation_mode, Some(EvaluationMode::Remote));
    assert_eq!(group.bucketing_key.as_deref(), Some("amplitude_id"));
    assert_eq!(group.bucketing_salt.map(|salt| salt.len()), Some(8));
    let experiment: u64 = experiment.as_str().parse().unwrap();
    let slot = |name, index, percentage, experiments, individuals| {
        json!({
            "name": name, "index": index, "variantKey": format!("slot-{index}"),
            "percentage": percentage, "experiments": experiments, "holdouts": [],
            "individuals": individuals, "cohorts": [],
        })
    };
    let first = slot("SLOT 1", 1, 60, json!([experiment]), json!(["ada@example.com"]));
    let second = slot("SLOT 2", 2, 40, json!([]), json!([]));
    assert_eq!(json!(group.slots), json!([first, second]));
}

#[tokio::test]
async fn slots_are_1_to_20_whole_percentages_that_add_up_to_100() {
    let world = world().await;
    let create = async |percentages: Vec<i64>| {
        let slots = percentages.into_iter().map(MutexSlotCreate::new);
        world.client.mutexes().create(MutexCreate::new(P, "Group", slots)).await
    };
    create(vec![5; 20]).await.unwrap();
    create(vec![100]).await.unwrap();
    let before = world.fake.snapshot();
    for (percentages, expected) in [
        (vec![50, 49], "slots: the percentages add up to 99, not 100"),
        (vec![], "slots: "),
        (vec![1; 21], "slots: "),
        (vec![0, 100], "slots[0].percentage: 0 is less than the minimum of 1"),
        (vec![101], "slots[0].percentage: 101 is greater than the maximum of 100"),
    ] {
        let (status, message) = refusal(create(percentages).await);
        assert_eq!(status, 400);
        assert!(message.starts_with(expected), "{message}");
    }
    assert_eq!(world.fake.snapshot(), before);
}

#[tokio::test]
async fn slots_change_their_members_and_never_their_number_and_size() {
    let world = world().await;
    let mutexes = world.client.mutexes();
    let (a, b) = (world.experiment("a").await, world.experiment("b").await);
    let slots = [MutexSlotCreate::new(30).experiments([&a]), MutexSlotCreate::new(70)];
    let id = mutexes.create(MutexCreate::new(P, "Group", slots)).await.unwrap().id;

    let body = r#"{"individuals": ["x"], "percentage": 99, "cohorts": ["1"], "index": 7}"#;
    let path = format!("/mutexes/{id}/slots/1");
    assert_eq!(crate::support::raw::api(&world.fake, "PATCH", &path, body).await.status, 200);
    let group = mutexes.get(&id).await.unwrap();
    assert_eq!((group.slots[0].percentage, group.slots[0].index), (30, 1));
    assert_eq!(group.slots[0].cohorts, Some(vec![]));
    assert_eq!(group.slots[0].individuals, Some(vec!["x".to_owned()]));
    assert_eq!(members(&group, 0), [a.as_str()], "what is left out stays");

    let replace = MutexSlotUpdate::new().experiments([&b]);
    mutexes.update_slot(&id, 1, replace).await.unwrap();
    assert_eq!(members(&mutexes.get(&id).await.unwrap(), 0), [b]);
    for index in [0, 3] {
        let outcome = mutexes.update_slot(&id, index, MutexSlotUpdate::new()).await;
        let problem = format!("slot {index} of mutual exclusion group {id} not found");
        refused(outcome, 404, &problem);
    }
}

#[tokio::test]
async fn members_are_of_the_project_and_in_one_slot_only() {
    let world = world().await;
    let mutexes = world.client.mutexes();
    let (a, b) = (world.experiment("a").await, world.experiment("b").await);
    let flag = world.flag("c").await;
    let holdout = async |name: &str| {
        world.client.holdouts().create(HoldoutCreate::new(P, name, 5)).await.unwrap().id
    };
    let (holdout, other) = (holdout("H").await, holdout("I").await);
    let slots =
        [MutexSlotCreate::new(50).experiments([&a]).holdouts([&holdout]), MutexSlotCreate::new(50)];
    let id = mutexes.create(MutexCreate::new(P, "Group", slots)).await.unwrap().id;
    let before = world.fake.snapshot();
    let slot = |experiments: &[&Id], holdouts: &[&Id]| {
        let (experiments, holdouts) = (experiments.iter().copied(), holdouts.iter().copied());
        MutexSlotUpdate::new().experiments(experiments).holdouts(holdouts)
    };
    let missing = format!(
        "experiments[0]: there is no experiment {flag} in project {P}; \
         holdouts[0]: there is no holdout group {a} in project {P}"
    );
    let taken = format!(
        "experiments[1]: {a} is in slot 1; experiments[2]: experiment {b} is given twice; \
         holdouts[0]: {holdout} is in slot 1"
    );
    let twice = format!("holdouts[1]: holdout group {other} is given twice");
    let zeros = Id::from(format!("0{b}"));
    let padded = format!("experiments[0]: there is no experiment {zeros} in project {P}");
    for (update, problem) in [
        (slot(&[&flag], &[&a]), missing),
        (slot(&[&b, &a, &b], &[&holdout]), taken),
        (slot(&[], &[&other, &other]), twice),
        (slot(&[&zeros], &[]), padded),
    ] {
        refused(mutexes.update_slot(&id, 2, update).await, 400, &problem);
    }
    assert_eq!(world.fake.snapshot(), before);
    mutexes.update_slot(&id, 1, slot(&[&a, &b], &[&holdout])).await.unwrap();
}

#[tokio::test]
async fn members_of_a_new_group_are_told_with_their_slot() {
    let world = world().await;
    let a = world.experiment("a").await;
    let holdout = HoldoutCreate::new(P, "H", 5);
    let holdout = world.client.holdouts().create(holdout).await.unwrap().id;
    let before = world.fake.snapshot();
    let slots = [
        MutexSlotCreate::new(50).experiments([&a]),
        MutexSlotCreate::new(50).experiments([&a]).holdouts([&holdout, &holdout]),
    ];
    let problem = format!(
        "slots[1].experiments[0]: {a} is in slot 1; \
         slots[1].holdouts[1]: holdout group {holdout} is given twice"
    );
    let outcome = world.client.mutexes().create(MutexCreate::new(P, "Group", slots)).await;
    refused(outcome, 400, &problem);
    assert_eq!(world.fake.snapshot(), before);
}

#[tokio::test]
async fn slots_show_in_the_dependencies_of_their_experiments() {
    let world = world().await;
    let mutexes = world.client.mutexes();
    let a = world.experiment("a").await;
    assert_eq!(parents(&world, &a).await, json!(null));
    let slots = [MutexSlotCreate::new(50), MutexSlotCreate::new(50).experiments([&a])];
    let id = mutexes.create(MutexCreate::new(P, "Group", slots)).await.unwrap().id;
    let expected = json!({ "flags": { (id.as_str()): ["slot-2"] }, "operator": "all" });
    assert_eq!(parents(&world, &a).await, expected);
    let none = MutexSlotUpdate::new().experiments([0_i64; 0]);
    mutexes.update_slot(&id, 2, none).await.unwrap();
    assert_eq!(parents(&world, &a).await, json!(null));
}

#[tokio::test]
async fn a_version_is_made_when_a_group_changes_an_experiment() {
    let world = world().await;
    let experiments = world.client.experiments();
    let (a, b) = (world.experiment("a").await, world.experiment("b").await);
    let slots = [MutexSlotCreate::new(100).experiments([&a])];
    let id = world.client.mutexes().create(MutexCreate::new(P, "G", slots)).await.unwrap().id;
    let rename = MutexUpdate::new().name("Other");
    world.client.mutexes().update(&id, rename).await.unwrap();
    let versions = experiments.list_versions(&a).await.unwrap();
    assert_eq!(versions.len(), 2, "a new name changes no experiment");
    let shown = experiments.get(&a).await.unwrap().parent_dependencies;
    assert_eq!(versions[0].flag_config.parent_dependencies, shown);
    assert_eq!(experiments.list_versions(&b).await.unwrap().len(), 1);
}

#[tokio::test]
async fn archiving_a_group_ignores_other_members_and_releases_its_children() {
    let world = world().await;
    let mutexes = world.client.mutexes();
    let a = world.experiment("a").await;
    let slots = [MutexSlotCreate::new(100).experiments([&a])];
    let id = mutexes.create(MutexCreate::new(P, "Group", slots)).await.unwrap().id;
    let archive = MutexUpdate::new().archive(true).name("New").description("New");
    mutexes.update(&id, archive).await.unwrap();
    let group = mutexes.get(&id).await.unwrap();
    assert_eq!((group.name.as_str(), group.deleted), ("Group", Some(true)));
    assert_eq!(group.description, "".into());
    assert_eq!(parents(&world, &a).await, json!(null));
    assert_eq!(mutexes.list().await.unwrap().mutexes.len(), 1, "there is no filter");
    mutexes.update(&id, MutexUpdate::new().archive(false).name("New")).await.unwrap();
    assert_eq!(mutexes.get(&id).await.unwrap().name, "New");
    assert!(!parents(&world, &a).await.is_null());
}

#[tokio::test]
async fn a_key_is_unique_over_all_families_of_a_project() {
    let world = world().await;
    world.flag("a").await;
    world.experiment("b").await;
    let group = |key: &str| MutexCreate::new(P, "G", [MutexSlotCreate::new(100)]).key(key);
    world.client.mutexes().create(group("c")).await.unwrap();
    let holdout = HoldoutCreate::new(P, "H", 5).key("d");
    world.client.holdouts().create(holdout).await.unwrap();
    let before = world.fake.snapshot();
    for key in ["a", "b", "c", "d"] {
        let problem =
            format!("key: `{key}` is taken by a flag, an experiment or a group of project {P}");
        refused(world.client.flags().create(FlagCreate::new(P, key)).await, 400, &problem);
        refused(world.client.mutexes().create(group(key)).await, 400, &problem);
        let holdout = HoldoutCreate::new(P, "H", 5).key(key);
        refused(world.client.holdouts().create(holdout).await, 400, &problem);
        let experiment = amplitude_experiment_management::models::ExperimentCreate::new(P, key);
        refused(world.client.experiments().create(experiment).await, 400, &problem);
    }
    assert_eq!(world.fake.snapshot(), before);
}

//! Many clients at once: no update is lost, and what must always hold does.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use amplitude_experiment_management::models::{
    BulkDeleteUsers, ExperimentCreate, ExperimentUpdate, FlagCreate, FlagUpdate, Id, MutexCreate,
    MutexSlotCreate, MutexSlotUpdate, UserInclusions,
};
use amplitude_experiment_management::{Client, Pacer, Retry};
use serde_json::Value;

use crate::support::{P, World, world};

const CLIENTS: usize = 64;

/// What all clients change together.
#[derive(Clone)]
struct Shared {
    flag: Id,
    full: Id,
    group: Id,
}

/// What one client has done, as it was answered.
#[derive(Default)]
struct Done {
    own: Option<Id>,
    own_edits: i64,
    shared_edits: i64,
    full_edits: i64,
    added: BTreeSet<String>,
    created: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_write_at_once_lose_no_update() {
    let seconds = std::env::var("FAKE_LOAD_SECONDS").ok().and_then(|text| text.parse().ok());
    let end = Instant::now() + Duration::from_secs_f64(seconds.unwrap_or(1.5));
    let world = world().await;
    let shared = Shared {
        flag: world.flag("shared").await,
        full: world.experiment("full").await,
        group: {
            let slots = [20, 30, 50].map(MutexSlotCreate::new);
            world.client.mutexes().create(MutexCreate::new(P, "G", slots)).await.unwrap().id
        },
    };
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| tokio::spawn(work(quick(&world), shared.clone(), number, end)))
        .collect();
    let mut done = Vec::new();
    for client in clients {
        done.push(client.await.unwrap());
    }
    nothing_is_lost(&world, &shared, &done).await;
    what_must_hold_does(world.fake.snapshot().as_json());
}

/// A client whose answers are not checked, for its speed.
fn quick(world: &World) -> Client {
    let client = Client::builder(world.fake.key()).base_url(world.fake.base_url());
    client.pacer(Pacer::off()).retry(Retry::off()).build().unwrap()
}

async fn work(client: Client, shared: Shared, number: usize, end: Instant) -> Done {
    let mut done = Done::default();
    let create = FlagCreate::new(P, format!("own-{number}"));
    let own = client.flags().create(create).await.unwrap().id;
    done.own = Some(own.clone());
    let mut round = 0;
    while Instant::now() < end {
        edit_own(&client, &own, &mut done).await;
        edit_shared(&client, &shared.flag, number, round, &mut done).await;
        race(&client, round, &mut done).await;
        fill(&client, &shared.full, number, round, &mut done).await;
        move_between_slots(&client, &shared, round).await;
        round += 1;
    }
    done
}

/// Only this client changes its own flag: what it reads is what it wrote.
async fn edit_own(client: &Client, own: &Id, done: &mut Done) {
    let text = format!("edit {}", done.own_edits);
    let update = FlagUpdate::new().description(&text);
    client.flags().update(own, update).await.unwrap();
    done.own_edits += 1;
    assert_eq!(client.flags().get(own).await.unwrap().description, Some(text));
}

/// All clients add and remove users of one variant, each its own.
async fn edit_shared(client: &Client, flag: &Id, number: usize, round: usize, done: &mut Done) {
    let user = format!("{number}-{}", round % 30);
    if done.added.remove(&user) {
        let users = BulkDeleteUsers::new([&user]);
        client.flags().bulk_delete_variant_users(flag, "on", users).await.unwrap();
    } else {
        let users = UserInclusions::new([&user]);
        client.flags().add_variant_users(flag, "on", users).await.unwrap();
        done.added.insert(user);
    }
    done.shared_edits += 1;
}

/// All clients want the same keys, in two families.
async fn race(client: &Client, round: usize, done: &mut Done) {
    let key = format!("race-{}", round % 200);
    let outcome = match round % 2 {
        0 => client.flags().create(FlagCreate::new(P, &key)).await,
        _ => client.experiments().create(ExperimentCreate::new(P, &key)).await,
    };
    match outcome {
        Ok(_) => done.created.push(key),
        Err(error) => assert_eq!(error.status().map(|status| status.as_u16()), Some(400)),
    }
}

/// All clients add users to one variant until it is full.
async fn fill(client: &Client, full: &Id, number: usize, round: usize, done: &mut Done) {
    let users = (0..20).map(|user| format!("{number}-{round}-{user}"));
    let users = UserInclusions::new(users);
    match client.experiments().add_variant_users(full, "control", users).await {
        Ok(()) => done.full_edits += 1,
        Err(error) => assert_eq!(error.status().map(|status| status.as_u16()), Some(400)),
    }
}

/// An experiment that is in another slot is refused, or taken into this one.
async fn move_between_slots(client: &Client, shared: &Shared, round: usize) {
    let slot = 1 + i64::try_from(round % 3).unwrap();
    let update = match round % 5 {
        0 => MutexSlotUpdate::new().experiments([0_i64; 0]),
        _ => MutexSlotUpdate::new().experiments([&shared.full]),
    };
    if let Err(error) = client.mutexes().update_slot(&shared.group, slot, update).await {
        assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    }
    let update = ExperimentUpdate::new().enabled(round % 2 == 0);
    client.experiments().update(&shared.full, update).await.unwrap();
}

async fn nothing_is_lost(world: &World, shared: &Shared, done: &[Done]) {
    let flags = world.client.flags();
    for client in done {
        let own = client.own.as_ref().unwrap();
        let versions = flags.list_versions(own).await.unwrap();
        assert_eq!(versions[0].version, 1 + client.own_edits);
    }
    let edits: i64 = done.iter().map(|client| client.shared_edits).sum();
    let versions = flags.list_versions(&shared.flag).await.unwrap();
    assert_eq!(versions[0].version, 1 + edits);
    let users = flags.list_variant_users(&shared.flag, "on").await.unwrap();
    let users: BTreeSet<String> = users.into_iter().collect();
    let added: BTreeSet<String> =
        done.iter().flat_map(|client| client.added.iter().cloned()).collect();
    assert_eq!(users, added);
    let created: Vec<&String> = done.iter().flat_map(|client| &client.created).collect();
    let different: BTreeSet<&&String> = created.iter().collect();
    assert_eq!(created.len(), different.len(), "a key was given twice");
    let fills: i64 = done.iter().map(|client| client.full_edits).sum();
    let full =
        world.client.experiments().list_variant_users(&shared.full, "control").await.unwrap();
    assert_eq!(full.len(), usize::try_from(20 * fills).unwrap());
    println!(
        "{} requests of which the log keeps {}; {edits} shared edits, {} races won",
        done.iter().map(|client| 1 + 7 * client.own_edits).sum::<i64>(),
        world.fake.requests().len(),
        created.len()
    );
}

fn what_must_hold_does(state: &Value) {
    let list = |name: &str| state[name].as_array().unwrap();
    let mut keys = BTreeSet::new();
    let families = ["flags", "experiments", "mutexes", "holdouts"];
    for item in families.into_iter().flat_map(list) {
        assert!(keys.insert(item["key"].as_str().unwrap()), "{} is there twice", item["key"]);
    }
    for group in list("mutexes") {
        let slots = group["slots"].as_array().unwrap();
        let sum: i64 = slots.iter().map(|slot| slot["percentage"].as_i64().unwrap()).sum();
        let members: Vec<&Value> =
            slots.iter().flat_map(|slot| slot["experiments"].as_array().unwrap()).collect();
        assert!(sum == 100 && members.len() <= 1, "{group}");
    }
    for item in list("flags").iter().chain(list("experiments")) {
        for variant in item["variants"].as_array().unwrap() {
            assert!(variant["users"].as_array().unwrap().len() <= 2000);
        }
    }
    let mut newest = BTreeMap::new();
    let mut last = "";
    for version in list("versions") {
        let id = version["flagConfig"]["id"].as_str().unwrap();
        let number = version["version"].as_i64().unwrap();
        assert_eq!(newest.insert(id, number).unwrap_or(0) + 1, number, "a version is missing");
        let at = version["createdAt"].as_str().unwrap();
        assert!(last <= at, "{at} comes after {last}");
        last = at;
    }
}

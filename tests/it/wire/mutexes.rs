//! Mutual exclusion groups: facts 2.3.
use amplitude_experiment_management::models::{
    MutexCreate, MutexSlotCreate, MutexSlotUpdate, MutexUpdate,
};
use serde_json::json;

use crate::support::{Answer, exchange, samples};

#[tokio::test]
pub async fn list_decodes_slots_with_integers() {
    let answer = Answer::json(&json!({ "mutexes": [samples::mutex()], "nextCursor": 3003 }));
    let (seen, list) =
        exchange(answer, |client| client.mutexes().list().limit(3).cursor(3000).send()).await;
    seen.expect("GET /api/1/mutexes?limit=3&cursor=3000");
    let list = list.expect("the sample of a list");
    let slot = &list.mutexes[0].slots[0];
    assert_eq!((slot.index, slot.percentage), (1, 60));
    let experiments = slot.experiments.as_ref().expect("the sample has two");
    assert_eq!(experiments[1].as_i64(), Some(55741));
    assert_eq!(slot.cohorts, Some(vec!["x7k2p".to_owned()]));
    assert_eq!(list.mutexes[0].slots[1].individuals, None);
    // C8: a bare number is a cursor too.
    assert_eq!(list.next_cursor.value().expect("there is more").as_str(), "3003");
}

/// C11: the project is a number here. C14: experiments and holdouts are integers, individuals are
/// texts. C15: the name is required, so it is an argument.
#[tokio::test]
pub async fn create_sends_integers_and_texts() {
    let answer = Answer::json(&samples::created());
    let (seen, created) = exchange(answer, |client| async move {
        let first = MutexSlotCreate::new(60)
            .experiments(["183980", "55741"])
            .holdouts([612_077])
            .individuals(["dev@example.com", "17"]);
        let body = MutexCreate::new("289220", "Checkout tests", [first, MutexSlotCreate::new(40)])
            .key("checkout-tests")
            .description("")
            .evaluation_mode("remote")
            .bucketing_key("amplitude_id")
            .bucketing_salt("aB3dE5fG");
        client.mutexes().create(body).send().await
    })
    .await;
    let body = json!({
        "projectId": 289220,
        "name": "Checkout tests",
        "slots": [
            {
                "percentage": 60,
                "experiments": [183980, 55741],
                "holdouts": [612077],
                "individuals": ["dev@example.com", "17"],
            },
            { "percentage": 40 },
        ],
        "key": "checkout-tests",
        "description": "",
        "evaluationMode": "remote",
        "bucketingKey": "amplitude_id",
        "bucketingSalt": "aB3dE5fG",
    });
    seen.expect_json("POST /api/1/mutexes", body);
    assert_eq!(created.expect("the sample of a create").id, "848346");
}

/// C10: what a read answers as text goes into a group as an integer, without a word of the caller.
#[tokio::test]
async fn ids_that_were_read_become_integers() {
    let flag: amplitude_experiment_management::models::Flag =
        serde_json::from_value(samples::flag()).expect("the sample of a flag");
    let answer = Answer::json(&samples::created());
    let (seen, _) = exchange(answer, |client| async move {
        let slot = MutexSlotCreate::new(100).experiments([&flag.id]);
        client.mutexes().create(MutexCreate::new(&flag.project_id, "m", [slot])).send().await
    })
    .await;
    let body = json!({
        "projectId": 217854,
        "name": "m",
        "slots": [{ "percentage": 100, "experiments": [848345] }],
    });
    seen.expect_json("POST /api/1/mutexes", body);
}

/// C11: what is no number stays text. The service knows best what is wrong with it, and nothing
/// breaks out of the string.
#[tokio::test]
async fn a_project_that_is_no_number_stays_text() {
    for id in ["", "007", "+7", "1e3", "7, \"key\": 1", "99999999999999999999"] {
        let (seen, created) = exchange(Answer::new(400, "projectId"), |client| {
            client.mutexes().create(MutexCreate::new(id, "m", [])).send()
        })
        .await;
        let body = json!({ "projectId": id, "name": "m", "slots": [] });
        seen.expect_json("POST /api/1/mutexes", body);
        created.expect_err("400 is no success");
    }
}

#[tokio::test]
pub async fn get_decodes_a_group() {
    let answer = Answer::json(&samples::mutex());
    let (seen, mutex) = exchange(answer, |client| client.mutexes().get("612004").send()).await;
    seen.expect("GET /api/1/mutexes/612004");
    let mutex = mutex.expect("the sample of a group");
    assert_eq!(mutex.project_id, "289220");
    assert!(mutex.description.is_null());
    assert_eq!(mutex.slots.len(), 2);
    assert_eq!(mutex.slots[0].variant_key.as_deref(), Some("slot-1"));
    assert_eq!(mutex.deleted, None);
}

/// C22: a boolean, in both directions.
#[tokio::test]
pub async fn update_archives() {
    for archive in [true, false] {
        let (seen, updated) = exchange(Answer::ok_text(), |client| {
            let body = MutexUpdate::new().name("n").description("").archive(archive);
            client.mutexes().update("612004", body).send()
        })
        .await;
        let body = json!({ "name": "n", "description": "", "archive": archive });
        seen.expect_json("PATCH /api/1/mutexes/612004", body);
        updated.expect("`OK`");
    }
}

/// C17: the `index` of the slot, which counts from 1; nothing is subtracted. C14 again.
#[tokio::test]
pub async fn a_slot_is_named_by_its_own_index() {
    let (seen, updated) = exchange(Answer::ok_text(), |client| async move {
        let body =
            MutexSlotUpdate::new().experiments([183_980]).holdouts([0_i64; 0]).individuals(["17"]);
        client.mutexes().update_slot("612004", 1, body).send().await
    })
    .await;
    let body = json!({ "experiments": [183980], "holdouts": [], "individuals": ["17"] });
    seen.expect_json("PATCH /api/1/mutexes/612004/slots/1", body);
    updated.expect("`OK`");
}

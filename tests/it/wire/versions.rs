//! The feed of versions: facts 2.6.
use serde_json::json;

use crate::support::{Answer, exchange, samples};

#[tokio::test]
pub async fn list_sends_instants() {
    // C8: the documented sample has a bare number.
    let answer = Answer::json(&json!({ "versions": [samples::version()], "nextCursor": 3003 }));
    let (seen, list) = exchange(answer, |client| async move {
        let list = client.versions().list().start("2025-03-01T00:00:00+01:00");
        list.end("2025-03-02T00:00:00.500Z").limit(3).cursor("3000").send().await
    })
    .await;
    // A plus in a query would arrive as a space.
    seen.expect(
        "GET /api/1/versions?start=2025-03-01T00%3A00%3A00%2B01%3A00\
         &end=2025-03-02T00%3A00%3A00.500Z&limit=3&cursor=3000",
    );
    let list = list.expect("the sample of a list");
    assert_eq!(list.versions[0].version, 3);
    assert_eq!(list.next_cursor.value().expect("there is more").as_str(), "3003");
}

#[tokio::test]
async fn list_without_filters_has_no_query() {
    let answer = Answer::json(&json!({ "versions": [], "nextCursor": null }));
    let (seen, list) = exchange(answer, |client| client.versions().list().send()).await;
    seen.expect("GET /api/1/versions");
    assert!(list.expect("an empty list").versions.is_empty());
}

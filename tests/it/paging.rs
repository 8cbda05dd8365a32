//! Lists over several pages: facts 1.5. Nothing is lost and nothing comes twice.
use amplitude_experiment_management::models::{BulkDeleteUsers, Deployment};
use amplitude_experiment_management::{Client, Error, PaginationError};
use serde_json::{Value, json};

use crate::support::{Answer, KEY, Server, client_of, samples};

fn deployment(id: &str) -> Value {
    let mut deployment = samples::deployment();
    deployment["id"] = json!(id);
    deployment
}

/// A page with these deployments; `next` as it is to stand in the answer.
fn page(ids: &[&str], next: Value) -> Answer {
    let deployments: Vec<Value> = ids.iter().copied().map(deployment).collect();
    Answer::json(&json!({ "deployments": deployments, "nextCursor": next }))
}

fn last(ids: &[&str]) -> Answer {
    page(ids, Value::Null)
}

fn ids(deployments: &[Deployment]) -> Vec<&str> {
    deployments.iter().map(|deployment| deployment.id.as_str()).collect()
}

async fn read_all(client: &Client) -> Result<Vec<Deployment>, Error> {
    client.deployments().list().pages().collect_all(1_000).await
}

#[tokio::test]
async fn three_pages_are_read_in_order() {
    let server = Server::start([
        page(&["1", "2"], json!("26397")),
        page(&["3"], json!("7")),
        last(&["4", "5"]),
    ])
    .await;
    let all = read_all(&client_of(&server)).await.expect("three pages");
    assert_eq!(ids(&all), ["1", "2", "3", "4", "5"]);
    // Facts 1.3: a page holds 1,000 at most, and asking for that many takes the fewest requests.
    assert_eq!(
        server.lines(),
        [
            "GET /api/1/deployments?limit=1000",
            "GET /api/1/deployments?limit=1000&cursor=26397",
            "GET /api/1/deployments?limit=1000&cursor=7",
        ]
    );
}

#[tokio::test]
async fn filters_and_limit_stay_on_every_page() {
    let flags = |next| Answer::json(&json!({ "flags": [samples::flag()], "nextCursor": next }));
    let server = Server::start([flags(json!("9")), flags(Value::Null)]).await;
    let list = client_of(&server).flags().list().project_id("217854").include_archived(true);
    let mut items = list.limit(1).items();
    let mut count = 0;
    while let Some(flag) = items.try_next().await.expect("two pages") {
        assert_eq!(flag.id, "848345");
        count += 1;
    }
    assert_eq!(count, 2);
    let first = "GET /api/1/flags?projectId=217854&includeArchived=true&limit=1";
    assert_eq!(server.lines(), [first.to_owned(), format!("{first}&cursor=9")]);
}

/// Facts 1.5, rule 4: the end is null, absent, empty, 0 or "0".
#[tokio::test]
async fn every_end_is_one() {
    let absent = Answer::json(&json!({ "deployments": [deployment("1")] }));
    let ends = [json!(null), json!(""), json!(0), json!("0")].map(|next| page(&["1"], next));
    for end in ends.into_iter().chain([absent]) {
        let server = Server::start([end.clone()]).await;
        let all =
            read_all(&client_of(&server)).await.unwrap_or_else(|error| panic!("{end:?}: {error}"));
        assert_eq!(ids(&all), ["1"]);
        assert_eq!(server.seen().len(), 1, "{end:?}");
    }
}

/// C8: text and number, sent back as they came, and encoded.
#[tokio::test]
async fn a_cursor_of_any_kind_is_sent_back_verbatim() {
    let cursors = [
        (json!("26397"), "26397"),
        (json!(3003), "3003"),
        (json!(9_007_199_254_740_993_u64), "9007199254740993"),
        (json!("00"), "00"),
        (json!(" "), "%20"),
        (json!("a+b/c==&d#?%2F"), "a%2Bb%2Fc%3D%3D%26d%23%3F%252F"),
        (json!("\u{e9}\n"), "%C3%A9%0A"),
    ];
    for (cursor, encoded) in cursors {
        let server = Server::start([page(&["1"], cursor), last(&["2"])]).await;
        let all = read_all(&client_of(&server)).await.expect("two pages");
        assert_eq!(ids(&all), ["1", "2"]);
        let line = format!("GET /api/1/deployments?limit=1000&cursor={encoded}");
        assert_eq!(server.lines()[1], line);
    }
}

#[tokio::test]
async fn an_empty_page_in_the_middle_is_not_the_end() {
    let server =
        Server::start([page(&["1"], json!("a")), page(&[], json!("b")), last(&["2"])]).await;
    let mut items = client_of(&server).deployments().list().items();
    let mut all = Vec::new();
    while let Some(item) = items.try_next().await.expect("three pages") {
        all.push(item);
    }
    assert_eq!(ids(&all), ["1", "2"]);
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_list_without_items_is_empty() {
    let server = Server::start([last(&[])]).await;
    let mut items = client_of(&server).deployments().list().items();
    assert!(items.next().await.is_none());
    assert!(items.next().await.is_none());
    assert_eq!(server.seen().len(), 1);
}

/// The items that came are given out first; then the circle is an error, once.
#[tokio::test]
async fn a_repeated_cursor_is_an_error() {
    let circles = [
        vec![page(&["1"], json!("a")), page(&["2"], json!("a"))],
        vec![page(&["1"], json!("a")), page(&["2"], json!("b")), page(&["3"], json!("a"))],
        // The kind of a cursor does not make it another one.
        vec![page(&["1"], json!("7")), page(&["2"], json!(7))],
    ];
    for circle in circles {
        let count = circle.len();
        let server = Server::start(circle).await;
        let mut items = client_of(&server).deployments().list().items();
        let mut all = Vec::new();
        let error = loop {
            match items.next().await.expect("a circle has no end") {
                Ok(item) => all.push(item),
                Err(error) => break error,
            }
        };
        assert_eq!(ids(&all), ["1", "2", "3"][..count]);
        let Error::Pagination(error) = error else { panic!("{error:?}") };
        assert!(matches!(*error, PaginationError::Repeated { .. }), "{error:?}");
        items.retry();
        assert!(items.next().await.is_none(), "it is final");
        assert_eq!(server.seen().len(), count);
    }
}

/// A cursor that the caller began with counts as seen.
#[tokio::test]
async fn a_page_that_leads_back_to_the_start_is_an_error() {
    let server = Server::start([page(&["1"], json!("5"))]).await;
    let mut pages = client_of(&server).deployments().list().cursor("5").pages();
    assert_eq!(ids(&pages.try_next().await.expect("one page").expect("one page").items), ["1"]);
    assert!(matches!(pages.try_next().await, Err(Error::Pagination(_))));
    assert_eq!(server.lines(), ["GET /api/1/deployments?limit=1000&cursor=5"]);
}

/// A caller's own start is a place like any other: it is what to resume from.
#[tokio::test]
async fn a_start_of_ones_own_is_what_to_resume_from() {
    let server = Server::start([Answer::new(403, "no"), page(&["6", "7"], json!("9"))]).await;
    let mut items = client_of(&server).deployments().list().cursor("5").items();
    items.try_next().await.expect_err("403");
    assert_eq!(items.cursor().map(|cursor| cursor.as_str()), Some("5"));
    items.retry();
    assert_eq!(items.try_next().await.expect("a page").expect("an item").id, "6");
    let place = (items.cursor().map(|cursor| cursor.as_str()), items.offset_in_page());
    assert_eq!(place, (Some("5"), 1));
    assert_eq!(server.lines(), ["GET /api/1/deployments?limit=1000&cursor=5"; 2]);
}

/// Page 2 fails; the stream stands still until it is told to go on, and goes on with page 2.
#[tokio::test]
async fn an_error_on_page_2_is_followed_by_a_retry() {
    let refused = Answer::new(403, "not just now");
    let server = Server::start([
        page(&["1", "2"], json!("a")),
        refused,
        page(&["3"], json!("b")),
        last(&["4"]),
    ])
    .await;
    let mut items = client_of(&server).deployments().list().items();
    let mut all = Vec::new();
    let mut errors = 0;
    for _ in 0..20 {
        match items.next().await {
            Some(Ok(item)) => all.push(item),
            Some(Err(error)) => {
                assert_eq!(error.message(), Some("not just now"));
                assert_eq!(ids(&all), ["1", "2"], "what came before is not held back");
                assert!(items.next().await.is_none(), "it stands still");
                errors += 1;
                items.retry();
            }
            None => break,
        }
    }
    assert_eq!(errors, 1);
    assert_eq!(ids(&all), ["1", "2", "3", "4"]);
    let second = "GET /api/1/deployments?limit=1000&cursor=a";
    assert_eq!(server.lines()[1..3], [second, second]);
}

/// Another process goes on from what this one has written down.
#[tokio::test]
async fn an_error_on_page_2_is_followed_by_a_resume() {
    let server =
        Server::start([page(&["1", "2"], json!(26397)), Answer::new(401, "revoked")]).await;
    let mut pages = client_of(&server).deployments().list().limit(2).pages();
    let first = pages.try_next().await.expect("page 1").expect("page 1");
    assert_eq!((ids(&first.items), first.index), (vec!["1", "2"], 0));
    pages.try_next().await.expect_err("page 2");
    let kept = pages.cursor().expect("where page 2 begins").to_string();
    assert_eq!(kept, "26397");

    let server = Server::start([page(&["3"], json!("b")), last(&["4"])]).await;
    let list = client_of(&server).deployments().list().limit(2);
    let rest = list.pages().resume_from(kept.as_str()).collect_all(10).await.expect("two pages");
    assert_eq!(ids(&rest), ["3", "4"]);
    assert_eq!(
        server.lines(),
        ["GET /api/1/deployments?limit=2&cursor=26397", "GET /api/1/deployments?limit=2&cursor=b",]
    );
}

/// In the middle of a page: cursor and offset together name the place.
#[tokio::test]
async fn items_are_resumed_in_the_middle_of_a_page() {
    let pages = || [page(&["1", "2"], json!("a")), last(&["3", "4", "5"])];
    for taken in 0..=5 {
        let server = Server::start(pages()).await;
        let mut items = client_of(&server).deployments().list().items();
        let mut all = Vec::new();
        for _ in 0..taken {
            all.push(items.try_next().await.expect("no error").expect("five items"));
        }
        let (cursor, offset) = (items.cursor().cloned(), items.offset_in_page());

        // The new run asks for the page that was broken off, and what follows it.
        let rest = if cursor.is_some() { vec![last(&["3", "4", "5"])] } else { Vec::from(pages()) };
        let server = Server::start(rest).await;
        let mut pages = client_of(&server).deployments().list().pages();
        if let Some(cursor) = cursor {
            pages = pages.resume_from(cursor);
        }
        let mut items = pages.items().skip_in_page(offset);
        while let Some(item) = items.try_next().await.expect("no error") {
            all.push(item);
        }
        assert_eq!(ids(&all), ["1", "2", "3", "4", "5"], "after {taken}");
    }
}

/// A passing failure inside a page is not even seen.
#[tokio::test]
async fn a_failure_on_page_2_is_waited_out() {
    let broken = page(&["3"], json!(null)).cut_after(20);
    let failure = Answer::new(503, "");
    let server = Server::start([page(&["1"], json!("a")), failure, broken, last(&["2"])]).await;
    let all = read_all(&client_of(&server)).await.expect("three attempts");
    assert_eq!(ids(&all), ["1", "2"]);
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn more_than_was_asked_for_is_an_error_and_not_a_cut() {
    let server = Server::start([page(&["1", "2"], json!("a")), last(&["3"])]).await;
    let pages = client_of(&server).deployments().list().pages();
    let error = pages.collect_all(2).await.expect_err("three items");
    let Error::Pagination(error) = error else { panic!("{error:?}") };
    assert!(matches!(*error, PaginationError::TooManyItems { limit: 2, .. }), "{error:?}");
}

/// All six lists page; each has its own plural in the envelope (facts 3.14).
#[tokio::test]
async fn every_list_pages() {
    let two = |plural: &str, item: Value| {
        let first = json!({ plural: [item.clone()], "nextCursor": "c" });
        [Answer::json(&first), Answer::json(&json!({ plural: [item] }))]
    };
    let mut script = Vec::new();
    script.extend(two("flags", samples::flag()));
    script.extend(two("experiments", samples::experiment()));
    script.extend(two("mutexes", samples::mutex()));
    script.extend(two("holdouts", samples::holdout()));
    script.extend(two("deployments", samples::deployment()));
    script.extend(two("versions", samples::version()));
    let server = Server::start(script).await;
    let client = Client::builder(KEY).base_url(server.base_url()).build().expect("sound settings");
    let counts = [
        client.flags().list().pages().collect_all(9).await.map(|all| all.len()),
        client.experiments().list().pages().collect_all(9).await.map(|all| all.len()),
        client.mutexes().list().pages().collect_all(9).await.map(|all| all.len()),
        client.holdouts().list().pages().collect_all(9).await.map(|all| all.len()),
        client.deployments().list().pages().collect_all(9).await.map(|all| all.len()),
        client.versions().list().pages().collect_all(9).await.map(|all| all.len()),
    ];
    for count in counts {
        assert_eq!(count.expect("two pages"), 2);
    }
    let lines = server.lines();
    let plurals = ["flags", "experiments", "mutexes", "holdouts", "deployments", "versions"];
    for (pair, plural) in lines.chunks(2).zip(plurals) {
        let first = format!("GET /api/1/{plural}?limit=1000");
        assert_eq!(pair, [first.clone(), format!("{first}&cursor=c")]);
    }
}

/// The cursor of one list says nothing in another.
#[tokio::test]
async fn a_cursor_of_another_list_is_not_sent() {
    let server = Server::start([page(&["1"], json!("26397")), last(&["2"])]).await;
    let client = client_of(&server);
    let mut pages = client.deployments().list().pages();
    let next = pages.try_next().await.expect("a page").expect("a page").next.expect("a cursor");
    let error = client.flags().list().cursor(&next).send().await.expect_err("a foreign cursor");
    let Error::Request(refused) = &error else { panic!("{error:?}") };
    assert_eq!(refused.parameter(), Some("cursor"));
    assert!(error.to_string().contains("a cursor of listDeployments"), "{error}");
    assert_eq!(server.seen().len(), 1);
    client.deployments().list().cursor(next).send().await.expect("its own cursor");
}

/// Facts 1.3: a bulk deletion takes 100 at most.
#[tokio::test]
async fn a_list_of_any_length_is_deleted_in_chunks() {
    let ok = Answer::ok_text;
    let server = Server::start([ok(), Answer::new(404, "gone"), ok(), ok()]).await;
    let handle = client_of(&server).flags();
    let users: Vec<String> = (0..250).map(|user| format!("user-{user}")).collect();
    let request = handle.bulk_delete_variant_users("1", "on", BulkDeleteUsers::new(&users));
    let error = request.in_chunks().await.expect_err("the second call failed");
    assert_eq!(
        (error.done().entries(), error.failed().len(), error.unsent().len()),
        (100, 100, 50)
    );
    let rest = BulkDeleteUsers::new(error.into_remaining());
    let report = handle.bulk_delete_variant_users("1", "on", rest).in_chunks().await;
    assert_eq!(report.map(|report| (report.entries(), report.calls())).ok(), Some((150, 2)));
    let line = "DELETE /api/1/flags/1/variants/on/bulk-delete-users";
    let parts = [&users[..100], &users[100..200], &users[100..200], &users[200..]];
    for (seen, part) in server.seen().iter().zip(parts) {
        seen.expect_json(line, json!({ "users": part }));
    }
    assert_eq!(server.seen().len(), 4);
}

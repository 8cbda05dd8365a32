//! What is sent again and what is not, on real connections. Waits are tested with a paused clock
//! where they are made, in the runtime.
use std::time::{Duration, Instant};

use amplitude_experiment_management::models::{
    BulkDeleteUsers, FlagCreate, FlagUpdate, UserInclusions, VariantUpdate,
};
use amplitude_experiment_management::{Client, Error, Evidence, LimitScope, Retry, Timeouts};
use tokio::net::{TcpListener, TcpSocket};

use crate::support::{Answer, KEY, Server, client_of, hasty, samples};

fn refusal() -> Answer {
    Answer::new(429, "rate limit exceeded")
}

fn failure(status: u16) -> Answer {
    Answer::new(status, "not now")
}

/// Facts 1.4: no `Retry-After` is documented; where one comes, it is honoured.
#[tokio::test]
async fn a_refusal_is_waited_out_as_the_service_says() {
    let answers = [refusal().header("retry-after", "1"), Answer::json(&samples::flag())];
    let server = Server::start(answers).await;
    let started = Instant::now();
    let response = client_of(&server).flags().get("848345").response().await;
    let waited = started.elapsed();
    assert_eq!(response.expect("the second attempt").attempts(), 2);
    assert_eq!(server.lines(), ["GET /api/1/flags/848345"; 2]);
    assert!(waited >= Duration::from_secs(1), "{waited:?}");
}

/// A refused write was not executed, so it is sent again, with the same body.
#[tokio::test]
async fn a_refused_write_is_sent_again_whole() {
    let answers = [refusal(), refusal().header("retry-after", "0"), Answer::ok_text()];
    let server = Server::start(answers).await;
    let users = UserInclusions::new(["a@example.com"]);
    let added = client_of(&server).flags().add_variant_users("1", "on", users).send().await;
    added.expect("the third attempt");
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    for request in &seen {
        request.expect_json(
            "POST /api/1/flags/1/variants/on/users",
            serde_json::json!({ "inclusions": ["a@example.com"] }),
        );
    }
}

#[tokio::test]
async fn refusals_come_to_an_end() {
    let server = Server::start(vec![refusal(); 20]).await;
    let error = client_of(&server).flags().list().send().await.expect_err("only refusals");
    assert!(error.is_rate_limited());
    assert_eq!((error.attempts(), server.seen().len()), (8, 8));
    let Error::RateLimited(limit) = &error else { panic!("{error:?}") };
    assert_eq!((limit.scope(), limit.evidence()), (LimitScope::Short, Evidence::Status));
    assert_eq!(error.message(), Some("rate limit exceeded"));
    assert!(!error.is_ambiguous());
}

/// Facts 1.3: the day's requests are used up, hours before the counter starts again.
#[tokio::test]
async fn a_wait_of_hours_ends_the_call_at_once() {
    let server = Server::start([refusal().header("retry-after", "7200")]).await;
    let error = client_of(&server).flags().list().send().await.expect_err("not today");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7200)));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_read_is_tried_again_after_a_failure() {
    for status in [408, 500, 502, 503, 504] {
        let server = Server::start([failure(status), Answer::json(&samples::flag())]).await;
        let flag = client_of(&server).flags().get("848345").send().await;
        assert_eq!(flag.expect("the second attempt").id, "848345");
        assert_eq!(server.seen().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn failures_of_a_read_come_to_an_end() {
    let server = Server::start(vec![failure(503); 9]).await;
    let error = client_of(&server).versions().list().send().await.expect_err("only failures");
    assert_eq!((error.attempts(), server.seen().len()), (3, 3));
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
    assert!(!error.is_ambiguous(), "it only reads");
}

/// It may have been executed: a second time would make a second flag, or a second removal at a place
/// that by then belongs to another user (facts 2.1, row 15).
#[tokio::test]
async fn a_write_is_not_sent_twice_after_a_failure() {
    for status in [500, 502, 503, 504] {
        let server = Server::start(vec![failure(status); 4]).await;
        let flags = client_of(&server).flags();
        let errors = [
            flags.create(FlagCreate::new("1", "k")).send().await.map(drop),
            flags.update("1", FlagUpdate::new().enabled(true)).send().await,
            flags.update_variant("1", "on", VariantUpdate::new().rollout_weight(1)).send().await,
            flags.delete_variant_user("1", "on", 0).send().await,
        ];
        for error in errors {
            let error = error.expect_err("a failure");
            assert_eq!(error.attempts(), 1);
            assert!(error.is_ambiguous());
            assert!(error.to_string().ends_with("; the request may have been executed"), "{error}");
        }
        assert_eq!(server.seen().len(), 4, "{status}");
    }
}

/// Taking away twice what was named once has the effect of once.
#[tokio::test]
async fn a_removal_by_name_is_tried_again_after_a_failure() {
    let body = BulkDeleteUsers::new(["a@example.com"]);
    let answers = [failure(503), Answer::ok_text(), failure(502), Answer::ok_text()];
    let server = Server::start(answers).await;
    let flags = client_of(&server).flags();
    flags.delete_variant("1", "on").send().await.expect("the second attempt");
    flags.bulk_delete_variant_users("1", "on", body).send().await.expect("the second attempt");
    let seen = server.seen();
    assert_eq!(seen.len(), 4);
    assert_eq!(seen[2].body, seen[3].body);
}

/// The connection ends in the middle of the body.
#[tokio::test]
async fn a_read_that_was_cut_is_tried_again() {
    let whole = Answer::json(&samples::flag());
    let server =
        Server::start([whole.clone().cut_after(30), whole.clone().cut_after(0), whole]).await;
    let response = client_of(&server).flags().get("848345").response().await;
    let response = response.expect("the third attempt");
    assert_eq!(response.attempts(), 3);
    assert_eq!(response.value().key, "checkout-redesign");
}

/// The status said that it was executed; what it made is lost with the body.
#[tokio::test]
async fn a_write_that_was_cut_is_not_sent_twice() {
    let server = Server::start([Answer::json(&samples::created()).cut_after(5)]).await;
    let created = client_of(&server).flags().create(FlagCreate::new("1", "k")).send().await;
    let error = created.expect_err("half an answer");
    assert!(matches!(error, Error::Decode(_)), "{error:?}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert!(error.is_ambiguous());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn retries_can_be_switched_off() {
    for answer in [failure(503), refusal()] {
        let server = Server::start([answer]).await;
        let client = Client::builder(KEY).base_url(server.base_url()).retry(Retry::off()).build();
        let outcome = client.expect("sound settings").flags().list().send().await;
        assert_eq!(outcome.expect_err("no second attempt").attempts(), 1);
        assert_eq!(server.seen().len(), 1);
    }
}

/// Nothing was sent, so a write is tried as often as a read.
#[tokio::test]
async fn nobody_listens() {
    // Bound, so that nobody else gets the port, and not listening.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
    let address = socket.local_addr().expect("it is bound");
    let client = Client::builder(KEY).base_url(format!("http://{address}")).retry(hasty()).build();
    let create = client.expect("sound settings").flags().create(FlagCreate::new("1", "k"));
    let error = create.send().await.expect_err("nobody listens");
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert_eq!(error.attempts(), 3);
    assert!(!error.is_ambiguous());
    assert!(!format!("{error:?}").contains(KEY));
}

/// A service that takes the request and says nothing.
#[tokio::test]
async fn silence_ends_with_the_time_of_an_attempt() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let timeouts = Timeouts::default().attempt(Duration::from_millis(50));
    let client = Client::builder(KEY).base_url(format!("http://{address}")).timeouts(timeouts);
    let client = client.retry(hasty()).build().expect("sound settings");
    let create = client.flags().create(FlagCreate::new("1", "k")).send();
    let error = create.await.expect_err("no answer");
    assert_eq!(error.attempts(), 1);
    assert!(error.is_ambiguous(), "it may have been executed: {error:?}");
    drop(listener);
}

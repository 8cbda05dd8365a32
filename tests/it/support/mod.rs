//! A small HTTP server on the loopback interface, and calls of a client against it.
mod answer;
pub mod samples;
mod seen;
mod server;

use std::cell::RefCell;
use std::future::Future;
use std::time::Duration;

use amplitude_experiment_management::{Client, Retry};

pub use self::answer::Answer;
pub use self::seen::Seen;
pub use self::server::Server;

/// The key that every client here has.
pub const KEY: &str = "ampex_0123456789abcdef";

thread_local! {
    /// What `exchange` has seen on this thread, for the test that counts operations.
    static EXERCISED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A client of `server` that waits only milliseconds between attempts.
pub fn client_of(server: &Server) -> Client {
    let client = Client::builder(KEY).base_url(server.base_url()).retry(hasty()).build();
    client.expect("the settings of the tests are sound")
}

/// The default number of attempts with hardly any wait between them.
pub fn hasty() -> Retry {
    let short = Duration::from_millis(2);
    Retry::default().backoff(short, short).refusal_wait(short).budget(10_000)
}

/// Makes one call against a server that gives this one answer; the request and the call's outcome.
pub async fn exchange<F, T>(answer: Answer, call: impl FnOnce(Client) -> F) -> (Seen, T)
where
    F: Future<Output = T>,
{
    let server = Server::start([answer]).await;
    let outcome = call(client_of(&server)).await;
    let seen = server.take();
    EXERCISED.with_borrow_mut(|routes| routes.push(seen.line()));
    (seen, outcome)
}

/// The request lines of this thread since the last time this was asked.
pub fn take_exercised() -> Vec<String> {
    EXERCISED.take()
}

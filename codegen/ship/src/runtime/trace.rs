//! Spans and events for `tracing`. Paths are templates; URLs, values and keys never appear.
use std::future::Future;
use std::pin::Pin;

use tracing::field::Empty;
use tracing::{Instrument, Span, debug, info_span, trace, warn};

use super::error::Error;
use super::limits::LimitScope;
use super::observer::Event;
use super::operation::Operation;
use super::response::Response;

/// A wait for a slot that is worth a word, in milliseconds.
const LONG_WAIT: u128 = 1000;

/// The span of one call, with all its attempts. The target is the path of this module, and with it
/// the name of the client's crate.
fn span(operation: &'static Operation) -> Span {
    info_span!(
        "call",
        operation = operation.id,
        http.request.method = operation.method.as_str(),
        url.template = operation.path,
        http.response.status_code = Empty,
        attempts = Empty,
        waited_ms = Empty,
    )
}

/// Runs a call in its span, and adds to the span how it ended.
pub(super) async fn watched<T>(
    operation: &'static Operation,
    call: Pin<&mut impl Future<Output = Result<Response<T>, Error>>>,
) -> Result<Response<T>, Error> {
    let span = span(operation);
    if span.is_disabled() {
        return call.await;
    }
    let outcome = call.instrument(span.clone()).await;
    end(&span, &outcome);
    outcome
}

fn end<T>(span: &Span, outcome: &Result<Response<T>, Error>) {
    let (status, attempts, waited) = match outcome {
        Ok(response) => (Some(response.status()), response.attempts(), response.waited()),
        Err(error) => (error.status(), error.attempts(), error.waited()),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    span.record("attempts", attempts);
    span.record("waited_ms", waited.as_millis());
}

pub(super) fn tell(operation: &'static Operation, event: &Event) {
    let operation = operation.id;
    match event {
        Event::SlotWait { waited } if waited.as_millis() < LONG_WAIT => {}
        Event::SlotWait { waited } => {
            debug!(operation, waited_ms = waited.as_millis(), "waited for a slot");
        }
        Event::AttemptStart { attempt } => trace!(operation, attempt, "attempt begins"),
        Event::AttemptEnd { attempt, status, failure, elapsed } => {
            let status = status.map(|status| status.as_u16());
            let failure = failure.as_ref().map(tracing::field::debug);
            let elapsed_ms = elapsed.as_millis();
            debug!(operation, attempt, status, failure, elapsed_ms, "attempt ended");
        }
        Event::Throttled { scope: LimitScope::Short, wait } => {
            warn!(operation, wait_ms = wait.as_millis(), "refused; everybody waits");
        }
        Event::Throttled { scope, wait } => {
            warn!(operation, ?scope, wait_ms = wait.as_millis(), "refused for long");
        }
        Event::Retry { attempt, wait } => {
            warn!(operation, attempt, wait_ms = wait.as_millis(), "tries again");
        }
        Event::Quota { quota } => {
            let (sent, limit) = (quota.sent_today, quota.limit);
            warn!(operation, sent, limit, state = ?quota.state, "requests of the day");
        }
        Event::BudgetUnavailable { reason } => {
            warn!(operation, reason, "the shared budget cannot be reached");
        }
    }
}

//! From a request to its answer: route, key, limits, input, operation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode, request};
use serde_json::{Value, json};

use crate::call::{Call, Reply, id_in};
use crate::clock::Clock;
use crate::fault::{Effect, Faults};
use crate::limits::{Limits, Meter};
use crate::log::Log;
use crate::refusal::Refusal;
use crate::schema::{self, Rules};
use crate::spec::Operation;
use crate::state::{State, number};
use crate::{operations, route, strict_json, walk};

/// The most bytes of a body.
pub(crate) const MOST_BYTES: usize = 1024 * 1024;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Everything that all connections share.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) state: Mutex<State>,
    /// The projects that each key reaches.
    pub(crate) keys: Mutex<BTreeMap<String, BTreeSet<u64>>>,
    pub(crate) limits: Mutex<(Limits, Meter)>,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    pub(crate) clock: Clock,
    pub(crate) page_size: usize,
    pub(crate) latency: Duration,
}

/// An answer, and what becomes of it on its way.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) delay: Duration,
    pub(crate) cut: Option<usize>,
    pub(crate) pace: Option<(usize, Duration)>,
}

/// A mutex of plain data is whole, whoever panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Service {
    /// Answers a request whose body was read, or was too long to be kept.
    pub(crate) fn answer(
        &self,
        head: &request::Parts,
        body: Option<&Bytes>,
        found: Result<route::Found, Refusal>,
    ) -> Answer {
        let operation = found.as_ref().ok().map(|(operation, _)| *operation);
        let (effects, is_executed) =
            operation.map_or((Vec::new(), true), |operation| self.faults.with(operation));
        let outcome = match is_executed {
            true => found.and_then(|found| self.execute(head, body, found)),
            false => Ok(Reply::Ok),
        };
        let mut answer = Answer::new(outcome);
        answer.delay = self.latency;
        for (effect, operation) in effects.into_iter().zip(operation.into_iter().cycle()) {
            answer.suffer(effect, operation);
        }
        answer
    }

    fn execute(
        &self,
        head: &request::Parts,
        body: Option<&Bytes>,
        (operation, path): route::Found,
    ) -> Result<Reply, Refusal> {
        let scope = self.scope(&head.headers)?;
        let rules = Rules::of(operation);
        let read = match rules.has_body() {
            true => read_body(&head.headers, body),
            false => Ok(Value::Null),
        };
        // Whatever is wrong with a body, the request counts.
        let (body, unread) = match read {
            Ok(body) => (body, None),
            Err(refusal) => (Value::Null, Some(refusal)),
        };
        let mut call = Call {
            operation,
            path,
            query: route::query(head.uri.query().unwrap_or_default()),
            body,
            scope,
            now: self.clock.since_1970(),
            page_size: self.page_size,
        };
        self.count(&call)?;
        unread.map_or(Ok(()), Err)?;
        rules.normalize(&mut call.body);
        let mut problems = rules.problems(&call.body);
        problems.extend(parameter_problems(rules, &call));
        Refusal::of(problems)?;
        rules.strip(&mut call.body);
        let mut state = lock(&self.state);
        // Not before: changes are as old as their order says.
        call.now = self.clock.since_1970();
        operations::run(&mut state, &call)
    }

    /// The projects that the key of a request reaches.
    fn scope(&self, headers: &HeaderMap) -> Result<BTreeSet<u64>, Refusal> {
        let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, key) = value.and_then(|value| value.split_once(' ')).unwrap_or_default();
        let scope = lock(&self.keys).get(key.trim()).cloned();
        scope.filter(|_| scheme.eq_ignore_ascii_case("bearer")).ok_or(Refusal::Unauthorized)
    }

    /// Counts a request for the project that it is about, or for all that the key reaches.
    fn count(&self, call: &Call) -> Result<(), Refusal> {
        let family = call.operation.path().split('/').nth(1).unwrap_or_default();
        let id = call.id("id").ok();
        let of_item = id.and_then(|id| lock(&self.state).project_of(family, id));
        let named = of_item
            .or_else(|| call.query("projectId").and_then(number))
            .or_else(|| id_in(&call.body["projectId"]));
        let reached = named.filter(|project| call.scope.contains(project));
        let projects: Vec<u64> = match reached {
            Some(project) => vec![project],
            None => call.scope.iter().copied().collect(),
        };
        let mut limits = lock(&self.limits);
        let (limits, meter) = &mut *limits;
        meter.take(limits, &projects, call.now)
    }
}

fn read_body(headers: &HeaderMap, body: Option<&Bytes>) -> Result<Value, Refusal> {
    let body = body.ok_or(Refusal::TooLarge(MOST_BYTES))?;
    if let Some(kind) = headers.get(CONTENT_TYPE) {
        let kind = String::from_utf8_lossy(kind.as_bytes());
        let essence = kind.split(';').next().unwrap_or_default().trim();
        let is_json =
            essence.eq_ignore_ascii_case("application/json") || essence.ends_with("+json");
        if !is_json {
            return Err(Refusal::NotJson(essence.to_owned()));
        }
    }
    if body.is_empty() {
        return Err(Refusal::bad("body: is required"));
    }
    strict_json::read(body).map_err(|problem| Refusal::bad(format!("body: {problem}")))
}

fn parameter_problems(rules: &Rules, call: &Call) -> Vec<String> {
    let mut problems = Vec::new();
    for parameter in &rules.parameters {
        let values = if parameter.is_path { &call.path } else { &call.query };
        let mut own = values.iter().filter(|(name, _)| *name == parameter.name);
        match (own.next(), own.next()) {
            (Some(_), Some(_)) => problems.push(format!("{}: is given twice", parameter.name)),
            (Some((_, value)), None) => problems.extend(parameter.problems(value)),
            (None, _) => {}
        }
    }
    problems
}

impl Answer {
    fn new(outcome: Result<Reply, Refusal>) -> Self {
        let (status, kind, body, mut headers) = match outcome {
            Ok(Reply::Ok) => (StatusCode::OK, TEXT, Bytes::from_static(b"OK"), HeaderMap::new()),
            Ok(Reply::Json(text)) => (StatusCode::OK, JSON, text.into(), HeaderMap::new()),
            Err(refusal) => {
                let body = json!({ "error": refusal.message() });
                (refusal.status(), JSON, body.to_string().into(), refusal.headers())
            }
        };
        headers.insert(CONTENT_TYPE, kind);
        Self { status, headers, body, delay: Duration::ZERO, cut: None, pace: None }
    }

    fn suffer(&mut self, effect: Effect, operation: Operation) {
        match effect {
            Effect::Answer(status, headers, body) => {
                self.status = status;
                self.headers = HeaderMap::from_iter([(CONTENT_TYPE, JSON)]);
                self.headers.extend(headers);
                self.body = body.into();
            }
            Effect::Cut(after) => self.cut = Some(after),
            Effect::Truncated(bytes) => self.body.truncate(bytes),
            Effect::Body(body) => self.body = body.into(),
            Effect::Slow(bytes, every) => self.pace = Some((bytes, every)),
            Effect::Delay(time) => self.delay = self.delay.saturating_add(time),
            Effect::Cursor(cursor) => self.change(|value| {
                if let Some(own) = value.get_mut("nextCursor") {
                    *own = cursor;
                }
            }),
            Effect::Unknown => {
                let schema = schema::answer(operation, self.status);
                self.change(|value| walk::unknown(schema, value));
            }
        }
    }

    /// Changes a body of JSON.
    fn change(&mut self, change: impl FnOnce(&mut Value)) {
        if let Ok(mut value) = serde_json::from_slice(&self.body) {
            change(&mut value);
            self.body = value.to_string().into();
        }
    }
}

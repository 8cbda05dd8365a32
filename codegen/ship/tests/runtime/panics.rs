//! The key is in no text of a panic.
use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use ship::runtime::{
    CallOptions, CoreBuilder, Credential, Error, Event, Observer, Operation, Request, Response,
    Retry, RetrySafety, Settings, decode,
};

use crate::client::Client;
use crate::secrets::{KEY, assert_silent, credentials};
use crate::support::hasty;
use crate::support::paced::LIMITS;
use crate::support::script::{Script, Step, answer};

const SETTINGS: Settings = Settings {
    user_agent: "t/1",
    base_url: Some("https://host"),
    rate_limits: None,
    variables: &[],
};
static GET: Operation = Operation {
    id: "get",
    method: http::Method::GET,
    path: "/x/{id}",
    retry: RetrySafety::Safe,
    security: &[&[0]],
};

static PLAIN: Settings = SETTINGS;
static LIMITED: Settings = Settings { rate_limits: Some(LIMITS), ..SETTINGS };

thread_local! {
    /// What panics of this thread have said; `None` if nobody listens.
    static SAID: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps what panics of this thread say, in place of printing it.
fn listen() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = take_hook();
        set_hook(Box::new(move |panic| {
            let is_kept = SAID.with_borrow_mut(|said| match said {
                Some(said) => {
                    said.push_str(&format!("{panic}\n"));
                    true
                }
                None => false,
            });
            if !is_kept {
                print(panic);
            }
        }));
    });
    SAID.set(Some(String::new()));
}

/// What was said since the last time, with the text that the panic carries.
fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().expect("a panic with a text");
    SAID.replace(Some(String::new())).unwrap() + text
}

fn assert_panic_is_silent(panics: impl FnOnce()) {
    let panic = catch_unwind(AssertUnwindSafe(panics)).unwrap_err();
    let text = said(&*panic);
    assert!(text.contains("panicked at"), "{text}");
    assert_silent(&text);
}

fn echo() -> String {
    format!("{{\"message\": \"bad key {KEY}\"}}")
}

fn builder(script: &Script, credential: Credential) -> CoreBuilder {
    CoreBuilder::new(&PLAIN).credential(0, credential).transport(script.clone()).retry(Retry::off())
}

/// One error of each kind that an answer can be, told by a service that repeats the key.
async fn failures() -> Vec<Result<Response<bool>, Error>> {
    let location = format!("location: https://other/?key={KEY}");
    let steps = [
        answer(401, &[], &echo()),
        answer(429, &["retry-after: 3600"], &echo()),
        answer(302, &[&location], &echo()),
        answer(200, &[], &format!("[\"{KEY}\"")),
        Step::Cut,
    ];
    let mut failures = Vec::new();
    for step in steps {
        for credential in credentials() {
            let core = builder(&Script::new([step.clone()]), credential).build().unwrap();
            let request = Request::new(&GET).path("id", &1);
            let decode = decode::json::<bool>;
            failures.push(core.execute(request, &CallOptions::new(), decode).await);
        }
    }
    failures
}

#[tokio::test]
async fn s2_no_panic_about_an_error_says_the_key() {
    let failures = failures().await;
    listen();
    for failure in failures {
        assert_panic_is_silent(|| panic!("{}", failure.as_ref().unwrap_err()));
        assert_panic_is_silent(|| panic!("{failure:#?}"));
        assert_panic_is_silent(|| drop(failure.unwrap()));
    }
}

#[test]
fn s2_no_panic_about_a_client_or_a_request_says_the_key() {
    listen();
    let client = Client::builder(KEY);
    assert_panic_is_silent(|| panic!("{client:?}"));
    let client = client.build().unwrap();
    let request = client.things().list();
    assert_panic_is_silent(|| panic!("{client:?} {request:?} {:?}", request.clone().pages()));
    for credential in credentials() {
        let builder = builder(&Script::default(), credential);
        assert_panic_is_silent(|| panic!("{builder:#?}"));
        let core = builder.build().unwrap();
        assert_panic_is_silent(|| panic!("{core:#?} {:?}", Request::new(&GET)));
        let keyless = CoreBuilder::new(&PLAIN).base_url(KEY).build();
        assert_panic_is_silent(|| drop(keyless.unwrap()));
    }
}

/// Panics with all that it is told.
struct Panics(&'static str);

impl Observer for Panics {
    fn event(&self, operation: &'static Operation, event: &Event) {
        let text = format!("{operation:?} {event:?}");
        assert!(!text.contains(self.0), "{text}");
    }
}

#[tokio::test]
async fn s2_no_panic_of_an_observer_says_the_key() {
    for event in ["AttemptStart", "AttemptEnd", "Throttled", "Retry", "Quota"] {
        let refusals = [answer(503, &[], &echo()), answer(429, &["retry-after: 7200"], &echo())];
        let [credential, ..] = credentials();
        let builder = CoreBuilder::new(&LIMITED).credential(0, credential).retry(hasty());
        let builder = builder.transport(Script::new(refusals)).observer(Panics(event));
        let core = builder.build().unwrap();
        listen();
        let call = tokio::spawn(async move {
            let request = Request::new(&GET).path("id", &KEY);
            core.execute(request, &CallOptions::new(), decode::nothing).await
        });
        let text = said(&*call.await.unwrap_err().into_panic());
        assert!(text.contains("panicked at") && text.contains(event), "{text}");
        assert_silent(&text);
    }
}

//! A client written by hand in the form in which clients are generated.
use std::fmt;
use std::future::IntoFuture;

use bytes::Bytes;
use http::Method;
use serde::{Deserialize, Serialize};
use ship::runtime::{
    ApiKey, Batch, Batched, BoxFuture, CallOptions, Core, CoreBuilder, Credential, Cursor, Error,
    FlexText, Items, Nullable, Operation, Paged, Pages, Request, Response, Retry, RetrySafety,
    Settings, Timeouts, Transport, decode,
};

static SETTINGS: Settings = Settings {
    user_agent: "things/0.1.0",
    base_url: Some("https://things.example/api/1"),
    rate_limits: None,
    variables: &[],
};

#[derive(Debug, Clone)]
pub struct Client {
    core: Core,
}

impl Client {
    pub fn builder(key: impl Into<ApiKey>) -> ClientBuilder {
        let bearer = Credential::Bearer(key.into());
        ClientBuilder { core: CoreBuilder::new(&SETTINGS).credential(0, bearer) }
    }

    pub fn new(key: impl Into<ApiKey>) -> Result<Self, Error> {
        Self::builder(key).build()
    }

    pub fn things(&self) -> Things {
        Things { client: self.clone() }
    }

    fn core(&self) -> &Core {
        &self.core
    }
}

#[derive(Debug)]
#[must_use]
pub struct ClientBuilder {
    core: CoreBuilder,
}

impl ClientBuilder {
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.core = self.core.base_url(url);
        self
    }

    pub fn http(
        mut self,
        customize: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.core = self.core.http(customize);
        self
    }

    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.core = self.core.transport(transport);
        self
    }

    pub fn retry(mut self, retry: Retry) -> Self {
        self.core = self.core.retry(retry);
        self
    }

    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.core = self.core.timeouts(timeouts);
        self
    }

    pub fn build(self) -> Result<Client, Error> {
        Ok(Client { core: self.core.build()? })
    }
}

#[derive(Debug, Clone)]
pub struct Things {
    client: Client,
}

impl Things {
    pub fn list(&self) -> ListThings {
        ListThings { client: self.client.clone(), key: None, limit: None, cursor: None }
    }

    pub fn list_parts(&self) -> ListParts {
        ListParts { client: self.client.clone(), cursor: None }
    }

    pub fn create(&self, body: ThingCreate) -> CreateThing {
        CreateThing { client: self.client.clone(), body }
    }

    pub fn remove_users(&self, id: impl Into<FlexText>, body: Users) -> RemoveUsers {
        RemoveUsers { client: self.client.clone(), id: id.into(), body }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Thing {
    pub id: FlexText,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(flatten)]
    pub extra: std::collections::BTreeMap<String, serde_json::Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThingList {
    pub things: Vec<Thing>,
    #[serde(rename = "nextCursor", default, skip_serializing_if = "Nullable::is_absent")]
    pub next_cursor: Nullable<FlexText>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ThingCreate {
    pub key: String,
    #[serde(skip_serializing_if = "Nullable::is_absent")]
    pub end: Nullable<String>,
    #[serde(serialize_with = "ship::runtime::number::serialize")]
    pub share: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Users {
    pub users: Vec<String>,
}

static LIST_THINGS: Operation = Operation {
    id: "listThings",
    method: Method::GET,
    path: "/things",
    retry: RetrySafety::Safe,
    security: &[&[0]],
};

#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct ListThings {
    client: Client,
    key: Option<String>,
    limit: Option<i64>,
    cursor: Option<Cursor>,
}

impl ListThings {
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    pub fn cursor(mut self, cursor: impl Into<Cursor>) -> Self {
        self.cursor = Cursor::given(cursor);
        self
    }

    pub async fn send(self) -> Result<ThingList, Error> {
        self.response().await.map(Response::into_value)
    }

    pub async fn response(self) -> Result<Response<ThingList>, Error> {
        self.client.core().execute(self.request(), &CallOptions::new(), decode::json).await
    }

    pub async fn raw(self) -> Result<Response<Bytes>, Error> {
        self.client.core().execute(self.request(), &CallOptions::new(), decode::bytes).await
    }

    pub fn pages(mut self) -> Pages<Self> {
        self.limit = self.limit.or(Some(1000));
        let start = self.cursor.clone();
        Pages::new(self, start)
    }

    pub fn items(self) -> Items<Self> {
        self.pages().items()
    }

    #[expect(clippy::cast_precision_loss, reason = "as generated")]
    fn request(&self) -> Request {
        Request::new(&LIST_THINGS)
            .accept("application/json")
            .check_minimum("limit", self.limit.map(|limit| limit as f64), 1.0)
            .check_maximum("limit", self.limit.map(|limit| limit as f64), 1000.0)
            .query("key", self.key.as_ref())
            .query("limit", self.limit.as_ref())
            .check_cursor("cursor", self.cursor.as_ref())
            .query("cursor", self.cursor.as_ref())
    }
}

impl IntoFuture for ListThings {
    type Output = Result<ThingList, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl Paged for ListThings {
    type Page = ThingList;
    type Item = Thing;

    const OPERATION: &'static Operation = &LIST_THINGS;

    fn fetch(
        &self,
        cursor: Option<&Cursor>,
    ) -> BoxFuture<'static, Result<Response<ThingList>, Error>> {
        let mut request = self.clone();
        if let Some(cursor) = cursor {
            request.cursor = Some(cursor.clone());
        }
        Box::pin(request.response())
    }

    fn split(page: ThingList) -> (Vec<Thing>, Option<Cursor>) {
        (page.things, Cursor::from_answer(page.next_cursor.into_value()))
    }
}

static LIST_PARTS: Operation = Operation {
    id: "listParts",
    method: Method::GET,
    path: "/parts",
    retry: RetrySafety::Safe,
    security: &[&[0]],
};

/// Another list, with pages of the same form.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct ListParts {
    client: Client,
    cursor: Option<Cursor>,
}

impl ListParts {
    pub fn cursor(mut self, cursor: impl Into<Cursor>) -> Self {
        self.cursor = Cursor::given(cursor);
        self
    }

    pub async fn send(self) -> Result<ThingList, Error> {
        self.response().await.map(Response::into_value)
    }

    pub async fn response(self) -> Result<Response<ThingList>, Error> {
        let request = Request::new(&LIST_PARTS)
            .check_cursor("cursor", self.cursor.as_ref())
            .query("cursor", self.cursor.as_ref());
        self.client.core().execute(request, &CallOptions::new(), decode::json).await
    }

    pub fn pages(self) -> Pages<Self> {
        let start = self.cursor.clone();
        Pages::new(self, start)
    }
}

impl Paged for ListParts {
    type Page = ThingList;
    type Item = Thing;

    const OPERATION: &'static Operation = &LIST_PARTS;

    fn fetch(
        &self,
        cursor: Option<&Cursor>,
    ) -> BoxFuture<'static, Result<Response<ThingList>, Error>> {
        let mut request = self.clone();
        if let Some(cursor) = cursor {
            request.cursor = Some(cursor.clone());
        }
        Box::pin(request.response())
    }

    fn split(page: ThingList) -> (Vec<Thing>, Option<Cursor>) {
        (page.things, Cursor::from_answer(page.next_cursor.into_value()))
    }
}

static CREATE_THING: Operation = Operation {
    id: "createThing",
    method: Method::POST,
    path: "/things",
    retry: RetrySafety::OnRefusal,
    security: &[&[0]],
};

#[derive(Debug, Clone)]
pub struct CreateThing {
    client: Client,
    body: ThingCreate,
}

impl CreateThing {
    pub async fn send(self) -> Result<Thing, Error> {
        let request = Request::new(&CREATE_THING)
            .accept("application/json")
            .json("application/json", &self.body);
        let response = self.client.core().execute(request, &CallOptions::new(), decode::json).await;
        response.map(Response::into_value)
    }
}

static REMOVE_USERS: Operation = Operation {
    id: "removeUsers",
    method: Method::DELETE,
    path: "/things/{id}/users",
    retry: RetrySafety::Idempotent,
    security: &[&[0]],
};

#[derive(Debug, Clone)]
pub struct RemoveUsers {
    client: Client,
    id: FlexText,
    body: Users,
}

impl RemoveUsers {
    pub async fn send(self) -> Result<(), Error> {
        let request =
            Request::new(&REMOVE_USERS).path("id", &self.id).json("application/json", &self.body);
        let response =
            self.client.core().execute(request, &CallOptions::new(), decode::nothing).await;
        response.map(Response::into_value)
    }

    pub fn in_chunks(self) -> Batch<Self> {
        Batch::new(self)
    }
}

impl IntoFuture for RemoveUsers {
    type Output = Result<(), Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl Batched for RemoveUsers {
    type Entry = String;
    type Answer = ();

    const OPERATION: &'static Operation = &REMOVE_USERS;
    const MAX: usize = 100;

    fn take_entries(&mut self) -> Vec<String> {
        self.body.users.drain(..).collect()
    }

    fn call(&self, entries: Vec<String>) -> BoxFuture<'static, Result<(), Error>> {
        let mut request = self.clone();
        request.body.users = entries;
        Box::pin(request.send())
    }
}

/// A client over `transport`.
pub fn over(transport: impl Transport) -> Client {
    Client::builder("k-1").transport(transport).build().unwrap_or_else(|error| fail(&error))
}

fn fail(error: &dyn fmt::Display) -> ! {
    panic!("{error}")
}

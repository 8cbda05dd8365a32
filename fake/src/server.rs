//! Connections: reads requests, writes answers, and cuts them where a fault says so.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ALLOW, CONNECTION, CONTENT_TYPE, DATE,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, request};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::body::Pieces;
use crate::line::{Allowance, Line};
use crate::log::Entry;
use crate::refusal::Refusal;
use crate::service::{Answer, MOST_BYTES, Service};
use crate::{clock, route, schema};

/// The most bytes of a body that are read to throw them away.
const MOST_DRAINED: usize = 64 * MOST_BYTES;

/// Takes connections until the sender of `ended` is gone, and then ends them.
pub(crate) async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    mut ended: oneshot::Receiver<()>,
) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut ended => break,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(connection(stream, service.clone()));
            }
            // Out of file descriptors, mostly: it passes.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
        }
    }
    drop(listener);
    connections.shutdown().await;
}

async fn connection(stream: TcpStream, service: Arc<Service>) {
    // An answer in two writes would wait for the other side otherwise.
    let _ = stream.set_nodelay(true);
    let allowance = Allowance::default();
    let line = TokioIo::new(Line::new(stream, allowance.clone()));
    let answers = service_fn(move |request| {
        let (service, allowance) = (service.clone(), allowance.clone());
        async move { respond(&service, &allowance, request).await }
    });
    let mut builder = hyper::server::conn::http1::Builder::new();
    // What goes wrong here is the other side's, or a cut that a test asked for.
    let _ = builder.timer(TokioTimer::new()).serve_connection(line, answers).await;
}

/// A request that breaks off is not executed.
async fn respond(
    service: &Service,
    allowance: &Allowance,
    request: Request<Incoming>,
) -> Result<Response<Pieces>, hyper::Error> {
    allowance.set(usize::MAX);
    let (head, body) = request.into_parts();
    let body = read(body).await?;
    if let Some(response) = beside_the_api(&head) {
        return Ok(response);
    }
    let head = Arc::new(head);
    let found = route::find(&head.method, head.uri.path());
    let number = service.log.add(Entry {
        head: head.clone(),
        operation: found.as_ref().ok().map(|(operation, _)| *operation),
        body: body.clone().unwrap_or_default(),
        at: service.clock.now(),
        status: None,
    });
    let answer = service.answer(&head, body.as_ref(), found);
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    service.log.answered(number, answer.status);
    allowance.set(answer.cut.unwrap_or(usize::MAX));
    Ok(response(service, answer))
}

/// Reads a body; `None` if it is too long. It is read to its end all the same: whoever is still
/// sending when the connection closes may lose the answer.
async fn read(mut body: Incoming) -> Result<Option<Bytes>, hyper::Error> {
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame?.into_data() else { continue };
        length += piece.len();
        if length <= MOST_BYTES {
            kept.extend_from_slice(&piece);
        } else if length > MOST_DRAINED {
            break;
        }
    }
    Ok((length <= MOST_BYTES).then(|| kept.into()))
}

fn response(service: &Service, answer: Answer) -> Response<Pieces> {
    let mut response = Response::new(Pieces::new(answer.body, answer.pace));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    if let Ok(date) = clock::http_date(service.clock.now()).parse() {
        response.headers_mut().insert(DATE, date);
    }
    if answer.cut.is_some() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    open_to_browsers(response.headers_mut());
    response
}

/// What is no part of the API: its document, and what browsers ask before they send.
fn beside_the_api(head: &request::Parts) -> Option<Response<Pieces>> {
    let path = head.uri.path();
    let document = path.strip_prefix(route::PREFIX).unwrap_or(path);
    let (kind, text) = match document {
        "/openapi.yaml" => ("application/yaml", schema::YAML),
        "/openapi.json" => ("application/json", schema::JSON),
        _ if head.method == Method::OPTIONS => return preflight(&route::methods(path)),
        _ => return None,
    };
    match head.method {
        // Without its body after HEAD, for which the connection sees to.
        Method::GET | Method::HEAD => Some(plain(StatusCode::OK, kind, text.into())),
        Method::OPTIONS => preflight(&READING),
        _ => {
            let refusal = Refusal::NoSuchMethod(READING.to_vec());
            let text = json!({ "error": refusal.message() }).to_string();
            let mut response = plain(refusal.status(), "application/json", text.into());
            response.headers_mut().extend(refusal.headers());
            Some(response)
        }
    }
}

/// The methods of the document itself.
const READING: [Method; 2] = [Method::GET, Method::HEAD];

fn plain(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Pieces> {
    let mut response = Response::new(Pieces::new(body, None));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    open_to_browsers(response.headers_mut());
    response
}

fn preflight(methods: &[Method]) -> Option<Response<Pieces>> {
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    let allowed: HeaderValue = names.join(", ").parse().ok().filter(|_| !names.is_empty())?;
    let mut response = Response::new(Pieces::new(Bytes::new(), None));
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ALLOW, allowed.clone());
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, allowed);
    let asked = HeaderValue::from_static("authorization, content-type");
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked);
    open_to_browsers(headers);
    Some(response)
}

fn open_to_browsers(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*"));
}

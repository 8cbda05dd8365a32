//! Whom an encrypted connection trusts.
use ship::runtime::{
    ApiKey, CallOptions, CoreBuilder, Credential, Error, Operation, Request, Response, RetrySafety,
    Settings, decode,
};

use crate::support::tls::TlsServer;
use crate::support::{hasty, printed, summary};

static SETTINGS: Settings =
    Settings { user_agent: "t/1", base_url: None, rate_limits: None, variables: &[] };
static POST: Operation = Operation {
    id: "post",
    method: http::Method::POST,
    path: "/x",
    retry: RetrySafety::OnRefusal,
    security: &[&[0]],
};

/// What a user says about roots.
#[derive(Clone, Copy)]
enum Roots {
    Nothing,
    Merged,
    Only,
}

impl Roots {
    fn set(
        self,
        http: reqwest::ClientBuilder,
        root: reqwest::Certificate,
    ) -> reqwest::ClientBuilder {
        match self {
            Self::Nothing => http,
            Self::Merged => http.tls_certs_merge([root]),
            Self::Only => http.tls_certs_only([root]),
        }
    }
}

async fn call(url: &str, roots: Roots, server: &TlsServer) -> Result<Response<String>, Error> {
    let credential = Credential::Bearer(ApiKey::from("tell-tale"));
    let root = server.certificate();
    let builder = CoreBuilder::new(&SETTINGS)
        .credential(0, credential)
        .base_url(url)
        .http(move |http| roots.set(http.no_proxy(), root.clone()));
    let core = builder.retry(hasty()).build().unwrap();
    let request = Request::new(&POST).text("text/plain", "the body");
    core.execute(request, &CallOptions::new(), decode::text).await
}

#[tokio::test]
async fn s4_server_with_a_certificate_that_nobody_signed_is_refused() {
    let server = TlsServer::start(&["localhost"]).await;
    let other = TlsServer::start(&["localhost"]).await;
    for roots in [Roots::Nothing, Roots::Merged, Roots::Only] {
        let outcome = call(&server.url, roots, &other).await;
        assert_eq!(summary(&outcome), "Tls, sent No 1");
        let error = outcome.unwrap_err();
        let text = printed(&error);
        assert!(error.to_string().contains("no encrypted connection could be made"), "{error}");
        assert!(text.contains("certificate"), "{text}");
        assert!(!text.contains("tell-tale") && !error.is_ambiguous(), "{text}");
    }
    assert_eq!((server.connections(), server.requests().len()), (3, 0));
}

#[tokio::test]
async fn s4_certificate_for_another_name_is_refused() {
    let server = TlsServer::start(&["elsewhere.example"]).await;
    let outcome = call(&server.url, Roots::Only, &server).await;
    assert_eq!(summary(&outcome), "Tls, sent No 1");
    assert_eq!((server.connections(), server.requests().len()), (1, 0));
}

#[tokio::test]
async fn s4_root_of_the_user_is_trusted() {
    let server = TlsServer::start(&["localhost"]).await;
    for roots in [Roots::Merged, Roots::Only] {
        assert_eq!(call(&server.url, roots, &server).await.unwrap().into_value(), "x");
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|request| request.ends_with("\r\n\r\nthe body")), "{requests:?}");
}

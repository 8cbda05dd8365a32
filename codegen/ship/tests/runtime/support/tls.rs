//! A server on the loopback address that speaks TLS, with a certificate that nobody has signed.
use std::sync::{Arc, Mutex};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::server::read;

/// Answers all requests with 200.
#[derive(Clone)]
pub struct TlsServer {
    pub url: String,
    certificate: Vec<u8>,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<usize>>,
}

impl TlsServer {
    /// A server whose certificate is for these names.
    pub async fn start(names: &[&str]) -> Self {
        let names = names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(vec![cert.der().clone()], key).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            url: format!("https://localhost:{}", listener.local_addr().unwrap().port()),
            certificate: cert.der().to_vec(),
            requests: Arc::default(),
            connections: Arc::default(),
        };
        let (acceptor, listening) = (TlsAcceptor::from(Arc::new(config)), server.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *listening.connections.lock().unwrap() += 1;
                tokio::spawn(serve(stream, acceptor.clone(), listening.requests.clone()));
            }
        });
        server
    }

    /// What a client has to trust.
    pub fn certificate(&self) -> reqwest::Certificate {
        reqwest::Certificate::from_der(&self.certificate).unwrap()
    }

    /// The requests so far, head and body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The connections so far, also those that came to nothing.
    pub fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, requests: Arc<Mutex<Vec<String>>>) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    while let Some(request) = read(&mut stream).await {
        requests.lock().unwrap().push(request);
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx";
        if stream.write_all(answer).await.is_err() {
            return;
        }
    }
}

//! The process of the service: connections, and questions on its standard input.

use std::convert::Infallible;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use tokio::net::{TcpListener, TcpStream};

use super::Settings;
use super::answer::Service;
use crate::Outcome;

/// Prints the port, serves, and prints a report for every line that comes in, until none can come.
pub fn serve(words: &[String]) -> Outcome {
    let settings: Settings = match words {
        [settings] => serde_json::from_str(settings)?,
        _ => return Err("serve takes its settings as JSON".into()),
    };
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?.port());
        let service = Arc::new(Service::new(settings));
        tokio::spawn(accept(listener, service.clone()));
        let mut questions = BufReader::new(stdin()).lines();
        while questions.next_line().await?.is_some() {
            println!("{}", serde_json::to_string(&service.report())?);
        }
        Ok(())
    })
}

async fn accept(listener: TcpListener, service: Arc<Service>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, service.clone()));
    }
}

async fn connection(stream: TcpStream, service: Arc<Service>) {
    // A segment held back would be taken for a slow client.
    let _ = stream.set_nodelay(true);
    let respond = service_fn(|request| {
        let service = service.clone();
        async move { Ok::<_, Infallible>(service.answer(request).await) }
    });
    // A client that goes away is no failure of the service.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), respond).await;
}

//! Asks the live service what `docs/unknowns.md` leaves open. Runs only when it is asked for.

use std::time::{Duration, SystemTime};

use amplitude_experiment_management::{CallOptions, Client, Error, Pacer, Retry};

/// What a burst of requests met.
#[derive(Debug, Default)]
struct Burst {
    accepted: usize,
    refused: Vec<Error>,
    failed: Vec<Error>,
}

/// Reads one flag as often as said, all at once and without a retry.
async fn burst(client: &Client, requests: usize) -> Burst {
    let tasks: Vec<_> = (0..requests)
        .map(|_| {
            let options = CallOptions::new().retry(Retry::off());
            tokio::spawn(client.flags().list().limit(1).with(options).send())
        })
        .collect();
    let mut burst = Burst::default();
    for task in tasks {
        match task.await.expect("a call does not panic") {
            Ok(_) => burst.accepted += 1,
            Err(error) if error.is_rate_limited() => burst.refused.push(error),
            Err(error) => burst.failed.push(error),
        }
    }
    burst
}

fn print_headers(what: &str, headers: &reqwest::header::HeaderMap) {
    for (name, value) in headers {
        let name = name.as_str();
        // Cookies are personal; the rest of an answer's head is not.
        if name != "set-cookie" {
            println!("{what}: {name}: {}", value.to_str().unwrap_or("(not text)"));
        }
    }
}

/// Waits until this part of a whole second.
async fn until_part(part: f64) {
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let now = f64::from(time.subsec_millis()) / 1000.0;
    tokio::time::sleep(Duration::from_secs_f64((part - now).rem_euclid(1.0))).await;
}

#[tokio::test]
#[ignore = "asks the live service: needs AMPLITUDE_MANAGEMENT_API_KEY and an unused project"]
async fn live_service_tells_about_its_limits() {
    let Ok(key) = std::env::var("AMPLITUDE_MANAGEMENT_API_KEY") else {
        panic!(
            "set AMPLITUDE_MANAGEMENT_API_KEY: the probe needs a key and a project that nobody else uses"
        );
    };
    let client = Client::builder(key).pacer(Pacer::off()).build().expect("the key is usable");

    let one = client.flags().list().limit(1).response().await.expect("the key is accepted");
    print_headers("200", one.headers());

    let over = burst(&client, 120).await;
    println!("120 at once: {} accepted, {} refused", over.accepted, over.refused.len());
    over.failed.iter().for_each(|error| println!("failed: {error}"));
    if let Some(error) = over.refused.first() {
        error.headers().into_iter().for_each(|headers| print_headers("429", headers));
        println!("429 body: {}", String::from_utf8_lossy(error.body().map_or(&[], |body| body)));
    }

    tokio::time::sleep(Duration::from_secs(3)).await;
    until_part(0.6).await;
    let first = burst(&client, 60).await;
    until_part(0.1).await;
    let second = burst(&client, 60).await;
    println!(
        "60 before a whole second and 60 after it: {} and {} accepted; {}",
        first.accepted,
        second.accepted,
        if second.refused.is_empty() { "whole seconds, or a bucket" } else { "a sliding second" }
    );
}

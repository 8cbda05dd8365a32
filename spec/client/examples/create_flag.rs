//! Makes a flag and switches it on for everybody. Running it again does the same to the flag that is there: a rollout
//! that was narrowed meanwhile is widened again.
//!
//! `cargo run --example create_flag -- PROJECT KEY`

use std::process::ExitCode;

use amplitude_experiment_management::models::{FlagCreate, FlagUpdate, Id};
use amplitude_experiment_management::{Client, Error};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(project), Some(key)) = (arguments.next(), arguments.next()) else {
        return Err("usage: create_flag PROJECT KEY".into());
    };
    let client = Client::from_env()?;
    let id = ensure(&client, &project, &key).await?;
    client
        .flags()
        .update(&id, FlagUpdate::new().enabled(true).rollout_percentage(100.0))
        .send()
        .await?;
    println!("flag {key} has the id {id} and is on");
    Ok(())
}

/// The id of the flag with this key, made if there is none. Keys are unique in a project, so looking first keeps a
/// pipeline that runs twice from failing.
async fn ensure(client: &Client, project: &str, key: &str) -> Result<Id, Error> {
    let found = client.flags().list().project_id(project).key(key).send().await?;
    if let Some(flag) = found.flags.into_iter().find(|flag| flag.key == key) {
        return Ok(flag.id);
    }
    let made = client
        .flags()
        .create(FlagCreate::new(project, key).description("Made by a pipeline"))
        .send()
        .await?;
    Ok(made.id)
}

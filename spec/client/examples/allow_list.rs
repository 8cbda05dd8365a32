//! Gives a variant to testers by name: adds those who are not on its list yet.
//!
//! `cargo run --example allow_list -- FLAG VARIANT USER...`

use std::process::ExitCode;

use amplitude_experiment_management::Client;
use amplitude_experiment_management::models::UserInclusions;

/// What one variant can hold in all; the service refuses more with 400.
const MAX_INCLUSIONS: usize = 2_000;

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
    let (Some(flag), Some(variant)) = (arguments.next(), arguments.next()) else {
        return Err("usage: allow_list FLAG VARIANT USER...".into());
    };
    let client = Client::from_env()?;
    let present = client.flags().list_variant_users(&flag, &variant).send().await?;
    let missing: Vec<String> = arguments.filter(|user| !present.contains(user)).collect();
    if present.len() + missing.len() > MAX_INCLUSIONS {
        return Err(format!("{variant} would have more than {MAX_INCLUSIONS} users").into());
    }
    if !missing.is_empty() {
        client
            .flags()
            .add_variant_users(&flag, &variant, UserInclusions::new(&missing))
            .send()
            .await?;
    }
    println!("{} added, {} were there", missing.len(), present.len());
    Ok(())
}

//! Lists flags that are on for everybody, or off, and have not been changed for some days: candidates for removal.
//! It prints id, key and the time of the last change.
//!
//! `cargo run --example stale_flags -- DAYS`

use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use amplitude_experiment_management::Client;
use amplitude_experiment_management::models::Flag;

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
    let days: u64 = std::env::args().nth(1).unwrap_or_else(|| "90".to_owned()).parse()?;
    let limit = SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60);
    let client = Client::from_env()?;
    let mut flags = client.flags().list().items();
    while let Some(flag) = flags.try_next().await? {
        if is_settled(&flag) && changed_before(&flag, limit) {
            let when = flag.last_modified_at.as_ref().map_or("never", |at| at.as_str());
            println!("{}\t{}\t{when}", flag.id, flag.key);
        }
    }
    Ok(())
}

/// Whether everybody gets the same: it is off, or one variant goes to all. Users and cohorts that are included in a
/// variant by name are not looked at; `list_variant_users` and `list_variant_cohorts` name them.
fn is_settled(flag: &Flag) -> bool {
    let served = flag.rollout_weights.values().filter(|weight| **weight > 0.0).count();
    let one_for_all = flag.rollout_percentage >= 100.0 && flag.target_segments.is_empty();
    !flag.enabled || (one_for_all && (served == 1 || flag.variants.len() == 1))
}

/// Whether the last change lies before this moment. A flag without a readable date is not called stale.
fn changed_before(flag: &Flag, limit: SystemTime) -> bool {
    flag.last_modified_at.as_ref().and_then(|at| at.to_system_time()).is_some_and(|at| at < limit)
}

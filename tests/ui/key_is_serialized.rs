//! The key reaches no file.

use amplitude_experiment_management::ApiKey;

fn main() {
    let _ = serde_json::to_string(&ApiKey::from("ampex_secret"));
}

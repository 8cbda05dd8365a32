//! Nobody but the client looks into the key.

use amplitude_experiment_management::ApiKey;

fn main() {
    let _ = ApiKey::from("ampex_secret").expose();
}

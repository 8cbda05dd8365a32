//! The key reaches no text.

use amplitude_experiment_management::ApiKey;

fn main() {
    println!("{}", ApiKey::from("ampex_secret"));
}

//! A flag has a project and a key.

use amplitude_experiment_management::models::FlagCreate;

fn main() {
    let _ = FlagCreate::new("217854");
}

//! A page comes from the service only.

use amplitude_experiment_management::Page;

fn main() {
    let _ = Page { items: vec![1], next: None };
}

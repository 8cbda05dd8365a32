//! A flag cannot be created out of nothing.

fn create(client: amplitude_experiment_management::Client) {
    let _ = client.flags().create();
}

fn main() {}

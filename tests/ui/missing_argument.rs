//! A flag cannot be read without saying which.

fn read(client: amplitude_experiment_management::Client) {
    let _ = client.flags().get();
}

fn main() {}

//! A request does nothing until it is sent; forgetting that is told.
#![deny(unused_must_use)]

fn delete(client: amplitude_experiment_management::Client) {
    client.flags().delete_variant("848345", "on");
}

fn main() {}

//! Only lists that page have items.

fn read(client: amplitude_experiment_management::Client) {
    let _ = client.flags().list_variants("848345").items();
}

fn main() {}

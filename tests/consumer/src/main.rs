//! Makes a flag unless there is one, and switches it on. An older edition than that of the client.
use amplitude_experiment_management::models::{Flag, FlagCreate, FlagUpdate};
use amplitude_experiment_management::{Client, Error};

const PROJECT: &str = "217854";
const KEY: &str = "checkout-redesign";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let id = match find(&client).await? {
        Some(flag) => flag.id,
        None => client.flags().create(FlagCreate::new(PROJECT, KEY).name("Checkout")).await?.id,
    };
    let update = FlagUpdate::new().enabled(true).rollout_percentage(25.0).tags(["squad:growth"]);
    client.flags().update(&id, update).await?;
    println!("{id} is on");
    Ok(())
}

async fn find(client: &Client) -> Result<Option<Flag>, Error> {
    let list = client.flags().list().project_id(PROJECT).key(KEY).send().await?;
    Ok(list.flags.into_iter().find(|flag| flag.key == KEY && flag.deleted != Some(true)))
}

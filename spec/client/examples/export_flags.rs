//! Writes every flag as one line of JSON to standard output, and resumes where an earlier run stopped.
//!
//! First `cargo run --example export_flags > flags.jsonl`; after a failure, with the cursor it named,
//! `cargo run --example export_flags -- CURSOR >> flags.jsonl`.

use std::io::Write;
use std::process::ExitCode;

use amplitude_experiment_management::{Client, Cursor};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let mut pages = client.flags().list().include_archived(true).pages();
    if let Some(cursor) = std::env::args().nth(1) {
        pages = pages.resume_from(Cursor::from(cursor));
    }
    let mut out = std::io::stdout().lock();
    let mut count = 0_usize;
    loop {
        match pages.try_next().await {
            Ok(Some(page)) => {
                for flag in &page.items {
                    serde_json::to_writer(&mut out, flag)?;
                    out.write_all(b"\n")?;
                }
                count += page.items.len();
            }
            Ok(None) => break,
            Err(error) => {
                // What has been written stays: the next run goes on with the page that failed.
                match pages.cursor() {
                    Some(cursor) => eprintln!(
                        "stopped after {count} flags; resume with: export_flags {cursor} >> flags.jsonl"
                    ),
                    None => eprintln!("stopped on the first page; start again"),
                }
                return Err(error.into());
            }
        }
    }
    eprintln!("{count} flags");
    Ok(())
}

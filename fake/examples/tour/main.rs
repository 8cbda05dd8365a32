//! A walk through the client against a fake of the service: `cargo xtask tour`.
//!
//! [`story`] is what happens, [`screen`] how it is shown, [`tally`] what is counted. It ends with 1 if
//! anything is not as it should be.

mod screen;
mod story;
mod tally;

use std::process::ExitCode;

use screen::Screen;

#[tokio::main]
async fn main() -> ExitCode {
    let mut screen = Screen::new();
    match story::tell(&mut screen).await {
        Ok(()) if screen.is_clean() => {
            screen.say("Everything was as it should be.");
            ExitCode::SUCCESS
        }
        Ok(()) => {
            eprintln!("error: not everything was as it should be; see `wrong:` above");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

//! Kinds of errors may be added, so a match needs a wildcard.

use amplitude_experiment_management::Error;

fn name(error: Error) -> &'static str {
    match error {
        Error::Config(_) => "config",
        Error::Request(_) => "request",
        Error::Timeout(_) => "timeout",
        Error::Transport(_) => "transport",
        Error::Api(_) => "api",
        Error::RateLimited(_) => "rate limited",
        Error::Redirect(_) => "redirect",
        Error::Decode(_) => "decode",
        Error::Pagination(_) => "pagination",
        Error::BodyTooLarge(_) => "body too large",
    }
}

fn main() {}

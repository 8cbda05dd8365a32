//! Checks the address of the service.
use http::Uri;
use reqwest::Url;

use super::error::Error;
use super::failure::ConfigError;

/// A base URL in normal form, without a slash at its end.
pub(super) struct Server {
    pub(super) base_url: String,
    pub(super) base: Uri,
    pub(super) is_encrypted: bool,
}

impl Server {
    /// Takes `https` URLs, and `http` ones that stay on this machine. No message repeats the URL,
    /// which may hold a password.
    pub(super) fn parse(url: &str) -> Result<Self, Error> {
        let parsed = Url::parse(url)
            .map_err(|error| ConfigError::with_source("the base URL is not a URL", error))?;
        let problem = if !parsed.username().is_empty() || parsed.password().is_some() {
            "must not hold a user name or password"
        } else if parsed.query().is_some() || parsed.fragment().is_some() {
            "must not have a query or a fragment"
        } else if parsed.host_str().is_none_or(str::is_empty) {
            "has no host"
        } else {
            match parsed.scheme() {
                "https" => "",
                "http" if is_loopback(&parsed) => "",
                "http" => "must be https; http is for addresses of this machine only",
                _ => "must be https",
            }
        };
        if !problem.is_empty() {
            return Err(ConfigError::new(format!("the base URL {problem}")).into());
        }
        let base_url = parsed.as_str().trim_end_matches('/').to_owned();
        let base = base_url
            .parse::<Uri>()
            .map_err(|error| ConfigError::with_source("the base URL cannot be sent", error))?;
        Ok(Self { base_url, base, is_encrypted: parsed.scheme() == "https" })
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<std::net::IpAddr>() {
        Ok(address) => address.is_loopback(),
        // Names below `localhost` may be asked of the network.
        Err(_) => host == "localhost",
    }
}

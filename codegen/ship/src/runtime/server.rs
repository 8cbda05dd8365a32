//! Checks the address of the service.
use http::Uri;
use reqwest::Url;

use super::error::Error;
use super::failure::ConfigError;

/// A variable of a server's URL, as the document describes it.
#[derive(Debug)]
pub struct ServerVariable {
    /// The URL with its variables in braces.
    pub server: &'static str,
    /// The name between the braces.
    pub name: &'static str,
    /// What stands there unless the user says otherwise.
    pub default: &'static str,
    /// What may stand there; empty if anything may.
    pub values: &'static [&'static str],
}

/// A base URL in normal form, without a slash at its end.
pub(super) struct Server {
    pub(super) base_url: String,
    pub(super) base: Uri,
    pub(super) is_encrypted: bool,
    /// It is the user's, and not the document's.
    pub(super) is_given: bool,
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
        let is_encrypted = parsed.scheme() == "https";
        Ok(Self { base_url, base, is_encrypted, is_given: false })
    }
}

/// A server's URL with the values that the user has given, and defaults for the others.
pub(super) fn fill(
    server: &'static str,
    variables: &[ServerVariable],
    given: &[(&'static str, String)],
) -> Result<String, ConfigError> {
    let mut url = server.to_owned();
    for variable in variables.iter().filter(|variable| variable.server == server) {
        let value = given.iter().find(|(name, _)| *name == variable.name);
        let value = value.map_or(variable.default, |(_, value)| value);
        if !variable.values.is_empty() && !variable.values.contains(&value) {
            let message = format!(
                "the variable `{}` of the address must be one of: {}",
                variable.name,
                variable.values.join(", ")
            );
            return Err(ConfigError::new(message));
        }
        if !stays_in_place(server, variable.name, value) {
            let message = format!(
                "the variable `{}` of the address holds a character that has no place there",
                variable.name
            );
            return Err(ConfigError::new(message));
        }
        url = url.replace(&format!("{{{}}}", variable.name), value);
    }
    let has_place = |name: &str| server.contains(&format!("{{{name}}}"));
    match given.iter().find(|(name, _)| !has_place(name)) {
        None => Ok(url),
        Some((name, _)) => {
            Err(ConfigError::new(format!("the address has no place for its variable `{name}`")))
        }
    }
}

/// Whether a value keeps to its part of a URL: one for the host does not bring a path, or a user.
fn stays_in_place(server: &str, name: &str, value: &str) -> bool {
    let Some((before, _)) = server.split_once(&format!("{{{name}}}")) else { return true };
    match before.split_once("://") {
        // The scheme, or the whole URL, which is checked as such.
        None => true,
        Some((_, after)) if after.contains('/') => !value.contains(['?', '#', '\\']),
        Some(_) => {
            value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte))
        }
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

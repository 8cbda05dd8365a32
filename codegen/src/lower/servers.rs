//! Where the API is served: as a whole, and where a path or an operation is served elsewhere.

use openapiv3::{Operation as Source, PathItem, ReferenceOr, Server as Declared};
use serde_json::Value;

use super::context::Context;
use super::names::{self, Scope};
use super::operations::methods;
use crate::ir::{Server, ServerVariable};

impl<'a> Context<'a> {
    /// The servers of the document, each under a name of its own. The names of variables become
    /// setters of the client's builder, beside those in `setters`.
    pub(super) fn lower_servers(&mut self, setters: &mut Scope) -> Vec<Server> {
        self.servers = match self.common_servers() {
            Some(common) => common,
            None => &self.openapi.servers,
        };
        self.warn_unusable();
        self.warn_plain_http();
        let mut scope = Scope::default();
        let mut known: Vec<(String, String)> = Vec::new();
        let servers = self.servers.iter().map(|server| {
            let url = filled(server);
            let named = server.extensions.get("x-name").and_then(Value::as_str);
            let wire = named.map_or_else(|| server_name(&url), str::to_owned);
            let rust = scope.take(&names::type_name(&wire, 'S'), "", "").rust;
            Server {
                name: names::name(&wire, rust),
                url: is_whole(&url).then(|| url.trim_end_matches('/').to_owned()),
                template: server.url.trim().trim_end_matches('/').to_owned(),
                variables: variables(server, &mut known, setters),
                description: server.description.clone(),
            }
        });
        servers.collect()
    }

    /// Servers that cannot be called beside others that can.
    fn warn_unusable(&mut self) {
        let servers = self.servers;
        let is_usable = |server: &Declared| is_whole(&filled(server));
        if !servers.iter().any(is_usable) || servers != self.openapi.servers {
            return;
        }
        for (index, server) in servers.iter().enumerate().filter(|(_, server)| !is_usable(server)) {
            self.problems.warning(
                "unused-server",
                &format!("/servers/{index}"),
                format!("`{}` is no address that a client can call; it is left out", server.url),
                "write `https://` and a host, and give every variable a default",
            );
        }
    }

    /// Servers that a client refuses: what is not encrypted stays on this machine.
    fn warn_plain_http(&mut self) {
        let servers = self.servers;
        if servers != self.openapi.servers {
            return;
        }
        for (index, server) in servers.iter().enumerate() {
            let url = filled(server);
            let Some(host) = plain_host(&url).filter(|host| !is_this_machine(host)) else {
                continue;
            };
            self.problems.warning(
                "plain-http",
                &format!("/servers/{index}"),
                format!(
                    "requests to {host} would not be encrypted: a client for `{url}` is not built"
                ),
                "write the `https://` address, or let users set `base_url`",
            );
        }
    }

    /// The servers that every operation names for itself: they are those of the document.
    fn common_servers(&self) -> Option<&'a [Declared]> {
        let openapi = self.openapi;
        let items = openapi.paths.iter().filter_map(|(_, item)| match item {
            ReferenceOr::Item(item) => Some(item),
            ReferenceOr::Reference { .. } => None,
        });
        let mut all = items.flat_map(|item| {
            methods(item).into_iter().map(move |(_, source)| own_servers(item, source))
        });
        let first = all.next().filter(|servers| !servers.is_empty())?;
        all.all(|servers| servers == first).then_some(first)
    }

    /// Where an operation is served, if not where the document is: an address, or a path at the same
    /// host.
    pub(super) fn own_server(
        &mut self,
        item: &'a PathItem,
        source: &'a Source,
        pointer: &str,
    ) -> Option<String> {
        let own = own_servers(item, source);
        let first = own.first().filter(|_| own != self.servers)?;
        let place = match source.servers.is_empty() {
            true => pointer.rsplit_once('/').map_or(pointer, |(path, _)| path),
            false => pointer,
        };
        let url = filled(first);
        let is_foreign = url.starts_with("//") || (url.contains("://") && !is_absolute(&url));
        if is_foreign || url.contains(['{', '?', '#']) {
            self.problems.warning(
                "unused-server",
                &format!("{place}/servers/0"),
                format!("`{url}` is no address: the operation is called where the others are"),
                "write `https://` or a path, and give every variable a default",
            );
            return None;
        }
        if own.len() > 1 {
            self.problems.warning(
                "unused-server",
                &format!("{place}/servers/1"),
                "only the first server of an operation is used",
                "nothing to do, unless another one is needed: `base_url` of the client replaces all",
            );
        }
        let url = url.trim_end_matches('/');
        let same =
            self.servers.first().is_some_and(|server| filled(server).trim_end_matches('/') == url);
        match is_absolute(url) {
            _ if same => None,
            true => Some(url.to_owned()),
            false => {
                let path = url.trim_start_matches("./").trim_start_matches('/');
                Some(if path.is_empty() { "/".to_owned() } else { format!("/{path}") })
            }
        }
    }
}

/// What an operation or its path says of its servers.
fn own_servers<'a>(item: &'a PathItem, source: &'a Source) -> &'a [Declared] {
    if source.servers.is_empty() { &item.servers } else { &source.servers }
}

/// An address without holes.
fn is_whole(url: &str) -> bool {
    is_absolute(url) && !url.contains('{')
}

fn is_absolute(url: &str) -> bool {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

/// The variables that the URL of a server has a place for. One of several servers has one setter.
fn variables(
    server: &Declared,
    known: &mut Vec<(String, String)>,
    setters: &mut Scope,
) -> Vec<ServerVariable> {
    let declared = server.variables.iter().flatten();
    let used = declared.filter(|(name, _)| server.url.contains(&format!("{{{name}}}")));
    used.map(|(wire, variable)| {
        let rust = match known.iter().find(|(other, _)| other == wire) {
            Some((_, rust)) => rust.clone(),
            None => {
                let rust = setters.take(&names::value_name(wire), "variable", "_").rust;
                known.push((wire.clone(), rust.clone()));
                rust
            }
        };
        ServerVariable {
            name: names::name(wire, names::identifier(&rust)),
            default: variable.default.clone(),
            values: variable.enumeration.clone(),
            description: variable.description.clone(),
        }
    })
    .collect()
}

/// A server's URL with every variable at its default.
fn filled(server: &Declared) -> String {
    let mut url = server.url.trim().to_owned();
    for (name, variable) in server.variables.iter().flatten() {
        url = url.replace(&format!("{{{name}}}"), &variable.default);
    }
    url
}

/// The host of an unencrypted address.
fn plain_host(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split('/').next()?;
    scheme.eq_ignore_ascii_case("http").then_some(authority)
}

/// Names of this machine, and addresses that lead back to it.
fn is_this_machine(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A name for a server that has none: the first word of its host.
fn server_name(url: &str) -> String {
    let host = url.split("//").nth(1).unwrap_or(url).split('/').next().unwrap_or_default();
    let first = host.split('.').next().unwrap_or_default();
    if first.is_empty() { "default".to_owned() } else { first.to_owned() }
}

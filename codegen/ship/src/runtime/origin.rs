//! URLs as reqwest wants them.
use std::str::FromStr;

use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};
use reqwest::Url;

/// Where the first request went. The others mostly go there too, and to read a host takes longer
/// than to read a path.
pub(super) struct Origin {
    scheme: Option<Scheme>,
    authority: Option<Authority>,
    url: Option<Url>,
}

impl Origin {
    pub(super) fn of(uri: &Uri) -> Self {
        let (scheme, authority) = (uri.scheme().cloned(), uri.authority().cloned());
        Self { scheme, authority, url: uri.to_string().parse().ok() }
    }

    /// The same place in the form in which reqwest wants it.
    pub(super) fn url(&self, uri: &Uri) -> Result<Url, <Url as FromStr>::Err> {
        let is_here = self.scheme.as_ref() == uri.scheme()
            && self.authority.as_ref().map(Authority::as_str)
                == uri.authority().map(Authority::as_str);
        let target = uri.path_and_query().map_or("", PathAndQuery::as_str);
        // With a second slash a path would be taken for a host.
        let rest = target.strip_prefix('/').filter(|rest| !rest.starts_with(['/', '\\']));
        match (&self.url, rest) {
            (Some(url), Some(_)) if is_here => url.join(target),
            _ => uri.to_string().parse(),
        }
    }
}

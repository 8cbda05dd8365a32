//! The builder of the client: credentials, the region and the settings that every client has.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::client::{credential, example_start, last_region, maker_docs, only_key};
use super::docs::{Docs, code};
use super::types::ident;
use super::{Context, examples, servers};
use crate::ir::{Scheme, SchemeKind};

/// The builder and its setters.
pub(crate) fn items(context: &Context<'_>) -> Vec<TokenStream> {
    let credentials = match only_key(context.api) {
        Some(_) => Vec::new(),
        None => context
            .api
            .schemes
            .iter()
            .enumerate()
            .map(|(index, scheme)| scheme_setter(index, scheme))
            .collect(),
    };
    let servers = servers::setters(context);
    let settings = builder_settings(context);
    let docs = Docs::item()
        .text("Builds a [`Client`]. Mistakes are reported by [`build`](Self::build).")
        .heading("Examples")
        .verbatim(examples::builder(
            context,
            &example_start(context),
            last_region(context.api).as_ref(),
        ));
    let docs = docs.attributes();
    vec![
        quote! {
            #docs
            #[derive(Debug)]
            #[must_use = "a builder does nothing until `build` is called"]
            pub struct ClientBuilder {
                core: runtime::CoreBuilder,
            }
        },
        quote! {
            impl ClientBuilder {
                #(#credentials)*
                #(#servers)*
                #settings
            }
        },
    ]
}

/// Settings that every client has.
fn builder_settings(context: &Context<'_>) -> TokenStream {
    let build = maker_docs(
        context,
        "Checks the settings and makes the client.",
        "a setting cannot be used",
    );
    quote! {
        /// Replaces the address of the service, path included. It must be `https`, or `http` to
        /// `localhost` or a loopback address.
        pub fn base_url(mut self, url: impl prelude::Into<prelude::String>) -> Self {
            self.core = self.core.base_url(url);
            self
        }

        /// Lets `customize` set proxy, roots and the like of the HTTP client, on a builder of
        /// reqwest 0.13.
        ///
        /// It is called for each runtime in which the client is used, since connections live in
        /// one. Redirects, retries, user agent and `connection_verbose` (whose log lines hold the
        /// key) are overruled, and the times for connecting and for unused connections are those of
        /// `timeouts`. Plain `http` stays possible only to this machine, and goes through no proxy.
        ///
        /// Unless it says otherwise, the roots of the system are trusted, and requests go through
        /// the proxy that `HTTPS_PROXY` or `ALL_PROXY` names, encrypted, unless `NO_PROXY` excepts
        /// the host.
        pub fn http(
            mut self,
            customize: impl prelude::Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder
                + prelude::Send
                + prelude::Sync
                + 'static,
        ) -> Self {
            self.core = self.core.http(customize);
            self
        }

        /// Sends requests through a transport of yours, in place of an HTTP client.
        pub fn transport(mut self, transport: impl runtime::Transport) -> Self {
            self.core = self.core.transport(transport);
            self
        }

        /// Sets attempts, waits and the deadline.
        pub fn retry(mut self, retry: runtime::Retry) -> Self {
            self.core = self.core.retry(retry);
            self
        }

        /// Sets how fast requests are sent. Without one, the limits of the document are kept to.
        pub fn pacer(mut self, pacer: runtime::Pacer) -> Self {
            self.core = self.core.pacer(pacer);
            self
        }

        /// Tells `observer` what happens to calls, for metrics and logs.
        pub fn observer(mut self, observer: impl runtime::Observer) -> Self {
            self.core = self.core.observer(observer);
            self
        }

        /// Takes the time from `clock`, for tests.
        pub fn clock(mut self, clock: impl runtime::Clock) -> Self {
            self.core = self.core.clock(clock);
            self
        }

        /// Sets the time that the parts of an attempt may take.
        pub fn timeouts(mut self, timeouts: runtime::Timeouts) -> Self {
            self.core = self.core.timeouts(timeouts);
            self
        }

        #build
        pub fn build(self) -> prelude::Result<Client, runtime::Error> {
            Ok(Client { core: self.core.build()? })
        }
    }
}

/// The setter of one credential among several.
fn scheme_setter(index: usize, scheme: &Scheme) -> TokenStream {
    let name = ident(&scheme.name.rust);
    let docs = Docs::member().maybe(scheme.description.as_deref(), Docs::prose);
    let docs = match docs.is_empty() {
        true => docs.text(&format!("Sets the credential {}.", code(&scheme.name.wire))),
        false => docs,
    };
    let docs = docs.attributes();
    let index = Literal::usize_unsuffixed(index);
    let (arguments, credential) = match scheme.kind {
        SchemeKind::Basic => (
            quote!(user: impl prelude::Into<prelude::String>, password: impl prelude::Into<runtime::ApiKey>),
            credential(scheme, &quote!(password.into())),
        ),
        SchemeKind::Bearer
        | SchemeKind::Header(_)
        | SchemeKind::Query(_)
        | SchemeKind::Cookie(_) => (
            quote!(key: impl prelude::Into<runtime::ApiKey>),
            credential(scheme, &quote!(key.into())),
        ),
    };
    quote! {
        #docs
        pub fn #name(mut self, #arguments) -> Self {
            self.core = self.core.credential(#index, #credential);
            self
        }
    }
}

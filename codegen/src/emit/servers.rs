//! Where the service runs: the choice of servers, and the variables of their URLs.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use super::docs::{Docs, code};
use super::types::ident;
use crate::ir::{Api, Server, ServerVariable};

/// Servers with an address.
pub(crate) fn usable(api: &Api) -> Vec<(&Server, &str)> {
    api.servers.iter().filter_map(|server| Some((server, server.url.as_deref()?))).collect()
}

/// Whether there is a choice of servers.
pub(crate) fn has_regions(api: &Api) -> bool {
    usable(api).len() > 1
}

fn all_variables(api: &Api) -> impl Iterator<Item = (&Server, &ServerVariable)> {
    let servers = usable(api).into_iter().map(|(server, _)| server);
    servers.flat_map(|server| server.variables.iter().map(move |variable| (server, variable)))
}

/// The variables of all servers, as the runtime knows them.
pub(crate) fn variables(api: &Api) -> TokenStream {
    let variables = all_variables(api).map(|(server, variable)| {
        let (url, name, default) = (&server.template, &variable.name.wire, &variable.default);
        let values = &variable.values;
        quote! {
            runtime::ServerVariable {
                server: #url,
                name: #name,
                default: #default,
                values: &[#(#values),*],
            }
        }
    });
    quote!(&[#(#variables),*])
}

/// `Region`: which of several servers.
pub(crate) fn regions(context: &Context<'_>) -> Vec<TokenStream> {
    let servers = usable(context.api);
    let variants = servers.iter().enumerate().map(|(index, (server, url))| {
        let name = ident(&server.name.rust);
        let docs = Docs::member()
            .maybe(server.description.as_deref(), Docs::prose)
            .text(&code(url))
            .attributes();
        let default = (index == 0).then(|| quote!(#[default]));
        quote!(#docs #default #name)
    });
    let arms = servers.iter().map(|(server, url)| {
        let name = ident(&server.name.rust);
        quote!(Self::#name => #url)
    });
    let template = has_variables(context.api).then(|| {
        let arms = servers.iter().map(|(server, _)| {
            let (name, template) = (ident(&server.name.rust), &server.template);
            quote!(Self::#name => #template)
        });
        quote! {
            fn template(self) -> &'static str {
                match self {
                    #(#arms,)*
                }
            }
        }
    });
    vec![
        quote! {
            /// Where the service runs.
            #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum Region {
                #(#variants,)*
            }
        },
        quote! {
            impl Region {
                /// The address of the service there.
                pub fn base_url(self) -> &'static str {
                    match self {
                        #(#arms,)*
                    }
                }

                #template
            }
        },
    ]
}

fn has_variables(api: &Api) -> bool {
    all_variables(api).next().is_some()
}

/// The setters of the builder: the region, and the variables of the address.
pub(crate) fn setters(context: &Context<'_>) -> Vec<TokenStream> {
    let mut setters = Vec::new();
    if has_regions(context.api) {
        let address = match has_variables(context.api) {
            true => quote!(template),
            false => quote!(base_url),
        };
        setters.push(quote! {
            /// Chooses where the service runs.
            pub fn region(mut self, region: Region) -> Self {
                self.core = self.core.server(region.#address());
                self
            }
        });
    }
    let mut known: Vec<&str> = Vec::new();
    for (_, variable) in all_variables(context.api) {
        if !known.contains(&variable.name.rust.as_str()) {
            known.push(&variable.name.rust);
            setters.push(setter(variable));
        }
    }
    setters
}

fn setter(variable: &ServerVariable) -> TokenStream {
    let (name, wire) = (ident(&variable.name.rust), &variable.name.wire);
    let about = format!("Sets {} in the address of the service.", code(wire));
    let values: Vec<String> = variable.values.iter().map(|value| code(value)).collect();
    let mut notes = format!("Default: {}.", code(&variable.default));
    if !values.is_empty() {
        notes.push_str(&format!(" One of {}.", values.join(", ")));
    }
    let docs = Docs::member().maybe(variable.description.as_deref(), Docs::prose);
    let docs = docs.text(&about).text(&notes).attributes();
    quote! {
        #docs
        pub fn #name(mut self, #name: impl prelude::Into<prelude::String>) -> Self {
            self.core = self.core.variable(#wire, #name);
            self
        }
    }
}

//! The client, its builder and the regions.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens as _, quote};

use super::docs::{Docs, code};
use super::servers::has_regions;
use super::types::ident;
use super::{Context, Module, ModuleParts, builder, gates, servers};
use crate::ir::{Api, RateLimits, Scheme, SchemeKind};

/// `src/client.rs`
pub(crate) fn module(context: &Context<'_>) -> Module {
    let mut items = vec![settings(context), declaration(context), inherent(context)];
    if has_regions(context.api) {
        items.extend(servers::regions(context));
    }
    items.extend(builder::items(context));
    let imported = context.api.families.iter().map(|family| family.handle.clone());
    let declared: Vec<String> = ["Client", "ClientBuilder", "Region"]
        .map(str::to_owned)
        .into_iter()
        .chain(imported)
        .collect();
    context.module(ModuleParts {
        path: "src/client.rs".to_owned(),
        own: None,
        docs: vec!["The client and how it is built.".to_owned()],
        declared: &declared,
        items: handle_uses(context).into_iter().chain(items).collect(),
    })
}

/// The scheme whose secret every operation asks for, if there is only that one.
pub(crate) fn only_key(api: &Api) -> Option<&Scheme> {
    let [scheme] = api.schemes.as_slice() else { return None };
    let mut operations = api.families.iter().flat_map(|family| &family.operations);
    let always = operations.all(|operation| {
        !operation.security.is_empty()
            && operation.security.iter().all(|schemes| !schemes.is_empty())
    });
    (always && scheme.kind != SchemeKind::Basic).then_some(scheme)
}

fn handle_uses(context: &Context<'_>) -> Vec<TokenStream> {
    let line = |family: &crate::ir::Family| {
        let module = ident(&family.name.rust);
        let handle = ident(&family.handle);
        let gate = gates::family(family);
        quote!(#gate use crate::#module::#handle;)
    };
    context.api.families.iter().map(line).collect()
}

fn settings(context: &Context<'_>) -> TokenStream {
    let url = match servers::usable(context.api).first() {
        Some((server, _)) => {
            let template = &server.template;
            quote!(Some(#template))
        }
        None => quote!(None),
    };
    let variables = servers::variables(context.api);
    let limits = match &context.api.rate_limits {
        Some(limits) => rate_limits(limits),
        None => quote!(None),
    };
    quote! {
        static SETTINGS: runtime::Settings = runtime::Settings {
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
            base_url: #url,
            rate_limits: #limits,
            variables: #variables,
        };
    }
}

fn rate_limits(limits: &RateLimits) -> TokenStream {
    let per_second = limits.per_second.map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    let per_second =
        option(per_second.map(|number| Literal::u32_unsuffixed(number).into_token_stream()));
    let per_day =
        option(limits.per_day.map(|number| Literal::u64_unsuffixed(number).into_token_stream()));
    let starts_at = Literal::u32_unsuffixed(limits.day_starts_at);
    let scope = option(limits.scope.as_ref().map(|scope| quote!(#scope)));
    quote! {
        Some(runtime::RateLimits {
            per_second: #per_second,
            per_day: #per_day,
            day_starts_at: #starts_at,
            scope: #scope,
        })
    }
}

fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

fn declaration(context: &Context<'_>) -> TokenStream {
    let docs = Docs::item()
        .text(&format!("A client of the {}.", super::docs::sentence(&context.api.info.title)))
        .text("Cloning is cheap: clones share one pool of connections, one pacer and one retry budget.")
        .attributes();
    let unused = unused(context);
    quote! {
        #docs
        #[derive(Debug, Clone)]
        pub struct Client {
            #unused
            core: runtime::Core,
        }
    }
}

/// Permits a client that no operation uses.
fn unused(context: &Context<'_>) -> Option<TokenStream> {
    if context.api.families.is_empty() {
        let reason = "the document has no operation that would use it";
        return Some(quote!(#[allow(dead_code, reason = #reason)]));
    }
    let all = gates::ALL;
    gates::has_features(context.api).then(|| {
        let reason = "every operation is behind a feature";
        quote!(#[cfg_attr(not(feature = #all), allow(dead_code, reason = #reason))])
    })
}

fn inherent(context: &Context<'_>) -> TokenStream {
    let makers = makers(context);
    let families = context.api.families.iter().map(|family| {
        let name = ident(&family.name.rust);
        let handle = ident(&family.handle);
        let docs = super::handles::family_docs(family, Docs::member()).attributes();
        let gate = gates::family(family);
        quote! {
            #docs
            #gate
            pub fn #name(&self) -> #handle {
                #handle::new(self.clone())
            }
        }
    });
    let quota = context.api.rate_limits.is_some().then(|| {
        quote! {
            /// The requests of the day, as far as this client knows: its own, those of its clones,
            /// and those of clients with the same pacer.
            pub fn quota(&self) -> runtime::Quota {
                self.core.quota()
            }
        }
    });
    let core = (!context.api.families.is_empty()).then(|| {
        let unused = unused(context);
        quote! {
            #unused
            pub(crate) fn core(&self) -> &runtime::Core {
                &self.core
            }
        }
    });
    quote! {
        impl Client {
            #makers
            #(#families)*
            #quota
            #core
        }
    }
}

/// `builder`, `new` and `from_env`.
fn makers(context: &Context<'_>) -> TokenStream {
    let has_url = !servers::usable(context.api).is_empty();
    let Some(scheme) = only_key(context.api) else {
        let new = (context.api.schemes.is_empty() && has_url).then(|| {
            let docs = maker_docs(
                context,
                "A client with default settings.",
                "the HTTP client cannot be built",
            );
            quote! {
                #docs
                pub fn new() -> prelude::Result<Self, runtime::Error> {
                    Self::builder().build()
                }
            }
        });
        return quote! {
            /// Starts to build a client.
            pub fn builder() -> ClientBuilder {
                ClientBuilder { core: runtime::CoreBuilder::new(&SETTINGS) }
            }
            #new
        };
    };
    let credential = credential(scheme, &quote!(key.into()));
    let index = Literal::usize_unsuffixed(0);
    let new = has_url.then(|| {
        let docs = maker_docs(context, "A client with this key and default settings.", "the key is empty, or holds what no header can carry");
        quote! {
            #docs
            pub fn new(key: impl prelude::Into<runtime::ApiKey>) -> prelude::Result<Self, runtime::Error> {
                Self::builder(key).build()
            }
        }
    });
    let from_env = has_url.then(|| from_env(context)).flatten();
    quote! {
        /// Starts to build a client with this key.
        pub fn builder(key: impl prelude::Into<runtime::ApiKey>) -> ClientBuilder {
            let core = runtime::CoreBuilder::new(&SETTINGS);
            ClientBuilder { core: core.credential(#index, #credential) }
        }
        #new
        #from_env
    }
}

/// Docs of a function that can fail in one way.
pub(crate) fn maker_docs(context: &Context<'_>, about: &str, problem: &str) -> TokenStream {
    let error = format!("{}: {problem}.", context.link("Error", "Config"));
    Docs::member().text(about).heading("Errors").text(&error).attributes()
}

fn from_env(context: &Context<'_>) -> Option<TokenStream> {
    let variable = context.config.key_variable.as_deref()?;
    let help = context.config.key_help.as_deref().unwrap_or_default();
    let mut about = format!("A client with the key in the environment variable {}", code(variable));
    let Some(url_variable) = &context.config.url_variable else {
        let docs =
            maker_docs(context, &format!("{about}."), "the variable is not set, or holds no key");
        return Some(quote! {
            #docs
            pub fn from_env() -> prelude::Result<Self, runtime::Error> {
                Self::new(runtime::ApiKey::from_env(#variable, #help)?)
            }
        });
    };
    about.push_str(&format!(", and the base URL in {} where that is set.", code(url_variable)));
    let docs = maker_docs(context, &about, "there is no key, or one of the two cannot be used");
    Some(quote! {
        #docs
        pub fn from_env() -> prelude::Result<Self, runtime::Error> {
            let mut builder = Self::builder(runtime::ApiKey::from_env(#variable, #help)?);
            if let Some(url) = std::env::var_os(#url_variable) {
                builder = builder.base_url(url.to_string_lossy());
            }
            builder.build()
        }
    })
}

/// The credential of a scheme from its secret.
pub(crate) fn credential(scheme: &Scheme, secret: &TokenStream) -> TokenStream {
    match &scheme.kind {
        SchemeKind::Bearer => quote!(runtime::Credential::Bearer(#secret)),
        SchemeKind::Basic => {
            quote!(runtime::Credential::Basic { user: user.into(), password: #secret })
        }
        SchemeKind::Header(name) => {
            quote!(runtime::Credential::Header { name: #name, value: #secret })
        }
        SchemeKind::Query(name) => {
            quote!(runtime::Credential::Query { name: #name, value: #secret })
        }
        SchemeKind::Cookie(name) => {
            quote!(runtime::Credential::Cookie { name: #name, value: #secret })
        }
    }
}

/// Statements that make `client`, for the first example.
pub(crate) fn example(context: &Context<'_>) -> TokenStream {
    let key = only_key(context.api).is_some();
    let has_url = !servers::usable(context.api).is_empty();
    match (key, has_url, &context.config.key_variable) {
        (true, true, Some(_)) => quote!(let client = root::Client::from_env()?;),
        (true, true, None) => quote!(let client = root::Client::new("key")?;),
        (true, false, _) => {
            quote!(let client = root::Client::builder("key").base_url("https://api.example.com").build()?;)
        }
        (false, true, _) => {
            let setters = context.api.schemes.iter().take(1).map(example_credential);
            quote!(let client = root::Client::builder()#(#setters)*.build()?;)
        }
        (false, false, _) => {
            quote!(let client = root::Client::builder().base_url("https://api.example.com").build()?;)
        }
    }
}

/// A client for samples outside of the docs, which name the region if there are several.
pub(crate) fn sample(context: &Context<'_>) -> TokenStream {
    let usable = servers::usable(context.api);
    let first = usable.first().filter(|_| has_regions(context.api));
    let Some((server, _)) = first else { return example(context) };
    let region = ident(&server.name.rust);
    let start = match (only_key(context.api), &context.config.key_variable) {
        (Some(_), Some(variable)) => quote!(root::Client::builder(std::env::var(#variable)?)),
        _ => example_start(context),
    };
    quote!(let client = #start.region(root::Region::#region).build()?;)
}

/// A builder that knows where to go and with what, for examples.
pub(crate) fn example_start(context: &Context<'_>) -> TokenStream {
    let start = match only_key(context.api) {
        Some(_) => quote!(root::Client::builder("key")),
        None => {
            let setters = context.api.schemes.iter().take(1).map(example_credential);
            quote!(root::Client::builder()#(#setters)*)
        }
    };
    match servers::usable(context.api).is_empty() {
        true => quote!(#start.base_url("https://api.example.com")),
        false => start,
    }
}

/// A region that is not the default, for examples.
pub(crate) fn last_region(api: &Api) -> Option<Ident> {
    servers::usable(api)
        .last()
        .filter(|_| has_regions(api))
        .map(|(server, _)| ident(&server.name.rust))
}

fn example_credential(scheme: &Scheme) -> TokenStream {
    let name = ident(&scheme.name.rust);
    match scheme.kind {
        SchemeKind::Basic => quote!(.#name("user", "password")),
        SchemeKind::Bearer
        | SchemeKind::Header(_)
        | SchemeKind::Query(_)
        | SchemeKind::Cookie(_) => {
            quote!(.#name("key"))
        }
    }
}

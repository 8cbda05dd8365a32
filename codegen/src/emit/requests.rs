//! One request builder per operation: what must be given are arguments, the rest setters.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{Docs, code};
use super::models::notes;
use super::permits::permits;
use super::types::{file_name, ident, plain};
use super::{Context, Module, ModuleParts, answers, batch, pages, parameters, streams};
use crate::ir::{Answer, Body, BodyFormat, Family, Operation, Parameter, Retry, TypeRef};

/// The file of one request builder.
pub(crate) fn module(context: &Context<'_>, family: &Family, operation: &Operation) -> Module {
    let folder = plain(&family.name.rust);
    let file = file_name(plain(&operation.name.rust));
    let mut items = vec![
        description(operation),
        declaration(context, family, operation),
        inherent(context, family, operation),
        into_future(context, operation),
    ];
    if let Some(pagination) = &operation.pagination {
        items.push(pages::implementation(context, operation, pagination));
    }
    items.extend(batch::implementation(context, operation));
    items.extend(answers::items(context, family, operation));
    let declared: Vec<String> =
        std::iter::once(&operation.request).chain(answers::names(operation)).cloned().collect();
    context.module(ModuleParts {
        path: format!("src/{folder}/requests/{file}.rs"),
        own: None,
        docs: Docs::item().text(&format!("{}.", code(&route(operation)))).into_lines(),
        declared: &declared,
        items,
    })
}

/// Method and path.
pub(crate) fn route(operation: &Operation) -> String {
    format!("{} {}", operation.method.as_str(), operation.path)
}

/// The constant that describes the operation.
fn description(operation: &Operation) -> TokenStream {
    let name = ident(&operation.constant);
    let id = &operation.name.wire;
    let method = ident(operation.method.as_str());
    let path = &operation.path;
    let retry = ident(match operation.retry {
        Retry::Safe => "Safe",
        Retry::Idempotent => "Idempotent",
        Retry::OnRefusal => "OnRefusal",
    });
    let security = operation.security.iter().map(|schemes| {
        let schemes = schemes.iter().map(|scheme| proc_macro2::Literal::usize_unsuffixed(*scheme));
        quote!(&[#(#schemes),*])
    });
    quote! {
        static #name: runtime::Operation = runtime::Operation {
            id: #id,
            method: external::Method::#method,
            path: #path,
            retry: runtime::RetrySafety::#retry,
            security: &[#(#security),*],
        };
    }
}

/// The link from a request to the method that makes it.
pub(crate) fn maker(family: &Family, operation: &Operation) -> String {
    let (handle, method) = (&family.handle, plain(&operation.name.rust));
    let module = &family.name.rust;
    format!("[`{handle}::{method}`](crate::{}::{handle}::{method})", plain(module))
}

fn declaration(context: &Context<'_>, family: &Family, operation: &Operation) -> TokenStream {
    let name = ident(&operation.request);
    let docs = Docs::item().text(&format!("Request of {}.", maker(family, operation))).attributes();
    let fields = operation.parameters.iter().map(|parameter| {
        let name = ident(&parameter.name.rust);
        let ty = parameters::ty(context, operation, parameter);
        match parameter.required {
            true => quote!(#name: #ty),
            false => quote!(#name: prelude::Option<#ty>),
        }
    });
    let body = operation.body.as_ref().map(|body| {
        let ty = streams::body_type(context, body);
        match body.required {
            true => quote!(body: #ty,),
            false => quote!(body: prelude::Option<#ty>,),
        }
    });
    quote! {
        #docs
        #[derive(Debug, Clone)]
        #[must_use = "a request does nothing until it is sent"]
        pub struct #name {
            client: root::Client,
            options: runtime::CallOptions,
            #(#fields,)*
            #body
        }
    }
}

fn inherent(context: &Context<'_>, family: &Family, operation: &Operation) -> TokenStream {
    let name = ident(&operation.request);
    let new = new(context, operation);
    let setters =
        parameters::optional(operation).map(|parameter| setter(context, operation, parameter));
    let body = operation
        .body
        .as_ref()
        .filter(|body| !body.required)
        .map(|body| body_setter(context, body));
    let sending = sending(context, operation);
    let pages = operation
        .pagination
        .as_ref()
        .map(|pagination| pages::methods(context, family, operation, pagination));
    let chunks = batch::method(context, family, operation);
    let request = request(context, operation);
    quote! {
        impl #name {
            #new
            #(#setters)*
            #body
            #sending
            #pages
            #chunks
            #request
        }
    }
}

fn new(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let required = parameters::required(operation).map(|parameter| {
        let name = ident(&parameter.name.rust);
        let ty = parameters::ty(context, operation, parameter);
        quote!(#name: #ty)
    });
    let body = operation.body.as_ref().filter(|body| body.required).map(|body| {
        let ty = streams::body_type(context, body);
        quote!(body: #ty)
    });
    let arguments: Vec<TokenStream> = required.chain(body).collect();
    let values = operation.parameters.iter().map(|parameter| {
        let name = ident(&parameter.name.rust);
        if parameter.required { quote!(#name) } else { quote!(#name: None) }
    });
    let body = operation
        .body
        .as_ref()
        .map(|body| if body.required { quote!(body,) } else { quote!(body: None,) });
    let names: Vec<&str> =
        parameters::required(operation).map(|parameter| parameter.name.rust.as_str()).collect();
    let permits = permits("new", &names, arguments.len() + 1);
    quote! {
        #permits
        pub(crate) fn new(client: root::Client, #(#arguments),*) -> Self {
            Self { client, options: runtime::CallOptions::new(), #(#values,)* #body }
        }
    }
}

/// Prose of a parameter with its bounds.
pub(crate) fn parameter_docs(parameter: &Parameter) -> Docs {
    let docs = Docs::member().maybe(parameter.description.as_deref(), Docs::prose);
    let docs = match docs.is_empty() {
        true => docs.text(&format!("Sets {}.", code(&parameter.name.wire))),
        false => docs,
    };
    docs.maybe(notes(&parameter.limits, parameter.default.as_ref()), |docs, text| docs.text(&text))
}

fn setter(context: &Context<'_>, operation: &Operation, parameter: &Parameter) -> TokenStream {
    let name = ident(&parameter.name.rust);
    let docs = parameter_docs(parameter).attributes();
    let deprecated = parameter.deprecated.then(|| quote!(#[deprecated]));
    let ty = parameters::argument(context, operation, parameter).ty;
    let value = parameters::stored(context, operation, parameter);
    let permits = permits(&parameter.name.rust, &[&parameter.name.rust], 2);
    quote! {
        #docs
        #deprecated
        #permits
        pub fn #name(mut self, #name: #ty) -> Self {
            self.#name = #value;
            self
        }
    }
}

fn body_setter(context: &Context<'_>, body: &Body) -> TokenStream {
    let docs = Docs::member().maybe(body.description.as_deref(), Docs::prose);
    let docs = if docs.is_empty() { docs.text("Sets the body.") } else { docs };
    let docs = docs.attributes();
    let argument = streams::body_argument(context, body, &ident("body"));
    let (ty, value) = (argument.ty, argument.value);
    quote! {
        #docs
        pub fn body(mut self, body: #ty) -> Self {
            self.body = Some(#value);
            self
        }
    }
}

/// What the answer decodes to.
pub(crate) fn answer_type(context: &Context<'_>, operation: &Operation) -> TokenStream {
    match &operation.answer {
        Answer::Nothing => quote!(()),
        Answer::Stream => {
            operation.stream.as_ref().map(|stream| streams::ty(context, stream)).unwrap_or_default()
        }
        answer => held(context, answer),
    }
}

/// What an answer of one kind decodes to.
pub(crate) fn held(context: &Context<'_>, answer: &Answer) -> TokenStream {
    match answer {
        Answer::Nothing | Answer::Stream => quote!(()),
        Answer::Body { ty, format: BodyFormat::Json, .. } => context.ty(ty),
        Answer::Body { format: BodyFormat::Text, .. } => quote!(prelude::String),
        Answer::Body {
            format: BodyFormat::Bytes | BodyFormat::Form | BodyFormat::Multipart,
            ..
        } => {
            quote!(external::Bytes)
        }
        Answer::ByStatus(answer) => {
            let name = ident(&answer.name);
            quote!(#name)
        }
    }
}

/// The function of `runtime::decode` that reads an answer of one type.
pub(crate) fn decoder(answer: &Answer) -> TokenStream {
    match answer {
        Answer::Nothing | Answer::Stream => quote!(nothing),
        Answer::Body { format: BodyFormat::Json, .. } => quote!(json),
        Answer::Body { format: BodyFormat::Text, .. } => quote!(text),
        Answer::Body {
            format: BodyFormat::Bytes | BodyFormat::Form | BodyFormat::Multipart,
            ..
        }
        | Answer::ByStatus(_) => quote!(bytes),
    }
}

/// `with`, `send`, `response`, `raw` and `stream`.
fn sending(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let sending = match (&operation.answer, &operation.stream) {
        (Answer::Stream, Some(stream)) => streams::sending(context, stream),
        (Answer::Stream | Answer::Nothing | Answer::Body { .. } | Answer::ByStatus(_), _) => {
            whole(context, operation)
        }
    };
    let stream = match operation.answer {
        Answer::Stream => None,
        Answer::Nothing | Answer::Body { .. } | Answer::ByStatus(_) => {
            streams::method(context, operation)
        }
    };
    quote! {
        /// Sets the deadline or the retries of this call alone.
        pub fn with(mut self, options: runtime::CallOptions) -> Self {
            self.options = options;
            self
        }

        #sending

        /// Sends the request and returns the body as it came, with its status and headers.
        pub async fn raw(self) -> prelude::Result<runtime::Response<external::Bytes>, runtime::Error> {
            self.client.core().execute(self.request(), &self.options, runtime::decode::bytes).await
        }

        #stream
    }
}

/// `send` and `response`.
fn whole(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let answer = answer_type(context, operation);
    let decode = match &operation.answer {
        Answer::Nothing | Answer::Stream | Answer::Body { .. } => {
            let function = decoder(&operation.answer);
            quote!(runtime::decode::#function)
        }
        Answer::ByStatus(answer) => {
            let name = ident(&answer.name);
            quote!(#name::decode)
        }
    };
    let send = match operation.answer {
        Answer::Nothing => " Sends the request.",
        Answer::Stream | Answer::Body { .. } | Answer::ByStatus(_) => {
            " Sends the request and returns the answer."
        }
    };
    quote! {
        #[doc = #send]
        pub async fn send(self) -> prelude::Result<#answer, runtime::Error> {
            self.client.core().value(self.request(), &self.options, #decode).await
        }

        /// Sends the request and returns the answer with its status and headers.
        pub async fn response(self) -> prelude::Result<runtime::Response<#answer>, runtime::Error> {
            self.client.core().execute(self.request(), &self.options, #decode).await
        }
    }
}

/// Everything that was set, ready to be sent.
fn request(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let constant = ident(&operation.constant);
    let accept = accepted(operation).map(|media_types| quote!(.accept(#media_types)));
    let checks = operation
        .parameters
        .iter()
        .flat_map(|parameter| parameters::checks(context, operation, parameter));
    let calls = operation
        .parameters
        .iter()
        .map(|parameter| parameters::call(context, operation, parameter));
    let query = operation.query.as_ref().map(|query| quote!(.fixed_query(#query)));
    let server = operation.server.as_ref().map(|server| quote!(.server(#server)));
    let start =
        quote!(runtime::Request::new(&#constant) #server #query #accept #(#checks)* #(#calls)*);
    let whole = match &operation.body {
        None => start,
        Some(body) if body.required => {
            let call = body_call(context, body, &quote!(&self.body));
            quote!(#start #call)
        }
        Some(body) => {
            let call = body_call(context, body, &quote!(body));
            quote! {
                let request = #start;
                match &self.body {
                    Some(body) => request #call,
                    None => request,
                }
            }
        }
    };
    quote! {
        fn request(&self) -> runtime::Request {
            #whole
        }
    }
}

/// What is asked for; `None` where anything may come.
fn accepted(operation: &Operation) -> Option<String> {
    match &operation.answer {
        Answer::Stream => operation.stream.as_ref().and_then(|stream| stream.media_type.clone()),
        answer => media_types(answer),
    }
}

fn media_types(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Nothing | Answer::Stream => None,
        Answer::Body { media_type, .. } => media_type.clone(),
        Answer::ByStatus(answer) => {
            let mut all: Vec<String> = Vec::new();
            for success in &answer.successes {
                match &success.answer {
                    Answer::Nothing => {}
                    body => {
                        let media_type = media_types(body)?;
                        if !all.contains(&media_type) {
                            all.push(media_type);
                        }
                    }
                }
            }
            Some(all.join(", "))
        }
    }
}

fn body_call(context: &Context<'_>, body: &Body, value: &TokenStream) -> TokenStream {
    let media_type = &body.media_type;
    match (body.format, context.resolved(&body.ty)) {
        (BodyFormat::Json, _) => quote!(.json(#media_type, #value)),
        (BodyFormat::Form, _) => quote!(.form(#value)),
        (BodyFormat::Multipart, _) => {
            let types =
                body.part_types.iter().map(|(name, media_type)| quote!((#name, #media_type)));
            quote!(.multipart(#value, &[#(#types),*]))
        }
        (BodyFormat::Text, _) => quote!(.text(#media_type, #value)),
        (BodyFormat::Bytes, TypeRef::Bytes) => quote!(.upload(#media_type, #value)),
        (BodyFormat::Bytes, _) => quote!(.json(#media_type, #value)),
    }
}

fn into_future(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let name = ident(&operation.request);
    let answer = answer_type(context, operation);
    quote! {
        impl prelude::IntoFuture for #name {
            type Output = prelude::Result<#answer, runtime::Error>;
            type IntoFuture = runtime::BoxFuture<'static, Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                prelude::Box::pin(self.send())
            }
        }
    }
}

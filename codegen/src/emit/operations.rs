//! What a server of the API is written against: an enum of all operations, and the document itself.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{Docs, code};
use super::types::ident;
use super::{File, Module};
use crate::dist::copies;
use crate::ir::{Api, Operation};
use crate::load::Document;

/// `mod.rs`, which declares the enum, and the document as YAML or JSON text and as JSON.
pub(crate) fn files(api: &Api, document: &Document) -> Vec<File> {
    let operations: Vec<&Operation> =
        api.families.iter().flat_map(|family| &family.operations).collect();
    let docs = vec![
        "The operations of the API, for a server of it: a match without a wildcard does not compile".to_owned(),
        "until it knows each of them.".to_owned(),
    ];
    let items = vec![declaration(&operations), implementation(&operations)];
    let module = Module { path: "mod.rs".to_owned(), docs, items };
    let json = copies::json(document);
    vec![
        File::Rust(module),
        File::Text { path: "openapi.yaml".to_owned(), text: copies::yaml(document) },
        File::Text { path: "openapi.json".to_owned(), text: json },
    ]
}

fn declaration(operations: &[&Operation]) -> TokenStream {
    let variants = operations.iter().map(|operation| {
        let name = ident(&operation.request);
        let line = code(&format!("{} {}", operation.method.as_str(), operation.path));
        let docs = Docs::member().text(&line).attributes();
        quote!(#docs #name)
    });
    quote! {
        /// An operation of the API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation { #(#variants,)* }
    }
}

fn implementation(operations: &[&Operation]) -> TokenStream {
    let count = operations.len();
    let names: Vec<_> = operations.iter().map(|operation| ident(&operation.request)).collect();
    let ids = operations.iter().map(|operation| &operation.name.wire);
    let methods = operations.iter().map(|operation| format_ident!("{}", operation.method.as_str()));
    let paths = operations.iter().map(|operation| &operation.path);
    quote! {
        impl Operation {
            /// All of them, in the order of the document.
            pub const ALL: [Self; #count] = [#(Self::#names),*];

            /// Its `operationId`.
            pub const fn id(self) -> &'static str {
                match self { #(Self::#names => #ids,)* }
            }

            /// Its HTTP method.
            pub const fn method(self) -> http::Method {
                match self { #(Self::#names => http::Method::#methods,)* }
            }

            /// The template of its path, such as `/things/{id}`.
            pub const fn path(self) -> &'static str {
                match self { #(Self::#names => #paths,)* }
            }
        }
    }
}

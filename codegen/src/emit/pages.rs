//! Page by page and item by item, for operations that say how they page.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::Docs;
use super::types::ident;
use super::{Context, examples};
use crate::ir::{
    Family, Field, Object, Operation, Pagination, Parameter, Presence, Shape, TypeRef,
};

/// `pages` and `items`.
pub(crate) fn methods(
    context: &Context<'_>,
    family: &Family,
    operation: &Operation,
    pagination: &Pagination,
) -> TokenStream {
    let limit = largest_page(context, operation, pagination);
    let hint = match limit.is_some() {
        true => "All pages, one after the other. A limit that is not set becomes the largest.",
        false => "All pages, one after the other.",
    };
    let example = examples::pages(context, family, operation);
    let docs = Docs::member()
        .text(hint)
        .maybe(example, |docs, lines| docs.heading("Examples").verbatim(lines));
    let docs = docs.attributes();
    let this = if limit.is_some() { quote!(mut self) } else { quote!(self) };
    let start = cursor(operation, pagination);
    quote! {
        #docs
        pub fn pages(#this) -> runtime::Pages<Self> {
            #limit
            let start = #start;
            runtime::Pages::new(self, start)
        }

        /// All items of all pages, one after the other.
        pub fn items(self) -> runtime::Items<Self> {
            self.pages().items()
        }
    }
}

/// Where the caller wants to start.
fn cursor(operation: &Operation, pagination: &Pagination) -> TokenStream {
    let parameter = parameter(operation, pagination.cursor);
    let name = ident(&parameter.name.rust);
    match parameter.required {
        true => quote!(Some(self.#name.clone())),
        false => quote!(self.#name.clone()),
    }
}

/// Fewer requests: the largest page unless told otherwise.
fn largest_page(
    context: &Context<'_>,
    operation: &Operation,
    pagination: &Pagination,
) -> Option<TokenStream> {
    let parameter = parameter(operation, pagination.limit?);
    let max = pagination.max?;
    if parameter.required {
        return None;
    }
    let name = ident(&parameter.name.rust);
    let max = proc_macro2::Literal::u64_unsuffixed(max);
    match context.resolved(&parameter.ty) {
        TypeRef::Integer(_) => Some(quote!(self.#name.get_or_insert(#max);)),
        TypeRef::Number => Some(quote!(self.#name.get_or_insert(#max as f64);)),
        TypeRef::String | TypeRef::FlexText | TypeRef::FlexInteger => {
            let text = max.to_string();
            Some(quote!(self.#name.get_or_insert_with(|| #text.into());))
        }
        TypeRef::Boolean
        | TypeRef::DateTime
        | TypeRef::Date
        | TypeRef::Custom(_)
        | TypeRef::Bytes
        | TypeRef::File
        | TypeRef::Any
        | TypeRef::Nullable(_)
        | TypeRef::List(_)
        | TypeRef::Map(_)
        | TypeRef::Named(_) => None,
    }
}

/// The implementation of `Paged`.
pub(crate) fn implementation(
    context: &Context<'_>,
    operation: &Operation,
    pagination: &Pagination,
) -> TokenStream {
    let request = ident(&operation.request);
    let page = context.named(pagination.page);
    let item = context.ty(&pagination.item);
    let constant = ident(&operation.constant);
    let cursor = set_cursor(parameter(operation, pagination.cursor));
    let object = object(context, pagination);
    let items = taken_items(field(object, pagination.items));
    let next = taken_cursor(context, field(object, pagination.next));
    let next = quote!(runtime::Cursor::from_answer(#next));
    quote! {
        impl runtime::Paged for #request {
            type Page = #page;
            type Item = #item;

            const OPERATION: &'static runtime::Operation = &#constant;

            fn fetch(
                &self,
                cursor: prelude::Option<&runtime::Cursor>,
            ) -> runtime::BoxFuture<'static, prelude::Result<runtime::Response<Self::Page>, runtime::Error>> {
                let mut request = self.clone();
                if let Some(cursor) = cursor {
                    #cursor
                }
                prelude::Box::pin(request.response())
            }

            fn split(page: Self::Page) -> (prelude::Vec<Self::Item>, prelude::Option<runtime::Cursor>) {
                (#items, #next)
            }
        }
    }
}

/// Puts the cursor into the parameter.
fn set_cursor(parameter: &Parameter) -> TokenStream {
    let name = ident(&parameter.name.rust);
    match parameter.required {
        true => quote!(request.#name = cursor.clone();),
        false => quote!(request.#name = Some(cursor.clone());),
    }
}

/// The list of items, empty where the member may be missing and is.
fn taken_items(field: &Field) -> TokenStream {
    let name = ident(&field.name.rust);
    match field.presence {
        Presence::Required => quote!(page.#name),
        Presence::RequiredNullable | Presence::Optional => quote!(page.#name.unwrap_or_default()),
        Presence::OptionalNullable => quote!(page.#name.into_value().unwrap_or_default()),
    }
}

/// The next cursor as an option of something that becomes one.
fn taken_cursor(context: &Context<'_>, field: &Field) -> TokenStream {
    let name = ident(&field.name.rust);
    let option = match field.presence {
        Presence::Required => quote!(Some(page.#name)),
        Presence::RequiredNullable | Presence::Optional => quote!(page.#name),
        Presence::OptionalNullable => quote!(page.#name.into_value()),
    };
    match context.resolved(&field.ty) {
        TypeRef::String | TypeRef::Integer(_) | TypeRef::FlexText | TypeRef::FlexInteger => option,
        TypeRef::File => {
            quote!(#option.map(|next| prelude::String::from_utf8_lossy(next.content()).into_owned()))
        }
        TypeRef::Any
        | TypeRef::Bytes
        | TypeRef::Nullable(_)
        | TypeRef::List(_)
        | TypeRef::Map(_) => {
            quote!(#option.and_then(|next| serde_json::from_value::<runtime::FlexText>(next.into()).ok()))
        }
        TypeRef::Boolean
        | TypeRef::Number
        | TypeRef::DateTime
        | TypeRef::Date
        | TypeRef::Custom(_)
        | TypeRef::Named(_) => {
            quote!(#option.map(|next| next.to_string()))
        }
    }
}

fn parameter(operation: &Operation, index: usize) -> &Parameter {
    operation.parameters.get(index).expect("pagination names a parameter by its index")
}

fn field(object: &Object, index: usize) -> &Field {
    object.fields.get(index).expect("pagination names a member by its index")
}

fn object<'a>(context: &'a Context<'_>, pagination: &Pagination) -> &'a Object {
    match &context.get(pagination.page).shape {
        Shape::Object(object) => object,
        Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Union(_) | Shape::Alias { .. } => {
            panic!("the page of a paged operation is an object")
        }
    }
}

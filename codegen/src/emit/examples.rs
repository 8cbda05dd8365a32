//! Examples that compile, made from the examples of the document.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::imports::resolve_in;
use super::types::{ident, plain};
use super::{Context, client, parameters, samples};
use crate::ir::{Answer, Body, BodyFormat, Family, Operation, Parameter, TypeRef};
use crate::keywords::is_raw;
use crate::render::statements;

/// An argument longer than this gets a line of its own.
const LONG_ARGUMENT: usize = 60;

/// How many optional parameters an example shows.
const SHOWN: usize = 2;

/// The lines of the example of an operation; `None` where a required value cannot be made up.
pub(crate) fn lines(
    context: &Context<'_>,
    family: &Family,
    operation: &Operation,
) -> Option<Vec<String>> {
    let code = code(context, family, operation)?;
    Some(fenced(context, "client", code))
}

/// The example of an operation with the client that it uses, as a page outside of the docs shows it;
/// `None` where a required value cannot be made up.
pub(crate) fn whole(
    context: &Context<'_>,
    family: &Family,
    operation: &Operation,
) -> Option<String> {
    let code = code(context, family, operation)?;
    let client = client::sample(context);
    let mut items = resolve_in(&context.names, &context.crate_ident(), quote!(#client #code));
    let code = items.pop().unwrap_or_default();
    let uses: String = items.into_iter().map(crate::render::item).collect();
    Some(format!("{uses}\n{}", statements(code).join("\n")))
}

/// A doc test around statements that use a client of the name `client`.
fn fenced(context: &Context<'_>, client: &str, code: TokenStream) -> Vec<String> {
    let root = context.crate_ident();
    let mut items = resolve_in(&context.names, &root, code);
    let code = items.pop().unwrap_or_default();
    let uses: Vec<String> = items.into_iter().map(crate::render::item).collect();
    let mut lines = vec!["```no_run".to_owned()];
    if !uses.is_empty() {
        lines.extend(uses.iter().flat_map(|line| line.lines()).map(str::to_owned));
        lines.push(String::new());
    }
    lines.push(format!(
        "# async fn example({client}: {root}::Client) -> Result<(), Box<dyn std::error::Error>> {{"
    ));
    lines.extend(statements(code));
    lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    lines
}

/// The lines of an example that reads page by page; `None` where a required value cannot be made up.
pub(crate) fn pages(
    context: &Context<'_>,
    family: &Family,
    operation: &Operation,
) -> Option<Vec<String>> {
    let (before, call) = call(context, family, operation)?;
    let code = quote! {
        #before
        let mut pages = #call.pages();
        while let Some(page) = pages.try_next().await? {
            println!("page {}: {} items", page.index, page.items.len());
        }
    };
    Some(fenced(context, "client", code))
}

/// The lines of an example that sends a list in chunks; `None` where a required value cannot be made
/// up.
pub(crate) fn chunks(
    context: &Context<'_>,
    family: &Family,
    operation: &Operation,
) -> Option<Vec<String>> {
    let (before, call) = call(context, family, operation)?;
    let code = quote! {
        #before
        match #call.in_chunks().send().await {
            Ok(report) => println!("{} entries in {} calls", report.entries(), report.calls()),
            Err(error) => {
                println!("{error}");
                let remaining = error.into_remaining();
                println!("{} to go", remaining.len());
            }
        }
    };
    Some(fenced(context, "client", code))
}

/// The lines of an example that builds a client with settings of its own.
pub(crate) fn builder(
    context: &Context<'_>,
    start: &TokenStream,
    region: Option<&Ident>,
) -> Vec<String> {
    let region = region.map(|region| quote!(.region(root::Region::#region)));
    alone(
        context,
        quote! {
            let client = #start #region.retry(runtime::Retry::default().attempts(5)).build()?;
        },
    )
}

fn code(context: &Context<'_>, family: &Family, operation: &Operation) -> Option<TokenStream> {
    let (before, call) = call(context, family, operation)?;
    let after = finish(context, operation, &call);
    Some(quote!(#before #after))
}

/// The call of an operation, and what stands before it.
fn call(
    context: &Context<'_>,
    family: &Family,
    operation: &Operation,
) -> Option<(TokenStream, TokenStream)> {
    let mut before = TokenStream::new();
    let mut arguments = Vec::new();
    for parameter in parameters::required(operation) {
        arguments.push(parameter_value(context, parameter)?);
    }
    let mut setters = shown(context, operation);
    if let Some(body) = &operation.body {
        match (body_value(context, body), body.required) {
            (Some(value), true) if value.to_string().len() > LONG_ARGUMENT => {
                before = quote!(let body = #value;);
                arguments.push(quote!(body));
            }
            (Some(value), true) => arguments.push(value),
            (Some(value), false) => setters.push(quote!(.body(#value))),
            (None, true) => return None,
            (None, false) => {}
        }
    }
    let family = ident(&family.name.rust);
    let method = ident(&operation.name.rust);
    let call = quote!(client.#family().#method(#(#arguments),*)#(#setters)*);
    Some((before, call))
}

/// Sends the call and does something with the answer.
fn finish(context: &Context<'_>, operation: &Operation, call: &TokenStream) -> TokenStream {
    if operation.pagination.is_some() {
        return quote! {
            let mut items = #call.items();
            while let Some(item) = items.try_next().await? {
                println!("{item:?}");
            }
        };
    }
    match &operation.answer {
        Answer::Nothing => quote!(#call.send().await?;),
        Answer::ByStatus(_) => quote! {
            let answer = #call.send().await?;
            println!("{answer:?}");
        },
        Answer::Stream => quote! {
            let mut stream = #call.send().await?;
            while let Some(item) = stream.try_next().await? {
                println!("{item:?}");
            }
        },
        Answer::Body { ty, format, .. } => {
            let name = answer_name(context, ty, *format);
            let text = format!("{{{name}:?}}");
            quote! {
                let #name = #call.send().await?;
                println!(#text);
            }
        }
    }
}

/// A variable for an answer, after its type.
fn answer_name(context: &Context<'_>, ty: &TypeRef, format: BodyFormat) -> Ident {
    use heck::ToSnakeCase;
    let name = match (format, ty) {
        (BodyFormat::Json, TypeRef::Named(id)) => {
            plain(&context.get(*id).name.rust).to_snake_case()
        }
        (BodyFormat::Json, TypeRef::List(_)) => "list".to_owned(),
        (BodyFormat::Text, _) => "text".to_owned(),
        (BodyFormat::Bytes | BodyFormat::Form | BodyFormat::Multipart, _) => "bytes".to_owned(),
        (BodyFormat::Json, _) => "answer".to_owned(),
    };
    let legal = !is_raw(&name) && syn::parse_str::<Ident>(&name).is_ok() && name != "client";
    if legal { format_ident!("{name}") } else { format_ident!("answer") }
}

/// Setters of the first optional parameters that have an example of their own.
fn shown(context: &Context<'_>, operation: &Operation) -> Vec<TokenStream> {
    let paging = operation.pagination.as_ref();
    let is_paging =
        |index: usize| paging.is_some_and(|p| p.cursor == index || p.limit == Some(index));
    let all = operation.parameters.iter().enumerate();
    let optional = all.filter(|(index, parameter)| {
        !parameter.required && !parameter.deprecated && !is_paging(*index)
    });
    optional
        .filter_map(|(_, parameter)| {
            let setter = ident(&parameter.name.rust);
            let value = samples::argument(context, &parameter.ty, parameter.example.as_ref()?)?;
            Some(quote!(.#setter(#value)))
        })
        .take(SHOWN)
        .collect()
}

fn parameter_value(context: &Context<'_>, parameter: &Parameter) -> Option<TokenStream> {
    let given = parameter.example.as_ref().or(parameter.default.as_ref());
    let given = given.and_then(|value| samples::argument(context, &parameter.ty, value));
    given.or_else(|| {
        let value = samples::invent(context, &parameter.ty, &parameter.name.wire, 0)?;
        samples::argument(context, &parameter.ty, &value)
    })
}

fn body_value(context: &Context<'_>, body: &Body) -> Option<TokenStream> {
    let given = body.example.as_ref();
    let said = given.and_then(|value| samples::argument(context, &body.ty, value));
    let invented = || {
        let value = samples::invent(context, &body.ty, "text", 0)?;
        samples::argument(context, &body.ty, &value)
    };
    let read = || {
        let json = samples::json(given?);
        let ty = context.ty(&body.ty);
        Some(quote!(serde_json::from_value::<#ty>(#json)?))
    };
    said.or_else(invented).or_else(read)
}

/// The first example of the crate: a client and one call.
pub(crate) fn quick_start(context: &Context<'_>, client: TokenStream) -> Vec<String> {
    let first = context.api.families.iter().find_map(|family| {
        let operations = family.operations.iter().filter(|operation| !operation.deprecated);
        operations.filter_map(|operation| code(context, family, operation)).next()
    });
    alone(context, quote!(#client #first))
}

/// A doc test around statements that make their own client.
fn alone(context: &Context<'_>, code: TokenStream) -> Vec<String> {
    let root = context.crate_ident();
    let mut items = resolve_in(&context.names, &root, code);
    let code = items.pop().unwrap_or_default();
    let mut lines = vec!["```no_run".to_owned()];
    lines.extend(
        items
            .into_iter()
            .map(crate::render::item)
            .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()),
    );
    lines.push(String::new());
    lines.push("# async fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned());
    lines.extend(statements(code));
    lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    lines
}

//! Open enums: known values as variants, and one variant that keeps any other.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs::{Docs, code};
use super::imports::allow_deprecated;
use super::models::type_docs;
use super::types::{ident, integer};
use crate::ir::{Enum, IntegerEnum, Type, Variant};

/// An enum of strings.
pub(crate) fn strings(ty: &Type, values: &Enum) -> Vec<TokenStream> {
    let name = ident(&ty.name.rust);
    let unknown = ident(&values.unknown);
    vec![
        string_enum(ty, values),
        string_inherent(&name, values),
        quote! {
            impl external::fmt::Display for models::#name {
                fn fmt(&self, f: &mut external::fmt::Formatter<'_>) -> external::fmt::Result {
                    f.write_str(self.as_str())
                }
            }
        },
        string_from(&name, values),
        quote! {
            impl prelude::From<prelude::String> for models::#name {
                fn from(value: prelude::String) -> Self {
                    match Self::from(value.as_str()) {
                        Self::#unknown(_) => Self::#unknown(value),
                        known => known,
                    }
                }
            }
        },
        quote! {
            impl external::FromStr for models::#name {
                type Err = external::Infallible;

                fn from_str(value: &str) -> prelude::Result<Self, external::Infallible> {
                    Ok(Self::from(value))
                }
            }
        },
        quote! {
            impl external::Serialize for models::#name {
                fn serialize<S: external::Serializer>(&self, serializer: S) -> prelude::Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }
        },
        quote! {
            impl<'de> external::Deserialize<'de> for models::#name {
                fn deserialize<D: external::Deserializer<'de>>(deserializer: D) -> prelude::Result<Self, D::Error> {
                    runtime::open_enum(deserializer)
                }
            }
        },
    ]
}

fn string_enum(ty: &Type, values: &Enum) -> TokenStream {
    let name = ident(&ty.name.rust);
    let head = head(ty, values.variants.len());
    let first = default_mark(values.variants.len());
    let variants = values.variants.iter().map(|variant| {
        let docs = variant_docs(variant);
        let name = ident(&variant.name.rust);
        quote!(#docs #first #name)
    });
    let unknown = ident(&values.unknown);
    quote! {
        #head
        pub enum #name {
            #(#variants,)*
            /// A value that this version of the client does not know, as it came.
            #unknown(prelude::String),
        }
    }
}

fn string_inherent(name: &Ident, values: &Enum) -> TokenStream {
    let unknown = ident(&values.unknown);
    let arms = values.variants.iter().map(|variant| {
        let name = ident(&variant.name.rust);
        let wire = &variant.name.wire;
        quote!(Self::#name => #wire)
    });
    quote! {
        impl models::#name {
            /// The value as it travels.
            pub fn as_str(&self) -> &str {
                match self {
                    #(#arms,)*
                    Self::#unknown(value) => value,
                }
            }
        }
    }
}

fn string_from(name: &Ident, values: &Enum) -> TokenStream {
    let unknown = ident(&values.unknown);
    let arms = values.variants.iter().map(|variant| {
        let name = ident(&variant.name.rust);
        let wire = &variant.name.wire;
        quote!(#wire => Self::#name)
    });
    quote! {
        impl prelude::From<&str> for models::#name {
            fn from(value: &str) -> Self {
                match value {
                    #(#arms,)*
                    _ => Self::#unknown(value.to_owned()),
                }
            }
        }
    }
}

/// An enum of integers.
pub(crate) fn integers(ty: &Type, values: &IntegerEnum) -> Vec<TokenStream> {
    let name = ident(&ty.name.rust);
    vec![
        integer_enum(ty, values),
        integer_inherent(&name, values),
        quote! {
            impl external::fmt::Display for models::#name {
                fn fmt(&self, f: &mut external::fmt::Formatter<'_>) -> external::fmt::Result {
                    self.as_i64().fmt(f)
                }
            }
        },
        integer_from(&name, values),
        quote! {
            impl external::Serialize for models::#name {
                fn serialize<S: external::Serializer>(&self, serializer: S) -> prelude::Result<S::Ok, S::Error> {
                    serializer.serialize_i64(self.as_i64())
                }
            }
        },
        quote! {
            impl<'de> external::Deserialize<'de> for models::#name {
                fn deserialize<D: external::Deserializer<'de>>(deserializer: D) -> prelude::Result<Self, D::Error> {
                    i64::deserialize(deserializer).map(Self::from)
                }
            }
        },
    ]
}

fn integer_enum(ty: &Type, values: &IntegerEnum) -> TokenStream {
    let name = ident(&ty.name.rust);
    let head = head(ty, values.variants.len());
    let first = default_mark(values.variants.len());
    let variants = values.variants.iter().map(|(name, value)| {
        let docs = Docs::member().text(&code(&value.to_string())).attributes();
        let name = ident(name);
        quote!(#docs #first #name)
    });
    let unknown = ident(&values.unknown);
    quote! {
        #head
        pub enum #name {
            #(#variants,)*
            /// A value that this version of the client does not know, as it came.
            #unknown(i64),
        }
    }
}

fn integer_inherent(name: &Ident, values: &IntegerEnum) -> TokenStream {
    let unknown = ident(&values.unknown);
    let arms = values.variants.iter().map(|(name, value)| {
        let name = ident(name);
        let value = integer(*value);
        quote!(Self::#name => #value)
    });
    quote! {
        impl models::#name {
            /// The value as it travels.
            pub fn as_i64(&self) -> i64 {
                match self {
                    #(#arms,)*
                    Self::#unknown(value) => *value,
                }
            }
        }
    }
}

fn integer_from(name: &Ident, values: &IntegerEnum) -> TokenStream {
    let unknown = ident(&values.unknown);
    let arms = values.variants.iter().map(|(name, value)| {
        let name = ident(name);
        let value = integer(*value);
        quote!(#value => Self::#name)
    });
    quote! {
        impl prelude::From<i64> for models::#name {
            fn from(value: i64) -> Self {
                match value {
                    #(#arms,)*
                    _ => Self::#unknown(value),
                }
            }
        }
    }
}

/// What stands before the enum. One that has a single value is a constant: that is its default.
fn head(ty: &Type, variants: usize) -> TokenStream {
    let docs = type_docs(ty).attributes();
    let deprecated = ty.deprecated.then(|| quote!(#[deprecated]));
    let default = (variants == 1).then(|| quote!(Default,));
    let head = quote! {
        #[derive(Debug, Clone, #default PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #deprecated
    };
    // The derived default names a variant.
    let head = if ty.deprecated && variants == 1 { allow_deprecated(head) } else { head };
    quote!(#docs #head)
}

fn default_mark(variants: usize) -> Option<TokenStream> {
    (variants == 1).then(|| quote!(#[default]))
}

fn variant_docs(variant: &Variant) -> TokenStream {
    let docs = match &variant.description {
        Some(description) => Docs::member().prose(description),
        None => Docs::member(),
    };
    docs.text(&code(&variant.name.wire)).attributes()
}

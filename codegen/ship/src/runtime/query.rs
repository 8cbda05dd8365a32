//! Query parameters in their styles, and form bodies.
use std::fmt::Display;

use serde::Serialize;
use serde_json::Value;

use super::encode::{self, push_pair};
use super::request::{Request, join};

/// The media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// Why a value was not taken.
pub(super) const NESTED: &str = "holds a value that this style of parameter cannot carry";

impl Request {
    /// Adds the query that belongs to the operation itself.
    #[must_use]
    pub fn fixed_query(mut self, query: &'static str) -> Self {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        encode::push_literal(&mut self.query, query);
        self
    }

    /// Adds `name=value`.
    #[must_use]
    pub fn query<T: Display>(mut self, name: &'static str, value: Option<&T>) -> Self {
        if let Some(value) = value {
            push_pair(&mut self.query, name, encode::value(&value.to_string()));
        }
        self
    }

    /// Adds `name=value` and leaves reserved characters as they are, as far as a query can.
    #[must_use]
    pub fn query_reserved<T: Display>(mut self, name: &'static str, value: Option<&T>) -> Self {
        if let Some(value) = value {
            push_pair(&mut self.query, name, encode::reserved(&value.to_string()));
        }
        self
    }

    /// Adds `name=value` for each of the values.
    #[must_use]
    pub fn query_repeated<T: Display>(mut self, name: &'static str, values: Option<&[T]>) -> Self {
        for value in values.unwrap_or_default() {
            push_pair(&mut self.query, name, encode::value(&value.to_string()));
        }
        self
    }

    /// Adds all values as one, with a separator between them.
    #[must_use]
    pub fn query_joined<T: Display>(
        mut self,
        name: &'static str,
        values: Option<&[T]>,
        separator: char,
    ) -> Self {
        match values {
            Some(values) if !values.is_empty() => {
                push_pair(&mut self.query, name, [join(values, separator).as_str()]);
            }
            _ => {}
        }
        self
    }

    /// Adds each member of an object as a parameter of its own.
    #[must_use]
    pub fn query_members<T: Serialize>(self, name: &'static str, value: Option<&T>) -> Self {
        self.query_value(name, value, |query, _, value| members(query, value))
    }

    /// Adds each member of an object as `name[member]=value`. Lists, of which OpenAPI says nothing, go
    /// as `name[]=value`, and as `name[0][member]=value` if their items are nested themselves.
    #[must_use]
    pub fn query_deep<T: Serialize>(self, name: &'static str, value: Option<&T>) -> Self {
        self.query_value(name, value, |query, name, value| match value {
            Value::Object(_) => deep(query, name, value),
            Value::Array(items) if items.iter().any(is_nested) => deep(query, name, value),
            Value::Array(_) => flat(query, &format!("{name}[]"), value),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Err(()),
        })
    }

    /// Adds `name=value` with the value as JSON.
    #[must_use]
    pub fn query_json<T: Serialize>(self, name: &'static str, value: Option<&T>) -> Self {
        self.query_value(name, value, |query, name, value| {
            push_pair(query, name, encode::value(&value.to_string()));
            Ok(())
        })
    }

    /// Adds a value that the document leaves open: a scalar, or a list of scalars.
    #[must_use]
    pub fn query_scalar(self, name: &'static str, value: Option<&Value>) -> Self {
        self.query_value(name, value, flat)
    }

    /// Sends `body` as a form; what is nested goes as `name[member]=value` and `name[0][member]=value`,
    /// which OpenAPI leaves open.
    #[must_use]
    pub fn form<T: Serialize>(self, body: &T) -> Self {
        match serde_json::to_value(body) {
            Ok(Value::Object(members)) => {
                let mut form = String::new();
                for (name, value) in &members {
                    nested(&mut form, name, value);
                }
                self.bytes(FORM, form.into())
            }
            Ok(_) => self.fail(None, "the body is no object, and a form is one"),
            Err(error) => self.fail(None, format!("the body cannot be written: {error}")),
        }
    }

    fn query_value<T: Serialize>(
        mut self,
        name: &'static str,
        value: Option<&T>,
        add: fn(&mut String, &str, &Value) -> Result<(), ()>,
    ) -> Self {
        let Some(value) = value else {
            return self;
        };
        match serde_json::to_value(value) {
            Ok(value) => match add(&mut self.query, name, &value) {
                Ok(()) => self,
                Err(()) => self.fail(Some(name), NESTED),
            },
            Err(error) => self.fail(Some(name), format!("cannot be written: {error}")),
        }
    }
}

/// Members without a value are left out.
fn members(query: &mut String, value: &Value) -> Result<(), ()> {
    let Value::Object(members) = value else {
        return Err(());
    };
    members.iter().try_for_each(|(name, value)| flat(query, name, value))
}

fn flat(query: &mut String, name: &str, value: &Value) -> Result<(), ()> {
    match value {
        Value::Null => Ok(()),
        Value::Array(items) => items.iter().try_for_each(|item| match item {
            Value::Array(_) => Err(()),
            item => flat(query, name, item),
        }),
        Value::Object(_) => Err(()),
        Value::String(text) => {
            push_pair(query, name, encode::value(text));
            Ok(())
        }
        Value::Bool(_) | Value::Number(_) => {
            push_pair(query, name, encode::value(&value.to_string()));
            Ok(())
        }
    }
}

/// A member of a form. A list repeats its name unless its items are nested themselves.
fn nested(form: &mut String, name: &str, value: &Value) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                nested(form, &format!("{name}[{member}]"), value);
            }
        }
        Value::Array(items) if items.iter().any(is_nested) => {
            for (index, item) in items.iter().enumerate() {
                nested(form, &format!("{name}[{index}]"), item);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| nested(form, name, item)),
        Value::Null => {}
        Value::String(text) => push_pair(form, name, encode::value(text)),
        Value::Bool(_) | Value::Number(_) => {
            push_pair(form, name, encode::value(&value.to_string()));
        }
    }
}

fn is_nested(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

fn deep(query: &mut String, name: &str, value: &Value) -> Result<(), ()> {
    match value {
        Value::Object(members) => members
            .iter()
            .try_for_each(|(member, value)| deep(query, &format!("{name}[{member}]"), value)),
        Value::Array(items) if items.iter().any(is_nested) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| deep(query, &format!("{name}[{index}]"), item)),
        value => flat(query, name, value),
    }
}

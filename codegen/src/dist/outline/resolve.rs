//! References within the values.

use serde_json::Value;

use crate::check::internal;
use crate::source::tokens;

/// Longer chains are circles, which `check` refuses.
const MAX_HOPS: usize = 32;

/// Where a value refers to.
pub(crate) fn target(value: &Value) -> Option<&str> {
    value.as_object()?.get("$ref")?.as_str()
}

/// The value itself, or what its references lead to.
pub(crate) fn resolve<'a>(tree: &'a Value, value: &'a Value) -> &'a Value {
    let mut value = value;
    for _ in 0..MAX_HOPS {
        let found = target(value).and_then(internal).and_then(|pointer| tree.pointer(&pointer));
        match found {
            Some(found) => value = found,
            None => return value,
        }
    }
    value
}

/// The name of the schema under `components` that a reference means.
pub(crate) fn component(reference: &str) -> Option<String> {
    let pointer = internal(reference)?;
    let rest = pointer.strip_prefix("/components/schemas")?;
    let mut tokens = tokens(rest);
    let name = tokens.next()?.into_owned();
    tokens.next().is_none().then_some(name)
}
